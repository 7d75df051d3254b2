"""The working calendar: weekends and public holidays, Tết above all.

The holidays are data, one row for each run of days; ``certainty`` says how the row is known. A year
without rows has weekends alone, and `Calendar.knows` says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from importlib.resources import files

_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar:
    """This is the set of days on which offices are closed."""

    def __init__(self, holidays: Iterable[tuple[date, date]]) -> None:
        self._closed = {
            first + n * _DAY for first, last in holidays for n in range((last - first).days + 1)
        }
        self._years = {day.year for day in self._closed}

    def is_working(self, day: date) -> bool:
        """Whether offices are open: no weekend and no holiday."""
        return day.weekday() < _SATURDAY and day not in self._closed

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year are in the data."""
        return year in self._years

    def after(self, day: date, working_days: int) -> date:
        """The day on which that many working days have passed since `day`.

        Three working days after the eve of Tết 2026 lie behind the holidays:

        >>> read_calendar().after(date(2026, 2, 13), 3)
        datetime.date(2026, 2, 25)
        """
        while working_days > 0:
            day += _DAY
            working_days -= self.is_working(day)
        return day


def read_calendar() -> Calendar:
    """Read the holidays that come with the program."""
    text = (files("domain") / "data" / "holidays.csv").read_text(encoding="utf-8")
    return Calendar(
        (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        for row in csv.DictReader(text.splitlines())
    )
