r"""The article list as CSV: UTF-8 with BOM, commas, CRLF, equal bytes for equal input.

A text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-`` or ``@``, at
its start or after a character that some locale takes as a separator) gets one apostrophe before
that character. An apostrophe, because a tab or a blank is dropped by some programs and the formula
comes back to life; and reversible, because a text that already has apostrophes there gets one more:
`intact` gives back what the outlet wrote, for every text.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

from domain.codes import DatePrecision
from domain.figures import MonthReport
from reports import vietnamese
from reports.articles import DETAILS, PRECISION_NAMES, PRINTED, article_code, story_code
from reports.cells import printable

# A semicolon and a tab part cells where Excel's list separator is not the comma, as in Vietnam.
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
    # Most texts begin with a letter and hold no separator: they need no search. Of the separators
    # only the semicolon is printable.
    if text[:1].isalnum() and ";" not in text and text.isprintable():
        return text
    return _ACTS.sub(r"\1'", text)


def intact(text: str) -> str:
    """The text as it was before `inert`.

    >>> intact(inert("'=1")), intact(inert("+84"))
    ("'=1", '+84')
    """
    return _KEPT.sub(r"\1", text)


def quoted(text: str) -> str:
    """A cell as it stands in the file; the csv module asks every character of every cell anew.

    >>> quoted("một, hai"), quoted("ba")
    ('"một, hai"', 'ba')
    """
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write the relevant placements of the report, one a line."""
    # Written apart: the codec that writes the mark itself is called in Python for every line.
    stream.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        text.write(",".join(map(quoted, HEADINGS)) + "\r\n")
        text.writelines(_lines(report))
        text.flush()
    finally:
        # The stream is the caller's to close.
        text.detach()


def _lines(report: MonthReport) -> Iterator[str]:
    names = report.figures.names
    texts = [column.text for column in (*PRINTED, *DETAILS)]
    # Outlets, agencies, areas and forms come again and again: each is made safe once.
    known = _Known()
    for number, row in enumerate(report.rows, start=1):
        at = vietnamese.local(row.counted_at)
        cells = (
            str(number),
            _moment(at, row.date_precision),
            at.isoformat(),
            PRECISION_NAMES[row.date_precision],
            *[known[text(row, names)] for text in texts],
            known[row.url],
            _moment(vietnamese.local(row.first_seen_at), DatePrecision.MINUTE),
            story_code(row),
            article_code(row),
            row.sha256,
            known[row.model_version],
        )
        yield ",".join(cells) + "\r\n"


class _Known(dict[str, str]):
    """This remembers short texts made safe; it is emptied before it grows large."""

    _MOST = 5_000
    _SHORT = 60

    def __missing__(self, text: str) -> str:
        made = quoted(inert(printable(text)))
        if len(text) < self._SHORT:
            if len(self) > self._MOST:
                self.clear()
            self[text] = made
        return made


def _moment(at: datetime, precision: DatePrecision) -> str:
    """As `vietnamese.moment`, of a moment that is on the Vietnamese clock already."""
    if precision is DatePrecision.MONTH:
        return f"{at.month:02}/{at.year}"
    day = f"{at.day:02}/{at.month:02}/{at.year}"
    return day if precision is DatePrecision.DAY else f"{day} {at.hour:02}:{at.minute:02}"
