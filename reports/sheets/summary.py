"""The first sheet: what the period was, what was observed, what was found, what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from domain.codes import AREA_NAMES
from domain.figures import MonthReport
from reports.book import Book, Sheet
from reports.names import WINDOW_NAMES
from reports.tables import summary
from reports.tables.order import AREA_SHEET, DAY_SHEET
from reports.tables.summary import observed_line
from reports.vietnamese import day, minute

SUMMARY_SHEET = "Tổng hợp"


def write(book: Book, report: MonthReport) -> None:
    """Write the summary, with charts of the areas and the days beside it."""
    sheet = book.sheet(SUMMARY_SHEET, print_title=report.title, is_one_page=True)
    changes, complete = summary.changes(report), summary.completeness(report)
    sheet.widths(changes.headings)
    sheet.line("Báo cáo tổng hợp thông tin báo chí về cải cách hành chính", "title")
    for name, text in _facts(report):
        sheet.pair(name, text)
    for table in (changes, complete):
        sheet.skip()
        sheet.line(table.title, "heading")
        sheet.table(table.headings, table.rows, is_main=table is changes)
    sheet.skip()
    sheet.line("Điều chưa biết", "heading")
    for text in summary.unknowns(report):
        sheet.line(f"- {text}")
    _chart(book, sheet, report, len(changes.headings))
    _day_chart(book, sheet, report, len(changes.headings))


def _facts(report: MonthReport) -> Iterator[tuple[str, str]]:
    period = report.figures.period
    window = f" ({WINDOW_NAMES[report.window]})" if report.window else ""
    observation = report.figures.observation
    yield "Kỳ báo cáo", period.title
    yield "Kỳ số liệu", f"từ {day(period.start)} đến {day(period.end)}{window}"
    yield "Phạm vi", report.figures.scope
    if report.scope_note:
        yield "Ghi chú phạm vi", report.scope_note
    yield "Cơ quan lập báo cáo", report.office.co_quan_ban_hanh or "……"
    yield "Lập lúc", minute(report.generated_at)
    yield "Báo chí", observed_line(observation.press)
    yield "Cổng thông tin cơ quan", observed_line(observation.portals)
    yield "Trang tổng hợp", observed_line(observation.aggregators)
    for name, version in sorted(report.versions.items()):
        yield f"Phiên bản: {name}", version


def _chart(book: Book, sheet: Sheet, report: MonthReport, column: int) -> None:
    areas = report.figures.totals.by_area
    # Where the table of areas stands on its sheet: below the title, the note and the header.
    first, last = 3, 2 + len(areas)
    chart = book.bar_chart()
    names = [AREA_NAMES[line.area] for line in areas]
    series = (
        ("Câu chuyện", 2, [line.counts.stories for line in areas], "#1F3864"),
        ("Tin, bài báo chí", 3, [line.counts.placements for line in areas], "#9DC3E6"),
    )
    for name, place, values, color in series:
        chart.add_series(
            {
                "name": name,
                "categories": [AREA_SHEET, first, 1, last, 1],
                "values": [AREA_SHEET, first, place, last, place],
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
    sheet.raw.insert_chart(1, column, chart, {"x_offset": 20})


def _day_chart(book: Book, sheet: Sheet, report: MonthReport, column: int) -> None:
    days = report.figures.totals.by_day
    first, last = 3, 2 + len(days)
    chart = book.column_chart()
    chart.add_series(
        {
            "name": "Câu chuyện về CCHC",
            "categories": [DAY_SHEET, first, 0, last, 0],
            "values": [DAY_SHEET, first, 3, last, 3],
            "values_data": [line.counts.stories for line in days],
            "fill": {"color": "#1F3864"},
            "gap": 40,
        }
    )
    font = {"name": "Times New Roman", "size": 11}
    chart.set_title({"name": "Câu chuyện theo ngày", "name_font": {**font, "size": 13}})
    chart.set_x_axis({"num_font": {**font, "rotation": -45}, "num_format": "dd/mm"})
    chart.set_y_axis({"num_font": font, "min": 0, "major_gridlines": {"visible": True}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 640, "height": 340})
    sheet.raw.insert_chart(30, column, chart, {"x_offset": 20})
