r"""The article list as CSV: UTF-8 with BOM, commas, CRLF, equal bytes for equal input.

A text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-`` or ``@``, at
its start or after a character that some locale takes as a separator) gets one apostrophe before
that character. An apostrophe, because a tab or a blank is dropped by some programs and the formula
comes back to life; and reversible, because a text that already has apostrophes there gets one more:
`intact` gives back what the outlet wrote, for every text.
"""

from __future__ import annotations

import csv
import io
import re
from typing import BinaryIO, Final

from domain.figures import MonthReport
from domain.records import ArticleRow
from reports import vietnamese
from reports.articles import DETAILS, PRECISION_NAMES, PRINTED, article_code, story_code
from reports.cells import printable

# A semicolon and a tab part cells where Excel's list separator is not the comma, as in Vietnam.
_SEPARATOR = re.compile(r"[;\t\r\n]")
_PLACE: Final = r"(?:^|[;\t\r\n])[\s\"]*'*"
_ACTS = re.compile(rf"({_PLACE})(?=[=+\-@＝＋－＠])")
_KEPT = re.compile(rf"({_PLACE})'(?=[=+\-@＝＋－＠])")

HEADINGS: Final = (
    "STT",
    "Thời gian đăng",
    "Thời gian đăng (ISO 8601)",
    "Độ chính xác của giờ",
    *(column.heading for column in (*PRINTED, *DETAILS)),
    "Địa chỉ",
    "Thời gian thu thập",
    "Mã câu chuyện",
    "Mã bài",
    "Mã lưu trữ (SHA-256)",
    "Phiên bản gắn nhãn",
)


def inert(text: str) -> str:
    """The text with every formula in it put to sleep.

    >>> inert("=HYPERLINK(1)"), inert("1 - 2"), inert("một; =2")
    ("'=HYPERLINK(1)", '1 - 2', "một; '=2")
    """
    # Most texts begin with a letter and hold no separator: they need no search.
    if text[:1].isalnum() and not _SEPARATOR.search(text):
        return text
    return _ACTS.sub(r"\1'", text)


def intact(text: str) -> str:
    """The text as it was before `inert`.

    >>> intact(inert("'=1")), intact(inert("+84"))
    ("'=1", '+84')
    """
    return _KEPT.sub(r"\1", text)


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the relevant placements of the report, one a line."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(HEADINGS)
        writer.writerows(
            _line(number, row, report) for number, row in enumerate(report.rows, start=1)
        )
        text.flush()
    finally:
        # The stream is the caller's to close.
        text.detach()


def _line(number: int, row: ArticleRow, report: MonthReport) -> list[str]:
    names = report.figures.names
    return [
        str(number),
        vietnamese.moment(row.counted_at, row.date_precision),
        vietnamese.local(row.counted_at).isoformat(),
        PRECISION_NAMES[row.date_precision],
        *(inert(printable(column.text(row, names))) for column in (*PRINTED, *DETAILS)),
        inert(printable(row.url)),
        vietnamese.minute(row.first_seen_at),
        story_code(row),
        article_code(row),
        row.sha256,
        row.model_version,
    ]
