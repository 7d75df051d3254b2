"""Carrying an installation's database over to a PostgreSQL server.

The embedded database is only read, and nobody else writes into it from the first row copied to the
last one compared: what came in between would be lost with the old database. A move that was broken
off is taken up where it stopped; at the end every row of every table is compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import UsageError
from pipeline.context import Context, Progress
from storage.database import Engine, connect, reading, shown
from storage.forms import init_database
from storage.lock import clock_lock, writer_lock
from storage.moving import begin_move, compare_table, copy_part, end_move, moved_tables
from storage.postgres import is_postgres
from storage.search import index_pending

_ROWS_A_COMMIT = 5_000
_DOCUMENTS_A_COMMIT = 2_000


def move(context: Context, url: str) -> Mapping[str, int]:
    """Fill the database at `url` with this installation's; the rows of each table, compared.

    Refused with a `StorageError` while the clock or a writer of the home folder is at work.
    """
    if context.engine.dialect.name != "sqlite":
        raise UsageError(
            f"Dữ liệu đã ở {shown(context.engine)}; lệnh này chuyển cơ sở dữ liệu đi kèm "
            "(SQLite) sang PostgreSQL. Bỏ trống [storage] database và DIEMBAO_DATABASE_URL."
        )
    if not is_postgres(url):
        raise UsageError(
            f"“{url}” không phải địa chỉ PostgreSQL. Viết dạng "
            "postgresql://tài_khoản:mật_khẩu@máy_chủ:5432/tên_cơ_sở_dữ_liệu."
        )
    with clock_lock(context.home), writer_lock(context.home):
        return carry(context.engine, connect(url), context.progress)


def carry(source: Engine, target: Engine, progress: Progress) -> Mapping[str, int]:
    """Fill a server's database with an embedded one; the rows of each table, compared."""
    init_database(target)
    index_all(source, progress)
    # The web application takes no lock of the home: its writers wait at the database itself.
    with source.begin():
        with target.begin() as filling:
            begin_move(filling, shown(source))
        _copy(source, target, progress)
        index_all(target, progress)
        counts = _compare(source, target, progress)
    with target.begin() as filling:
        end_move(filling)
    return counts


def _copy(source: Engine, target: Engine, progress: Progress) -> None:
    tables = moved_tables()
    for done, table in enumerate(tables):
        copied = _ROWS_A_COMMIT
        while copied == _ROWS_A_COMMIT:
            with reading(source) as given, target.begin() as filling:
                copied = copy_part(given, filling, table, limit=_ROWS_A_COMMIT)
        progress("Chép các bảng", done + 1, len(tables))


def index_all(engine: Engine, progress: Progress) -> None:
    """Bring every article that is not there yet into a database's search index."""
    done = 0
    while True:
        with engine.begin() as connection:
            indexed = index_pending(connection, limit=_DOCUMENTS_A_COMMIT)
        if not indexed:
            return
        done += indexed
        progress("Lập chỉ mục tìm kiếm", done, None)


def _compare(source: Engine, target: Engine, progress: Progress) -> dict[str, int]:
    counts = {}
    tables = moved_tables()
    with reading(source) as here, reading(target) as there:
        for done, table in enumerate(tables):
            counts[table.name] = compare_table(here, there, table)
            progress("So từng dòng", done + 1, len(tables))
    return counts
