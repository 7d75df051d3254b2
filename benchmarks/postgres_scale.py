"""One PostgreSQL that grows to millions of made-up articles: what an article costs, and the slope.

    make bench-postgres

A server of the machine's own packages is started in a temporary folder, with its defaults of
durability and some memory. It is filled backwards in time, 50,000 articles a month: what a month
holds stays the same however large the whole is (`benchmarks.postgres_fill`). At each size the web
application answers 20 readers (searches and agency pages, half and half, a second's thought after
each), alone and beside a day's load (`--day` articles) by the program's own path (stored, tags
stored, grouped, indexed; finding the tags is not part of it), and a month is exported, alone and
beside the same load. The measured days lie apart; after the last size comes a day that follows a
week of days as full as itself, so that its copies are sought among a week's articles. Told are
bytes on disk and processor seconds an article since the size before, of the program and of the
server, and the times.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select, text

import crawlers
from benchmarks.postgres_fill import DAYS, copy_day, copy_months
from benchmarks.postgres_readers import (
    Read,
    asked_words,
    p95,
    processor_of,
    read_while,
    said,
    web_server,
)
from benchmarks.year import Size as Press
from benchmarks.year import _polls
from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM, system_clock
from domain.codes import Area, Content, DateOrigin, DatePrecision, Role
from domain.outlets import OutletBook, read_outlets
from domain.periods import month
from domain.records import AgencyTag, Finding, PublishedTime
from domain.settings import Settings
from pipeline.context import Context
from pipeline.export import export
from pipeline.group import group
from pipeline.index import index
from storage.database import connect, kept_open, reading
from storage.declared import register_outlet
from storage.findings import store_findings
from storage.forms import init_database
from storage.incoming import Incoming
from storage.intake import store_articles
from storage.search import Question
from storage.search_page import search_first
from storage.tables import article_id, polls, sources
from tests.postgres_server import Server, discard, start_server

_BATCH = 1_000
_BODY_WORDS = 200
_A_MONTH = 50_000
#: The fill goes back in time from this month; the days that are loaded follow.
_MONTH = datetime(2026, 7, 1, tzinfo=VIETNAM)
#: Days from one measured day to the next: none is in reach of the other's copies.
_APART = 8
#: Between two exports beside the load: a report is made now and then.
_EXPORT_PAUSE = 40
#: `Nice` of the services in packaging/.
_NICE = 10
#: As an operator's server has it; the tests' server would be started without durability.
_SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=2GB",
             "work_mem=32MB", "maintenance_work_mem=256MB", "max_wal_size=4GB")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """This is the database that grows, and what it is filled from."""

    context: Context
    server: Server
    url: str
    register: AgencyRegister
    agencies: list[str]
    chance: random.Random
    #: Share of articles about the subject, and how many a day brings.
    relevant: float
    day: int

    @property
    def names(self) -> list[str]:
        """The outlets that write."""
        return [outlet.id for outlet in self.context.outlets]


def opened(server: Server, seed: int, *, relevant: float, day: int) -> Stock:
    """A new database with the outlets and a year of polls."""
    init_database(connect(server.url("so")))
    stock = stock_of(server, seed, relevant=relevant, day=day)
    with stock.context.engine.begin() as connection:
        for outlet in stock.context.outlets:
            register_outlet(connection, outlet)
        press = Press(articles=0, relevant=relevant, polls=4, seed=seed)
        for number in list(connection.scalars(select(sources.c.id))):
            connection.execute(insert(polls), list(_polls(number, press, stock.chance)))
    return stock


def stock_of(server: Server, seed: int, *, relevant: float, day: int) -> Stock:
    """What a process needs to put articles into a database that is there."""
    register = read_register()
    url, today = server.url("so"), _MONTH.date()
    return Stock(
        context=Context(
            settings=Settings(), home=server.folder, engine=kept_open(connect(url)),
            outlets=_outlets(), clock=system_clock,
        ),
        server=server,
        url=url,
        register=register,
        agencies=[each.id for each in (*register.ministries(today), *register.provinces(today))],
        chance=random.Random(seed),
        relevant=relevant,
        day=day,
    )  # fmt: skip


def fill(stock: Stock, first: int, until: int) -> None:
    """Put the articles of these numbers in: the first month by the path, the others as copies."""
    if not first:
        for day in range(DAYS):
            load(stock, _MONTH + timedelta(days=day), _A_MONTH // DAYS)
    engine, copies = stock.context.engine, (max(1, first // _A_MONTH), until // _A_MONTH)
    copy_months(engine, _MONTH, *copies, stock.chance)


def load(stock: Stock, day: datetime, count: int) -> dict[str, float]:
    """So many articles of a day by the program's own path; the seconds of each part."""
    engine = stock.context.engine
    spent = {"stored": 0.0, "tagged": 0.0, "grouped": 0.0, "indexed": 0.0}
    for first in range(0, count, _BATCH):
        batch = [
            _incoming(first + place, day, stock) for place in range(min(_BATCH, count - first))
        ]
        found = [_finding(each, stock) for each in batch]
        with _timed(spent, "stored"), engine.begin() as connection:
            store_articles(connection, batch)
        with _timed(spent, "tagged"), engine.begin() as connection:
            store_findings(connection, found)
    with _timed(spent, "grouped"):
        group(stock.context)
    with _timed(spent, "indexed"):
        index(stock.context)
    return spent


