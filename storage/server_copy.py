"""A server's database as one file that any installation takes up, and one that is put aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table, create_engine, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from domain.errors import StorageError
from storage.database import Engine, connect, reading, shown
from storage.forms import init_database
from storage.moving import moved_tables
from storage.snapshot import database_file, sqlite_reason, take_snapshot
from storage.tables import articles

_ROWS_AT_ONCE: Final = 2_000
#: What a server keeps of a name.
_NAME_BYTES: Final = 63


def snapshot_of(engine: Engine, target: Path) -> None:
    """Write a database, as it stands at one moment, into one embedded file."""
    if engine.dialect.name == "sqlite":
        take_snapshot(database_file(engine), target)
    else:
        _copy_out(engine, target)


def _copy_out(engine: Engine, target: Path) -> None:
    """Copy every table; the search index is each database's own and is made anew later."""
    kept = connect(f"sqlite:///{target}")
    try:
        init_database(kept)
        with reading(engine) as source, kept.begin() as filling:
            filling.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for table in moved_tables():
                _copy_table(source, filling, table)
        with closing(sqlite3.connect(target)) as alone:
            # The copy is one file that needs no other beside it.
            alone.execute("PRAGMA journal_mode = DELETE")
    except OperationalError as error:
        if not isinstance(error.orig, sqlite3.Error):
            raise
        raise _unwritten(engine, target, error.orig) from error
    except sqlite3.Error as error:
        raise _unwritten(engine, target, error) from error


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    question = select(table).order_by(*table.primary_key.columns)
    found = source.execute(
        question, execution_options={"stream_results": True, "yield_per": _ROWS_AT_ONCE}
    )
    for part in found.mappings().partitions():
        rows = [dict(row) for row in part]
        if table is articles:
            rows = [{**row, "indexed": False} for row in rows]
        target.execute(insert(table), rows)


def _unwritten(engine: Engine, target: Path, error: sqlite3.Error) -> StorageError:
    return StorageError(
        f"Không chép được cơ sở dữ liệu {shown(engine)} sang {target}: {sqlite_reason(error)}. "
        "Kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại."
    )


def aside_name(database: str, stamp: str) -> str:
    """What a server's database is called once it is put aside; short enough for the server."""
    kept = database.encode()[: _NAME_BYTES - len(stamp) - 1].decode(errors="ignore")
    return f"{kept}.{stamp}"


def rename_database(engine: Engine, name: str, *, to: str) -> None:
    """Give a database on the engine's server another name; nobody may have it open."""
    _command(engine, f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(to)}")


def drop_database(engine: Engine, name: str) -> None:
    """Remove a database from the engine's server, if it is there."""
    _command(engine, f"DROP DATABASE IF EXISTS {_quoted(name)}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _command(engine: Engine, command: str) -> None:
    server = create_engine(
        engine.url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(command)
    except DBAPIError as error:
        raise StorageError(
            f"Máy chủ từ chối lệnh {command}: {error.orig}. Dừng lịch, trang web, các worker và "
            "chương trình khác đang mở cơ sở dữ liệu này, hoặc nhờ người quản trị máy chủ, rồi "
            "chạy lại."
        ) from error
