"""What a crawl is asked, what it hands out on the way, and what it says at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from domain.outlets import Outlet
from domain.settings import CrawlSettings

#: Given canonical addresses, the set of those whose page is held already.
Known = Callable[[Sequence[str]], set[str]]


class Outcome(StrEnum):
    """This names how a poll or a page ended when it gave nothing to read."""

    ROBOTS = "robots"
    #: robots.txt itself could not be had (5xx, no answer): nothing of the host may be asked.
    ROBOTS_UNREACHABLE = "robots_unreachable"
    #: The host lies in a private network and the configuration does not allow it.
    PRIVATE_ADDRESS = "private_address"
    #: The host asked to be left alone until a moment (Retry-After).
    RETRY_LATER = "retry_later"
    #: A wall for machines answered 200: captcha, cookie or script.
    BLOCKED = "blocked"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TOO_LARGE = "too_large"
    REDIRECTS = "redirects"
    INCOMPLETE = "incomplete"
    NOT_A_LIST = "not_a_list"
    UNSUPPORTED = "unsupported"
    PAGE_LIMIT = "page_limit"
    TIME_UP = "time_up"
    FAILED = "failed"


class ArchiveWriter(Protocol):
    """This keeps what came from the network, before anything reads it."""

    def write_response(
        self,
        *,
        url: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        fetched_at: datetime,
    ) -> None:
        """Keep one response as it came: the body still carries its Content-Encoding."""

    def write_outcome(
        self,
        *,
        url: str,
        source_kind: str,
        outlet_id: str,
        outcome: str,
        detail: str,
        at: datetime,
        retry_after: datetime | None = None,
    ) -> None:
        """Keep how a poll or a page ended without anything to read; `detail` is Vietnamese.

        `retry_after` is the moment a host asked to be left alone until, given only where it did.
        """


@dataclass(frozen=True, kw_only=True)
class CrawlOrder:
    """This says what one crawl collects; it can be pickled and sent to another process."""

    outlets: tuple[Outlet, ...]
    settings: CrawlSettings
    #: Section pages are followed back to this moment; None asks their first page alone.
    since: datetime | None = None
    #: By outlet, canonical addresses listed earlier and not had yet: asked before the new ones.
    pending: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Pages to fetch whether held or not, whatever their number; no list is asked then.
    pages: tuple[str, ...] = ()
    #: Addresses of the lists to ask; None asks all.
    only_sources: frozenset[str] | None = None
    #: Where what hosts told in robots.txt is kept for a day; None: nowhere.
    robots_folder: Path | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletOutcome:
    """This is what a crawl had from one outlet."""

    outlet_id: str
    feeds_ok: int = 0
    feeds_failed: int = 0
    pages_ok: int = 0
    pages_failed: int = 0
    #: Addresses that robots.txt refuses, lists and pages together.
    robots: int = 0
    #: Pages not held and left for the next crawl: limit of pages or of time, or the host asked
    #: for a pause.
    pages_left: int = 0
    #: The first error of each list that could not be read, in Vietnamese, by its address.
    errors: Mapping[str, str] = field(default_factory=dict)
    #: Lists that nobody declared, met in this crawl and naming articles.
    found: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether at least one list of the outlet was read."""
        return self.feeds_ok > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlOutcome:
    """This is what one crawl had from all its outlets, in the order asked."""

    outlets: tuple[OutletOutcome, ...]
    began_at: datetime
    ended_at: datetime
    #: Whether the time allowed ran out before everything was asked.
    time_up: bool = False

    @property
    def reached(self) -> bool:
        """Whether any outlet answered at all, with a list or with a page."""
        return any(outlet.reached or outlet.pages_ok for outlet in self.outlets)
