"""Politeness: one slow queue for each host, and Retry-After kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from crawlers.failures import PutOff
from crawlers.spider import PressSpider
from domain.clock import VIETNAM, Clock

_PORTS = {"http": 80, "https": 443}
_TOO_MANY = 429
_BUSY = frozenset({_TOO_MANY, 503})
#: A pause that is worth waiting for in the crawl itself.
_LONGEST_PAUSE = timedelta(seconds=30)
_SHORTEST_PAUSE = timedelta(seconds=1)
#: A source is asked again after a month at the latest, whatever its server said.
_LONGEST_PUT_OFF = timedelta(days=30)
_PAUSED = "retried_after_pause"


def host_slot(url: str) -> str:
    """The name of the queue in which requests to one server wait for each other.

    >>> host_slot("https://vnexpress.net/rss"), host_slot("http://vnexpress.net/")
    ('vnexpress.net', 'vnexpress.net')
    >>> host_slot("http://127.0.0.1:8080/a")
    '127.0.0.1:8080'
    """
    parts = urlsplit(url)
    port = parts.port
    host = (parts.hostname or "").rstrip(".")
    return host if port in {None, _PORTS.get(parts.scheme)} else f"{host}:{port}"


def slow_down(crawler: Crawler, url: str, delay: float) -> None:
    """Let the host of an address be asked no faster than once in `delay` seconds."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    key = host_slot(url)
    own = downloader.per_slot_settings.get(key, {})
    delay = max(delay, own.get("delay", crawler.settings.getfloat("DOWNLOAD_DELAY")))
    # Queues that stand idle are dropped and made anew from these settings.
    downloader.per_slot_settings[key] = {"concurrency": 1, **own, "delay": delay}
    if key in downloader.slots:
        downloader.slots[key].delay = delay


def retry_after(header: str, *, now: datetime) -> timedelta | None:
    """How long a Retry-After asks to wait: seconds or an HTTP date; None where it says neither.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 14, 7, 0, tzinfo=UTC)
    >>> retry_after("120", now=now), retry_after("Sat, 14 Mar 2026 07:05:00 GMT", now=now)
    (datetime.timedelta(seconds=120), datetime.timedelta(seconds=300))
    """
    written = header.strip()
    if written.isascii() and written.isdigit():
        most = int(_LONGEST_PUT_OFF.total_seconds())
        return timedelta(seconds=min(int(written[:12]), most))
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    if moment.tzinfo is None:  # "-0000" or no zone: HTTP dates are always in GMT
        moment = moment.replace(tzinfo=now.tzinfo)
    return min(max(moment - now, timedelta()), _LONGEST_PUT_OFF)


class OneSlotPerHost:
    """This puts every request, those for robots.txt and redirects too, into its host's queue."""

    async def process_request(self, request: Request) -> None:
        """Name the queue by the host asked now, whichever was asked at first."""
        request.meta["download_slot"] = host_slot(request.url)


class PatientRetry(RetryMiddleware):
    """This retries what may pass, and keeps away as long as a busy host asks.

    Up to half a minute the host's queue waits and the request is made once more; longer, nothing
    of the host is asked in this crawl. 429 is never retried at once.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.retry_http_codes.discard(_TOO_MANY)
        self._until: dict[str, datetime] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetry:
        """Scrapy's way to make a middleware."""
        made = super().from_crawler(crawler)
        crawler.signals.connect(made.note_answer, signal=signals.response_downloaded)
        return made

    async def process_request(self, request: Request) -> None:
        """Leave alone a host that asked for it."""
        key = host_slot(request.url)
        if key in self._until:
            raise PutOff(key, self._until[key])

    def note_answer(self, response: Response, request: Request) -> None:
        """Act on Retry-After before the host's queue sends its next request."""
        wait = self._wait(response)
        if wait is None:
            return
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        slot = downloader.slots[downloader.get_slot_key(request)]
        if slot.latercall:
            slot.latercall.cancel()
            slot.latercall = None
        if wait <= _LONGEST_PAUSE:
            pause = max(wait, _SHORTEST_PAUSE).total_seconds()
            slot.latercall = call_later(pause, downloader._latercall, slot)
        else:
            self._put_off(host_slot(request.url), slot, self._clock() + wait)

    def _put_off(self, host: str, slot: Slot, until: datetime) -> None:
        self._until[host] = until.astimezone(VIETNAM)
        while slot.queue:
            _, waiting = slot.queue.popleft()
            refusal = PutOff(host, self._until[host])
            waiting.errback(Failure(refusal))  # type: ignore[no-untyped-call]

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Retry by Retry-After where it is said, else as Scrapy does."""
        wait = self._wait(response)
        if wait is None:
            return super().process_response(request, response)
        if wait > _LONGEST_PAUSE:
            key = host_slot(request.url)
            raise PutOff(key, self._until.get(key, self._clock() + wait))
        if request.meta.get(_PAUSED):
            return response
        return request.replace(dont_filter=True, meta=request.meta | {_PAUSED: True})

    def _wait(self, response: Response) -> timedelta | None:
        said = response.headers.get(b"Retry-After")
        if response.status not in _BUSY or not said:
            return None
        return retry_after(said.decode("latin-1"), now=self._clock())

    @property
    def _clock(self) -> Clock:
        return cast(PressSpider, self.crawler.spider).clock
