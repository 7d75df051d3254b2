"""The body of an article whose layout is not known."""

from __future__ import annotations

import re
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.metadata import Metadata
from crawlers.paragraphs import paragraphs_of, remove_noise, selected_paragraphs, text_of
from domain.text import clean_paragraphs

#: Bodies that systems mark by role; each was seen on real pages.
_MARKED_BODY = '[data-role="content"], [data-slot="content"], [itemprop="articleBody"]'
#: What the systems of the Vietnamese press and of portals call the box of the body.
_BODY_BOXES = (
    ".detail-content", ".afcbc-body", ".singular-content", ".article__body", ".article-body",
    ".the-article-body", ".entry-content", "article.entry", ".b-maincontent", "#news-bodyhtml",
    ".bodytext", ".fck_detail", "#maincontent", ".maincontent", ".main-content", ".content-detail",
    ".detail-content-body", ".article-content", ".article-detail-content", ".edittor-content",
    "#content_detail", ".content_detail", ".post-content", ".journal-content-article",
    ".asset-content", ".__MASTERCMS_CONTENT", ".knc-content", ".art-body", ".cms-body",
    ".news-content", ".news-detail", ".ArticleContent", ".detail__content", ".noidung",
    ".contents", "#noidung", ".content-news",
)  # fmt: skip
#: A marked body as short as this is still one.
_SHORT = 60
#: So much more text in the page's shape than in its marked body, and the mark is not the body's.
_FAR_MORE = 3
_LONG = 1_000
#: The fullest box of a page that is an article holds at least so much.
_DENSE = 200
#: The fast reading is kept from this length on; below, the full one is tried.
_ENOUGH = 400
#: A box that holds less of what the text's own shape shows is not the body.
_MOST = 0.6
#: A box within a box is the body where it holds nearly all of the outer one's text.
_NEARLY_ALL = 0.85
_ALL_LINKS = 0.9
_TEXTUAL_IN_LINE = frozenset({"span", "b", "strong", "i", "em", "u", "br", "font", "a"})
_TEXTUAL = _TEXTUAL_IN_LINE | {"p", "-text", "blockquote", "h2", "h3", "h4", "ul", "ol"}
_MARKER = re.compile(r"^(?:[-•*]|\d+\.)\s+(?=\S)")
_BULLET = re.compile(r"^[-•*]\s+(?=\S)")
_OWN_LETTERS = re.compile("[ơưƠƯạ-ỹẠ-Ỹ]")
#: So many letters in a hundred are Vietnamese alone; in Vietnamese text it is about fifteen.
_VIETNAMESE_SHARE = 0.02


def is_vietnamese(tree: LexborHTMLParser) -> bool:
    """Whether the page's text is Vietnamese, whatever language it declares."""
    text = "".join(node.text() for node in tree.css("title, h1, h2, p"))
    if len(text) < _ENOUGH and tree.body is not None:
        text = tree.body.text()
    enough = int(len(text) * _VIETNAMESE_SHARE) + 1
    return sum(1 for _ in islice(_OWN_LETTERS.finditer(text), enough)) >= enough


def body_by_shape(
    tree: LexborHTMLParser, meta: Metadata, markup: str, *, vietnamese: bool
) -> tuple[list[str], str]:
    """The paragraphs, and which reader found them.

    Readers: ``microdata``, ``box`` (a box named as systems do, or the
    one fullest of text), ``json-ld``, ``trafilatura``. Takes
    boxes, pictures and footers out of the tree. A page in another language is read by trafilatura
    as it is: the names of boxes known here are those of the Vietnamese press.
    """
    declared = clean_paragraphs(meta.body).split("\n") if meta.body else []
    if not vietnamese:
        return _foreign_body(markup, declared)
    remove_noise(tree)
    _remove_link_lists(tree)
    marked = selected_paragraphs(tree, _MARKED_BODY)
    if _length(marked) >= _ENOUGH:
        return marked, "microdata"
    boxed = _in_a_named_box(tree)
    if _length(marked) < _SHORT and _length(boxed) >= max(_LONG, _in_paragraphs(tree) * _MOST):
        # Most of what the page says in paragraphs: its shape need not be asked, which costs most.
        return boxed, "box"
    shaped = _by_trafilatura(tree.html or "")
    misled = _length(shaped) >= max(_LONG, _length(marked) * _FAR_MORE)
    if _length(marked) >= _SHORT and not misled:
        return marked, "microdata"
    if _length(boxed) >= max(_SHORT, _length(shaped) * _MOST):
        return boxed, "box"
    dense = _densest(tree)
    if _length(dense) >= max(_DENSE, _length(shaped) * _MOST):
        return dense, "box"
    if len(declared) > 1 and _length(declared) >= max(_ENOUGH, _length(shaped)):
        return declared, "json-ld"
    return (shaped, "trafilatura") if shaped or not declared else (declared, "json-ld")


