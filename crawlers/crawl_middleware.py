"""What stands between the spider and the network: the archive, and the proxy."""

from __future__ import annotations

from typing import cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.spider import PressSpider


class ArchiveEverything:
    """This hands every response to the archive as it came, robots.txt and redirects included."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveEverything:
        """Scrapy's way to make a middleware."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archive before anything reads; an archive that cannot be written ends the crawl."""
        spider = cast(PressSpider, self._crawler.spider)
        await spider.keep(response)
        return response


class ThroughProxy:
    """This sends every request, those for robots.txt too, through the configured proxy."""

    def __init__(self, proxy: str) -> None:
        self._proxy = proxy

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ThroughProxy:
        """Scrapy's way to make a middleware."""
        return cls(crawler.settings.get("DIEMBAO_PROXY", ""))

    async def process_request(self, request: Request) -> None:
        """Name the proxy on the request; Scrapy's own middleware does the rest."""
        request.meta["proxy"] = self._proxy
