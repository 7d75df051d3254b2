"""The report of a period as a Word document after Nghị định 30/2020/NĐ-CP: a draft, unsigned."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from domain.errors import UsageError
from domain.figures import MonthReport
from domain.validation import unknown
from reports import charts
from reports.cells import printable
from reports.document.page import APPENDIX, ROOM, set_properties
from reports.document.table import table_xml
from reports.document.template import APPENDICES, BODY, FIELDS, RECIPIENTS
from reports.facts import facts
from reports.tables import (
    activities,
    agencies,
    areas,
    criticism,
    highlights,
    listing,
    method,
    outlets,
    quality,
    summary,
    timing,
)
from reports.values import Table
from reports.vietnamese import local, number
from reports.wording import REPORT_PAGE, REPORT_TEXT, fill, shipped, template_text

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_PLACE = re.compile(r"\[(bảng|biểu đồ):\s*(.+?)\s*\]")
#: Millimetres from the margin to the first letter of a paragraph.
_INDENT: Final = Mm(10)
_BLANK: Final = "……"
#: Articles that the document lists; the workbook and the CSV hold all.
MOST_LISTED: Final = 200
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
#: Tables that the text may place, by name. None: there is nothing to show.
BODY_TABLES: Final[Mapping[str, Callable[[MonthReport], Table | None]]] = {
    "so sánh": summary.changes,
    "độ đầy đủ": summary.completeness,
    "yêu cầu của kế hoạch": quality.quality,
    "câu chuyện nổi bật": highlights.most_placed,
    "mô hình": highlights.results,
    "cụm từ": highlights.phrases,
    "lĩnh vực": areas.by_area,
    "phê bình": criticism.criticism,
    "ngoài báo chí": activities.activities,
}


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the document from the templates, the officer's own ones first."""
    document = _opened(report)
    _fill_lines(document, report)
    body = _place(document, BODY)
    if body is None:
        raise UsageError(
            f"Mẫu {REPORT_PAGE} không có đoạn {{{{ {BODY} }}}}: không biết đặt nội dung báo cáo "
            "vào đâu. Thêm đoạn đó, hoặc chép lại mẫu gốc bằng diembao templates export."
        )
    _write_text(_Writing(document, body), report)
    appendices = _place(document, APPENDICES)
    if appendices is not None:
        _write_appendices(_Writing(document, appendices), report)
    set_properties(document, report.title, report.generated_at)
    document.save(stream)


class _Writing:
    """This puts paragraphs, tables and pictures before a place in a document."""

    def __init__(self, document: Any, place: Any) -> None:
        self._document = document
        self._styles = {found.name for found in document.styles}
        self._place = place

    def paragraph(self, text: str, style: str = "Normal") -> Any:
        """Put a paragraph; a style that the template lost is a `UsageError`."""
        if style not in self._styles:
            raise UsageError(
                f"Mẫu {REPORT_PAGE} không còn kiểu chữ “{style}”. Chép lại mẫu gốc bằng diembao "
                "templates export rồi sửa trên đó."
            )
        made = self._document.add_paragraph(printable(text), style=style)
        self._put(made._p)
        return made

    def table(self, table: Table, *, with_number: bool = True) -> None:
        """Put a table with its caption and its notes."""
        self.paragraph(table.name if with_number else table.title, "Caption")
        self.notes(table)
        self._put(table_xml(table, room=ROOM))
        self.gap()

    def notes(self, table: Table) -> None:
        """Put what belongs above a table."""
        for note in table.notes:
            made = self.paragraph(note)
            made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            made.paragraph_format.keep_with_next = True
            for run in made.runs:
                run.italic, run.font.size = True, Pt(12)

    def picture(self, image: bytes, caption: str) -> None:
        """Put a picture as wide as the text, its caption below."""
        made = self.paragraph("")
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.space_after = Pt(2)
        picture = made.add_run().add_picture(io.BytesIO(image), width=Mm(ROOM - 5))
        picture._inline.docPr.set("descr", caption)
        picture._inline.docPr.set("title", caption)
        below = self.paragraph(caption, "Caption")
        below.paragraph_format.keep_with_next = False
        below.paragraph_format.space_before = Pt(0)
        below.paragraph_format.space_after = Pt(8)

    def gap(self) -> None:
        """Put the little room below a table."""
        made = self.paragraph("")
        made.paragraph_format.space_after = Pt(0)
        made.paragraph_format.line_spacing = Pt(8)

    def keep_last(self) -> None:
        """Keep the last paragraph on the page of what follows: no signature stands alone."""
        last = self._place.getprevious()
        for element in (last, self._place):
            if element is not None and element.tag == qn("w:p"):
                place = Paragraph(element, self._document)
                place.paragraph_format.keep_with_next = True

    def _put(self, element: Any) -> None:
        self._place.addprevious(element)


