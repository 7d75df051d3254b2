"""From archive to database: a feed record is discovered from, a page record extracted from.

A live crawl and a replay come through here alike. What was read is committed in whole responses:
a run that is killed loses nothing that was committed, and run again finds it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from crawlers.addresses import canonical_address, is_home
from crawlers.archive_reading import (
    ArchivedNote,
    ArchivedResponse,
    ArchiveReading,
    read_archive,
)
from crawlers.feeds import looks_like_feed
from crawlers.sitemaps import looks_like_sitemap
from domain.codes import Certainty, SourceKind
from domain.errors import ArchiveError
from domain.outlets import Outlet, Source
from domain.records import RawPage
from pipeline.context import Context
from pipeline.discover import Discovered, discover, discover_next, tell_reach
from pipeline.extract import keep_try, store_readings
from pipeline.noted import Noted, noted_of
from pipeline.page_readers import PageReaders
from pipeline.page_reading import PageTask, Reading
from pipeline.tally import Tally
from storage.database import Connection
from storage.declared import register_outlet, source_id
from storage.intake import Stored
from storage.polls import record_poll

#: Responses between two commits, and bytes of their bodies for each item of a batch.
_RESPONSES_A_BATCH = 200
_BYTES_AN_ITEM = 700


@dataclass(frozen=True, kw_only=True, slots=True)
class _Round:
    """These are pages that are being read, and what was noted while they came."""

    tasks: Sequence[PageTask]
    readings: Callable[[], Sequence[Reading]]
    noted: Sequence[Noted]


class Ingestion:
    """This carries archives into the database and counts what came of it.

    To be closed after use: it may read pages in other processes.
    """

    def __init__(self, context: Context, *, live: bool = False) -> None:
        self._context = context
        #: Whether the pages of what a list names come next, as they do in a crawl.
        self._live = live
        #: Held so that no other connection is the last one: to close that costs a checkpoint.
        self._held: Connection | None = None
        self._readers = PageReaders(context.outlets)
        self.tally = Tally()
        self._sources: dict[str, int] = {}
        #: Target of a redirect -> the address that was asked first.
        self._asked: dict[str, str] = {}
        #: Notes that the archive gave and that have not taken their place among its responses.
        self._came: list[Noted] = []
        self._noted: list[Noted] = []
        self._pages: list[PageTask] = []
        #: Pages being read: stored once those that came after them are being read.
        self._under_way: _Round | None = None
        #: Sitemaps that an index named.
        self._children: set[str] = set()
        #: Polls (source, moment) of lists without times, with the addresses listed.
        self._undated: list[tuple[int, datetime, Sequence[str]]] = []

    def register_outlets(self) -> None:
        """Keep the watched outlets as they are declared today."""
        with self._context.engine.begin() as connection:
            for outlet in self._context.outlets:
                register_outlet(connection, outlet)

    def __enter__(self) -> Self:
        self._held = self._context.engine.connect()
        return self

    def __exit__(self, *error: object) -> None:
        self._readers.close()
        if self._held is not None:
            self._held.close()

    def file(self, path: Path, shown: str, *, offset: int = 0) -> int:
        """Read one WARC file, from a record on; how many responses were read.

        `shown` is kept as its place. Damage is a problem of the tally: what stood before it is
        stored.
        """
        count = 0
        records = read_archive(path, offset=offset, on_note=self._note, wanted=self._watched)
        with self._damage_noted():
            for batch in self._batches(records):
                count += self._take_batch(batch, shown)
                self._context.progress("Đọc kho lưu trữ", count, None)
        self.finish()
        return count

    def growing(self, path: Path, shown: str, offset: int) -> tuple[int, int]:
        """Read what is whole of a file that is still written, from a record on.

        How many responses were read, and where the next record starts. The last pages may be under
        way until `finish` is called.
        """
        count = 0
        records = read_archive(path, offset=offset, on_note=self._note, wanted=self._watched)
        try:
            for batch in self._batches(records):
                count += self._take_batch(batch, shown)
        except ArchiveError:
            pass  # the record that is being written
        return count, records.offset

    def finish(self) -> None:
        """Store all that is under way."""
        with self._context.engine.begin() as connection:
            self._settle(connection)
        self._tell_reaches()

    def _take_batch(self, batch: Sequence[ArchivedResponse | Noted], shown: str) -> int:
        """Hand the pages of a batch out to be read, and store those handed out before.

        How many responses there were.
        """
        responses = 0
        with self._context.engine.begin() as connection:
            for each in batch:
                if isinstance(each, Noted):
                    self._noted.append(each)
                else:
                    self._take(connection, each, shown)
                    responses += 1
            self._turn(connection)
        return responses

    def _turn(self, connection: Connection) -> None:
        earlier, self._under_way = self._under_way, self._next_round()
        if earlier is not None:
            self._store(connection, earlier)

    def _settle(self, connection: Connection) -> None:
        """Store what came before a list: whether what it names is new depends on it."""
        while self._under_way is not None or self._pages or self._noted:
            self._turn(connection)

    def _next_round(self) -> _Round | None:
        if not self._pages and not self._noted:
            return None
        tasks, noted = self._pages, self._noted
        self._pages, self._noted = [], []
        return _Round(tasks=tasks, readings=self._readers.begin(tasks), noted=noted)

    def _store(self, connection: Connection, earlier: _Round) -> None:
        readings = earlier.readings()
        answers = store_readings(connection, earlier.tasks, readings)
        self.tally.pages += len(readings)
        self.tally.page_new += answers.count(Stored.NEW)
        self.tally.page_updated += answers.count(Stored.UPDATED)
        self.tally.page_repeated += answers.count(Stored.REPEATED)
        for reading in readings:
            self._count_unreadable(reading.outcome, reading.detail)
        self._take_noted(connection, earlier.noted)

    def _tell_reaches(self) -> None:
        """Once the pages of a file are read, their times say how far its undated lists reached."""
        with self._context.engine.begin() as connection:
            for source, at, urls in self._undated:
                tell_reach(connection, source=source, at=at, urls=urls)
        self._undated.clear()

    def _batches(self, records: ArchiveReading) -> Iterator[list[ArchivedResponse | Noted]]:
        """Responses in batches of bounded weight, so that memory and a kill's loss stay small.

        Notes keep their place among them: a page that failed stands after the list that named it.
        Damage is raised after what stood before it.
        """
        batch: list[ArchivedResponse | Noted] = []
        weight = 0
        limit = self._context.settings.storage.batch_items * _BYTES_AN_ITEM
        try:
            for response in records:
                batch += [*self._notes(), response]
                weight += len(response.body)
                if weight >= limit or len(batch) >= _RESPONSES_A_BATCH:
                    yield batch
                    batch, weight = [], 0
        except ArchiveError:
            yield [*batch, *self._notes()]
            raise
        yield [*batch, *self._notes()]

    def _notes(self) -> list[Noted]:
        """The notes that came since the last response."""
        came, self._came = self._came, []
        return came

    def _watched(self, url: str) -> bool:
        """Whether a record is of a watched outlet; the bodies of others are never inflated."""
        outlets = self._context.outlets
        if url in self._asked or outlets.of_source(url) or outlets.of_address(url):
            return True
        self.tally.foreign[urlsplit(url).hostname or url] += 1
        return False

    @contextmanager
    def _damage_noted(self) -> Iterator[None]:
        try:
            yield
        except ArchiveError as error:
            self.tally.problems.append(str(error))

    def _take(self, connection: Connection, response: ArchivedResponse, shown: str) -> None:
        asked = self._asked.pop(response.url, response.url)
        if response.location:
            self._asked[response.location] = asked
            return
        # An article is known by the address that was listed, wherever it has moved to since.
        page = replace(response.as_page(shown), url=asked)
        declared = self._context.outlets.of_source(asked)
        outlet = declared[0] if declared else self._context.outlets.of_address(asked)
        fault = _fault(response)
        if outlet is None:
            self.tally.foreign[urlsplit(asked).hostname or asked] += 1
        elif (source := self._list_at(outlet, page)) is not None:
            self._settle(connection)
            self._take_list(connection, page, outlet, source, fault)
        elif (section := self._section_of(outlet, asked)) is not None:
            self._settle(connection)
            self._take_next(connection, page, outlet, section, fault)
        elif urlsplit(asked).path == "/robots.txt" or is_home(asked):
            return
        elif outlet.is_article_url(asked):
            url = canonical_address(page.url)
            self._pages.append(PageTask(page=page, url=url, outlet=outlet, fault=fault))
        else:
            self.tally.unreadable["not_article"] += 1

    def _list_at(self, outlet: Outlet, page: RawPage) -> Source | None:
        """The list that a response is a snapshot of: declared, or known by its look."""
        declared = self._context.outlets.of_source(page.url)
        if declared:
            return declared[1]
        if looks_like_feed(page.content_type, page.body):
            return _found(page.url, SourceKind.FEED)
        if page.url in self._children or looks_like_sitemap(page.body):
            return _found(page.url, SourceKind.SITEMAP)
        return None

    def _section_of(self, outlet: Outlet, url: str) -> Source | None:
        """The section of which an address is a later page."""
        for source in outlet.sources:
            before, found, after = source.next_page.partition("{page}")
            if not found or not (url.startswith(before) and url.endswith(after)):
                continue
            if url[len(before) : len(url) - len(after)].isdecimal():
                return source
        return None

    def _take_list(
        self,
        connection: Connection,
        page: RawPage,
        outlet: Outlet,
        source: Source,
        fault: tuple[str, str],
    ) -> None:
        number = self._source(connection, outlet, source)
        found = discover(
            connection,
            page,
            outlet=outlet,
            source=source,
            number=number,
            fault=fault,
            max_mb=self._context.settings.crawl.max_feed_mb,
        )
        if source.kind is SourceKind.FEED:
            self.tally.feeds += 1
        else:
            self.tally.lists += 1
        self._children.update(child.url for child in found.children)
        self._count_items(found)
        if self._live:
            self._readers.expect(found.new)
        self._count_unreadable(found.outcome, found.detail)
        if found.undated:
            self._undated.append((number, page.fetched_at, found.undated))

    def _take_next(
        self,
        connection: Connection,
        page: RawPage,
        outlet: Outlet,
        section: Source,
        fault: tuple[str, str],
    ) -> None:
        number = self._source(connection, outlet, section)
        found = discover_next(
            connection, page, outlet=outlet, source=section, number=number, fault=fault
        )
        self.tally.lists += 1
        self._count_unreadable(found.outcome, found.detail)

    def _note(self, note: ArchivedNote) -> None:
        if noted := noted_of(note):
            self._came.append(noted)

    def _take_noted(self, connection: Connection, outcomes: Sequence[Noted]) -> None:
        """Keep what gave no response: a poll that failed, a page that could not be had."""
        for noted in outcomes:
            declared = self._context.outlets.of_source(noted.url)
            if declared is None:
                declared = self._found_source(noted)
            if declared is not None:
                record_poll(
                    connection,
                    source_id=self._source(connection, *declared),
                    at=noted.at,
                    outcome=noted.outcome,
                    detail=noted.detail,
                    retry_after=noted.retry_after,
                )
            elif noted.is_page_without_answer:
                keep_try(
                    connection,
                    noted.as_page(),
                    canonical_address(noted.url),
                    kind="try",
                    outcome=noted.outcome,
                    detail=noted.detail,
                )

    def _found_source(self, noted: Noted) -> tuple[Outlet, Source] | None:
        """A sitemap that an index named and that could not be had, with its outlet."""
        outlet = self._context.outlets.of_address(noted.url)
        if outlet is None or noted.url not in self._children:
            return None
        return outlet, _found(noted.url, SourceKind.SITEMAP)

    def _source(self, connection: Connection, outlet: Outlet, source: Source) -> int:
        if source.url not in self._sources:
            self._sources[source.url] = source_id(connection, outlet.id, source)
        return self._sources[source.url]

    def _count_items(self, found: Discovered) -> None:
        answers, malformed = found.answers, found.malformed
        self.tally.items += len(answers) + len(malformed) + found.repeated
        self.tally.new += answers.count(Stored.NEW)
        self.tally.updated += answers.count(Stored.UPDATED)
        self.tally.repeated += answers.count(Stored.REPEATED) + found.repeated
        for fault in malformed:
            if not self.tally.malformed[fault.reason]:
                self.tally.remarks.append(fault.detail)
            self.tally.malformed[fault.reason] += 1

    def _count_unreadable(self, outcome: str, detail: str) -> None:
        if outcome == "ok":
            return
        self.tally.unreadable[outcome] += 1
        if detail:
            self.tally.remarks.append(detail)


def _fault(response: ArchivedResponse) -> tuple[str, str]:
    if response.status != 200:
        return f"http_{response.status}", ""
    return ("damaged", response.fault) if response.fault else ("ok", "")


def _found(url: str, kind: SourceKind) -> Source:
    """A list of a known outlet that is not declared: it was seen working, here."""
    return Source(url=url, kind=kind, certainty=Certainty.SEEN_WORKING)
