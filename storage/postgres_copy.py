"""Rows in bulk into PostgreSQL: COPY, several times as quick as statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, text


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Append rows to a table; their values are what the driver takes."""
    names = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def copy_records(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append records to a table, with the table's defaults for what they leave out."""
    copy_rows(connection, table.name, *_driver_rows(connection, table, rows))


def copy_upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, replace: bool
) -> None:
    """Append records; one whose key is there replaces it, or is left out if not `replace`.

    The last of several records with one key counts, or the first if not `replace`.
    """
    columns, values = _driver_rows(connection, table, rows)
    keys = [column.name for column in table.primary_key.columns]
    places = [columns.index(key) for key in keys]
    unique: dict[tuple[Any, ...], Sequence[Any]] = {}
    for row in values:
        key = tuple(row[place] for place in places)
        if replace or key not in unique:
            unique[key] = row
    connection.execute(
        text(
            f'CREATE TEMPORARY TABLE "bulk_{table.name}" '
            f'(LIKE "{table.name}" INCLUDING DEFAULTS) ON COMMIT DROP'
        )
    )
    copy_rows(connection, f"bulk_{table.name}", columns, unique.values())
    changed = [name for name in columns if name in rows[0] and name not in keys] if replace else []
    connection.execute(text(_merge(table.name, columns, keys, changed)))
    connection.execute(text(f'DROP TABLE "bulk_{table.name}"'))


def _merge(table: str, columns: Sequence[str], keys: Sequence[str], changed: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    conflict = ", ".join(f'"{name}"' for name in keys)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
    action = f"UPDATE SET {changes}" if changes else "NOTHING"
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "bulk_{table}" '
        f"ON CONFLICT ({conflict}) DO {action}"
    )


def _driver_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[str], list[list[Any]]]:
    """Columns and values as the driver takes them: each column's own processing is applied."""
    columns = [
        column
        for column in table.columns
        if column.name in rows[0] or (column.default is not None and column.name not in rows[0])
    ]
    ways = [
        (column, column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
        for column in columns
    ]
    return [column.name for column in columns], [
        [_value(row, column, way) for column, way in ways] for row in rows
    ]


def _value(row: Mapping[str, Any], column: Any, way: Any) -> Any:
    if column.name in row:
        value = row[column.name]
    elif column.default.is_callable:
        value = column.default.arg(None)
    else:
        value = column.default.arg
    return way(value) if way else value