def _opened(report: MonthReport) -> Any:
    data = report.templates.get(REPORT_PAGE) or shipped(REPORT_PAGE)
    try:
        return docx.Document(io.BytesIO(data))
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError) as error:
        raise UsageError(
            f"Mẫu {REPORT_PAGE} không phải tệp Word .docx đọc được. Lưu lại dạng .docx, hoặc chép "
            "lại mẫu gốc bằng diembao templates export."
        ) from error


def _paragraphs(document: Any) -> list[Any]:
    cells = [
        paragraph
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    ]
    return [*document.paragraphs, *cells]


def _fill_lines(document: Any, report: MonthReport) -> None:
    lines = _lines(report)
    for paragraph in _paragraphs(document):
        named = _FIELD.findall(paragraph.text)
        for field in named:
            if field not in FIELDS:
                raise UsageError(
                    f"Mẫu {REPORT_PAGE}: {unknown('trường', field, FIELDS)} "
                    f"Các trường: {', '.join(FIELDS)}."
                )
        if named and not set(named) & {BODY, APPENDICES}:
            _set_text(paragraph, _FIELD.sub(lambda match: lines[match[1]], paragraph.text))


def _set_text(paragraph: Any, text: str) -> None:
    """Set the text in the letter of its first run; Word may have split a field over several."""
    first, *rest = paragraph.runs
    first.text = text
    for run in rest:
        run._r.getparent().remove(run._r)


def _lines(report: MonthReport) -> dict[str, str]:
    office = report.office
    recipients = [f"- {name};" for name in office.noi_nhan] or [f"- {_BLANK};"]
    if not any(name.startswith("Lưu") for name in office.noi_nhan):
        recipients.append("- Lưu: VT, …")
    sign = office.ky_hieu or f"BC-{_BLANK}"
    return {
        "co_quan_chu_quan": printable(office.co_quan_chu_quan.upper()) or _BLANK,
        "co_quan_ban_hanh": printable(office.co_quan_ban_hanh.upper()) or _BLANK,
        "ky_hieu": printable(sign),
        "dia_danh": printable(office.dia_danh) or _BLANK,
        "nam": f"{local(report.generated_at).year}",
        "trich_yeu": printable(_subject(report)),
        RECIPIENTS: printable("\n".join(recipients)),
    }


def _subject(report: MonthReport) -> str:
    return (
        "Tổng hợp thông tin báo chí về cải cách hành chính\n"
        f"{report.figures.scope}. {report.figures.period.title}"
    )


def _place(document: Any, field: str) -> Any | None:
    """The paragraph that a field stands in, as an empty place; None where there is none."""
    for paragraph in document.paragraphs:
        if field in _FIELD.findall(paragraph.text):
            for run in paragraph.runs:
                run._r.getparent().remove(run._r)
            # A place that stays leaves no empty line of text.
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = Pt(1)
            return paragraph._p
    return None


def _write_text(writing: _Writing, report: MonthReport) -> None:
    source = template_text(REPORT_TEXT, report.templates)
    for line in fill(REPORT_TEXT, source, facts(report)).splitlines():
        _write_line(writing, line.strip(), report)
    writing.keep_last()


def _write_line(writing: _Writing, line: str, report: MonthReport) -> None:
    placed = _PLACE.fullmatch(line)
    if placed:
        _write_placed(writing, placed[1], placed[2], report)
    elif line.startswith("## "):
        writing.paragraph(line[3:], "Heading 2")
    elif line.startswith("# "):
        writing.paragraph(line[2:], "Heading 1")
    elif line:
        made = writing.paragraph(line)
        made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        made.paragraph_format.first_line_indent = _INDENT


def _write_placed(writing: _Writing, kind: str, name: str, report: MonthReport) -> None:
    known = charts.CHARTS if kind == "biểu đồ" else BODY_TABLES
    if name not in known:
        raise UsageError(f"Mẫu {REPORT_TEXT}: {unknown(kind, name, known)} Có: {', '.join(known)}.")
    if kind == "biểu đồ":
        caption, define = charts.CHARTS[name]
        writing.picture(charts.png(define(report)), f"Biểu đồ: {caption}")
        return
    table = BODY_TABLES[name](report)
    if table is not None:
        writing.table(table)


def _write_appendices(writing: _Writing, report: MonthReport) -> None:
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


def _write_appendix_head(writing: _Writing, numeral: str, title: str, report: MonthReport) -> None:
    writing.paragraph(f"Phụ lục {numeral}", APPENDIX)
    name = writing.paragraph(title.upper())
    origin = writing.paragraph(
        f"(Kèm theo Báo cáo số ……/{_lines(report)['ky_hieu']} ngày …… tháng …… năm "
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
