"""The stage that discovers: a list as archived -> the articles it names, and a poll on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawlers.feeds import read_feed
from crawlers.links import article_addresses, read_section
from crawlers.list_changes import believable_changes
from crawlers.reach import reaches_to
from crawlers.sitemap_index import poll_remark
from crawlers.sitemaps import Child, read_sitemap
from domain.codes import LIST_BITS, SourceKind
from domain.errors import SetAside
from domain.outlets import Outlet, Source
from domain.records import FeedItem, Malformed, RawPage
from pipeline.page_reading import set_aside
from storage.captures import record_page
from storage.changes import note_changes
from storage.database import Connection
from storage.incoming import from_feed
from storage.intake import Stored, name_articles, published_times, store_articles
from storage.links import note_links
from storage.polls import LastList, last_list, reach_poll, record_poll

_MB = 1_000_000
#: What a sitemap lists as changed before that is history: its pages are not waited for.
_HORIZON = timedelta(days=35)
#: What a capture of each kind of list is called.
_PAGE_KINDS = {SourceKind.FEED: "feed", SourceKind.SITEMAP: "sitemap", SourceKind.SECTION: "list"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """This is what one snapshot of a list says."""

    items: Sequence[FeedItem] = ()
    #: Canonical addresses without a headline.
    links: Sequence[str] = ()
    children: Sequence[Child] = ()
    malformed: Sequence[Malformed] = ()
    #: When articles were changed, by canonical address, where the list says so.
    changes: Mapping[str, datetime] = field(default_factory=dict)
    #: What stands beside the poll though it was answered well, in Vietnamese.
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """This is what one snapshot of a list gave."""

    outcome: str
    detail: str = ""
    answers: Sequence[Stored] = ()
    malformed: Sequence[Malformed] = ()
    #: Articles and links that were not known.
    new: int = 0
    #: Items of a body that was not read again, for it is known.
    repeated: int = 0
    #: Addresses of a list that carries no times: its articles' pages will tell how far it reached.
    undated: Sequence[str] = ()
    #: The sitemaps that an index names.
    children: Sequence[Child] = ()


def discover(
    connection: Connection,
    page: RawPage,
    *,
    outlet: Outlet,
    source: Source,
    number: int,
    fault: tuple[str, str],
    max_mb: float,
    retry_after: datetime | None = None,
) -> Discovered:
    """Read a list's snapshot and store what it names; `fault` is (outcome, detail) of its fetch.

    What has a headline becomes an article, what has none a link whose page will make one.
    """
    outcome, detail = fault
    listed = Listed()
    held = None
    if outcome == "ok":
        held = last_list(connection, number, at=page.fetched_at, body_sha256=_sha256(page))
        if held is None or not _tells_all(held):
            try:
                listed = _read(page, outlet, source, int(max_mb * _MB))
            except SetAside as error:
                outcome, detail = set_aside(page, error)
    kept = record_page(
        connection, page, kind=_PAGE_KINDS[source.kind], outcome=outcome, detail=detail
    )
    if held is not None and _tells_all(held):
        return _known_again(connection, page, number, held)
    answers, new_links = _store(connection, page, outlet, source, number, kept.id, listed)
    new = answers.count(Stored.NEW) + new_links
    times = [item.published.at for item in listed.items if item.published.at is not None]
    record_poll(
        connection,
        source_id=number,
        at=page.fetched_at,
        outcome=outcome,
        detail=detail or listed.remark,
        items=len(listed.items) + len(listed.links) + len(listed.malformed),
        new_items=new,
        malformed=len(listed.malformed),
        reaches_to=reaches_to(times),
        newest_at=max(times, default=None),
        unchanged=held is not None,
        retry_after=retry_after,
        body_sha256=_sha256(page),
    )
    return Discovered(
        outcome=outcome,
        detail=detail,
        answers=answers,
        malformed=listed.malformed,
        new=new,
        undated=[] if times else [*(item.url for item in listed.items), *listed.links],
        children=listed.children,
    )


def discover_next(
    connection: Connection,
    page: RawPage,
    *,
    outlet: Outlet,
    source: Source,
    number: int,
    fault: tuple[str, str],
) -> Discovered:
    """Read a later page of a section: it names articles, but is no poll of the section."""
    outcome, detail = fault
    listed = Listed()
    if outcome == "ok":
        try:
            listed = _read(page, outlet, source, 0)
        except SetAside as error:
            outcome, detail = set_aside(page, error)
    kept = record_page(connection, page, kind="list", outcome=outcome, detail=detail)
    _store(connection, page, outlet, source, number, kept.id, listed)
    return Discovered(outcome=outcome, detail=detail)


def tell_reach(connection: Connection, *, source: int, at: datetime, urls: Sequence[str]) -> None:
    """Keep how far back a list without times reached, by the times of its articles' pages."""
    times = published_times(connection, urls)
    reach = reaches_to(times)
    if reach is not None:
        reach_poll(connection, source, at, reach, max(times))


