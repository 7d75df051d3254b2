"""How the sources stand: asked now or as stored, and whether the newest pages still read well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.archive_reading import read_archive
from crawlers.extract import extract
from domain.codes import Media, SourceState
from domain.errors import ArchiveError, SetAside
from domain.health import (
    Completeness,
    OutletHealth,
    PageCheck,
    PageTally,
    ReadField,
    SourceHealth,
    SourceHistory,
)
from domain.outlets import Outlet
from domain.periods import Period
from domain.records import ExtractedArticle, RawPage
from measures.completeness import completeness
from measures.outlet_health import PAGE_DAYS, outlet_health
from measures.source_health import HISTORY, source_health
from pipeline.collecting import crawl_only
from pipeline.context import Context
from pipeline.record import on_record
from storage.database import reading
from storage.health import (
    PageSeen,
    list_overlaps,
    newest_pages,
    pages_since,
    poll_history,
)

#: Pages looked through for the newest one of each outlet: about a day of all outlets.
_PAGES_BACK = 20_000
#: Ends of a poll in which no server said a word.
_SILENT = frozenset({"dns", "refused", "timeout", "tls", "failed", "robots_unreachable"})
#: One silent host may be down; so many at once speak of our own line.
_FEWEST_SILENT_HOSTS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """This is how the watched outlets stand, and what their newest pages give."""

    outlets: tuple[OutletHealth, ...]
    pages: Mapping[str, PageCheck]
    #: Hosts asked, none of which answered at the last poll; empty where at least one did.
    silent_hosts: tuple[str, ...] = ()


def check_now(context: Context) -> Checkup:
    """Ask the lists of the watched outlets, and one page of each, then say how they stand."""
    crawl = context.settings.crawl.model_copy(update={"max_pages_per_outlet": 1})
    settings = context.settings.model_copy(update={"crawl": crawl})
    crawl_only(replace(context, settings=settings))
    return check_stored(context)


def check_stored(context: Context) -> Checkup:
    """How the watched outlets stand by what is stored."""
    histories = _histories(context)
    return Checkup(
        outlets=_healths(context, histories),
        pages={check.outlet_id: check for check in self_check(context)},
        silent_hosts=_silent_hosts(histories.values()),
    )


def outlet_healths(context: Context) -> tuple[OutletHealth, ...]:
    """How each watched outlet stands, as stored."""
    return _healths(context, _histories(context))


def outlet_states(context: Context) -> dict[str, SourceState]:
    """The state of each watched outlet, as stored."""
    return {health.outlet_id: health.state for health in outlet_healths(context)}


def self_check(context: Context) -> list[PageCheck]:
    """Re-read the newest archived page of each watched outlet with today's declaration.

    Nothing is fetched and nothing stored. An outlet none of whose pages was archived is left out.
    """
    newest: dict[str, PageSeen] = {}
    with reading(context.engine) as connection:
        for page in newest_pages(connection, most=_PAGES_BACK):
            outlet = context.outlets.of_address(page.url)
            if outlet is not None:
                newest.setdefault(outlet.id, page)
            if len(newest) == len(context.outlets):
                break
    return [
        _check_page(context, outlet, newest[outlet.id])
        for outlet in context.outlets
        if outlet.id in newest
    ]


def self_check_on_record(context: Context) -> list[PageCheck]:
    """The nightly self-check, kept in the table of runs; what is in trouble, alone."""
    with on_record(context, "self_check") as counts:
        checks = self_check(context)
        sick = [check for check in checks if check.problem or check.missing]
        counts["pages"] = len(checks)
        counts["in_trouble"] = {
            check.outlet_id: check.problem or ", ".join(check.missing) for check in sick
        }
    return sick


def completeness_of(context: Context, period: Period) -> dict[str, Completeness]:
    """How many articles of the period each watched outlet's lists named none of, at least."""
    with reading(context.engine) as connection:
        overlaps = list_overlaps(connection, *period.bounds())
    return {outlet.id: completeness(overlaps.get(outlet.id, {})) for outlet in context.outlets}


