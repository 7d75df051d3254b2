"""Rows of a file that a person brings: JSON lines, CSV or a spreadsheet, read one way.

A row keeps its number in the file, so that what is wrong can be named as the person sees it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.errors import UsageError, os_reason
from domain.text import fold_for_search
from domain.validation import unknown

#: Field: the headings under which it is met.
Names = Mapping[str, Sequence[str]]
#: Headings stand within so many rows of the top.
_TITLE_ROWS = 30
#: Longer than any article: the csv module refuses fields of more than 128 KB unless told.
_LONGEST_CELL = 16_000_000
_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRow:
    """This is one row: its number in the file, and its cells by the column's heading."""

    number: int
    cells: Mapping[str, Any]
    #: Why the row could not be read at all, "" otherwise.
    fault: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowError:
    """This says which row and column cannot be used, and why."""

    number: int
    #: The column as the file heads it, "" where the whole row is meant.
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"Dòng {self.number}" + (f", cột “{self.column}”" if self.column else "")
        return f"{place}: {self.reason}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """This says which column of a file holds which field."""

    #: Field: heading.
    by_field: Mapping[str, str]
    #: Headings that mean nothing here.
    unused: tuple[str, ...]

    def text(self, row: FileRow, field: str) -> str:
        """The cell of a field as text, "" where the column or the value is missing."""
        value = row.cells.get(self.by_field.get(field, ""))
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a spreadsheet keeps every number as a fraction
        return "" if value is None else str(value).strip()

    def value(self, row: FileRow, field: str) -> Any:
        """The cell of a field as the file gives it, None where missing."""
        return row.cells.get(self.by_field.get(field, ""))

    def error(self, row: FileRow, field: str, reason: str) -> RowError:
        """What is wrong with the cell of a field."""
        return RowError(number=row.number, column=self.by_field.get(field, field), reason=reason)


def read_rows(path: Path, names: Names, told: Iterable[str] = ()) -> list[FileRow]:
    """All rows of a file that are not empty, in order; `UsageError` where it cannot be read.

    A title may stand above the headings: they are the row that holds the most of the `names`, or
    of those that a person told.
    """
    known = {fold_heading(name) for field in names for name in (field, *names[field])}
    known |= {fold_heading(name) for name in told}
    readers = {".jsonl": _json_rows, ".csv": _csv_rows, ".xlsx": _sheet_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"Không đọc được {path}: chỉ nhận tệp .jsonl, .csv hoặc .xlsx. "
            "Nếu là .xls thì mở bằng bảng tính rồi lưu lại thành .xlsx."
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"Không đọc được {path}: {os_reason(error)}.") from error
    rows = reader(data, path, known)
    return [row for row in rows if row.fault or any(map(_is_filled, row.cells.values()))]


def match_columns(
    rows: Sequence[FileRow],
    names: Names,
    *,
    required: Iterable[str],
    told: Mapping[str, str] | None = None,
    where: Path,
) -> Columns:
    """Find the column of each field by its known `names`, or as `told` ({heading: field}).

    Headings are compared without case and diacritics. A required field that no column holds is a
    `UsageError`, for then no row can be used. A command whose columns cannot be told gives None.
    """
    headings = list(dict.fromkeys(key for row in rows for key in row.cells))
    by_field = dict(_told_columns(headings, names, told or {}, where))
    meant = {fold_heading(name): field for field in names for name in (field, *names[field])}
    for heading in headings:
        field = meant.get(fold_heading(heading))
        if field is not None and field not in by_field and heading not in by_field.values():
            by_field[field] = heading
    missing = [field for field in required if field not in by_field]
    if missing and rows:
        wanted = "; ".join(f"{field} ({', '.join(names[field][:3])})" for field in missing)
        advice = (
            "Đổi tên cột cho đúng, hoặc chọn đúng tệp."
            if told is None
            else "Đổi tên cột, hoặc chỉ rõ bằng --map “tên cột=mục”."
        )
        raise UsageError(
            f"Tệp {where} thiếu cột: {wanted}. Các cột đang có: {', '.join(headings) or 'không'}. "
            f"{advice}"
        )
    used = set(by_field.values())
    return Columns(by_field=by_field, unused=tuple(each for each in headings if each not in used))


def fold_heading(name: str) -> str:
    """A heading as it is compared.

    >>> fold_heading("Ngày đăng (*)"), fold_heading("datePublished"), fold_heading("published_at")
    ('ngay dang', 'date published', 'published at')
    """
    return fold_for_search(re.sub(r"([a-z])([A-Z])", r"\1 \2", name))


def _told_columns(
    headings: Sequence[str], names: Names, told: Mapping[str, str], where: Path
) -> Iterator[tuple[str, str]]:
    folded = {fold_heading(heading): heading for heading in headings}
    for column, field in told.items():
        if field not in names:
            raise UsageError(f"{unknown('mục', field, names)} Các mục: {', '.join(names)}.")
        if fold_heading(column) not in folded:
            raise UsageError(f"Tệp {where}: {unknown('cột', column, headings)}")
        yield field, folded[fold_heading(column)]


def _json_rows(data: bytes, path: Path, known: set[str]) -> Iterator[FileRow]:
    for number, line in enumerate(_text(data, path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line)
        except json.JSONDecodeError as error:
            fault = f"không phải JSON hợp lệ (từ ký tự {error.colno})"
            yield FileRow(number=number, cells={}, fault=fault)
            continue
        if isinstance(cells, dict):
            yield FileRow(number=number, cells=cells)
        else:
            yield FileRow(number=number, cells={}, fault="phải là một đối tượng JSON {...}")


def _csv_rows(data: bytes, path: Path, known: set[str]) -> Iterator[FileRow]:
    csv.field_size_limit(_LONGEST_CELL)
    text = _text(data, path)
    top = text[:10_000]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=top.count))
    table: list[tuple[int, Sequence[Any]]] = []
    try:
        # A quoted cell may hold line breaks: the row is named by the line on which it begins.
        begins = 1
        for cells in reader:
            table.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"Tệp {path} không phải CSV đúng cách, gần dòng {reader.line_num}: {error}. "
            "Mở bằng bảng tính rồi lưu lại."
        ) from error
    yield from _table_rows(table, known)


def _sheet_rows(data: bytes, path: Path, known: set[str]) -> Iterator[FileRow]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"Tệp {path} không phải sổ bảng tính .xlsx hoặc đã hỏng: {error}. "
            "Mở bằng bảng tính rồi lưu lại."
        ) from error
    try:
        rows = book.worksheets[0].iter_rows(values_only=True) if book.worksheets else ()
        table = list(enumerate(rows, 1))
    finally:
        book.close()
    yield from _table_rows(table, known)


def _table_rows(table: Sequence[tuple[int, Sequence[Any]]], known: set[str]) -> Iterator[FileRow]:
    filled = [(number, cells) for number, cells in table if any(_is_filled(c) for c in cells)]
    if not filled:
        return
    head = _heading_row([cells for _, cells in filled[:_TITLE_ROWS]], known)
    headings = ["" if cell is None else str(cell).strip() for cell in filled[head][1]]
    for number, cells in filled[head + 1 :]:
        if any(_is_filled(cell) for cell in cells[len(headings) :]):
            fault = f"có {len(cells)} ô, nhiều hơn số cột của dòng tiêu đề ({len(headings)})"
            yield FileRow(number=number, cells={}, fault=fault)
        else:
            named = zip(headings, cells, strict=False)
            yield FileRow(number=number, cells={name: cell for name, cell in named if name})


def _heading_row(top: Sequence[Sequence[Any]], known: set[str]) -> int:
    """The row that holds the most known names; without two of them the first with two cells."""
    scores = [sum(fold_heading(str(cell or "")) in known for cell in cells) for cells in top]
    if max(scores) > 1:
        return scores.index(max(scores))
    wide = (place for place, cells in enumerate(top) if sum(map(_is_filled, cells)) > 1)
    return next(wide, 0)


def _is_filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _text(data: bytes, path: Path) -> str:
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"Tệp {path} không phải UTF-8 (từ byte {error.start}). "
            "Trong bảng tính, lưu lại bằng kiểu “CSV UTF-8”."
        ) from error


def as_written(value: Any) -> str:
    """A cell that should be a time, as text: a spreadsheet gives times of its own.

    >>> from datetime import UTC
    >>> as_written(datetime(2026, 7, 1, 8, 30, tzinfo=UTC).replace(tzinfo=None))
    '2026-07-01T08:30'
    """
    if isinstance(value, datetime):
        if not (value.hour or value.minute or value.second or value.tzinfo):
            return value.date().isoformat()
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    return "" if value is None else str(value).strip()
