"""The disk of the home folder: how full it is, and when it will be full if things go on."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

#: Fewer days of readings make no trend.
_FEWEST_DAYS = 3
#: A trend is drawn from so many days.
TREND_DAYS = 14


@dataclass(frozen=True, kw_only=True, slots=True)
class DiskState:
    """This is how full a disk is."""

    free: int
    used: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.free + self.used


def disk_state(folder: Path) -> DiskState:
    """How full the disk of a folder is, by what a plain user may still write."""
    usage = shutil.disk_usage(folder)
    return DiskState(free=usage.free, used=usage.used)


def days_left(trend: Sequence[tuple[str, int]]) -> float | None:
    """In how many days nothing is free, by the line through the readings (day, free bytes).

    None where there are too few days or where the disk does not fill.

    >>> days_left([("2026-07-01", 400), ("2026-07-02", 300), ("2026-07-03", 200)])
    2.0
    >>> days_left([("2026-07-01", 400), ("2026-07-02", 400), ("2026-07-03", 500)]) is None
    True
    """
    if len(trend) < _FEWEST_DAYS:
        return None
    days = [date.fromisoformat(day).toordinal() for day, _ in trend]
    free = [bytes_free for _, bytes_free in trend]
    mean_day, mean_free = sum(days) / len(days), sum(free) / len(free)
    spread = sum((day - mean_day) ** 2 for day in days)
    if spread == 0:
        return None
    slope = sum((d - mean_day) * (f - mean_free) for d, f in zip(days, free, strict=True)) / spread
    return None if slope >= 0 else free[-1] / -slope
