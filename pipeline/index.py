"""The stage that indexes: new and changed articles -> the search index."""

from __future__ import annotations

from pipeline.context import Context
from storage.search import index_pending


def index(context: Context) -> int:
    """Bring every new or changed article into the search index; how many were indexed."""
    done = 0
    while True:
        with context.engine.begin() as connection:
            count = index_pending(connection, limit=context.settings.storage.batch_items)
        if not count:
            return done
        done += count
        context.progress("Lập chỉ mục tìm kiếm", done, None)
