"""The time of an article, out of what its page declares, prints and carries in its address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.address_times import time_from_address
from crawlers.dates import parse_vietnamese_date
from crawlers.paragraphs import text_of
from domain.codes import DateOrigin, DatePrecision
from domain.records import PublishedTime

_FINE = frozenset({DatePrecision.SECOND, DatePrecision.MINUTE})
#: What separates a local time from the same digits stamped as UTC.
_MISSTAMPED = timedelta(hours=7)
_MARKED = '[data-role="publishdate"], [itemprop="datePublished"]'
_HEADLINE_TAGS = "h1, h2, h3, [class*=title i], [class*=tieude i], [class*=headline i]"
#: A byline stands within so many elements of its headline.
_NEAR = 60
_LONGEST_LINE = 80
#: Markup indents: a short line is not longer than this before its blanks are taken out.
_LONGEST_RAW = 1_000
_NO_LINE = frozenset({"script", "style", "html", "head", "body", "-text"})
_FIGURE = re.compile(r"\d+")
#: Publication, and perhaps an update.
_MOST_TIMES_OF_AN_ARTICLE = 2
#: A day and a month, or minutes ago, have so many figures.
_FEWEST_FIGURES = 1


def article_time(
    declared: Iterable[str], printed: Iterable[str], *, url: str | None, seen: datetime
) -> PublishedTime:
    """Choose the publication time: declared, else printed, else that of the address.

    A declared time that lies seven hours off the printed one was stamped with a wrong zone; the
    printed one holds. `url` is None where the outlet's addresses carry no time.
    """
    meta = _first_read(declared, seen, DateOrigin.PAGE_META)
    text = _first_read(printed, seen, DateOrigin.PAGE_TEXT)
    if meta is not None and meta.at is not None:
        return _agreed(meta, text)
    if text is not None and text.at is not None:
        return text
    carried = time_from_address(url, seen=seen) if url else None
    return carried or text or meta or PublishedTime()


def _agreed(meta: PublishedTime, text: PublishedTime | None) -> PublishedTime:
    if text is None or text.at is None or text.precision not in _FINE or meta.at is None:
        return meta
    apart = abs(_minute(meta.at) - _minute(text.at))
    if apart == _MISSTAMPED or meta.precision not in _FINE:
        return text
    if apart:
        return meta
    return PublishedTime(
        at=meta.at, raw=text.raw, precision=meta.precision, origin=DateOrigin.PAGE_META
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _first_read(lines: Iterable[str], seen: datetime, origin: DateOrigin) -> PublishedTime | None:
    """The first line that is a time to the minute, else the first that is one at all.

    A believable time stands before one that cannot be true.
    """
    coarse = impossible = None
    for line in lines:
        try:
            read = parse_vietnamese_date(line, seen=seen, origin=origin)
        except ValueError:
            continue
        if read.at is not None and read.precision in _FINE:
            return read
        if read.at is not None:
            coarse = coarse or read
        impossible = impossible or read
    return coarse or impossible


def printed_times(tree: LexborHTMLParser, near: Iterable[str]) -> Iterator[str]:
    """Lines that may be the time of a page without a known layout, the likeliest first.

    `near` are the lines by its headline.
    """
    yield from _marked_lines(tree, _MARKED)
    yield from near
    yield from _marked_lines(tree, "time")


def _marked_lines(tree: LexborHTMLParser, selector: str) -> Iterator[str]:
    for node in tree.css(selector):
        if not stands_in_a_list(node):
            yield from _lines_of(node)
            stamp = node.attributes.get("datetime")
            if stamp:
                yield stamp


def lines_near(tree: LexborHTMLParser, headline: str) -> list[str]:
    """Short lines with figures by the headline: its time may be one of them."""
    anchor = _headline_node(tree, headline)
    return [] if anchor is None else list(_lines_near(anchor))


def is_byline(near: Iterable[str], seen: datetime) -> bool:
    """Whether one readable time stands by the headline, as on articles; lists show many."""
    times = {line for line in near if _first_read([line], seen, DateOrigin.UNKNOWN)}
    return 0 < len(times) <= _MOST_TIMES_OF_AN_ARTICLE


def _headline_node(tree: LexborHTMLParser, headline: str) -> LexborNode | None:
    for node in tree.css(_HEADLINE_TAGS):
        # Blanks and unseen letters go, entities are read already: no text grows by being cleaned.
        if (
            len(node.text()) >= len(headline)
            and text_of(node) == headline
            and not stands_in_a_list(node)
        ):
            return node
    return None


def _lines_near(anchor: LexborNode) -> Iterator[str]:
    """Short lines just before (in the same box) and after the headline."""
    box = anchor.parent
    if box is None:
        return
    before: list[LexborNode] = []
    after: list[LexborNode] = []
    outer = box.parent if box.parent is not None and box.parent.tag != "body" else box
    passed = False
    for node in outer.traverse():
        if node.mem_id == anchor.mem_id:
            passed = True
        elif passed:
            after.append(node)
            if len(after) > _NEAR:
                break
        else:
            before.append(node)
    for node in [*after, *reversed(before[-_NEAR:])]:
        if node.tag in _NO_LINE or not _may_hold_a_time(node) or stands_in_a_list(node):
            continue
        yield from _line_of_its_own(node)


def _may_hold_a_time(node: LexborNode) -> bool:
    raw = node.text()
    return len(raw) <= _LONGEST_RAW and _FIGURE.search(raw) is not None


def _lines_of(node: LexborNode) -> Iterator[str]:
    """The node's own line, where it may hold a time."""
    if _may_hold_a_time(node):
        yield from _line_of_its_own(node)


def _line_of_its_own(node: LexborNode) -> Iterator[str]:
    """The node's line where it is short and holds figures that no single child holds alone."""
    line = text_of(node)
    figures = _figures(line)
    if len(line) <= _LONGEST_LINE and len(figures) >= _FEWEST_FIGURES:
        children = (child for child in node.iter() if child.tag != "-text")
        if not any(_figures(text_of(child)) == figures for child in children):
            yield line


def _figures(line: str) -> str:
    return "".join(_FIGURE.findall(line))


def stands_in_a_list(node: LexborNode) -> bool:
    """Whether the node stands in a link or a list item, so speaks of another article."""
    parent: LexborNode | None = node
    for _ in range(4):
        if parent is None:
            return False
        if parent.tag in {"a", "li"}:
            return True
        parent = parent.parent
    return False
