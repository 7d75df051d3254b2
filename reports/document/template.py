"""The Word template of the report: page, styles, head and foot, with fields to be filled in."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.document.page import (
    ROOM,
    add_appendix_style,
    set_page,
    set_properties,
    set_styles,
)

BODY: Final = "noi_dung"
APPENDICES: Final = "phu_luc"
RECIPIENTS: Final = "noi_nhan"
#: Fields of a line of text, as against those that stand for many lines.
LINES: Final = (
    "co_quan_chu_quan",
    "co_quan_ban_hanh",
    "ky_hieu",
    "dia_danh",
    "nam",
    "trich_yeu",
    RECIPIENTS,
)
FIELDS: Final = (*LINES, BODY, APPENDICES)
#: Millimetres of the two columns of the head.
_LEFT, _RIGHT = 67, ROOM - 67
_CENTER: Final = WD_ALIGN_PARAGRAPH.CENTER


def build() -> bytes:
    """The template as it comes with the program."""
    document = docx.Document()
    set_page(document)
    set_styles(document)
    add_appendix_style(document)
    set_properties(document, "", datetime(2026, 1, 1, tzinfo=UTC))
    _head(document)
    _title(document)
    document.add_paragraph("{{ noi_dung }}")
    _foot(document)
    document.add_paragraph("{{ phu_luc }}")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _head(document: Any) -> None:
    left, right = _two_columns(document, _LEFT, _RIGHT)
    _add(left, "{{ co_quan_chu_quan }}", size=12, first=True)
    _add(left, "{{ co_quan_ban_hanh }}", size=12, bold=True)
    _rule(left, inset=(_LEFT - 28) / 2)
    _add(left, "Số: ……/{{ ky_hieu }}", size=13)
    _stamp(_add(left, "DỰ THẢO", size=13, bold=True))
    _add(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, first=True)
    _add(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(right, inset=(_RIGHT - 60) / 2)
    _add(right, "{{ dia_danh }}, ngày …… tháng …… năm {{ nam }}", size=13, italic=True)


def _title(document: Any) -> None:
    document.add_paragraph("BÁO CÁO", style="Title").paragraph_format.space_before = Pt(14)
    title = document.add_paragraph("{{ trich_yeu }}", style="Title")
    title.paragraph_format.space_after = Pt(0)
    rule = document.add_paragraph()
    _border(rule, inset=(ROOM - 60) / 2)
    rule.paragraph_format.space_after = Pt(6)


def _foot(document: Any) -> None:
    space = document.add_paragraph()
    space.paragraph_format.space_after = Pt(0)
    space.paragraph_format.keep_with_next = True
    left, right = _two_columns(document, ROOM / 2, ROOM / 2)
    _add(left, "Nơi nhận:", size=12, bold=True, italic=True, first=True, align="left")
    _add(left, "{{ noi_nhan }}", size=11, align="left")
    _add(right, "……………………", size=13, bold=True, first=True)
    for _ in range(4):
        _add(right, "", size=13)
    _add(right, "……………………", size=13, bold=True)


def _two_columns(document: Any, left: float, right: float) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, (left, right), strict=True):
        cell.width = Mm(width)
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    whole = OxmlElement("w:cantSplit")
    table.rows[0]._tr.get_or_add_trPr().append(whole)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _add(
    cell: Any,
    text: str,
    *,
    size: int,
    bold: bool = False,
    italic: bool = False,
    first: bool = False,
    align: str = "center",
) -> Any:
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = _CENTER if align == "center" else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _rule(cell: Any, *, inset: float) -> None:
    paragraph = cell.add_paragraph()
    _border(paragraph, inset=inset)
    paragraph.paragraph_format.space_after = Pt(4)


def _border(paragraph: Any, *, inset: float) -> None:
    """A line as the upper edge of an empty paragraph, drawn in by so many millimetres."""
    paragraph.paragraph_format.left_indent = Mm(inset)
    paragraph.paragraph_format.right_indent = Mm(inset)
    paragraph.paragraph_format.line_spacing = Pt(3)
    paragraph.paragraph_format.space_before = Pt(3)
    edges = OxmlElement("w:pBdr")
    edges.append(_edge("top"))
    _insert_border(paragraph, edges)


def _stamp(paragraph: Any) -> None:
    """A frame around the mark of a draft."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(18)
    paragraph.paragraph_format.space_before = Pt(4)
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edges.append(_edge(side))
    _insert_border(paragraph, edges)


def _edge(side: str) -> Any:
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        edge.set(qn(f"w:{name}"), value)
    return edge


#: What may stand before the borders among a paragraph's properties, by the format's own order.
_BEFORE: Final = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")


def _insert_border(paragraph: Any, edges: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    place = sum(child.tag in {qn(f"w:{name}") for name in _BEFORE} for child in properties)
    properties.insert(place, edges)
