"""The page, the styles and the properties of Nghị định 30/2020/NĐ-CP, for every Word document."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.cells import printable

FONT: Final = "Times New Roman"
#: Millimetres of A4, and of its margins: top, bottom, left, right.
WIDTH, HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
#: Millimetres between the margins.
ROOM: Final = WIDTH - LEFT - RIGHT
APPENDIX: Final = "Phụ lục"
#: Style: (points, bold, italic, points before, points after).
_STYLES: Final = {
    "Normal": (13, False, False, 0, 6),
    "Header": (13, False, False, 0, 0),
    "Title": (14, True, False, 0, 6),
    "Heading 1": (13, True, False, 8, 6),
    "Heading 2": (13, True, False, 6, 6),
    "Caption": (12, True, False, 6, 4),
}


def set_page(document: Any) -> None:
    """Set A4 with the decree's margins, and the page number in the middle of the top margin."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = Mm(10)
    # The number is not printed on the first page.
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        number.add_run()._r.append(_field_part(kind, text))


def _field_part(kind: str, text: str) -> Any:
    if text:
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = text
        return part
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    return part


def set_styles(document: Any) -> None:
    """Set the letter of the styles that are used, and Vietnamese as their language."""
    for name, (size, is_bold, is_italic, before, after) in _STYLES.items():
        style = document.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), is_bold, is_italic
        style.font.color.rgb = RGBColor(0, 0, 0)
        set_font(style)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0
    for name in ("Heading 1", "Heading 2", "Caption"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Normal"].paragraph_format.widow_control = True
    for name in ("Title", "Caption"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    _set_language(document)


def add_appendix_style(document: Any) -> None:
    """Add the style of an appendix's name: a first-level heading that begins a page."""
    style = document.styles.add_style(APPENDIX, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 1"]
    style.font.size, style.font.bold = Pt(14), True
    set_font(style)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    style.paragraph_format.page_break_before = True
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.keep_with_next = True


def set_font(style: Any) -> None:
    """Set a style's letter in every script: the template's theme fonts win over a named one."""
    style.font.name = FONT
    fonts = style.element.rPr.rFonts
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _set_language(document: Any) -> None:
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), "vi-VN")


def set_properties(document: Any, title: str, made: datetime) -> None:
    """Set the title and the times: nothing of the machine or of who ran it."""
    properties = document.core_properties
    properties.title = printable(title)
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.keywords = properties.subject = properties.category = ""
    properties.language = "vi-VN"
    properties.revision = 1
    # The format keeps these in UTC.
    moment = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = moment
