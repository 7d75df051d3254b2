"""The spider: one over all outlets. It asks lists, then the pages they name; it reads no page."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.crawl_records import ArchiveWriter, CrawlOrder, Known, Outcome, OutletOutcome
from crawlers.failures import explain_failure
from crawlers.feeds import read_feed
from crawlers.links import article_addresses, belongs_to, read_section
from domain.clock import Clock
from domain.codes import SourceKind
from domain.errors import SetAside
from domain.outlets import Outlet, Source

log = logging.getLogger(__name__)

_MB = 1_000_000
_PORTS = {"http": 80, "https": 443}
_PAGE = "page"
#: One page on its way and one behind it, so that a host's delay alone sets the pace.
_PAGES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    """This is a request under way: for a list (with its source) or for a page."""

    outlet: Outlet
    source: Source | None
    url: str

    @property
    def kind(self) -> str:
        return self.source.kind.value if self.source else _PAGE


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
        self._clock = clock
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._errors: dict[str, dict[str, str]] = defaultdict(dict)
        self._under_way: dict[str, _Asked] = {}
        self._lined_up: set[str] = set()
        self._waiting: dict[str, deque[str]] = defaultdict(deque)
        #: What stopped the crawl from outside the network: the archive or the database.
        self.broken: Exception | None = None
        self.time_up = False
        self._endings: set[asyncio.Future[None]] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Ask every list of every outlet."""
        # All are under way before the first is sent, so that none is forgotten if time runs out.
        for request in list(self._lists()):
            yield request

    def _lists(self) -> Iterator[Request]:
        for outlet in self._order.outlets:
            for source in outlet.sources:
                asked = _Asked(outlet, source, source.url)
                if source.kind is SourceKind.SITEMAP:
                    self._note(asked, Outcome.UNSUPPORTED, "chưa đọc được sơ đồ trang (sitemap)")
                else:
                    yield self._request(asked, max_mb=self._order.settings.max_feed_mb)

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
                fetched_at=self._clock(),
            )
        except Exception as error:
            self._end(error)
            raise IgnoreRequest("lưu trữ không ghi được") from error

    def read_list(self, response: Response, asked: _Asked) -> Iterator[Request]:
        """Read a list that came and ask the pages it names."""
        assert asked.source is not None
        self._answered(asked)
        try:
            links = self._links(response, asked.outlet, asked.source)
        except SetAside as refusal:
            self._note(asked, Outcome.NOT_A_LIST, str(refusal))
            return
        self._counts[asked.outlet.id]["feeds_ok"] += 1
        yield from self._pages(asked.outlet, links)

    def _links(self, response: Response, outlet: Outlet, source: Source) -> list[str]:
        if source.kind is SourceKind.SECTION:
            content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
            return read_section(
                response.body,
                url=response.url,
                content_type=content_type,
                outlet=outlet,
                source=source,
            )
        reading = read_feed(
            response.body,
            url=source.url,
            seen=self._clock(),
            max_bytes=int(self._order.settings.max_feed_mb * _MB),
        )
        return article_addresses((item.url for item in reading.items), outlet)

    def _pages(self, outlet: Outlet, links: Sequence[str]) -> Iterator[Request]:
        """Line up the pages not held and ask the first of them."""
        fresh = [link for link in links if link not in self._lined_up]
        held = self._ask_known(fresh)
        wanted = [link for link in fresh if link not in held]
        self._lined_up.update(wanted)
        counts = self._counts[outlet.id]
        room = max(0, self._order.settings.max_pages_per_outlet - counts["lined_up"])
        counts["lined_up"] += len(wanted[:room])
        counts["pages_left"] += len(wanted[room:])
        self._waiting[outlet.id].extend(wanted[:room])
        yield from self._next_pages(outlet)

    def _next_pages(self, outlet: Outlet) -> Iterator[Request]:
        """Ask so many pages that the outlet's server is never idle, and no more.

        What is not asked yet can be left at once when the time is up.
        """
        waiting = self._waiting[outlet.id]
        while waiting and self._counts[outlet.id]["pages_under_way"] < _PAGES_AT_ONCE:
            self._counts[outlet.id]["pages_under_way"] += 1
            asked = _Asked(outlet, None, waiting.popleft())
            yield self._request(asked, max_mb=self._order.settings.max_page_mb)

    def _ask_known(self, links: Sequence[str]) -> set[str]:
        if self.broken is not None or not links:
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

    def _request(self, asked: _Asked, *, max_mb: float) -> Request:
        self._under_way[_key(asked)] = asked
        return Request(
            asked.url,
            callback=self.read_list if asked.source else self.read_page,
            errback=self.failed,
            cb_kwargs={"asked": asked},
            meta={"download_slot": host_slot(asked.url), "download_maxsize": int(max_mb * _MB)},
            dont_filter=True,
            priority=10 if asked.source else 0,
        )

    def read_page(self, response: Response, asked: _Asked) -> Iterator[Request]:
        """Count a page that came; it lies in the archive, and is read from there."""
        self._answered(asked)
        if belongs_to(response.url, asked.outlet):
            self._counts[asked.outlet.id]["pages_ok"] += 1
        else:
            self._note(asked, Outcome.REDIRECTS, f"trang chuyển sang nơi khác: {response.url}")
        yield from self._next_pages(asked.outlet)

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Name what became of a request that gave nothing."""
        assert failure.value is not None
        asked: _Asked = failure.request.cb_kwargs["asked"]  # type: ignore[attr-defined]
        self._answered(asked)
        outcome, reason = explain_failure(failure.value)
        self._note(asked, outcome, reason)
        yield from self._next_pages(asked.outlet)

    def _answered(self, asked: _Asked) -> None:
        self._under_way.pop(_key(asked), None)
        if asked.source is None:
            self._counts[asked.outlet.id]["pages_under_way"] -= 1

    def _note(self, asked: _Asked, outcome: Outcome, reason: str) -> None:
        counts = self._counts[asked.outlet.id]
        if outcome is Outcome.ROBOTS:
            counts["robots"] += 1
        if asked.source is not None:
            counts["feeds_failed"] += 1
            self._errors[asked.outlet.id].setdefault(asked.url, _sentence(asked, reason))
        elif outcome is Outcome.TIME_UP:
            counts["pages_left"] += 1
        elif outcome is not Outcome.ROBOTS:
            counts["pages_failed"] += 1
        log.warning(
            "nothing to read",
            extra={"outlet": asked.outlet.id, "url": asked.url, "reason": f"{outcome}: {reason}"},
        )
        self._write_outcome(asked, outcome, reason)

    def _write_outcome(self, asked: _Asked, outcome: Outcome, reason: str) -> None:
        if self.broken is not None:
            return
        try:
            self._archive.write_outcome(
                url=asked.url,
                source_kind=asked.kind,
                outlet_id=asked.outlet.id,
                outcome=outcome.value,
                detail=reason,
                at=self._clock(),
            )
        except Exception as error:
            self._end(error)

    def closed(self, reason: str) -> None:
        """Name what was never asked because the time ran out."""
        self.time_up = reason == "closespider_timeout"
        for asked in list(self._under_way.values()):
            self._note(asked, Outcome.TIME_UP, "hết thời gian của lượt thu thập trước khi tải tới")
        for outlet_id, waiting in self._waiting.items():
            self._counts[outlet_id]["pages_left"] += len(waiting)

    def outcomes(self) -> tuple[OutletOutcome, ...]:
        """What was had from each outlet, in the order asked."""
        return tuple(self._outcome(outlet.id) for outlet in self._order.outlets)

    def _outcome(self, outlet_id: str) -> OutletOutcome:
        counts = self._counts[outlet_id]
        return OutletOutcome(
            outlet_id=outlet_id,
            feeds_ok=counts["feeds_ok"],
            feeds_failed=counts["feeds_failed"],
            pages_ok=counts["pages_ok"],
            pages_failed=counts["pages_failed"],
            robots=counts["robots"],
            pages_left=counts["pages_left"],
            errors=dict(self._errors[outlet_id]),
        )


def host_slot(url: str) -> str:
    """The name of the queue in which requests to one server wait for each other.

    >>> host_slot("https://vnexpress.net/rss"), host_slot("http://127.0.0.1:8080/a")
    ('vnexpress.net:443', '127.0.0.1:8080')
    """
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def _key(asked: _Asked) -> str:
    return f"{asked.kind} {asked.url}"


def _sentence(asked: _Asked, reason: str) -> str:
    if asked.url in reason:
        return reason
    return f"Không đọc được nguồn {asked.url}: {reason}."


def _headers(response: Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    ]
