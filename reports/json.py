"""The rows and the figures as JSON: codes and ids, moments in Vietnamese time, equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import BinaryIO

from pydantic import BaseModel

from domain.figures import Completeness, MonthReport
from reports import vietnamese
from reports.tables.order import tables
from reports.values import Clipped, Count, Link, Moment, Points, Ratio, Share, Styled, Table, Value


def write(report: MonthReport, stream: BinaryIO) -> None:
    """Write ``{"report", "figures", …, "tables", "rows"}``; a row stands on one line."""
    period = report.figures.period
    head = {
        "title": report.title,
        "from": period.start,
        "to": period.end,
        "window": report.window,
        "scope": {"agency": report.figures.agency, "name": report.figures.scope},
        "generated_at": report.generated_at,
        "versions": report.versions,
        "office": report.office,
    }
    stream.write(b'{"report": ' + _bytes(head) + b',\n"figures": ')
    stream.write(_bytes(report.figures) + b',\n"phrases": ' + _bytes(report.phrases))
    for name, part in (
        ("breakdown", report.breakdown),
        ("highlights", report.highlights),
        ("qualities", report.measured),
        ("events", report.events),
        ("activities", report.activities),
    ):
        stream.write(f',\n"{name}": '.encode() + _bytes(part))
    stream.write(b',\n"tables": [')
    for index, table in enumerate(tables(report)):
        stream.write((b",\n" if index else b"\n") + _bytes(_table(table)))
    stream.write(b"\n]")
    stream.write(b',\n"rows": [')
    for index, row in enumerate(report.rows):
        stream.write((b",\n" if index else b"\n") + _bytes(row))
    stream.write(b"\n]}\n")


def _table(table: Table) -> dict[str, object]:
    """A table as the other formats show it: what is not known is null."""
    return {
        "number": table.number,
        "title": table.title,
        "notes": table.notes,
        "columns": [heading.text for heading in table.headings],
        "rows": [[_cell(value) for value in row] for row in table.rows],
    }


def _cell(value: Value) -> object:
    match value:
        case Share(value=held) | Points(value=held) | Ratio(value=held) | Count(value=held):
            return held
        case Moment(at=at):
            return at
        case Link(url=text) | Styled(text=text) | Clipped(text=text):
            return text
    return value


def _bytes(value: object) -> bytes:
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False)
    # Half a surrogate pair has no UTF-8 form; the escape is the same text to a JSON reader.
    return text.encode("utf-8", errors="backslashreplace")


def plain(value: object) -> object:
    """A record as the objects, lists and texts of JSON.

    >>> plain({"day": date(2026, 7, 1), "lag": timedelta(hours=1)})
    {'day': '2026-07-01', 'lag': 3600.0}
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return vietnamese.local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_members(value))
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return value


def _members(record: object) -> Iterator[tuple[str, object]]:
    assert is_dataclass(record)
    for member in fields(record):
        yield member.name, plain(getattr(record, member.name))
    if isinstance(record, Completeness):
        yield "low", record.low
        yield "high", record.high
