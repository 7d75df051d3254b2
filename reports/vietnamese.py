"""Numbers, shares, dates and spans of time as a Vietnamese officer writes them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.figures import STATUS_NAMES, Figure, Lag, Status
from domain.written import number as number

#: Printed where something is not known; 0 is printed "0".
UNKNOWN_MARK = "–"
_WHOLLY_QUOTED = re.compile(r'["“]([^"“”]+)["”]')
_STRAIGHT = re.compile(r'"([^"]*)"')
_SINGLE = str.maketrans("“”", "‘’")


def percent(share: float | None) -> str:
    """A share as a percentage; the unknown mark where there is none.

    >>> percent(0.125), percent(None)
    ('12,5%', '–')
    """
    return UNKNOWN_MARK if share is None else f"{number(share * 100, 1)}%"


def points(difference: float | None) -> str:
    """A difference of shares in percentage points; the unknown mark where there is none."""
    if difference is None:
        return UNKNOWN_MARK
    # Rounded first: a little less than nothing is printed as nothing.
    return f"{number(round(difference * 100, 1) + 0.0, 1)} điểm %"


def quoted(text: str) -> str:
    """A text in quotes; those that it holds become single ones within, and are not doubled.

    >>> quoted("Một cửa"), quoted("“Luật hay”: gỡ vướng"), quoted('"Luật hay, khó làm"')
    ('“Một cửa”', '“‘Luật hay’: gỡ vướng”', '“Luật hay, khó làm”')
    """
    if whole := _WHOLLY_QUOTED.fullmatch(text):
        return f"“{whole[1]}”"
    inner = _STRAIGHT.sub(r"‘\1’", text)
    return f"“{inner.translate(_SINGLE)}”"


def local(moment: datetime) -> datetime:
    """An aware moment on the Vietnamese clock."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be printed: {moment!r}")
    return moment.astimezone(VIETNAM)


def day(value: date) -> str:
    """A day as dd/mm/yyyy.

    >>> day(date(2026, 7, 1))
    '01/07/2026'
    """
    return f"{value:%d/%m/%Y}"


def minute(moment: datetime) -> str:
    """A moment as dd/mm/yyyy hh:mm, Vietnamese time."""
    return f"{local(moment):%d/%m/%Y %H:%M}"


def moment(at: datetime, precision: DatePrecision) -> str:
    """A moment as finely as it is known: the hour is left out where it was not printed."""
    if precision is DatePrecision.MONTH:
        return f"{local(at):%m/%Y}"
    return day(local(at)) if precision is DatePrecision.DAY else minute(at)


def short_day(value: date) -> str:
    """A day as a press digest writes it: without zeros, without the year.

    >>> short_day(date(2026, 7, 1))
    '1/7'
    """
    return f"{value.day}/{value.month}"


def long_day(value: date) -> str:
    """A day as a title writes it.

    >>> long_day(date(2026, 7, 1))
    '1/7/2026'
    """
    return f"{value.day}/{value.month}/{value.year}"


def span(value: timedelta) -> str:
    """A span of time in days, hours and minutes.

    >>> span(timedelta(hours=26, minutes=5)), span(timedelta(minutes=40)), span(timedelta())
    ('1 ngày 2 giờ 5 phút', '40 phút', '0 phút')
    """
    minutes = int(value.total_seconds() // 60)
    parts = ((minutes // 1440, "ngày"), (minutes // 60 % 24, "giờ"), (minutes % 60, "phút"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 phút"


def lag(value: Lag | None) -> str:
    """A lag: exact, as a range, or the unknown mark."""
    if value is None:
        return UNKNOWN_MARK
    return span(value.low) if value.is_exact else f"{span(value.low)} đến {span(value.high)}"


def figure(value: Figure) -> str:
    """A figure as text: its value in its unit, else the reason why there is none."""
    if value.value is None:
        return STATUS_NAMES[value.status]
    if value.unit == "share":
        return percent(value.value)
    return f"{number(value.value, 1)} giờ" if value.unit == "hours" else number(value.value)


def observed(sources_observed: int, sources: int) -> str:
    """'Observed N of M sources' in words.

    >>> observed(3, 12)
    'quan sát được 3 trên 12 nguồn'
    """
    return f"quan sát được {number(sources_observed)} trên {number(sources)} nguồn"


def share_range(low: float | None, high: float | None, status: Status) -> str:
    """A share that may be a range.

    >>> share_range(0.25, 0.5, Status.OK), share_range(0.25, 0.25, Status.OK)
    ('25,0% đến 50,0%', '25,0%')
    """
    if low is None or high is None:
        return STATUS_NAMES[status]
    return percent(low) if low == high else f"{percent(low)} đến {percent(high)}"
