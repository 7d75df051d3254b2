"""Links of a section page: the addresses of an outlet's articles, each once, in order."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.addresses import canonical_address, is_home
from crawlers.charsets import decode_page
from domain.errors import SetAside
from domain.outlets import Outlet, Source


def read_section(
    body: bytes, *, url: str, content_type: str, outlet: Outlet, source: Source
) -> list[str]:
    """Canonical addresses of the articles a section page links to.

    Raises `SetAside` where there are none: a section without articles has changed its layout.
    """
    if not source.links and not outlet.article_url:
        raise SetAside(
            f"Trang mục {url} không có cách nhận ra liên kết bài. "
            f"Thêm “links” hoặc “article_url” vào khai báo {outlet.id}."
        )
    tree = LexborHTMLParser(decode_page(body, content_type, url))
    nodes = tree.css(source.links or "a[href]")
    hrefs = (node.attributes.get("href") or "" for node in nodes)
    found = article_addresses((urljoin(url, href.strip()) for href in hrefs if href), outlet)
    if not found:
        raise SetAside(
            f"Trang mục {url} không còn liên kết bài nào nhận ra được. Trang có thể đã đổi cách "
            f"trình bày; xem lại “links” và “article_url” trong khai báo {outlet.id}."
        )
    return found


def article_addresses(links: Iterable[str], outlet: Outlet) -> list[str]:
    """Those of the links that are articles of the outlet, canonical, each once."""
    found: dict[str, None] = {}
    for link in links:
        try:
            address = canonical_address(link)
        except ValueError:
            continue  # menus hold mailto:, javascript: and the like
        if belongs_to(address, outlet) and not is_home(address) and outlet.is_article_url(address):
            found.setdefault(address)
    return list(found)


def outlet_of(address: str, outlets: Iterable[Outlet]) -> Outlet | None:
    """The outlet of those given on whose domain an address lies, None where it is no one's."""
    return next((outlet for outlet in outlets if belongs_to(address, outlet)), None)


def belongs_to(address: str, outlet: Outlet) -> bool:
    """Whether an address lies on a domain of the outlet, or under one."""
    host = urlsplit(address).hostname or ""
    return any(
        host == domain.host.lower() or host.endswith(f".{domain.host.lower()}")
        for domain in outlet.domains
    )
