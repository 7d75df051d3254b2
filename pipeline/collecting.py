"""Collect and store, from the network or from an archive; nothing that came is tagged here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crawlers.crawl_records import CrawlOutcome
from pipeline.context import Context
from pipeline.crawl import EVERYTHING, Asking, collect
from pipeline.ingest import Ingestion
from pipeline.record import on_record
from pipeline.segments import Segments
from pipeline.tally import Tally
from storage.archive import left_open

#: So few outlets may be silent at once without the network being to blame.
_FEW = 5


def crawl_only(
    context: Context, *, replay: Sequence[Path] = (), asking: Asking = EVERYTHING
) -> tuple[CrawlOutcome | None, Tally]:
    """Collect and store, without reading what came."""
    with on_record(context, "crawl") as counts:
        crawl, tally = collected(context, replay, asking)
        counts |= tally.as_counts()
        counts["problems"] = [*tally.problems, *(crawl_problems(crawl, asking) if crawl else ())]
    return crawl, tally


def collected(
    context: Context, replay: Sequence[Path], asking: Asking = EVERYTHING
) -> tuple[CrawlOutcome | None, Tally]:
    """What the network gave, None in a replay; and what was stored of it."""
    with Ingestion(context, live=not replay) as ingestion:
        ingestion.register_outlets()
        if replay:
            for path in replay:
                ingestion.file(path, str(path))
            return None, ingestion.tally
        segments = Segments(context, ingestion)
        segments.recover()
        return collect(context, segments, asking), ingestion.tally


def take_up_left(context: Context) -> None:
    """Store what a killed crawl left in this part of the archive, if it left anything."""
    if left_open(context.archive_folder):
        with Ingestion(context) as ingestion:
            Segments(context, ingestion).recover()


def crawl_problems(crawl: CrawlOutcome, asking: Asking = EVERYTHING) -> tuple[str, ...]:
    """A crawl that reached no outlet at all has failed; a few silent outlets are a gap."""
    if crawl.reached or not crawl.outlets:
        return ()
    if asking.due_only and len(crawl.outlets) < _FEW:
        return ()
    return (
        "Không liên lạc được với cơ quan báo chí nào. "
        "Kiểm tra mạng, máy chủ trung gian ([crawl] proxy) và tường lửa rồi chạy lại.",
    )
