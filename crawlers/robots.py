"""robots.txt: obeyed as RFC 9309 says, its pace and sitemaps remembered, asked once a day."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from crawlers.failures import PrivateAddress, PutOff, RobotsUnreachable, WrongScheme
from crawlers.found_lists import found_sitemaps
from crawlers.politeness import slow_down
from crawlers.robots_memory import RobotsMemory, Told
from crawlers.spider import PressSpider

#: A longer pause would give up the host; what it does not allow in a crawl is left for the next.
_LONGEST_DELAY = 60.0
_TOO_MANY = 429
#: The name of the setting that says where answers are kept from crawl to crawl; without, nowhere.
FOLDER = "DIEMBAO_ROBOTS_FOLDER"


class PoliteRobots(RobotsTxtMiddleware):
    """This obeys robots.txt; where it cannot be had for a fault of the host, nothing is asked.

    An answer of 4xx means that there is no robots.txt, so all is allowed; 5xx, 429 or none at all
    mean that nothing is known, so nothing is allowed in this crawl, and the next one asks again.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, IgnoreRequest] = {}
        folder = crawler.settings.get(FOLDER)
        self._memory = RobotsMemory(Path(folder)) if folder else None

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of a host: those of this crawl, else those it told within a day, else asked."""
        netloc = urlparse_cached(request).netloc
        if self._memory is not None and netloc not in self._parsers:
            told = self._memory.recall(netloc, now=self._spider.clock())
            if told is not None:
                parser = build_from_crawler(self._parserimpl, self.crawler, told.body)
                self._parsers[netloc] = parser
                self._remember(told, netloc, request)
        return await super().robot_parser(request)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what is disallowed, and all of a host whose robots.txt is not known."""
        refusal = self._unknown.get(urlparse_cached(request).netloc)
        if refusal is not None:
            raise refusal
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == _TOO_MANY:
            raise RobotsUnreachable(status=response.status)
        body = response.body if response.status == 200 else b""
        await super()._parse_robots(response.replace(body=body), netloc, request)
        told = Told(url=response.url, body=body, fetched_at=self._spider.clock())
        self._remember(told, netloc, request)
        if self._memory is not None:
            self._memory.keep(netloc, told)

    def _remember(self, told: Told, netloc: str, request: Request) -> None:
        self._spider.discovery.sitemaps[netloc] = found_sitemaps(told.body, told.url)
        parser = self._parsers[netloc]
        assert isinstance(parser, RobotParser)
        delay = parser.crawl_delay(self._robotstxt_useragent or "*")
        if delay:
            slow_down(self.crawler, request.url, min(delay, _LONGEST_DELAY))

    @property
    def _spider(self) -> PressSpider:
        return cast(PressSpider, self.crawler.spider)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, (RobotsUnreachable, PutOff, PrivateAddress, WrongScheme)):
            self._unknown[netloc] = exc
        elif not (isinstance(exc, IgnoreRequest) and "redirect" in str(exc)):
            # More redirects than five are as good as no robots.txt (RFC 9309, 2.3.1.2).
            self._unknown[netloc] = RobotsUnreachable(cause=exc)
        super()._robots_error(exc, netloc)
