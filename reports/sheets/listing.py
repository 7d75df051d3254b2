"""The list of articles: table 6, the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from domain.codes import DatePrecision
from domain.figures import MonthReport
from domain.records import ArticleRow
from reports.articles import DETAILS, PRECISION_NAMES, PRINTED, story_code
from reports.book import (
    LINE_HEIGHT,
    MOST_LINES,
    MOST_LINKS,
    Book,
    Clipped,
    Count,
    Heading,
    Link,
    Moment,
    Value,
)
from reports.cells import is_link
from reports.long_rows import LongRows, serial
from reports.tables.order import LIST_SHEET
from reports.vietnamese import local, number

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


#: Style of a moment by how finely it is known.
_MOMENTS = {DatePrecision.DAY: "day", DatePrecision.MONTH: "month"}
_URL = 2 + len(PRINTED)
#: Columns whose text is wrapped and may be long, with their widths.
_WRAPPED = tuple(
    (place, column.width)
    for place, column in enumerate(PRINTED)
    if column.heading in {"Tít", "Cơ quan là chủ thể", "Lĩnh vực"}
)
_FILL = 0.9


def write(book: Book, report: MonthReport) -> None:
    """Write every relevant placement; the header is the first row, as pivot tables want it."""
    sheet = book.sheet(LIST_SHEET, print_title=report.title)
    sheet.widths(_HEADINGS)
    if report.rows:
        sheet.long_table(_HEADINGS, partial(_write_rows, report=report))
    else:
        sheet.table(_HEADINGS, (), is_main=True)
    # From the number to the address.
    sheet.print_to(3 + len(PRINTED))
    if len(report.rows) > MOST_LINKS:
        sheet.skip()
        sheet.line(
            f"Từ dòng thứ {number(MOST_LINKS + 1)}, địa chỉ là chữ thường: Excel chỉ nhận "
            f"{number(MOST_LINKS)} liên kết trên một trang tính.",
            "note",
        )


def _write_rows(rows: LongRows, *, report: MonthReport) -> None:
    count = rows.numbers(0, "count")
    moments = {style: rows.numbers(1, style) for style in ("minute", "day", "month")}
    printed = [(column.text, rows.texts(2 + n, "text")) for n, column in enumerate(PRINTED)]
    linked, unlinked = rows.texts(_URL, "link"), rows.texts(_URL, "text")
    details = [
        (column.text, rows.texts(_URL + 1 + n, "clipped")) for n, column in enumerate(DETAILS)
    ]
    after = _URL + 1 + len(DETAILS)
    precision, seen = rows.texts(after, "text"), rows.numbers(after + 1, "minute")
    story, archived = rows.texts(after + 2, "text"), rows.texts(after + 3, "text")
    names, links = report.figures.names, 0
    for n, row in enumerate(report.rows, start=1):
        at = rows.row + 1
        texts = [text(row, names) for text, _ in printed]
        address = unlinked
        if links < MOST_LINKS and is_link(row.url):
            links, address = links + 1, linked
            rows.link(_URL, row.url)
        moment = moments[_MOMENTS.get(row.date_precision, "minute")]
        cells = [
            count(at, str(n)),
            moment(at, serial(row.counted_at)),
            *[cell(at, text) for (_, cell), text in zip(printed, texts, strict=True)],
            address(at, row.url),
            *[cell(at, text(row, names)) for text, cell in details],
            precision(at, PRECISION_NAMES[row.date_precision]),
            seen(at, serial(row.first_seen_at)),
            story(at, story_code(row)),
            archived(at, row.sha256),
        ]
        rows.put("".join(cells), _height(texts, row.url))


def _height(texts: Sequence[str], url: str) -> float | None:
    lines = max(
        1 + int(len(url) * _FILL / 44),
        *(1 + int(len(texts[place]) * _FILL / width) for place, width in _WRAPPED),
    )
    return min(lines, MOST_LINES) * LINE_HEIGHT if lines > 1 else None


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


def cells_of(n: int, row: ArticleRow, report: MonthReport) -> list[object]:
    """The same cells without their types, as a program that knows none of ours would write them."""
    return [_plain(value) for value in _row(n, row, report)]


def _plain(value: Value) -> object:
    match value:
        case Count(value=held):
            return held
        case Link(url=text) | Clipped(text=text):
            return text
        case Moment(at=at):
            return local(at).replace(tzinfo=None)
    return value
