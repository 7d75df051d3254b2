"""The figures of a period and a scope, and the stories behind them, worked out once a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.codes import Area, DatePrecision, SourceState
from domain.figures import CellState, Release, Status
from domain.health import OutletHealth
from domain.highlights import Highlights
from domain.qualities import Measured, QualityFigure
from domain.records import ArticleRow
from measures.catalogue import CATALOGUE
from measures.cells import Absence, CellLine
from measures.highlights import highlights
from measures.pickup import releases
from measures.placements import by_story, concerns, in_period, is_press, rolled_up
from measures.scope import Scope
from pipeline.health import outlet_healths
from pipeline.profile import Opened, measured_profile
from reports.chart_kinds import Reach
from storage.database import reading
from storage.search import Question
from storage.search_page import found_ids
from web.arrivals import arrivals
from web.asking import Span
from web.desk import Desk
from web.weeks import WeekLine, by_area_and_week, week_lines, weeks_of

#: Stories listed on a page of figures.
STORIES: Final = 20
#: Changes told on a page.
_CHANGES: Final = 6
#: How sources stand is told anew after this time, for silence alone changes it.
_HEALTH_MINUTES: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLine:
    """This is one story of the press as a list shows it."""

    id: int
    headline: str
    outlet_name: str
    at: datetime
    precision: DatePrecision
    areas: tuple[Area, ...]
    focus: tuple[str, ...]
    tones: tuple[str, ...]
    outlets: int
    placements: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """This is a figure that moved away from where it was in the period before."""

    id: str
    name: str
    unit: str
    now: float
    before: float


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """This is all that a page of figures shows."""

    span: Span
    measured: Measured
    #: Vietnamese name of each figure.
    names: Mapping[str, str]
    changes: Sequence[Change]
    #: Every agency x area of the scope.
    cells: Sequence[CellLine]
    #: Cells without a story, those where something was released first.
    missing: Sequence[CellLine]
    #: How many cells are missing, by reason.
    reasons: Mapping[Absence, int]
    stories: Sequence[StoryLine]
    #: All stories of the scope, of which `stories` are the first.
    stories_of: int
    highlights: Highlights
    #: The Mondays of the period, and the stories of each area in each of those weeks; None where
    #: there is none and too little was observed to say so.
    weeks: Sequence[date]
    by_week: Mapping[Area, Sequence[int | None]]
    #: Each week of the period, whatever the area.
    weekly: Sequence[WeekLine]
    #: How first reports on official events came in; empty where there are too few of them.
    arrivals: Sequence[Reach]
    tones: Mapping[str, int]
    #: What portals released and no press outlet carried, the newest first.
    not_picked_up: Sequence[Release]
    #: All of those, of which `not_picked_up` are the first.
    not_picked_up_of: int
    released: int
    #: Stories by agency in focus.
    by_agency: Mapping[str, int]


def view_of(desk: Desk, span: Span) -> View:
    """The figures of a span as the data stands now."""
    key = ("view", desk.version(), span)
    return desk.cache.get(key, lambda: _view(desk, span))


def opened_of(desk: Desk, span: Span) -> Opened:
    """A profile that can be opened to its rows; made anew, for it is large and seldom asked."""
    return measured_profile(
        desk.context, desk.register, span.period, agency=span.agency or None, area=span.area
    )


def _view(desk: Desk, span: Span) -> View:
    opened = opened_of(desk, span)
    scope = Scope(
        period=span.period,
        register=desk.register,
        outlets=desk.context.outlets,
        source_days=(),
        threshold=desk.context.settings.measure.observed_share,
        as_of=span.period.end,
        agency=desk.register.rolled_up(span.agency, span.period.end) if span.agency else None,
    )
    known = rolled_up(opened.articles.values(), desk.register, span.period.end)
    read = in_period(known, span.period)
    worded = _stories_with(desk, span, read)
    scoped = [
        row
        for row in read
        if concerns(row, scope.agency) and _is_in(row, span.area) and row.story_id in worded
    ]
    lines = _story_lines(scoped)
    press = [row for row in scoped if is_press(row)]
    weeks = weeks_of(span.period)
    missing = [cell for cell in opened.cells if cell.absence is not None]
    released = [
        each
        for each in releases(known, scope)
        if scope.agency in (None, each.agency)
        and _is_in(opened.articles[each.article_id], span.area)
        and opened.articles[each.article_id].story_id in worded
    ]
    missed = [each for each in reversed(released) if not each.is_picked_up]
    return View(
        span=span,
        measured=opened.measured,
        names={each.id: each.name for each in CATALOGUE.values()},
        changes=_changes(opened.measured),
        cells=opened.cells,
        missing=sorted(missing, key=lambda cell: list(_WORST).index(cell.absence or _WORST[-1])),
        reasons=Counter(cell.absence for cell in missing if cell.absence is not None),
        stories=lines[:STORIES],
        stories_of=len(lines),
        highlights=highlights(scoped, read, desk.context.outlets),
        weeks=weeks,
        by_week=by_area_and_week(press, weeks, is_watched=_is_watched(opened, scope)),
        weekly=week_lines(desk, span.period, press, scope.threshold),
        arrivals=arrivals(tuple(opened.outcomes.values())),
        tones=_tones(scoped),
        not_picked_up=missed[:STORIES],
        not_picked_up_of=len(missed),
        released=len(released),
        by_agency=Counter(agency for line in lines for agency in line.focus),
    )


def _stories_with(desk: Desk, span: Span, read: Sequence[ArticleRow]) -> Collection[int]:
    """The stories of which one text has the words asked for: a reprint may be known by its lead."""
    if not span.words:
        return {row.story_id for row in read}
    question = Question(words=span.words, since=span.period.start, until=span.period.end)
    with reading(desk.context.engine) as connection:
        found = found_ids(connection, question)
    return {row.story_id for row in read if row.article_id in found}


def _is_in(row: ArticleRow, area: Area | None) -> bool:
    return area is None or area in row.areas


#: Reasons for an empty cell, those that somebody can do something about first.
_WORST: Final = (
    Absence.RELEASED_NOT_COVERED, Absence.NO_RELEASE_SOURCE, Absence.NOT_OBSERVED,
    Absence.NOT_RELEASED, Absence.NOT_EXPECTED,
)  # fmt: skip


def _story_lines(scoped: Sequence[ArticleRow]) -> list[StoryLine]:
    """The stories of the press, the newest first."""
    lines = [_story_line(rows) for rows in by_story(filter(is_press, scoped)).values()]
    return sorted(lines, key=lambda line: (line.at, line.id), reverse=True)


def _story_line(rows: Sequence[ArticleRow]) -> StoryLine:
    lead = rows[0]
    areas = {area for row in rows for area in row.areas}
    return StoryLine(
        id=lead.story_id,
        headline=lead.headline,
        outlet_name=lead.outlet_name,
        at=lead.counted_at,
        precision=lead.date_precision if lead.published_at else DatePrecision.UNKNOWN,
        areas=tuple(area for area in Area if area in areas),
        focus=tuple(dict.fromkeys(agency for row in rows for agency in row.focus)),
        tones=tuple(dict.fromkeys(row.tone for row in rows)),
        outlets=len({row.outlet_id for row in rows}),
        placements=len(rows),
    )


def _changes(measured: Measured) -> list[Change]:
    """Figures whose value before lies outside today's interval, the widest moves first."""
    found = [
        Change(
            id=figure.id,
            name=CATALOGUE[figure.id].name,
            unit=figure.unit,
            now=figure.value,
            before=figure.previous,
        )
        for quality in measured.qualities
        for figure in quality.figures
        if figure.value is not None and figure.previous is not None and _is_moved(figure)
    ]
    return sorted(found, key=_width, reverse=True)[:_CHANGES]


