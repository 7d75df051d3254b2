"""Vietnamese time: the strings outlets print, read to the minute or not at all.

An ordered list of forms is tried, the commonest first. A string that fits none is refused: no
library guesses here, because each of those at hand reads some Vietnamese form wrongly.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawlers.date_forms import Reading, read_printed_time
from domain.codes import DateOrigin
from domain.records import PublishedTime

#: Clocks of outlets and of this machine differ a little; more than this ahead is not believed.
TOLERANCE = timedelta(hours=1)
#: A story may be announced some days ahead; a date further ahead has day and month swapped.
_SCHEDULED = timedelta(days=7)
#: No outlet was online before; an older stamp is a default value of some program.
FIRST_YEAR = 1997


def parse_vietnamese_date(
    raw: str,
    *,
    seen: datetime,
    origin: DateOrigin = DateOrigin.UNKNOWN,
    gmt_means_local: bool = False,
) -> PublishedTime:
    """Read a printed time; `ValueError` where it is not understood.

    `seen` is when the text was met: relative words count from it, and nothing later than an hour
    after it is believed (``at`` is None then, the raw string stays). A string without a zone is
    Vietnamese time. `gmt_means_local` is for outlets known to stamp local time with ``Z``.

    >>> from datetime import UTC
    >>> seen = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
    >>> parse_vietnamese_date("9/14/2026 6:44:00 PM", seen=seen).at.isoformat()
    '2026-09-14T18:44:00+07:00'
    >>> parse_vietnamese_date("5 phút trước", seen=seen).at.isoformat()
    '2026-09-14T18:55:00+07:00'
    """
    reading = read_printed_time(raw, seen, gmt_means_local)
    at = _believable(reading, seen)
    if at is None:
        return PublishedTime(raw=raw, origin=origin)
    return PublishedTime(at=at, raw=raw, precision=reading.precision, origin=origin)


def _believable(reading: Reading, seen: datetime) -> datetime | None:
    latest = seen + TOLERANCE
    if reading.at <= latest:
        return reading.at if reading.at.year >= FIRST_YEAR else None
    other = reading.other
    if other is None or other > latest or other.year < FIRST_YEAR:
        return None
    return other if reading.at > latest + _SCHEDULED else None
