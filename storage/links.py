"""Links: addresses that lists named and whose page is still to be had, and how each try ended.

A link is an address without a headline; with one it is an article at once, which waits for its page
in the same way. Neither is forgotten before its page was tried as often as is reasonable. An
article whose page has changed is a link beside, until its page was had again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from domain.codes import Content
from storage.tables import article_id, articles, links, pages

_Value = TypeVar("_Value")
#: Rows asked for in one question: well under SQLite's limit of bound variables.
CHUNK = 5000
#: A page that failed so often is not asked for again once no list names it.
MOST_TRIES = 5
#: What never becomes an article, however often it is tried.
_FINAL = frozenset({"robots", "not_article", "private_address", "unsupported"})
#: Endings of pages that were never asked for: not a try.
_NOT_TRIED = frozenset({"time_up", "retry_later", "robots_unreachable", "page_limit"})
_MAY_PASS = (
    frozenset({"timeout", "dns", "refused", "incomplete", "failed", "tls", "damaged", "blocked"})
    | {"http_408", "http_425", "http_429"}
    | {f"http_{status}" for status in range(500, 600)}
    | _NOT_TRIED
)
#: A link is that of an article whose page is held.
_HELD = (
    articles.c.id == links.c.id,
    articles.c.url == links.c.url,
    articles.c.content == Content.PAGE,
)
#: Where pages are waited for, with how the last try ended and how many there were.
_WAITING = (
    (links, links.c.outcome, links.c.tries),
    (articles, articles.c.page_outcome, articles.c.page_tries),
)
#: Tries that follow each other so closely are one: a crawl repeats a request that failed.
_ONE_TRY = timedelta(minutes=10)
#: Articles dated earlier than this before they were first seen wait only while they are listed.
_LATE = timedelta(days=31)


def note_links(
    connection: Connection,
    urls: Iterable[str],
    *,
    outlet_id: str,
    source_id: int,
    lists: int,
    seen_at: datetime,
) -> int:
    """Keep addresses that have no article yet; how many of them were not known."""
    wanted = {article_id(url): url for url in urls}
    known = _links(connection, wanted)
    for row in known.values():
        changes: dict[str, Any] = {}
        if lists & ~row.lists:
            changes["lists"] = row.lists | lists
        if seen_at.replace(microsecond=0) < row.first_seen_at:
            changes["first_seen_at"] = seen_at
        if changes:
            connection.execute(update(links).where(links.c.id == row.id).values(changes))
    fresh = [
        {
            "id": number,
            "url": url,
            "outlet_id": outlet_id,
            "source_id": source_id,
            "lists": lists,
            "first_seen_at": seen_at,
        }
        for number, url in wanted.items()
        if number not in known
    ]
    if fresh:
        connection.execute(insert(links), fresh)
    return len(fresh)


def take_links(connection: Connection, urls: Mapping[int, str]) -> dict[int, Row[Any]]:
    """The links at canonical addresses that become articles now, by number; they are links no more.

    `urls` is the address of each article by the number that its address asks for.
    """
    if connection.scalar(select(links.c.id).limit(1)) is None:
        return {}
    found = {
        number: row for number, row in _links(connection, urls).items() if row.url == urls[number]
    }
    for ids in chunks(sorted(found)):
        connection.execute(delete(links).where(links.c.id.in_(ids)))
    return found


def mark_try(
    connection: Connection, url: str, *, at: datetime, outcome: str, asked: str = ""
) -> None:
    """Keep how the try to have the page of a listed address ended, while it has no page.

    To be called once for each try on record; `asked` is the address under which the tries are on
    record. Tries of one crawl count once.
    """
    tried = int(outcome not in _NOT_TRIED and not _tried_just_before(connection, asked or url, at))
    number = article_id(url)
    connection.execute(
        update(articles)
        .where(articles.c.id == number, articles.c.url == url, articles.c.content == Content.FEED)
        .values(page_outcome=outcome, page_tries=articles.c.page_tries + tried)
    )
    connection.execute(
        update(links)
        .where(links.c.id == number, links.c.url == url)
        .values(outcome=outcome, tries=links.c.tries + tried)
    )


def known_pages(
    connection: Connection, urls: Iterable[str], *, told_before: datetime | None = None
) -> set[str]:
    """Those of the canonical addresses whose page need not be fetched again.

    It is held and no list told of a change (before `told_before`: what a crawl's own lists tell is
    for the next one, however soon they are stored), or it was tried in vain: what robots.txt
    refuses once, what is not there or cannot be read several times. What may pass is tried as long
    as a list names it.
    """
    wanted = list({article_id(url) for url in urls})
    told = (
        [] if told_before is None else [links.c.first_seen_at < told_before.replace(microsecond=0)]
    )
    found: set[str] = set()
    for ids in chunks(wanted):
        held = or_(
            articles.c.content != Content.FEED,
            _in_vain(articles.c.page_outcome, articles.c.page_tries),
        )
        found.update(connection.scalars(select(articles.c.url).where(articles.c.id.in_(ids), held)))
        found.update(
            connection.scalars(
                select(links.c.url).where(
                    links.c.id.in_(ids), _in_vain(links.c.outcome, links.c.tries)
                )
            )
        )
        found.difference_update(
            connection.scalars(
                select(links.c.url).where(
                    links.c.id.in_(ids),
                    exists().where(*_HELD),
                    ~_had_again(),
                    _still_to_try(links.c.outcome, links.c.tries),
                    *told,
                )
            )
        )
    return found


def pending_pages(
    connection: Connection, outlet_ids: Sequence[str], since: datetime
) -> dict[str, tuple[str, ...]]:
    """Pages to be had still, by outlet, those listed first in front.

    They were first seen since then and not tried, or not often and without a final answer.
    """
    waiting: dict[str, list[tuple[datetime, str]]] = {}
    for table, outcome, tries in _WAITING:
        rows = connection.execute(
            select(table.c.outlet_id, table.c.url, table.c.first_seen_at).where(
                *_waits(table, outlet_ids, since), _still_to_try(outcome, tries)
            )
        )
        for row in rows:
            waiting.setdefault(row.outlet_id, []).append((row.first_seen_at, row.url))
    return {
        outlet: tuple(url for _, url in sorted(found)) for outlet, found in sorted(waiting.items())
    }


def unasked_outlets(connection: Connection, outlet_ids: Sequence[str], since: datetime) -> set[str]:
    """Those of the outlets with pages that were first seen since then and never asked for.

    A crawl that came to its end left none: each page it did not come to has its reason.
    """
    found: set[str] = set()
    for table, outcome, _ in _WAITING:
        found.update(
            connection.scalars(
                select(table.c.outlet_id)
                .where(*_waits(table, outlet_ids, since), outcome == "")
                .distinct()
            )
        )
    return found


def chunks(values: Sequence[_Value]) -> Iterable[Sequence[_Value]]:
    """The values in parts that one question can hold."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def _waits(table: Table, outlet_ids: Sequence[str], since: datetime) -> list[ColumnElement[bool]]:
    """First seen since then, and without its page: a link, or an article of a list."""
    more = (
        [articles.c.content == Content.FEED, articles.c.counted_at >= since - _LATE]
        if table is articles
        else [~_had_again()]
    )
    return [table.c.outlet_id.in_(outlet_ids), table.c.first_seen_at >= since, *more]


