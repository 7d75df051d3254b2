"""Reporting periods: months as the reports count them, and the windows of Công văn 581/BNV-CCHC.

All days are inclusive and Vietnamese. A report month runs from the 15th of the month before to the
14th, so that months add up to the windows in which reform reports are filed.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.validation import unknown

_DAY: Final = timedelta(days=1)
_MONTH_TEXT: Final = re.compile(r"(?P<year>(?:19|20)\d{2})-(?P<month>0[1-9]|1[0-2])")


class Window(StrEnum):
    """This says which days make up a month: those of the reports, or those of the calendar."""

    BAO_CAO = "bao-cao"
    LICH = "lich"


class PeriodKind(StrEnum):
    """This names what a period is; the middle four are the windows of Công văn 581/BNV-CCHC."""

    THANG = "thang"
    QUY_1 = "quy-1"
    SAU_THANG = "6-thang"
    QUY_3 = "quy-3"
    NAM = "nam"
    KHOANG = "khoang"


#: Kind: (name, months of the window, its last month). Every window begins on a 15th.
_REPORTS: Final = {
    PeriodKind.QUY_1: ("Quý I năm", 3, 3),
    PeriodKind.SAU_THANG: ("6 tháng đầu năm", 6, 6),
    PeriodKind.QUY_3: ("Quý III năm", 3, 9),
    PeriodKind.NAM: ("Năm", 12, 12),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """This is a stretch of whole Vietnamese days, both ends included."""

    start: date
    end: date
    #: As printed in a report, with its days.
    title: str
    #: As used in a file name.
    slug: str
    kind: PeriodKind

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days + 1

    @property
    def deadline(self) -> date | None:
        """The last day to file the report (the 20th of the last month); None for other periods."""
        return self.end.replace(day=20) if self.kind in _REPORTS else None

    def each_day(self) -> Iterator[date]:
        """The days of the period, in order."""
        return (self.start + timedelta(days=n) for n in range(self.days))

    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment of the period and the first moment after it, both aware."""
        return _midnight(self.start), _midnight(self.end + _DAY)

    def contains(self, moment: datetime) -> bool:
        """Whether an aware moment falls on one of the days, by Vietnamese time."""
        if moment.tzinfo is None:
            raise ValueError(f"a moment without a zone cannot be placed: {moment!r}")
        return self.start <= moment.astimezone(VIETNAM).date() <= self.end

    def previous(self) -> Period:
        """The stretch of equal length just before: of whole months where this one has those.

        >>> month("2026-01").previous().title
        'Tháng 12/2025 (15/11/2025–14/12/2025)'
        """
        months = _whole_months(self.start, self.end)
        if not months:
            return between(self.start - timedelta(days=self.days), self.start - _DAY)
        return _like(self.kind, _months_back(self.start, months), self.start - _DAY)

    def year_before(self) -> Period:
        """The same period a year earlier.

        >>> month("2024-02", Window.LICH).year_before().end
        datetime.date(2023, 2, 28)
        """
        after = _months_back(self.end + _DAY, 12)
        return _like(self.kind, _months_back(self.start, 12), after - _DAY)


def month(text: str, window: Window = Window.BAO_CAO) -> Period:
    """The month written as YYYY-MM; anything else is a `UsageError`.

    >>> month("2026-07").title
    'Tháng 07/2026 (15/06/2026–14/07/2026)'
    >>> month("2026-07", Window.LICH).slug
    '2026-07-lich'
    """
    written = _MONTH_TEXT.fullmatch(text)
    if written is None:
        raise UsageError(f"Tháng “{text}” viết chưa đúng. Viết năm-tháng, ví dụ 2026-07.")
    first = date(int(written["year"]), int(written["month"]), 1)
    start = first if window is Window.LICH else _months_back(first, 1).replace(day=15)
    end = _months_on(start, 1) - _DAY
    return Period(
        start=start,
        end=end,
        title=f"Tháng {first:%m/%Y} ({_days(start, end)})",
        slug=f"{text}-{window}",
        kind=PeriodKind.THANG,
    )


def reporting_period(year: int, kind: str) -> Period:
    """The window of Công văn 581/BNV-CCHC: ``quy-1``, ``6-thang``, ``quy-3`` or ``nam``.

    >>> reporting_period(2026, "quy-1").title
    'Quý I năm 2026 (15/12/2025–14/03/2026)'
    >>> reporting_period(2026, "nam").deadline
    datetime.date(2026, 12, 20)
    """
    if kind not in _REPORTS:
        raise UsageError(f"{unknown('kỳ báo cáo', kind, _REPORTS)} Các kỳ: {', '.join(_REPORTS)}.")
    name, months, last_month = _REPORTS[PeriodKind(kind)]
    end = date(year, last_month, 14)
    start = _months_back(end + _DAY, months)
    return Period(
        start=start,
        end=end,
        title=f"{name} {year} ({_days(start, end)})",
        slug=f"{year}-{kind}",
        kind=PeriodKind(kind),
    )


def between(first: date, last: date) -> Period:
    """The days from `first` to `last`, both included; a `UsageError` if they are the wrong way.

    >>> between(date(2026, 7, 1), date(2026, 7, 31)).title
    'Từ 01/07/2026 đến 31/07/2026'
    """
    if last < first:
        raise UsageError(
            f"Kỳ đến ngày {last:%d/%m/%Y} kết thúc trước khi bắt đầu ({first:%d/%m/%Y}). "
            "Đổi chỗ hai ngày."
        )
    if first == last:
        title = f"Ngày {first:%d/%m/%Y}"
    else:
        title = f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}"
    return Period(
        start=first, end=last, title=title, slug=f"{first}_{last}", kind=PeriodKind.KHOANG
    )


def _like(kind: PeriodKind, start: date, end: date) -> Period:
    """The stretch under the name that `kind` gives it, else under its days alone."""
    if kind is PeriodKind.THANG:
        window = Window.LICH if start.day == 1 else Window.BAO_CAO
        return month(f"{end:%Y-%m}", window)
    if kind in _REPORTS:
        named = reporting_period(end.year, kind)
        if (named.start, named.end) == (start, end):
            return named
    return between(start, end)


def _whole_months(start: date, end: date) -> int:
    """How many whole months the stretch spans, 0 where it does not end on a month's turn."""
    after = end + _DAY
    if after.day != start.day:
        return 0
    return (after.year - start.year) * 12 + after.month - start.month


def _months_on(day: date, months: int) -> date:
    """The same day of another month; the last one where that month is shorter."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def _months_back(day: date, months: int) -> date:
    return _months_on(day, -months)


def _days(start: date, end: date) -> str:
    return f"{start:%d/%m/%Y}–{end:%d/%m/%Y}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)
