"""When a job's turn is: the moments of a timetable, by the wall clock of its zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Daily:
    """This is a moment of every day, of one weekday or of one day of the month."""

    at: time
    zone: ZoneInfo
    #: Monday is 0; None is every day.
    weekday: int | None = None
    day_of_month: int | None = None

    def last(self, now: datetime) -> datetime:
        """The newest slot that is not after `now`."""
        day = now.astimezone(self.zone).date()
        while not (self._falls_on(day) and self._on(day) <= now):
            day -= _DAY
        return self._on(day)

    def next(self, now: datetime) -> datetime:
        """The first slot after `now`."""
        day = now.astimezone(self.zone).date()
        while not (self._falls_on(day) and self._on(day) > now):
            day += _DAY
        return self._on(day)

    def _falls_on(self, day: date) -> bool:
        if self.weekday is not None and day.weekday() != self.weekday:
            return False
        return self.day_of_month is None or day.day == self.day_of_month

    def _on(self, day: date) -> datetime:
        # Compared and kept in UTC: two moments of one zone are else compared by their wall times.
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Every:
    """This is a slot every so many minutes, counted from the first moment of 1970."""

    minutes: int

    def last(self, now: datetime) -> datetime:
        """The newest slot that is not after `now`."""
        seconds = self.minutes * 60
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)

    def next(self, now: datetime) -> datetime:
        """The first slot after `now`."""
        return self.last(now) + timedelta(minutes=self.minutes)


Slots = Daily | Every


def clock_time(written: str) -> time:
    """The hour of a day written ``05:30``.

    >>> clock_time("05:30")
    datetime.time(5, 30)
    """
    hour, minute = written.split(":")
    return time(int(hour), int(minute))
