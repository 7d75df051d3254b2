"""One crawl, start to end. Runs once in a process: a reactor cannot be started twice."""

from __future__ import annotations

import logging
import unicodedata
from typing import Any

from scrapy.crawler import CrawlerProcess

from crawlers.crawl_records import (
    ArchiveWriter,
    CrawlOrder,
    CrawlOutcome,
    Known,
    Outcome,
    OutletOutcome,
)
from crawlers.links import outlet_of
from crawlers.politeness import host_slot
from crawlers.robots import FOLDER as ROBOTS_FOLDER
from crawlers.safety import ALLOWED, allowed_hosts
from crawlers.spider import PressSpider
from crawlers.turns import Turns, in_turn
from domain.clock import Clock
from domain.errors import UsageError
from domain.settings import CrawlSettings

__all__ = [
    "ArchiveWriter", "CrawlOrder", "CrawlOutcome", "Known", "Outcome", "OutletOutcome", "run_crawl",
]  # fmt: skip

_MB = 1_000_000
#: What the archive can be read back in; a site is offered nothing else.
_ENCODINGS = "gzip, deflate, br"
#: Two more tries for what passes: a busy server, a broken connection.
_RETRIES = 2
_REDIRECTS = 5
#: Requests under way for each outlet: its lists or two of its pages; each host keeps its delay.
_REQUESTS_PER_OUTLET = 2
_MOST_REQUESTS = 256
#: Each costs every response its time; addresses are bounded, and found, without them.
_UNUSED_SPIDER_MIDDLEWARES: dict[str, None] = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
#: Without any delay Scrapy sends what waits for a host all at once, whatever the concurrency.
_LEAST_DELAY = 0.001


def run_crawl(
    order: CrawlOrder,
    *,
    archive: ArchiveWriter,
    known: Known,
    clock: Clock,
    turns: Turns | None = None,
) -> CrawlOutcome:
    """Poll every list of the order and fetch the pages not held; blocks until done.

    To be called once in a process of its own. Raises what the archive or `known` raised, after
    the crawl was ended; failures of the network are outcomes, never raised. `UsageError` where a
    page of the order belongs to none of its outlets. `turns` are those of hosts that other
    crawlers ask too.
    """
    _refuse_foreign_pages(order)
    _quieten()
    began = clock()
    process = CrawlerProcess(_scrapy_settings(order) | _handlers(turns))
    crawler = process.create_crawler(PressSpider)
    process.crawl(crawler, order=order, archive=archive, known=known, clock=clock)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, PressSpider)
    if spider.broken is not None:
        raise spider.broken
    return CrawlOutcome(
        outlets=spider.outcomes(), began_at=began, ended_at=clock(), time_up=spider.time_up
    )


def _refuse_foreign_pages(order: CrawlOrder) -> None:
    for url in order.pages:
        if outlet_of(url, order.outlets) is None:
            raise UsageError(
                f"Địa chỉ {url} không thuộc cơ quan báo chí nào đang theo dõi. Sửa địa chỉ, hoặc "
                "thêm tên miền vào khai báo của báo đó rồi chạy lại."
            )


def _quieten() -> None:
    """Scrapy's own log repeats what outcomes say; only what is broken in it is of interest."""
    for name in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _scrapy_settings(order: CrawlOrder) -> dict[str, Any]:
    asked = order.settings
    middlewares: dict[str, int | None] = {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawlers.robots.PoliteRobots": 100,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
        "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
        "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
        "crawlers.politeness.PatientRetry": 550,
        # After the retries on the way back: a refusal is not tried again.
        "crawlers.safety.NoPrivateAddress": 620,
        "crawlers.politeness.OneSlotPerHost": 630,
        "crawlers.crawl_middleware.ArchiveEverything": 950,
    }
    if asked.proxy:
        middlewares["crawlers.crawl_middleware.ThroughProxy"] = 740
    return {
        "USER_AGENT": _user_agent(asked),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": _user_agent(asked).split("/")[0],
        ROBOTS_FOLDER: str(order.robots_folder or ""),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/rss+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
            "Accept-Encoding": _ENCODINGS,
        },
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": bool(asked.proxy),
        "DIEMBAO_PROXY": asked.proxy,
        ALLOWED: allowed_hosts(asked.allow_private_hosts, asked.proxy),
        "DNS_RESOLVER": "crawlers.safety.PublicResolver",
        "DOWNLOADER_MIDDLEWARES": middlewares,
        "SPIDER_MIDDLEWARES": _UNUSED_SPIDER_MIDDLEWARES,
        "DOWNLOAD_DELAY": max(asked.delay_seconds, _LEAST_DELAY),
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "DOWNLOAD_SLOTS": _own_delays(order),
        "DOWNLOAD_BIND_ADDRESS": asked.bind_address or None,
        "CONCURRENT_REQUESTS": min(_MOST_REQUESTS, 8 + _REQUESTS_PER_OUTLET * len(order.outlets)),
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # So many tasks Scrapy starts for each response, to take items that this spider never gives.
        "CONCURRENT_ITEMS": 1,
        "DOWNLOAD_TIMEOUT": asked.timeout_seconds,
        "DOWNLOAD_MAXSIZE": int(max(asked.max_feed_mb, asked.max_page_mb) * _MB),
        "DOWNLOAD_WARNSIZE": 0,
        "DNS_TIMEOUT": min(asked.timeout_seconds, 20),
        "RETRY_TIMES": _RETRIES,
        "REDIRECT_MAX_TIMES": _REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "CLOSESPIDER_TIMEOUT": asked.max_minutes * 60,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        # It reads the source of every callback anew.
        "WARN_ON_GENERATOR_RETURN_VALUE": False,
        "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None},
    }


def _handlers(turns: Turns | None) -> dict[str, Any]:
    none: dict[str, Any] = dict.fromkeys(("data", "file", "ftp", "s3"))
    ours = dict.fromkeys(("http", "https"), in_turn(turns)) if turns else {}
    return {"DOWNLOAD_HANDLERS": none | ours}


def _own_delays(order: CrawlOrder) -> dict[str, dict[str, Any]]:
    """Slots of the outlets that declare their own delay."""
    return {
        host_slot(source.url): {"concurrency": 1, "delay": max(outlet.delay_seconds, _LEAST_DELAY)}
        for outlet in order.outlets
        if outlet.delay_seconds is not None
        for source in outlet.sources
    }


def _user_agent(asked: CrawlSettings) -> str:
    """The name given to sites, in ASCII as headers are, with the contact."""
    name = f"{asked.user_agent} {asked.contact}".strip().replace("đ", "d").replace("Đ", "D")
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(char for char in decomposed if char.isascii() and char.isprintable())
