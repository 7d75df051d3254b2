"""Paragraphs, tables and pictures, put before a place in a Word document."""

from __future__ import annotations

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from domain.errors import UsageError
from reports.cells import printable
from reports.document.page import ROOM
from reports.document.table import table_xml
from reports.values import Table
from reports.wording import REPORT_PAGE


class Writing:
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
