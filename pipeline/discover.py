"""The stage that discovers: a list as archived -> the articles it names, and a poll on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawlers.feeds import read_feed
from crawlers.links import read_section
from crawlers.reach import reaches_to
from domain.codes import SourceKind
from domain.errors import SetAside
from domain.outlets import Outlet, Source
from domain.records import FeedItem, Malformed, RawPage
from storage.database import Connection
from storage.intake import (
    Stored,
    from_feed,
    published_times,
    reach_poll,
    record_page,
    record_poll,
    store_articles,
)

_MB = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """This is what one snapshot of a list gave."""

    outcome: str
    detail: str = ""
    answers: Sequence[Stored] = ()
    malformed: Sequence[Malformed] = ()
    #: Addresses of a list that carries no times: its articles' pages will tell how far it reached.
    undated: Sequence[str] = ()


def discover(
    connection: Connection,
    page: RawPage,
    *,
    outlet_id: str,
    source: int,
    fault: tuple[str, str],
    max_mb: float,
) -> Discovered:
    """Read a feed's snapshot and store what it lists; `fault` is (outcome, detail) of its fetch."""
    outcome, detail = fault
    items: Sequence[FeedItem] = ()
    malformed: Sequence[Malformed] = ()
    if outcome == "ok":
        try:
            reading = read_feed(
                page.body, url=page.url, seen=page.fetched_at, max_bytes=int(max_mb * _MB)
            )
        except SetAside as error:
            outcome, detail = "unreadable", str(error)
        else:
            items, malformed = reading.items, reading.malformed
    page_id = record_page(connection, page, kind="feed", outcome=outcome, detail=detail)
    answers = store_articles(
        connection,
        [
            from_feed(
                item,
                item.url,
                outlet_id=outlet_id,
                source_id=source,
                page_id=page_id,
                seen_at=page.fetched_at,
            )
            for item in items
        ],
    )
    times = [item.published.at for item in items if item.published.at is not None]
    record_poll(
        connection,
        source_id=source,
        at=page.fetched_at,
        outcome=outcome,
        detail=detail,
        items=len(items) + len(malformed),
        new_items=answers.count(Stored.NEW),
        malformed=len(malformed),
        reaches_to=reaches_to(times),
    )
    return Discovered(
        outcome=outcome,
        detail=detail,
        answers=answers,
        malformed=malformed,
        undated=[] if times else [item.url for item in items],
    )


def discover_section(
    connection: Connection,
    page: RawPage,
    *,
    outlet: Outlet,
    source: Source,
    number: int,
    fault: tuple[str, str],
) -> Discovered:
    """Read a section page: its links were followed by the crawl, their pages make the articles."""
    outcome, detail = fault
    links: Sequence[str] = ()
    if outcome == "ok" and source.kind is SourceKind.SECTION:
        try:
            links = read_section(
                page.body,
                url=page.url,
                content_type=page.content_type,
                outlet=outlet,
                source=source,
            )
        except SetAside as error:
            outcome, detail = "unreadable", str(error)
    record_page(connection, page, kind="list", outcome=outcome, detail=detail)
    note_poll(
        connection,
        source=number,
        at=page.fetched_at,
        outcome=outcome,
        detail=detail,
        listed=len(links),
    )
    return Discovered(outcome=outcome, detail=detail, undated=links)


def tell_reach(connection: Connection, *, source: int, at: datetime, urls: Sequence[str]) -> None:
    """Keep how far back a list without times reached, by the times of its articles' pages."""
    reach = reaches_to(published_times(connection, urls))
    if reach is not None:
        reach_poll(connection, source, at, reach)


def note_poll(
    connection: Connection,
    *,
    source: int,
    at: datetime,
    outcome: str,
    detail: str,
    listed: int = 0,
) -> None:
    """A poll that named no article."""
    record_poll(
        connection,
        source_id=source,
        at=at,
        outcome=outcome,
        detail=detail,
        items=listed,
        new_items=0,
        malformed=0,
        reaches_to=None,
    )
