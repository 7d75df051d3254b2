"""The whole demo press as a table: every address it answers, and what it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from demo.dress import OutletDress, SourceDress, read_dresses
from demo.edition import Edition, edition_of
from demo.feeds import rss
from demo.placement import PageState, Placement, Placements, Variant, read_placements
from demo.shapes import ADDRESSES, Link, Place, Renderer, section_path
from demo.story import SECTIONS, Story, read_stories
from domain.outlets import Outlet, OutletBook, read_outlets

OUTLETS_FOLDER = Path(__file__).parent / "outlets"
_HTML = "text/html; charset=utf-8"
_RELATED = 3
_LATEST = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """This is what the press answers at one address."""

    body: bytes
    status: int = 200
    content_type: str = _HTML
    etag: str = ""
    #: The first request meets 503 instead.
    fails_once: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """This is one placement with its address and its text."""

    placement: Placement
    edition: Edition
    url: str

    @property
    def link(self) -> Link:
        """The line that lists show of it."""
        edition = self.edition
        return Link(url=self.url, headline=edition.headline, sapo=edition.sapo, at=edition.at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """These are the declarations, stories and placements that the demo press is made of."""

    outlets: OutletBook
    dresses: Mapping[str, OutletDress]
    stories: Mapping[str, Story]
    declared: Placements
    #: The moment the press is seen at; None is after everything.
    as_of: datetime | None = None

    def printed(self) -> tuple[Printed, ...]:
        """Every placement standing at `as_of`, newest first."""
        standing = self.declared.standing_at(self.as_of)
        ordered = sorted(standing, key=lambda p: (p.at, p.outlet, p.story), reverse=True)
        return tuple(self._print(placement) for placement in ordered)

    def _print(self, placement: Placement) -> Printed:
        story = self.stories[placement.story]
        dress = self.dresses[placement.outlet]
        edition = edition_of(
            story,
            placement,
            credit=f"Theo {self.dresses[self.first_outlet(story.id)].signature}",
            house_style=dress.house_style,
        )
        return Printed(
            placement=placement, edition=edition, url=self._address(placement, edition, dress)
        )

    def first_outlet(self, story: str) -> str:
        """The outlet whose text the copies of a story are made from."""
        written = (Variant.ORIGINAL, Variant.UPDATED)
        first = min(
            (p for p in self.declared.placements if p.story == story and p.variant in written),
            key=lambda p: p.at,
        )
        return first.outlet

    def _address(self, placement: Placement, edition: Edition, dress: OutletDress) -> str:
        path = ADDRESSES[dress.shape](
            Place(
                outlet=placement.outlet,
                story=placement.story,
                headline=edition.headline,
                section=edition.section,
                at=placement.at,
                site_code=dress.site_code,
            )
        )
        if placement.page is PageState.ROBOTS:
            path = dress.disallow.rstrip("/") + path
        return f"http://{self.outlets[placement.outlet].domains[0].host}{path}"


def read_press(as_of: datetime | None = None) -> Press:
    """The demo press as its files declare it."""
    return Press(
        outlets=read_outlets(OUTLETS_FOLDER),
        dresses=read_dresses(),
        stories=read_stories(),
        declared=read_placements(),
        as_of=as_of,
    )


def replies(press: Press) -> dict[str, Reply]:
    """Everything the press answers, by full address (query included)."""
    printed = press.printed()
    renderer = Renderer()
    table: dict[str, Reply] = {}
    for outlet in press.outlets:
        own = [item for item in printed if item.placement.outlet == outlet.id]
        stand = _Stand(outlet=outlet, dress=press.dresses[outlet.id], own=own, renderer=renderer)
        table.update(stand.pages())
    return table


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stand:
    """This is one outlet with what it printed, newest first."""

    outlet: Outlet
    dress: OutletDress
    own: Sequence[Printed]
    renderer: Renderer

    @property
    def _root(self) -> str:
        return f"http://{self.outlet.domains[0].host}"

    def pages(self) -> Iterator[tuple[str, Reply]]:
        """Each address of this outlet with its answer; its declared lists come last and win."""
        yield f"{self._root}/robots.txt", self._robots()
        yield f"{self._root}/", self._html(self._list("Trang chủ", self.own))
        for code, name in SECTIONS.items():
            inside = [item for item in self.own if item.edition.section == code]
            path = section_path(self.dress.shape, code)
            yield self._root + path, self._html(self._list(name, inside))
        for place, item in enumerate(self.own):
            yield item.url, self._article(place, item)
        for source in self.dress.sources:
            yield from self._source(source)

    def _robots(self) -> Reply:
        text = f"User-agent: *\nDisallow: {self.dress.disallow}\nDisallow: /tim-kiem\n"
        return Reply(body=text.encode(), content_type="text/plain; charset=utf-8")

    def _html(self, page: str, status: int = 200) -> Reply:
        return Reply(body=page.encode(), status=status)

    def _list(self, title: str, items: Sequence[Printed]) -> str:
        links = [item.link for item in items]
        return self.renderer.listing(self.outlet, self.dress, title, links)

    def _notice(self, title: str, template: str = "notice.html") -> str:
        return self.renderer.plain(template, self.outlet, self.dress, title)

    def _article(self, place: int, item: Printed) -> Reply:
        state = item.placement.page
        if state is PageState.MISSING:
            return self._html(self._notice("Không tìm thấy trang"), 404)
        if state is PageState.GONE:
            return self._html(self._notice("Bài viết đã được gỡ"), 410)
        if state is PageState.CAPTCHA:
            return self._html(self._notice("Xác thực truy cập", "captcha.html"))
        older = [other.link for other in self.own[place + 1 : place + 1 + _RELATED]]
        latest = [other.link for other in self.own[:_LATEST] if other is not item]
        page = self.renderer.article(
            self.outlet, self.dress, item.edition, url=item.url, related=older, latest=latest
        )
        return self._html(page)

    def _source(self, source: SourceDress) -> Iterator[tuple[str, Reply]]:
        listed = [
            item
            for item in self.own
            if not source.sections or item.edition.section in source.sections
        ]
        address = self._root + source.path
        if source.kind == "html":
            yield address, self._html(self._notice("Chuyên trang đang được nâng cấp"))
        elif source.kind == "section":
            yield address, self._html(self._list("Tin mới", listed))
        else:
            yield address, self._feed(source, listed)

    def _feed(self, source: SourceDress, listed: Sequence[Printed]) -> Reply:
        body = rss(self.outlet, source, [item.link for item in listed]).encode()
        lying = source.trouble == "etag_lies"
        return Reply(
            body=body,
            content_type="application/rss+xml; charset=utf-8",
            etag='"rss-1"' if lying else f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            fails_once=source.trouble == "503_once",
        )


def without_tracking(url: str) -> str:
    """The address without the parameters that only count visitors.

    >>> without_tracking("http://bao.test/bai-a1.html?utm_source=rss&utm_medium=feed")
    'http://bao.test/bai-a1.html'
    >>> without_tracking("http://bao.test/thoi-su?page=2")
    'http://bao.test/thoi-su?page=2'
    """
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.startswith("utm_")]
    return parts._replace(query="&".join(kept), fragment="").geturl()
