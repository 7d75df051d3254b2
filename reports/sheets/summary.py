"""The first sheet: what the period was, what was observed, what was found, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.codes import AREA_NAMES
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
from reports.book import Book, Count, Heading, Share, Sheet, Value
from reports.names import WINDOW_NAMES
from reports.sheets.coverage import AREA_SHEET
from reports.vietnamese import day, minute, number, observed, percent

SUMMARY_SHEET = "Tổng hợp"
_COLUMNS = (
    Heading("Chỉ tiêu", 52),
    Heading("Kỳ này", 20),
    Heading("Kỳ trước", 14),
    Heading("Chênh lệch", 14),
    Heading("Ghi chú", 40),
)
_COMPLETE = (
    Heading("Chỉ tiêu", 52),
    Heading("Từ", 20),
    Heading("Đến", 14),
    Heading("Có tin", 14),
    Heading("Ghi chú", 40),
)
_COMPLETE_NAMES = {
    Group.MINISTRY: "Ô bộ, ngành x lĩnh vực có tin",
    Group.PROVINCE: "Ô địa phương x lĩnh vực có tin",
    Group.OTHER: "Ô lĩnh vực của cơ quan có tin",
}


def write(book: Book, report: MonthReport) -> None:
    """Write the summary, with a chart of the areas beside it."""
    sheet = book.sheet(SUMMARY_SHEET, print_title=report.title, is_one_page=True)
    sheet.widths(_COLUMNS)
    sheet.line("Báo cáo tổng hợp thông tin báo chí về cải cách hành chính", "title")
    for name, text in _facts(report):
        sheet.pair(name, text)
    sheet.skip()
    sheet.line("Số liệu chung, so với kỳ trước", "heading")
    sheet.table(_COLUMNS, map(_change, report.figures.changes), is_main=True)
    sheet.skip()
    sheet.line("Độ đầy đủ", "heading")
    sheet.table(_COMPLETE, _completeness(report))
    sheet.skip()
    sheet.line("Điều chưa biết", "heading")
    for text in unknowns(report):
        sheet.line(f"- {text}")
    _chart(book, sheet, report)


def _facts(report: MonthReport) -> Iterator[tuple[str, str]]:
    period = report.figures.period
    window = f" ({WINDOW_NAMES[report.window]})" if report.window else ""
    observation = report.figures.observation
    yield "Kỳ báo cáo", period.title
    yield "Kỳ số liệu", f"từ {day(period.start)} đến {day(period.end)}{window}"
    yield "Phạm vi", report.figures.scope
    yield "Cơ quan lập báo cáo", report.office.co_quan_ban_hanh or "……"
    yield "Lập lúc", minute(report.generated_at)
    yield "Báo chí", _observed(observation.press)
    yield "Cổng thông tin cơ quan", _observed(observation.portals)
    yield "Trang tổng hợp", _observed(observation.aggregators)
    for name, version in sorted(report.versions.items()):
        yield f"Phiên bản: {name}", version


def _observed(tally: Tally) -> str:
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
    numbers = (change.now, change.before, change.difference)
    return (change.name, *(_typed(value, change.unit) for value in numbers), note)


def _typed(value: float | None, unit: str) -> Value:
    if value is None or unit == "share":
        return Share(value)
    return float(value) if unit == "hours" else int(value)


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
    yield (
        f"Có nguồn cổng thông tin quan sát được của {number(pick_up.agencies_with_source)} trên "
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
    return f"{_FIGURE_NAMES[figure.id]}: {STATUS_NAMES[figure.status]} (n = {number(figure.n)})."


def _chart(book: Book, sheet: Sheet, report: MonthReport) -> None:
    areas = report.figures.totals.by_area
    # Where the table of areas stands on its sheet: below the title, the note and the header.
    first, last = 3, 2 + len(areas)
    chart = book.bar_chart()
    names = [AREA_NAMES[line.area] for line in areas]
    series = (
        ("Câu chuyện", 2, [line.counts.stories for line in areas], "#1F3864"),
        ("Tin, bài báo chí", 3, [line.counts.placements for line in areas], "#9DC3E6"),
    )
    for name, column, values, color in series:
        chart.add_series(
            {
                "name": name,
                "categories": [AREA_SHEET, first, 1, last, 1],
                "values": [AREA_SHEET, first, column, last, column],
                "categories_data": names,
                "values_data": values,
                "fill": {"color": color},
                "data_labels": {"value": True},
                "gap": 60,
            }
        )
    font = {"name": "Times New Roman", "size": 11}
    chart.set_title(
        {"name": "Câu chuyện và tin, bài theo lĩnh vực", "name_font": {**font, "size": 13}}
    )
    chart.set_y_axis({"reverse": True, "num_font": font})
    chart.set_x_axis({"num_font": font, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size({"width": 640, "height": 560})
    sheet.raw.insert_chart(1, len(_COLUMNS), chart, {"x_offset": 20})
