"""Kịp thời: waiting times in which some are still waiting (Kaplan and Meier)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from measures.intervals import Z95
from measures.inversion import Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """This is how long something waited, and whether what it waited for came."""

    hours: float
    came: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """This is the share still waiting after each time at which something came."""

    times: Floats
    waiting: Floats
    #: 95 % band of `waiting`, on the scale ln(-ln S).
    low: Floats
    high: Floats
    #: Longest wait seen, come or not.
    longest: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """This is the time by which a share came; None where the curve does not reach it."""

    hours: float | None
    #: Ends of the 95 % interval, None where the band does not reach the share.
    low: float | None
    high: float | None


def curve(waits: Sequence[Wait]) -> Curve:
    """Đường Kaplan–Meier: phần còn chờ sau từng thời gian, kể cả những việc đến hết kỳ chưa xong.

    Công thức: S(t) = Π (1 − d / r) qua các thời điểm đến t; d là số việc xong đúng lúc ấy, r là số
    việc còn chờ ngay trước đó. Việc chưa xong được tính là còn chờ đến lúc thôi quan sát, không bị
    bỏ ra. Sai số theo Greenwood, khoảng tin cậy trên thang ln(−ln S).

    Nguồn: Kaplan và Meier (1958); Greenwood (1926); Kalbfleisch và Prentice (1980).

    >>> found = curve([Wait(hours=t, came=c) for t, c in ((1, True), (2, True), (3, False))])
    >>> found.times.tolist(), found.waiting.round(3).tolist()
    ([1.0, 2.0], [0.667, 0.333])
    """
    hours = np.array([wait.hours for wait in waits], dtype=np.float64)
    came = np.array([wait.came for wait in waits], dtype=bool)
    times, events = np.unique(hours[came], return_counts=True)
    at_risk = len(hours) - np.searchsorted(np.sort(hours), times, side="left")
    waiting: Floats = np.cumprod(1 - events / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        spread = np.exp(Z95 * np.sqrt(variance) / np.abs(np.log(waiting)))
        low, high = waiting**spread, waiting ** (1 / spread)
    ended = waiting <= 0
    # Where none is left the band has no formula: its upper end stays that of the time before.
    low[ended] = 0.0
    high[ended] = high[~ended][-1] if (~ended).any() else 1.0
    longest = float(hours.max()) if len(hours) else 0.0
    return Curve(times=times, waiting=waiting, low=low, high=high, longest=longest)


def reached(found: Curve, share: float) -> Reached:
    """Thời gian để một phần `share` số việc xong; trung vị là 0,5, phân vị 90 là 0,9.

    Khoảng tin cậy 95% gồm mọi thời điểm mà dải của đường cong còn chứa 1 − `share`. Đường cong
    chưa xuống tới 1 − `share` thì không có số.

    Nguồn: Brookmeyer và Crowley (1982), trên thang ln(−ln S).

    >>> twenty = curve([Wait(hours=float(t), came=t <= 16) for t in range(1, 21)])
    >>> reached(twenty, 0.5).hours, reached(twenty, 0.5).low, reached(twenty, 0.5).high
    (10.0, 5.0, 15.0)
    >>> reached(twenty, 0.9).hours is None
    True
    """
    left = 1 - share + 1e-9
    return Reached(
        hours=_first_below(found.times, found.waiting, left),
        low=_first_below(found.times, found.low, left),
        high=_first_below(found.times, found.high, left),
    )


def _first_below(times: Floats, edge: Floats, left: float) -> float | None:
    below = np.flatnonzero(edge <= left)
    return float(times[below[0]]) if below.size else None
