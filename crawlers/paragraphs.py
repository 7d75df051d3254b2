"""Blocks of text out of markup: paragraphs in, pictures and boxes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from domain.text import clean

#: Never text of an article, in any layout.
_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "video", "audio", "button", "form",
    "select", "figure", "figcaption", "nav", "-comment", "_comment", "!--", "img", "input",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "tr", "table", "tbody", "br",
    "blockquote", "section", "article", "pre", "dd", "dt", "dl", "hr", "aside", "header", "footer",
})  # fmt: skip
#: Boxes that stand inside a body and are no part of it, in the families of systems seen.
NOISE = (
    "script", "style", "noscript", "template", "iframe", "figure", "figcaption", "aside", "nav",
    "form", "button", "video", "audio",
    '[class*="caption" i]', '[class*="relate" i]', '[class*="relation" i]',
    '[class*="lienquan" i]', '[class*="lien-quan" i]',
    '[type^="Related" i]', '[class*="tag_detail" i]', '[class*="share" i]', '[class*="banner" i]',
    '[class*="comment" i]', '[id*="comment" i]', '[class*="breadcrumb" i]', '[class*="advert" i]',
    '[class*="widget" i]', '[class*="newsletter" i]', '[class*="copyright" i]', "table:has(img)",
    '[class*="readmore" i]', '[class*="doc-them" i]', '[class*="xem-them" i]',
    '[class*="tinmoi" i]',
    '[class*="box-news" i]', '[class*="listnews" i]', '[class*="list-news" i]',
    '[class*="list_news" i]', '[class*="most-view" i]', '[class*="mostview" i]',
    "footer", '[class*="footer" i]', '[id*="footer" i]',
)  # fmt: skip


def first_text(tree: LexborHTMLParser, selector: str) -> str:
    """The text of the first node that says something, "" where there is none or no selector."""
    return next(texts(tree, selector), "")


def texts(tree: LexborHTMLParser, selector: str) -> Iterator[str]:
    """The text of each selected node that says something."""
    for node in tree.css(selector) if selector else []:
        text = text_of(node)
        if text:
            yield text


def text_of(node: LexborNode) -> str:
    """All the text under a node in one line."""
    return clean(" ".join("".join(part for part, _ in block) for block in _blocks_of(node)))


def remove(tree: LexborHTMLParser, selectors: Iterable[str]) -> None:
    """Take the selected boxes out of the tree."""
    joined = ", ".join(selectors)
    for node in tree.css(joined) if joined else []:
        node.decompose()


def selected_paragraphs(tree: LexborHTMLParser, selector: str) -> list[str]:
    """The paragraphs of the selected nodes, each stretch of text once.

    A selector may name the paragraphs themselves or the box they stand in.
    """
    # A node that two selectors of a list match comes out twice.
    nodes = {node.mem_id: node for node in (tree.css(selector) if selector else [])}
    lines: list[str] = []
    for node in nodes.values():
        if not any(parent.mem_id in nodes for parent in _parents(node)):
            lines.extend(paragraphs_of(node))
    return lines


def paragraphs_of(node: LexborNode) -> list[str]:
    """The blocks of text under a node, in order; a block that is nothing but a link is left out."""
    return [text for block in _blocks_of(node) if (text := _block_text(block))]


def _blocks_of(node: LexborNode) -> list[list[tuple[str, bool]]]:
    """The text under a node, cut at block elements; each piece with whether it stands in a link.

    Walks without recursion: broken pages nest thousands of elements.
    """
    blocks: list[list[tuple[str, bool]]] = [[]]
    way = [(node.iter(include_text=True), False, False)]
    while way:
        children, in_link, is_block = way[-1]
        child = next(children, None)
        if child is None:
            way.pop()
            if is_block:
                blocks.append([])
        elif child.tag == "-text":
            blocks[-1].append((child.text_content or "", in_link))
        elif child.tag not in _SILENT:
            opens_block = child.tag in _BLOCKS
            if opens_block:
                blocks.append([])
            inner_link = in_link or child.tag == "a"
            way.append((child.iter(include_text=True), inner_link, opens_block))
    return blocks


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _block_text(block: list[tuple[str, bool]]) -> str:
    text = clean("".join(part for part, _ in block))
    spoken = "".join(part for part, in_link in block if not in_link).strip(" \t\r\n\xa0>»-•+.,:;")
    return text if spoken else ""
