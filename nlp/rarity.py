"""How rare a word or a pair of words is in the press: weights of a fixed table.

The table holds, for hashes of folded syllables and pairs of syllables, the logarithm of how few of
some ten thousand press texts have them. It holds no text. Being fixed, it makes the likeness of two
texts depend on these two alone, not on what else was collected.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHIPPED: Final = Path(__file__).parent / "data" / "rarity.npz"
_BITS: Final = 18
#: Steps of a weight to the unit.
_STEPS: Final = 20


def terms(syllables: Sequence[str]) -> set[int]:
    """The syllables and pairs of neighbours of a folded text, as numbers.

    >>> len(terms("mot cua lien thong".split()))
    7
    """
    pairs = (f"{one} {other}" for one, other in pairwise(syllables))
    return {
        zlib.crc32(term.encode()) & ((1 << _BITS) - 1)
        for part in (syllables, pairs)
        for term in part
    }


def count_rarity(texts: Iterable[Sequence[str]]) -> NDArray[np.uint8]:
    """The table of texts given as folded syllables."""
    counts = np.zeros(1 << _BITS, np.int64)
    total = 0
    for syllables in texts:
        counts[list(terms(syllables))] += 1
        total += 1
    weights = np.log((1 + total) / (1 + counts)) * _STEPS
    return np.asarray(np.clip(np.rint(weights), 0, 255), np.uint8)


@cache
def shipped_rarity() -> NDArray[np.float32]:
    """The weight of every term by the table that ships."""
    with np.load(SHIPPED, allow_pickle=False) as arrays:
        table: NDArray[np.uint8] = arrays["rarity"]
    return np.asarray(table / _STEPS, np.float32)


def save_rarity(table: NDArray[np.uint8], path: Path = SHIPPED) -> None:
    """Write a table."""
    np.savez_compressed(path, rarity=table)