def _read(page: RawPage, outlet: Outlet, source: Source, max_bytes: int) -> Listed:
    if source.kind is SourceKind.SECTION:
        return Listed(
            links=read_section(
                page.body,
                url=page.url,
                content_type=page.content_type,
                outlet=outlet,
                source=source,
            )
        )
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(
            page.body,
            url=page.url,
            seen=page.fetched_at,
            max_bytes=max_bytes,
            gmt_means_local=source.gmt_means_local,
            changed_since=page.fetched_at - _HORIZON,
        )
        return Listed(
            items=sitemap.items,
            links=article_addresses(sitemap.links, outlet),
            children=sitemap.children,
            malformed=sitemap.malformed,
            changes=believable_changes(sitemap.changes, seen=page.fetched_at),
            remark=poll_remark(sitemap.children, now=page.fetched_at),
        )
    feed = read_feed(page.body, url=page.url, seen=page.fetched_at, max_bytes=max_bytes)
    # A feed dates an article that was changed anew.
    dated = {item.url: item.published.at for item in feed.items if item.published.at}
    return Listed(
        items=feed.items,
        malformed=feed.malformed,
        changes=believable_changes(dated, seen=page.fetched_at),
    )


def _store(
    connection: Connection,
    page: RawPage,
    outlet: Outlet,
    source: Source,
    number: int,
    page_id: int,
    listed: Listed,
) -> tuple[list[Stored], int]:
    """Store what a list names: the answers for its items, and how many links were not known."""
    bit = LIST_BITS[source.kind]
    answers = store_articles(
        connection,
        [
            from_feed(
                item,
                item.url,
                outlet_id=outlet.id,
                source_id=number,
                page_id=page_id,
                seen_at=page.fetched_at,
                lists=bit,
            )
            for item in listed.items
        ],
    )
    named = name_articles(connection, listed.links, lists=bit, seen_at=page.fetched_at)
    new_links = note_links(
        connection,
        [url for url in listed.links if url not in named],
        outlet_id=outlet.id,
        source_id=number,
        lists=bit,
        seen_at=page.fetched_at,
    )
    note_changes(
        connection,
        listed.changes,
        outlet_id=outlet.id,
        source_id=number,
        lists=bit,
        seen_at=page.fetched_at,
    )
    return answers, new_links


def _tells_all(held: LastList) -> bool:
    """Whether a body need not be read again: it had times, and nothing to complain of."""
    return held.newest_at is not None and not held.malformed


def _known_again(connection: Connection, page: RawPage, number: int, held: LastList) -> Discovered:
    """The very body of the poll before: everything in it is known, and was read then."""
    record_poll(
        connection,
        source_id=number,
        at=page.fetched_at,
        outcome="ok",
        items=held.items,
        reaches_to=held.reaches_to,
        newest_at=held.newest_at,
        unchanged=True,
        body_sha256=_sha256(page),
    )
    return Discovered(outcome="ok", repeated=held.items)


def _sha256(page: RawPage) -> str:
    assert page.archive is not None, "a page is archived before anything reads it"
    return page.archive.sha256
