"""PostgreSQL from 0.1 to 5 million made-up articles: what an article costs, and how that grows.

    python -m benchmarks.postgres_scale --articles 100000 1000000

A server of the machine's own packages is started in a temporary folder, with its defaults but for
memory. For each size the database is filled, with bodies and search index; then a day's 30,000
articles come in by the program's own path (stored, tagged, indexed) while 20 readers in a process
of their own ask searches, and an agency's month is measured. Told are bytes and processor seconds
an article, the day's load, and the 95th percentile of the searches and of the agency's month.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

import crawlers
from benchmarks.web import headline
from benchmarks.year import Size, _articles, _tag, agency_month
from domain.agencies import read_register
from domain.clock import VIETNAM, system_clock
from domain.codes import Area, Content, DateOrigin, DatePrecision, Role
from domain.outlets import OutletBook, read_outlets
from domain.records import AgencyTag, Finding, PublishedTime
from domain.settings import Settings
from pipeline.context import Context
from storage.database import Engine, connect, kept_open, reading
from storage.declared import register_outlet
from storage.findings import store_findings
from storage.forms import init_database
from storage.incoming import Incoming
from storage.intake import store_articles
from storage.search import Question, index_pending
from storage.search_page import search_first
from storage.tables import article_id, articles, bodies
from storage.upsert import insert_rows
from tests.postgres_server import discard, start_server

_BATCH = 10_000
_DAY, _DAY_BATCH = 30_000, 1_000
_READERS, _RATE = 20, 20
_BODY_SYLLABLES = 300
_NOW = datetime(2026, 12, 31, 20, tzinfo=VIETNAM)
_MEMORY = ("shared_buffers=1GB", "work_mem=32MB", "maintenance_work_mem=256MB", "max_wal_size=4GB")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """This is what one size of database came to."""

    articles: int
    megabytes: float
    filled_seconds: float
    day_seconds: float
    day_processor: float
    #: Of searches alone, of searches beside the day's load, of an agency's month.
    quiet_p95: float
    busy_p95: float
    agency_p95: float


def fill(engine: Engine, size: Size, book: OutletBook, agencies: list[str]) -> None:
    """Put the articles in, with bodies and index."""
    chance = random.Random(size.seed)
    with engine.begin() as connection:
        for outlet in book:
            register_outlet(connection, outlet)
    names = [outlet.id for outlet in book]
    for first in range(0, size.articles, _BATCH):
        rows = list(_worded(first, min(_BATCH, size.articles - first), names, size, chance))
        texts = [
            {"article_id": row["id"], "body": " ".join(headline(chance, _BODY_SYLLABLES))}
            for row in rows
        ]
        with engine.begin() as connection:
            insert_rows(connection, articles, rows)
            insert_rows(connection, bodies, texts)
            _tag(connection, [row for row in rows if row["relevant"]], agencies, chance)
        with engine.begin() as connection:
            index_pending(connection, limit=_BATCH)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _worded(
    first: int, count: int, names: list[str], size: Size, chance: random.Random
) -> Iterator[dict[str, Any]]:
    for row in _articles(first, count, names, size, chance):
        yield {**row, "headline": " ".join(headline(chance, 12)), "indexed": False}


def load_day(engine: Engine, book: OutletBook, agencies: list[str]) -> None:
    """A day's articles by the program's own path."""
    chance = random.Random(1)
    names = [outlet.id for outlet in book]
    for first in range(0, _DAY, _DAY_BATCH):
        batch = [_incoming(first + place, chance, names) for place in range(_DAY_BATCH)]
        found = [_finding(each, chance, agencies) for each in batch]
        with engine.begin() as connection:
            store_articles(connection, batch)
        with engine.begin() as connection:
            store_findings(connection, found)
        with engine.begin() as connection:
            index_pending(connection, limit=_DAY_BATCH)


def _incoming(number: int, chance: random.Random, names: list[str]) -> Incoming:
    at = _NOW - timedelta(seconds=chance.randrange(86_400))
    outlet_id = chance.choice(names)
    return Incoming(
        url=f"https://{outlet_id}.test/hom-nay/bai-{number}.html",
        outlet_id=outlet_id,
        source_id=None,
        page_id=None,
        captured_at=_NOW,
        content=Content.PAGE,
        headline=" ".join(headline(chance, 12)),
        description=" ".join(headline(chance, 30)),
        body=" ".join(headline(chance, _BODY_SYLLABLES)),
        published=PublishedTime(at=at, precision=DatePrecision.SECOND, origin=DateOrigin.PAGE_META),
    )


def _finding(each: Incoming, chance: random.Random, agencies: list[str]) -> Finding:
    relevant = chance.random() < 0.05
    return Finding(
        id=str(article_id(each.url)),
        model_version="v1",
        relevance=0.9 if relevant else 0.1,
        relevant=relevant,
        areas={chance.choice(list(Area)): 0.9} if relevant else {},
        agencies=(AgencyTag(id=chance.choice(agencies), role=Role.FOCUS),) if relevant else (),
    )


def read_beside(url: str, seconds: float, pipe: Any, stop: Any) -> None:
    """Ask searches at a steady rate from 20 threads, until told to stop; hands their times over."""
    engine = kept_open(connect(url))
    spent: list[float] = []
    until = time.monotonic() + seconds

    def reader(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < until and not stop.is_set():
            time.sleep(chance.expovariate(_RATE / _READERS))
            begun = time.perf_counter()
            words = " ".join(headline(chance, chance.choice((1, 2, 2, 3))))
            asked = Question(words=words, relevant_only=chance.random() < 0.5)
            with reading(engine) as connection:
                search_first(connection, asked, limit=20)
            spent.append(time.perf_counter() - begun)

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(_READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    pipe.send(spent)


def p95(spent: list[float]) -> float:
    """Within what time 95 of 100 came."""
    return sorted(spent)[int(0.95 * len(spent))]


def read_while(url: str, seconds: float, work: Any = None) -> list[float]:
    """The times of searches, asked for so long or while a work goes on."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    stop = spawn.Event()
    readers = spawn.Process(target=read_beside, args=(url, seconds, theirs, stop))
    readers.start()
    if work is not None:
        time.sleep(3)  # their process has begun by now
        work()
        stop.set()
    spent: list[float] = ours.recv()
    readers.join()
    return spent


