"""The report of a period as a workbook: one sheet a table, and how to read it."""

from __future__ import annotations

from typing import BinaryIO

from domain.figures import MonthReport
from reports.book import Book
from reports.sheets import listing, summary, tables
from reports.tables.order import LIST_SHEET, sheets


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the workbook; equal reports give equal sheets."""
    with Book(stream, title=report.title, created=report.generated_at) as book:
        summary.write(book, report)
        for name, found in sheets(report):
            if name == LIST_SHEET:
                listing.write(book, report)
            else:
                tables.write(book, report, name, found)
