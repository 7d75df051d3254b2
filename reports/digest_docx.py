"""The digest as a Word document, on the page of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from domain.clock import VIETNAM
from domain.figures import Digest
from reports import digest_view as view

FONT: Final = "Times New Roman"
_LINK_COLOR: Final = "0B57A4"
_GREY: Final = RGBColor(0x59, 0x59, 0x59)


def write(digest: Digest, stream: BinaryIO) -> None:
    """Write the document: A4, margins 20/20/30/15 mm, Times New Roman 13-14."""
    document = docx.Document()
    _page(document)
    _styles(document)
    _properties(document, digest)
    document.add_paragraph(view.title(digest), style="Title")
    document.add_paragraph(view.lead(digest)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    found = view.sections(digest)
    for section in found:
        document.add_paragraph(section.title, style="Heading 1")
        for entry in section.entries:
            _entry(document, entry)
    if not found:
        document.add_paragraph(view.nothing(digest))
    document.add_paragraph("Nguồn và giới hạn", style="Heading 1")
    document.add_paragraph().add_run(" ".join(view.limits(digest))).font.size = Pt(11)
    document.save(stream)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    # The page number stands in the middle of the top margin, and not on the first page.
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


def _styles(document: Any) -> None:
    for name, size, is_bold in (
        ("Normal", 13, False),
        ("Header", 13, False),
        ("Title", 14, True),
        ("Heading 1", 13, True),
    ):
        style = document.styles[name]
        style.font.size, style.font.bold = Pt(size), is_bold
        style.font.color.rgb = RGBColor(0, 0, 0)
        _set_font(style)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.0
    document.styles["Heading 1"].paragraph_format.space_before = Pt(8)
    head = document.styles["Title"]
    head.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = head.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        head.element.pPr.remove(border)


def _set_font(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.rPr.rFonts
    # The template names theme fonts, which win over a named font.
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _properties(document: Any, digest: Digest) -> None:
    properties = document.core_properties
    properties.title = view.title(digest)
    properties.author = ""
    properties.comments = ""
    properties.language = "vi-VN"
    made = digest.generated_at.astimezone(VIETNAM).replace(tzinfo=None)
    properties.created = properties.modified = made


def _entry(document: Any, entry: view.Entry) -> None:
    head = document.add_paragraph()
    head.paragraph_format.space_after = Pt(0)
    head.paragraph_format.keep_with_next = True
    head.add_run(entry.headline).bold = True
    head.add_run(" (")
    for index, placement in enumerate(entry.placements):
        if index:
            head.add_run("; ")
        _link(head, placement)
    head.add_run(")")
    text = document.add_paragraph(entry.excerpt)
    text.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if entry.labels:
        labels = text.add_run(f" [{entry.labels}]" if entry.excerpt else f"[{entry.labels}]")
        labels.italic = True
        labels.font.color.rgb = _GREY


def _link(paragraph: Any, placement: view.Placement) -> None:
    run = paragraph.add_run(placement.text)
    if not placement.url:
        return
    run.font.color.rgb = RGBColor.from_string(_LINK_COLOR)
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"),
        paragraph.part.relate_to(placement.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
    )
    paragraph._p.append(link)
    link.append(run._r)
