"""Feeds: the bytes of one snapshot, read into items; what cannot be used is named."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from selectolax.lexbor import LexborHTMLParser

from crawlers.addresses import canonical_address, is_home
from crawlers.charsets import looks_garbled
from crawlers.dates import parse_vietnamese_date
from domain.codes import DateOrigin
from domain.errors import SetAside
from domain.records import FeedItem, FeedReading, Malformed, PublishedTime
from domain.text import clean

#: Parts of a description that are not the sapo: lists of related articles, pictures, scripts.
_NOT_SAPO = "ul, ol, figure, script, style, table, iframe, noscript"
_ROOT = re.compile(rb"<(rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
#: Characters that `clean` would change; a text without them is clean as it stands.
_UNCLEAN = re.compile(
    "[&\x00-\x1f\x7f-\xa0\xad\u0300-\u036f\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff]|^ | $|  "
)
_UNKNOWN_TIME = PublishedTime()


def looks_like_feed(content_type: str, body: bytes) -> bool:
    """Whether a response is a feed: its first element says so, else its Content-Type.

    >>> looks_like_feed("text/html", b'<?xml version="1.0"?><rss version="2.0">')
    True
    >>> looks_like_feed("application/rss+xml", b"<!DOCTYPE html><html>")
    False
    """
    head = body[:4096]
    if _HTML.search(head[:512]):
        return False
    if _ROOT.search(head):
        return True
    kind = content_type.lower()
    return "application/rss" in kind or "application/atom" in kind


def read_feed(
    body: bytes,
    *,
    url: str,
    seen: datetime,
    max_bytes: int,
    gmt_means_local: bool = False,
) -> FeedReading:
    """Read one snapshot of the feed at `url`, met at `seen`.

    Raises `SetAside` where the body is no feed or must not be parsed. An item without an address
    or a headline is `Malformed`; one without a time is kept, its time unknown. A damaged feed
    gives what stands before the damage.
    """
    _refuse_unreadable(body, url, max_bytes)
    parsed = _parsed(body, url)
    _refuse_foreign(parsed, body, url)
    items: list[FeedItem] = []
    malformed: list[Malformed] = []
    for entry in parsed.entries:
        read = _read_entry(entry, url, seen, gmt_means_local)
        if isinstance(read, Malformed):
            malformed.append(read)
        else:
            items.append(read)
    _refuse_garbled(items, url)
    return FeedReading(items=tuple(items), malformed=tuple(malformed))


def _refuse_unreadable(body: bytes, url: str, max_bytes: int) -> None:
    if len(body) > max_bytes:
        raise SetAside(
            f"Nguồn tin {url} nặng {_mb(len(body))} MB, quá mức {_mb(max_bytes)} MB nên không đọc. "
            "Xem lại địa chỉ nguồn; nếu đúng là nguồn tin, tăng max_feed_mb trong config.toml."
        )
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not head:
        raise SetAside(
            f"Nguồn tin {url} trả về nội dung rỗng. Mở thử địa chỉ bằng trình duyệt; "
            "nếu nguồn đã bỏ, sửa khai báo của báo này."
        )
    if _HTML.search(head[:512]):
        raise SetAside(
            f"Nguồn tin {url} trả về trang HTML, không phải RSS hay Atom. Có thể nguồn đã đổi "
            "địa chỉ hoặc trang chặn máy; mở thử bằng trình duyệt rồi sửa khai báo của báo này."
        )
    if _declares_entities(body):
        raise SetAside(
            f"Nguồn tin {url} có khai báo thực thể XML (ENTITY), không đọc để giữ an toàn. "
            "Báo cho tòa soạn hoặc bỏ nguồn này khỏi khai báo."
        )


def _parsed(body: bytes, url: str) -> Any:
    try:
        return feedparser.parse(_decodable(body), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, AssertionError) as error:
        # feedparser lets some broken encodings and markup through as these.
        raise SetAside(
            f"Nguồn tin {url} hỏng đến mức không đọc được ({error}). Lượt sau sẽ đọc lại; "
            "nếu lặp lại, báo cho tòa soạn hoặc sửa khai báo của báo này."
        ) from error


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")


def _declares_entities(body: bytes) -> bool:
    if body.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        body = body.replace(b"\x00", b"")
    return b"<!ENTITY" in body


def _decodable(body: bytes) -> bytes:
    """The body with broken UTF-8 replaced, so that one bad byte does not change the charset."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        repaired = body.decode("utf-8", errors="replace")
        if b"\x00" not in body[:64] and repaired.count("\ufffd") * 500 < len(repaired):
            return repaired.encode("utf-8")
    return body


