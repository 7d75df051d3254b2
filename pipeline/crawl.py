"""The stage that collects: a child process fetches and archives, this one reads what it archived.

A reactor cannot be started twice in a process, so each crawl has a child of its own. The child
knows the network and the archive; what it fetched is read here, segment by segment, by the very
code that reads a replay. A child that is killed leaves its last segment open: the next run adopts
what is whole of it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from crawlers.archive_reading import read_archive
from crawlers.crawl import CrawlOrder, CrawlOutcome, run_crawl
from domain.clock import Clock
from domain.errors import ArchiveError, DiembaoError
from pipeline.context import Context
from pipeline.ingest import Ingestion
from storage.archive import SegmentWriter, adopt, left_open, segments
from storage.database import connect, reading
from storage.intake import known_pages
from storage.runs import ingested, mark_ingested

_LOOK_EVERY_SECONDS = 0.5
_MB = 1_000_000


def collect(context: Context, ingestion: Ingestion) -> CrawlOutcome:
    """Crawl the watched outlets and store what came; what each outlet gave."""
    order = CrawlOrder(outlets=tuple(context.outlets), settings=context.settings.crawl)
    processes = multiprocessing.get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(
        target=_crawl_in_child,
        args=(
            order,
            context.archive_folder,
            int(context.settings.storage.archive_segment_mb * _MB),
            context.engine.url.render_as_string(hide_password=False),
            context.clock,
            sender,
        ),
        name="crawl",
    )
    child.start()
    sender.close()
    try:
        while child.is_alive() and not receiver.poll(_LOOK_EVERY_SECONDS):
            ingest_segments(context, ingestion)
        outcome = _received(receiver)
        child.join()
    finally:
        # Whatever happened here, no crawl goes on without us.
        child.kill()
        child.join()
    recover(context, ingestion)
    if outcome is None:
        raise DiembaoError(
            f"Tiến trình thu thập dừng đột ngột (mã {child.exitcode}). Những gì đã tải đều được "
            "giữ; chạy lại để thu thập tiếp."
        )
    return outcome


def recover(context: Context, ingestion: Ingestion) -> None:
    """Read whatever lies in the archive unread, segments of a killed crawl included."""
    for part in left_open(context.archive_folder):
        adopt(part, whole_bytes=_whole_bytes(part))
    ingest_segments(context, ingestion)


def ingest_segments(context: Context, ingestion: Ingestion) -> None:
    """Store what the archive's whole segments hold and was not stored yet."""
    with reading(context.engine) as connection:
        done = ingested(connection)
    for path in segments(context.archive_folder):
        shown = path.relative_to(context.home).as_posix()
        if shown in done:
            continue
        records = ingestion.file(path, shown)
        with context.engine.begin() as connection:
            mark_ingested(connection, shown, records, context.clock())


def _whole_bytes(part: Path) -> int:
    """Where the last whole record of a segment left open ends."""
    records = read_archive(part)
    try:
        for _ in records:
            pass
    except ArchiveError:
        return records.offset
    return part.stat().st_size


def _received(receiver: Pipe) -> CrawlOutcome | None:
    """What the child said; its failure is raised here, None where it died without a word."""
    try:
        said: CrawlOutcome | Exception = receiver.recv()
    except EOFError:
        return None
    if isinstance(said, Exception):
        raise DiembaoError(
            f"Thu thập dừng giữa chừng: {said}. Những gì đã tải đều được giữ."
        ) from said
    return said


def _crawl_in_child(
    order: CrawlOrder,
    folder: Path,
    max_bytes: int,
    database: str,
    clock: Clock,
    sender: Pipe,
) -> None:
    archive = SegmentWriter(folder, max_bytes=max_bytes, clock=clock)
    known: Callable[[Sequence[str]], set[str]] = partial(_known, database)
    try:
        said: CrawlOutcome | Exception = run_crawl(order, archive=archive, known=known, clock=clock)
    except Exception as error:
        # Not swallowed: the parent raises it.
        said = error
    archive.close()
    sender.send(said)


def _known(database: str, urls: Sequence[str]) -> set[str]:
    with reading(connect(database)) as connection:
        return known_pages(connection, urls)
