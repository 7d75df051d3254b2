"""The looser level: stories that tell one happening in different words, within a few days.

Two stories are alike by the rare words and pairs of words of their titles and openings, numbers
among them, each weighed by a fixed table of rarity; agencies in focus that both have speak for it,
and those that differ against it. Titles alike but for their numbers tell two days. The most alike
are joined first, and a happening never spans more than its days: so one long affair does not become
one happening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from domain.text import fold_for_search
from nlp.copies import numbers_disagree
from nlp.rarity import shipped_rarity, terms

#: Likeness of two stories of one happening. Of 30 happenings of several stories, drawn from five
#: days of a press year, 25 were one by reading; the others were two sides of one affair.
_ALIKE: Final = 0.36
#: What shared agencies in focus add, and others take away.
_AGENCY: Final = 0.06
#: Words less rare than this (one text in a hundred has them) tell no happening.
_RARE: Final = 4.6
#: Syllables that are read.
_LEAD: Final = 70
#: A title counts this many times.
_TITLE: Final = 1.5
_ROWS_AT_ONCE: Final = 1_000
#: Folded beginnings of titles that tell several things at once, and so no happening of their own.
_ROUND_UP: Final = ("diem tin", "toan canh", "xem nhanh", "tin tuc sang", "tin tuc dac biet")


@dataclass(frozen=True, kw_only=True, slots=True)
class HappeningItem:
    """This is a story as its original tells it; `key` is unique."""

    key: int
    at: datetime
    title: str
    #: The sapo, or the opening.
    text: str
    #: Agencies in focus, by id.
    agencies: frozenset[str] = frozenset()


def group_happenings(items: Sequence[HappeningItem], *, days: int = 3) -> list[tuple[int, ...]]:
    """Part stories into happenings; every key stands in one, happenings and keys ascending.

    A happening spans at most `days`. The order of the items makes no difference.
    """
    ordered = sorted(items, key=lambda each: (each.at, each.key))
    reach = timedelta(days=days)
    group_of = {place: [place] for place in range(len(ordered))}
    for _, one, other in sorted(_alike(ordered, reach)):
        first, second = group_of[one], group_of[other]
        if first is second:
            continue
        together = sorted(first + second)
        if ordered[together[-1]].at - ordered[together[0]].at <= reach:
            for place in together:
                group_of[place] = together
    groups = {group[0]: tuple(sorted(ordered[p].key for p in group)) for group in group_of.values()}
    return sorted(groups.values())


def _alike(ordered: Sequence[HappeningItem], reach: timedelta) -> Iterator[tuple[float, int, int]]:
    """Pairs alike enough: (the less, the more alike; earlier, later)."""
    if not ordered:
        return
    rows = _rows(ordered)
    at = np.array([each.at.timestamp() for each in ordered])
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, len(ordered))
        end = int(np.searchsorted(at, at[stop - 1] + reach.total_seconds(), "right"))
        product = (rows[start:stop] @ rows[start:end].T).tocoo()
        kept = product.data >= _ALIKE - _AGENCY
        for one, other, likeness in zip(
            (product.row[kept] + start).tolist(),
            (product.col[kept] + start).tolist(),
            product.data[kept].tolist(),
            strict=True,
        ):
            if one >= other or ordered[other].at - ordered[one].at > reach:
                continue
            # Rounded, so that the sparse product's order of sums decides nothing.
            sure = round(likeness + _agreement(ordered[one], ordered[other]), 6)
            if sure >= _ALIKE and not _other_days(ordered[one], ordered[other]):
                yield -sure, one, other


def _other_days(one: HappeningItem, other: HappeningItem) -> bool:
    return numbers_disagree(fold_for_search(one.title), fold_for_search(other.title))


def _agreement(one: HappeningItem, other: HappeningItem) -> float:
    if not one.agencies or not other.agencies:
        return 0.0
    return _AGENCY if one.agencies & other.agencies else -_AGENCY


def _rows(items: Sequence[HappeningItem]) -> csr_array:
    """One row of unit length a story: its rare terms, those of the title weighing more."""
    rarity = shipped_rarity()
    columns: list[NDArray[np.int64]] = []
    data: list[NDArray[np.float64]] = []
    sizes = [0]
    for item in items:
        weights: dict[int, float] = {}
        folded = fold_for_search(item.title)
        if not folded.startswith(_ROUND_UP):
            title = folded.split()
            lead = (title + fold_for_search(item.text).split())[:_LEAD]
            weights |= {term: float(rarity[term]) for term in terms(lead)}
            weights |= {term: float(rarity[term]) * _TITLE for term in terms(title)}
        rare = sorted(term for term in weights if rarity[term] >= _RARE)
        row = np.array([weights[term] for term in rare], np.float64)
        columns.append(np.array(rare, np.int64))
        data.append(row / max(1e-9, float(np.sqrt((row**2).sum()))))
        sizes.append(len(rare))
    return csr_array(
        (np.concatenate(data), np.concatenate(columns), np.cumsum(sizes)),
        shape=(len(items), len(rarity)),
    )