def _histories(context: Context) -> dict[str, SourceHistory]:
    now = context.clock()
    with reading(context.engine) as connection:
        known = poll_history(connection, now - HISTORY, now + timedelta(seconds=1))
    return {url: history for url, history in known.items() if history.outlet_id in context.outlets}


def _healths(context: Context, histories: Mapping[str, SourceHistory]) -> tuple[OutletHealth, ...]:
    now = context.clock()
    tallies = _page_tallies(context, now)
    return tuple(
        outlet_health(
            outlet.id,
            _source_healths(outlet, histories, now),
            pages=tallies.get(outlet.id, PageTally()),
            now=now,
        )
        for outlet in context.outlets
    )


def _source_healths(
    outlet: Outlet, histories: Mapping[str, SourceHistory], now: datetime
) -> list[SourceHealth]:
    """Every declared source; one no longer declared, or found by the way, where it answers."""
    found = []
    declared = {source.url for source in outlet.sources}
    for source in outlet.sources:
        history = histories.get(source.url) or SourceHistory(
            url=source.url, outlet_id=outlet.id, kind=source.kind
        )
        found.append(source_health(history, now=now))
    for url, history in histories.items():
        if history.outlet_id == outlet.id and url not in declared:
            health = source_health(history, now=now)
            if health.state is SourceState.OK:
                found.append(health)
    return found


def _page_tallies(context: Context, now: datetime) -> dict[str, PageTally]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    with reading(context.engine) as connection:
        for url, outcome in pages_since(connection, now - timedelta(days=PAGE_DAYS)):
            outlet = context.outlets.of_address(url)
            if outlet is not None:
                counted[outlet.id][outcome] += 1
    return {outlet: PageTally(outcomes=dict(outcomes)) for outlet, outcomes in counted.items()}


def _silent_hosts(histories: Iterable[SourceHistory]) -> tuple[str, ...]:
    last = {
        urlsplit(history.url).hostname or history.url: history.last[0].outcome
        for history in histories
        if history.last
    }
    silent = sorted(host for host, outcome in last.items() if outcome in _SILENT)
    if len(silent) < max(len(last), _FEWEST_SILENT_HOSTS):
        return ()
    return tuple(silent)


def _check_page(context: Context, outlet: Outlet, seen: PageSeen) -> PageCheck:
    check = PageCheck(outlet_id=outlet.id, url=seen.url, fetched_at=seen.fetched_at)
    try:
        article = extract(_archived(context, seen), outlet=outlet)
    except (SetAside, ArchiveError) as error:
        return replace(check, problem=str(error))
    found = _fields(article)
    needed = ["headline", "published"]
    if article.media == Media.TEXT:
        needed += ["description", "body"]
    given = {field.name for field in found}
    return replace(
        check,
        headline=article.headline,
        found=tuple(found),
        missing=tuple(name for name in needed if name not in given),
    )


def _fields(article: ExtractedArticle) -> list[ReadField]:
    given: dict[str, object] = {
        "headline": article.headline,
        "description": article.description,
        "body": article.body,
        "published": article.published.at,
        "authors": article.authors,
    }
    told = article.origins
    origins = {
        **told,
        "body": told.get("articleBody", article.extractor),
        "published": told.get("datePublished", article.published.origin.value),
    }
    return [
        ReadField(name=name, origin=origins.get(name, "")) for name, value in given.items() if value
    ]


def _archived(context: Context, seen: PageSeen) -> RawPage:
    """The page as it lies in the archive; the project's own files are named from the home."""
    own = context.home / seen.archive_path
    path = own if own.exists() else Path(seen.archive_path)
    for response in read_archive(path, offset=seen.archive_offset):
        return replace(response.as_page(seen.archive_path), url=seen.url)
    raise ArchiveError(
        f"Tệp lưu trữ {seen.archive_path} không còn trang {seen.url} ở chỗ đã ghi. "
        "Chạy “diembao archive verify”."
    )
