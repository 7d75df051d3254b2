"""The cells of many months, as a table for people and as JSON for machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from domain.agencies import AgencyRegister
from domain.codes import AREA_NAMES, Area
from domain.figures import CellState
from domain.periods import Period
from measures.month import NATIONWIDE
from pipeline.year import MonthCell
from reports.vietnamese import UNKNOWN_MARK, number

_NAME_WIDTH = 34
_WIDTH = 7


def months_json(cells: Sequence[MonthCell], register: AgencyRegister) -> dict[str, Any]:
    """Every cell by itself; "stories" is null where nothing is known."""
    months = list(dict.fromkeys(cell.month for cell in cells))
    return {
        "from": months[0].start.isoformat(),
        "to": months[-1].end.isoformat(),
        "months": [
            {"month": month.slug[:7], "from": month.start.isoformat(), "to": month.end.isoformat()}
            for month in months
        ],
        "cells": [
            {
                "agency": cell.agency_id,
                "area": cell.area.value,
                "month": cell.month.slug[:7],
                "state": cell.state.value,
                "expected": cell.expected,
                "stories": None if cell.state is CellState.UNKNOWN else cell.stories,
                "placements": None if cell.state is CellState.UNKNOWN else cell.placements,
            }
            for cell in cells
        ],
        "versions": {"register": register.version},
    }


def months_lines(
    cells: Sequence[MonthCell], register: AgencyRegister, *, agency: str | None, area: Area | None
) -> Iterator[str]:
    """A line an agency (an area, where one agency is asked for) and a column a month."""
    months = list(dict.fromkeys(cell.month for cell in cells))
    whole = f"{months[0].start:%d/%m/%Y} đến {months[-1].end:%d/%m/%Y}"
    names = _names(cells, register)
    scope = names[cells[0].agency_id] if agency else NATIONWIDE
    subject = f", {AREA_NAMES[area]}" if area else ""
    yield f"Ô cơ quan x lĩnh vực theo tháng. Từ {whole}. {scope}{subject}"
    yield _key(counts_stories=bool(agency or area))
    yield ""
    yield _line("", [f"{month.end:%m/%y}" for month in months])
    lines: dict[str, dict[Period, list[MonthCell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        name = AREA_NAMES[cell.area] if agency else names[cell.agency_id]
        lines[name][cell.month].append(cell)
    for name, by_month in lines.items():
        yield _line(name, [_shown(by_month[month]) for month in months])
    yield ""
    wanted = [cell for cell in cells if cell.expected]
    by_month = {month: [cell for cell in wanted if cell.month == month] for month in months}
    yield _line("Ô có tin, % số ô cần có tin", [_percent(by_month[month]) for month in months])


def _key(*, counts_stories: bool) -> str:
    unknown = f"{UNKNOWN_MARK} là không rõ vì không quan sát được đủ báo chí"
    cells = (
        f"Mỗi ô là số câu chuyện; 0 là báo chí được quan sát đủ mà không có tin, {unknown}."
        if counts_stories
        else "Mỗi ô là số lĩnh vực có tin trên 7; a–b là có a, có thể tới b, vì có lĩnh vực không "
        f"rõ; {unknown}."
    )
    return (
        f"{cells} Tháng gọi theo ngày cuối của nó. Mở một tháng ra từng tin: diembao measure với "
        "--from, --to của tháng ấy, --agency và --rows complete.cells."
    )


def _names(cells: Sequence[MonthCell], register: AgencyRegister) -> dict[str, str]:
    last = cells[-1].month.end
    ids = dict.fromkeys(cell.agency_id for cell in cells)
    return {each: register.get(each, last).official_name for each in ids}


def _line(name: str, columns: Sequence[str]) -> str:
    return f"{name:<{_NAME_WIDTH}}" + "".join(f"{column:>{_WIDTH}}" for column in columns)


def _shown(cells: Sequence[MonthCell]) -> str:
    if len(cells) == 1:
        cell = cells[0]
        return UNKNOWN_MARK if cell.state is CellState.UNKNOWN else number(cell.stories)
    return _range(*_ends(cells), len(cells))


def _percent(cells: Sequence[MonthCell]) -> str:
    if not cells:
        return UNKNOWN_MARK
    low, high = (round(100 * end / len(cells)) for end in _ends(cells))
    return _range(low, high, 100)


def _ends(cells: Sequence[MonthCell]) -> tuple[int, int]:
    """How many cells are covered, and how many may be."""
    states = [cell.state for cell in cells]
    covered = states.count(CellState.COVERED)
    return covered, covered + states.count(CellState.UNKNOWN)


def _range(low: int, high: int, most: int) -> str:
    if (low, high) == (0, most):
        return UNKNOWN_MARK
    return number(low) if low == high else f"{number(low)}–{number(high)}"
