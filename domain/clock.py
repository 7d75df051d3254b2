"""Time is handed in: a clock is a function that gives an aware moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

#: The zone of everything an outlet prints and an officer reads.
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def system_clock() -> datetime:
    """The moment now, aware, in UTC."""
    return datetime.now(UTC)
