"""Carrying a database over to another, table by table, and comparing the two row by row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Integer,
    Result,
    Row,
    Table,
    func,
    literal,
    select,
    text,
    tuple_,
)

from domain.errors import StorageError, UsageError
from storage.tables import articles, metadata
from storage.upsert import insert_rows

#: Stands in the target from the first row to the last: what is there came from a move.
_MARK: Final = "move_under_way"


def moved_tables() -> list[Table]:
    """Every table, those that others point to first."""
    return metadata.sorted_tables


def begin_move(target: Connection, source_name: str) -> bool:
    """Mark the target as being filled from a source; whether an earlier move is taken up.

    A target that holds anything else is refused with a `UsageError`.
    """
    held = target.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": _MARK})
    if held:
        earlier = target.scalar(text(f"SELECT source FROM {_MARK}"))
        if earlier != source_name:
            raise UsageError(
                f"Cơ sở dữ liệu đích đang nhận dữ liệu từ {earlier}. Chuyển tiếp từ đó, hoặc chọn "
                "một cơ sở dữ liệu trống khác."
            )
        return True
    filled = [table.name for table in moved_tables() if target.scalar(select(table).limit(1))]
    if filled:
        raise UsageError(
            f"Cơ sở dữ liệu đích đã có dữ liệu (bảng {filled[0]}). Chỉ chuyển vào cơ sở dữ liệu "
            "trống; hãy chọn tên khác trong --to."
        )
    target.execute(text(f"CREATE TABLE {_MARK} (source TEXT NOT NULL)"))
    target.execute(text(f"INSERT INTO {_MARK} VALUES (:name)"), {"name": source_name})
    return False


def end_move(target: Connection) -> None:
    """Take the mark away, and let new numbers begin after those that came."""
    for table in moved_tables():
        numbers = [
            column
            for column in table.primary_key.columns
            if isinstance(column.type, Integer) and column is table.autoincrement_column
        ]
        for column in numbers:
            sequence = target.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            )
            newest = target.scalar(select(func.max(column)))
            if sequence and newest is not None:
                target.execute(
                    text("SELECT setval(CAST(:sequence AS regclass), :newest)"),
                    {"sequence": sequence, "newest": newest},
                )
    target.execute(text(f"DROP TABLE {_MARK}"))


def copy_part(source: Connection, target: Connection, table: Table, *, limit: int) -> int:
    """Carry over the next rows of a table, those after the last one that is there; how many."""
    keys = list(table.primary_key.columns)
    last = target.execute(
        select(*keys).order_by(*(key.desc() for key in keys)).limit(1)
    ).one_or_none()
    question = select(table).order_by(*keys).limit(limit)
    if last is not None:
        place = [literal(value, key.type) for key, value in zip(keys, last, strict=True)]
        question = question.where(tuple_(*keys) > tuple_(*place))
    rows = [dict(row._mapping) for row in source.execute(question)]
    if table is articles:
        # The index of the target is its own: made anew, article by article.
        for row in rows:
            row["indexed"] = False
    _refuse_unstorable(table, rows)
    insert_rows(target, table, rows)
    return len(rows)


def _refuse_unstorable(table: Table, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and "\0" in value:
                key = ", ".join(str(row[each.name]) for each in table.primary_key.columns)
                raise StorageError(
                    f"Bảng {table.name}, dòng {key}, cột {name} có ký tự NUL, PostgreSQL không "
                    "nhận. Sửa dòng đó trong cơ sở dữ liệu nguồn rồi chạy lại."
                )


def compare_table(source: Connection, target: Connection, table: Table) -> int:
    """Compare a table row by row; how many rows. A difference is a `StorageError` naming it."""
    count = 0
    with _rows(source, table) as here, _rows(target, table) as there:
        for ours, theirs in zip_longest(here, there):
            if ours is None or theirs is None or tuple(ours) != tuple(theirs):
                raise _differs(table, ours if ours is not None else theirs)
            count += 1
    return count


def _differs(table: Table, row: Row[Any] | None) -> StorageError:
    assert row is not None
    key = ", ".join(str(row._mapping[column]) for column in table.primary_key.columns)
    return StorageError(
        f"Bảng {table.name}, dòng {key}: hai cơ sở dữ liệu khác nhau. Cơ sở dữ liệu nguồn không "
        "thay đổi; xóa cơ sở dữ liệu đích rồi chuyển lại."
    )


def _rows(connection: Connection, table: Table) -> Result[Any]:
    question = select(table).order_by(*table.primary_key.columns)
    return connection.execution_options(stream_results=True, yield_per=2_000).execute(question)
