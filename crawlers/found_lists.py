"""Lists that nobody declared: what a home page and robots.txt say of feeds and sitemaps."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.charsets import decode_page
from crawlers.links import belongs_to
from domain.outlets import Outlet

_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_COMMENTS = re.compile(r"comment|binh-?luan", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def found_feeds(body: bytes, url: str, *, content_type: str, outlet: Outlet) -> list[str]:
    """The feeds a page names in ``<link rel=alternate>``, on the outlet's own domains, each once.

    Feeds of readers' comments are left out. `SetAside` where the page's charset is broken.
    """
    found: dict[str, None] = {}
    for node in LexborHTMLParser(decode_page(body, content_type, url)).css("link[rel][href]"):
        said = {name: (value or "").strip() for name, value in node.attributes.items()}
        kind = said.get("type", "").lower().partition(";")[0].strip()
        if "alternate" not in said["rel"].lower().split() or kind not in _FEED_TYPES:
            continue
        address = urljoin(url, said["href"])
        ours = urlsplit(address).scheme in {"http", "https"} and belongs_to(address, outlet)
        if ours and not _COMMENTS.search(address + said.get("title", "")):
            found.setdefault(address)
    return list(found)


def found_sitemaps(robots_txt: bytes, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, those of news first.

    >>> found_sitemaps(b"User-agent: *\\nSitemap: /a.xml\\nsitemap: /news.xml", "https://b.vn/robots.txt")
    ('https://b.vn/news.xml', 'https://b.vn/a.xml')
    """
    text = robots_txt.decode("utf-8", errors="replace")
    named = dict.fromkeys(urljoin(url, line) for line in _SITEMAP_LINE.findall(text))
    able = [address for address in named if urlsplit(address).scheme in {"http", "https"}]
    return tuple(sorted(able, key=lambda address: "news" not in address.lower()))
