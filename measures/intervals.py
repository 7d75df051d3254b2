"""Intervals: how far a figure may lie from the quantity it stands for.

Each function names the quantity and when it holds; `docs/worlds.md` shows how often it does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import special

Z95: Final = 1.959964
#: Below this the exact interval is used: Wilson's falls under 93 % for some shares.
FEWEST_FOR_WILSON: Final = 15
#: Below this an interval of a share spans more than half the scale and says nothing.
FEWEST_FOR_SHARE: Final = 5
#: Below this the interval of a mean of few large values does not hold.
FEWEST_FOR_MEAN: Final = 30
_TAIL: Final = 0.025

Interval = tuple[float, float]


def share_interval(k: float, n: int) -> Interval:
    """Khoảng tin cậy 95% của một tỷ lệ: k trên n lần quan sát độc lập.

    Từ 15 lần trở lên: khoảng Wilson, nới như Agresti–Coull, hai mép theo phân phối Poisson. Dưới
    15 lần: khoảng chính xác Clopper–Pearson, vì ở đó khoảng Wilson có lúc chỉ phủ 83%. Số k có thể
    lẻ, khi mỗi lần quan sát cho một điểm từ 0 đến 1: khi đó khoảng rộng hơn mức cần thiết.

    Nguồn: Wilson (1927); Clopper và Pearson (1934); Brown, Cai và DasGupta (2001).

    >>> [round(end, 3) for end in share_interval(20, 40)]
    [0.352, 0.648]
    >>> [round(end, 3) for end in share_interval(5, 10)], share_interval(0, 10)[0]
    ([0.187, 0.813], 0.0)
    """
    if n <= 0:
        raise ValueError("an interval needs at least one observation")
    if n < FEWEST_FOR_WILSON:
        return exact_interval(k, n)
    return _lower(k, n), 1 - _lower(n - k, n)


def exact_interval(k: float, n: int) -> Interval:
    """Clopper and Pearson: never below 95 %, for any share and any n.

    >>> [round(end, 4) for end in exact_interval(0, 10)]
    [0.0, 0.3085]
    """
    low = float(special.betaincinv(k, n - k + 1, _TAIL)) if k > 0 else 0.0
    high = float(special.betaincinv(k + 1, n - k, 1 - _TAIL)) if k < n else 1.0
    return low, high


def _lower(k: float, n: int) -> float:
    """Lower end: the lowest of Agresti and Coull's and, near 0, of Poisson's."""
    if k <= 0:
        return 0.0
    wider = n + Z95**2
    share = (k + Z95**2 / 2) / wider
    low = share - Z95 * math.sqrt(share * (1 - share) / wider)
    if k <= (3 if n > 50 else 2):
        low = min(low, float(special.gammaincinv(k, 2 * _TAIL)) / n)
    return max(0.0, low)


def mean_interval(values: Sequence[float], floor: float) -> Interval:
    """Khoảng tin cậy 95% của số trung bình các giá trị lệch phải, không nhỏ hơn `floor`.

    Cách tính: khoảng t của logarit số trung bình phần vượt `floor`, rồi đưa về thang ban đầu.

    Nguồn: Zhou và Gao (1997), khoảng trên thang loga.

    >>> [round(end, 2) for end in mean_interval([1.0] * 20 + [2.0] * 6 + [4.0] * 4, floor=1)]
    [1.31, 2.14]
    """
    above = np.asarray(values, dtype=np.float64) - floor
    n = len(above)
    mean = float(above.mean())
    if mean <= 0:
        # None above the floor in n: the rule of three for the share that is.
        return floor, floor + share_interval(0, n)[1]
    spread = float(above.std(ddof=1)) / math.sqrt(n) / mean
    reach = float(special.stdtrit(n - 1, 1 - _TAIL)) * spread
    return floor + mean * math.exp(-reach), floor + mean * math.exp(reach)
