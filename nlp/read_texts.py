"""Texts read and labelled under the guide, kept as ids: who holds the texts can learn from them.

The labels teach; no score of the card is taken on them. Some were drawn at random within strata of
a press year and say how many of its items they stand for: on these the threshold of relevance is
set at the rate at which relevant articles really occur.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from domain.records import TagInput
from nlp.labelled import Labelled

_LABELS: Final = Path(__file__).parent / "labels" / "read-texts.csv"
#: Labels were given by this much of a text, as in the labelled articles.
_READ: Final = 1_600
_ANSWERS: Final = ("form", "tone", "audience", "aspect")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadText:
    """This is a text that was read, with what was said of it."""

    labelled: Labelled
    #: Whether the reader was unsure; such a text teaches nothing.
    unsure: bool
    #: Items of the press year it stands for, 0 where it was not drawn at random.
    weight: float


def read_texts(texts: Iterable[TagInput]) -> list[ReadText]:
    """Those of the texts that were read, by id and title, in the order of their ids."""
    rows = _rows()
    found = {
        text.id: _read_text(text, rows[text.id])
        for text in texts
        if text.id in rows and rows[text.id]["title"] == mark_of(text.title)
    }
    return [found[key] for key in sorted(found)]


def mark_of(title: str) -> str:
    """What tells whether a title is still the one that was read.

    >>> mark_of("Bỏ 3 thủ tục")
    'e19a16a6'
    """
    return hashlib.sha256(title.encode()).hexdigest()[:8]


def natural_precision(said: Sequence[bool], read: Sequence[ReadText]) -> float:
    """The share of right ones among what is said of the drawn texts, each standing for its stratum.

    What a reader was unsure of counts as half right: another reader may say one or the other.
    """
    weights = [one.weight if yes else 0.0 for yes, one in zip(said, read, strict=True)]
    right = sum(w * _rightness(one) for w, one in zip(weights, read, strict=True))
    return right / sum(weights) if any(weights) else 1.0


def _rightness(one: ReadText) -> float:
    return 0.5 if one.unsure else float(one.labelled.relevant)


def natural_recall(said: Sequence[bool], read: Sequence[ReadText]) -> float:
    """The share of the relevant ones that are said, each standing for its stratum."""
    pairs = list(zip(said, read, strict=True))
    every = sum(one.weight for _, one in pairs if one.labelled.relevant)
    found = sum(one.weight for yes, one in pairs if yes and one.labelled.relevant)
    return found / every if every else 0.0


def _rows() -> Mapping[str, Mapping[str, str]]:
    with _LABELS.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def _read_text(text: TagInput, row: Mapping[str, str]) -> ReadText:
    return ReadText(
        labelled=Labelled(
            article=replace(text, text=text.text[:_READ]),
            rel=int(row["relevant"] or 0),
            topics=tuple(filter(None, row["topics"].split("|"))),
            focus=(),
            mention=(),
            form=row["form"],
            tone=row["tone"],
            audience=row["audience"],
            aspect=row["aspect"],
        ),
        unsure=not row["relevant"],
        weight=float(row["weight"] or 0),
    )
