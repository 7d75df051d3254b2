"""From archive to database: a feed record is discovered from, a page record extracted from.

A live crawl and a replay come through here alike. What was read is committed in whole responses:
a run that is killed loses nothing that was committed, and run again finds it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.addresses import canonical_address, is_home
from crawlers.archive_reading import ArchivedNote, ArchivedResponse, read_archive
from crawlers.crawl_records import Outcome as CrawlFailure
from crawlers.feeds import looks_like_feed
from crawlers.sitemaps import looks_like_sitemap
from domain.codes import Certainty, SourceKind
from domain.errors import ArchiveError
from domain.outlets import Outlet, Source
from domain.records import ArchiveRef, RawPage
from pipeline.context import Context
from pipeline.discover import Discovered, discover, discover_next, tell_reach
from pipeline.extract import extract, keep_try
from pipeline.tally import Tally
from storage.archive import OUTCOME_TYPE
from storage.database import Connection
from storage.declared import register_outlet, source_id
from storage.intake import Stored
from storage.polls import record_poll

#: Responses between two commits, and bytes of their bodies for each item of a batch.
_RESPONSES_A_BATCH = 200
_BYTES_AN_ITEM = 700
#: Outcomes whose response was archived too, and says more.
_PAGE = "page"
_TOLD_BY_RESPONSE = {CrawlFailure.HTTP_ERROR, CrawlFailure.NOT_A_LIST}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    """This is what a crawl noted of an address that gave nothing to read."""

    url: str
    at: datetime
    #: What was asked: a kind of list, or ``page``.
    kind: str
    outcome: str
    detail: str
    #: Until when the server asked to be left alone.
    retry_after: datetime | None


class Ingestion:
    """This carries archives into the database and counts what came of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.tally = Tally()
        self._sources: dict[str, int] = {}
        #: Target of a redirect -> the address that was asked first.
        self._asked: dict[str, str] = {}
        self._noted: list[_Outcome] = []
        #: Sitemaps that an index named.
        self._children: set[str] = set()
        #: Polls (source, moment) of lists without times, with the addresses listed.
        self._undated: list[tuple[int, datetime, Sequence[str]]] = []

    def register_outlets(self) -> None:
        """Keep the watched outlets as they are declared today."""
        with self._context.engine.begin() as connection:
            for outlet in self._context.outlets:
                register_outlet(connection, outlet)

    def file(self, path: Path, shown: str) -> int:
        """Read one WARC file; how many responses were read. `shown` is kept as its place.

        Damage is a problem of the tally: what stood before it is stored.
        """
        count = 0
        for batch in self._batches(path):
            with self._context.engine.begin() as connection:
                for response in batch:
                    self._take(connection, response, shown)
                self._take_noted(connection)
            count += len(batch)
            self._context.progress("Đọc kho lưu trữ", count, None)
        self._tell_reaches()
        return count

    def _tell_reaches(self) -> None:
        """Once the pages of a file are read, their times say how far its undated lists reached."""
        with self._context.engine.begin() as connection:
            for source, at, urls in self._undated:
                tell_reach(connection, source=source, at=at, urls=urls)
        self._undated.clear()

    def _batches(self, path: Path) -> Iterator[list[ArchivedResponse]]:
        """Responses in batches of bounded weight, so that memory and a kill's loss stay small."""
        batch: list[ArchivedResponse] = []
        weight = 0
        limit = self._context.settings.storage.batch_items * _BYTES_AN_ITEM
        with self._damage_noted():
            for response in read_archive(path, on_note=self._note, wanted=self._watched):
                batch.append(response)
                weight += len(response.body)
                if weight >= limit or len(batch) >= _RESPONSES_A_BATCH:
                    yield batch
                    batch, weight = [], 0
        if batch or self._noted:
            yield batch

    def _watched(self, url: str) -> bool:
        """Whether a record is of a watched outlet; the bodies of others are never inflated."""
        outlets = self._context.outlets
        if outlets.of_source(url) or outlets.of_address(url):
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
            self._take_list(connection, page, outlet, source, fault)
        elif (section := self._section_of(outlet, asked)) is not None:
            self._take_next(connection, page, outlet, section, fault)
        elif urlsplit(asked).path == "/robots.txt" or is_home(asked):
            return
        elif outlet.is_article_url(asked):
            self._take_page(connection, page, outlet, fault)
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

    def _take_page(
        self, connection: Connection, page: RawPage, outlet: Outlet, fault: tuple[str, str]
    ) -> None:
        url = canonical_address(page.url)
        read = extract(connection, page, url, outlet=outlet, fault=fault)
        self.tally.pages += 1
        self.tally.page_new += read.answers.count(Stored.NEW)
        self.tally.page_updated += read.answers.count(Stored.UPDATED)
        self.tally.page_repeated += read.answers.count(Stored.REPEATED)
        self._count_unreadable(read.outcome, read.detail)

    def _note(self, note: ArchivedNote) -> None:
        if note.content_type != OUTCOME_TYPE:
            return
        said = json.loads(note.block)
        until = said.get("retry_after")
        if said["outcome"] in _TOLD_BY_RESPONSE and not until:
            return
        self._noted.append(
            _Outcome(
                url=note.url,
                at=note.noted_at,
                kind=said["source_kind"],
                outcome=said["outcome"],
                detail=said["detail"],
                retry_after=datetime.fromisoformat(until) if until else None,
            )
        )

    def _take_noted(self, connection: Connection) -> None:
        """Keep what gave no response: a poll that failed, a page that could not be had."""
        for noted in self._noted:
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
            elif noted.kind == _PAGE and noted.outcome not in _TOLD_BY_RESPONSE:
                keep_try(
                    connection,
                    _unanswered(noted),
                    canonical_address(noted.url),
                    kind="try",
                    outcome=noted.outcome,
                    detail=noted.detail,
                )
        self._noted.clear()

    def _found_source(self, noted: _Outcome) -> tuple[Outlet, Source] | None:
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


def _unanswered(noted: _Outcome) -> RawPage:
    """A try that no response answered, as a page that holds nothing and lies nowhere."""
    return RawPage(
        url=noted.url,
        status=0,
        content_type="",
        body=b"",
        fetched_at=noted.at,
        archive=ArchiveRef(path="", offset=0, sha256=""),
    )
