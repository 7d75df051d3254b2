"""robots.txt: obeyed as RFC 9309 says, its pace kept, its sitemaps remembered."""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawlers.failures import PrivateAddress, PutOff, RobotsUnreachable, WrongScheme
from crawlers.found_lists import found_sitemaps
from crawlers.politeness import slow_down
from crawlers.spider import PressSpider

#: A longer pause would give up the host; what it does not allow in a crawl is left for the next.
_LONGEST_DELAY = 60.0
_TOO_MANY = 429


class PoliteRobots(RobotsTxtMiddleware):
    """This obeys robots.txt; where it cannot be had for a fault of the host, nothing is asked.

    An answer of 4xx means that there is no robots.txt, so all is allowed; 5xx, 429 or none at all
    mean that nothing is known, so nothing is allowed in this crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unknown: dict[str, IgnoreRequest] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what is disallowed, and all of a host whose robots.txt is not known."""
        refusal = self._unknown.get(urlparse_cached(request).netloc)
        if refusal is not None:
            raise refusal
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == _TOO_MANY:
            raise RobotsUnreachable(status=response.status)
        told = response if response.status == 200 else response.replace(body=b"")
        await super()._parse_robots(told, netloc, request)
        self._remember(told, netloc, request)

    def _remember(self, response: Response, netloc: str, request: Request) -> None:
        spider = cast(PressSpider, self.crawler.spider)
        spider.discovery.sitemaps[netloc] = found_sitemaps(response.body, response.url)
        parser = self._parsers[netloc]
        assert isinstance(parser, RobotParser)
        delay = parser.crawl_delay(self._robotstxt_useragent or "*")
        if delay:
            slow_down(self.crawler, request.url, min(delay, _LONGEST_DELAY))

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, (RobotsUnreachable, PutOff, PrivateAddress, WrongScheme)):
            self._unknown[netloc] = exc
        elif not (isinstance(exc, IgnoreRequest) and "redirect" in str(exc)):
            # More redirects than five are as good as no robots.txt (RFC 9309, 2.3.1.2).
            self._unknown[netloc] = RobotsUnreachable(cause=exc)
        super()._robots_error(exc, netloc)
