"""Time is handed in: a clock is a function that gives an aware moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

#: The zone of everything an outlet prints and an officer reads.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """This is another clock set forward or back: a story that plays on another day."""

    clock: Clock
    by: timedelta

    def __call__(self) -> datetime:
        """The moment on the shifted clock."""
        return self.clock() + self.by


def system_clock() -> datetime:
    """The moment now, aware, in UTC."""
    return datetime.now(UTC)
