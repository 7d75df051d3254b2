"""Texts written for this: they use the words of reform for something else.

None of them is about administrative reform. They teach, beside what was read, and no score is taken
on them; the cases of the tests are others.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from domain.records import TagInput
from nlp.labelled import Labelled
from nlp.read_texts import ReadText

_TEXTS: Final = Path(__file__).parent / "data" / "look-alikes.csv"


def look_alikes() -> list[ReadText]:
    """The texts, as read and found not relevant; they stand for no item of the press."""
    with _TEXTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        ReadText(labelled=_not_relevant(number, row), unsure=False, weight=0.0)
        for number, row in enumerate(rows, 1)
    ]


def _not_relevant(number: int, row: dict[str, str]) -> Labelled:
    return Labelled(
        article=TagInput(id=f"look-alike-{number}", title=row["title"], text=row["text"]),
        rel=0,
        topics=(),
        focus=(),
        mention=(),
        form="",
        tone="",
        audience="",
        aspect="",
    )
