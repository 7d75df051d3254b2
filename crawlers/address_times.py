"""The time that the address of an article carries in its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from crawlers.dates import FIRST_YEAR, TOLERANCE
from domain.clock import VIETNAM
from domain.codes import DateOrigin, DatePrecision
from domain.records import PublishedTime

_NUMBER = re.compile(r"[-/]d?(\d{13,18})(?:\.[a-z]{2,5})?(?:[?#]|$)", re.ASCII)
_MILLISECONDS_SINCE_1970 = 13
#: Milliseconds stand last and lose their leading zeros, so numbers of one site differ in length.
_AFTER_THE_SECOND = range(4)
_SITE_DIGITS = 3


def time_from_address(url: str, *, seen: datetime | None = None) -> PublishedTime | None:
    """The time an address carries in its number, None where it carries none.

    Forms seen: ``yyyymmddHHMMSS`` and milliseconds; a site of three digits (of one, 4, on the
    portal of Hà Nội), ``yymmddHHMMSS`` and milliseconds; milliseconds since 1970. It is the moment
    the draft was opened: on real pages six minutes to eight hours and a half before publication,
    so no more than the day is claimed as known.

    >>> time_from_address("https://tuoitre.vn/x-100260820200357681.htm").at.isoformat()
    '2026-08-20T20:03:57+07:00'
    """
    match = _NUMBER.search(url)
    if match is None:
        return None
    number = match.group(1)
    latest = None if seen is None else seen + TOLERANCE
    for at in _readings(number):
        if at.year >= FIRST_YEAR and (latest is None or at <= latest):
            return PublishedTime(
                at=at, raw=number, precision=DatePrecision.DAY, origin=DateOrigin.URL
            )
    return None


def _readings(number: str) -> Iterator[datetime]:
    """The moments that a number may mean, the likeliest first."""
    if len(number) == _MILLISECONDS_SINCE_1970:
        if number.startswith("1"):
            yield datetime.fromtimestamp(int(number) // 1000, UTC).astimezone(VIETNAM)
        return
    for digits in _calendars(number):
        try:
            yield datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
        except ValueError:
            continue


def _calendars(number: str) -> Iterator[str]:
    """The fourteen digits of year to second, by each form that the number's length allows."""
    if number.startswith("20"):
        yield number[:14]
    if number.startswith("4") and len(number) - 13 in _AFTER_THE_SECOND:
        yield "20" + number[1:13]
    if len(number) - _SITE_DIGITS - 12 in _AFTER_THE_SECOND:
        yield "20" + number[_SITE_DIGITS : _SITE_DIGITS + 12]
