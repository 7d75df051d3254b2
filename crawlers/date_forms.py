"""The forms in which a time is printed: an ordered list, the commonest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from crawlers.clock_words import hour_of_day, is_relative, read_relative
from domain.clock import VIETNAM
from domain.codes import DatePrecision

#: A date line is short; a longer text is not one, and would be searched at random.
_LONGEST = 160

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_LOCAL = timedelta(hours=7)

_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4}|\d{2})"
    r"\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*)",
    re.ASCII,
)
_JAVASCRIPT = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?([A-Za-z]{3})[a-z]*\s+(\d{1,2}),?\s+(\d{4})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(.*))?",
    re.ASCII,
)
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(.*))?",
    re.ASCII,
)
#: What .NET prints for an American: no leading zeros, seconds, AM or PM.
_AMERICAN = re.compile(
    r"([1-9]\d?)/([1-9]\d?)/(\d{4}) ([1-9]\d?):(\d{2}):(\d{2}) ([AP]M)", re.ASCII
)
_NUMERIC_DAY = re.compile(
    r"(?<!\d)(\d{1,2})\s?([/.\-])\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})(?![\d/])"
)
_WORDED_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*tháng\s*(\d{1,2})\s*(?:,|năm|/|-)?\s*(\d{4})(?!\d)")
#: Months in words ("14 Tháng Chín, 2026"), the longer names first.
_MONTH_WORDS = {
    "mười một": 11, "mười hai": 12, "mười": 10, "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4,
    "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "chạp": 12,
}  # fmt: skip
_NAMED_MONTH = re.compile(rf"tháng\s+({'|'.join(_MONTH_WORDS)})(?!\w)")
_YEAR_FIRST_DAY = re.compile(r"(?<!\d)(\d{4})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{1,2})(?!\d)")
_MONTH_ONLY = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:/|-|\.|năm)\s*(\d{4})")
_DAY_AND_MONTH = re.compile(r"(?:ngày\s*)?(\d{1,2})\s?[./\-]\s?(\d{1,2})")
_CLOCK_TIME = re.compile(
    r"(?<![\d:+])(\d{1,2})(?:\s?:\s?|\s?h\s?|\s?giờ\s?)(\d{2})(?!\d)(?:\s?[:']\s?(\d{2})(?!\d))?"
    r"(?:\s*(am|pm|sa|ch|sáng|trưa|chiều|tối|đêm)(?!\w))?"
)
_NAMED_ZONE = re.compile(r"(?:gmt|utc)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?")
_SIGNED_ZONE = re.compile(r":\d{2}\s*\+(\d{2}):?(\d{2})?(?!\d)")
_WEEKDAY = re.compile(r"(?:thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|chủ\s*nhật|\bcn\b)[\s,.|\-]*")
_UPDATED = re.compile(r"\(?\s*(?:cập nhật|chỉnh sửa|sửa đổi|modified|updated)")
_ZONE = re.compile(r"\(?(?:GMT|UTC)?\s*(?:([+-])\s*(\d{1,2}):?(\d{2})?)?\)?", re.ASCII)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_BLANKS = re.compile(r"\s+")


class Reading:
    """This is what a form understood: a moment, its precision, and the other reading if any."""

    __slots__ = ("at", "other", "precision")

    def __init__(
        self, at: datetime, precision: DatePrecision, other: datetime | None = None
    ) -> None:
        self.at = at
        self.precision = precision
        self.other = other


def read_printed_time(raw: str, seen: datetime, gmt_means_local: bool) -> Reading:
    """Read a time by the first form that fits; `ValueError` where none does."""
    text = raw.strip()
    match = _RFC822.fullmatch(text)
    if match is not None:
        return _read_rfc822(match, gmt_means_local)
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE)).strip()
    if not text or len(text) > _LONGEST:
        raise ValueError(f"không có ngày giờ trong “{raw[:60]}”")
    for pattern, read in _WHOLE_FORMS:
        match = pattern.fullmatch(text)
        if match is not None:
            return read(match, gmt_means_local)
    return _read_printed(text.lower(), seen)


def _read_rfc822(match: re.Match[str], gmt_means_local: bool) -> Reading:
    day, month, year, hour, minute, second, zone = match.groups()
    return _moment(
        (_full_year(year), _month(month), int(day)), (hour, minute, second), zone, gmt_means_local
    )


def _read_javascript(match: re.Match[str], gmt_means_local: bool) -> Reading:
    month, day, year, hour, minute, second, zone = match.groups()
    return _moment(
        (int(year), _month(month), int(day)), (hour, minute, second), zone, gmt_means_local
    )


def _read_iso(match: re.Match[str], gmt_means_local: bool) -> Reading:
    year, month, day, hour, minute, second, zone = match.groups()
    return _moment((int(year), int(month), int(day)), (hour, minute, second), zone, gmt_means_local)


def _read_american(match: re.Match[str], _: bool) -> Reading:
    first, second, year = (int(part) for part in match.group(1, 2, 3))
    hour = hour_of_day(int(match.group(4)), match.group(7).lower())
    clock = (hour, int(match.group(5)), int(match.group(6)))
    return _either_order((year, first, second), (year, second, first), clock, DatePrecision.SECOND)


_WHOLE_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], bool], Reading]], ...] = (
    (_RFC822, _read_rfc822),
    (_ISO, _read_iso),
    (_AMERICAN, _read_american),
    (_JAVASCRIPT, _read_javascript),
)


def _moment(
    day: tuple[int, int, int],
    clock: tuple[str | None, str | None, str | None],
    zone: str | None,
    gmt_means_local: bool,
) -> Reading:
    hour, minute, second = clock
    if hour is None or minute is None:
        return Reading(datetime(*day, tzinfo=VIETNAM), DatePrecision.DAY)
    at = datetime(*day, int(hour), int(minute), int(second or 0), tzinfo=VIETNAM)
    offset = _offset(zone or "")
    if offset != _LOCAL and not (gmt_means_local and not offset):
        at = at.replace(tzinfo=timezone(offset)).astimezone(VIETNAM)
    return Reading(at, DatePrecision.MINUTE if second is None else DatePrecision.SECOND)


@lru_cache(maxsize=256)
def _offset(zone: str) -> timedelta:
    zone = zone.split(" (")[0].strip()
    if zone.upper() in {"", "ICT"}:
        return _LOCAL
    if zone.upper() in {"Z", "GMT", "UTC", "UT"}:
        return timedelta(0)
    match = _ZONE.fullmatch(zone.upper())
    if match is None or match.group(2) is None:
        raise ValueError(f"không rõ múi giờ “{zone}”")
    ahead = timedelta(hours=int(match.group(2)), minutes=int(match.group(3) or 0))
    if ahead > timedelta(hours=14):
        raise ValueError(f"không có múi giờ “{zone}”")
    return ahead if match.group(1) == "+" else -ahead


def _month(name: str) -> int:
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise ValueError(f"không rõ tháng “{name}”")
    return number


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _read_printed(text: str, seen: datetime) -> Reading:
    if is_relative(text):
        at, precision = read_relative(text, seen.astimezone(VIETNAM))
        return Reading(at, precision)
    text = _NAMED_MONTH.sub(lambda match: f"tháng {_MONTH_WORDS[match.group(1)]}", text)
    updated = _UPDATED.search(text)
    if updated is not None and _day_in(text[: updated.start()]):
        text = text[: updated.start()]
    bare = _WEEKDAY.sub(" ", text).strip(" ,.|-()")
    found = _day_in(bare)
    if found is not None:
        return _read_day_and_clock(bare, *found)
    return _read_part_of_date(bare, seen)


def _day_in(text: str) -> tuple[tuple[int, int, int], tuple[int, int, int] | None, str] | None:
    """Find a day: as printed, in the other order, and the text around it."""
    match = _YEAR_FIRST_DAY.search(text)
    if match is not None:
        year, month, day = (int(part) for part in match.groups())
        return (year, month, day), None, _without(text, match)
    match = _WORDED_DAY.search(text)
    if match is not None:
        day, month, year = (int(part) for part in match.groups())
        return (year, month, day), None, _without(text, match)
    match = _NUMERIC_DAY.search(text)
    if match is None:
        return None
    day, month, year = int(match.group(1)), int(match.group(3)), _full_year(match.group(4))
    swapped = (year, day, month) if match.group(2) == "/" else None
    return (year, month, day), swapped, _without(text, match)


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} | {text[match.end() :]}"


def _read_day_and_clock(
    text: str, day: tuple[int, int, int], swapped: tuple[int, int, int] | None, rest: str
) -> Reading:
    time = _CLOCK_TIME.search(rest)
    if time is None:
        return _either_order(day, swapped, (0, 0, 0), DatePrecision.DAY)
    clock = (
        hour_of_day(int(time.group(1)), time.group(4) or ""),
        int(time.group(2)),
        int(time.group(3) or 0),
    )
    precision = DatePrecision.SECOND if time.group(3) else DatePrecision.MINUTE
    reading = _either_order(day, swapped, clock, precision)
    offset = _printed_offset(text)
    if offset != _LOCAL:
        reading.at = reading.at.replace(tzinfo=timezone(offset)).astimezone(VIETNAM)
        reading.other = None
    return reading


def _printed_offset(text: str) -> timedelta:
    named = _NAMED_ZONE.search(text)
    if named is not None:
        ahead = timedelta(hours=int(named.group(2)), minutes=int(named.group(3) or 0))
        return ahead if named.group(1) == "+" else -ahead
    signed = _SIGNED_ZONE.search(text)
    if signed is not None:
        return timedelta(hours=int(signed.group(1)), minutes=int(signed.group(2) or 0))
    return _LOCAL


def _either_order(
    first: tuple[int, int, int],
    second: tuple[int, int, int] | None,
    clock: tuple[int, int, int],
    precision: DatePrecision,
) -> Reading:
    """Read the day in its first order; the second is kept for when the first cannot be."""
    other = None if second is None else _possible(second, clock)
    at = _possible(first, clock)
    if at is None and other is not None:
        return Reading(other, precision)
    return Reading(at or datetime(*first, *clock, tzinfo=VIETNAM), precision, other)


def _possible(day: tuple[int, int, int], clock: tuple[int, int, int]) -> datetime | None:
    try:
        return datetime(*day, *clock, tzinfo=VIETNAM)
    except ValueError:
        return None


def _read_part_of_date(text: str, seen: datetime) -> Reading:
    match = _MONTH_ONLY.fullmatch(text)
    if match is not None:
        month = datetime(int(match.group(2)), int(match.group(1)), 1, tzinfo=VIETNAM)
        return Reading(month, DatePrecision.MONTH)
    match = _DAY_AND_MONTH.fullmatch(text)
    if match is None:
        raise ValueError(f"không có ngày trong “{text[:60]}”")
    # A day without its year is the latest such day that has come.
    day, month_number = int(match.group(1)), int(match.group(2))
    today = seen.astimezone(VIETNAM)
    at = datetime(today.year, month_number, day, tzinfo=VIETNAM)
    if at > today:
        at = at.replace(year=today.year - 1)
    return Reading(at, DatePrecision.DAY)
