"""Feeds: RSS as the demo outlets serve it, with the quirks of real feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from demo.dates import FEED_STYLES
from demo.dress import SourceDress
from demo.shapes import Link
from domain.outlets import Outlet

#: What a site's own counters add to the address of an item it lists a second time.
TRACKING = "?utm_source=rss&utm_medium=feed&utm_campaign=trang-chu"
_EVERY_SPARSE = 3


def rss(outlet: Outlet, source: SourceDress, links: Sequence[Link]) -> str:
    """The feed listing `links` (newest first), quirks of `source` included."""
    items = "\n".join(_items(source, links))
    newest = FEED_STYLES[source.date](links[0].at) if links else ""
    built = f"<lastBuildDate>{newest}</lastBuildDate>\n" if newest else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(outlet.name)}</title>\n"
        f"<link>http://{outlet.domains[0].host}/</link>\n"
        f"<description>{escape(outlet.name)} - RSS</description>\n"
        f"{built}{items}\n</channel>\n</rss>\n"
    )


def _items(source: SourceDress, links: Sequence[Link]) -> Iterator[str]:
    for place, link in enumerate(links):
        described = source.description != "sparse" or place % _EVERY_SPARSE != 0
        related = links[place + 1 : place + 3]
        yield _item(source, link, link.url, _description(source, link, related, described))
        if source.repeats and place == 0:
            yield _item(source, link, link.url + TRACKING, escape(link.sapo))
    if source.malformed:
        yield "<item><title>Mời độc giả tham gia cuộc thi ảnh của tòa soạn</title></item>"


def _item(source: SourceDress, link: Link, url: str, description: str) -> str:
    title = f"<![CDATA[ {link.headline} ]]>" if source.blanks else escape(link.headline)
    stamp = FEED_STYLES[source.date](link.at)
    parts = [
        f"<title>{title}</title>",
        f"<link>{escape(url)}</link>",
        f'<guid isPermaLink="true">{escape(url)}</guid>',
        f"<description>{description}</description>" if description else "",
        f"<pubDate>{stamp}</pubDate>" if stamp else "",
    ]
    return "<item>\n" + "\n".join(part for part in parts if part) + "\n</item>"


def _description(source: SourceDress, link: Link, related: Sequence[Link], described: bool) -> str:
    if not described:
        return ""
    if source.description == "image":
        picture = f'<a href="{escape(link.url)}"><img src="/anh/nho.jpg" alt=""></a>'
        return f"<![CDATA[ {picture}</br>{escape(link.sapo, quote=False)} ]]>"
    if source.description == "related":
        lines = "".join(
            f'<li><a href="{escape(other.url)}">{escape(other.headline, quote=False)}</a></li>'
            for other in related
        )
        return f"<![CDATA[<p>{escape(link.sapo, quote=False)}</p><ul>{lines}</ul>]]>"
    return escape(link.sapo, quote=False)
