"""What the part of an address after the question mark asks for: days, an agency, an area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Path, Request

from domain.clock import VIETNAM
from domain.codes import Area
from domain.errors import UsageError
from domain.periods import Period, PeriodKind, Window, between, month
from domain.validation import unknown
from pipeline.jobs_reporting import month_of
from storage.database import reading
from storage.rows import last_counted
from web.desk import Desk

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
#: No figure is asked for a longer time.
_MOST_DAYS: Final = 400
#: Words asked for beyond this are left out.
LONGEST_WORDS: Final = 300
_QUOTES: Final = str.maketrans("“”„", '"""')

#: Numbers of rows: what a database and JSON both hold.
Number = Annotated[int, Path(ge=0, lt=2**53)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """This is what a page of figures is asked for."""

    period: Period
    #: "" for all.
    agency: str
    area: Area | None
    #: Words that the articles have; "" for all articles.
    words: str = ""

    @property
    def month(self) -> str:
        """The report month that the period is, as 2026-07; "" for any other period."""
        return f"{self.period.end:%Y-%m}" if self.period.kind is PeriodKind.THANG else ""

    def months(self) -> list[str]:
        """Months near the period, as 2026-07: the three before it, its own, the one after."""
        own = self.period.end.year * 12 + self.period.end.month - 1
        return [f"{each // 12}-{each % 12 + 1:02}" for each in range(own - 3, own + 2)]

    def query(self, **changed: str) -> str:
        """The same question as part of an address, with some of it changed."""
        asked = {
            "q": self.words,
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "agency": self.agency,
            "area": self.area or "",
        } | changed
        return urlencode({key: value for key, value in asked.items() if value})


def asked_span(request: Request) -> Span:
    """The days, agency and area asked for; what cannot be meant is a `UsageError`."""
    desk: Desk = request.app.state.desk.today()
    asked = request.query_params
    return Span(
        period=_period(desk, asked),
        agency=asked_agency(desk, asked.get("agency", "")),
        area=asked_area(asked.get("area", "")),
    )


AskedSpan = Annotated[Span, Depends(asked_span)]


def _period(desk: Desk, asked: Mapping[str, str]) -> Period:
    window = Window(desk.context.settings.report.window)
    if written := asked.get("month", ""):
        return month(written, window)
    since, until = asked_day(asked.get("from", "")), asked_day(asked.get("to", ""))
    if since is None and until is None:
        return default_period(desk)
    until = until or desk.context.clock().astimezone(VIETNAM).date()
    return _named(checked_period(since or until - timedelta(days=30), until), window)


def _named(period: Period, window: Window) -> Period:
    """The same days as the report month that they are, where they are one."""
    own = month(f"{period.end:%Y-%m}", window)
    return own if (own.start, own.end) == (period.start, period.end) else period


def checked_period(first: date, last: date) -> Period:
    """The days from `first` to `last`; too many of them are a `UsageError`."""
    period = between(first, last)
    if period.days > _MOST_DAYS:
        raise UsageError(f"Kỳ dài {period.days} ngày; chọn kỳ không quá {_MOST_DAYS} ngày.")
    return period


def default_period(desk: Desk) -> Period:
    """The report month of the newest article; of a month that still runs, the days so far."""
    with reading(desk.context.engine) as connection:
        newest = last_counted(connection)
    now = desk.context.clock()
    today = now.astimezone(VIETNAM).date()
    found = month_of(min(newest or now, now), Window(desk.context.settings.report.window))
    return found if found.end <= today else between(found.start, today)


def asked_day(written: str) -> date | None:
    """A day as 2026-07-01 or 01/07/2026; None where none is written."""
    if not written.strip():
        return None
    parts = written.split("/")[::-1] if "/" in written else written.split("-")
    try:
        year, month_number, day = (int(part) for part in parts)
        found = date(year, month_number, day)
    except ValueError as error:
        raise UsageError(
            f"“{written[:40]}” không phải ngày. Viết 2026-07-01 hoặc 01/07/2026."
        ) from error
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise UsageError(f"Ngày {found:%d/%m/%Y} nằm ngoài những năm theo dõi (2000–2099).")
    return found


def asked_words(asked: Mapping[str, str]) -> str:
    """The words that articles are to have, "" for none: one phrase, unless quotes say otherwise.

    >>> asked_words({"q": "một cửa"}), asked_words({"q": '"một cửa" xã'}), asked_words({"q": "đất"})
    ('"một cửa"', '"một cửa" xã', 'đất')
    """
    words = " ".join(asked.get("q", "").translate(_QUOTES)[:LONGEST_WORDS].split())
    return f'"{words}"' if " " in words and '"' not in words else words


def asked_agency(desk: Desk, written: str) -> str:
    """The id of an agency, "" for all; an unknown one is a `UsageError`."""
    return desk.register.get(written[:80]).id if written else ""


def asked_area(written: str) -> Area | None:
    """A reform area, None for all; an unknown one is a `UsageError`."""
    if not written:
        return None
    if written not in set(Area):
        raise UsageError(unknown("lĩnh vực", written[:40], Area))
    return Area(written)
