"""The stages from archive to article: a feed record is discovered from, a page record extracted.

A live crawl and a replay come through here alike. What was read is committed in whole responses:
a run that is killed loses nothing that was committed, and run again finds it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.addresses import canonical_address
from crawlers.archive_reading import ArchivedResponse, read_archive
from crawlers.extract import extract
from crawlers.feeds import looks_like_feed, read_feed
from crawlers.reach import reaches_to
from domain.codes import Certainty, SourceKind
from domain.errors import ArchiveError, SetAside
from domain.outlets import Outlet, Source
from domain.records import Malformed, RawPage
from pipeline.context import Context
from pipeline.tally import Tally
from storage.database import Connection
from storage.intake import (
    Incoming,
    Stored,
    from_feed,
    from_page,
    mark_page_outcome,
    record_page,
    record_poll,
    register_outlet,
    source_id,
    store_articles,
)

#: Pages between two commits; feeds are counted by their items instead.
_PAGES_A_BATCH = 200
_MB = 1_000_000


class Ingestion:
    """This carries archives into the database and counts what came of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.tally = Tally()
        self._sources: dict[str, int] = {}
        self._waiting = 0

    def register_outlets(self) -> None:
        """Keep the watched outlets as they are declared today."""
        with self._context.engine.begin() as connection:
            for outlet in self._context.outlets:
                register_outlet(connection, outlet)

    def file(self, path: Path, shown: str) -> int:
        """Read one WARC file; how many responses were read. `shown` is kept as its place.

        Damage is a problem of the tally: what stood before it is stored.
        """
        reading = read_archive(path)
        count = 0
        batches = self._batches(reading)
        for batch in batches:
            with self._context.engine.begin() as connection:
                for response in batch:
                    self._take(connection, response, response.as_page(shown))
                    count += 1
            self._context.progress("Đọc kho lưu trữ", count, None)
        return count

    def _batches(self, reading: Iterator[ArchivedResponse]) -> Iterator[list[ArchivedResponse]]:
        """Responses in batches of bounded weight, so that memory and a kill's loss stay small."""
        batch: list[ArchivedResponse] = []
        weight = 0
        limit = self._context.settings.storage.batch_items * 700
        with self._damage_noted():
            for response in reading:
                batch.append(response)
                weight += len(response.body)
                if weight >= limit or len(batch) >= _PAGES_A_BATCH:
                    yield batch
                    batch, weight = [], 0
        if batch:
            yield batch

    @contextmanager
    def _damage_noted(self) -> Iterator[None]:
        try:
            yield
        except ArchiveError as error:
            self.tally.problems.append(str(error))

    def _take(self, connection: Connection, response: ArchivedResponse, page: RawPage) -> None:
        declared = self._context.outlets.of_source(page.url)
        outlet = declared[0] if declared else self._context.outlets.of_address(page.url)
        if outlet is None:
            self.tally.foreign[urlsplit(page.url).hostname or page.url] += 1
        elif declared and declared[1].kind is not SourceKind.FEED:
            self._take_list(connection, page, outlet, declared[1])
        elif declared or looks_like_feed(page.content_type, page.body):
            source = declared[1] if declared else Source(
                url=page.url, certainty=Certainty.SEEN_WORKING
            )  # fmt: skip
            self._take_feed(connection, response, page, outlet, source)
        elif urlsplit(page.url).path == "/robots.txt":
            return
        elif outlet.is_article_url(page.url):
            self._take_page(connection, response, page, outlet)
        else:
            self.tally.unreadable["not_article"] += 1

    def _take_feed(
        self,
        connection: Connection,
        response: ArchivedResponse,
        page: RawPage,
        outlet: Outlet,
        source: Source,
    ) -> None:
        self.tally.feeds += 1
        outcome, detail = _outcome(response)
        items: list[Incoming] = []
        malformed: Sequence[Malformed] = ()
        number = self._source(connection, outlet, source)
        reach = None
        if outcome == "ok":
            limit = int(self._context.settings.crawl.max_feed_mb * _MB)
            try:
                reading = read_feed(page.body, url=page.url, seen=page.fetched_at, max_bytes=limit)
            except SetAside as error:
                outcome, detail = "unreadable", str(error)
            else:
                malformed = reading.malformed
                reach = reaches_to(reading.items)
                page_id = record_page(connection, page, kind="feed", outcome=outcome)
                items = [
                    from_feed(
                        item,
                        item.url,
                        outlet_id=outlet.id,
                        source_id=number,
                        page_id=page_id,
                        seen_at=page.fetched_at,
                    )
                    for item in reading.items
                ]
        if outcome != "ok":
            self._set_aside(outcome, detail)
            record_page(connection, page, kind="feed", outcome=outcome, detail=detail)
        answers = store_articles(connection, items)
        self._count(answers, malformed)
        record_poll(
            connection,
            source_id=number,
            at=page.fetched_at,
            outcome=outcome,
            detail=detail,
            items=len(items) + len(malformed),
            new_items=answers.count(Stored.NEW),
            malformed=len(malformed),
            reaches_to=reach,
        )

    def _take_list(
        self, connection: Connection, page: RawPage, outlet: Outlet, source: Source
    ) -> None:
        """A section page or sitemap: it was asked; its links were followed by the crawl."""
        self.tally.lists += 1
        outcome = "ok" if page.status == 200 else f"http_{page.status}"
        record_page(connection, page, kind=source.kind, outcome=outcome)
        record_poll(
            connection,
            source_id=self._source(connection, outlet, source),
            at=page.fetched_at,
            outcome=outcome,
            detail="",
            items=0,
            new_items=0,
            malformed=0,
            reaches_to=None,
        )

    def _take_page(
        self, connection: Connection, response: ArchivedResponse, page: RawPage, outlet: Outlet
    ) -> None:
        self.tally.pages += 1
        url = canonical_address(page.url)
        outcome, detail = _outcome(response)
        if outcome == "ok":
            try:
                article = extract(page, outlet=outlet)
            except SetAside as error:
                outcome, detail = "unreadable", str(error)
        page_id = record_page(connection, page, kind="page", outcome=outcome, detail=detail)
        if outcome != "ok":
            self._set_aside(outcome, detail)
            mark_page_outcome(connection, url, outcome)
            return
        incoming = from_page(
            article, url, outlet_id=outlet.id, page_id=page_id, fetched_at=page.fetched_at
        )
        self._count_pages(store_articles(connection, [incoming]))

    def _source(self, connection: Connection, outlet: Outlet, source: Source) -> int:
        if source.url not in self._sources:
            self._sources[source.url] = source_id(connection, outlet.id, source)
        return self._sources[source.url]

    def _count(self, answers: Sequence[Stored], malformed: Sequence[Malformed]) -> None:
        self.tally.items += len(answers) + len(malformed)
        self.tally.new += answers.count(Stored.NEW)
        self.tally.updated += answers.count(Stored.UPDATED)
        self.tally.repeated += answers.count(Stored.REPEATED)
        for fault in malformed:
            if not self.tally.malformed[fault.reason]:
                self.tally.remarks.append(fault.detail)
            self.tally.malformed[fault.reason] += 1

    def _count_pages(self, answers: Sequence[Stored]) -> None:
        self.tally.page_new += answers.count(Stored.NEW)
        self.tally.page_updated += answers.count(Stored.UPDATED)
        self.tally.page_repeated += answers.count(Stored.REPEATED)

    def _set_aside(self, outcome: str, detail: str) -> None:
        if detail:
            self.tally.remarks.append(detail)
        self.tally.unreadable[outcome] += 1


def _outcome(response: ArchivedResponse) -> tuple[str, str]:
    if response.status != 200:
        return f"http_{response.status}", ""
    return ("damaged", response.fault) if response.fault else ("ok", "")