def _in_paragraphs(tree: LexborHTMLParser) -> int:
    return sum(len(node.text()) for node in tree.css("p"))


def _length(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


def _foreign_body(markup: str, declared: list[str]) -> tuple[list[str], str]:
    # Loaded where a page needs it: most pages of watched outlets are read without.
    import trafilatura

    text = trafilatura.extract(markup, include_comments=False) or ""
    found = [_BULLET.sub("", line) for line in clean_paragraphs(text).split("\n") if line]
    if _length(found) < _SHORT and _length(declared) >= _ENOUGH:
        return declared, "json-ld"
    return found, "trafilatura"


def _in_a_named_box(tree: LexborHTMLParser) -> list[str]:
    """The paragraphs of the innermost box that holds nearly all the text of the fullest one."""
    boxes = [paragraphs_of(node) for node in tree.css(", ".join(_BODY_BOXES))]
    fullest = max(map(_length, boxes), default=0)
    full = [box for box in boxes if _length(box) >= fullest * _NEARLY_ALL]
    return min(full, key=_length, default=[])


def _densest(tree: LexborHTMLParser) -> list[str]:
    """The paragraphs of the box whose own paragraphs, not those of boxes in it, hold most text."""
    best = max(tree.css("article, section, div, td"), key=_own_text, default=None)
    return paragraphs_of(best) if best is not None else []


def _own_text(node: LexborNode) -> int:
    """Letters of text directly in a box: bare, in paragraphs, in boxes that are one paragraph."""
    return sum(
        len((child.text_content or "") if child.tag == "-text" else child.text())
        for child in node.iter(include_text=True)
        if child.tag in _TEXTUAL or (child.tag == "div" and _is_one_line(child))
    )


def _is_one_line(node: LexborNode) -> bool:
    return all(child.tag in _TEXTUAL_IN_LINE for child in node.iter())


def _remove_link_lists(tree: LexborHTMLParser) -> None:
    """Lists and lines that hold nothing but links lead to other articles."""
    for node in tree.css("ul, ol, p"):
        if node.css_first("a") is None:
            continue
        words = len(text_of(node))
        linked = sum(len(text_of(link)) for link in node.css("a"))
        if linked and linked >= words * _ALL_LINKS:
            node.decompose()


def _by_trafilatura(markup: str) -> list[str]:
    text = _extracted(markup, fast=True)
    if len(text) < _ENOUGH:
        text = max(text, _extracted(markup, fast=False), key=len)
    return [_MARKER.sub("", line) for line in clean_paragraphs(text).split("\n") if line]


def _extracted(markup: str, *, fast: bool) -> str:
    import trafilatura

    text = trafilatura.extract(markup, fast=fast, include_comments=False, include_tables=False)
    return text or ""


def bold_lines(tree: LexborHTMLParser) -> list[str]:
    """The paragraphs that are bold from end to end."""
    return [
        text
        for node in tree.css("p > strong, p > b, div > strong, div > b")
        if _is_whole(node) and (text := text_of(node))
    ]


def _is_whole(node: LexborNode) -> bool:
    parent = node.parent
    return parent is not None and text_of(parent) == text_of(node)
