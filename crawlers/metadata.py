"""What a page says of itself for machines: JSON-LD, microdata, OpenGraph, meta tags."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from domain.text import clean

#: Where a publication time may stand; a modification time is never among them.
_PUBLISHED_KEYS = (
    "article:published_time", "article:published", "datepublished", "og:article:published_time",
    "pubdate", "publishdate", "publish-date", "dc.date.issued", "dcterms.issued", "dc.date",
)  # fmt: skip
_MICRODATA = ", ".join(
    f'[itemprop="{name}"]'
    for name in ("headline", "description", "datePublished", "author", "articleSection")
)
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
    #: The schema.org types that JSON-LD and microdata name, and the ``og:type``.
    kinds: frozenset[str] = frozenset()
    meta: dict[str, str] = field(default_factory=dict)
    #: Where headline, description, authors and section stand: ``json-ld``, ``microdata``,
    #: ``opengraph``, ``meta``.
    origins: Mapping[str, str] = field(default_factory=dict)


def read_metadata(tree: LexborHTMLParser) -> Metadata:
    """Read everything the page declares."""
    meta = _meta_tags(tree)
    nodes = list(_linked_data(tree))
    article: dict[str, Any] = next((node for node in nodes if _is_article(node)), {})
    micro = {} if article else _microdata(tree)
    published = [meta[key] for key in _PUBLISHED_KEYS if meta.get(key)]
    published += [
        text for text in (_text(article.get("datePublished")), micro.get("datePublished")) if text
    ]
    headline = _first_of(
        {
            "json-ld": _text(article.get("headline")),
            "microdata": micro.get("headline", ""),
            "opengraph": meta.get("og:title", ""),
        }
    )
    description = _longest_of(
        {
            "json-ld": _text(article.get("description")),
            "microdata": micro.get("description", ""),
            "opengraph": meta.get("og:description", ""),
            "meta": meta.get("description", ""),
        }
    )
    of_meta = tuple(meta[key] for key in _AUTHOR_KEYS if key in meta)
    authors = _first_of(
        {
            "json-ld": tuple(filter(None, _authors(article))),
            "microdata": (micro["author"],) if "author" in micro else (),
            "meta": of_meta,
        }
    )
    section = _first_of(
        {
            "json-ld": _section_of(article.get("articleSection")),
            "microdata": _section_of(micro.get("articleSection")),
            "opengraph": _section_of(meta.get("article:section")),
            "breadcrumb": _crumb(nodes),
        }
    )
    return Metadata(
        headline=headline[1] or "",
        description=description[1],
        published=tuple(published),
        authors=(*_authors(article), *([micro["author"]] if "author" in micro else ()), *of_meta),
        section=section[1] or "",
        canonical=_canonical(tree) or meta.get("og:url", ""),
        site_name=meta.get("og:site_name", ""),
        body=_article_body(article),
        declares_article=bool(article or published),
        kinds=frozenset(_kinds(tree, nodes, meta)),
        meta=meta,
        origins={
            "headline": headline[0],
            "description": description[0],
            "authors": authors[0],
            "section": section[0],
        },
    )


def _first_of(found: Mapping[str, Any]) -> tuple[str, Any]:
    """The first value that says something, with its origin before it."""
    return next(((origin, value) for origin, value in found.items() if value), ("", None))


def _longest_of(found: Mapping[str, str]) -> tuple[str, str]:
    return max(found.items(), key=lambda item: len(item[1]))


def _microdata(tree: LexborHTMLParser) -> dict[str, str]:
    """What ``itemprop`` says of the article; of many of one name the first is the article's."""
    found: dict[str, str] = {}
    for node in tree.css(_MICRODATA):
        name = node.attributes.get("itemprop") or ""
        stamp = node.attributes.get("content") or node.attributes.get("datetime")
        inner = node.css_first('[itemprop="name"]')
        source = inner if inner is not None else node
        value = clean(stamp or source.attributes.get("content") or source.text(separator=" "))
        if value and name not in found and not _in_a_list(node):
            found[name] = value
    return found


def _in_a_list(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and (parent.tag == "li" or (node.tag == "a" and parent.tag == "h3"))


def _kinds(
    tree: LexborHTMLParser, nodes: list[dict[str, Any]], meta: dict[str, str]
) -> Iterator[str]:
    for node in nodes:
        named = node.get("@type")
        yield from (kind for kind in (named if isinstance(named, list) else [named]) if kind)
    for scope in tree.css("[itemtype]"):
        yield (scope.attributes.get("itemtype") or "").rpartition("/")[2]
    yield meta.get("og:type", "")


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


def _authors(article: dict[str, Any]) -> Iterator[str]:
    given = article.get("author")
    for author in given if isinstance(given, list) else [given]:
        if isinstance(author, dict) and author.get("@type") != "Organization":
            yield _text(author.get("name"))
        elif isinstance(author, str):
            yield _text(author)


def _section_of(declared: Any) -> str:
    return _text(declared).partition(",")[0].strip()


def _crumb(nodes: list[dict[str, Any]]) -> str:
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