def _is_moved(figure: QualityFigure) -> bool:
    if figure.status is not Status.OK or figure.previous is None or figure.interval is None:
        return False
    low, high = figure.interval
    return figure.previous < low or (high is not None and figure.previous > high)


def _width(change: Change) -> float:
    return abs(change.now - change.before) / max(abs(change.now), abs(change.before), 1e-9)


def _is_watched(opened: Opened, scope: Scope) -> bool:
    """Whether nothing found means that there was nothing."""
    if opened.measured.share_of_days < scope.threshold:
        return False
    return not (scope.agency and any(cell.state is CellState.UNKNOWN for cell in opened.cells))


def _tones(scoped: Sequence[ArticleRow]) -> dict[str, int]:
    found = Counter(rows[0].tone for rows in by_story(filter(is_press, scoped)).values())
    return dict(found.most_common())


def healths(desk: Desk) -> tuple[OutletHealth, ...]:
    """How the watched outlets stand."""
    slot = int(desk.context.clock().timestamp()) // (_HEALTH_MINUTES * 60)
    return desk.cache.get(("health", desk.version(), slot), lambda: outlet_healths(desk.context))


def health_counts(desk: Desk) -> dict[SourceState, int]:
    """How many outlets stand how, the sick first."""
    found = Counter(each.state for each in healths(desk))
    return {state: found[state] for state in SICK_FIRST if found[state]}


#: How an outlet stands, in words, those that need a person first.
STATE_NAMES: Final = {
    SourceState.FAILING: "không lấy được",
    SourceState.BLOCKED: "bị chặn",
    SourceState.ROTTING: "đáng ngờ",
    SourceState.EMPTY: "trống",
    SourceState.UNOBSERVABLE: "không được phép tải",
    SourceState.QUIET: "im lặng",
    SourceState.NEW: "chưa hỏi",
    SourceState.OK: "bình thường",
}
SICK_FIRST: Final = tuple(STATE_NAMES)
