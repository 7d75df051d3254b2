"""A page read into an article: by its outlet's layout, by what it declares, by its shape.

Selectors of declarations are CSS as selectolax (lexbor) understands it, ``:has()``, ``:is()``,
``:not()`` and ``[class*=x i]`` included. ``body`` may select the paragraphs or the box they stand
in; ``remove`` is taken out of the page before the body is read; a picture's caption and a
paragraph that is nothing but a link are never text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.addresses import canonical_address, is_home
from crawlers.body_text import body_by_shape, bold_lines, is_vietnamese
from crawlers.bylines import authors_from, site_names
from crawlers.charsets import decode_page
from crawlers.headings import (
    headline_of,
    is_section,
    labelled_lines,
    printed_authors,
    printed_section,
    sapo_in_body,
    sapo_of,
)
from crawlers.media import count_pictures, count_players, media_of
from crawlers.metadata import Metadata, read_metadata
from crawlers.page_times import article_time, is_byline, lines_near, printed_times
from crawlers.paragraphs import first_text, remove, selected_paragraphs, text_of, texts
from crawlers.trimming import tidy, without_foreign_lines
from crawlers.walls import LARGEST_WALL, wall_of
from domain.clock import VIETNAM
from domain.errors import SetAside
from domain.outlets import Layout, Outlet
from domain.records import ExtractedArticle, RawPage

#: Shorter than this, with nothing else that speaks for an article, a text is none.
_SHORTEST_BODY = 250
_SHORTEST_FOREIGN = 80
#: A page that says so little, in letters, may say only that there is nothing.
_SHORT_PAGE = 1_500
_GONE = re.compile(
    r"(?:^|\W)404(?:\W|$)|không tìm thấy|không tồn tại|not found|đã bị (?:xóa|gỡ)|lỗi trang|"
    r"trang không có|error page|bảo trì hệ thống",
    re.IGNORECASE,
)


@dataclass(kw_only=True, slots=True)
class _Marks:
    """These are the pieces of an article as one way of reading found them."""

    headline: str
    description: str
    body: list[str]
    authors: list[str]
    section: str
    printed: list[str]
    credit: str
    extractor: str
    #: Which reader gave each field, by its published name.
    origins: dict[str, str]
    vietnamese: bool = True


def extract(page: RawPage, *, outlet: Outlet | None) -> ExtractedArticle:
    """Read the article of a page; `SetAside` says in Vietnamese why it holds none."""
    _refuse_response(page)
    markup = decode_page(page.body, page.content_type, page.url)
    tree = LexborHTMLParser(markup)
    meta = read_metadata(tree)
    names = site_names(page.url, *([outlet.name] if outlet else []), meta.site_name)
    _refuse_walls(page, markup, tree, meta)
    players, pictures = count_players(tree), count_pictures(tree)
    marks = _by_layout(tree, outlet, page, meta) or _by_shape(tree, meta, names, page, markup)
    _refuse_other_pages(page, outlet, meta, marks)
    authors = authors_from([*marks.authors, *([] if marks.authors else meta.authors)], names)
    body, signed, credit = _tidied(marks, authors)
    section = marks.section or meta.section
    published = article_time(
        meta.published,
        marks.printed,
        url=page.url if outlet is None or outlet.url_time else None,
        seen=page.fetched_at,
    )
    media = media_of(
        page.url,
        marks.headline,
        section,
        meta,
        length=sum(map(len, body)),
        players=players,
        pictures=pictures,
    )
    article = ExtractedArticle(
        url=page.url,
        canonical_url=_canonical(page.url, meta, outlet),
        headline=marks.headline,
        description=marks.description,
        body="\n".join(body),
        authors=authors or authors_from(signed, names),
        section=section,
        published=published,
        credit=marks.credit or credit,
        extractor=marks.extractor,
        media=media,
    )
    return replace(article, origins=_origins(article, marks, meta, signed=not authors))


def _tidied(marks: _Marks, authors: tuple[str, ...]) -> tuple[list[str], list[str], str]:
    """The body, its signatures, its credit; a page in another language is left as it was read."""
    if not marks.vietnamese:
        return marks.body, [], ""
    return tidy(marks.body, headline=marks.headline, description=marks.description, authors=authors)


def _origins(
    article: ExtractedArticle, marks: _Marks, meta: Metadata, *, signed: bool
) -> dict[str, str]:
    """Which reader gave each field that says something."""
    found = marks.origins | {
        "articleBody": marks.extractor,
        "datePublished": str(article.published.origin),
    }
    if not marks.authors:
        found["authors"] = "signature" if signed else meta.origins.get("authors", "")
    if not marks.section:
        found["section"] = meta.origins.get("section", "")
    values = {
        "headline": article.headline,
        "description": article.description,
        "articleBody": article.body,
        "authors": article.authors,
        "section": article.section,
        "datePublished": article.published.at,
    }
    return {name: found[name] for name, value in values.items() if value}


def _refuse_response(page: RawPage) -> None:
    if page.status != 200:
        raise SetAside(f"Trang {page.url} trả về mã {page.status}, không có bài để đọc.")
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind and not kind.endswith(("html", "xhtml+xml", "text/plain", "octet-stream")):
        raise SetAside(f"Địa chỉ {page.url} là tệp {kind}, không phải trang bài.")
    if not page.body.strip():
        raise SetAside(f"Trang {page.url} rỗng. Lượt thu thập sau sẽ tải lại.")


def _refuse_walls(page: RawPage, markup: str, tree: LexborHTMLParser, meta: Metadata) -> None:
    if meta.declares_article:
        return
    if wall := wall_of(markup):
        raise SetAside(
            f"Trang {page.url} chặn máy ({wall}), không có bài để đọc. "
            "Chương trình không vượt rào; xem lại khi trang mở.",
        )
    if _GONE.search(first_text(tree, "title")) and (
        _is_short(page, tree) or tree.css_first("h1") is None
    ):
        raise SetAside(f"Trang {page.url} báo không còn bài, dù máy chủ trả về mã 200.")


def _is_short(page: RawPage, tree: LexborHTMLParser) -> bool:
    if tree.body is None or len(page.body) >= LARGEST_WALL:
        return False
    return len(text_of(tree.body)) < _SHORT_PAGE


def _by_layout(
    tree: LexborHTMLParser, outlet: Outlet | None, page: RawPage, meta: Metadata
) -> _Marks | None:
    """Read by the layout of the day; where it does not fit, by another one of the outlet."""
    if outlet is None:
        return None
    for layout in _layouts(outlet, page.fetched_at.astimezone(VIETNAM).date()):
        headline = first_text(tree, layout.headline)
        if headline and (marks := _marks_of(tree, layout, outlet, headline, meta)):
            return marks
    return None


def _layouts(outlet: Outlet, day: date) -> Iterator[Layout]:
    held = outlet.layout_on(day)
    if held is not None:
        yield held
    yield from (layout for layout in reversed(outlet.layouts) if layout != held)


def _marks_of(
    tree: LexborHTMLParser, layout: Layout, outlet: Outlet, headline: str, meta: Metadata
) -> _Marks | None:
    """Read by one layout; what it does not name or find is taken as on any other page."""
    by_layout = f"layout:{outlet.id}" + (f"@{layout.since}" if layout.since else "")
    printed_sapo = first_text(tree, layout.description)
    description, description_origin = (
        (printed_sapo, by_layout) if printed_sapo else sapo_of(tree, meta)
    )
    authors = list(texts(tree, layout.authors))
    section = next((name for name in texts(tree, layout.section) if is_section(name)), "")
    printed = list(texts(tree, layout.published)) or list(
        printed_times(tree, lines_near(tree, headline))
    )
    credit = first_text(tree, layout.credit)
    body = _body_of(tree, layout)
    if not body:
        return None
    return _Marks(
        headline=headline,
        description=description,
        body=body,
        authors=authors,
        section=section,
        printed=printed,
        credit=credit,
        extractor=by_layout,
        origins={
            "headline": by_layout,
            "description": description_origin,
            "authors": by_layout,
            "section": by_layout,
        },
    )


def _body_of(tree: LexborHTMLParser, layout: Layout) -> list[str]:
    if not any(tree.css(layout.body) if layout.body else []):
        return []
    remove(tree, layout.remove)
    return selected_paragraphs(tree, layout.body)


def _by_shape(
    tree: LexborHTMLParser, meta: Metadata, names: Iterable[str], page: RawPage, markup: str
) -> _Marks:
    """Read a page whose layout is not known: what it declares, then the shape of its text."""
    headline, headline_origin = headline_of(tree, meta, names, page.fetched_at)
    description, description_origin = sapo_of(tree, meta)
    authors = [] if any(authors_from(meta.authors, names)) else list(printed_authors(tree))
    near = lines_near(tree, headline)
    printed = list(printed_times(tree, near))
    bylined = bool(headline) and is_byline(near, page.fetched_at)
    section = "" if meta.section else printed_section(tree)
    vietnamese = is_vietnamese(tree)
    bold = bold_lines(tree) if vietnamese else []
    labelled, credit = labelled_lines(tree) if vietnamese else ([], "")
    body, extractor = body_by_shape(tree, meta, markup, vietnamese=vietnamese)
    if vietnamese:
        body = without_foreign_lines(body)
        if description_origin != "printed" and (first := sapo_in_body(body, description, bold)):
            description, description_origin = first, "body"
    if not authors_from([*authors, *meta.authors], names):
        authors = labelled
    is_article = bylined or meta.declares_article or not vietnamese
    return _Marks(
        headline=headline,
        description=description,
        body=body,
        authors=authors,
        section=section,
        printed=printed,
        credit=credit,
        extractor=extractor if is_article else "",
        origins={
            "headline": headline_origin,
            "description": description_origin,
            "authors": "printed",
            "section": "breadcrumb",
        },
        vietnamese=vietnamese,
    )


def _refuse_other_pages(
    page: RawPage, outlet: Outlet | None, meta: Metadata, marks: _Marks
) -> None:
    if not marks.headline:
        raise SetAside(
            f"Trang {page.url} không có tít, không phải trang bài hoặc đã đổi cách trình bày. "
            "Xem lại khai báo của báo này."
        )
    by_layout = marks.extractor.startswith("layout:")
    known_shape = outlet is None or not outlet.article_url or outlet.is_article_url(page.url)
    length = sum(map(len, marks.body))
    # Of a page in another language, met outside every outlet, nothing but its text can be asked.
    unknown = outlet is None and not marks.vietnamese
    declared = meta.declares_article or marks.vietnamese or unknown
    is_article = by_layout or (bool(marks.extractor) and bool(length) and declared)
    shortest = _SHORTEST_FOREIGN if unknown else _SHORTEST_BODY
    long_enough = length >= shortest or by_layout or meta.declares_article
    if not (is_article and long_enough and (known_shape or meta.declares_article)):
        raise SetAside(
            f"Trang {page.url} có tít “{marks.headline[:80]}” nhưng không có thân bài: "
            "trang danh mục, trang tĩnh, hoặc trang đã đổi cách trình bày. "
            "Nếu đúng là trang bài, thêm cách trình bày vào khai báo của báo này."
        )


def _canonical(url: str, meta: Metadata, outlet: Outlet | None) -> str:
    """The page's own canonical address where it stays on the outlet, else that of the response."""
    if not url.startswith(("http://", "https://")):
        # A saved page whose address is not known: its own word is all there is.
        return meta.canonical if meta.canonical.startswith(("http://", "https://")) else url
    own = canonical_address(url)
    if not meta.canonical:
        return own
    try:
        declared = canonical_address(urljoin(url, meta.canonical))
    except ValueError:
        return own
    if is_home(declared) or not _same_site(declared, own, outlet):
        return own
    return declared


def _same_site(declared: str, own: str, outlet: Outlet | None) -> bool:
    host = urlsplit(declared).hostname or ""
    homes = [urlsplit(own).hostname or ""]
    homes += [domain.host for domain in outlet.domains] if outlet else []
    return any(host == home or host.endswith("." + home.removeprefix("www.")) for home in homes)
