"""The stage that measures a profile: stored rows and a period -> the six qualities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.agencies import AgencyRegister
from domain.codes import PRESS_KINDS, Area, Role
from domain.errors import UsageError
from domain.events import EventRow
from domain.holidays import read_calendar
from domain.periods import Period
from domain.plans import Plan, read_plans
from domain.proposals import read_proposals
from domain.qualities import Measured
from domain.records import ArticleRow, SourceDay
from domain.review import Audited, Verdict
from domain.taxonomy import read_taxonomy
from measures.audit import weighed
from measures.cells import CellLine
from measures.correction import Checked
from measures.observation import answers
from measures.outcomes import Outcome
from measures.profile import (
    CELL_TAG,
    CRITICAL_TAG,
    RELEVANT_TAG,
    VOICE_TAG,
    Holdings,
    opened_profile,
)
from measures.variety import is_critical_code
from pipeline.context import Context
from storage.database import Connection, reading
from storage.events import event_rows
from storage.review import audited
from storage.rows import article_rows, counted_by_outlet, source_days
from storage.volumes import first_counted, press_stories, story_days

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_YEAR = timedelta(days=365)
_NO_PLAN = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """This is a profile with everything that its figures can be opened to."""

    measured: Measured
    articles: Mapping[int, ArticleRow]
    events: Mapping[int, EventRow]
    cells: Sequence[CellLine]
    #: What became of each confirmed event of the period and the scope.
    outcomes: Mapping[int, Outcome]
    #: Observed share below which an absence is not known.
    threshold: float


def measured_profile(
    context: Context,
    register: AgencyRegister,
    period: Period,
    *,
    plan_id: str = "",
    agency: str | None = None,
    area: Area | None = None,
    under_government: bool = False,
) -> Opened:
    """The profile of a period and a scope, beside the period before and a year before."""
    plan = _plan(context, period, plan_id)
    held = _holdings(context, register, period, plan, agency=agency, area=area)
    found = opened_profile(
        held,
        period,
        plan=plan.id if plan else _NO_PLAN,
        agency=agency,
        area=area,
        under_government=under_government,
    )
    return Opened(
        measured=found.measured,
        articles={row.article_id: row for row in held.rows},
        events={row.event.id: row for row in held.events},
        cells=found.cells,
        outcomes={outcome.id: outcome for outcome in found.outcomes},
        threshold=held.threshold,
    )


def _plan(context: Context, period: Period, plan_id: str) -> Plan | None:
    """The plan asked for, else that of the period's last day; None where that year has none."""
    book = read_plans(context.own_plans)
    if plan_id:
        return book.get(plan_id)
    try:
        return book.of_day(period.end)
    except UsageError:
        return None


def _holdings(
    context: Context,
    register: AgencyRegister,
    period: Period,
    plan: Plan | None,
    *,
    agency: str | None,
    area: Area | None,
) -> Holdings:
    spans = (period, period.previous(), period.year_before())
    ids = _same_agency(register, agency, period.end) if agency else None
    with reading(context.engine) as connection:
        rows = {
            row.article_id: row
            for span in spans
            for row in article_rows(
                connection, *span.bounds(), agency=ids, area=area, relevant_only=True
            )
        }
        events = [row for span in spans for row in event_rows(connection, *span.bounds(), ids)]
        linked = {story for row in events for story in row.stories}
        told = article_rows(
            connection, _LONG_AGO, period.bounds()[1], stories=linked, relevant_only=True
        )
        rows |= {row.article_id: row for row in told}
        days = [day for span in spans for day in source_days(connection, *span.bounds())]
        read = {span.start: counted_by_outlet(connection, *span.bounds()) for span in spans}
        nationwide = {span.start: press_stories(connection, *span.bounds(), area) for span in spans}
        year = _year_days(connection, period, ids, area)
        sample, drawn = audited(connection)
    proposals = read_proposals(register, context.own_plans)
    models = sorted({row.model_version for row in rows.values() if row.model_version})
    return Holdings(
        rows=list(rows.values()),
        source_days=days,
        events=list({row.event.id: row for row in events}.values()),
        register=register,
        outlets=context.outlets,
        calendar=read_calendar(),
        proposals=proposals,
        threshold=context.settings.measure.observed_share,
        targets=dict(plan.targets) if plan else {},
        audit=audit_by_tag(
            [one for one in weighed(sample, drawn) if one.model_version in models],
            ids or frozenset(),
        ),
        read={start: _press_total(context, counts) for start, counts in read.items()},
        nationwide=nationwide,
        now=context.clock(),
        year_days=year,
        volumes=_volumes(read[period.previous().start], days, period.previous()),
        versions={
            "model": ", ".join(models),
            "register": register.version,
            "taxonomy": read_taxonomy().version,
            "plan": plan.id if plan else _NO_PLAN,
        },
    )


def _year_days(
    connection: Connection, period: Period, ids: AbstractSet[str] | None, area: Area | None
) -> list[date]:
    """The days of the year up to the end with a story of the agency; none without a whole year."""
    after = period.bounds()[1]
    since = after - _YEAR
    oldest = first_counted(connection)
    if ids is None or oldest is None or oldest > since:
        return []
    return story_days(connection, since, after, ids, area)


def _same_agency(register: AgencyRegister, agency: str, day: date) -> AbstractSet[str]:
    """Every id whose figures stand under the agency's heir on `day`."""
    heir = register.rolled_up(agency, day)
    return {each.id for each in register.all() if register.rolled_up(each.id, day) == heir}


def _volumes(
    counts: Mapping[str, int], days: Sequence[SourceDay], before: Period
) -> dict[str, float]:
    """Articles on an observed day of the period before, by outlet."""
    return {
        outlet: counts.get(outlet, 0) / len(seen)
        for outlet, sources in answers(days, before).items()
        if (seen := frozenset[date]().union(*sources.values()))
    }


def _press_total(context: Context, counts: Mapping[str, int]) -> int:
    press = {outlet.id for outlet in context.outlets if outlet.kind in PRESS_KINDS}
    return sum(count for outlet, count in counts.items() if outlet in press)


def audit_by_tag(sample: Sequence[Audited], ids: AbstractSet[str]) -> dict[str, list[Checked]]:
    """The audit sample by the tags that are corrected; `ids` are those of the agency in scope."""
    relevant = [
        Checked(predicted=one.said.relevant, true=one.true.relevant, weight=one.weight)
        for one in sample
    ]
    critical = [
        Checked(
            predicted=is_critical_code(one.said.tone, one.said.aspect),
            true=one.true.relevant and is_critical_code(one.true.tone, one.true.aspect),
            weight=one.weight,
        )
        for one in sample
        if one.said.relevant
    ]
    cells = [
        Checked(predicted=True, true=cell in _cells(one.true), weight=one.weight)
        for one in sample
        for cell in sorted(_cells(one.said))
    ]
    voice = [
        Checked(
            predicted=not ids.isdisjoint(_focus(one.said)),
            true=one.true.relevant and not ids.isdisjoint(_focus(one.true)),
            weight=one.weight,
        )
        for one in sample
        if one.said.relevant
    ]
    return {RELEVANT_TAG: relevant, CRITICAL_TAG: critical, CELL_TAG: cells, VOICE_TAG: voice}


def _focus(verdict: Verdict) -> list[str]:
    return [agency for agency, role in verdict.agencies.items() if role is Role.FOCUS]


def _cells(verdict: Verdict) -> set[tuple[str, str]]:
    if not verdict.relevant:
        return set()
    return {(agency, area) for agency in _focus(verdict) for area in verdict.areas}
