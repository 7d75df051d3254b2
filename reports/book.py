"""A workbook written top to bottom: typed cells, inert text, real links, one kind of table.

Rows go to disk as they are written (xlsxwriter's constant memory), so a sheet's cells come row by
row and sheets one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Any, BinaryIO, Final

import xlsxwriter

from domain.codes import DatePrecision
from reports.cells import fitting, is_link
from reports.long_rows import LongRows
from reports.values import (
    Clipped,
    Count,
    Heading,
    Link,
    Moment,
    Points,
    Ratio,
    Share,
    Styled,
    Value,
)
from reports.vietnamese import UNKNOWN_MARK, local

__all__ = [
    "Book", "Clipped", "Count", "Heading", "Link", "Moment", "Points", "Share", "Sheet",
    "Styled", "Value",
]  # fmt: skip

#: The most hyperlinks Excel opens in one sheet.
MOST_LINKS: Final = 65_530
A4: Final = 9
#: Points a line of text takes.
LINE_HEIGHT: Final = 16
#: The most lines that a row shows.
MOST_LINES: Final = 25
#: Points of a line in a bigger letter, by style.
_TALL: Final = {"title": 24, "heading": 20}
FONT: Final = {"font_name": "Times New Roman", "font_size": 12}

_BASE: Final[dict[str, object]] = {**FONT, "valign": "top"}
_CELL: Final[dict[str, object]] = {**_BASE, "border": 1, "border_color": "#BFBFBF"}
_STYLES: Final[Mapping[str, dict[str, object]]] = {
    "title": {**_BASE, "bold": True, "font_size": 15, "font_color": "#1F3864"},
    "heading": {**_BASE, "bold": True, "font_size": 13, "font_color": "#1F3864"},
    "plain": {**_BASE},
    "name": {**_BASE, "bold": True},
    "note": {**_BASE, "italic": True, "font_color": "#595959"},
    "wrapped": {**_BASE, "text_wrap": True},
    "header": {
        **_CELL, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter",
        "bg_color": "#D9E2F3",
    },
    "text": {**_CELL, "text_wrap": True},
    "clipped": {**_CELL},
    "strong": {**_CELL, "text_wrap": True, "bold": True},
    "number": {**_CELL, "num_format": "#,##0"},
    "decimal": {**_CELL, "num_format": "#,##0.0"},
    "ratio": {**_CELL, "num_format": "0.00", "align": "center"},
    "share": {**_CELL, "num_format": "0.0%"},
    # Unquoted, the last sign shows a share times a hundred.
    "points": {**_CELL, "num_format": '0.0" điểm "%'},
    "count": {**_CELL, "num_format": "#,##0", "align": "center"},
    "unknown": {**_CELL, "align": "center", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"},
    "minute": {**_CELL, "num_format": "dd/mm/yyyy hh:mm", "align": "left"},
    "day": {**_CELL, "num_format": "dd/mm/yyyy", "align": "left"},
    "month": {**_CELL, "num_format": "mm/yyyy", "align": "left"},
    "link": {**_CELL, "text_wrap": True, "font_color": "#0563C1", "underline": 1},
}  # fmt: skip


class Book:
    """This is a workbook on a stream that the caller opened and closes."""

    def __init__(self, stream: BinaryIO, *, title: str, created: datetime) -> None:
        self._book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": FONT,
            },
        )
        self._book.set_properties(
            # A creation time that is handed in makes equal input give equal sheets.
            {"title": fitting(title), "created": local(created).replace(tzinfo=None)}
        )
        self._formats = {
            name: self._book.add_format(dict(style)) for name, style in _STYLES.items()
        }

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def sheet(self, name: str, *, print_title: str, is_one_page: bool = False) -> Sheet:
        """A new sheet, printed on A4 landscape, one page wide, with its title on every page."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 1 if is_one_page else 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.6)
        # "&" begins a code in a header; doubled, it is itself.
        head = fitting(print_title).replace("&", "&&")[:200]
        sheet.set_header(f'&C&"Times New Roman,Bold"&12{head}')
        sheet.set_footer('&C&"Times New Roman,Regular"&10Trang &P/&N')
        sheet.hide_gridlines(2)
        return Sheet(sheet, self._formats)

    def bar_chart(self) -> Any:
        """A chart of horizontal bars."""
        return self._book.add_chart({"type": "bar"})

    def column_chart(self) -> Any:
        """A chart of upright bars."""
        return self._book.add_chart({"type": "column"})


