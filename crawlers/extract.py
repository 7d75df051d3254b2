"""A page read into an article: by its outlet's layout, by what it declares, by its shape.

Selectors of declarations are CSS as selectolax (lexbor) understands it, ``:has()``, ``:is()``,
``:not()`` and ``[class*=x i]`` included. ``body`` may select the paragraphs or the box they stand
in; ``remove`` is taken out of the page before the body is read; a picture's caption and a
paragraph that is nothing but a link are never text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.addresses import canonical_address, is_home
from crawlers.body_text import body_by_shape, tidy
from crawlers.bylines import authors_from, site_names, without_site_name
from crawlers.charsets import decode_page
from crawlers.metadata import Metadata, read_metadata
from crawlers.page_times import article_time, has_byline, printed_times
from crawlers.paragraphs import first_text, remove, selected_paragraphs, text_of, texts
from domain.clock import VIETNAM
from domain.errors import SetAside
from domain.outlets import Layout, Outlet
from domain.records import ExtractedArticle, RawPage

#: Shorter than this, with nothing else that speaks for an article, a text is none.
_SHORTEST_BODY = 250
#: A page that only refuses is small, in bytes.
_LARGEST_WALL = 80_000
_WALL = re.compile(
    r"captcha|just a moment|attention required|access denied|are you (?:a )?human|"
    r"từ chối truy cập|xác minh bạn|kiểm tra trình duyệt|checking your browser|ddos|"
    r"bạn đã bị chặn|request blocked|403 forbidden",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"(?:^|\W)404(?:\W|$)|không tìm thấy|không tồn tại|not found|đã bị (?:xóa|gỡ)|lỗi trang|"
    r"trang không có|error page|bảo trì hệ thống",
    re.IGNORECASE,
)
_SAPO = (
    '[data-role="sapo"], [data-slot="sapo"], [class*="sapo" i], p.description, h2.description, '
    '[itemprop="description"], #hometext, [class*="hometext" i], [class*="summary" i], '
    '[class*="lead" i]'
)
_CERTAIN_SAPO = '[data-role="sapo"], [class*="sapo" i], #hometext, [class*="hometext" i]'
_AUTHORS = '[rel="author"], [itemprop="author"], [class*="author" i], [class*="tacgia" i]'


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


def extract(page: RawPage, *, outlet: Outlet | None) -> ExtractedArticle:
    """Read the article of a page; `SetAside` says in Vietnamese why it holds none."""
    _refuse_response(page)
    tree = LexborHTMLParser(decode_page(page.body, page.content_type, page.url))
    meta = read_metadata(tree)
    names = site_names(page.url, *([outlet.name] if outlet else []), meta.site_name)
    _refuse_walls(page, tree)
    marks = _by_layout(tree, outlet, page, meta) or _by_shape(tree, meta, names, page)
    _refuse_other_pages(page, outlet, meta, marks)
    authors = authors_from([*marks.authors, *([] if marks.authors else meta.authors)], names)
    body, signed, credit = tidy(
        marks.body, headline=marks.headline, description=marks.description, authors=authors
    )
    return ExtractedArticle(
        url=page.url,
        canonical_url=_canonical(page.url, meta, outlet),
        headline=marks.headline,
        description=marks.description,
        body="\n".join(body),
        authors=authors or authors_from(signed, names),
        section=marks.section or meta.section,
        published=article_time(
            meta.published,
            marks.printed,
            url=page.url if outlet is None or outlet.url_time else None,
            seen=page.fetched_at,
        ),
        credit=marks.credit or credit,
        extractor=marks.extractor,
    )


def _refuse_response(page: RawPage) -> None:
    if page.status != 200:
        raise SetAside(f"Trang {page.url} trả về mã {page.status}, không có bài để đọc.")
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind and not kind.endswith(("html", "xhtml+xml", "text/plain", "octet-stream")):
        raise SetAside(f"Địa chỉ {page.url} là tệp {kind}, không phải trang bài.")
    if not page.body.strip():
        raise SetAside(f"Trang {page.url} rỗng. Lượt thu thập sau sẽ tải lại.")


def _refuse_walls(page: RawPage, tree: LexborHTMLParser) -> None:
    title = first_text(tree, "title")
    body = tree.body
    small = len(page.body) < _LARGEST_WALL
    words = text_of(body) if small and body is not None else ""
    short = small and len(words) < 1500
    if _WALL.search(title) or (short and _WALL.search(words)):
        raise SetAside(
            f"Trang {page.url} chặn máy (trang xác minh), không có bài để đọc. "
            "Chương trình không vượt rào; xem lại khi trang mở."
        )
    if _GONE.search(title) and (short or tree.css_first("h1") is None):
        raise SetAside(f"Trang {page.url} báo không còn bài, dù máy chủ trả về mã 200.")


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
    description = first_text(tree, layout.description) or _sapo(tree, meta)
    authors = list(texts(tree, layout.authors))
    section = next((name for name in texts(tree, layout.section) if _is_section(name)), "")
    printed = list(texts(tree, layout.published)) or list(printed_times(tree, headline))
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
        extractor=f"layout:{outlet.id}" + (f"@{layout.since}" if layout.since else ""),
    )


def _body_of(tree: LexborHTMLParser, layout: Layout) -> list[str]:
    if not any(tree.css(layout.body) if layout.body else []):
        return []
    remove(tree, layout.remove)
    return selected_paragraphs(tree, layout.body)


def _is_section(name: str) -> bool:
    return name.lower() not in {"trang chủ", "home", "trang nhất"}


def _by_shape(
    tree: LexborHTMLParser, meta: Metadata, names: Iterable[str], page: RawPage
) -> _Marks:
    """Read a page whose layout is not known: what it declares, then the shape of its text."""
    headline = _headline(tree, meta, names)
    description = _sapo(tree, meta)
    authors = [] if any(authors_from(meta.authors, names)) else list(_printed_authors(tree))
    printed = list(printed_times(tree, headline))
    bylined = bool(headline) and has_byline(tree, headline, page.fetched_at)
    body, extractor = body_by_shape(tree, meta)
    return _Marks(
        headline=headline,
        description=description,
        body=body,
        authors=authors,
        section="",
        printed=printed,
        credit="",
        extractor=extractor if bylined or meta.declares_article else "",
    )


def _headline(tree: LexborHTMLParser, meta: Metadata, names: Iterable[str]) -> str:
    """The headline as printed where it begins as the declared one does, else as declared."""
    printed = list(texts(tree, "h1"))
    declared = without_site_name(meta.headline or first_text(tree, "title"), names)
    for text in printed:
        whole = text.startswith(declared[:60]) and len(text) >= len(declared)
        if declared and (whole or _appended(declared, text)):
            return text
    return declared or next(iter(printed), "")


def _appended(title: str, headline: str) -> bool:
    """Whether a title is the headline with the name of a site or a section behind it."""
    return title.startswith(headline) and title[len(headline) :].lstrip()[:1] in {"-", "|", "–"}


def _sapo(tree: LexborHTMLParser, meta: Metadata) -> str:
    """The sapo as printed where it begins like the declared one, which is often cut short."""
    declared = meta.description
    for text in texts(tree, _SAPO):
        if (
            declared
            and text[-40:]
            and (text.startswith(declared[:40]) or declared[:40] in text[:90])
        ):
            return text
    if declared:
        return declared
    return first_text(tree, _CERTAIN_SAPO)


def _printed_authors(tree: LexborHTMLParser) -> Iterator[str]:
    for text in texts(tree, _AUTHORS):
        if len(text) <= 40 and not any(char.isdigit() for char in text):
            yield text


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
    is_article = by_layout or (bool(marks.extractor) and bool(length))
    long_enough = length >= _SHORTEST_BODY or by_layout or meta.declares_article
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
