"""Sitemaps: the bytes of one snapshot, read into items, links and the sitemaps it names."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from lxml import etree

from crawlers.addresses import canonical_address, is_home
from crawlers.dates import parse_vietnamese_date
from domain.codes import DateOrigin
from domain.errors import SetAside
from domain.records import FeedItem, Malformed, PublishedTime
from domain.text import clean

_GZIP = b"\x1f\x8b"
_STEP = 256 * 1024
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w\-]+:)?(urlset|sitemapindex)[\s>]")
_ENTRIES = frozenset({"url", "sitemap"})
_NEWS = "news"
_HORIZON = timedelta(days=35)


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """This is a sitemap that an index names."""

    url: str
    #: When it last changed, None where the index does not say.
    lastmod: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SitemapReading:
    """This is all that one snapshot of a sitemap says."""

    #: Entries with a headline: those of news sitemaps.
    items: tuple[FeedItem, ...] = ()
    #: Canonical addresses without a headline, the latest changed first.
    links: tuple[str, ...] = ()
    #: The sitemaps named by an index.
    children: tuple[Child, ...] = ()
    malformed: tuple[Malformed, ...] = ()
    #: When each article was last changed, by canonical address, where the sitemap says so.
    changes: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """This is one ``url`` or ``sitemap`` element, as written."""

    kind: str
    loc: str = ""
    lastmod: str = ""
    title: str = ""
    published: str = ""


def looks_like_sitemap(body: bytes) -> bool:
    """Whether a body is a sitemap or an index of sitemaps, gzip included.

    >>> looks_like_sitemap(b'<?xml version="1.0"?><urlset xmlns="x">')
    True
    >>> looks_like_sitemap(b"<rss>")
    False
    """
    head = body[:4096]
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 4096)
        except zlib.error:
            return False
    return _ROOT.search(head) is not None


def read_sitemap(
    body: bytes,
    *,
    url: str,
    seen: datetime,
    max_bytes: int,
    gmt_means_local: bool = False,
    changed_since: datetime | None = None,
) -> SitemapReading:
    """Read one snapshot of the sitemap at `url`, met at `seen`.

    Raises `SetAside` where the body is no sitemap or must not be parsed. ``lastmod`` is never a
    time of publication; but what last changed before `changed_since` was published before it too,
    so such entries are left out. A damaged sitemap gives what stands before the damage.
    """
    plain = _inflated(body, url, max_bytes)
    _refuse_unreadable(plain, url)
    items: dict[str, FeedItem] = {}
    links: dict[str, datetime | None] = {}
    children: dict[str, Child] = {}
    malformed: list[Malformed] = []
    changes: dict[str, datetime] = {}
    for entry in _entries(plain):
        changed = _moment(entry.lastmod, seen)
        if entry.kind == "url" and changed and changed_since and changed < changed_since:
            continue
        try:
            address = canonical_address(entry.loc)
        except ValueError as error:
            malformed.append(Malformed(reason="bad_link", detail=f"{url}: {error}"))
            continue
        if entry.kind == "sitemap":
            children.setdefault(entry.loc, Child(url=entry.loc, lastmod=changed))
            continue
        if changed is not None:
            changes.setdefault(address, changed)
        if entry.title:
            items.setdefault(address, _item(entry, address, seen, gmt_means_local))
        elif not is_home(address):
            links.setdefault(address, changed)
    return SitemapReading(
        items=tuple(items.values()),
        links=tuple(_latest_first(links)),
        children=tuple(children.values()),
        malformed=tuple(malformed),
        changes=changes,
    )


def oldest_change(now: datetime, since: datetime | None = None) -> datetime:
    """What last changed before is history, not news: 35 days ago, or `since` if that is earlier."""
    return now - _HORIZON if since is None else min(now - _HORIZON, since)


def _latest_first(links: Mapping[str, datetime | None]) -> list[str]:
    def changed(link: str) -> float:
        at = links[link]
        return at.timestamp() if at else 0

    return sorted(links, key=changed, reverse=True)


def _inflated(body: bytes, url: str, max_bytes: int) -> bytes:
    """The body without gzip, as far as it goes; `SetAside` where it is too large."""
    if not body.startswith(_GZIP):
        _refuse_large(len(body), url, max_bytes)
        return body
    parts: list[bytes] = []
    size = 0
    rest = body
    while rest.startswith(_GZIP):
        member = zlib.decompressobj(31)
        while rest and not member.eof:
            try:
                part = member.decompress(rest, _STEP)
            except zlib.error:
                return b"".join(parts)  # what stands before the damage
            size += len(part)
            _refuse_large(size, url, max_bytes)
            parts.append(part)
            rest = member.unconsumed_tail
            if not part and not rest:
                break
        rest = member.unused_data
    return b"".join(parts)


def _refuse_large(size: int, url: str, max_bytes: int) -> None:
    if size > max_bytes:
        raise SetAside(
            f"Sơ đồ trang {url} nặng quá mức {_mb(max_bytes)} MB nên không đọc. Xem lại địa chỉ; "
            "nếu đúng là sơ đồ trang, tăng max_feed_mb trong config.toml."
        )


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")


def _refuse_unreadable(body: bytes, url: str) -> None:
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not head:
        raise SetAside(
            f"Sơ đồ trang {url} trả về nội dung rỗng. Mở thử địa chỉ bằng trình duyệt; "
            "nếu trang đã bỏ, sửa khai báo của báo này."
        )
    if b"<!ENTITY" in body.replace(b"\x00", b""):
        raise SetAside(
            f"Sơ đồ trang {url} có khai báo thực thể XML (ENTITY), không đọc để giữ an toàn. "
            "Báo cho tòa soạn hoặc bỏ nguồn này khỏi khai báo."
        )
    if _ROOT.search(head.replace(b"\x00", b"")):
        return
    kind = "trang HTML, không phải sơ đồ trang" if _HTML.search(head[:512]) else "nội dung khác"
    raise SetAside(
        f"Sơ đồ trang {url} trả về {kind} (sitemap XML). Có thể địa chỉ đã đổi hoặc trang chặn "
        "máy; mở thử bằng trình duyệt rồi sửa khai báo của báo này."
    )


def _entries(body: bytes) -> Iterator[_Entry]:
    """The entries that stand whole before the first damage."""
    events = etree.iterparse(
        BytesIO(body.lstrip(b" \t\r\n")),
        events=("end",),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        for _, element in events:
            if isinstance(element.tag, str) and _name(element) in _ENTRIES:
                yield _entry(element)
                element.clear()
    except etree.XMLSyntaxError:
        return  # what stands before the damage was given


def _entry(element: etree._Element) -> _Entry:
    said = {"kind": _name(element)}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if _name(child) in {"loc", "lastmod"}:
            said.setdefault(_name(child), _text(child))
        elif _name(child) == _NEWS:
            said |= _news(child)
    return _Entry(**said)


def _news(element: etree._Element) -> dict[str, str]:
    """Headline and time of a ``news:news`` element; picture and film have titles of their own."""
    named = {_name(child): _text(child) for child in element if isinstance(child.tag, str)}
    return {
        "title": clean(named.get("title", "")),
        "published": named.get("publication_date", ""),
    }


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _item(entry: _Entry, address: str, seen: datetime, gmt_means_local: bool) -> FeedItem:
    return FeedItem(
        url=address,
        headline=entry.title,
        published=_published(entry.published, seen, gmt_means_local),
    )


def _published(raw: str, seen: datetime, gmt_means_local: bool) -> PublishedTime:
    if not raw:
        return PublishedTime()
    try:
        return parse_vietnamese_date(
            raw, seen=seen, origin=DateOrigin.FEED, gmt_means_local=gmt_means_local
        )
    except ValueError:
        return PublishedTime(raw=raw, origin=DateOrigin.FEED)


def _moment(raw: str, seen: datetime) -> datetime | None:
    """When an entry changed; None where it is not said or cannot be true."""
    try:
        return parse_vietnamese_date(raw, seen=seen).at if raw else None
    except ValueError:
        return None
