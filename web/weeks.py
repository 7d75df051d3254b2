"""The weeks of a period: stories in each, and how much of the press was observed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.clock import VIETNAM
from domain.codes import Area
from domain.outlets import OutletBook
from domain.periods import Period, between
from domain.records import ArticleRow
from measures.observation import answers_within, observed
from measures.placements import day_of
from storage.database import reading
from storage.watching import Watched, watched_days
from web.desk import Desk

_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekLine:
    """This is the part of one week that lies in the period."""

    first: date
    last: date
    #: None where there is none and too little was observed to say so.
    stories: int | None
    #: Share of the days of press sources observed; None where there is nothing to observe yet.
    observed: float | None


def weeks_of(period: Period) -> list[date]:
    """The Mondays of the weeks that the period touches."""
    monday = period.start - timedelta(days=period.start.weekday())
    return [monday + number * _WEEK for number in range((period.end - monday).days // 7 + 1)]


def week_lines(
    desk: Desk, period: Period, press: Iterable[ArticleRow], threshold: float
) -> list[WeekLine]:
    """The weeks with the stories of `press`, the placements of the period and the scope."""
    weeks = weeks_of(period)
    stories: dict[int, set[int]] = defaultdict(set)
    for row in press:
        stories[(day_of(row) - weeks[0]).days // 7].add(row.story_id)
    shares = _shares(desk, period, weeks)
    return [
        WeekLine(
            first=max(monday, period.start),
            last=min(monday + _WEEK - timedelta(days=1), period.end),
            stories=len(stories[place]) or (0 if (share or 0.0) >= threshold else None),
            observed=share,
        )
        for place, (monday, share) in enumerate(zip(weeks, shares, strict=True))
    ]


def by_area_and_week(
    press: Iterable[ArticleRow], weeks: Sequence[date], *, is_watched: bool
) -> dict[Area, list[int | None]]:
    """Stories of each area in each week; nothing found is a 0 only where it was watched."""
    stories: dict[tuple[Area, int], set[int]] = defaultdict(set)
    for row in press:
        week = (day_of(row) - weeks[0]).days // 7
        for area in row.areas:
            stories[area, week].add(row.story_id)
    none = 0 if is_watched else None
    return {area: [len(stories[area, week]) or none for week in range(len(weeks))] for area in Area}


def _shares(desk: Desk, period: Period, weeks: Sequence[date]) -> list[float | None]:
    """How much of the press was observed each week, up to today: the same for every scope."""
    today = desk.context.clock().astimezone(VIETNAM).date()

    def made() -> list[float | None]:
        with reading(desk.context.engine) as connection:
            watched = watched_days(connection, *period.bounds())
        until = min(period.end, today)
        return [
            _share(watched, desk.context.outlets, max(monday, period.start), until)
            for monday in weeks
        ]

    return desk.cache.get(("observed", desk.version(), period, today), made)


def _share(watched: Watched, outlets: OutletBook, first: date, until: date) -> float | None:
    last = min(first - timedelta(days=first.weekday()) + _WEEK - timedelta(days=1), until)
    if last < first:
        return None
    week = between(first, last)
    press = observed(answers_within(watched, week), week, outlets, {}).press
    return press.source_days_observed / press.source_days if press.source_days else None