class _timed:
    """Adds the seconds of a block to a part's."""

    def __init__(self, spent: dict[str, float], part: str) -> None:
        self.spent, self.part = spent, part

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *raised: object) -> None:
        self.spent[self.part] += time.perf_counter() - self.began


def _incoming(number: int, day: datetime, stock: Stock) -> Incoming:
    chance = stock.chance
    outlet_id = chance.choice(stock.names)
    at = day + timedelta(seconds=chance.randrange(86_400))
    return Incoming(
        url=f"https://{outlet_id}.test/{day:%Y%m%d}/bai-{number}.html",
        outlet_id=outlet_id,
        source_id=None,
        page_id=None,
        captured_at=day + timedelta(days=1),
        content=Content.PAGE,
        headline=said(chance, 12),
        description=said(chance, 30),
        body=said(chance, _BODY_WORDS),
        published=PublishedTime(at=at, precision=DatePrecision.SECOND, origin=DateOrigin.PAGE_META),
    )


def _finding(each: Incoming, stock: Stock) -> Finding:
    chance = stock.chance
    relevant = chance.random() < stock.relevant
    return Finding(
        id=str(article_id(each.url)),
        model_version="v1",
        relevance=0.9 if relevant else 0.1,
        relevant=relevant,
        areas={chance.choice(list(Area)): 0.9} if relevant else {},
        agencies=(AgencyTag(id=chance.choice(stock.agencies), role=Role.FOCUS),)
        if relevant
        else (),
    )


def month_export(context: Context) -> float:
    """Seconds of one month's spreadsheet for the whole country."""
    began = time.perf_counter()
    export(context, read_register(), month("2026-07"), formats=["xlsx"], folder=context.home / "ra")
    return time.perf_counter() - began


def one_by_one(context: Context, count: int = 300) -> str:
    """How long searches took that one reader asked, those with a phrase and the others."""
    chance = random.Random(0)
    spent: dict[bool, list[float]] = {True: [], False: []}
    with reading(context.engine) as connection:
        for _ in range(count):
            words = asked_words(chance)
            asked = Question(words=words, relevant_only=chance.random() < 0.5)
            began = time.perf_counter()
            search_first(connection, asked, limit=20)
            spent['"' in words].append(time.perf_counter() - began)
    return "; ".join(
        f"{len(spent[quoted])} {name} a phrase {median(spent[quoted]) * 1000:.0f} ms (median), "
        f"p95 {p95(spent[quoted]) * 1000:.0f} ms"
        for quoted, name in ((True, "with"), (False, "without"))
    )


def export_beside(url: str, home: Path, pipe: Any, stop: Any) -> None:
    """Export the month again and again until told to stop; hands the times over."""
    context = Context(
        settings=Settings(), home=home, engine=connect(url), outlets=_outlets(), clock=system_clock
    )
    spent = []
    while not stop.wait(_EXPORT_PAUSE):
        spent.append(month_export(context))
    pipe.send(spent)


def _outlets() -> OutletBook:
    return read_outlets(Path(crawlers.__file__).parent / "outlets")


@dataclass(kw_only=True, slots=True)
class Day:
    """This is what a day's load came to; the server's processor has the readers' part in it."""

    seconds: float = 0.0
    processor: float = 0.0
    server: float = 0.0
    parts: dict[str, float] | None = None


def load_a_day(server: Server, day: datetime, share: float, count: int, pipe: Any) -> None:
    """A day's load in a process that lets others go first, as the installed services do."""
    os.nice(_NICE)
    stock = stock_of(server, int(day.timestamp()), relevant=share, day=count)
    began = time.perf_counter()
    parts = load(stock, day, count)
    pipe.send(Day(seconds=time.perf_counter() - began, processor=time.process_time(), parts=parts))


