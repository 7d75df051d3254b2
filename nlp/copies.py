"""Near-copies: the same text in several places, found whatever the order of arrival.

Sketches (`nlp.sketches`) say which texts are worth comparing; what decides is compared exactly, on
the folded syllables: the overlap of their three-syllable shingles, and the alignment, the longest
sequence of syllables that both have in the same order. Half a text rewritten leaves few shingles
whole but its syllables in their order; two texts on one event share names and phrases, in another
order. The numbers of the titles must agree: "Giá vàng hôm nay 12/8" is not "Giá vàng hôm nay 13/8",
however much of the page is the same. One outlet's pages are held to more, since it prints a text
once and its templates every day.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.text import fold_for_search
from nlp.sketches import LIMIT, Sketched, hash_shingles, likely_pairs, sketches

#: Overlap of shingle sets (Jaccard) of copies. Of real pairs read one by one, nearly all above .5
#: were one text under two titles; between .3 and .5 most were two texts on one event.
_SAME: Final = 0.5
#: The same under an equal title, which leaves less to chance.
_SAME_UNDER_EQUAL_TITLE: Final = 0.3
#: The same where the titles disagree in their numbers: the pages of a lottery reach .9.
_SAME_DESPITE_NUMBERS: Final = 0.95
#: Alignment of copies, as a share of the mean length: 45 % of the syllables exchanged leave .55;
#: of real texts on one subject within a week, one pair in a hundred reaches .53.
_ALIGNED: Final = 0.53
#: The same for two pages of one outlet, which fills the same template day after day.
_ALIGNED_IN_ONE_OUTLET: Final = 0.8
#: A text that another holds nearly whole, in order; the other is at most this many times as long.
_HELD_IN_ORDER: Final = 0.85
_TIMES_AS_LONG: Final = 2.5
#: Share of a short text that a long one of the same title holds.
_HELD: Final = 0.8
#: Up to this many shingles a text is title and sapo alone, and one word may change the news.
_SHORT: Final = 120
#: A text of fewer shingles ("Tin vắn", "Ảnh trong ngày") is no copy of anything.
_LEAST: Final = 6
#: Texts with less of their shingles in common need no alignment.
_WORTH_ALIGNING: Final = 0.04
#: Syllables that are aligned; the time grows with their square.
_ALIGNED_SYLLABLES: Final = 4_000
#: Texts held ready while pairs are compared.
_READY: Final = 4_000
_PAIRS_AT_ONCE: Final = 1_000
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


#: Gives the texts of keys.
Texts = Callable[[Collection[int]], Iterable[CopyItem]]


@dataclass(frozen=True, slots=True)
class _Known:
    """This is an item made ready for comparison."""

    item: CopyItem
    title: str
    syllables: list[str]
    #: Hashes of its shingles, ascending.
    shingles: NDArray[np.uint64]

    @property
    def is_short(self) -> bool:
        return len(self.shingles) <= _SHORT


def group_copies(items: Sequence[CopyItem], *, days: int = 7) -> list[tuple[int, ...]]:
    """Part items into groups of copies; every key stands in one group, groups and keys ascending.

    A pair of copies lies within `days`; a chain of copies may be longer. The order of the items
    makes no difference.
    """
    known = {item.key: item for item in items}
    signed = sketches([(item.title, item.text) for item in items])
    held = [Sketched(item.key, item.at, own) for item, own in zip(items, signed, strict=True)]
    return group_sketched(held, lambda keys: (known[key] for key in keys), days=days)


def group_sketched(
    items: Sequence[Sketched],
    texts: Texts,
    *,
    days: int = 7,
    fresh: AbstractSet[int] | None = None,
) -> list[tuple[int, ...]]:
    """Part texts into groups of copies; `texts` is asked only for those worth comparing.

    Given `fresh`, only pairs with one of these keys are looked at: the others were compared before.
    """
    groups = _Groups()
    shelf = _Shelf(texts)
    for pairs in likely_pairs(items, days=days, fresh=fresh):
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            # Texts already in one group need no comparison, and their texts no reading.
            some = [
                pair for pair in pairs[start : start + _PAIRS_AT_ONCE] if not groups.are_one(*pair)
            ]
            shelf.fetch({key for pair in some for key in pair})
            for one, other in some:
                if not groups.are_one(one, other) and _are_copies(shelf[one], shelf[other]):
                    groups.join(one, other)
    held: dict[int, list[int]] = defaultdict(list)
    for key in sorted(item.key for item in items):
        held[groups.leader(key)].append(key)
    return sorted(tuple(keys) for keys in held.values())


def are_copies(one: CopyItem, other: CopyItem) -> bool:
    """Whether two texts are copies, by exact comparison."""
    first, second = _ready([one, other])
    return _are_copies(first, second)


def holds_whole(item: CopyItem, whole: CopyItem) -> bool:
    """Whether a text repeats another one whole: nearly all of it, in its order."""
    one, other = _ready([item, whole])
    if len(other.shingles) < _LEAST:
        return False
    syllables = other.syllables[:_ALIGNED_SYLLABLES]
    return aligned(one.syllables, syllables) >= _HELD_IN_ORDER * len(syllables)


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


def aligned(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest sequence that two texts have in the same order.

    >>> aligned("mot cua lien thong".split(), "mot so cua thong".split())
    3
    """
    fewer, more = sorted((one, other), key=len)
    # Hyyrö's bit-parallel form: one step for each syllable of the longer text.
    places: dict[str, int] = {}
    for place, syllable in enumerate(fewer):
        places[syllable] = places.get(syllable, 0) | 1 << place
    full = (1 << len(fewer)) - 1
    open_places = full
    for syllable in more:
        if found := open_places & places.get(syllable, 0):
            open_places = ((open_places + found) | (open_places - found)) & full
    return len(fewer) - open_places.bit_count()


