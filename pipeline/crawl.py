"""The stage that collects: a child process fetches and archives, this one reads what it archived.

A reactor cannot be started twice in a process, so each crawl has a child of its own. The child
knows the network and the archive; what it fetched is read here, segment by segment, by the very
code that reads a replay. A child that is killed leaves its last segment open: the next run adopts
what is whole of it.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection as Pipe

from crawlers.crawl_records import CrawlOrder, CrawlOutcome
from domain.errors import DiembaoError, os_reason
from domain.pace import Standing
from pipeline.context import Context
from pipeline.crawl_child import crawl_in_child
from pipeline.segments import Segments
from storage.database import reading
from storage.links import pending_pages, unasked_outlets
from storage.polls import standings
from storage.runs import crawls_cut_short

_LOOK_EVERY_SECONDS = 0.25
_MB = 1_000_000
#: So long a page that was listed is asked for, whether a list still names it or not.
_PATIENCE = timedelta(hours=72)
#: A crawl that is cut short is taken up again at once; after so many in a row their sources' pace
#: decides, for what cuts them short will do so again.
_MOST_RESUMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """This says which sources a crawl asks, and how far back."""

    #: Only the sources that are due by their pace; else all whose server asked for no pause.
    due_only: bool = False
    #: With `due_only`, also the pages that a crawl which was cut short did not come to.
    resume: bool = False
    #: Section pages are followed back to this moment; None asks their first page alone.
    since: datetime | None = None


EVERYTHING = Asking()
DUE = Asking(due_only=True)
RESUMED = Asking(due_only=True, resume=True)


def collect(context: Context, segments: Segments, asking: Asking = EVERYTHING) -> CrawlOutcome:
    """Crawl the watched outlets and store what came; what each outlet gave."""
    order = crawl_order(context, asking)
    if not order.outlets:
        now = context.clock()
        return CrawlOutcome(outlets=(), began_at=now, ended_at=now)
    processes = multiprocessing.get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(
        target=crawl_in_child,
        args=(
            order,
            context.archive_folder,
            int(context.settings.storage.archive_segment_mb * _MB),
            context.engine.url.render_as_string(hide_password=False),
            context.clock,
            context.worker,
            sender,
        ),
        name="crawl",
    )
    child.start()
    sender.close()
    try:
        while child.is_alive() and not receiver.poll(_LOOK_EVERY_SECONDS):
            segments.read_new()
        outcome = _received(receiver)
        if outcome is not None:
            segments.recover()  # the archive was closed before the child spoke
        child.join()
    finally:
        # Whatever happened here, no crawl goes on without us.
        child.kill()
        child.join()
    if outcome is None:
        segments.recover()
        raise DiembaoError(
            f"Tiến trình thu thập dừng đột ngột (mã {child.exitcode}). Những gì đã tải đều được "
            "giữ; chạy lại để thu thập tiếp."
        )
    return outcome


def crawl_order(context: Context, asking: Asking) -> CrawlOrder:
    """What to ask now: the sources whose turn it is, the pages that are still to be had."""
    now = context.clock()
    declared = {source.url: outlet for outlet in context.outlets for source in outlet.sources}
    with reading(context.engine) as connection:
        known = standings(connection)
        chosen = {url for url in declared if _may_ask(known.get(url), now, asking)}
        whole = len(chosen) == len(declared) and not asking.due_only
        ids = {declared[url].id for url in chosen}
        if asking.resume:
            paused = {
                outlet.id for url, outlet in declared.items()
                if not _may_ask(known.get(url), now, EVERYTHING)
            }  # fmt: skip
            watched = [outlet.id for outlet in context.outlets if outlet.id not in paused]
            ids |= unasked_outlets(connection, watched, now - _PATIENCE)
        outlets = [outlet for outlet in context.outlets if whole or outlet.id in ids]
        pending = pending_pages(connection, [outlet.id for outlet in outlets], now - _PATIENCE)
    return CrawlOrder(
        outlets=tuple(outlets),
        settings=context.settings.crawl,
        since=asking.since,
        pending=pending,
        only_sources=None if whole else frozenset(chosen),
        robots_folder=context.home / "robots",
    )


def due_now(context: Context) -> Asking:
    """What a poll asks: the sources that are due, and what a crawl that was cut short left."""
    with reading(context.engine) as connection:
        cut_short = crawls_cut_short(connection)
    return RESUMED if 0 < cut_short <= _MOST_RESUMED else DUE


def anything_due(context: Context, asking: Asking = DUE) -> bool:
    """Whether there is anything to be asked for."""
    return bool(crawl_order(context, asking).outlets)


def _may_ask(standing: Standing | None, now: datetime, asking: Asking) -> bool:
    """Whether it is a source's turn; a person who asks everything waits for no pace, but for a
    server that wants to be left alone."""
    if standing is None:
        return True
    if asking.due_only:
        return standing.due_at <= now
    return standing.retry_after is None or standing.retry_after <= now


def _received(receiver: Pipe) -> CrawlOutcome | None:
    """What the child said; its failure is raised here, None where it died without a word."""
    try:
        said: CrawlOutcome | Exception = receiver.recv()
    except EOFError:
        return None
    if isinstance(said, Exception):
        why = os_reason(said) if isinstance(said, OSError) else said
        raise DiembaoError(
            f"Thu thập dừng giữa chừng: {why}. Những gì đã tải đều được giữ."
        ) from said
    return said