def _still_to_try(outcome: Any, tries: Any) -> Any:
    """Not tried, or not often and without a final answer."""
    return or_(
        outcome == "",
        outcome.in_(sorted(_NOT_TRIED)),
        outcome.in_(sorted(_MAY_PASS)) & (tries < MOST_TRIES),
    )


def _had_again() -> Any:
    """Whether a link is that of an article whose page was had since the link was made.

    A page that is gone or cannot be read was had too; only what may pass is tried once more.
    """
    return exists().where(
        *_HELD,
        pages.c.url == links.c.url,
        pages.c.fetched_at >= links.c.first_seen_at,
        pages.c.outcome.not_in(sorted(_MAY_PASS)),
    )


def _in_vain(outcome: Any, tries: Any) -> Any:
    passing = ["", "ok", *sorted(_MAY_PASS)]
    return outcome.in_(sorted(_FINAL)) | (outcome.not_in(passing) & (tries >= MOST_TRIES))


def _tried_just_before(connection: Connection, url: str, at: datetime) -> bool:
    return (
        connection.scalar(
            select(pages.c.id).where(
                pages.c.url == url, pages.c.fetched_at < at, pages.c.fetched_at > at - _ONE_TRY
            )
        )
        is not None
    )


def _links(connection: Connection, numbers: Iterable[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for ids in chunks(sorted(numbers)):
        for row in connection.execute(select(links).where(links.c.id.in_(ids))):
            found[row.id] = row
    return found
