"""The figures of the period beside those before, completeness, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.figures import (
    STATUS_NAMES,
    CellState,
    Change,
    Completeness,
    Figure,
    Group,
    MonthReport,
    Status,
    Tally,
)
from reports.tables.quality import typed
from reports.values import Count, Heading, Points, Share, Table, Value
from reports.vietnamese import number, observed, percent

_COLUMNS = (
    Heading("Chỉ tiêu", 52),
    Heading("Kỳ này", 16),
    Heading("Kỳ trước", 14),
    Heading("Chênh lệch", 14),
    Heading("Ghi chú", 40, is_printed=False),
)
_COMPLETE = (
    Heading("Chỉ tiêu", 52),
    Heading("Từ", 16),
    Heading("Đến", 14),
    Heading("Có tin", 14),
    Heading("Ghi chú", 40),
)
_COMPLETE_NAMES = {
    Group.MINISTRY: "Ô bộ, ngành x lĩnh vực có tin",
    Group.PROVINCE: "Ô địa phương x lĩnh vực có tin",
    Group.OTHER: "Ô lĩnh vực của cơ quan có tin",
}


def changes(report: MonthReport) -> Table:
    """The chief figures beside those of the period before."""
    return Table(
        number="",
        title="Số liệu chung, so với kỳ trước",
        headings=_COLUMNS,
        rows=[_change(change) for change in report.figures.changes],
    )


def completeness(report: MonthReport) -> Table:
    """How many cells and agencies are covered, as ranges."""
    return Table(number="", title="Độ đầy đủ", headings=_COMPLETE, rows=list(_completeness(report)))


def observed_line(tally: Tally) -> str:
    """How well a group of outlets was observed, in one sentence."""
    if not tally.sources:
        return "không có nguồn nào được khai báo"
    return (
        f"{observed(tally.sources_observed, tally.sources)} "
        f"({percent(tally.share)} số ngày-nguồn; {number(tally.outlets_observed)} trên "
        f"{number(tally.outlets)} cơ quan)"
    )


_CHANGE_NOTES = {
    "observed": "số tin, bài tăng giảm theo tỷ lệ này",
    "complete.low": "nếu mọi ô không rõ đều không có tin",
    "complete.high": "nếu mọi ô không rõ đều có tin",
}


def _change(change: Change) -> Sequence[Value]:
    note = {
        Status.OK: _CHANGE_NOTES.get(change.id, ""),
        Status.NOT_APPLICABLE: "không có số liệu kỳ trước để so",
    }.get(change.status, "không so được: một trong hai kỳ chưa có số liệu")
    difference = typed(change.difference, change.unit)
    if isinstance(difference, Share) and change.unit == "share":
        difference = Points(difference.value)
    return (
        change.name,
        typed(change.now, change.unit),
        typed(change.before, change.unit),
        difference,
        note,
    )


def _completeness(report: MonthReport) -> Iterator[Sequence[Value]]:
    table = report.figures.coverage
    for group, found in table.completeness.items():
        yield _complete(_COMPLETE_NAMES[group], found)
    yield _complete("Cơ quan có ít nhất một câu chuyện", table.agencies)


def _complete(name: str, found: Completeness) -> Sequence[Value]:
    note = f"trên {number(found.all)}; không rõ: {number(found.unknown)}"
    covered = Count(found.covered if found.status is Status.OK else None)
    return name, Share(found.low), Share(found.high), covered, note


def unknowns(report: MonthReport) -> Iterator[str]:
    """What the figures cannot say, each in one sentence; never empty."""
    figures = report.figures
    press = figures.observation.press
    if press.sources_observed < press.sources:
        yield (
            f"{number(press.sources - press.sources_observed)} trên {number(press.sources)} nguồn "
            "báo chí không quan sát được ngày nào trong kỳ."
        )
    if press.share < figures.observed_share:
        yield (
            f"Quan sát được {percent(press.share)} số ngày-nguồn báo chí, dưới ngưỡng "
            f"{percent(figures.observed_share)}: không thấy tin không có nghĩa là không có tin."
        )
    unknown = sum(
        cell.state is CellState.UNKNOWN for line in figures.coverage.lines for cell in line.cells
    )
    if unknown:
        yield f"{number(unknown)} ô cơ quan x lĩnh vực không rõ có tin hay không."
    undated = figures.timing.second.undated + figures.timing.second.bounded
    if undated:
        yield f"{number(undated)} câu chuyện không rõ giờ đăng nên không vào độ trễ trung vị."
    pick_up = figures.pick_up
    if not pick_up.agencies_with_source:
        yield (
            "Không quan sát được cổng thông tin của cơ quan nào: các cơ quan đã công bố gì là "
            "không rõ."
        )
    elif pick_up.agencies_with_source < pick_up.agencies:
        yield (
            f"Quan sát được cổng thông tin của {number(pick_up.agencies_with_source)} trên "
            f"{number(pick_up.agencies)} cơ quan; các cơ quan khác công bố gì là không rõ."
        )
    yield from map(_missing, filter(lambda one: one.value is None, _figures(report)))


def _figures(report: MonthReport) -> Iterator[Figure]:
    yield report.figures.timing.second.median_hours
    yield report.figures.timing.third.median_hours
    yield report.figures.pick_up.share_72h


_FIGURE_NAMES = {
    "timely.outlet_2": "Độ trễ trung vị đến cơ quan báo chí thứ hai",
    "timely.outlet_3": "Độ trễ trung vị đến cơ quan báo chí thứ ba",
    "context.picked_up_72h": "Tỷ lệ tin của cổng thông tin được báo chí đăng trong 72 giờ",
}


def _missing(figure: Figure) -> str:
    status = STATUS_NAMES[figure.status]
    return f"{_FIGURE_NAMES[figure.id]}: {status} ({number(figure.n)} trường hợp)."
