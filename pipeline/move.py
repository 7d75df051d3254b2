"""Carrying an installation's database over to a PostgreSQL server.

The embedded database is only read. A move that was broken off is taken up where it stopped; at the
end every row of every table is compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import UsageError
from pipeline.context import Context
from storage.database import Engine, connect, reading, shown
from storage.forms import init_database
from storage.lock import writer_lock
from storage.moving import begin_move, compare_table, copy_part, end_move, moved_tables
from storage.postgres import is_postgres
from storage.search import index_pending

_ROWS_A_COMMIT = 5_000
_DOCUMENTS_A_COMMIT = 2_000


def move(context: Context, url: str) -> Mapping[str, int]:
    """Fill the database at `url` with this installation's; the rows of each table, compared."""
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
    target = connect(url)
    with writer_lock(context.home):
        init_database(target)
        _index(context, context.engine)
        with target.begin() as filling:
            begin_move(filling, shown(context.engine))
        _copy(context, target)
        _index(context, target)
        counts = _compare(context, target)
        with target.begin() as filling:
            end_move(filling)
    return counts


def _copy(context: Context, target: Engine) -> None:
    tables = moved_tables()
    for done, table in enumerate(tables):
        copied = _ROWS_A_COMMIT
        while copied == _ROWS_A_COMMIT:
            with reading(context.engine) as source, target.begin() as filling:
                copied = copy_part(source, filling, table, limit=_ROWS_A_COMMIT)
        context.progress("Chép các bảng", done + 1, len(tables))


def _index(context: Context, engine: Engine) -> None:
    done = 0
    while True:
        with engine.begin() as connection:
            indexed = index_pending(connection, limit=_DOCUMENTS_A_COMMIT)
        if not indexed:
            return
        done += indexed
        context.progress("Lập chỉ mục tìm kiếm", done, None)


def _compare(context: Context, target: Engine) -> dict[str, int]:
    counts = {}
    tables = moved_tables()
    with reading(context.engine) as source, reading(target) as there:
        for done, table in enumerate(tables):
            counts[table.name] = compare_table(source, there, table)
            context.progress("So từng dòng", done + 1, len(tables))
    return counts
