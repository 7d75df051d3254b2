"""A table on paper: a header that comes again on every page, rows that stay whole, typed values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.cells import fitting
from reports.printed import words
from reports.values import Clipped, Count, Heading, Link, Styled, Table, Value

#: Twentieths of a point in a millimetre.
_TWIPS: Final = 1440 / 25.4
#: Half-points of a table's letter.
_SIZE: Final = 20
#: Characters: columns of numbering are narrower than this, columns of numbers no wider than that.
_SHORT, _NUMBERS = 8, 16
#: Tables of so few rows are not torn by the end of a page.
_TOGETHER: Final = 12
_HEADER_FILL: Final = "D9E2F3"
#: The colour of the most; 0 is white.
_HEAT: Final = (0x6F, 0xA8, 0xDC)
NO_ROW: Final = "Không có dòng nào."


def table_xml(table: Table, *, room: float, rows: Iterable[Sequence[Value]] | None = None) -> Any:
    """The table, `room` millimetres wide, with the columns that are printed."""
    shown = [n for n, heading in enumerate(table.headings) if heading.is_printed]
    widths = _widths([table.headings[n] for n in shown], room)
    found = list(table.rows if rows is None else rows)
    most = _most(table, found)
    lines = [_header([table.headings[n] for n in shown], widths)]
    for place, values in enumerate(found, start=1):
        # A short table stays on one page: each of its rows but the last goes with the next.
        together = len(found) <= _TOGETHER and place < len(found)
        cells = [
            _cell(values[n], width, fill=_fill(table, n, values[n], most), together=together)
            for n, width in zip(shown, widths, strict=True)
        ]
        lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
    if not found:
        lines.append(_nothing(widths))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{_BORDERS}'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="30" w:type="dxa"/><w:right w:w="30" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


_BORDERS: Final = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)


def _widths(headings: Sequence[Heading], room: float) -> list[int]:
    """Widths of columns in twips: as on a sheet, in proportion; numbers no narrower than fit."""
    least = [_least(heading) for heading in headings]
    asked = [max(heading.width - _NUMBERS, 0) for heading in headings]
    spare, total = room - sum(least), sum(asked)
    widths = [
        low + (spare * part / total if total else 0) for low, part in zip(least, asked, strict=True)
    ]
    return [round(width * _TWIPS) for width in widths]


def _least(heading: Heading) -> float:
    if heading.width < _SHORT:
        return 9.0
    return 12.8 if heading.width <= _NUMBERS else 19.0


def _header(headings: Sequence[Heading], widths: Sequence[int]) -> str:
    look = _Look(align="center", is_bold=True, fill=_HEADER_FILL, is_middle=True, together=True)
    cells = "".join(
        _td(heading.short or heading.text, width, look)
        for heading, width in zip(headings, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _nothing(widths: Sequence[int]) -> str:
    text = _paragraph(NO_ROW, _Look(align="left"))
    return (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr>"
        f'<w:tcW w:w="{sum(widths)}" w:type="dxa"/><w:gridSpan w:val="{len(widths)}"/></w:tcPr>'
        f"{text}</w:tc></w:tr>"
    )


def _cell(value: Value, width: int, *, fill: str, together: bool) -> str:
    is_text = isinstance(value, str | Styled | Clipped | Link)
    align = "left" if is_text else "center"
    is_bold = isinstance(value, Styled) and value.style == "strong"
    look = _Look(align=align, is_bold=is_bold, fill=fill, together=together)
    return _td(words(value), width, look)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """This is how a cell looks."""

    align: str
    is_bold: bool = False
    fill: str = ""
    is_middle: bool = False
    #: Whether the row stays on the page of the next one.
    together: bool = False


def _td(text: str, width: int, look: _Look) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>' if look.fill else ""
    place = '<w:vAlign w:val="center"/>' if look.is_middle else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}{place}</w:tcPr>'
        f"{_paragraph(text, look)}</w:tc>"
    )


def _paragraph(text: str, look: _Look) -> str:
    bold = "<w:b/>" if look.is_bold else ""
    keep = "<w:keepNext/>" if look.together else ""
    runs = '</w:t><w:br/><w:t xml:space="preserve">'.join(
        escape(line) for line in fitting(text).replace("\r\n", "\n").split("\n")
    )
    return (
        f'<w:p><w:pPr>{keep}<w:spacing w:before="20" w:after="20"/><w:jc w:val="{look.align}"/>'
        f'</w:pPr><w:r><w:rPr>{bold}<w:sz w:val="{_SIZE}"/><w:szCs w:val="{_SIZE}"/></w:rPr>'
        f'<w:t xml:space="preserve">{runs}</w:t></w:r></w:p>'
    )


def _most(table: Table, rows: Sequence[Sequence[Value]]) -> int:
    if table.heat is None:
        return 0
    first, last = table.heat
    numbers = [
        value.value or 0
        for values in rows
        for value in values[first : last + 1]
        if isinstance(value, Count)
    ]
    return max(numbers, default=0)


def _fill(table: Table, column: int, value: Value, most: int) -> str:
    """The colour of a cell of the heat map, as on the sheet; "" where it has none."""
    if table.heat is None or not table.heat[0] <= column <= table.heat[1]:
        return ""
    if not isinstance(value, Count) or not value.value or not most:
        return ""
    part = value.value / most
    return "".join(f"{round(255 - (255 - shade) * part):02X}" for shade in _HEAT)
