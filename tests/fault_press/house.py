"""One outlet of the press: its lists and pages as they are when nothing is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from domain.codes import Level, OutletKind, SourceKind
from domain.outlets import Domain, Layout, Outlet, Source
from tests.fault_press.server import Asked, Reply
from tests.fault_press.stories import Story

LIST_PATHS = {
    SourceKind.FEED: "/rss/home.rss",
    SourceKind.SECTION: "/thoi-su",
    SourceKind.SITEMAP: "/news-sitemap.xml",
}
LAYOUT = Layout(
    headline="h1.tit", description="p.sapo", body="div.noi-dung > p", published="span.ngay"
)
_ZONE = "%a, %d %b %Y %H:%M:%S +0700"
XML = "application/rss+xml; charset=utf-8"

#: What a fault says instead of the healthy answer; None leaves that.
Twist = Callable[["House", Asked], Reply | None]


@dataclass(kw_only=True)
class House:
    """This is one outlet as its web server."""

    name: str
    stories: Sequence[Story]
    lists: tuple[SourceKind, ...] = (SourceKind.FEED,)
    #: So many items stand in a list, newest first.
    listed: int = 50
    twist: Twist | None = None
    host: str = ""
    #: Further names it answers to.
    aliases: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = (LAYOUT,)
    #: Numbers of the articles named by a list that came whole and healthy, or served as a page.
    named: set[int] = field(default_factory=set)
    served: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.host = self.host or f"{self.name.replace('_', '-')}.test"
        self._by_path = {story.path: story for story in self.stories}
        self._lock = threading.Lock()

    @property
    def root(self) -> str:
        """The beginning of its addresses."""
        return f"http://{self.host}"

    def url(self, story: Story) -> str:
        """The address of an article."""
        return self.root + story.path

    def declared(self) -> Outlet:
        """The outlet as a crawler should know it."""
        hosts = (self.host.partition(":")[0], *self.aliases)
        return Outlet(
            id=self.name,
            name=f"Báo {self.name}",
            kind=OutletKind.PRESS,
            level=Level.NATIONAL,
            domains=tuple(Domain(host=host) for host in hosts),
            article_url=r"-\d+\.html$",
            sources=tuple(self.source(kind) for kind in self.lists),
            layouts=self.layouts,
        )

    def source(self, kind: SourceKind) -> Source:
        """One of its lists as declared."""
        links = "h3.tin > a" if kind is SourceKind.SECTION else ""
        return Source(url=self.root + LIST_PATHS[kind], kind=kind, links=links)

    def answer(self, asked: Asked) -> Reply:
        """What it says: what is wrong with it, else what stands there."""
        twisted = self.twist(self, asked) if self.twist else None
        return twisted or self.healthy(asked)

    def healthy(self, asked: Asked) -> Reply:
        """What it says when nothing is wrong."""
        if asked.path == "/robots.txt":
            return text(b"User-agent: *\nAllow: /\n")
        for kind in self.lists:
            if asked.path == LIST_PATHS[kind]:
                shown = self.printed(asked.at)
                self.note(self.named, shown)
                return _LISTS[kind](self, shown)
        story = self.story(asked)
        if story is None:
            return Reply(body=page_404(), status=404)
        self.note(self.served, [story])
        return Reply(body=page(story).encode())

    def story(self, asked: Asked) -> Story | None:
        """The article of an address, where it is printed already."""
        found = self._by_path.get(asked.path)
        return found if found and found.at <= asked.at else None

    def is_list(self, asked: Asked) -> bool:
        """Whether one of its lists is asked for."""
        return asked.path in {LIST_PATHS[kind] for kind in self.lists}

    def printed(self, now: datetime) -> list[Story]:
        """What its lists hold at a moment, newest first."""
        out = [story for story in self.stories if story.at <= now]
        return out[: -self.listed - 1 : -1]

    def note(self, where: set[int], shown: Iterable[Story]) -> None:
        """Remember what left the house."""
        with self._lock:
            where.update(story.number for story in shown)


def text(body: bytes, content_type: str = "text/plain; charset=utf-8") -> Reply:
    """A plain answer."""
    return Reply(body=body, headers={"Content-Type": content_type})


def rss_item(url: str, story: Story, *, date: str = _ZONE, guid: str = "", sapo: str = "") -> str:
    """One item of a feed; `date` is a strftime form, "" for none."""
    when = f"<pubDate>{story.at.strftime(date)}</pubDate>" if date else ""
    return (
        f"<item><title>{escape(story.headline)}</title><link>{escape(url)}</link>"
        f"<guid>{escape(guid or url)}</guid>{when}"
        f"<description>{escape(sapo or story.sapo)}</description></item>"
    )


def rss(items: Iterable[str], declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    """A feed out of its items."""
    return (
        f'{declaration}<rss version="2.0"><channel><title>Tin mới</title>'
        f"{''.join(items)}</channel></rss>"
    ).encode()


def feed(house: House, shown: Iterable[Story]) -> Reply:
    """The healthy feed."""
    return text(rss(rss_item(house.url(story), story) for story in shown), XML)


def section(house: House, shown: Iterable[Story]) -> Reply:
    """The healthy section page."""
    lines = "".join(
        f'<h3 class="tin"><a href="{story.path}">{escape(story.headline)}</a></h3>'
        for story in shown
    )
    body = f"<!DOCTYPE html><html><title>Thời sự</title><body>{lines}</body></html>"
    return Reply(body=body.encode())


def sitemap(house: House, shown: Iterable[Story]) -> Reply:
    """The healthy news sitemap."""
    entries = "".join(
        f"<url><loc>{house.url(story)}</loc><news:news><news:publication><news:name>{house.name}"
        "</news:name><news:language>vi</news:language></news:publication>"
        f"<news:publication_date>{story.at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.headline)}</news:title></news:news></url>"
        for story in shown
    )
    return text(sitemap_of(entries), "application/xml; charset=utf-8")


def sitemap_of(entries: str, doctype: str = "") -> bytes:
    """A news sitemap out of its entries."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    ).encode()


def page(story: Story, *, when: str | None = None, new_layout: bool = False) -> str:
    """An article's page; `when` is the line of its time, as it is where None."""
    line = f"{story.at:%d/%m/%Y %H:%M} (GMT+7)" if when is None else when
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in story.body)
    if new_layout:
        inner = (
            f'<h1 class="ten-bai">{escape(story.headline)}</h1><time class="luc">{line}</time>'
            f'<h2 class="mo-dau">{escape(story.sapo)}</h2>'
            f'<section class="bai">{paragraphs}</section>'
        )
    else:
        inner = (
            f'<h1 class="tit">{escape(story.headline)}</h1><span class="ngay">{line}</span>'
            f'<p class="sapo">{escape(story.sapo)}</p><div class="noi-dung">{paragraphs}</div>'
        )
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{escape(story.headline)}</title></head><body><article>{inner}</article>"
        "<footer>Báo giả lập để thử</footer></body></html>"
    )


def page_404() -> bytes:
    """A page that says there is none."""
    return (
        "<!DOCTYPE html><html><title>Không tìm thấy trang</title><body><h1>Lỗi</h1></body></html>"
    ).encode()


_LISTS = {SourceKind.FEED: feed, SourceKind.SECTION: section, SourceKind.SITEMAP: sitemap}
