"""Insert, or keep, or replace: alike for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from storage.postgres_copy import copy_records, copy_upsert

#: From so many rows on, PostgreSQL takes them by COPY.
_BULK = 100


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose keys are not there yet; all of them name the same columns."""
    if connection.dialect.name == "postgresql" and len(rows) >= _BULK:
        copy_records(connection, table, rows)
    elif rows:
        connection.execute(insert(table), list(rows))


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    replace: bool = True,
) -> None:
    """Insert rows by primary key; a row that is there is replaced, or kept if not `replace`."""
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= _BULK:
        copy_upsert(connection, table, rows, replace=replace)
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = list(table.primary_key.columns)
    given = set(rows[0]) - {key.name for key in keys}
    if replace and given:
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in sorted(given)}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))
