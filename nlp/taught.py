"""What a sentence encoder said of texts: a teacher of directions, never asked at run time.

The encoder has seen no label. `benchmarks.teacher` asked it where texts that carry no scored label
stand, and kept the places alone, by a mark of id and title: who holds the texts can learn from
them (`nlp.vocabulary`). A text that is not held teaches nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from domain.records import TagInput

PLACES: Final = Path(__file__).parent / "data" / "teacher.npz"


@dataclass(frozen=True, slots=True)
class Lessons:
    """These are texts and where the encoder placed them."""

    texts: Sequence[TagInput]
    #: One row a text.
    places: np.ndarray


def lessons_among(texts: Iterable[TagInput], path: Path = PLACES) -> Lessons:
    """Those of the texts that the encoder was asked about, in the order of the file."""
    with np.load(path, allow_pickle=False) as arrays:
        rows = {mark: row for row, mark in enumerate(arrays["marks"].tolist())}
        places = arrays["places"] * arrays["steps"]
    held = {rows[mark]: text for text in texts if (mark := mark_of(text)) in rows}
    order = sorted(held)
    return Lessons([held[row] for row in order], places[order])


def save_lessons(lessons: Lessons, path: Path = PLACES) -> None:
    """Write places in 256 steps a direction, and marks in place of texts."""
    steps = np.maximum(np.abs(lessons.places).max(axis=0), 1e-9) / 127
    np.savez_compressed(
        path,
        marks=np.array([mark_of(text) for text in lessons.texts], np.uint64),
        places=np.round(lessons.places / steps).astype(np.int8),
        steps=steps.astype(np.float32),
    )


def mark_of(text: TagInput) -> int:
    """What tells whether a text is one of those asked about, with the title of that time.

    >>> mark_of(TagInput(id="a", title="Bỏ 3 thủ tục", text=""))
    15384802607370136557
    """
    digest = hashlib.sha256(f"{text.id}\n{text.title}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
