"""Tagging by one worker and by two, on the machine that also runs PostgreSQL.

    python -m benchmarks.workers_tagging --workers 1 2 --articles 4000 [--texts FILE.jsonl.gz]

For each number of workers a fresh database is filled with the same articles: the first of a file
of real texts, or made-up syllables. The workers have their models loaded when the work is handed
out; timed is from then until no part of the tagging is left. Beside the rate stands what an article
costs in processor time, of the workers and of the server: where the machine is not free, the clock
says little, and the cost says what its cores could do.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.web import headline
from domain.codes import Content, DateOrigin, DatePrecision
from domain.outlets import Outlet
from domain.records import PublishedTime
from domain.settings import EngineSettings, Settings
from nlp.labelled import read_background
from pipeline.engine_postgres import submit
from storage.database import Engine, reading
from storage.declared import register_outlet
from storage.incoming import Incoming
from storage.intake import store_articles
from storage.tables import articles
from tests.fault_press.house import House
from tests.fault_press.stories import stories
from tests.fault_press.twists import FIRST_CRAWL
from tests.postgres_server import Server, discard, start_server
from tests.worker_child import Hand, prepared, start

_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=256MB")
_BATCH = 500
_BODY_SYLLABLES = 450
_TICKS = os.sysconf("SC_CLK_TCK")
_LEFT = text("SELECT count(*) FROM engine.procrastinate_jobs WHERE queue_name = 'tag'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tagged:
    """This is what one number of workers came to."""

    seconds: float
    #: Processor seconds.
    workers: float
    server: float


def texts(path: Path | None, count: int, seed: int) -> list[tuple[str, str]]:
    """Titles and texts: real ones, or made-up syllables."""
    if path is not None:
        return [(each.title, each.text) for each in islice(read_background(path), count)]
    chance = random.Random(seed)
    return [
        (" ".join(headline(chance, 12)), " ".join(headline(chance, _BODY_SYLLABLES)))
        for _ in range(count)
    ]


def fill(engine: Engine, outlet: Outlet, found: Sequence[tuple[str, str]]) -> None:
    """Store the articles, untagged."""
    with engine.begin() as connection:
        register_outlet(connection, outlet)
    for first in range(0, len(found), _BATCH):
        with engine.begin() as connection:
            store_articles(
                connection,
                [
                    _incoming(outlet, first + place, *each)
                    for place, each in enumerate(found[first : first + _BATCH])
                ],
            )


def _incoming(outlet: Outlet, number: int, title: str, body: str) -> Incoming:
    at = FIRST_CRAWL - timedelta(minutes=number)
    return Incoming(
        url=f"https://{outlet.id}.test/bai-{number}.html",
        outlet_id=outlet.id,
        source_id=None,
        page_id=None,
        captured_at=FIRST_CRAWL,
        content=Content.PAGE,
        headline=title,
        description="",
        body=body,
        published=PublishedTime(at=at, precision=DatePrecision.SECOND, origin=DateOrigin.PAGE_META),
    )


def measure(server: Server, count: int, found: Sequence[tuple[str, str]]) -> Tagged:
    """Tag the articles with so many workers."""
    engine = prepared(server.url(f"gan_{count}"))
    outlet = House(name="bao_thu", stories=stories("bao_thu", ())).declared()
    with tempfile.TemporaryDirectory() as home:
        told = [_hand(server.url(f"gan_{count}"), Path(home), outlet, n) for n in range(count)]
        workers = [start(hand, once=False) for hand in told]
        try:
            # With nothing to tag, each takes a part and has its models from then on.
            _tag(told[0], engine)
            fill(engine, outlet, found)
            pids = [worker.pid or 0 for worker in workers]
            hands, base, begun = spent(pids), server_spent(server), time.perf_counter()
            _tag(told[0], engine)
            seconds = time.perf_counter() - begun
            done = Tagged(
                seconds=seconds,
                workers=spent(pids) - hands,
                server=server_spent(server) - base,
            )
        finally:
            for worker in workers:
                worker.kill()
                worker.join()
    with reading(engine) as connection:
        tagged = connection.scalar(select(func.count()).where(articles.c.tag_version != ""))
    assert tagged == len(found), f"{tagged} of {len(found)} tagged"
    return done


def _hand(url: str, home: Path, outlet: Outlet, number: int) -> Hand:
    return Hand(
        name=f"may-{number}",
        url=url,
        home=home,
        settings=Settings(engine=EngineSettings(kind="postgres")),
        outlets=(outlet,),
        moment=FIRST_CRAWL,
    )


def _tag(hand: Hand, engine: Engine) -> None:
    """Hand the tagging out and wait until it is done."""
    submit(hand.context(), "tag")
    while True:
        with reading(engine) as connection:
            if not connection.scalar(_LEFT):
                return
        time.sleep(0.1)


def spent(pids: Iterable[int]) -> float:
    """Processor seconds of living processes."""
    return sum(sum(map(int, _stat(pid)[11:13])) for pid in pids) / _TICKS


def server_spent(server: Server) -> float:
    """Processor seconds of a server: of its processes, and of those that have ended."""
    first = int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    total = sum(map(int, _stat(first)[11:15]))
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = _stat(int(entry.name))
            except OSError:
                continue  # it has ended meanwhile
            total += sum(map(int, fields[11:13])) if int(fields[1]) == first else 0
    return total / _TICKS


def _stat(pid: int) -> list[str]:
    """What the system says of a process, from its state on: fields 3 and later."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def main() -> None:
    """Each number of workers in turn, then how much more the last did than the first."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--texts", type=Path, help="JSON lines of real texts")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    found = texts(asked.texts, asked.articles, asked.seed)
    server = start_server(*_DURABLE)
    rates = []
    try:
        for count in asked.workers:
            load = os.getloadavg()[0]
            cost = measure(server, count, found)
            rates.append(len(found) / cost.seconds)
            of_each = 1000 / len(found)
            print(
                f"{count} workers: {len(found):,} articles in {cost.seconds:.1f} s, "
                f"{rates[-1]:.0f} a second; processor of an article: workers "
                f"{cost.workers * of_each:.2f} ms, server {cost.server * of_each:.2f} ms; "
                f"{(cost.workers + cost.server) / cost.seconds:.2f} of {os.cpu_count()} cores; "
                f"load of the machine before: {load:.1f}",
                flush=True,
            )
    finally:
        discard(server)
    print(f"ratio {rates[-1] / rates[0]:.2f} (wanted: 1.5 from 1 to 2 on 2 free cores)")


if __name__ == "__main__":
    main()
