"""Texts that other rooms compose in Vietnamese, said in the language of a page.

A reason of a figure or a note on a source comes with numbers, days and names put in. The forms of
such texts are kept in `data/composed.csv`; the catalogue says each of them in the other language.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

_FORMS: Final = Path(__file__).parent / "data" / "composed.csv"
_GAP: Final = re.compile(r"%\((\w+)\)s")
#: Where one text ends and the next begins.
_JOINT: Final = re.compile(r"(; |(?<=[.?!])\s+)")
_NUMBER: Final = re.compile(r"\d{1,3}(\.\d{3})*(,\d+)?%?")
_SWAPPED: Final = str.maketrans(".,", ",.")
#: Texts held ready; what a page composes repeats itself.
_KEPT: Final = 4_000


@cache
def forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every form with what recognises it, the one with most words of its own first."""
    with _FORMS.open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    ranked = sorted(texts, key=lambda text: -len(_GAP.sub("", text)))
    return tuple((text, re.compile(_recognising(text), re.DOTALL)) for text in ranked)


def _recognising(text: str) -> str:
    """A pattern for a form: its words as they stand, anything in its gaps.

    >>> re.fullmatch(_recognising("hơn %(n)s ngày"), "hơn 5 ngày")["n"]
    '5'
    """
    parts = _GAP.split(text)
    return "".join(
        f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )


def speaking(translate: Callable[[str], str]) -> Callable[[str], str]:
    """How a page says a text: as the catalogue has it, else by its form, else piece by piece."""

    @lru_cache(maxsize=_KEPT)
    def speak(text: str) -> str:
        known = translate(text) if text else text
        if known != text:
            return known
        for form, pattern in forms():
            if found := pattern.fullmatch(text):
                gaps = {name: _put_in(given) for name, given in found.groupdict().items()}
                return translate(form) % gaps
        pieces = _JOINT.split(text)
        if len(pieces) == 1:
            return text
        return "".join(piece if at % 2 else speak(piece) for at, piece in enumerate(pieces))

    def _put_in(given: str) -> str:
        return given.translate(_SWAPPED) if _NUMBER.fullmatch(given) else speak(given)

    return speak