def _refuse_foreign(parsed: Any, body: bytes, url: str) -> None:
    if parsed.entries or (parsed.version and not parsed.bozo):
        return
    reason = f" ({parsed.bozo_exception})" if parsed.bozo else ""
    kind = "là RSS hoặc Atom hỏng" if _ROOT.search(body[:4096]) else "không phải RSS hay Atom"
    raise SetAside(
        f"Nguồn tin {url} {kind}{reason}, không đọc được tin nào. "
        "Mở thử địa chỉ bằng trình duyệt rồi sửa khai báo của báo này nếu nguồn đã đổi."
    )


def _refuse_garbled(items: list[FeedItem], url: str) -> None:
    garbled = Counter(looks_garbled(item.headline) for item in items)
    if garbled[True] > garbled[False]:
        raise SetAside(
            f"Nguồn tin {url} sai bảng mã, chữ Việt đọc ra bị hỏng. "
            "Không dùng lượt này; nếu lặp lại, báo cho tòa soạn."
        )


def _read_entry(
    entry: Any, feed_url: str, seen: datetime, gmt_means_local: bool
) -> FeedItem | Malformed:
    # FeedParserDict looks every key up under several names; the plain lookup is ten times faster.
    get = dict.get
    headline = _plain(get(entry, "title") or "")
    link = (get(entry, "link") or "").strip()
    if not link:
        return Malformed(reason="no_link", detail=f"{feed_url}: tin “{headline}” không có liên kết")
    if not headline:
        return Malformed(reason="no_title", detail=f"{feed_url}: tin {link} không có tít")
    try:
        address = canonical_address(link if link.startswith("http") else urljoin(feed_url, link))
    except ValueError as error:
        return Malformed(reason="bad_link", detail=f"{feed_url}: tin “{headline}”: {error}")
    if is_home(address):
        return Malformed(
            reason="bad_link", detail=f"{feed_url}: tin “{headline}” trỏ về trang chủ {address}"
        )
    tags = get(entry, "tags")
    return FeedItem(
        url=address,
        headline=headline,
        description=_plain(get(entry, "summary") or ""),
        section=_plain(dict.get(tags[0], "term") or "") if tags else "",
        published=_published(get(entry, "published") or "", seen, gmt_means_local),
    )


def _published(raw: str, seen: datetime, gmt_means_local: bool) -> PublishedTime:
    """The time of publication; ``updated`` is another thing and never stands in for it."""
    if not raw:
        return _UNKNOWN_TIME
    try:
        return parse_vietnamese_date(
            raw, seen=seen, origin=DateOrigin.FEED, gmt_means_local=gmt_means_local
        )
    except ValueError:
        return PublishedTime(raw=raw, origin=DateOrigin.FEED)


def _plain(text: str) -> str:
    if "<" in text:
        text = _without_markup(text)
    return clean(text) if _UNCLEAN.search(text) else text


def _without_markup(text: str) -> str:
    """The words of a description, without its pictures and its list of related articles."""
    tree = LexborHTMLParser(text)
    for node in tree.css(_NOT_SAPO):
        node.decompose()
    body = tree.body
    return body.text(separator=" ", strip=True) if body is not None else ""
