"""A list that came, read by its kind into article addresses and further sitemaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawlers.discovery import Asked
from crawlers.feeds import read_feed
from crawlers.links import article_addresses, read_section
from crawlers.sitemaps import Child, oldest_change, read_sitemap
from crawlers.walls import LARGEST_WALL, wall_of
from domain.codes import SourceKind

_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|script|noscript|title|meta|div|center|h1)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListReading:
    """This is what a crawl needs of a list: what to fetch next."""

    links: Sequence[str]
    children: Sequence[Child] = ()


def read_list(
    asked: Asked,
    body: bytes,
    *,
    url: str,
    content_type: str,
    seen: datetime,
    since: datetime | None,
    max_bytes: int,
) -> ListReading:
    """Read a list by the kind of its source; raises `SetAside` where it is not what it should be.

    `url` is where it came from; `since` is how far back to look in sitemaps, None for the news.
    """
    source = asked.source
    assert source is not None
    if source.kind is SourceKind.SECTION:
        found = read_section(
            body, url=url, content_type=content_type, outlet=asked.outlet, source=source
        )
        return ListReading(links=found)
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(
            body,
            url=asked.url,
            seen=seen,
            max_bytes=max_bytes,
            changed_since=oldest_change(seen, since),
        )
        named = [*(item.url for item in sitemap.items), *sitemap.links]
        return ListReading(links=article_addresses(named, asked.outlet), children=sitemap.children)
    feed = read_feed(body, url=asked.url, seen=seen, max_bytes=max_bytes)
    return ListReading(links=article_addresses((item.url for item in feed.items), asked.outlet))


def wall_in(body: bytes) -> str:
    """The wall that a response is, "" where it is none or no HTML: feeds may write of captchas."""
    if len(body) > LARGEST_WALL or not _HTML.match(body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")):
        return ""
    # The words looked for stand in UTF-8 or in ASCII; a whole reading would cost far more.
    return wall_of(body.decode("utf-8", errors="replace"))
