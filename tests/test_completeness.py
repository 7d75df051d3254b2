from __future__ import annotations

import numpy as np
import pytest

from measures.completeness import chapman, completeness

FEED, SITEMAP, SECTION = 1, 2, 4


@pytest.mark.parametrize(
    ("first", "second", "both", "total", "variance"),
    [
        (200, 150, 60, 496.557, 1657.65),
        # 11 * 16 / 8 - 1 = 21; 11 * 16 * 3 * 8 / (64 * 9) = 7.333
        (10, 15, 7, 21.0, 7.333),
        # everything named twice: nothing is missing, and that is certain
        (50, 50, 50, 50.0, 0.0),
    ],
)
def test_chapman_by_hand(first: int, second: int, both: int, total: float, variance: float) -> None:
    assert chapman(first, second, both) == pytest.approx((total, variance), abs=0.01)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({}, "chưa có bài nào"),
        ({FEED: 500}, "chỉ có một loại danh sách"),
        ({FEED: 500, SECTION: 20, FEED | SECTION: 6}, "chỉ chung nhau 6 bài"),
        ({FEED: 50, SITEMAP: 50, SECTION: 50, FEED | SITEMAP: 3}, "chỉ chung nhau 3 bài"),
        ({0: 900, FEED: 40}, "chỉ có một loại danh sách"),
    ],
)
def test_where_it_cannot_be_estimated_it_says_why(counts: dict[int, int], reason: str) -> None:
    found = completeness(counts)
    assert found.missed is None
    assert reason in found.reason


def test_lists_that_name_the_same_articles_miss_none() -> None:
    found = completeness({FEED | SECTION: 80})
    assert (found.missed, found.missed_low, found.missed_high) == (0.0, 0.0, 0.0)


def nets(total: int, chances: tuple[float, ...], *, seed: int, apart: bool = False) -> dict:
    """Articles caught by nets of given chances; `apart`: half of them are four times shyer."""
    draw = np.random.default_rng(seed)
    counts: dict[int, int] = {}
    bits = (FEED, SITEMAP, SECTION)[: len(chances)]
    for number in range(total):
        ease = 0.25 if apart and number % 2 else 1.0
        mask = sum(
            bit for bit, chance in zip(bits, chances, strict=True) if draw.random() < chance * ease
        )
        counts[mask] = counts.get(mask, 0) + 1
    return counts


@pytest.mark.parametrize("chances", [(0.6, 0.5), (0.6, 0.5, 0.4)])
def test_independent_lists_cover_the_truth_about_as_often_as_promised(
    chances: tuple[float, ...],
) -> None:
    covered = 0
    for seed in range(100):
        counts = nets(1000, chances, seed=seed)
        found = completeness(counts)
        assert found.missed_low is not None and found.missed_high is not None
        covered += found.missed_low <= counts.get(0, 0) <= found.missed_high
    assert covered >= 85


def test_lists_that_depend_on_each_other_give_too_few_never_too_many() -> None:
    for seed in range(20):
        counts = nets(2000, (0.7, 0.6), seed=seed, apart=True)
        found = completeness(counts)
        assert found.missed is not None
        assert found.missed < counts[0]


def test_a_pair_that_depends_is_told_from_the_third() -> None:
    # Expected counts of 1,000: the section page is independent; feed and sitemap go together.
    counts = {
        FEED | SITEMAP | SECTION: 160, FEED | SITEMAP: 240, FEED | SECTION: 40, FEED: 60,
        SITEMAP | SECTION: 40, SITEMAP: 60, SECTION: 160,
    }  # fmt: skip
    found = completeness(counts)
    assert found.method == "loglinear:5"
    assert found.missed == pytest.approx(240, rel=0.01)


@pytest.mark.parametrize(
    "counts",
    [
        {FEED: 10, SITEMAP: 10, FEED | SITEMAP: 8, SECTION: 3},  # the third never meets the others
        {FEED | SITEMAP | SECTION: 30},
        {FEED | SITEMAP | SECTION: 3, FEED | SITEMAP: 5, SECTION: 1},
    ],
)
def test_thin_tables_end_in_an_estimate_or_a_reason(counts: dict[int, int]) -> None:
    found = completeness(counts)
    if found.missed is None:
        assert found.reason
    else:
        assert found.missed_low is not None and found.missed_high is not None
        assert 0 <= found.missed_low <= found.missed <= found.missed_high < 1e6
