"""What a page says of itself for machines: JSON-LD, OpenGraph, meta tags."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from domain.text import clean

#: Where a publication time may stand; a modification time is never among them.
_PUBLISHED_KEYS = (
    "article:published_time", "article:published", "datepublished", "og:article:published_time",
    "pubdate", "publishdate", "publish-date", "dc.date.issued", "dcterms.issued", "dc.date",
)  # fmt: skip
_AUTHOR_KEYS = ("article:author", "dable:author", "dc.creator", "author")


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """This is what the head of a page declares; "" and () where it says nothing."""

    headline: str = ""
    description: str = ""
    #: Publication times as written, the most trusted first.
    published: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    section: str = ""
    canonical: str = ""
    site_name: str = ""
    #: The body as JSON-LD gives it.
    body: str = ""
    #: Whether JSON-LD declares an article, or the head carries a publication time.
    declares_article: bool = False
    meta: dict[str, str] = field(default_factory=dict)


def read_metadata(tree: LexborHTMLParser) -> Metadata:
    """Read everything the page declares."""
    meta = _meta_tags(tree)
    nodes = list(_linked_data(tree))
    article: dict[str, Any] = next((node for node in nodes if _is_article(node)), {})
    published = [meta[key] for key in _PUBLISHED_KEYS if meta.get(key)]
    published += [text for text in [_text(article.get("datePublished"))] if text]
    return Metadata(
        headline=_text(article.get("headline")) or meta.get("og:title", ""),
        description=_longest(
            _text(article.get("description")),
            meta.get("og:description", ""),
            meta.get("description", ""),
        ),
        published=tuple(published),
        authors=tuple(_authors(article, meta)),
        section=_section(article, meta, nodes),
        canonical=_canonical(tree) or meta.get("og:url", ""),
        site_name=meta.get("og:site_name", ""),
        body=_article_body(article),
        declares_article=bool(article or published),
        meta=meta,
    )


def _meta_tags(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        value = clean(attributes.get("content") or "")
        if key and value:
            found.setdefault(key.lower(), value)
    return found


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for node in tree.css('script[type="application/ld+json"]'):
        text = node.text().strip().removeprefix("<!--").removesuffix("-->")
        try:
            data = json.loads(text, strict=False)
        except ValueError:
            continue  # a page with broken JSON-LD is read by its other marks
        yield from _objects(data)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for part in data:
            yield from _objects(part)
    elif isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"))


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith(("Article", "Posting")) for kind in named)


def _text(value: Any) -> str:
    """Plain text of a JSON-LD value; some outlets escape it for HTML, even twice."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return clean(html.unescape(html.unescape(value))) if isinstance(value, str) else ""


def _longest(*texts: str) -> str:
    return max(texts, key=len)


def _authors(article: dict[str, Any], meta: dict[str, str]) -> Iterator[str]:
    given = article.get("author")
    for author in given if isinstance(given, list) else [given]:
        if isinstance(author, dict) and author.get("@type") != "Organization":
            yield _text(author.get("name"))
        elif isinstance(author, str):
            yield _text(author)
    for key in _AUTHOR_KEYS:
        yield meta.get(key, "")


def _section(article: dict[str, Any], meta: dict[str, str], nodes: list[dict[str, Any]]) -> str:
    declared = _text(article.get("articleSection")) or meta.get("article:section", "")
    if declared:
        return declared.partition(",")[0].strip()
    crumbs = next((node for node in nodes if node.get("@type") == "BreadcrumbList"), {})
    names = [_crumb_name(crumb) for crumb in _objects(crumbs.get("itemListElement"))]
    return next((name for name in names if name and name.lower() != "trang chủ"), "")


def _crumb_name(crumb: dict[str, Any]) -> str:
    item = crumb.get("item")
    return _text(crumb.get("name")) or (_text(item.get("name")) if isinstance(item, dict) else "")


def _canonical(tree: LexborHTMLParser) -> str:
    node = tree.css_first('link[rel="canonical"]')
    return (node.attributes.get("href") or "").strip() if node is not None else ""


def _article_body(article: dict[str, Any]) -> str:
    body = article.get("articleBody")
    return html.unescape(body) if isinstance(body, str) and "<" not in body else ""
