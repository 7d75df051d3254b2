"""Changes: articles that a list says were changed after their page was had; it is due again.

Such an article waits in the table of links, beside the addresses that have none yet, until its page
was had once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from domain.codes import Content
from storage.links import chunks
from storage.tables import article_id, articles, links, pages

#: A list and a page of one edit do not bear the same second.
_APART = timedelta(minutes=1)
#: Later than this after its publication a change is no news.
_WATCHED = timedelta(hours=72)
#: A page that was had so often is not asked again, whatever its list says.
_MOST_READINGS = 6


def note_changes(
    connection: Connection,
    changes: Mapping[str, datetime],
    *,
    outlet_id: str,
    source_id: int,
    lists: int,
    seen_at: datetime,
) -> int:
    """Have the pages asked again that changed since they were had; how many wait for that now.

    `changes` is when each canonical address was last changed, as a list met at `seen_at` says.
    """
    due = _due(connection, changes, seen_at)
    waiting = _waiting(connection, due)
    for number, url in due.items():
        fresh = {"outcome": "", "tries": 0, "first_seen_at": seen_at}
        if number not in waiting:
            place = {"id": number, "url": url, "outlet_id": outlet_id, "source_id": source_id}
            connection.execute(insert(links).values(lists=lists, **place, **fresh))
        elif waiting[number] < seen_at and _had(connection, url, waiting[number]):
            connection.execute(update(links).where(links.c.id == number).values(fresh))
    return len(due)


def _due(
    connection: Connection, changes: Mapping[str, datetime], seen_at: datetime
) -> dict[int, str]:
    """By number, the articles whose last page is older than the change."""
    wanted = {article_id(url): url for url in changes}
    found: dict[int, str] = {}
    for ids in chunks(sorted(wanted)):
        rows = connection.execute(
            select(articles.c.id, articles.c.url, articles.c.captured_at).where(
                articles.c.id.in_(ids),
                articles.c.content == Content.PAGE,
                articles.c.counted_at >= seen_at - _WATCHED,
            )
        )
        for row in rows:
            changed = changes.get(row.url)
            if changed is not None and changed > row.captured_at + _APART:
                found[row.id] = row.url
    return {
        number: url for number, url in found.items() if _may_be_asked(connection, url, changes[url])
    }


def _may_be_asked(connection: Connection, url: str, changed: datetime) -> bool:
    times, last = connection.execute(
        select(func.count(), func.max(pages.c.fetched_at)).where(
            pages.c.url == url, pages.c.kind == "page", pages.c.outcome == "ok"
        )
    ).one()
    return times < _MOST_READINGS and (last is None or changed > last + _APART)


def _waiting(connection: Connection, due: Mapping[int, str]) -> dict[int, datetime]:
    """Since when the articles wait that were noted before, by number."""
    found: dict[int, datetime] = {}
    for ids in chunks(sorted(due)):
        rows = connection.execute(
            select(links.c.id, links.c.first_seen_at).where(links.c.id.in_(ids))
        )
        found.update((row.id, row.first_seen_at) for row in rows)
    return found


def _had(connection: Connection, url: str, since: datetime) -> bool:
    return (
        connection.scalar(
            select(pages.c.id).where(pages.c.url == url, pages.c.fetched_at >= since).limit(1)
        )
        is not None
    )
