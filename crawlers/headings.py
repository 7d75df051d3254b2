"""The head of an article whose layout is not known: headline, sapo, authors, section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from crawlers.bylines import credit_in, without_site_name
from crawlers.metadata import Metadata
from crawlers.page_times import is_byline, lines_near, stands_in_a_list
from crawlers.paragraphs import first_text, paragraphs_of, text_of, texts
from crawlers.trimming import folded, is_printed_sapo
from domain.text import clean

_SAPO = (
    '[data-role="sapo"], [data-slot="sapo"], [class*="sapo" i], p.description, h2.description, '
    '[itemprop="description"], #hometext, [class*="hometext" i], [class*="summary" i], '
    '[class*="lead" i], [class*="chapeau" i], [class*="chappeau" i]'
)
_CERTAIN_SAPO = (
    '[data-role="sapo"], [class*="sapo" i], #hometext, [class*="hometext" i], '
    '[class*="chappeau" i], [class*="article-summary" i]'
)
_AUTHORS = (
    '[data-role="author"], [rel="author"], [itemprop="author"], [class*="author" i], '
    '[class*="tacgia" i], [class*="tac-gia" i]'
)
_CRUMBS = (
    '[class*="breadcrumb" i] a, [class*="bread-crumb" i] a, [data-role="cate-name"], '
    ".detail-cate a, .category-name"
)

_MARKED_TITLES = 'h2, h3, [class*="title" i], [class*="tieude" i], [class*="headline" i]'
_SHORTEST_HEADLINE = 15
_HOME = frozenset({"trang chủ", "home", "trang nhất", "tin tức"})
#: A printed headline shares so much of its words with the declared one.
_ALIKE = 0.5
#: Less is the name of a section or a site.
_SHORTEST_SAPO = 40
_LONGEST_AUTHOR = 60
_LONGEST_LABELLED = 120
_AUTHOR_LINE = re.compile(r"(?:tác giả(?: bài viết)?|người viết)\s*:\s*\S", re.IGNORECASE)
#: What a label can begin with, however it is composed, and what may stand before it unseen.
_MAY_BE_LABELLED = re.compile(r"[^\w<]*[tn]", re.IGNORECASE)
_LABELLED = re.compile(r"(?:tác giả|người viết|nguồn)\b", re.IGNORECASE)
_CREDIT_LINE = re.compile(r"nguồn(?: tin)?\s*:\s*\S", re.IGNORECASE)


def headline_of(
    tree: LexborHTMLParser, meta: Metadata, names: Iterable[str], seen: datetime
) -> tuple[str, str]:
    """The headline as printed where it is the declared one, and where it was read."""
    origin = meta.origins.get("headline", "") if meta.headline else "title"
    declared = without_site_name(meta.headline or first_text(tree, "title"), names)
    printed = [text_of(node) for node in tree.css("h1") if not stands_in_a_list(node)]
    printed = [text for text in printed if text]
    for text in printed:
        whole = text.startswith(declared[:60]) and len(text) >= len(declared)
        if declared and (whole or _appended(declared, text)):
            return text, "h1"
    # Old portals know neither h1 nor og:title, and put the site's name into the title.
    if not printed and not meta.headline:
        marked = _marked_headline(tree, declared, seen)
        return (marked, "printed") if marked else (declared, origin)
    alike = max(printed, key=lambda text: _shared(text, declared), default="")
    if alike and (not declared or _shared(alike, declared) >= _ALIKE):
        return alike, "h1"
    return declared, origin


def _marked_headline(tree: LexborHTMLParser, title: str, seen: datetime) -> str:
    """A line marked as a title that begins the page's title, or beside which a time is printed."""
    lines = [
        text
        for node in tree.css(_MARKED_TITLES)
        if not stands_in_a_list(node) and len(text := text_of(node)) >= _SHORTEST_HEADLINE
    ]
    for text in lines:
        if _appended(title, text) or text == title:
            return text
    return next((text for text in lines if is_byline(lines_near(tree, text), seen)), "")


def _appended(title: str, headline: str) -> bool:
    """Whether a title is the headline with the name of a site or a section behind it."""
    return title.startswith(headline) and title[len(headline) :].lstrip()[:1] in {"-", "|", "–"}


def _shared(one: str, other: str) -> float:
    words, others = set(folded(one).split()), set(folded(other).split())
    return len(words & others) / max(len(words), len(others), 1)


def sapo_of(tree: LexborHTMLParser, meta: Metadata) -> tuple[str, str]:
    """The sapo as printed where it is the declared one, often cut short, and where it was read."""
    declared = meta.description
    for text in texts(tree, _SAPO):
        if declared and _begins_alike(text, declared):
            return text, "printed"
    for node in tree.css("h2, h3, p, div") if declared else []:
        near = len(declared) <= len(node.text().strip()) <= len(declared) + _LONGEST_LABELLED
        if near and is_printed_sapo(text := text_of(node), declared):
            return text, "printed"
    certain = {
        text_of(node): None for node in tree.css(_CERTAIN_SAPO) if not stands_in_a_list(node)
    }
    long = [text for text in certain if len(text) >= _SHORTEST_SAPO]
    if long and (not declared or len(long) == 1):
        return long[0], "printed"
    if declared:
        return declared, meta.origins.get("description", "")
    return "", ""


def _begins_alike(text: str, declared: str) -> bool:
    return text.startswith(declared[:40]) or declared[:40] in text[:90]


def sapo_in_body(body: list[str], description: str, bold: Iterable[str]) -> str:
    """The first paragraph where it is the sapo: the declared one, or bold where none is declared.

    Outlets that print the sapo in the body put their name before it ("(VTC News) - ").
    """
    first = body[0] if body else ""
    if is_printed_sapo(first, description):
        return first
    is_bold = len(first) >= _SHORTEST_SAPO and folded(first) in {folded(line) for line in bold}
    cut = folded(description.rstrip(" .…"))
    if is_bold and len(body) > 1 and (not cut or cut in folded(first)):
        return first
    return ""


def printed_authors(tree: LexborHTMLParser) -> Iterator[str]:
    """Short lines that are marked as the author's."""
    for text in texts(tree, _AUTHORS):
        plain = text.partition("@")[0]
        if len(text) <= _LONGEST_AUTHOR and not any(char.isdigit() for char in plain):
            yield text


def labelled_lines(tree: LexborHTMLParser) -> tuple[list[str], str]:
    """Authors and credit that stand below the body with a word before them, as on portals."""
    authors: list[str] = []
    credit = ""
    for node in tree.css("p, li, td, div"):
        raw = node.text()
        if len(raw) > _LONGEST_LABELLED or not _MAY_BE_LABELLED.match(raw):
            continue
        if not _LABELLED.match(clean(raw)):
            continue
        lines = paragraphs_of(node)
        text = lines[0] if len(lines) == 1 else ""
        if _AUTHOR_LINE.match(text):
            authors.append(text)
        elif _CREDIT_LINE.match(text):
            credit = credit or credit_in(text)
    return authors[:1], credit


def printed_section(tree: LexborHTMLParser) -> str:
    """The first step of the page's own path that is not the home page."""
    return next((name for name in texts(tree, _CRUMBS) if is_section(name)), "")


def is_section(name: str) -> bool:
    """Whether a step of the path names a section."""
    return name.strip(" /»>").lower() not in _HOME and len(name) <= _LONGEST_AUTHOR
