"""What PostgreSQL needs to answer as the embedded database does: one writer, plain letters.

Text is compared byte by byte (the ``C`` order), as SQLite compares it: a database in another order
would list, group and page otherwise, so it is refused. Writers come in one after the other, by a
lock of the database itself; readers see one moment and are never kept waiting.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from domain.errors import StorageError

#: Oldest version of the server that is known to work.
OLDEST: Final = 15
#: Any number that no other program takes: "diembao" in bytes.
WRITERS: Final = int.from_bytes(b"diembao", "big")
#: As long as a writer waits for another one before it gives up.
_WAIT_SECONDS: Final = 60
#: Orders that compare text byte by byte.
_ORDERS: Final = ("C", "POSIX", "C.UTF-8", "C.utf8")
#: How the database is made; the server's own order of letters would sort otherwise.
CREATE = (
    "CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' "
    "LC_COLLATE 'C' LC_CTYPE 'C' STRATEGY file_copy"
)


def is_postgres(url: str) -> bool:
    """Whether an address names a PostgreSQL server."""
    return url.startswith(("postgres://", "postgresql:", "postgresql+"))


def postgres_url(url: str) -> URL:
    """The address with its driver: operators write ``postgresql://``."""
    made = make_url(url.replace("postgres://", "postgresql://", 1))
    return made.set(drivername="postgresql+psycopg")


def connect_postgres(url: URL, *, kept: int = 0) -> Engine:
    """An engine on a database; up to `kept` connections stay open between transactions.

    To open one takes longer than most transactions. One that the server has closed meanwhile is
    noticed and opened anew.
    """
    pool: dict[str, Any] = {"poolclass": NullPool}
    if kept:
        pool = {"pool_size": kept, "max_overflow": 64 - kept, "pool_pre_ping": True}
        pool["pool_use_lifo"] = True
    # A plan is made for what is asked: one made beforehand knows no word's frequency.
    given = {"prepare_threshold": None}
    try:
        engine = create_engine(url, connect_args=given, **pool)
    except ModuleNotFoundError as error:
        raise StorageError(
            "Chưa cài phần nối với PostgreSQL. Cài bằng: pip install 'diembao[postgres]'."
        ) from error
    event.listen(engine, "begin", _begin)
    return engine


def reading_options(engine: Engine) -> dict[str, object]:
    """Options of a connection that reads one moment of the database and cannot write."""
    if engine.dialect.name != "postgresql":
        return {"read_only": True}
    return {"read_only": True, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("read_only") or options.get("among_writers"):
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def ensure_database(engine: Engine) -> None:
    """Create the database on its server if it is not there yet; then look at its properties."""
    if is_absent(engine):
        _create(engine, str(engine.url.database))
    _check_server(engine)


def is_absent(engine: Engine) -> bool:
    """Whether the server answers and has no such database."""
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            connection.exec_driver_sql("SELECT 1")
    except OperationalError as error:
        if f'database "{engine.url.database}" does not exist' in str(error.orig):
            return True
        raise
    return False


def holds_tables(engine: Engine) -> bool:
    """Whether a database that is there has been made ready for an installation."""
    with engine.connect().execution_options(read_only=True) as connection:
        return bool(connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")))


def _create(engine: Engine, name: str) -> None:
    server = create_engine(
        engine.url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    command = CREATE.format(name=name.replace('"', '""'))
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(command)
    except ProgrammingError as error:
        raise StorageError(
            f"Chưa có cơ sở dữ liệu “{name}” và tài khoản {engine.url.username or ''} không được "
            f"phép tạo. Nhờ người quản trị máy chủ chạy: {command}"
        ) from error


def _check_server(engine: Engine) -> None:
    """Refuse a server that is too old, or a database that orders text otherwise."""
    shown = engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
    with engine.connect().execution_options(read_only=True) as connection:
        version = int(str(connection.scalar(text("SHOW server_version_num")))) // 10_000
        if version < OLDEST:
            raise StorageError(
                f"Máy chủ của {shown} là PostgreSQL {version}; cần phiên bản {OLDEST} trở lên."
            )
        encoding, order, provider = connection.execute(
            text(
                "SELECT CAST(pg_encoding_to_char(encoding) AS text), datcollate, datlocprovider "
                "FROM pg_database WHERE datname = current_database()"
            )
        ).one()
    by_bytes = order in _ORDERS and provider != "i"
    if encoding != "UTF8" or not by_bytes:
        raise StorageError(
            f"Cơ sở dữ liệu {shown} dùng bảng mã {encoding}, thứ tự chữ "
            f"{order if provider != 'i' else 'ICU'}; cần UTF8 và C để kết quả giống với cơ sở dữ "
            f"liệu đi kèm. Tạo cơ sở dữ liệu mới bằng: {CREATE.format(name='diembao')}"
        )
