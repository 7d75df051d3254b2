"""Discovery: which lists of an outlet are asked, and which next, by what those before gave."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

from crawlers.address_times import time_from_address
from crawlers.addresses import canonical_address
from crawlers.crawl_records import CrawlOrder
from crawlers.links import belongs_to
from crawlers.sitemap_index import (
    DEEPEST,
    MOST_IN_A_CRAWL,
    MOST_LOOKING_BACK,
    choose_children,
)
from crawlers.sitemaps import Child
from domain.clock import Clock
from domain.codes import Certainty, SourceKind
from domain.outlets import Outlet, Source

log = logging.getLogger(__name__)

_MOST_PAGES = 200
_MOST_FOUND = 3
#: So that a home page's feeds have a turn beside the sitemaps of robots.txt.
_MOST_FOUND_SITEMAPS = 2


class Step(Enum):
    """This says why an address is asked."""

    #: A list of the declaration.
    DECLARED = "declared"
    #: A sitemap that an index named.
    CHILD = "child"
    #: A later page of a section.
    NEXT = "next"
    #: A list that nobody declared.
    FOUND = "found"
    #: The home page, for the feeds it names.
    HOME = "home"
    #: A page that may be an article.
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Asked:
    """This is a request under way: for a list (with its source), a home page or a page."""

    outlet: Outlet
    url: str
    step: Step = Step.PAGE
    source: Source | None = None
    #: Which page of a section.
    number: int = 1
    #: How many indexes lead to a sitemap.
    depth: int = 0

    @property
    def kind(self) -> str:
        """The form of what is asked, as it is kept in the archive."""
        return self.source.kind.value if self.source else self.step.value

    @property
    def key(self) -> str:
        """What tells this request from the others of the crawl."""
        return f"{self.kind} {self.url}"


@dataclass(slots=True)
class _State:
    """This is how far the lists of one outlet have been asked."""

    under_way: int = 0
    links: int = 0
    tried: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    sitemaps_tried: bool = False
    home_tried: bool = False
    #: Lists asked in this crawl: no index leads to one of them again.
    lists: set[str] = field(default_factory=set)
    #: By list: how many sitemaps its indexes led to.
    led_to: Counter[str] = field(default_factory=Counter)
    #: By section: the addresses its pages have listed.
    listed: dict[str, set[str]] = field(default_factory=dict)


class Discovery:
    """This walks from the declared lists to those they lead to, and to others where all fail."""

    def __init__(self, order: CrawlOrder, clock: Clock) -> None:
        self._order = order
        self._clock = clock
        self._states: dict[str, _State] = {outlet.id: _State() for outlet in order.outlets}
        #: By host (with its port): the sitemaps its robots.txt names.
        self.sitemaps: dict[str, tuple[str, ...]] = {}

    def first(self, outlet: Outlet) -> list[Asked]:
        """The lists to begin with; where none is declared, the way to find some."""
        if self._order.pages:
            return []
        only = self._order.only_sources
        asked = [
            Asked(outlet, source.url, Step.DECLARED, source)
            for source in outlet.sources
            if only is None or source.url in only
        ]
        return self._begun(outlet, asked or self._fallback(outlet))

    def after(
        self, asked: Asked, links: Sequence[str] = (), children: Sequence[Child] = ()
    ) -> list[Asked]:
        """What to ask once a list has ended: with links, without any, or in failure."""
        state = self._states[asked.outlet.id]
        state.under_way -= 1
        state.links += len(links)
        source = asked.source
        if links and source and source.url in state.tried and source.url not in state.found:
            state.found.append(source.url)
        follow = [*self._children(asked, children), *self._next_page(asked, links)]
        if not follow and not state.under_way and not state.links:
            follow = self._fallback(asked.outlet)
        return self._begun(asked.outlet, follow)

    def at_home(self, asked: Asked, feeds: Sequence[str]) -> list[Asked]:
        """The feeds that a home page names, as many as may still be tried."""
        state = self._states[asked.outlet.id]
        state.under_way -= 1
        follow = self._found(asked.outlet, feeds, SourceKind.FEED, _MOST_FOUND)
        return self._begun(asked.outlet, follow or self._fallback(asked.outlet))

    def found(self, outlet_id: str) -> tuple[str, ...]:
        """The lists of an outlet that nobody declared and that named articles."""
        return tuple(self._states[outlet_id].found)

    def _begun(self, outlet: Outlet, asked: list[Asked]) -> list[Asked]:
        state = self._states[outlet.id]
        state.under_way += len(asked)
        state.lists.update(each.url for each in asked if each.source)
        return asked

    def _children(self, asked: Asked, children: Sequence[Child]) -> list[Asked]:
        """The sitemaps of an index to ask, within the bounds of a crawl; what is left is logged."""
        state, source = self._states[asked.outlet.id], asked.source
        if source is None or not children:
            return []
        since = self._order.since
        most = MOST_IN_A_CRAWL if since is None else MOST_LOOKING_BACK
        room = most - state.led_to[source.url] if asked.depth < DEEPEST else 0
        able = [
            child
            for child in children
            if belongs_to(child.url, asked.outlet) and child.url not in state.lists
        ]
        choice = choose_children(able, now=self._clock(), since=since, room=max(0, room))
        if choice.left:
            # News beyond the newest sitemaps is not expected; what a person looks for may be there.
            level = logging.INFO if since is None and choice.asked else logging.WARNING
            said = {"outlet": asked.outlet.id, "url": asked.url, "reason": choice.remark}
            log.log(level, "sitemaps left", extra=said)
        state.led_to[source.url] += len(choice.asked)
        depth = asked.depth + 1
        # A crawl's queue hands out what was lined up last before the rest that waits in it.
        oldest_first = reversed(choice.asked)
        return [Asked(asked.outlet, url, Step.CHILD, source, depth=depth) for url in oldest_first]

    def _next_page(self, asked: Asked, links: Sequence[str]) -> list[Asked]:
        source = asked.source
        if source is None or not source.next_page or self._order.since is None:
            return []
        listed = self._states[asked.outlet.id].listed.setdefault(source.url, set())
        fresh = set(links) - listed
        listed |= fresh
        number = asked.number + 1
        if not fresh or number > _MOST_PAGES or self._all_older(asked.outlet, links):
            return []
        url = source.next_page.replace("{page}", str(number))
        return [Asked(asked.outlet, url, Step.NEXT, source, number)]

    def _all_older(self, outlet: Outlet, links: Sequence[str]) -> bool:
        since = self._order.since
        if not outlet.url_time or since is None:
            return False
        times = [time_from_address(link) for link in links]
        return all(time is not None and _before(time.at, since) for time in times)

    def _fallback(self, outlet: Outlet) -> list[Asked]:
        """Sitemaps of robots.txt, then the home page: only where all declared lists were asked."""
        state = self._states[outlet.id]
        if not self._asks_all(outlet):
            return []
        sitemaps = [
            sitemap
            for host, named in self.sitemaps.items()
            if belongs_to(f"https://{host}/", outlet)
            for sitemap in named
        ]
        if sitemaps and not state.sitemaps_tried:
            state.sitemaps_tried = True
            follow = self._found(outlet, sitemaps, SourceKind.SITEMAP, _MOST_FOUND_SITEMAPS)
            if follow:
                return follow
        if state.home_tried:
            return []
        state.home_tried = True
        return [Asked(outlet, _home(outlet), Step.HOME)]

    def _asks_all(self, outlet: Outlet) -> bool:
        only = self._order.only_sources
        if only is None:
            return True
        return bool(outlet.sources) and all(source.url in only for source in outlet.sources)

    def _found(
        self, outlet: Outlet, urls: Sequence[str], kind: SourceKind, most: int
    ) -> list[Asked]:
        """Lists to try that are neither declared nor tried yet, on the outlet's own domains."""
        state = self._states[outlet.id]
        known = {source.url for source in outlet.sources} | set(state.tried)
        able = [url for url in urls if url not in known and belongs_to(url, outlet)]
        chosen = able[: min(most, _MOST_FOUND - len(state.tried))]
        state.tried.extend(chosen)
        return [
            Asked(outlet, url, Step.FOUND, Source(url=url, kind=kind, certainty=Certainty.GUESSED))
            for url in chosen
        ]


def _before(at: datetime | None, since: datetime) -> bool:
    return at is not None and at < since


def _home(outlet: Outlet) -> str:
    """The home page: on the domain in use, by the scheme and port its lists are declared with."""
    host = next((each.host for each in outlet.domains if each.until is None), None)
    host = (host or outlet.domains[-1].host).lower()
    for source in outlet.sources:
        parts = urlsplit(source.url)
        if parts.hostname in {host, f"www.{host}"}:
            return f"{parts.scheme}://{parts.netloc}/"
    return canonical_address(f"https://{host}/")
