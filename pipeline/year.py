"""The cells of many months at once: every agency, area and month, covered, empty or unknown.

Only numbers are read, so that a year over a million articles takes seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.agencies import AgencyRegister
from domain.codes import Area
from domain.errors import UsageError
from domain.figures import CellState
from domain.periods import Period, Window
from domain.periods import month as month_of
from domain.proposals import read_proposals
from domain.records import SourceDay
from measures.coverage import cell_state
from measures.observation import answers, observe, panel_of, panel_share
from pipeline.context import Context
from storage.cells import cell_counts
from storage.database import reading
from storage.rows import counted_by_outlet, source_days


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthCell:
    """This is one agency in one area and month."""

    agency_id: str
    area: Area
    month: Period
    state: CellState
    stories: int
    placements: int
    #: False where the table of cells that need news leaves it out.
    expected: bool = True


def months_between(since: date, until: date) -> list[Period]:
    """The whole months of a stretch, by the calendar or from a 15th to a 14th.

    >>> [each.slug for each in months_between(date(2025, 12, 15), date(2026, 2, 14))]
    ['2026-01-bao-cao', '2026-02-bao-cao']
    """
    window = Window.LICH if since.day == 1 else Window.BAO_CAO
    number = since.year * 12 + since.month - (window is Window.LICH)
    found: list[Period] = []
    while not found or found[-1].end < until:
        found.append(month_of(f"{number // 12:04}-{number % 12 + 1:02}", window))
        number += 1
    if (found[0].start, found[-1].end) != (since, until):
        raise UsageError(
            f"Từ {since:%d/%m/%Y} đến {until:%d/%m/%Y} không phải những tháng trọn vẹn. Với "
            "--by-month, viết từ ngày 1 đến ngày cuối một tháng, hoặc từ ngày 15 đến ngày 14."
        )
    return found


def month_cells(
    context: Context,
    register: AgencyRegister,
    months: Sequence[Period],
    *,
    agency: str | None = None,
    under_government: bool = False,
) -> list[MonthCell]:
    """Ministries and provinces x areas x months; `months` follow one another without a gap.

    Agencies are those of the last day, and their forebears' stories count for them.
    """
    last = months[-1].end
    listed = _listed(register, last, agency, under_government=under_government)
    expected = read_proposals(register, context.own_plans).applicable
    heirs = {each.id: register.rolled_up(each.id, last) for each in register.all()}
    bounds = [month.bounds()[0] for month in months] + [months[-1].bounds()[1]]
    with reading(context.engine) as connection:
        cells = cell_counts(connection, bounds, rolled_up=heirs)
        days = source_days(connection, months[0].previous().bounds()[0], bounds[-1])
        read = [counted_by_outlet(connection, *month.previous().bounds()) for month in months]
    counted = {(cell.agency_id, cell.area, cell.month): cell for cell in cells}
    by_day: dict[str, list[SourceDay]] = defaultdict(list)
    for each in days:
        by_day[each.day].append(each)
    found = []
    for place, month in enumerate(months):
        shares = _shares(context, register, month, listed, by_day, read[place])
        for each_id in listed:
            for area in Area:
                cell = counted.get((each_id, area, place))
                stories = cell.stories if cell else 0
                found.append(
                    MonthCell(
                        agency_id=each_id,
                        area=area,
                        month=month,
                        state=cell_state(
                            stories, shares[each_id], context.settings.measure.observed_share
                        ),
                        stories=stories,
                        placements=cell.placements if cell else 0,
                        expected=expected(each_id, area),
                    )
                )
    return found


def _listed(
    register: AgencyRegister, day: date, agency: str | None, *, under_government: bool
) -> list[str]:
    if agency is not None:
        return [register.rolled_up(agency, day)]
    listed = [*register.ministries(day), *register.provinces(day)]
    if under_government:
        listed += register.under_government(day)
    return [each.id for each in listed]


def _shares(
    context: Context,
    register: AgencyRegister,
    month: Period,
    listed: Sequence[str],
    by_day: Mapping[str, list[SourceDay]],
    read: Mapping[str, int],
) -> dict[str, float]:
    """How much of each agency's panel was observed, outlets weighed by their usual volume."""
    usual = {
        outlet: read.get(outlet, 0) / len(observed)
        for outlet, sources in answers(_of(by_day, month.previous()), month.previous()).items()
        if (observed := frozenset[date]().union(*sources.values()))
    }
    observation = observe(_of(by_day, month), month, context.outlets, usual)
    return {agency: panel_share(panel_of(observation, agency, register)) for agency in listed}


def _of(by_day: Mapping[str, list[SourceDay]], month: Period) -> list[SourceDay]:
    return [each for day in month.each_day() for each in by_day.get(day.isoformat(), ())]
