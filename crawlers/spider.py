"""The spider: one over all outlets. It asks lists, then the pages they name; it reads no page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawlers.crawl_records import ArchiveWriter, CrawlOrder, Known, Outcome, OutletOutcome
from crawlers.crawl_tally import CrawlTally
from crawlers.discovery import Asked, Discovery, Step
from crawlers.failures import explain_failure, put_off_until
from crawlers.found_lists import found_feeds
from crawlers.links import belongs_to
from crawlers.list_reading import read_list, wall_in
from crawlers.page_queue import PageQueue
from domain.clock import Clock
from domain.errors import SetAside

log = logging.getLogger(__name__)

_MB = 1_000_000
#: What answers beyond the last page of a section.
_NO_SUCH_PAGE = frozenset({404, 410})


class PressSpider(scrapy.Spider):
    """This polls the lists of all outlets and fetches the pages that are not held yet."""

    name = "press"

    def __init__(
        self, *, order: CrawlOrder, archive: ArchiveWriter, known: Known, clock: Clock
    ) -> None:
        super().__init__()
        self._order = order
        self._archive = archive
        self._known = known
        self.clock = clock
        self.discovery = Discovery(order, clock)
        self._pages = PageQueue(self._ask_known, limit=order.settings.max_pages_per_outlet)
        self._tally = CrawlTally()
        self._under_way: dict[str, Asked] = {}
        #: What stopped the crawl from outside the network: the archive or the database.
        self.broken: Exception | None = None
        self.time_up = False
        self._endings: set[asyncio.Future[None]] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Ask every list of every outlet, and the pages that wait since an earlier crawl."""
        # All are under way before the first is sent, so that none is forgotten if time runs out.
        for request in list(self._beginnings()):
            yield request

    def _beginnings(self) -> Iterator[Request]:
        for outlet in self._order.outlets:
            if self._order.pages:
                wanted = [page for page in self._order.pages if belongs_to(page, outlet)]
                self._pages.demand(outlet.id, wanted)
            else:
                self._pages.line_up(outlet.id, self._order.pending.get(outlet.id, ()))
            yield from self._requests(self.discovery.first(outlet))
            yield from self._requests(self._pages.next(outlet))

    async def keep(self, response: Response) -> None:
        """Archive a response; where that fails the crawl ends, for nothing may go unarchived."""
        if self.broken is not None:
            raise IgnoreRequest("lượt thu thập đang dừng")
        try:
            self._archive.write_response(
                url=response.url,
                status=response.status,
                headers=_headers(response),
                body=response.body,
                fetched_at=self.clock(),
            )
        except Exception as error:
            self._end(error)
            raise IgnoreRequest("lưu trữ không ghi được") from error

    def read_list(self, response: Response, asked: Asked) -> Iterator[Request]:
        """Read a list that came; ask the pages it names and the lists it leads to."""
        self._answered(asked)
        wall = wall_in(response.body)
        if wall:
            self._note(asked, Outcome.BLOCKED, _blocked(wall))
            yield from self._requests(self.discovery.after(asked))
            return
        try:
            reading = read_list(
                asked,
                response.body,
                url=response.url,
                content_type=_content_type(response),
                seen=self.clock(),
                since=self._order.since,
                max_bytes=int(self._order.settings.max_feed_mb * _MB),
            )
        except SetAside as refusal:
            # A section's pages end where one has no articles.
            if asked.step is not Step.NEXT:
                self._note(asked, Outcome.NOT_A_LIST, str(refusal))
            yield from self._requests(self.discovery.after(asked))
            return
        self._tally.came(asked)
        self._pages.line_up(asked.outlet.id, reading.links)
        yield from self._requests(self._pages.next(asked.outlet))
        yield from self._requests(self.discovery.after(asked, reading.links, reading.children))

    def read_home(self, response: Response, asked: Asked) -> Iterator[Request]:
        """Look for feeds on the home page of an outlet whose lists gave nothing."""
        self._answered(asked)
        try:
            feeds = found_feeds(
                response.body,
                response.url,
                content_type=_content_type(response),
                outlet=asked.outlet,
            )
        except SetAside as refusal:
            self._note(asked, Outcome.NOT_A_LIST, str(refusal))
            feeds = []
        yield from self._requests(self.discovery.at_home(asked, feeds))

    def read_page(self, response: Response, asked: Asked) -> Iterator[Request]:
        """Count a page that came; it lies in the archive, and is read from there."""
        self._answered(asked)
        wall = wall_in(response.body)
        if not belongs_to(response.url, asked.outlet):
            self._note(asked, Outcome.REDIRECTS, f"trang chuyển sang nơi khác: {response.url}")
        elif wall:
            self._note(asked, Outcome.BLOCKED, _blocked(wall))
        else:
            self._tally.came(asked)
        yield from self._requests(self._pages.next(asked.outlet))

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Name what became of a request that gave nothing."""
        error = failure.value
        assert error is not None
        asked: Asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        self._answered(asked)
        if not (asked.step is Step.NEXT and _no_such_page(error)):
            self._note(asked, *explain_failure(error), until=put_off_until(error))
        if asked.step is Step.HOME:
            yield from self._requests(self.discovery.at_home(asked, []))
        elif asked.step is not Step.PAGE:
            yield from self._requests(self.discovery.after(asked))
        yield from self._requests(self._pages.next(asked.outlet))

    def _requests(self, asked: Iterable[Asked]) -> Iterator[Request]:
        return (self._request(each) for each in asked)

    def _request(self, asked: Asked) -> Request:
        self._under_way[asked.key] = asked
        callbacks: dict[Step, Any] = {Step.PAGE: self.read_page, Step.HOME: self.read_home}
        settings = self._order.settings
        max_mb = settings.max_feed_mb if asked.source else settings.max_page_mb
        return Request(
            asked.url,
            callback=callbacks.get(asked.step, self.read_list),
            errback=self.failed,
            cb_kwargs={"asked": asked},
            meta={"download_maxsize": int(max_mb * _MB)},
            dont_filter=True,
            priority=0 if asked.step is Step.PAGE else 10,
        )

    def _answered(self, asked: Asked) -> None:
        self._under_way.pop(asked.key, None)
        if asked.step is Step.PAGE:
            self._pages.answered(asked.outlet.id)

    def _ask_known(self, links: Sequence[str]) -> set[str]:
        if self.broken is not None:
            return set(links)
        try:
            return self._known(links)
        except Exception as error:
            self._end(error)
            return set(links)

    def _end(self, error: Exception) -> None:
        """End the crawl for a fault that is not the network's; the first one is kept."""
        if self.broken is None:
            self.broken = error
            engine = self.crawler.engine
            assert engine is not None
            ending = asyncio.ensure_future(engine.close_spider_async(reason="broken"))
            self._endings.add(ending)

    def _note(
        self, asked: Asked, outcome: Outcome, reason: str, *, until: datetime | None = None
    ) -> None:
        """Count, log and archive how a request ended that gave nothing."""
        self._tally.failed(asked, outcome, reason)
        log.warning(
            "nothing to read",
            extra={"outlet": asked.outlet.id, "url": asked.url, "reason": f"{outcome}: {reason}"},
        )
        if self.broken is not None or asked.step is Step.HOME:
            return
        # An archive need not know the word where there is nothing to say by it.
        moment: dict[str, Any] = {} if until is None else {"retry_after": until}
        try:
            self._archive.write_outcome(
                url=asked.url,
                source_kind=asked.kind,
                outlet_id=asked.outlet.id,
                outcome=outcome.value,
                detail=reason,
                at=self.clock(),
                **moment,
            )
        except Exception as error:
            self._end(error)

    def closed(self, reason: str) -> None:
        """Name what was never asked because the time ran out."""
        self.time_up = reason == "closespider_timeout"
        for asked in list(self._under_way.values()):
            self._note(asked, Outcome.TIME_UP, "hết thời gian của lượt thu thập trước khi tải tới")
        for outlet_id, pages in self._pages.left().items():
            self._tally.left(outlet_id, pages)

    def outcomes(self) -> tuple[OutletOutcome, ...]:
        """What was had from each outlet, in the order asked."""
        return tuple(
            self._tally.outcome(outlet.id, self.discovery.found(outlet.id))
            for outlet in self._order.outlets
        )


def _blocked(wall: str) -> str:
    return f"trang chặn máy ({wall}); chương trình không vượt rào"


def _no_such_page(error: BaseException) -> bool:
    return isinstance(error, HttpError) and error.response.status in _NO_SUCH_PAGE


def _content_type(response: Response) -> str:
    return (response.headers.get(b"Content-Type") or b"").decode("latin-1")


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
