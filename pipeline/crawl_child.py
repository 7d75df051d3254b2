"""The child of a crawl: it fetches and archives.

It loads no more than that takes, for its start is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from crawlers.crawl_records import CrawlOrder, CrawlOutcome
from domain.clock import Clock
from pipeline.orphans import leave_with_parent
from storage.archive import SegmentWriter
from storage.database import connect, reading
from storage.links import known_pages
from storage.postgres_turns import HostTurns

#: No request is under way so much longer than its time allowed.
_LEASE_BEYOND = timedelta(seconds=10)


def crawl_in_child(
    order: CrawlOrder,
    folder: Path,
    max_bytes: int,
    database: str,
    clock: Clock,
    worker: str,
    sender: Pipe,
) -> None:
    """Crawl and say what came of it, or what failed, through `sender`."""
    leave_with_parent()
    # The crawler's library is loaded where it runs: the process that stores has no use for it.
    from crawlers.crawl import run_crawl

    turns = _turns(order, database, worker)
    archive = SegmentWriter(folder, max_bytes=max_bytes, clock=clock)
    known: Callable[[Sequence[str]], set[str]] = partial(_known, database, clock())
    try:
        try:
            said: CrawlOutcome | Exception = run_crawl(
                order, archive=archive, known=known, clock=clock, turns=turns
            )
        finally:
            archive.close()
    except Exception as error:
        # Not swallowed: the parent raises it.
        said = error
    if turns:
        turns.close()
    sender.send(said)


def _turns(order: CrawlOrder, database: str, worker: str) -> HostTurns | None:
    """The turns of hosts, where other workers may ask them too."""
    if not worker:
        return None
    lease = timedelta(seconds=2 * order.settings.timeout_seconds) + _LEASE_BEYOND
    return HostTurns(database, worker, lease=lease)


def _known(database: str, began: datetime, urls: Sequence[str]) -> set[str]:
    with reading(connect(database)) as connection:
        return known_pages(connection, urls, told_before=began)
