"""Rows of a long list, written straight into the sheet's XML.

A cell through xlsxwriter's own functions costs ten calls; a list of a hundred thousand rows has two
million cells. Here a row is one string. It leans on how xlsxwriter keeps a sheet in constant memory
(a text file of rows, and a table of addresses), which the tests of the workbook would notice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from xlsxwriter.url import Url
from xlsxwriter.utility import xl_col_to_name

from reports.cells import fitting
from reports.vietnamese import local

#: The day before the first that Excel counts, as Python counts days.
_DAY_ZERO: Final = 693_594
_SECONDS: Final = 86_400
_BLANK: Final = '<c r="{0}%d" s="{1}"/>'
_TEXT: Final = '<c r="{0}%d" s="{1}" t="inlineStr"><is><t{2}>%s</t></is></c>'
_NUMBER: Final = '<c r="{0}%d" s="{1}"><v>%s</v></c>'
# What a spreadsheet program would read as a character's number, and the line end XML drops.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_KEEP_BLANKS: Final = ' xml:space="preserve"'


def escaped(text: str) -> str:
    """The text as it stands in a sheet's XML, itself again when read.

    >>> escaped("a < b & _x0041_")
    'a &lt; b &amp; _x005F_x0041_'
    """
    text = fitting(text)
    if "_x" in text:
        text = _CODE.sub("_x005F_", text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "_x000D_") if "\r" in text else text


def serial(at: datetime) -> str:
    """A moment as Excel counts it, on the Vietnamese clock, to the second."""
    here = local(at)
    seconds = here.hour * 3600 + here.minute * 60 + here.second
    return repr(here.toordinal() - _DAY_ZERO + seconds / _SECONDS)


class LongRows:
    """This writes rows below what a sheet holds already; every cell has a style by name."""

    def __init__(self, sheet: Any, formats: Mapping[str, Any], row: int, columns: int) -> None:
        self._sheet = sheet
        self._styles = {name: form._get_xf_index() for name, form in formats.items()}
        self._columns = [xl_col_to_name(column) for column in range(columns)]
        #: The next row, from 0.
        self.row = row
        # The row before is still held by the sheet.
        sheet._write_single_row(row)
        self._write = sheet.row_data_fh.write

    def texts(self, column: int, style: str) -> Callable[[int, str], str]:
        """What makes a text cell of a column: called with the row's number from 1 and the text."""
        letter, index = self._columns[column], self._styles[style]
        blank = _BLANK.format(letter, index)
        plain = _TEXT.format(letter, index, "")
        edged = _TEXT.format(letter, index, _KEEP_BLANKS)

        def cell(number: int, text: str) -> str:
            if not text:
                return blank % number
            whole = escaped(text)
            if not whole:
                return blank % number
            form = edged if whole[0].isspace() or whole[-1].isspace() or "\n" in whole else plain
            return form % (number, whole)

        return cell

    def numbers(self, column: int, style: str) -> Callable[[int, str], str]:
        """What makes a cell of a number or a moment: called with the number as it is written."""
        form = _NUMBER.format(self._columns[column], self._styles[style])
        return lambda number, written: form % (number, written)

    def put(self, cells: str, height: float | None) -> None:
        """Write a row of finished cells."""
        tall = "" if height is None else f' ht="{height:g}" customHeight="1"'
        self._write(f'<row r="{self.row + 1}"{tall}>{cells}</row>')
        self.row += 1

    def link(self, column: int, url: str) -> None:
        """Make the cell of the row about to be written lead to an address."""
        found = Url(url)
        found._text = url
        self._sheet.hlink_count += 1
        self._sheet.hyperlinks[self.row][column] = found

    def end(self) -> None:
        """Tell the sheet how far it reaches now."""
        self._sheet.previous_row = self.row
        self._sheet.dim_rowmax = max(self._sheet.dim_rowmax or 0, self.row - 1)
