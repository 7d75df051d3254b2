"""The appendices of the report: its tables, as far as paper holds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from domain.figures import MonthReport
from reports.document.head import lines
from reports.document.page import APPENDIX
from reports.document.writing import Writing
from reports.tables import (
    activities,
    agencies,
    areas,
    criticism,
    listing,
    method,
    outlets,
    timing,
)
from reports.values import Table
from reports.vietnamese import local, number

#: Articles that the document lists; the workbook and the CSV hold all.
MOST_LISTED: Final = 200
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def write_appendices(writing: Writing, report: MonthReport) -> None:
    """Put the appendices that have a table, as far as paper holds it."""
    found: list[list[Table | None]] = [
        [areas.by_area(report), areas.by_form(report), areas.by_tone(report)],
        [agencies.ministries(report)],
        [agencies.provinces(report)],
        [_watched(report)],
        [_shortened(timing.events(report)), _shortened(_carried(report))],
        [_listed(report)],
        [_shortened(criticism.criticism(report))],
        [_shortened(activities.activities(report))],
        [method.method(report)],
    ]
    kept = [shown for tables in found if (shown := [table for table in tables if table])]
    for numeral, tables in zip(_ROMAN, kept, strict=False):
        _write_appendix_head(writing, numeral, tables[0].title, report)
        for table in tables:
            writing.table(table)


def _write_appendix_head(writing: Writing, numeral: str, title: str, report: MonthReport) -> None:
    writing.paragraph(f"Phụ lục {numeral}", APPENDIX)
    name = writing.paragraph(title.upper())
    origin = writing.paragraph(
        f"(Kèm theo Báo cáo số ……/{lines(report)['ky_hieu']} ngày …… tháng …… năm "
        f"{local(report.generated_at).year})"
    )
    for made in (name, origin):
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.space_after = Pt(2)
    for run in name.runs:
        run.bold = True
    for run in origin.runs:
        run.italic = True


def _shortened(table: Table) -> Table:
    """A table as far as paper holds it; the workbook holds all of it."""
    if len(table.rows) <= MOST_LISTED:
        return table
    told = f"In {number(MOST_LISTED)} dòng đầu trong số {number(len(table.rows))}; đủ ở tệp Excel."
    return replace(table, rows=table.rows[:MOST_LISTED], notes=(*table.notes, told))


def _carried(report: MonthReport) -> Table:
    """Table 5.2 without the stories that one outlet alone carried: they have no lag."""
    table = timing.stories(report)
    lines = report.figures.timing.stories
    kept = [row for row, line in zip(table.rows, lines, strict=True) if line.outlets > 1]
    if len(kept) == len(table.rows):
        return table
    told = (
        f"{number(len(table.rows) - len(kept))} câu chuyện chỉ một cơ quan báo chí đăng không in ở "
        "đây; xem tệp Excel."
    )
    return replace(table, rows=kept, notes=(*table.notes, told))


def _watched(report: MonthReport) -> Table:
    """Table 4 without the outlets that could not be observed and gave nothing: they are counted."""
    table = outlets.outlets(report)
    lines = report.figures.totals.by_outlet
    seen = {
        outlet.outlet_id for outlet in report.figures.observation.outlets if outlet.sources_observed
    }
    kept = [
        row
        for row, line in zip(table.rows, lines, strict=True)
        if line.articles or line.outlet_id in seen
    ]
    if len(kept) == len(table.rows):
        return table
    told = (
        f"{number(len(table.rows) - len(kept))} cơ quan không quan sát được ngày nào không in ở "
        "đây; xem tệp Excel."
    )
    return replace(table, rows=kept, notes=(*table.notes, told))


def _listed(report: MonthReport) -> Table:
    """Table 6 as far as paper holds it."""
    shown = report.rows[:MOST_LISTED]
    told = f"{number(len(report.rows))} tin, bài trong kỳ."
    if len(shown) < len(report.rows):
        told = (
            f"{number(len(shown))} tin, bài đầu trong số {number(len(report.rows))}; danh mục đầy "
            "đủ ở tệp Excel và CSV cùng kỳ."
        )
    return Table(
        number="6",
        title="Danh mục tin, bài",
        notes=(told,),
        headings=listing.PRINTED_HEADINGS,
        rows=[listing.printed_row(n, row, report) for n, row in enumerate(shown, start=1)],
    )
