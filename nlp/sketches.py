"""Sketches: a few hundred bytes a text, from which those worth comparing are found.

A sketch holds MinHash values of the text's three-syllable shingles in two ways. Eight bands of the
least hashes of classes find texts that are nearly equal. A sample, the hashes below a limit that
halves as the text grows, finds texts of which one half was rewritten or which hold one another: two
texts are compared where they share enough shingles that few other texts of these days have. The
title, where it says something, is one value more.

What comes out depends on the set of sketches alone, never on their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from domain.text import fold_for_search

#: Changes whenever equal text gives another sketch: kept ones are out of date then.
SCHEME: Final = 1
#: Syllables of a shingle.
SHINGLE: Final = 3
#: Letters of a text that are read; an article is hardly longer.
LIMIT: Final = 40_000
#: Classes of hashes whose least values are kept, and how many of them make a band: of two texts
#: whose shingles overlap by .8 some band agrees 99 times in a hundred.
_CLASSES: Final = 32
_BAND: Final = 4
_BANDS: Final = _CLASSES // _BAND
#: A sample holds this many hashes to twice as many; of a shorter text, all.
_SAMPLED: Final = 40
_LEVELS: Final = 12
#: Title, level and bands come before the sample.
_HEAD: Final = 2 + _BANDS
#: An equal title says something from this many syllables on ("Tin vắn" says nothing).
_TELLING_TITLE: Final = 5
#: A shingle that more texts than this have within the days tells nothing of one text.
_OFTEN: Final = 64
#: Shared rare shingles of texts worth comparing: at least so many, and this part of the lesser
#: sample. A copy with 45 % of its syllables exchanged one by one still shares a tenth.
_SHARED: Final = 3
_SHARED_PART: Final = 0.08
#: Texts under one title or in one band are compared with this many before them.
_NEAREST: Final = 16
#: Texts that are looked at together.
_BLOCK: Final = 20_000
_NOTHING: Final = np.empty(0, np.uint32)
#: Odd 64-bit numbers that mix the values of a band into one key.
_MIX: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64
)


@dataclass(frozen=True, slots=True)
class Sketched:
    """This is a text as its sketch; `key` is unique."""

    key: int
    at: datetime
    sketch: bytes


def sketch(title: str, text: str) -> bytes:
    """The sketch of a text under its title: equal for equal input, some hundred bytes."""
    return sketches([(title, text)])[0]


def sketches(texts: Sequence[tuple[str, str]]) -> list[bytes]:
    """The sketches of (title, text) pairs, in order."""
    folded = [(fold_for_search(title), fold_for_search(text[:LIMIT])) for title, text in texts]
    hashed = hash_shingles(f"{title} {text}".split() for title, text in folded)
    titles = RMinHash.hash_token_sets([[title] for title, _ in folded])
    return [
        _packed(hashes, own[0] if is_telling(title) else 0)
        for (title, _), hashes, own in zip(folded, hashed, titles, strict=True)
    ]


def is_telling(folded_title: str) -> bool:
    """Whether an equal title says something.

    >>> is_telling("tin van"), is_telling("so noi vu ra soat ho so")
    (False, True)
    """
    return folded_title.count(" ") >= _TELLING_TITLE - 1


def hash_shingles(texts: Iterable[Sequence[str]]) -> list[NDArray[np.uint64]]:
    """The shingles of each text, given as its folded syllables: 64-bit hashes, ascending."""
    tokens = [_shingles(syllables) for syllables in texts]
    return [np.unique(np.array(row, np.uint64)) for row in RMinHash.hash_token_sets(tokens)]


def likely_pairs(
    items: Sequence[Sketched], *, days: int, fresh: AbstractSet[int] | None = None
) -> Iterator[list[tuple[int, int]]]:
    """Pairs of keys worth comparing, later text first, in lists of one stretch of time each.

    Of a pair, the texts lie within `days`. Given `fresh`, a pair has at least one of these keys.
    """
    ordered = sorted(items, key=lambda each: (each.at, each.key))
    if not ordered:
        return
    shelf = _Shelf(ordered, fresh)
    reach = int(timedelta(days=days).total_seconds())
    for start in range(0, len(ordered), _BLOCK):
        stop = min(start + _BLOCK, len(ordered))
        first = int(np.searchsorted(shelf.at, shelf.at[start] - reach))
        later, earlier = shelf.pairs(first, start, stop)
        near = shelf.at[later] - shelf.at[earlier] <= reach
        yield [
            (ordered[one].key, ordered[other].key)
            for one, other in zip(later[near].tolist(), earlier[near].tolist(), strict=True)
        ]


def _shingles(syllables: Sequence[str]) -> list[str]:
    if len(syllables) <= SHINGLE:
        return [" ".join(syllables)]
    following = (syllables[start:] for start in range(SHINGLE))
    return [" ".join(shingle) for shingle in zip(*following, strict=False)]


def _packed(hashes: NDArray[np.uint64], title: int) -> bytes:
    low = (hashes & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    level = max(0, min(_LEVELS - 1, (len(low) // _SAMPLED).bit_length() - 1))
    sample = np.sort(low[low < (1 << 32) >> level] if level else low)
    head = np.array([title & 0xFFFFFFFF, level], np.uint32)
    return np.concatenate([head, _bands(hashes), sample]).astype("<u4").tobytes()


def _bands(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """One key for each band: the least hashes of four classes, mixed."""
    least = np.full(_CLASSES, np.iinfo(np.uint64).max, np.uint64)
    # Ascending hashes: the first of each class is its least.
    classes = ((hashes >> np.uint64(32)) % np.uint64(_CLASSES)).astype(np.int64)
    found, places = np.unique(classes, return_index=True)
    least[found] = hashes[places]
    mixed = (least.reshape(_BANDS, _BAND) * _MIX).sum(axis=1) * _MIX[0]
    # A band's place goes into its key, so that different bands share nothing.
    keys = ((mixed >> np.uint64(32)) + np.arange(_BANDS, dtype=np.uint64)).astype(np.uint32)
    # A short text leaves classes empty; a band with one of them says too little.
    empty = np.bincount(found // _BAND, minlength=_BANDS) < _BAND
    return np.where(empty, np.uint32(0), keys)


class _Shelf:
    """This holds sketches in the order of time as flat arrays."""

    def __init__(self, ordered: Sequence[Sketched], fresh: AbstractSet[int] | None) -> None:
        rows = [np.frombuffer(each.sketch, "<u4") for each in ordered]
        self.at = np.array([int(each.at.timestamp()) for each in ordered], np.int64)
        self._heads = np.array([row[:_HEAD] for row in rows], np.uint32)
        sizes = np.array([len(row) - _HEAD for row in rows])
        self._starts = np.concatenate([[0], np.cumsum(sizes)])
        self._sample = np.concatenate([row[_HEAD:] for row in rows]).astype(np.uint32)
        self._owner = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
        self._fresh = (
            np.ones(len(rows), bool)
            if fresh is None
            else np.array([each.key in fresh for each in ordered])
        )

    def pairs(self, first: int, start: int, stop: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Places (later, earlier) worth comparing: later in [start, stop), earlier from `first`."""
        if not self._fresh[first:stop].any():
            return np.empty(0, np.intp), np.empty(0, np.intp)
        found = np.unique(
            np.concatenate(
                [self._by_sample(first, start, stop), *self._by_heads(first, start, stop)]
            )
        )
        later, earlier = np.divmod(found, np.int64(len(self.at)))
        kept = (later >= start) & (self._fresh[later] | self._fresh[earlier])
        return later[kept], earlier[kept]

    def _by_heads(self, first: int, start: int, stop: int) -> Iterator[NDArray[np.int64]]:
        """Pairs under one title or in one band."""
        owners = np.arange(first, stop, dtype=np.int32)
        for column in (0, *range(2, _HEAD)):
            values = self._heads[first:stop, column]
            told = values != 0
            yield self._neighbours(values[told], owners[told], _NEAREST)

    def _by_sample(self, first: int, start: int, stop: int) -> NDArray[np.int64]:
        """Pairs that share enough rare shingles."""
        stretch = slice(self._starts[first], self._starts[stop])
        values, owners = self._sample[stretch], self._owner[stretch]
        wanted = self._wanted(first, start, stop)
        held = np.isin(values, wanted) if len(wanted) else np.zeros(len(values), bool)
        pairs = self._neighbours(values[held], owners[held], _OFTEN - 1, rare_only=True)
        found, shared = np.unique(pairs, return_counts=True)
        found, shared = found[shared >= _SHARED], shared[shared >= _SHARED]
        later, earlier = np.divmod(found, np.int64(len(self.at)))
        kept = shared >= _SHARED_PART * self._lesser_sample(later, earlier)
        return np.asarray(found[kept])

    def _wanted(self, first: int, start: int, stop: int) -> NDArray[np.uint32]:
        """Shingles that can make a pair of this block."""
        block = self._sample[self._starts[start] : self._starts[stop]]
        if self._fresh[first:stop].all():
            return np.unique(block)
        parts = [
            self._sample[self._starts[place] : self._starts[place + 1]]
            for place in (np.nonzero(self._fresh[first:stop])[0] + first).tolist()
        ]
        return np.intersect1d(np.concatenate(parts), block) if parts else _NOTHING

    def _neighbours(
        self,
        values: NDArray[np.uint32],
        owners: NDArray[np.int32],
        most: int,
        *,
        rare_only: bool = False,
    ) -> NDArray[np.int64]:
        """Pairs of owners of one value, each with up to `most` before it; a pair may come twice."""
        order = np.lexsort((owners, values))
        values, owners = values[order], owners[order]
        if rare_only:
            _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
            some = (counts[place] > 1) & (counts[place] <= _OFTEN)
            values, owners = values[some], owners[some]
        found = []
        for apart in range(1, most + 1):
            equal = np.nonzero(values[:-apart] == values[apart:])[0]
            if not len(equal):
                break
            later = owners[equal + apart].astype(np.int64)
            found.append(later * len(self.at) + owners[equal])
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _lesser_sample(
        self, later: NDArray[np.int64], earlier: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """How many hashes the lesser of two samples holds, both cut to the coarser limit."""
        levels = np.maximum(self._heads[later, 1], self._heads[earlier, 1]).astype(np.int64)
        return np.minimum(self._held(later, levels), self._held(earlier, levels))

    def _held(self, places: NDArray[np.int64], levels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Hashes of each sample below the limit of a level; samples are ascending."""
        asked, answer = np.unique(places * _LEVELS + levels, return_inverse=True)
        counts = np.empty(len(asked), np.int64)
        for number, (place, level) in enumerate(zip(*np.divmod(asked, _LEVELS), strict=True)):
            own = self._sample[self._starts[place] : self._starts[place + 1]]
            counts[number] = np.searchsorted(own, (1 << 32) >> int(level)) if level else len(own)
        return counts[answer]
