"""The report of a period as a workbook: one sheet a table, and how to read it."""

from __future__ import annotations

from typing import BinaryIO

from domain.figures import Group, MonthReport
from reports.book import Book
from reports.sheets import coverage, listing, method, outlets, stories, summary


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the workbook; equal reports give equal sheets."""
    with Book(stream, title=report.title, created=report.generated_at) as book:
        summary.write(book, report)
        coverage.write_areas(book, report)
        coverage.write_agencies(book, report, "Bộ, ngành x lĩnh vực", Group.MINISTRY, Group.OTHER)
        coverage.write_agencies(book, report, "Địa phương x lĩnh vực", Group.PROVINCE)
        outlets.write_outlets(book, report)
        outlets.write_days(book, report)
        stories.write_timing(book, report)
        stories.write_releases(book, report)
        stories.write_agencies(book, report)
        listing.write(book, report)
        listing.write_phrases(book, report)
        method.write(book, report)
