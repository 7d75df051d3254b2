"""A sheet of one or several tables, below one another."""

from __future__ import annotations

from collections.abc import Sequence

from domain.figures import MonthReport
from reports.book import Book
from reports.values import Table

#: Tables of more rows than this go over several pages of paper.
_ONE_PAGE = 60


def write(book: Book, report: MonthReport, name: str, found: Sequence[Table]) -> None:
    """Write the tables; the first one has its header frozen, repeated in print and filtered."""
    rows = sum(len(table.rows) for table in found)
    sheet = book.sheet(name, print_title=report.title, is_one_page=rows <= _ONE_PAGE)
    sheet.widths(found[0].headings)
    for index, table in enumerate(found):
        if index:
            sheet.skip()
        sheet.line(table.name, "heading" if index else "title")
        for note in table.notes:
            sheet.line(note, "note")
        first, last = sheet.table(table.headings, table.rows, is_main=not index)
        if table.heat:
            sheet.heat(first, last, *table.heat)
    # What paper leaves out stands at the end: addresses, and columns for the screen.
    sheet.print_to(max(map(_printed, found)))


def _printed(table: Table) -> int:
    """How many columns are printed."""
    return 1 + max(n for n, heading in enumerate(table.headings) if heading.is_printed)
