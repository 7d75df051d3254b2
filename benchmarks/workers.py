"""Workers killed again and again while they crawl: nothing lost, nothing doubled, no host rushed.

    python -m benchmarks.workers --workers 4 --minutes 10 --kill-every 20

Loopback outlets are crawled by workers of one PostgreSQL queue. Every so many seconds one worker
is killed outright and another is started. In the end
every article of every outlet stands once, and the press's own log holds each host's delay. Exit 1
where that is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy.exc import OperationalError

from pipeline.engine_postgres import submit_crawl
from storage.database import Engine
from tests.fault_press.house import House
from tests.fault_press.server import FaultPress, by_host
from tests.fault_press.stories import stories
from tests.fault_press.twists import FIRST_CRAWL, PRINTED
from tests.postgres_server import discard, start_server
from tests.worker_child import (
    DELAY,
    SLACK,
    Hand,
    content,
    hands,
    prepared,
    start,
    unfinished,
)


def left(engine: Engine) -> int:
    """Pieces of crawling that are not done; a database that is away has some for sure."""
    try:
        return unfinished(engine)
    except OperationalError:
        return 1


def shake(
    engine: Engine, told: list[Hand], seconds: float, every: float, chance: random.Random
) -> int:
    """Kill a worker every so often until the time is over; how many were killed."""
    workers: list[BaseProcess] = [start(hand, once=False) for hand in told]
    kills, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(every)
        place = chance.randrange(len(workers))
        os.kill(workers[place].pid or 0, signal.SIGKILL)
        workers[place].join()
        workers[place] = start(told[place], once=False)
        kills += 1
        if not left(engine):
            submit_crawl(told[0].context(), due_only=False)
    while left(engine):
        time.sleep(1)
    for worker in workers:
        worker.kill()
        worker.join()
    return kills


def main() -> None:
    """Shake the workers, then compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--outlets", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kill-every", type=float, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    houses = [
        House(name=f"bao_{n}", stories=stories(f"bao_{n}", PRINTED)) for n in range(asked.outlets)
    ]
    server = start_server()
    try:
        url = server.url("tho")
        with (
            tempfile.TemporaryDirectory() as home,
            FaultPress(by_host(houses), now=FIRST_CRAWL) as press,
        ):
            engine = prepared(url)
            told = hands(url, Path(home), press, houses, asked.workers)
            submit_crawl(told[0].context(), due_only=False)
            kills = shake(
                engine, told, asked.minutes * 60, asked.kill_every, random.Random(asked.seed)
            )
            gaps = [
                after.tick - before.tick
                for house in houses
                for before, after in pairwise(press.asked(house.host))
            ]
            found = [str(row[0]) for row in content(engine)]
    finally:
        discard(server)
    due = sorted(house.url(story) for house in houses for story in house.stories)
    rushed = sum(gap < DELAY - SLACK for gap in gaps)
    print(f"{kills} kills, {len(gaps) + len(houses):,} requests, shortest gap {min(gaps):.3f} s")
    print(f"{len(due)} articles due, {len(found)} stored, {rushed} requests too soon")
    sys.exit(0 if found == due and not rushed else 1)


if __name__ == "__main__":
    main()
