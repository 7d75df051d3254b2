"""The stage that measures a profile: stored rows and a period -> the six qualities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import Area
from domain.errors import UsageError
from domain.events import EventRow
from domain.periods import Period
from domain.plans import Plan, read_plans
from domain.qualities import Measured
from domain.records import ArticleRow
from measures.agency_index import AgencyIndex
from measures.cells import CellLine
from measures.outcomes import Outcome
from measures.profile import opened_profile
from pipeline.context import Context
from pipeline.holdings import gather
from storage.database import reading
from storage.rows import last_counted
from storage.volumes import first_counted

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
    #: The first and the last day of what is stored; None where nothing is.
    stored: tuple[date, date] | None
    #: Every ministry and province beside the others of its group; empty for one agency.
    indexes: Sequence[AgencyIndex] = ()


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
    stored = _stored(context)
    held = gather(context, register, period, plan, agency=agency, area=area)
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
        stored=stored,
        indexes=found.indexes,
    )


def _stored(context: Context) -> tuple[date, date] | None:
    with reading(context.engine) as connection:
        first, last = first_counted(connection), last_counted(connection)
    if first is None or last is None:
        return None
    return first.astimezone(VIETNAM).date(), last.astimezone(VIETNAM).date()


def _plan(context: Context, period: Period, plan_id: str) -> Plan | None:
    """The plan asked for, else that of the period's last day; None where that year has none."""
    book = read_plans(context.own_plans)
    if plan_id:
        return book.get(plan_id)
    try:
        return book.of_day(period.end)
    except UsageError:
        return None
