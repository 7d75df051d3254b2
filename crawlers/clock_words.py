"""Words that stand for a time: halves of the day, and distances from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.codes import DatePrecision

_AFTERNOON = frozenset({"pm", "ch", "chiều", "tối"})
_MORNING = frozenset({"am", "sa", "sáng"})

_AGO = re.compile(
    r"(?:khoảng\s+|cách đây\s+)?(\d{1,4}|một)\s*(giây|phút|giờ|tiếng|ngày|tuần)\s*(?:trước)?"
)
_JUST_NOW = frozenset({"vừa xong", "vừa mới", "mới đây", "vài giây trước", "bây giờ"})
_DAY_WORD = re.compile(r"(hôm nay|hôm qua|hôm kia)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?(?::|h|giờ)\s?(\d{2})(?!\d)\s*(am|pm|sa|ch)?(?!\w)")
_DAYS_BACK = {"hôm nay": 0, "hôm qua": 1, "hôm kia": 2}


def hour_of_day(hour: int, half: str) -> int:
    """The hour of 24; a half of the day that contradicts a 24-hour time is ignored.

    >>> hour_of_day(9, "sa"), hour_of_day(4, "ch"), hour_of_day(15, "pm"), hour_of_day(12, "am")
    (9, 16, 15, 0)
    """
    if half in _AFTERNOON and hour < 12:
        return hour + 12
    if half in _MORNING and hour == 12:
        return 0
    if half == "trưa" and hour < 10:
        return hour + 12
    if half == "đêm" and 7 <= hour < 12:
        return hour + 12
    return hour


def is_relative(text: str) -> bool:
    """Whether the lower-case text counts from now instead of naming a date."""
    return (
        text in _JUST_NOW
        or "trước" in text
        or "cách đây" in text
        or _DAY_WORD.search(text) is not None
    )


def read_relative(text: str, seen: datetime) -> tuple[datetime, DatePrecision]:
    """The time that lies as far before `seen` as the text says; `ValueError` if not understood.

    Hours are rounded by whoever prints them, so only the day is claimed as known.
    """
    minute = seen.replace(second=0, microsecond=0)
    if text in _JUST_NOW:
        return minute, DatePrecision.MINUTE
    named_day = _DAY_WORD.search(text)
    if named_day is not None:
        return _on_named_day(text, minute - timedelta(days=_DAYS_BACK[named_day.group(1)]))
    match = _AGO.fullmatch(text.strip(" ,.|-()"))
    if match is None:
        raise ValueError(f"không hiểu thời điểm “{text[:60]}”")
    count = 1 if match.group(1) == "một" else int(match.group(1))
    match match.group(2):
        case "giây":
            return minute - timedelta(seconds=count), DatePrecision.MINUTE
        case "phút":
            return minute - timedelta(minutes=count), DatePrecision.MINUTE
        case "giờ" | "tiếng":
            return minute - timedelta(hours=count), DatePrecision.DAY
        case "ngày":
            return _midnight(minute - timedelta(days=count)), DatePrecision.DAY
        case _:
            return _midnight(minute - timedelta(weeks=count)), DatePrecision.MONTH


def _on_named_day(text: str, day: datetime) -> tuple[datetime, DatePrecision]:
    clock = _CLOCK.search(text)
    if clock is None:
        return _midnight(day), DatePrecision.DAY
    hour = hour_of_day(int(clock.group(1)), clock.group(3) or "")
    return day.replace(hour=hour, minute=int(clock.group(2))), DatePrecision.MINUTE


def _midnight(day: datetime) -> datetime:
    return day.replace(hour=0, minute=0)
