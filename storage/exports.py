"""Reports that were made: where each lies, and what it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.tables import exports


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """This is one file of a report."""

    id: int
    kind: str
    period: str
    scope: str
    path: str
    sha256: str
    rows: int
    made_at: datetime


def last_exports(connection: Connection, limit: int) -> list[Export]:
    """The files made last, the newest first."""
    found = connection.execute(select(exports).order_by(exports.c.id.desc()).limit(limit))
    return [_export(row) for row in found]


def export_of(connection: Connection, number: int) -> Export | None:
    """The file of a number."""
    row = connection.execute(select(exports).where(exports.c.id == number)).one_or_none()
    return None if row is None else _export(row)


def _export(row: Row[Any]) -> Export:
    return Export(
        id=row.id,
        kind=row.kind,
        period=row.period,
        scope=row.scope,
        path=row.path,
        sha256=row.sha256,
        rows=row.rows,
        made_at=row.made_at,
    )
