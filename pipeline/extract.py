"""The stage that extracts: pages that were read -> stored articles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from domain.records import RawPage
from pipeline.page_reading import PageTask, Reading
from storage.captures import Capture, record_page, record_pages
from storage.database import Connection
from storage.incoming import from_page
from storage.intake import Stored, store_articles
from storage.links import mark_try


def store_readings(
    connection: Connection, tasks: Sequence[PageTask], readings: Sequence[Reading]
) -> list[Stored]:
    """Store the articles of pages that were read, each under its canonical address, in order.

    A page that could not be read leaves its reason on the capture and on the listed article, which
    goes on counting by its line in the feed, or on the link.
    """
    answers: list[Stored] = []
    pairs = zip(tasks, readings, strict=True)
    for is_read, together in groupby(pairs, key=lambda pair: pair[1].article is not None):
        if is_read:
            answers += _store(connection, list(together))
            continue
        for task, reading in together:
            outcome, detail = reading.outcome, reading.detail
            keep_try(connection, task.page, task.url, kind="page", outcome=outcome, detail=detail)
    return answers


def _store(connection: Connection, pairs: Sequence[tuple[PageTask, Reading]]) -> list[Stored]:
    captures = [Capture(page=task.page, kind="page", outcome="ok") for task, _ in pairs]
    kept = record_pages(connection, captures)
    incoming = [
        from_page(
            reading.article,
            task.url,
            outlet_id=task.outlet.id,
            page_id=capture.id,
            fetched_at=task.page.fetched_at,
        )
        for (task, reading), capture in zip(pairs, kept, strict=True)
        if reading.article is not None
    ]
    return store_articles(connection, incoming)


def keep_try(
    connection: Connection, page: RawPage, url: str, *, kind: str, outcome: str, detail: str
) -> None:
    """Keep a page that was asked for in vain; one that is on record already changes nothing."""
    kept = record_page(connection, page, kind=kind, outcome=outcome, detail=detail)
    if kept.fresh:
        mark_try(connection, url, at=page.fetched_at, outcome=outcome, asked=page.url)