def _ready(items: Sequence[CopyItem]) -> list[_Known]:
    titles = [fold_for_search(item.title) for item in items]
    syllables = [
        f"{title} {fold_for_search(item.text[:LIMIT])}".split()
        for title, item in zip(titles, items, strict=True)
    ]
    return list(map(_Known, items, titles, syllables, hash_shingles(syllables)))


def _are_copies(one: _Known, other: _Known) -> bool:
    fewer, more = sorted((len(one.shingles), len(other.shingles)))
    if fewer < _LEAST:
        return False
    common = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    overlap = common / (fewer + more - common)
    if numbers_disagree(one.title, other.title):
        return overlap >= _SAME_DESPITE_NUMBERS
    if one.title == other.title and one.is_short != other.is_short:
        return common >= _HELD * fewer
    if one.is_short and other.is_short:
        return overlap >= _least_overlap_of_short(one.title, other.title)
    if overlap >= (_SAME_UNDER_EQUAL_TITLE if one.title == other.title else _SAME):
        return True
    return common >= _WORTH_ALIGNING * fewer and _are_aligned(one, other)


def numbers_disagree(one: str, other: str) -> bool:
    """Whether two titles are alike, but each has a number that the other lacks.

    >>> numbers_disagree("gia vang 12 8", "gia vang 13 8"), numbers_disagree("gia 12 8", "gia 8")
    (True, False)
    """
    numbers, others = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return bool(numbers - others and others - numbers) and _are_alike(one, other)


def _are_alike(one: str, other: str) -> bool:
    """Whether two titles have half their words in common."""
    words, others = set(one.split()), set(other.split())
    return 2 * len(words & others) >= min(len(words), len(others))


def _least_overlap_of_short(one: str, other: str) -> float:
    """How much two short texts must share: a series repeats its sapo under a new title each time.

    The titles must be alike and have equal numbers.
    """
    if one == other:
        return _SAME_UNDER_EQUAL_TITLE
    agree = _NUMBER.findall(one) == _NUMBER.findall(other)
    return _SAME if agree and _are_alike(one, other) else math.inf


def _are_aligned(one: _Known, other: _Known) -> bool:
    fewer, more = sorted((each.syllables[:_ALIGNED_SYLLABLES] for each in (one, other)), key=len)
    common = aligned(fewer, more)
    outlet = one.item.outlet_id
    in_one_outlet = outlet and outlet == other.item.outlet_id
    least = _ALIGNED_IN_ONE_OUTLET if in_one_outlet else _ALIGNED
    if 2 * common >= least * (len(fewer) + len(more)):
        return True
    held = common >= _HELD_IN_ORDER * len(fewer) and not in_one_outlet
    return held and len(fewer) > _SHORT and len(more) <= _TIMES_AS_LONG * len(fewer)


class _Shelf:
    """This holds a bounded number of texts ready for comparison."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._held: OrderedDict[int, _Known] = OrderedDict()

    def fetch(self, keys: AbstractSet[int]) -> None:
        """Have these texts at hand; those not asked for longest make room."""
        for key in keys & self._held.keys():
            self._held.move_to_end(key)
        missing = sorted(keys - self._held.keys())
        if missing:
            for known in _ready(list(self._texts(missing))):
                self._held[known.item.key] = known
        while len(self._held) > max(_READY, len(keys)):
            self._held.popitem(last=False)

    def __getitem__(self, key: int) -> _Known:
        return self._held[key]


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
