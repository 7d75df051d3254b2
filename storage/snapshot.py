"""The database as one file, copied while others write, and whether such a file is sound."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from domain.errors import StorageError
from storage.tables import metadata

#: SQLite's own codes, without the part that tells kinds of one fault apart.
_REASONS = {
    sqlite3.SQLITE_BUSY: "chương trình khác đang giữ cơ sở dữ liệu",
    sqlite3.SQLITE_LOCKED: "chương trình khác đang giữ cơ sở dữ liệu",
    sqlite3.SQLITE_READONLY: "không có quyền ghi",
    sqlite3.SQLITE_PERM: "không có quyền truy cập",
    sqlite3.SQLITE_IOERR: "đĩa đọc, ghi lỗi",
    sqlite3.SQLITE_CORRUPT: "cơ sở dữ liệu bị hỏng",
    sqlite3.SQLITE_FULL: "đĩa đã đầy",
    sqlite3.SQLITE_CANTOPEN: "không mở được tệp",
    sqlite3.SQLITE_NOTADB: "không phải tệp SQLite",
}


def database_file(engine: Engine) -> Path:
    """The file of an embedded database."""
    return Path(str(engine.url.database))


def take_snapshot(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment; whoever writes meanwhile is not kept waiting.

    The copy is one file that needs no other beside it.
    """
    try:
        with (
            closing(sqlite3.connect(_read_only(source), uri=True, timeout=60)) as reader,
            closing(sqlite3.connect(target)) as writer,
        ):
            # All pages in one step, within one read of the source.
            reader.backup(writer, pages=-1)
            writer.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StorageError(
            f"Không chép được cơ sở dữ liệu {source} sang {target}: "
            f"{sqlite_reason(error)}. Kiểm tra dung lượng đĩa và quyền ghi rồi chạy lại."
        ) from error


def check_snapshot(path: Path) -> dict[str, int]:
    """Read a copy to its end: the rows of each table; a damaged one is a `StorageError`."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as reader:
            problems = [row[0] for row in reader.execute("PRAGMA integrity_check(5)")]
            if problems != ["ok"]:
                raise StorageError(
                    f"Bản chép cơ sở dữ liệu {path} bị hỏng: SQLite kiểm tra thấy sai. "
                    "Dùng bản sao lưu khác."
                )
            held = {row[0] for row in reader.execute("SELECT name FROM sqlite_master")}
            return {
                name: reader.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in sorted(metadata.tables)
                if name in held
            }
    except sqlite3.Error as error:
        raise StorageError(
            f"Bản chép cơ sở dữ liệu {path} không đọc được: {sqlite_reason(error)}. "
            "Dùng bản sao lưu khác."
        ) from error


def sqlite_reason(error: sqlite3.Error) -> str:
    """Why SQLite refused, in Vietnamese."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _REASONS.get(code, "tệp hỏng hoặc không truy cập được")


def table_digests(connection: Connection) -> dict[str, str]:
    """SHA-256 of the rows of every table: two databases that hold the same have equal ones."""
    found = {}
    for table in metadata.sorted_tables:
        digest = hashlib.sha256()
        rows = connection.execution_options(stream_results=True).execute(
            select(table).order_by(*table.primary_key.columns)
        )
        for row in rows:
            digest.update(repr(tuple(row)).encode())
        found[table.name] = digest.hexdigest()
    return found


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"
