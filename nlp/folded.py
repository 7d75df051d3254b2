"""Text in the form in which names and terms are found, with the way back to what was written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from domain.records import Evidence
from domain.text import fold_tones

_MARKUP = re.compile(r"<[^<>\n]{1,300}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00a0\u200b-\u200f\u2060\ufeff]")
_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-", "’": "'", "‘": "'"})


@dataclass(frozen=True, slots=True)
class Folded:
    """This is a text with one spelling of each tone mark, plain dashes and no markup.

    `kept` keeps the case (abbreviations need it), `lower` does not; both have the same length.
    """

    kept: str
    lower: str
    #: For each character where it stood in the written text; None where nothing moved.
    places: tuple[int, ...] | None
    written: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the written text of a stretch of the folded one."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]


def fold(text: str, limit: int) -> Folded:
    """Fold the first `limit` characters of a text; offsets lead back to the text as given.

    >>> found = fold("Uỷ ban nhân dân tỉnh", 100)
    >>> found.lower, found.span(0, 6)
    ('ủy ban nhân dân tỉnh', (0, 6))
    """
    written = text[:limit]
    plain, places = written, None
    if not unicodedata.is_normalized("NFC", written):
        plain, places = _composed(written)
    if "<" in plain:
        plain = _MARKUP.sub(lambda tag: " " * len(tag.group()), plain)
    kept = fold_tones(_CONTROL.sub(" ", plain).translate(_DASHES))
    lower = kept.lower()
    if len(lower) != len(kept):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in kept)
    return Folded(kept, lower, places, written)


def evidence_of(part: str, text: Folded, start: int, end: int) -> Evidence:
    """The stretch as it stands in the text that was given."""
    first, last = text.span(start, end)
    return Evidence(part=part, start=first, end=last, words=text.written[first:last])


def _composed(text: str) -> tuple[str, tuple[int, ...]]:
    """The NFC form and, for each of its characters and its end, the place in `text`."""
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        places.extend([start] * len(piece))
        start = end
    return "".join(pieces), (*places, len(text))
