"""Blocks of text out of markup: paragraphs in, pictures and boxes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from domain.text import clean

#: Never text of an article, in any layout.
_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "video", "audio", "button",
    "select", "textarea", "figure", "figcaption", "nav", "-comment", "_comment", "!--", "img",
    "input",
})  # fmt: skip
_BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "tr", "table", "tbody", "br",
    "blockquote", "section", "article", "pre", "dd", "dt", "dl", "hr", "aside", "header", "footer",
})  # fmt: skip
#: Never part of an article, however much they hold.
_NEVER = (
    "script", "style", "noscript", "template", "iframe", "figure", "figcaption", "nav", "button",
    "video", "audio", "footer", '[id*="comment" i]', '[class*="comment" i]',
)  # fmt: skip
#: Boxes that stand inside a body and are no part of it, in the families of systems seen. One that
#: holds the headline, or much of the page's text, only bears such a name: portals wrap the whole
#: page in a form.
_BOXES = (
    "aside", "form", '[class*="caption" i]', '[class*="relate" i]', '[class*="relation" i]',
    '[class*="lienquan" i]', '[class*="lien-quan" i]', '[type^="Related" i]',
    '[class*="tag_detail" i]', '[class*="article__tag" i]', '[class*="share" i]',
    '[class*="banner" i]', '[class*="breadcrumb" i]', '[class*="bread-crumb" i]',
    '[class*="advert" i]', '[class*="widget" i]', '[class*="newsletter" i]',
    '[class*="copyright" i]', "table:has(img)", '[class*="readmore" i]', '[class*="doc-them" i]',
    '[class*="xem-them" i]', '[class*="tinmoi" i]', '[class*="tinkhac" i]',
    '[class*="tin-khac" i]', '[class*="box-news" i]', '[class*="listnews" i]',
    '[class*="list-news" i]', '[class*="list_news" i]', '[class*="most-view" i]',
    '[class*="mostview" i]', '[class*="footer" i]', '[id*="footer" i]', '[class*="tukhoa" i]',
    '[class*="keyword" i]', ".tags", ".tag", "ul.others", ".others", '[class*="rating" i]',
)  # fmt: skip
_CENTRED = (
    'p[style*="text-align:center" i], p[style*="text-align: center" i], p[align="center" i], '
    'div[style*="text-align:center" i], div[style*="text-align: center" i]'
)
_LONGEST_CAPTION = 300
#: A box with more of the page's text than this is not removed for its name.
_MUCH = 0.35


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
    # A node that two selectors match comes out twice.
    joined = ", ".join(selectors)
    nodes = {node.mem_id: node for node in (tree.css(joined) if joined else [])}
    # Inner boxes first: one that went with its outer box is no longer there to be taken.
    for node in reversed(nodes.values()):
        node.decompose()


def remove_noise(tree: LexborHTMLParser) -> None:
    """Take out what stands inside a body and is no part of it; pictures with their captions."""
    _remove_captions(tree)
    remove(tree, _NEVER)
    whole = len(tree.body.text()) if tree.body is not None else 0
    boxes = {node.mem_id: node for node in tree.css(", ".join(_BOXES))}
    for node in reversed(boxes.values()):
        if node.css_first("h1") is None and len(node.text()) <= whole * _MUCH:
            node.decompose()


def _remove_captions(tree: LexborHTMLParser) -> None:
    """A centred line in italics under a picture, or beside it, says what the picture shows."""
    for node in tree.css(_CENTRED):
        text = text_of(node)
        if not text or len(text) > _LONGEST_CAPTION:
            continue
        slanted = sum(len(text_of(part)) for part in node.css("em, i"))
        if slanted >= len(text) * 0.8 and (_has_picture(node) or _follows_picture(node)):
            node.decompose()


def _has_picture(node: LexborNode) -> bool:
    return node.css_first("img") is not None


def _follows_picture(node: LexborNode) -> bool:
    before = node.prev
    while before is not None and before.tag == "-text":
        before = before.prev
    return before is not None and (before.tag == "img" or _has_picture(before))


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
