"""What became of each official event: which outlets carried it, and how long that took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.clock import VIETNAM
from domain.events import EventRow
from domain.figures import Lag
from domain.records import ArticleRow
from measures.ground import Ground
from measures.placements import order
from measures.survival import Wait
from measures.timing import TO_THE_MINUTE, Carrier, Moment, carriers

HOUR: Final = timedelta(hours=1)
_NONE: Final = timedelta()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """This is an event and what the press made of it up to the end of the period."""

    row: EventRow
    at: Moment
    #: The press outlets that carried it, first to last.
    carriers: tuple[Carrier, ...]
    #: To the first and third outlet, not below 0; None where it is not carried by so many.
    first: Lag | None
    third: Lag | None
    #: True where the press surely had it before it was official.
    before: bool
    #: From the event to the end of the period.
    followed: timedelta
    #: From the event to the first gap in watching the press, else to the end of the period.
    watched: timedelta
    #: Observed share of the press on each day from the event on.
    days: tuple[float, ...]

    @property
    def id(self) -> int:
        """The number of the event."""
        return self.row.event.id

    @property
    def is_covered(self) -> bool:
        """Whether at least one press outlet carried it."""
        return self.first is not None

    def lag(self, outlets: int) -> Lag | None:
        """The lag to the first or the third outlet."""
        return self.first if outlets == 1 else self.third

    def is_due(self, span: timedelta) -> bool:
        """Whether the span had passed when the period ended."""
        return self.followed >= span

    def is_surely_within(self, span: timedelta) -> bool:
        """Whether it was carried within the span whatever the inexact times were."""
        return self.first is not None and self.first.high <= span

    def is_possibly_within(self, span: timedelta, threshold: float) -> bool:
        """Whether it may have been: by its bounds, or because the press was not watched."""
        if self.first is not None and self.first.low <= span:
            return True
        return self.unwatched(span) > 1 - threshold

    def unwatched(self, span: timedelta) -> float:
        """The part of the press that was not watched in the span after it."""
        window = self.days[: max(1, -(-span // timedelta(days=1)))]
        return 1 - sum(window) / len(window) if window else 0.0

    def wait(self, outlets: int, *, latest: bool) -> Wait:
        """How long until so many outlets had it; `latest` takes the late end of its bounds."""
        lag = self.lag(outlets)
        span = None if lag is None else lag.high if latest else lag.low
        # After a gap in watching nobody knows who had it first: those found later are not better
        # known than those not found, and are left waiting at the gap like them.
        if span is None or span > self.watched:
            return Wait(hours=self.watched / HOUR, came=False)
        return Wait(hours=span / HOUR, came=True)


def outcomes(ground: Ground) -> list[Outcome]:
    """The outcome of every event of the ground, the oldest event first."""
    return [_outcome(row, ground) for row in ground.events]


def _outcome(row: EventRow, ground: Ground) -> Outcome:
    at = _moment(row)
    placed = [text for story in row.stories for text in ground.placements.get(story, ())]
    found = tuple(carriers(sorted(placed, key=order)))
    end = ground.end
    days = _days(row, ground)
    return Outcome(
        row=row,
        at=at,
        carriers=found,
        first=_lag(at, found, 1, end),
        third=_lag(at, found, 3, end),
        before=bool(found) and found[0].moment is not None and found[0].moment.high < at.low,
        followed=max(_NONE, end - at.high),
        watched=_watched(at, days, ground),
        days=days,
    )


def _moment(row: EventRow) -> Moment:
    event = row.event
    if event.precision in TO_THE_MINUTE:
        return Moment(low=event.at, high=event.at)
    day = event.at.astimezone(VIETNAM).date()
    return Moment(low=_at(day, time()), high=_at(day, time(23, 59)))


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=VIETNAM)


def _lag(at: Moment, found: Sequence[Carrier], k: int, end: datetime) -> Lag | None:
    """From the event to the k-th outlet. An outlet without a date may have come at any time."""
    if len(found) < k:
        return None
    lows = sorted(each.moment.low if each.moment else at.low for each in found)
    highs = sorted(each.moment.high if each.moment else end for each in found)
    return Lag(low=max(_NONE, lows[k - 1] - at.high), high=max(_NONE, highs[k - 1] - at.low))


def _days(row: EventRow, ground: Ground) -> tuple[float, ...]:
    start = row.event.at.astimezone(VIETNAM).date()
    daily = ground.daily(row.event.agency_id)
    return tuple(share for day, share in sorted(daily.items()) if day >= start)


def _watched(at: Moment, days: Sequence[float], ground: Ground) -> timedelta:
    """Up to the first day on which the press was not watched well enough, else to the end."""
    start = at.low.astimezone(VIETNAM).date()
    for place, share in enumerate(days):
        if share < ground.scope.threshold:
            gap = _at(start + timedelta(days=place), time())
            return max(_NONE, gap - at.high)
    return max(_NONE, ground.end - at.high)


def article_ids(found: Sequence[ArticleRow]) -> tuple[int, ...]:
    """The ids of rows, each once, in order."""
    return tuple(dict.fromkeys(row.article_id for row in found))
