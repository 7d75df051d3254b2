"""The list of articles (the evidence), and the key phrases."""

from __future__ import annotations

from collections.abc import Sequence

from domain.codes import DatePrecision
from domain.figures import MonthReport, Phrase
from domain.records import ArticleRow
from reports.articles import DETAILS, PRECISION_NAMES, PRINTED, story_code
from reports.book import MOST_LINKS, Book, Clipped, Count, Heading, Link, Moment, Value
from reports.vietnamese import number

LIST_SHEET = "Danh mục bài"

_HEADINGS = (
    Heading("STT", 6),
    Heading("Thời gian đăng", 18),
    *(Heading(column.heading, column.width) for column in PRINTED),
    Heading("Địa chỉ", 44),
    *(Heading(column.heading, column.width) for column in DETAILS),
    Heading("Độ chính xác của giờ", 14),
    Heading("Thời gian thu thập", 18),
    Heading("Mã câu chuyện", 20),
    Heading("Mã lưu trữ (SHA-256)", 68),
)
_PHRASES = (Heading("STT", 6), Heading("Cụm từ", 44), Heading("Số bài", 12), Heading("Điểm", 12))


def write(book: Book, report: MonthReport) -> None:
    """Write every relevant placement; the header is the first row, as pivot tables want it."""
    sheet = book.sheet(LIST_SHEET, print_title=report.title)
    sheet.widths(_HEADINGS)
    sheet.table(
        _HEADINGS,
        (_row(n, row, report) for n, row in enumerate(report.rows, start=1)),
        is_main=True,
    )
    # From the number to the address.
    sheet.print_to(3 + len(PRINTED))
    if len(report.rows) > MOST_LINKS:
        sheet.skip()
        sheet.line(
            f"Từ dòng thứ {number(MOST_LINKS + 1)}, địa chỉ là chữ thường: Excel chỉ nhận "
            f"{number(MOST_LINKS)} liên kết trên một trang tính.",
            "note",
        )


def _row(n: int, row: ArticleRow, report: MonthReport) -> Sequence[Value]:
    names = report.figures.names
    return (
        Count(n),
        Moment(row.counted_at, row.date_precision),
        *(column.text(row, names) for column in PRINTED),
        Link(row.url),
        *(Clipped(column.text(row, names)) for column in DETAILS),
        PRECISION_NAMES[row.date_precision],
        Moment(row.first_seen_at, DatePrecision.MINUTE),
        story_code(row),
        row.sha256,
    )


def write_phrases(book: Book, report: MonthReport) -> None:
    """Write the key phrases of the period."""
    sheet = book.sheet("Cụm từ", print_title=report.title)
    sheet.widths(_PHRASES)
    sheet.line("Cụm từ nổi bật trong kỳ", "title")
    sheet.table(
        _PHRASES,
        (_phrase(n, phrase) for n, phrase in enumerate(report.phrases, start=1)),
        is_main=True,
    )


def _phrase(n: int, phrase: Phrase) -> Sequence[Value]:
    return Count(n), phrase.words, Count(phrase.articles), phrase.score
