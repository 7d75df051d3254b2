"""The digest as a Word document, on the page of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from domain.figures import Digest
from reports import digest_view as view
from reports.document.page import set_page, set_properties, set_styles

_LINK_COLOR: Final = "0B57A4"
_GREY: Final = RGBColor(0x59, 0x59, 0x59)


def write(digest: Digest, stream: BinaryIO) -> None:
    """Write the document: A4, margins 20/20/30/15 mm, Times New Roman 13-14."""
    document = docx.Document()
    set_page(document)
    set_styles(document)
    set_properties(document, view.title(digest), digest.generated_at)
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
