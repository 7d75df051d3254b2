"""The official events of a period, line by line, as the report lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.events import EventRow, EventState
from domain.highlights import EventLine
from domain.periods import Period
from domain.records import ArticleRow
from measures.placements import by_story, is_press, order
from measures.timing import TO_THE_MINUTE, Carrier, carriers

_HOUR: Final = timedelta(hours=1)
_SPANS: Final = (timedelta(hours=24), timedelta(hours=72), timedelta(days=7))


def event_lines(
    events: Iterable[EventRow], rows: Sequence[ArticleRow], period: Period
) -> tuple[EventLine, ...]:
    """Each event of the period that was not rejected, the oldest first."""
    until = period.bounds()[1]
    told = by_story(
        sorted((row for row in rows if is_press(row) and row.counted_at < until), key=order)
    )
    chosen = [
        row
        for row in events
        if row.event.state is not EventState.REJECTED and period.contains(row.event.at)
    ]
    return tuple(
        _line(row, [text for story in row.stories for text in told.get(story, ())])
        for row in sorted(chosen, key=lambda row: (row.event.at, row.event.id))
    )


def _line(row: EventRow, told: Sequence[ArticleRow]) -> EventLine:
    event = row.event
    found = list(carriers(sorted(told, key=order)))
    low, high = _bounds(event.at, event.precision)
    lags = [lag for each in found if (lag := _lag(each, low, high)) is not None]
    first = found[0].row if found else None
    return EventLine(
        number=event.number,
        title=event.title,
        agency=event.agency_id,
        at=event.at,
        precision=event.precision,
        is_confirmed=event.state is EventState.CONFIRMED,
        first_outlet=first.outlet_name if first else "",
        first_at=first.counted_at if first else None,
        first_precision=first.date_precision if first else DatePrecision.UNKNOWN,
        hours=(min(each[0] for each in lags), min(each[1] for each in lags)) if lags else None,
        within=_within([each[1] for each in lags]),
        outlets=len({each.row.outlet_id for each in found}),
    )


def _within(latest: Sequence[float]) -> tuple[int, int, int]:
    day, three_days, week = (sum(hours <= span / _HOUR for hours in latest) for span in _SPANS)
    return day, three_days, week


def _bounds(at: datetime, precision: DatePrecision) -> tuple[datetime, datetime]:
    if precision in TO_THE_MINUTE:
        return at, at
    day = at.astimezone(VIETNAM).date()
    start = datetime.combine(day, time(), tzinfo=VIETNAM)
    return start, start + timedelta(hours=23, minutes=59)


def _lag(carrier: Carrier, low: datetime, high: datetime) -> tuple[float, float] | None:
    """Hours from the event to an outlet, least and most, not below 0."""
    moment = carrier.moment
    if moment is None:
        return None
    return max(0.0, (moment.low - high) / _HOUR), max(0.0, (moment.high - low) / _HOUR)
