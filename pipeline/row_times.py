"""A time in a row of a person's file: its day whole, so that nothing is guessed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from domain.clock import VIETNAM
from domain.codes import DatePrecision

_CLOCK = r"(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}})(?:[\s,-]+{_CLOCK})?", re.ASCII)
_ISO = re.compile(rf"(\d{{4}})(-)(\d{{1,2}})-(\d{{1,2}})(?:[T\s]+{_CLOCK})?", re.ASCII)
_WRITE_A_DAY = "Ghi ngày/tháng/năm như 28/07/2026 hoặc 28/07/2026 07:15, hoặc 2026-07-28"


def written_time(written: str) -> tuple[datetime, DatePrecision]:
    """A time as d/m/Y or ISO, with or without its hour; a `ValueError` says what to write.

    >>> written_time("03/07/2026 7:15")[0].isoformat()
    '2026-07-03T07:15:00+07:00'
    >>> written_time("07/28/2026")
    Traceback (most recent call last):
    ValueError: không có ngày 7 tháng 28 năm 2026. Ghi ngày/tháng/năm như 28/07/2026 \
hoặc 28/07/2026 07:15, hoặc 2026-07-28
    """
    if found := _DAY_FIRST.fullmatch(written):
        day, _, month, year, *clock = found.groups()
    elif found := _ISO.fullmatch(written):
        year, _, month, day, *clock = found.groups()
    else:
        raise ValueError(f"“{written[:60]}” không đúng cách ghi ngày. {_WRITE_A_DAY}")
    try:
        at = datetime(int(year), int(month), int(day), tzinfo=VIETNAM)
    except ValueError as error:
        raise ValueError(
            f"không có ngày {int(day)} tháng {int(month)} năm {year}. {_WRITE_A_DAY}"
        ) from error
    hour, minute, second, zone = clock
    if hour is None:
        return at, DatePrecision.DAY
    try:
        at = at.replace(hour=int(hour), minute=int(minute), second=int(second or 0))
        if zone:
            at = at.replace(tzinfo=_zone(zone)).astimezone(VIETNAM)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"không có giờ như trong “{written}”. {_WRITE_A_DAY}") from error
    return at, DatePrecision.SECOND if second else DatePrecision.MINUTE


def _zone(written: str) -> timezone:
    if written == "Z":
        return timezone(timedelta(0))
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-ahead if written.startswith("-") else ahead)
