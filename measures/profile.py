"""The profile of a period and a scope: six qualities, each figure with its ground."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from domain.agencies import AgencyRegister
from domain.codes import Area
from domain.events import EventRow
from domain.figures import CellState
from domain.holidays import Calendar
from domain.outlets import OutletBook
from domain.periods import Period
from domain.proposals import Proposals
from domain.qualities import Compared, Measured, QualityFigure, QualityId, QualityProfile
from domain.records import ArticleRow, SourceDay
from measures import (
    audience,
    balance,
    cells,
    context,
    correction,
    expected,
    regularity,
    timeliness,
    variety,
)
from measures.agency_index import AgencyIndex, agency_indexes
from measures.correction import Checked
from measures.corrections import with_reason
from measures.coverage import agencies
from measures.ground import Ground, announced_by, lay_ground
from measures.observation import answers_within
from measures.outcomes import Outcome, outcomes
from measures.remarks import remarks
from measures.scope import Scope
from measures.standing import against, beside, values

#: Tags that an audit sample may be about.
CELL_TAG: Final = "cell"
AGENCY_TAG: Final = "agency"
AREA_TAG: Final = "area"
CRITICAL_TAG: Final = "critical"
RELEVANT_TAG: Final = "relevant"
#: The agency of the scope as the subject of a relevant article.
VOICE_TAG: Final = "voice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Holdings:
    """This is everything a profile is made from, apart from its period and scope."""

    #: Relevant placements of the periods measured and the days before them.
    rows: Sequence[ArticleRow]
    events: Sequence[EventRow]
    register: AgencyRegister
    outlets: OutletBook
    calendar: Calendar
    proposals: Proposals
    #: Observed share below which an empty cell is unknown.
    threshold: float
    #: Figure id: what is to be reached; only what an officer entered.
    targets: Mapping[str, float] = field(default_factory=dict)
    #: By tag: `CELL_TAG`, `AGENCY_TAG`, `AREA_TAG`, `CRITICAL_TAG`, `RELEVANT_TAG`, `VOICE_TAG`.
    audit: Mapping[str, Sequence[Checked]] = field(default_factory=dict)
    #: Press articles read, whatever their subject, by first day of the period.
    read: Mapping[date, int] = field(default_factory=dict)
    #: Stories of the whole country, by first day of the period; empty to count them in `rows`.
    nationwide: Mapping[date, int] = field(default_factory=dict)
    #: Whether each source answered, by day, by source, by outlet; in place of `source_days`.
    watched: Mapping[str, Mapping[str, Mapping[date, bool]]] | None = None
    source_days: Sequence[SourceDay] = ()
    #: Usual volume of each outlet a day; None to take it from `rows`.
    volumes: Mapping[str, float] | None = None
    #: Days with a new story of the scope in the year up to the end; empty without a whole year.
    year_days: Sequence[date] = ()
    #: Agencies with an event of the period in the register, whatever the scope.
    announcing: Collection[str] = ()
    #: When the profile is made: a period that is not over ends then. None for a past period.
    now: datetime | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """This is a profile with the cells and events that its figures can be opened to."""

    measured: Measured
    cells: Sequence[cells.CellLine]
    outcomes: Sequence[Outcome]
    #: Every agency beside its group; empty where one agency is the scope.
    indexes: Sequence[AgencyIndex]


def profile(
    held: Holdings,
    period: Period,
    *,
    plan: str,
    agency: str | None = None,
    area: Area | None = None,
    compared: bool = True,
    under_government: bool = False,
) -> Measured:
    """All six qualities of a period, for the country, an agency, an area, or an agency's area.

    With `compared` each figure stands beside that of the period before and of a year before, in
    which old agencies are rolled up to those of today.
    """
    return opened_profile(
        held, period, plan=plan, agency=agency, area=area, compared=compared,
        under_government=under_government,
    ).measured  # fmt: skip


def opened_profile(
    held: Holdings,
    period: Period,
    *,
    plan: str = "",
    agency: str | None = None,
    area: Area | None = None,
    compared: bool = True,
    under_government: bool = False,
) -> Opening:
    """The profile, every cell with its stories or why it is empty, what became of each event."""
    scope = _scope(held, period, agency, under_government)
    earlier = (period.previous(), period.year_before()) if compared else ()
    ground, *past = (
        _ground(held, replace(scope, period=each), area) for each in (period, *earlier)
    )
    panel = context.continuing_outlets([ground, *past])
    qualities = measure(ground, held, panel)
    if past:
        qualities = beside(qualities, *(_past_values(each, held, panel) for each in past))
    return Opening(
        measured=_measured(ground, past, held, plan, against(qualities, held.targets)),
        cells=cells.cell_lines(ground, held.proposals.applicable),
        outcomes=outcomes(ground),
        indexes=agency_indexes(ground),
    )


def _past_values(
    ground: Ground, held: Holdings, panel: frozenset[str]
) -> Mapping[str, float | None]:
    """The values of a period that another stands beside; none of one that nobody observed."""
    if not (ground.rows or ground.events or ground.observation.press.source_days_observed):
        return {}
    return values(measure(ground, held, panel, bare=True))


def _measured(
    ground: Ground,
    past: Sequence[Ground],
    held: Holdings,
    plan: str,
    qualities: tuple[QualityProfile, ...],
) -> Measured:
    press, scope = ground.observation.press, ground.scope
    country = [agency.id for agency, _ in agencies(replace(scope, agency=None))]
    releasing = announced_by(ground) | {scope.heir(each) for each in held.announcing}
    previous, year_before = map(_compared, past) if past else (None, None)
    return Measured(
        plan=plan,
        period=ground.period,
        agency=ground.scope.agency or "",
        area=ground.area or "",
        sources=press.sources_observed,
        sources_of=press.sources,
        share_of_days=press.share,
        agencies_with_releases=sum(agency in releasing for agency in country),
        agencies_of=len(country),
        has_releases=scope.agency in releasing if scope.agency else None,
        previous=previous,
        year_before=year_before,
        qualities=qualities,
        versions=held.versions,
        notes=tuple(
            remarks(ground, held.proposals, held.calendar, held.year_days, (previous, year_before))
        ),
    )


def _compared(ground: Ground) -> Compared:
    press = ground.observation.press
    return Compared(
        period=ground.period,
        sources=press.sources_observed,
        sources_of=press.sources,
        share_of_days=press.share,
        is_watched=ground.is_watched,
    )


def _scope(held: Holdings, period: Period, agency: str | None, under_government: bool) -> Scope:
    return Scope(
        period=period,
        register=held.register,
        outlets=held.outlets,
        source_days=held.source_days,
        threshold=held.threshold,
        as_of=period.end,
        agency=held.register.rolled_up(agency, period.end) if agency else None,
        under_government=under_government,
    )


def _ground(held: Holdings, scope: Scope, area: Area | None) -> Ground:
    return lay_ground(
        held.rows,
        held.events,
        scope,
        area=area,
        volumes=held.volumes,
        nationwide=held.nationwide.get(scope.period.start),
        answered=None if held.watched is None else answers_within(held.watched, scope.period),
        now=held.now,
    )


def measure(
    ground: Ground, held: Holdings, panel: frozenset[str], *, bare: bool = False
) -> tuple[QualityProfile, ...]:
    """The qualities of one ground; `panel` are the outlets watched in all periods compared.

    A `bare` ground only lends its values to be stood beside: intervals that take long are left out.
    """
    found = outcomes(ground)
    figures = {
        QualityId.COMPLETE: _complete(ground, found, held),
        QualityId.TIMELY: _timely(ground, found, held),
        QualityId.AUDIENCE: _audience(ground, held),
        QualityId.REGULAR: _regular(ground, held),
        QualityId.DIVERSE: _diverse(ground, held, bare=bare),
        QualityId.CONTEXT: _context(ground, found, held, panel),
    }
    return tuple(
        QualityProfile(id=each, figures=tuple(map(with_reason, made)))
        for each, made in figures.items()
    )


def _complete(ground: Ground, found: Sequence[Outcome], held: Holdings) -> list[QualityFigure]:
    mask = held.proposals.applicable
    lines = cells.cell_lines(ground, mask)
    asked = [line for line in lines if mask(line.agency, line.area)]
    covered = cells.covered_cells(lines, mask)
    sure = correction.surely_covered(
        [line.stories for line in asked if line.state is CellState.COVERED],
        len(asked),
        held.audit.get(CELL_TAG, ()),
    )
    return [
        replace(covered, corrected=sure, reason=_joined(covered.reason, held.proposals.note)),
        _surely(
            cells.covered_agencies(ground),
            [len(ground.told.get(agency.id, ())) for agency, _ in ground.listed],
            held.audit.get(AGENCY_TAG, ()),
        ),
        _surely(
            cells.covered_areas(ground),
            [sum(area in story.areas for story in ground.stories) for area in Area],
            held.audit.get(AREA_TAG, ()),
        ),
        expected.covered_events(found, ground),
        cells.both_aspects(ground),
        balance.balance(ground),
        cells.owned_cells(ground, mask),
    ]


def _surely(
    figure: QualityFigure, findings: Sequence[int], audit: Sequence[Checked]
) -> QualityFigure:
    """The figure beside how many of its agencies or areas have a finding that is true."""
    if figure.value is None:
        return figure
    return replace(figure, corrected=correction.surely_covered(findings, len(findings), audit))


def _timely(ground: Ground, found: Sequence[Outcome], held: Holdings) -> list[QualityFigure]:
    threshold = ground.scope.threshold
    figures = [
        *(
            timeliness.within(figure_id, span, found, threshold)
            for figure_id, span in timeliness.SPANS.items()
        ),
        timeliness.working_days(found, threshold, held.calendar),
        timeliness.uncovered(found, threshold),
        *(timeliness.waiting_time(figure_id, found) for figure_id in timeliness.WAITS),
        timeliness.before(found),
    ]
    if found:
        return figures
    return [expected.no_events(figure.id, ground, figure.unit) for figure in figures]


def _audience(ground: Ground, held: Holdings) -> list[QualityFigure]:
    weights, note = held.proposals.weights, held.proposals.note
    return [
        audience.fit(ground.stories, weights, note),
        audience.similarity(ground.stories, weights, note),
        audience.labelled(ground.stories),
        audience.local_fit(ground),
        audience.own_province(ground),
        audience.reach_of_ministries(ground),
    ]


def _regular(ground: Ground, held: Holdings) -> list[QualityFigure]:
    days, watched = regularity.story_days(ground), ground.watched_days()
    firsts = [story.rows[0] for story in ground.stories]
    ids = tuple(row.article_id for row in firsts)
    timed = [
        regularity.active_weeks(days, watched, ground.period),
        regularity.promised(days, watched, ground.period, held.targets.get("regular.promised")),
        regularity.longest_gap(days, watched, ground.period),
        regularity.p90_gap(days, watched, ground.period),
    ]
    return [
        *(replace(figure, rows=ids) for figure in timed),
        regularity.burstiness([row.counted_at for row in firsts], ids),
        regularity.campaign(ground.stories),
    ]


def _diverse(ground: Ground, held: Holdings, *, bare: bool) -> list[QualityFigure]:
    dimensions = variety.dimensions(ground)
    return [
        *(variety.evenness(each, bare=bare) for each in dimensions),
        *(variety.difference(each, bare=bare) for each in dimensions),
        _corrected(variety.critical(ground.stories), held.audit.get(CRITICAL_TAG, ())),
        variety.voices(),
    ]


def _context(
    ground: Ground, found: Sequence[Outcome], held: Holdings, panel: frozenset[str]
) -> list[QualityFigure]:
    placed = sum(len(story.rows) for story in ground.stories)
    relevant = held.audit.get(RELEVANT_TAG, ())
    stories = context.volume("context.stories", "stories", len(ground.stories), ground)
    if stories.value:
        stories = replace(stories, corrected=correction.corrected_count(stories.n, relevant))
    attention = context.attention(ground, held.read.get(ground.period.start))
    if ground.scope.agency is None and ground.area is None:
        attention = _corrected(attention, relevant)
    return [
        stories,
        context.volume("context.placements", "placements", placed, ground),
        context.of_continuing(ground, panel),
        attention,
        _corrected(context.share_of_voice(ground), held.audit.get(VOICE_TAG, ())),
        context.copies(ground.stories),
        context.depth(ground.stories),
        context.picked_up(ground),
        context.text_reuse(found),
        context.portal_text(ground),
        context.answer_time(ground, found),
    ]


def _corrected(figure: QualityFigure, audit: Sequence[Checked]) -> QualityFigure:
    if figure.value is None or figure.k is None:
        return figure
    return replace(figure, corrected=correction.corrected_share(figure.k, figure.n, audit))


def _joined(*reasons: str) -> str:
    return "; ".join(filter(None, reasons))
