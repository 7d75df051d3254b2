"""The report of a period as a Word document after Nghị định 30/2020/NĐ-CP: a draft, unsigned."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm, Pt

from domain.errors import UsageError
from domain.figures import MonthReport
from domain.validation import unknown
from reports import charts, drawing
from reports.document.appendices import write_appendices
from reports.document.head import FIELD, fill_lines
from reports.document.page import set_properties
from reports.document.template import APPENDICES, BODY
from reports.document.writing import Writing
from reports.facts import facts
from reports.tables import (
    activities,
    areas,
    criticism,
    highlights,
    quality,
    summary,
)
from reports.values import Table
from reports.wording import REPORT_PAGE, REPORT_TEXT, fill, shipped, template_text

_PLACE = re.compile(r"\[(bảng|biểu đồ):\s*(.+?)\s*\]")
#: Millimetres from the margin to the first letter of a paragraph.
_INDENT: Final = Mm(10)
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
    fill_lines(document, report)
    body = _place(document, BODY)
    if body is None:
        raise UsageError(
            f"Mẫu {REPORT_PAGE} không có đoạn {{{{ {BODY} }}}}: không biết đặt nội dung báo cáo "
            "vào đâu. Thêm đoạn đó, hoặc chép lại mẫu gốc bằng diembao templates export."
        )
    _write_text(Writing(document, body), report)
    appendices = _place(document, APPENDICES)
    if appendices is not None:
        write_appendices(Writing(document, appendices), report)
    set_properties(document, report.title, report.generated_at)
    document.save(stream)


def _opened(report: MonthReport) -> Any:
    data = report.templates.get(REPORT_PAGE) or shipped(REPORT_PAGE)
    try:
        return docx.Document(io.BytesIO(data))
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError) as error:
        raise UsageError(
            f"Mẫu {REPORT_PAGE} không phải tệp Word .docx đọc được. Lưu lại dạng .docx, hoặc chép "
            "lại mẫu gốc bằng diembao templates export."
        ) from error


def _place(document: Any, field: str) -> Any | None:
    """The paragraph that a field stands in, as an empty place; None where there is none."""
    for paragraph in document.paragraphs:
        if field in FIELD.findall(paragraph.text):
            for run in paragraph.runs:
                run._r.getparent().remove(run._r)
            # A place that stays leaves no empty line of text.
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = Pt(1)
            return paragraph._p
    return None


def _write_text(writing: Writing, report: MonthReport) -> None:
    source = template_text(REPORT_TEXT, report.templates)
    for line in fill(REPORT_TEXT, source, facts(report)).splitlines():
        _write_line(writing, line.strip(), report)
    writing.keep_last()


def _write_line(writing: Writing, line: str, report: MonthReport) -> None:
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


def _write_placed(writing: Writing, kind: str, name: str, report: MonthReport) -> None:
    known = charts.CHARTS if kind == "biểu đồ" else BODY_TABLES
    if name not in known:
        raise UsageError(f"Mẫu {REPORT_TEXT}: {unknown(kind, name, known)} Có: {', '.join(known)}.")
    if kind == "biểu đồ":
        caption, define = charts.CHARTS[name]
        writing.picture(drawing.png(define(report)), f"Biểu đồ: {caption}")
        return
    table = BODY_TABLES[name](report)
    if table is not None:
        writing.table(table)
