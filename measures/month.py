"""Everything measured for a period and a scope, from the rows to the figures of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from domain.agencies import AgencyRegister
from domain.figures import MonthFigures
from domain.outlets import OutletBook
from domain.periods import Period
from domain.records import ArticleRow, OutletDay, SourceDay
from domain.settings import MeasureSettings
from measures.comparison import compare
from measures.coverage import agencies, cell_state, completeness, coverage
from measures.definitions import definition
from measures.observation import daily_volumes, observe, panel_of, panel_share
from measures.pickup import pick_up, picked_up_share, prompt_share
from measures.placements import concerns, in_period, rolled_up
from measures.scope import Scope
from measures.timing import kth_lag, summarise, timing
from measures.totals import counted, reprint_ratio, totals
from measures.volumes import outlet_days, volumes

NATIONWIDE: Final = "Toàn quốc"

DEFINITIONS: Final = (
    definition("observed", "Mức độ quan sát", observe),
    definition("panel", "Nhóm báo theo dõi một cơ quan", panel_share),
    definition("counts", "Câu chuyện và tin, bài", counted),
    definition("cell", "Ô cơ quan x lĩnh vực", cell_state),
    definition("complete", "Đầy đủ", completeness),
    definition("lag", "Kịp thời: độ trễ của một câu chuyện", kth_lag),
    definition("timely", "Kịp thời: độ trễ trung vị", summarise),
    definition("picked_up", "Tin của cổng thông tin được báo chí đăng", picked_up_share),
    definition("picked_up_72h", "Tin của cổng thông tin được đăng trong 72 giờ", prompt_share),
    definition("reprint_ratio", "Tỷ lệ đăng lại", reprint_ratio),
    definition("change", "So với kỳ trước", compare),
)


def measure_month(
    rows: Sequence[ArticleRow],
    source_days: Sequence[SourceDay],
    register: AgencyRegister,
    period: Period,
    outlets: OutletBook,
    settings: MeasureSettings,
    *,
    previous_rows: Sequence[ArticleRow] | None = None,
    agency: str | None = None,
    read: Sequence[OutletDay] | None = None,
) -> MonthFigures:
    """All figures of a period, for the whole country or for one agency.

    `rows` are the placements of the period, and `previous_rows` those of the one before: whatever
    is relevant, and all others of the same stories. `read` says how much was read of whatever
    subject in the two; without it the rows are everything that was read. `source_days` may reach
    back over the period before.
    Without `previous_rows` nothing is compared and no outlet's usual volume known.
    """
    if read is None:
        read = outlet_days((*(previous_rows or ()), *rows))
    scope = Scope(
        period=period,
        register=register,
        outlets=outlets,
        source_days=source_days,
        threshold=settings.observed_share,
        as_of=period.end,
        agency=register.rolled_up(agency, period.end) if agency else None,
    )
    now = _measure(rows, previous_rows or (), read, scope)
    if previous_rows is None:
        return replace(now, changes=compare(now, None))
    earlier = period.previous()
    known = [each for each in read if earlier.start <= each.day <= earlier.end]
    before = _measure(previous_rows, (), known, replace(scope, period=earlier))
    return replace(now, changes=compare(now, before))


def _measure(
    rows: Sequence[ArticleRow],
    earlier: Sequence[ArticleRow],
    read: Sequence[OutletDay],
    scope: Scope,
) -> MonthFigures:
    period = scope.period
    usual = daily_volumes(volumes(read, period.previous()), scope.source_days, period.previous())
    observation = observe(scope.source_days, period, scope.outlets, usual)
    panel = panel_share(panel_of(observation, scope.agency, scope.register))
    known = rolled_up(_once((*earlier, *rows)), scope.register, scope.as_of)
    scoped = [
        row for row in in_period(known, period) if row.relevant and concerns(row, scope.agency)
    ]
    listed = [agency for agency, _ in agencies(scope)]
    return MonthFigures(
        period=period,
        agency=scope.agency,
        scope=scope.name(scope.agency) if scope.agency else NATIONWIDE,
        observation=observation,
        totals=totals(
            [each for each in read if period.start <= each.day <= period.end],
            scoped,
            observation,
            panel,
            scope,
        ),
        coverage=coverage(scoped, observation, scope),
        timing=timing(known, (row.story_id for row in scoped), period),
        pick_up=pick_up(known, listed, observation, scope),
        changes=(),
        names=_names(scoped, {agency.id for agency in listed}, scope),
        definitions=DEFINITIONS,
        observed_share=scope.threshold,
    )


def listed_rows(
    rows: Iterable[ArticleRow],
    register: AgencyRegister,
    period: Period,
    *,
    agency: str | None = None,
) -> list[ArticleRow]:
    """The rows behind the figures: relevant, in scope, agencies rolled up, oldest first."""
    wanted = register.rolled_up(agency, period.end) if agency else None
    chosen = [row for row in in_period(rows, period) if row.relevant]
    return [row for row in rolled_up(chosen, register, period.end) if concerns(row, wanted)]


def _once(rows: Iterable[ArticleRow]) -> list[ArticleRow]:
    return list({row.article_id: row for row in rows}.values())


def _names(rows: Iterable[ArticleRow], listed: set[str], scope: Scope) -> dict[str, str]:
    seen = {agency for row in rows for agency in (*row.focus, *row.mention)}
    return {agency: scope.name(agency) for agency in sorted(seen | listed)}
