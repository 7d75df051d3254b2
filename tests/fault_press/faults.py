"""Everything that goes wrong at a press, one entry each, with what the program must make of it.

`docs/faults.md` is printed from this table (``python -m tests.fault_press.table``) and
``tests/test_fault_press.py`` crawls all of it: what the page says is what the test asks.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from domain.codes import SourceKind, SourceState
from tests.fault_press.house import LAYOUT, Twist, rss, text
from tests.fault_press.server import HTML, Manner, Reply
from tests.fault_press.twists import (
    ENTITIES,
    NEW_LAYOUT,
    PICTURE,
    SITEMAP_BOMB,
    amp_links,
    bomb,
    both,
    captcha,
    cookie_wall,
    cut,
    endless,
    flapping,
    gzipped,
    huge,
    items,
    legacy_page,
    listing,
    misdeclared,
    mislabelled,
    moved_to,
    no_page,
    nul_bytes,
    on_list,
    on_page,
    on_robots,
    paged,
    renamed,
    robot_refused,
    soft_404,
    some_without_link,
    status,
    tracked_links,
    two_layouts,
    undated_then_ahead,
    updated,
    whole,
    withdrawn,
)


class Held(Enum):
    """This says what is stored of an outlet's articles while the fault lasts."""

    PAGES = "whole articles"
    LINES = "headline, sapo, time"
    #: A damaged list gives what stands before the damage.
    SOME = "what stands before the damage"
    NONE = "no article yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """This is one thing that goes wrong, and what must come of it."""

    name: str
    #: What the server does, in a few English words.
    what: str
    twist: Twist
    #: The outcome in the poll of the list while it lasts (any of these).
    poll: tuple[str, ...] = ("ok",)
    #: Words that the poll's detail must contain.
    detail: str = ""
    held: Held = Held.PAGES
    #: Why the articles' pages are not held (any of these); empty where they are.
    page: tuple[str, ...] = ()
    #: How often the list is asked within the crawl.
    asks: int = 1
    kind: SourceKind = SourceKind.FEED
    #: Whether the articles' times are known while it lasts.
    timed: bool = True
    #: Versions of each article at the end.
    versions: int = 1
    house: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    #: How the health page calls the outlet while it lasts, where the poll does not say it alone.
    called: SourceState | None = None

    @property
    def health(self) -> SourceState:
        """How the health page calls the outlet while it lasts."""
        return self.called or _STATES.get(self.poll[0], SourceState.FAILING)


_STATES = {
    "ok": SourceState.OK,
    "robots": SourceState.UNOBSERVABLE,
    "http_403": SourceState.BLOCKED,
    "blocked": SourceState.BLOCKED,
}


FAULTS: tuple[Fault, ...] = (
    # The list
    Fault(name="feed_404", what="the feed answers 404", twist=status(404),
          poll=("http_404",), held=Held.NONE),
    Fault(name="feed_410", what="the feed answers 410", twist=status(410),
          poll=("http_410",), held=Held.NONE),
    Fault(name="html_as_feed", what="the feed's address shows an HTML page",
          twist=listing(b"<!DOCTYPE html><html><body>Trang</body></html>", HTML),
          poll=("unreadable",), detail="HTML", held=Held.NONE),
    Fault(name="zero_bytes", what="the feed is 0 bytes long", twist=listing(b""),
          poll=("unreadable",), detail="rỗng", held=Held.NONE),
    Fault(name="no_items", what="the feed is well formed and lists nothing",
          twist=listing(rss([])), held=Held.NONE, called=SourceState.EMPTY),
    Fault(name="new_ids", what="the feed gives every item a new id at each poll",
          twist=items(guid=lambda asked, url: f"{url}#{asked.at.timestamp()}")),
    Fault(name="item_without_link", what="an item of the feed has no address",
          twist=on_list(some_without_link), called=SourceState.ROTTING,
          note="that item is counted as malformed"),
    Fault(name="wrong_charset", what="the feed is UTF-8 and declares iso-8859-1",
          twist=on_list(misdeclared), poll=("ok",)),
    Fault(name="nul_bytes", what="the feed holds NUL bytes", twist=on_list(nul_bytes)),
    Fault(name="wrong_type", what="the feed comes as text/html", twist=mislabelled),
    Fault(name="entity_bomb_feed", what="the feed declares nested XML entities",
          twist=listing(ENTITIES.encode() + rss(["<item><title>&e8;</title></item>"], "")),
          poll=("unreadable",), detail="ENTITY", held=Held.NONE),
    Fault(name="entity_bomb_sitemap", what="the sitemap declares nested XML entities",
          twist=listing(SITEMAP_BOMB, "application/xml"), kind=SourceKind.SITEMAP,
          poll=("unreadable",), held=Held.NONE),
    Fault(name="no_pubdate", what="the feed carries no times", twist=items(date="")),
    # The connection
    Fault(name="half_body", what="the feed ends before its Content-Length",
          twist=cut(Manner.HALF), poll=("incomplete",), held=Held.NONE, asks=3),
    Fault(name="broken_chunk", what="the feed ends inside a chunk",
          twist=cut(Manner.BROKEN_CHUNK), poll=("incomplete",), held=Held.NONE, asks=3),
    Fault(name="truncated_gzip", what="the feed's gzip ends in the middle",
          twist=on_list(lambda h, a: gzipped(gzip.compress(whole(h, a))[:-40])),
          poll=("damaged",), held=Held.SOME),
    Fault(name="gzip_bomb", what="the feed inflates from 12 kB to 12 MB",
          twist=on_list(lambda h, a: gzipped(bomb())), poll=("too_large",), held=Held.NONE),
    Fault(name="stall", what="the feed never answers",
          twist=on_list(lambda h, a: Reply(manner=Manner.STALL)), poll=("timeout",),
          held=Held.NONE, asks=3),
    Fault(name="endless_redirect", what="the feed redirects for ever", twist=endless,
          poll=("redirects",), held=Held.NONE),
    Fault(name="redirect_to_file", what="the feed redirects to file:///etc/passwd",
          twist=moved_to(lambda a: "file:///etc/passwd"),
          poll=("redirects",), held=Held.NONE),
    Fault(name="redirect_inside", what="the feed redirects to http://169.254.169.254/",
          twist=moved_to(lambda a: "http://169.254.169.254/latest/meta-data"),
          poll=("private_address",), held=Held.NONE, note="the address is never asked"),
    # The server says no, or not now
    Fault(name="agent_403", what="everything answers 403 to a named crawler",
          twist=robot_refused, poll=("http_403",), held=Held.NONE),
    Fault(name="too_many_429", what="the feed answers 429 with Retry-After: 7200",
          twist=status(429, Retry_After="7200"), poll=("retry_later",),
          held=Held.NONE, note="not asked before the time the server named"),
    Fault(name="busy_503", what="the feed answers 503 with a Retry-After date",
          twist=status(503, Retry_After="Wed, 16 Sep 2026 09:00:00 GMT"),
          poll=("retry_later",),
          held=Held.NONE, note="not asked before the time the server named"),
    Fault(name="flapping_5xx", what="every address answers 502 at first", twist=flapping, asks=2),
    Fault(name="broken_500", what="the feed answers 500", twist=status(500),
          poll=("http_500",), held=Held.NONE, asks=3),
    Fault(name="robots_disallow", what="robots.txt refuses everything",
          twist=on_robots(text(b"User-agent: *\nDisallow: /\n")), poll=("robots",),
          detail="robots.txt", held=Held.NONE, asks=0, note="obeyed; counted as unobservable"),
    Fault(name="robots_500", what="robots.txt answers 500",
          twist=on_robots(Reply(status=500)), poll=("robots_unreachable",),
          detail="robots.txt", held=Held.NONE, asks=0, note="read as a refusal for now (RFC 9309)"),
    Fault(name="crawl_delay", what="robots.txt asks for 1 s between requests",
          twist=on_robots(text(b"User-agent: *\nCrawl-delay: 1\n")),
          note="requests keep that distance"),
    # The page
    Fault(name="page_500", what="the articles' pages answer 500", twist=on_page(no_page),
          held=Held.LINES, page=("http_500",)),
    Fault(name="page_300_mb", what="a page of 300 MB, its length not told", twist=on_page(huge),
          held=Held.LINES, page=("too_large",), note="cut at the limit"),
    Fault(name="captcha", what="pages ask for a captcha, with status 200", twist=on_page(captcha),
          held=Held.LINES, page=("blocked",), note="never passed"),
    Fault(name="captcha_list", what="the feed's address asks for a captcha",
          twist=on_list(captcha), poll=("blocked",), held=Held.NONE, note="never passed"),
    Fault(name="cookie_wall", what="pages ask a browser to set a cookie by script",
          twist=on_page(cookie_wall), held=Held.LINES, page=("blocked",), note="never passed"),
    Fault(name="soft_404", what="pages say “not found” with status 200", twist=on_page(soft_404),
          held=Held.LINES, page=("unreadable",)),
    Fault(name="new_layout", what="the layout changes in mid-month", twist=two_layouts,
          house={"layouts": (LAYOUT, NEW_LAYOUT)}, note="both layouts are declared, dated"),
    Fault(name="legacy_page", what="pages in windows-1258", twist=legacy_page),
    # The address
    Fault(name="renamed_domain", what="the outlet moved; old addresses redirect", twist=renamed,
          house={"aliases": ("ten-moi.test",)}),
    Fault(name="tracked_links", what="one article under three addresses by parameters",
          twist=items(link=tracked_links)),
    Fault(name="amp_and_mobile", what="AMP and mobile addresses beside the article's own",
          twist=items(link=amp_links)),
    # The time
    Fault(name="from_the_future", what="feed and page date the article a year ahead",
          twist=undated_then_ahead, timed=False,
          note="no time is stored until a list says a true one"),
    Fault(name="date_as_picture", what="the time is a picture, and the feed has none",
          twist=both(items(date=""), paged(lambda at: PICTURE)), timed=False,
          note="no time is stored until a list says one"),
    Fault(name="gmt7", what="pubDate “… GMT+7”, pages without a time",
          twist=both(items(date="%a, %d %b %Y %H:%M:%S GMT+7"), paged(lambda at: ""))),
    Fault(name="us_order", what="pubDate “9/14/2026 6:44:00 PM”, pages without a time",
          twist=both(items(date="%-m/%-d/%Y %-I:%M:%S %p"), paged(lambda at: ""))),
    # The text
    Fault(name="withdrawn", what="the page answers 410 after it was read", twist=withdrawn,
          note="what was read stays"),
    Fault(name="updated_twice", what="the article is changed twice; its page fails",
          twist=both(updated, on_page(no_page)), held=Held.LINES, page=("http_500",),
          versions=3, note="each earlier text is kept as a version"),
)  # fmt: skip

#: Faults that only a real address shows: they are crawled without the proxy.
DIRECT: tuple[Fault, ...] = (
    Fault(name="refused", what="nobody listens at the outlet's address",
          twist=on_list(lambda h, a: None), poll=("refused",), held=Held.NONE, asks=3),
    Fault(name="unknown_host", what="the outlet's name does not resolve",
          twist=on_list(lambda h, a: None), poll=("dns",), held=Held.NONE, asks=3),
)  # fmt: skip

#: Twists that go on when the others are lifted: they are no illness that ends.
LASTING = frozenset({"withdrawn", "updated_twice", "renamed_domain", "new_layout"})
