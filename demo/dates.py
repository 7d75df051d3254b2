"""Dates as outlets print them, on pages and in feeds; each style was seen on a real site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

_WEEKDAYS = ("hai", "ba", "tư", "năm", "sáu", "bảy")
_ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ENGLISH_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

DateStyle = Callable[[datetime], str]


def _weekday(at: datetime) -> str:
    return "Chủ nhật" if at.weekday() == 6 else f"Thứ {_WEEKDAYS[at.weekday()]}"


def _weekday_title(at: datetime) -> str:
    return _weekday(at).title()


def _half(at: datetime) -> str:
    return "AM" if at.hour < 12 else "PM"


def _sa_ch(at: datetime) -> str:
    return f"{at:%d/%m/%Y} {at.hour % 12 or 12}:{at:%M} {'SA' if at.hour < 12 else 'CH'}"


PAGE_STYLES: Mapping[str, DateStyle] = {
    "gmt7": lambda at: f"{at:%d/%m/%Y %H:%M} GMT+7",
    "weekday_gmt7": lambda at: f"{_weekday(at)}, {at:%d/%m/%Y %H:%M} (GMT+7)",
    "weekday_dash": lambda at: f"{_weekday(at)}, {at:%d/%m/%Y - %H:%M}",
    "weekday_seconds": lambda at: f"{_weekday_title(at)}, {at:%d/%m/%Y, %H:%M:%S}",
    "weekday_month_word": lambda at: (
        f"{_weekday(at)}, {at.day} Tháng {at.month} {at.year} {at:%H:%M}"
    ),
    "clock_dash": lambda at: f"{at:%H:%M - %d/%m/%Y}",
    "date_dash": lambda at: f"{at:%d/%m/%Y - %H:%M}",
    "bracket": lambda at: f"({at:%H:%M | %d/%m/%Y})",
    "am_pm": lambda at: f"{at:%d/%m/%Y | %I:%M} {_half(at)}",
    "24h_pm": lambda at: f"{at:%d/%m/%Y %H:%M} {_half(at)}",
    "sa_ch": _sa_ch,
    "nukeviet": lambda at: f"{_weekday(at)} - {at:%d/%m/%Y %H:%M}",
}


def _us_order(at: datetime) -> str:
    half = "AM" if at.hour < 12 else "PM"
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {half}"


def _rfc822(at: datetime, zone: str, year: str = "%Y") -> str:
    # Not strftime: month and weekday names follow the locale of the process.
    day = _ENGLISH_DAYS[at.weekday()]
    month = _ENGLISH_MONTHS[at.month - 1]
    return f"{day}, {at:%d} {month} {at.strftime(year)} {at:%H:%M:%S} {zone}"


FEED_STYLES: Mapping[str, DateStyle] = {
    "us_order": _us_order,
    "short_year": lambda at: _rfc822(at, "+0700", "%y"),
    "colon_zone": lambda at: _rfc822(at, "+07:00"),
    "short_zone": lambda at: _rfc822(at, "+07"),
    "gmt7": lambda at: _rfc822(at, "GMT+7"),
    "rfc822": lambda at: _rfc822(at, "+0700"),
    "none": lambda at: "",
}