def _measured_day(stock: Stock, day: datetime, found: list[Day]) -> None:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    told = (stock.server, day, stock.relevant, stock.day, theirs)
    postmaster = _postmaster(stock)
    before = processor_of(postmaster)
    loader = spawn.Process(target=load_a_day, args=told)
    loader.start()
    theirs.close()
    found.append(ours.recv())
    loader.join()
    found[0].server = processor_of(postmaster) - before


def _postmaster(stock: Stock) -> int:
    return int((stock.server.folder / "data" / "postmaster.pid").read_text().split()[0])


def bytes_of(stock: Stock) -> int:
    """What the database takes on disk."""
    with reading(stock.context.engine) as connection:
        return connection.scalar(text("SELECT pg_database_size(current_database())")) or 0


def grow(stock: Stock, first: int, until: int) -> None:
    """Fill up to a size and tell what an article of this step cost."""
    postmaster, before = _postmaster(stock), bytes_of(stock)
    began, ours, theirs = time.perf_counter(), time.process_time(), processor_of(postmaster)
    fill(stock, first, until)
    engine = stock.context.engine
    with engine.connect().execution_options(
        isolation_level="AUTOCOMMIT", read_only=True
    ) as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    count, wall = until - first, time.perf_counter() - began
    _tell(
        f"{until:,} articles: {bytes_of(stock) / 1e6:,.0f} MB in all; of the last {count:,} each: "
        f"{(bytes_of(stock) - before) / count:,.0f} bytes, "
        f"{(time.process_time() - ours) / count * 1000:.2f} ms of the program's processor (making "
        f"the text counted in), {(processor_of(postmaster) - theirs) / count * 1000:.2f} ms of the "
        f"server's; filled in {wall:,.0f} s ({count / wall:,.0f} a second)"
    )


def measure(stock: Stock, day: datetime, seconds: float) -> None:
    """Readers alone, beside the day's load, and the month's export alone and beside it."""
    done: list[Day] = []
    load = partial(_measured_day, stock, day, done)
    for time_of in ("first", "second"):
        _tell(f"  asked one after the other, the {time_of} time: {one_by_one(stock.context)}")
    alone = [month_export(stock.context) for _ in range(3)]
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    over = spawn.Event()
    exporter = spawn.Process(
        target=export_beside, args=(stock.url, stock.server.folder, theirs, over)
    )
    with web_server(stock.url, stock.server.folder) as (port, token):
        read_while(port, token, seconds / 2)  # warm
        quiet = read_while(port, token, seconds)
        exporter.start()
        theirs.close()  # else its end would be waited for when it died
        busy = read_while(port, token, 3600, load)
        over.set()
        beside: list[float] = ours.recv()
        exporter.join()
    [found] = done
    parts = ", ".join(f"{name} {spent:.0f} s" for name, spent in (found.parts or {}).items())
    _tell(f"  month's export: alone {min(alone):.1f} s, beside the load "
          f"{', '.join(f'{each:.1f}' for each in beside)} s")  # fmt: skip
    _tell(f"  a day of {stock.day:,} in {found.seconds:.0f} s ({parts}); processor "
          f"{found.processor:.0f} s, server {found.server:.0f} s "
          "(readers and exports counted in)")  # fmt: skip
    _tell_read("alone", quiet)
    _tell_read("beside the load", busy)


def _tell_read(name: str, read: Read) -> None:
    _tell(
        f"  20 readers {name}: search p95 {p95(read.search) * 1000:.0f} ms "
        f"({len(read.search)}), agency page p95 {p95(read.agency) * 1000:.0f} ms "
        f"({len(read.agency)}), {len(read.failed)} failed {read.failed[:1] or ''}"
    )


def _tell(line: str) -> None:
    busy = "" if line.startswith(" ") else f" [load average {os.getloadavg()[0]:.1f}]"
    print(line + busy, flush=True)


def main() -> None:
    """Each size in turn, in one database."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--relevant", type=float, default=0.02)
    parser.add_argument("--day", type=int, default=30_000, help="articles that a day brings")
    parser.add_argument("--seconds", type=float, default=60, help="of readers alone")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    server = start_server(*_SETTINGS)
    try:
        stock = opened(server, asked.seed, relevant=asked.relevant, day=asked.day)
        first, day = 0, _MONTH + timedelta(days=31)
        for count in asked.articles:
            grow(stock, first, count)
            measure(stock, day, asked.seconds)
            first, day = count, day + timedelta(days=_APART)
        before = day - timedelta(days=_APART)
        copy_day(stock.context.engine, before, _APART - 2, stock.chance)
        _tell(f"after a week of {asked.day:,} a day")
        measure(stock, day - timedelta(days=1), asked.seconds)
    finally:
        discard(server)


if __name__ == "__main__":
    main()
