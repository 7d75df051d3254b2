"""Near-copies: the same text in several places, found whatever the order of arrival.

Texts are compared by the sets of three-syllable shingles of their folded form. MinHash signatures
that share a band, and equal titles, make candidates; candidates are compared exactly. Two texts
are copies where their shingles overlap by `_SAME`; where their titles are equal, less is enough,
since an outlet may cut the text. Numbers must agree in the titles of short texts: "Giá vàng hôm nay
12/8" is not "Giá vàng hôm nay 13/8".
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rensa import RMinHash

from domain.text import fold_for_search

#: Hash values of a signature, and how many make a band: 32 bands of 4 miss an overlap of .8 less
#: than once in ten million, one of .6 once in a hundred.
_VALUES: Final = 128
_BAND: Final = 4
_SEED: Final = 2021
_VALUE_BYTES: Final = 4
SIGNATURE_BYTES: Final = _VALUES * _VALUE_BYTES

#: Syllables of a shingle.
_SHINGLE: Final = 3
#: Overlap of shingle sets (Jaccard) of copies.
_SAME: Final = 0.8
#: The same under an equal title: an outlet may cut or lengthen what stands below it.
_SAME_UNDER_EQUAL_TITLE: Final = 0.4
#: Share of a short text that a long one of the same title holds.
_HELD: Final = 0.8
#: Up to this many shingles a text is title and sapo alone, and one word may change the news.
_SHORT: Final = 120
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
    shingles: frozenset[str]

    @property
    def is_short(self) -> bool:
        return len(self.shingles) <= _SHORT


def sign(text: str) -> bytes:
    """The MinHash signature of a text: always `SIGNATURE_BYTES` long, equal for equal text."""
    return _signature(_shingles(text))


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
    buckets: dict[bytes | str, deque[_Known]] = defaultdict(deque)
    for item in sorted(items, key=lambda each: (each.at, each.key)):
        known = _ready(item)
        met: set[int] = set()
        for name in _bucket_names(known):
            bucket = buckets[name]
            while bucket and item.at - bucket[0].item.at > reach:
                bucket.popleft()
            for earlier in bucket:
                if earlier.item.key not in met:
                    met.add(earlier.item.key)
                    yield known, earlier
            bucket.append(known)


def _bucket_names(known: _Known) -> Iterator[bytes | str]:
    signature = _signature(known.shingles)
    width = _BAND * _VALUE_BYTES
    for start in range(0, SIGNATURE_BYTES, width):
        yield start.to_bytes(2, "little") + signature[start : start + width]
    if known.title.count(" ") >= _TELLING_TITLE - 1:
        yield known.title


def _are_copies(one: _Known, other: _Known) -> bool:
    if one.is_short and other.is_short and not _numbers_agree(one, other):
        return False
    common = len(one.shingles & other.shingles)
    overlap = common / (len(one.shingles) + len(other.shingles) - common)
    if one.title != other.title:
        return overlap >= _SAME
    if one.is_short != other.is_short:
        return common >= _HELD * min(len(one.shingles), len(other.shingles))
    return overlap >= _SAME_UNDER_EQUAL_TITLE


def _numbers_agree(one: _Known, other: _Known) -> bool:
    return _NUMBER.findall(one.title) == _NUMBER.findall(other.title)


def _ready(item: CopyItem) -> _Known:
    return _Known(item, fold_for_search(item.title), _shingles(f"{item.title} {item.text}"))


def _shingles(text: str) -> frozenset[str]:
    syllables = fold_for_search(text[:_LIMIT]).split()
    if len(syllables) <= _SHINGLE:
        return frozenset([" ".join(syllables)])
    return frozenset(
        " ".join(syllables[start : start + _SHINGLE])
        for start in range(len(syllables) - _SHINGLE + 1)
    )


def _signature(shingles: frozenset[str]) -> bytes:
    sketch = RMinHash(_VALUES, _SEED)
    sketch.update(list(shingles))
    return b"".join(value.to_bytes(_VALUE_BYTES, "little") for value in sketch.digest())


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