def measure(url: str, size: Size, home: Path, book: OutletBook) -> Cost:
    """Fill one database and load it."""
    register = read_register()
    agencies = [
        each.id for each in (*register.ministries(_NOW.date()), *register.provinces(_NOW.date()))
    ]
    engine = connect(url)
    init_database(engine)
    begun = time.perf_counter()
    fill(engine, size, book, agencies)
    filled = time.perf_counter() - begun
    with reading(engine) as connection:
        held = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    quiet = read_while(url, 30)
    times: list[float] = []
    processor = time.process_time()

    def day() -> None:
        started = time.perf_counter()
        load_day(engine, book, agencies)
        times.append(time.perf_counter() - started)

    busy = read_while(url, 600, day)
    processor = time.process_time() - processor
    context = Context(
        settings=Settings(), home=home, engine=kept_open(engine), outlets=book, clock=system_clock
    )
    agency = []
    for _ in range(20):
        started = time.perf_counter()
        agency_month(context, register)
        agency.append(time.perf_counter() - started)
    context.engine.dispose()
    return Cost(
        articles=size.articles,
        megabytes=held / 1e6,
        filled_seconds=filled,
        day_seconds=times[0],
        day_processor=processor,
        quiet_p95=p95(quiet),
        busy_p95=p95(busy),
        agency_p95=p95(agency),
    )


def main() -> None:
    """Each size in turn, then the slope."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--relevant", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    book = read_outlets(Path(crawlers.__file__).parent / "outlets")
    server = start_server(*_MEMORY)
    try:
        for count in asked.articles:
            size = Size(articles=count, relevant=asked.relevant, polls=1, seed=asked.seed)
            cost = measure(server.url(f"so_{count}"), size, server.folder, book)
            print(
                f"{count:,} articles: {cost.megabytes:,.0f} MB "
                f"({cost.megabytes * 1e6 / count:,.0f} bytes each), filled in "
                f"{cost.filled_seconds:,.0f} s; a day of {_DAY:,} in {cost.day_seconds:.0f} s "
                f"({cost.day_processor / _DAY * 1000:.2f} ms of processor each, the server's not "
                f"counted); searches p95 {cost.quiet_p95 * 1000:.0f} ms, beside the load "
                f"{cost.busy_p95 * 1000:.0f} ms; an agency's month {cost.agency_p95 * 1000:.0f} ms",
                flush=True,
            )
    finally:
        discard(server)


if __name__ == "__main__":
    main()
