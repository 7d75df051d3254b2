"""How complete is what was collected: articles that no list named, by capture and recapture.

Each kind of list (feed, news sitemap, section page) is a net; an article is caught by some of them.
How often two nets catch the same article tells how many slipped through both. The nets are not
independent (what an editor puts in front stands in all of them), which makes every estimate here
too small: it is a lower bound of what is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from domain.codes import LIST_BITS
from domain.health import Completeness

#: With fewer articles in common, Chapman's estimate is known to be biased (Robson and Regier 1964).
FEWEST_COMMON = 7
_Z95 = 1.959964
_STEPS = 100
_CLOSE = 1e-10
#: A model whose cells are fitted with a larger spread than this says nothing.
_WIDEST = 1e4

_Floats = NDArray[np.float64]


def completeness(counts: Mapping[int, int]) -> Completeness:
    """Số bài còn sót: ước lượng dưới, từ số bài do từng tổ hợp danh sách nêu.

    Khóa của `counts` là các bit của `domain.codes.LIST_BITS`. Hai danh sách: ước lượng Chapman,
    N = (n1 + 1)(n2 + 1)/(m + 1) - 1. Ba danh sách: mô hình loga tuyến tính, chọn theo AICc. Khoảng
    tin cậy 95% theo phân phối loga chuẩn của số bài còn sót. Một danh sách, hoặc dưới 7 bài chung,
    thì không ước lượng.

    Nguồn: Chapman (1951); Seber (1970), phương sai; Chao (1987), khoảng tin cậy; Fienberg (1972),
    Burnham và Anderson (2002), mô hình và AICc.

    A feed named 200 articles, a section page 150, both of them 60:

    >>> found = completeness({1: 140, 4: 90, 5: 60})
    >>> found.seen, found.common, round(found.missed, 2)
    (290, 60, 206.56)
    >>> round(found.missed_low), round(found.missed_high)
    (141, 303)
    """
    caught = {mask: count for mask, count in counts.items() if mask and count}
    bits = [bit for bit in LIST_BITS.values() if any(mask & bit for mask in caught)]
    seen = sum(caught.values())
    common = sum(count for mask, count in caught.items() if mask & (mask - 1))
    if len(bits) < 2:
        return Completeness(
            seen=seen, common=0, lists=len(bits),
            reason="chỉ có một loại danh sách nêu bài"
            if bits
            else "chưa có bài nào trong danh sách",
        )  # fmt: skip
    if common < FEWEST_COMMON:
        return Completeness(
            seen=seen, common=common, lists=len(bits),
            reason=f"các danh sách chỉ chung nhau {common} bài, "
            f"cần ít nhất {FEWEST_COMMON}",
        )  # fmt: skip
    found = _chapman(caught, bits) if len(bits) == 2 else _best_model(caught, bits)
    if found is None:
        return Completeness(
            seen=seen, common=common, lists=len(bits),
            reason="không mô hình nào khớp với số bài của các danh sách",
        )  # fmt: skip
    method, missed, variance = found
    low, high = _interval(missed, variance)
    return Completeness(
        seen=seen, common=common, lists=len(bits), method=method,
        missed=missed, missed_low=low, missed_high=high,
    )  # fmt: skip


def chapman(first: int, second: int, both: int) -> tuple[float, float]:
    """Chapman's estimate of all there are and its variance (Seber 1970).

    By hand: 201 * 151 / 61 - 1 = 496.557; 201 * 151 * 140 * 90 / (61 * 61 * 62) = 1657.65.

    >>> total, variance = chapman(200, 150, 60)
    >>> round(total, 3), round(variance, 2)
    (496.557, 1657.65)
    """
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = ((first + 1) * (second + 1) * (first - both) * (second - both)) / (
        (both + 1) ** 2 * (both + 2)
    )
    return total, variance


def _chapman(caught: Mapping[int, int], bits: Sequence[int]) -> tuple[str, float, float]:
    first, second = (sum(n for mask, n in caught.items() if mask & bit) for bit in bits)
    both = sum(n for mask, n in caught.items() if mask & bits[0] and mask & bits[1])
    total, variance = chapman(first, second, both)
    return "chapman", max(total - sum(caught.values()), 0.0), variance


def _interval(missed: float, variance: float) -> tuple[float, float]:
    """Chao's interval: the missing are never fewer than none.

    >>> low, high = _interval(206.557, 1657.65)
    >>> round(low, 1), round(high, 1)
    (140.9, 302.8)
    >>> _interval(0.0, 0.0)
    (0.0, 0.0)
    """
    if missed <= 0:
        return 0.0, 0.0
    spread = math.exp(_Z95 * math.sqrt(math.log1p(variance / missed**2)))
    return missed / spread, missed * spread


def _best_model(caught: Mapping[int, int], bits: Sequence[int]) -> tuple[str, float, float] | None:
    """The log-linear model with the lowest AICc among those that can be fitted."""
    cells = [sum(chosen) for size in (1, 2, 3) for chosen in combinations(bits, size)]
    counts = np.array([caught.get(cell, 0) for cell in cells], dtype=np.float64)
    fits = [fit for pairs in _pair_sets(bits) if (fit := _fit(counts, _design(cells, bits, pairs)))]
    if not fits:
        return None
    _, parameters, missed, variance = min(fits)
    return f"loglinear:{parameters}", missed, variance


def _pair_sets(bits: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Which pairs of lists depend on each other: none, one, two, all three."""
    pairs = [first | second for first, second in combinations(bits, 2)]
    for size in range(len(pairs) + 1):
        yield from combinations(pairs, size)


def _design(cells: Sequence[int], bits: Sequence[int], pairs: Sequence[int]) -> _Floats:
    """A row a cell: the constant, each list, each dependent pair; all 0 for the missing cell."""
    columns = [*bits, *pairs]
    rows = [[1.0, *(float(cell & column == column) for column in columns)] for cell in cells]
    return np.array(rows)


def _fit(counts: _Floats, design: _Floats) -> tuple[float, int, float, float] | None:
    """(AICc, parameters, missed, variance) of a Poisson log-linear model, None where it has none.

    Newton's steps from the counts themselves. The constant is the logarithm of the missing cell.
    """
    means = counts + 0.5
    for _ in range(_STEPS):
        weighted = design * means[:, None]
        target = np.log(means) + (counts - means) / means
        try:
            beta = np.linalg.solve(design.T @ weighted, weighted.T @ target)
        except np.linalg.LinAlgError:
            return None
        after = np.exp(np.clip(design @ beta, -30, 30))
        moved = float(np.max(np.abs(after - means) / (means + 1e-6)))
        means = after
        if moved < _CLOSE:
            break
    else:
        return None
    covariance = np.linalg.inv(design.T @ (design * means[:, None]))
    spread = float(covariance[0, 0])
    if not 0 <= spread < _WIDEST or float(np.min(means)) < _CLOSE:
        return None
    missed = math.exp(float(beta[0]))
    total = float(counts.sum())
    parameters = design.shape[1]
    if total - parameters - 1 <= 0:
        return None
    score = _aicc(counts, means, parameters, total)
    return score, parameters, missed, missed**2 * spread + missed


def _aicc(counts: _Floats, means: _Floats, parameters: int, total: float) -> float:
    likelihood = float((counts * np.log(means) - means).sum())
    small = 2 * parameters * (parameters + 1) / (total - parameters - 1)
    return 2 * parameters - 2 * likelihood + small
