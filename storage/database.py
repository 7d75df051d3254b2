"""The database: where it lies, connections to it, and what is wrong where it does not open."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import create_engine, event, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from domain.errors import StorageError, os_reason
from storage.postgres import (
    connect_postgres,
    is_postgres,
    postgres_url,
    reading_options,
)
from storage.tables import CONTENT_TABLES

#: Names the database, whatever the configuration says: one file serves many machines.
ADDRESS_VARIABLE = "DIEMBAO_DATABASE_URL"
#: What to look at when the database does not open.
_CHECK = {
    "sqlite": "Kiểm tra quyền ghi, dung lượng đĩa và địa chỉ trong [storage] database.",
    "postgresql": "Kiểm tra máy chủ có chạy không, địa chỉ và mật khẩu trong [storage] database "
    f"hoặc {ADDRESS_VARIABLE}.",
}


def database_url(home: Path, configured: str, environ: Mapping[str, str] = os.environ) -> str:
    """The address of the database: the environment's, else the configured one, else in `home`.

    ``{home}`` in an address stands for a name made from the home folder, so that one server can
    hold several installations.

    >>> database_url(Path("/srv/a"), "", {"DIEMBAO_DATABASE_URL": "postgresql://db/so_{home}"})
    'postgresql://db/so_493ff89a1996'
    >>> database_url(Path("/srv/a"), "postgresql://db/so", {})
    'postgresql://db/so'
    """
    address = environ.get(ADDRESS_VARIABLE) or configured
    if not address:
        return f"sqlite:///{home / 'diembao.sqlite'}"
    name = hashlib.blake2b(str(home.resolve()).encode(), digest_size=6).hexdigest()
    return address.replace("{home}", name)


def prepare_home(home: Path) -> None:
    """Make the home folder; raises `StorageError` where it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"Không tạo được thư mục {home}: {os_reason(error)}. "
            "Cấp quyền ghi hoặc chọn thư mục khác bằng --home."
        ) from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise StorageError(
            f"Không có quyền ghi vào thư mục {home}. "
            "Cấp quyền ghi hoặc chọn thư mục khác bằng --home."
        )


def connect(url: str) -> Engine:
    """An engine on the database, without looking at what is in it."""
    if is_postgres(url):
        return connect_postgres(postgres_url(url))
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def for_one_process(engine: Engine) -> Engine:
    """The same database for a process that asks one thing after another of it."""
    return engine if engine.dialect.name == "sqlite" else connect_postgres(engine.url, kept=1)


def kept_open(engine: Engine) -> Engine:
    """The same database over connections that stay open, for a server.

    Many short questions then read what the ones before left in memory.
    """
    if engine.dialect.name != "sqlite":
        return connect_postgres(engine.url, kept=8)
    kept = create_engine(
        engine.url,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=60,
        connect_args={"check_same_thread": False},
    )
    event.listen(kept, "connect", _set_pragmas)
    event.listen(kept, "connect", _map_file)
    event.listen(kept, "begin", _begin)
    return kept


def _map_file(connection: Any, record: object) -> None:
    # All connections share the pages that the system holds, instead of copying each.
    connection.execute("PRAGMA mmap_size = 8000000000")


def _set_pragmas(connection: Any, record: object) -> None:
    # The driver's own transactions start too late; SQLAlchemy's "begin" event does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 60000",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "cache_size = -64000",
        "wal_autocheckpoint = 16000",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # IMMEDIATE: a second writer waits at the door instead of failing in the middle.
    mode = "" if connection.get_execution_options().get("read_only") else " IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN{mode}")


def shown(engine: Engine) -> str:
    """The database as named in messages: a file's path, or an address without its password."""
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads: it never waits for the writer nor makes it wait."""
    with engine.connect().execution_options(**reading_options(engine)) as connection:
        yield connection


@contextmanager
def beside_writers(engine: Engine) -> Iterator[Connection]:
    """A transaction for rows that no stage writes: who signed in, what was exported.

    On a server it does not wait for the writer whose turn it is.
    """
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect().execution_options(among_writers=True) as connection, connection.begin():
        yield connection


def was_away(error: BaseException | None, *others: type[BaseException]) -> bool:
    """Whether a failure, or what it came of, is a database that did not answer.

    `others` say the same in the words of another library.
    """
    while error is not None:
        if isinstance(error, (OperationalError, *others)):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Say in words what keeps a database from being opened, as a `StorageError`."""
    kind = engine.dialect.name
    try:
        yield
    except OperationalError as error:
        raise StorageError(
            f"Không mở được cơ sở dữ liệu {shown(engine)}: {error.orig}. {_CHECK[kind]}"
        ) from error
    except DatabaseError as error:
        if kind == "postgresql":
            raise StorageError(
                f"Máy chủ từ chối lệnh trên cơ sở dữ liệu {shown(engine)}: {error.orig}. "
                "Kiểm tra quyền của tài khoản và bản ghi của máy chủ."
            ) from error
        raise StorageError(
            f"Tệp {shown(engine)} không phải cơ sở dữ liệu của diembao hoặc đã hỏng: {error.orig}. "
            "Phục hồi từ bản sao lưu, hoặc chỉ thư mục khác bằng --home."
        ) from error


def content_digest(connection: Connection) -> dict[str, str]:
    """SHA-256 of the content of each content table: equal content, equal digest."""
    return {table.name: _table_digest(connection, table) for table in CONTENT_TABLES}


def _table_digest(connection: Connection, table: Any) -> str:
    digest = hashlib.sha256()
    rows = connection.execution_options(stream_results=True).execute(
        select(table).order_by(*table.primary_key.columns)
    )
    for row in rows:
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