class Sheet:
    """This is a sheet with a cursor: lines of text, then tables, downwards."""

    def __init__(self, sheet: Any, formats: Mapping[str, Any]) -> None:
        self.raw = sheet
        self._formats = formats
        self._links = 0
        #: The next row to be written, from 0.
        self.row = 0

    def line(self, text: str, style: str = "plain") -> None:
        """Write one line of text that runs over the columns to its right."""
        if style in _TALL:
            self.raw.set_row(self.row, _TALL[style])
        self._write(0, Styled(text, style))
        self.row += 1

    def pair(self, name: str, text: str) -> None:
        """Write a name and, beside it, what it is."""
        self._write(0, Styled(name, "name"))
        self._write(1, Styled(text, "plain"))
        self.row += 1

    def skip(self) -> None:
        """Leave a row empty."""
        self.row += 1

    def print_to(self, columns: int) -> None:
        """Print only the first columns, the rest is for the screen."""
        self.raw.print_area(0, 0, self.row - 1, columns - 1)

    def widths(self, headings: Sequence[Heading]) -> None:
        """Set the widths of the sheet's columns."""
        for column, heading in enumerate(headings):
            folded = {"level": 1, "hidden": True} if heading.is_folded else {}
            self.raw.set_column(column, column, heading.width, None, folded)
        last = max((n for n, heading in enumerate(headings) if heading.is_folded), default=None)
        if last is not None:
            self.raw.set_column(
                last + 1, last + 1, headings[last + 1].width, None, {"collapsed": True}
            )

    def table(
        self,
        headings: Sequence[Heading],
        rows: Iterable[Sequence[Value]],
        *,
        is_main: bool = False,
    ) -> tuple[int, int]:
        """Write a table; the sheet's main one has its header frozen, repeated and filtered.

        Gives the first and the last row of its body, which has at least one row: a table without
        rows says so.
        """
        header = self.row
        widths = [heading.width for heading in headings]
        self._row([Styled(heading.text, "header") for heading in headings], widths)
        first = self.row
        for values in rows:
            self._row(values, widths)
        if self.row == first:
            self._row(("",) + ("Không có dòng nào.",) + ("",) * (len(headings) - 2), widths)
        if is_main:
            self.raw.freeze_panes(header + 1, 0)
            self.raw.repeat_rows(header)
            self.raw.autofilter(header, 0, self.row - 1, len(headings) - 1)
        return first, self.row - 1

    def long_table(self, headings: Sequence[Heading], write: Callable[[LongRows], None]) -> None:
        """Write the sheet's main table, its rows by `write`: for lists that may be very long."""
        header = self.row
        widths = [heading.width for heading in headings]
        self._row([Styled(heading.text, "header") for heading in headings], widths)
        rows = LongRows(self.raw, self._formats, self.row, len(headings))
        write(rows)
        rows.end()
        self.row = rows.row
        self.raw.freeze_panes(header + 1, 0)
        self.raw.repeat_rows(header)
        self.raw.autofilter(header, 0, self.row - 1, len(headings) - 1)

    def heat(self, first: int, last: int, left: int, right: int) -> None:
        """Colour the numbers of a block from white (0) to blue (the most)."""
        self.raw.conditional_format(
            first, left, last, right,
            {
                "type": "2_color_scale", "min_type": "num", "min_value": 0,
                "min_color": "#FFFFFF", "max_color": "#6FA8DC",
            },
        )  # fmt: skip

    def _row(self, values: Sequence[Value], widths: Sequence[float]) -> None:
        # Not every program fits the height of a row to wrapped text when it opens a file.
        lines = max(map(_lines, values, widths))
        if lines > 1:
            self.raw.set_row(self.row, min(lines, MOST_LINES) * LINE_HEIGHT)
        for column, value in enumerate(values):
            self._write(column, value)
        self.row += 1

    def _write(self, column: int, value: Value) -> None:
        match value:
            case None | Share(value=None) | Points(value=None) | Count(value=None):
                self._text(column, UNKNOWN_MARK, "unknown")
            case Share(value=number):
                self.raw.write_number(self.row, column, number, self._formats["share"])
            case Points(value=number):
                self.raw.write_number(self.row, column, number, self._formats["points"])
            case Ratio(value=number):
                self.raw.write_number(self.row, column, number, self._formats["ratio"])
            case Count(value=number):
                self.raw.write_number(self.row, column, number, self._formats["count"])
            case Moment():
                self._moment(column, value)
            case Link(url=url):
                self._link(column, url)
            case Styled(text=text, style=style):
                self._text(column, text, style)
            case Clipped(text=text):
                self._text(column, text, "clipped")
            case str():
                self._text(column, value, "text")
            case date():
                self.raw.write_datetime(self.row, column, value, self._formats["day"])
            case int():
                self.raw.write_number(self.row, column, value, self._formats["number"])
            case float():
                self.raw.write_number(self.row, column, value, self._formats["decimal"])

    def _moment(self, column: int, value: Moment) -> None:
        style = {DatePrecision.DAY: "day", DatePrecision.MONTH: "month"}
        self.raw.write_datetime(
            self.row,
            column,
            local(value.at).replace(tzinfo=None, microsecond=0),
            self._formats[style.get(value.precision, "minute")],
        )

    def _link(self, column: int, url: str) -> None:
        if not is_link(url) or self._links >= MOST_LINKS:
            self._text(column, url, "text")
            return
        self._links += 1
        self.raw.write_url(self.row, column, url, self._formats["link"], string=url)

    def _text(self, column: int, text: str, style: str) -> None:
        text = fitting(text)
        form = self._formats[style]
        if text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter takes such a text for its own markup; in two runs it is text again.
            self.raw.write_rich_string(
                self.row, column, text[:1], self._formats["plain"], text[1:], form
            )
        elif text:
            self.raw.write_string(self.row, column, text, form)
        else:
            self.raw.write_blank(self.row, column, None, form)


def _lines(value: Value, width: float) -> int:
    """How many lines a wrapped text takes in a column, as far as its length tells."""
    match value:
        case str(text) | Styled(text=text) | Link(url=text):
            if len(text) < width and "\n" not in text:
                return 1
            # Letters are narrower than the digits that widths count, but words break unevenly.
            fill = 0.9 if width >= 20 else 1.0
            return sum(1 + int(len(line) * fill / width) for line in text.split("\n"))
    return 1
