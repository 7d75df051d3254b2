"""The stage that discovers: a list as archived -> the articles it names, and a poll on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawlers.feeds import read_feed
from crawlers.reach import reaches_to
from domain.errors import SetAside
from domain.records import FeedItem, Malformed, RawPage
from storage.database import Connection
from storage.intake import Stored, from_feed, record_page, record_poll, store_articles

_MB = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """This is what one snapshot of a list gave."""

    outcome: str
    detail: str = ""
    answers: Sequence[Stored] = ()
    malformed: Sequence[Malformed] = ()


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
    record_poll(
        connection,
        source_id=source,
        at=page.fetched_at,
        outcome=outcome,
        detail=detail,
        items=len(items) + len(malformed),
        new_items=answers.count(Stored.NEW),
        malformed=len(malformed),
        reaches_to=reaches_to(items),
    )
    return Discovered(outcome=outcome, detail=detail, answers=answers, malformed=malformed)


def note_list(connection: Connection, page: RawPage, *, source: int, outcome: str) -> None:
    """A section page or sitemap: that it was asked; its links were followed by the crawl."""
    record_page(connection, page, kind="list", outcome=outcome)
    note_poll(connection, source=source, at=page.fetched_at, outcome=outcome, detail="")


def note_poll(
    connection: Connection, *, source: int, at: datetime, outcome: str, detail: str
) -> None:
    """A poll that named no article."""
    record_poll(
        connection,
        source_id=source,
        at=at,
        outcome=outcome,
        detail=detail,
        items=0,
        new_items=0,
        malformed=0,
        reaches_to=None,
    )
