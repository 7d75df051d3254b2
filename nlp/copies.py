"""Near-copies: the same text in several places, found whatever the order of arrival.

Texts are compared by the sets of three-syllable shingles of their folded form. MinHash signatures
that share a band, and equal titles, make candidates; candidates are compared exactly. Two texts
are copies where their shingles overlap by `_SAME`; where their titles are equal, less is enough,
since an outlet may cut the text. The numbers of the titles must agree: "Giá vàng hôm nay 12/8" is
not "Giá vàng hôm nay 13/8", however much of the page is the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from domain.text import fold_for_search

#: Hash values of a signature, and how many make a band: 32 bands of 4 miss an overlap of .8 less
#: than once in ten million, one of .6 once in a hundred, one of .5 once in eight.
_VALUES: Final = 128
_BAND: Final = 4
_SEED: Final = 2021
_VALUE_BYTES: Final = 4
SIGNATURE_BYTES: Final = _VALUES * _VALUE_BYTES
#: Odd 64-bit numbers that mix the values of a band into one key.
_MIX: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5], np.uint64
)
#: Texts that are signed together.
_BATCH: Final = 1_000

#: Syllables of a shingle.
_SHINGLE: Final = 3
#: Overlap of shingle sets (Jaccard) of copies. Of real pairs read one by one, nearly all above .5
#: were one text under two titles; between .3 and .5 most were two texts on one event.
_SAME: Final = 0.5
#: The same under an equal title, which leaves less to chance.
_SAME_UNDER_EQUAL_TITLE: Final = 0.3
#: The same where the titles disagree in their numbers: the pages of a lottery reach .9.
_SAME_DESPITE_NUMBERS: Final = 0.95
#: Share of a short text that a long one of the same title holds.
_HELD: Final = 0.8
#: Up to this many shingles a text is title and sapo alone, and one word may change the news.
_SHORT: Final = 120
#: A text of fewer shingles ("Tin vắn", "Ảnh trong ngày") is no copy of anything.
_LEAST: Final = 6
#: An equal title says something from this many syllables on ("Tin vắn" says nothing).
_TELLING_TITLE: Final = 5
#: Shingles are made of this much of a text; an article is hardly longer.
_LIMIT: Final = 40_000
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyItem:
    """This is a text that may be a copy; `key` is unique."""

    key: int
    outlet_id: str
    title: str
    #: Sapo and body, or the sapo alone.
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """This is an item made ready for comparison."""

    item: CopyItem
    title: str
    #: Hashes of its shingles, ascending.
    shingles: NDArray[np.uint64]

    @property
    def is_short(self) -> bool:
        return len(self.shingles) <= _SHORT


def sign(text: str) -> bytes:
    """The MinHash signature of a text: always `SIGNATURE_BYTES` long, equal for equal text."""
    signature: bytes = _signatures(_hashes([text]))[0].tobytes()
    return signature


def group_copies(items: Sequence[CopyItem], *, days: int = 7) -> list[tuple[int, ...]]:
    """Part items into groups of copies; every key stands in one group, groups and keys ascending.

    A pair of copies lies within `days`; a chain of copies may be longer. The order of the items
    makes no difference.
    """
    groups = _Groups()
    for later, earlier in _candidates(items, timedelta(days=days)):
        one, other = later.item.key, earlier.item.key
        if not groups.are_one(one, other) and _are_copies(later, earlier):
            groups.join(one, other)
    held: dict[int, list[int]] = defaultdict(list)
    for key in sorted(item.key for item in items):
        held[groups.leader(key)].append(key)
    return sorted(tuple(keys) for keys in held.values())


def are_copies(one: CopyItem, other: CopyItem) -> bool:
    """Whether two texts are copies, by exact comparison."""
    return _are_copies(_ready(one), _ready(other))


def original_of(
    items: Iterable[CopyItem],
    *,
    credits: Mapping[int, str] | None = None,
    never_original: AbstractSet[str] = frozenset(),
) -> int:
    """The key of the text that the others repeat.

    A credit line (key: outlet id that the text names as its source) decides first: the credited
    outlet's earliest text. Else the earliest text that credits nobody, else the earliest. Outlets
    of `never_original` are passed over unless nobody else is there.
    """
    ordered = sorted(items, key=lambda item: (item.at, item.key))
    if not ordered:
        raise ValueError("no items, no original")
    credited = set((credits or {}).values())
    crediting = set(credits or {})
    eligible = [item for item in ordered if item.outlet_id not in never_original] or ordered
    own = [item for item in eligible if item.key not in crediting]
    named = [item for item in own if item.outlet_id in credited]
    return (named or own or eligible)[0].key


def _candidates(items: Sequence[CopyItem], reach: timedelta) -> Iterator[tuple[_Known, _Known]]:
    """Pairs worth comparing, the later first: they share a band or a telling title."""
    ordered = sorted(items, key=lambda each: (each.at, each.key))
    shared = _shared_buckets(ordered)
    # Nearly every text shares no bucket: only the others are made ready and held.
    held: dict[int | str, list[_Known]] = defaultdict(list)
    for item, buckets in zip(ordered, shared, strict=True):
        if not buckets:
            continue
        known = _ready(item)
        met: set[int] = set()
        for name in buckets:
            for earlier in held[name]:
                key = earlier.item.key
                if key not in met and item.at - earlier.item.at <= reach:
                    met.add(key)
                    yield known, earlier
            held[name].append(known)


def _shared_buckets(items: Sequence[CopyItem]) -> list[list[int | str]]:
    """For each text the buckets that it shares with another one."""
    keys = _band_keys(items)
    found, counts = np.unique(keys, return_counts=True)
    is_shared = np.isin(keys, found[counts > 1])
    buckets: list[list[int | str]] = [[] for _ in items]
    for row, column in zip(*np.nonzero(is_shared), strict=True):
        buckets[row].append(int(keys[row, column]))
    titles = [fold_for_search(item.title) for item in items]
    often = Counter(filter(_is_telling, titles))
    for row, title in enumerate(titles):
        if often[title] > 1:
            buckets[row].append(title)
    return buckets


def _band_keys(items: Sequence[CopyItem]) -> NDArray[np.uint64]:
    """One key for each band of each text: texts that share a key are worth comparing."""
    keys = np.empty((len(items), _VALUES // _BAND), np.uint64)
    for start in range(0, len(items), _BATCH):
        batch = items[start : start + _BATCH]
        banded = _signatures(_hashes(map(_whole, batch))).reshape(len(batch), -1, _BAND)
        keys[start : start + _BATCH] = (banded.astype(np.uint64) * _MIX).sum(axis=2) * _MIX[0]
    # A band's place goes into its key, so that different bands share no bucket.
    keys += np.arange(keys.shape[1], dtype=np.uint64)
    return keys


def _ready(item: CopyItem) -> _Known:
    return _Known(item, fold_for_search(item.title), _hashes([_whole(item)])[0])


def _whole(item: CopyItem) -> str:
    return f"{item.title} {item.text}"


def _is_telling(title: str) -> bool:
    return title.count(" ") >= _TELLING_TITLE - 1


def _are_copies(one: _Known, other: _Known) -> bool:
    fewer, more = sorted((len(one.shingles), len(other.shingles)))
    if fewer < _LEAST:
        return False
    common = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    overlap = common / (fewer + more - common)
    if one.title != other.title:
        return overlap >= _least_overlap(one, other)
    if one.is_short != other.is_short:
        return common >= _HELD * fewer
    return overlap >= _SAME_UNDER_EQUAL_TITLE


def _least_overlap(one: _Known, other: _Known) -> float:
    """How much two texts under different titles must share."""
    both_short = one.is_short and other.is_short
    if both_short and not _titles_agree(one.title, other.title):
        return math.inf
    numbers, others = _NUMBER.findall(one.title), _NUMBER.findall(other.title)
    return _SAME_DESPITE_NUMBERS if numbers and others and numbers != others else _SAME


def _titles_agree(one: str, other: str) -> bool:
    """Whether titles may stand over one short text: equal numbers, and half their words in common.

    A series repeats its sapo under a new title each time.
    """
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    words, others = set(one.split()), set(other.split())
    return 2 * len(words & others) >= min(len(words), len(others))


def _hashes(texts: Iterable[str]) -> list[NDArray[np.uint64]]:
    """The shingles of each text, hashed to 64 bits, ascending."""
    tokens = [_shingles(text) for text in texts]
    return [np.unique(np.array(row, np.uint64)) for row in RMinHash.hash_token_sets(tokens)]


def _shingles(text: str) -> list[str]:
    syllables = fold_for_search(text[:_LIMIT]).split()
    if len(syllables) <= _SHINGLE:
        return [" ".join(syllables)]
    following = (syllables[start:] for start in range(_SHINGLE))
    return [" ".join(shingle) for shingle in zip(*following, strict=False)]


def _signatures(hashes: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint32]:
    """MinHash values, one row a text."""
    matrix = RMinHash.digest_matrix_from_token_hash_sets(
        [row.tolist() for row in hashes], _VALUES, _SEED
    )
    return np.array(matrix.to_rows(), np.uint32)


class _Groups:
    """This joins keys into groups; the leader is the least key, whatever the order."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def leader(self, key: int) -> int:
        while (above := self._above.get(key, key)) != key:
            self._above[key] = self._above.get(above, above)
            key = above
        return key

    def are_one(self, one: int, other: int) -> bool:
        return self.leader(one) == self.leader(other)

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.leader(one), self.leader(other)))
        self._above[second] = first
