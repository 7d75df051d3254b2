"""Workers killed again and again while they crawl: nothing lost, nothing doubled, no host rushed.

    python -m benchmarks.workers --workers 2 4 --minutes 10 --kill-every 20

One worker of a PostgreSQL queue crawls outlets on loopback: what it stored is the measure. Then as
many workers as asked, each with a loopback address of its own, crawl the same press again and
again; every third page answers 503 when it is first asked for. First they are left in peace: told
is how long after its turn had come a host was asked. Then every so many seconds one worker is
killed outright and another is started in its place; in the middle the database is stopped as by a
power cut and started again. In the end what is stored must equal what one worker stored, and the
press's own log must hold each host's delay. Exit 1 where that is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy.exc import OperationalError

from pipeline.engine_postgres import submit_crawl
from storage.database import Engine
from tests.fault_press.house import House
from tests.fault_press.server import HTML, Asked, FaultPress, Reply, by_host
from tests.fault_press.stories import stories
from tests.fault_press.twists import FIRST_CRAWL, on_page
from tests.postgres_server import Server, discard, start_server
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

#: As an operator has it: what is committed is on the disk.
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
#: When the articles of an outlet were printed, the newest first.
_PRINTED = tuple(FIRST_CRAWL - timedelta(minutes=7 + 60 * hour) for hour in range(48))
#: So long the database is away.
_AWAY_SECONDS = 5.0
#: What is left when the time is over must be done by then.
_PATIENCE_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Shaken:
    """This is what was done to the workers of one trial, and what came of it."""

    content: list[tuple[object, ...]]
    kills: int
    restarts: int
    #: Workers that ended although nobody killed them.
    fell: int
    rounds: int
    requests: int
    peers: int
    shortest_gap: float
    too_soon: int
    #: Seconds until each host was asked first, and after each turn that came until it was asked.
    first: list[float]
    idle: list[float]


class Crew:
    """These are the workers at work; one that ends is started anew, as systemd would."""

    def __init__(self, told: Sequence[Hand]) -> None:
        self._told = told
        self._workers: list[BaseProcess] = [start(hand, once=False) for hand in told]
        self.kills = self.fell = 0

    def kill_one(self, chance: random.Random) -> None:
        """Kill one outright; another takes its place."""
        place = chance.randrange(len(self._workers))
        os.kill(self._workers[place].pid or 0, signal.SIGKILL)
        self._workers[place].join()
        self._workers[place] = start(self._told[place], once=False)
        self.kills += 1

    def look_after(self) -> None:
        """Start anew whoever ended by itself."""
        for place, worker in enumerate(self._workers):
            if not worker.is_alive():
                self._workers[place] = start(self._told[place], once=False)
                self.fell += 1

    def dismiss(self) -> None:
        """End them all."""
        for worker in self._workers:
            worker.kill()
            worker.join()


def _busy_at_first(house: House, asked: Asked) -> Reply | None:
    story = house.story(asked)
    busy = story is not None and story.number % 3 == 0 and not asked.before
    return Reply(status=503, headers={"Content-Type": HTML}) if busy else None


def left(engine: Engine) -> int:
    """Pieces of crawling that are not done; a database that is away has some for sure."""
    try:
        return unfinished(engine)
    except OperationalError:
        return 1


def shake(
    server: Server, engine: Engine, told: Sequence[Hand], asked: argparse.Namespace
) -> tuple[Crew, int, int]:
    """Strike until the time is over and the work is done; the crew, restarts and rounds."""
    chance = random.Random(asked.seed)
    crew, began = Crew(told), time.monotonic()
    ends, next_kill = began + asked.minutes * 60, began + asked.kill_every
    restarts, rounds = 0, 1
    while (now := time.monotonic()) < ends:
        if not restarts and now > (began + ends) / 2:
            server.stop(abruptly=True)
            time.sleep(_AWAY_SECONDS)
            server.start(*_DURABLE)
            restarts = 1
        if now > next_kill:
            crew.kill_one(chance)
            next_kill += asked.kill_every
        if not left(engine):
            submit_crawl(told[0].context(), due_only=False)
            rounds += 1
        crew.look_after()
        time.sleep(0.5)
    until = time.monotonic() + _PATIENCE_SECONDS
    while left(engine) and time.monotonic() < until:
        crew.look_after()
        time.sleep(1)
    crew.dismiss()
    return crew, restarts, rounds


def trial(
    server: Server, name: str, houses: Sequence[House], workers: int, asked: argparse.Namespace,
    *, in_peace: bool,
) -> Shaken:  # fmt: skip
    """Crawl the press with so many workers: once in peace, else again and again, with kills."""
    with (
        tempfile.TemporaryDirectory() as home,
        FaultPress(by_host(houses), now=FIRST_CRAWL) as press,
    ):
        engine = prepared(server.url(name))
        told = hands(server.url(name), Path(home), press, houses, workers)
        submit_crawl(told[0].context(), due_only=False)
        kills = restarts = fell = 0
        rounds, began = 1, time.monotonic()
        if in_peace:
            for worker in [start(hand, once=True) for hand in told]:
                worker.join()
        else:
            crew, restarts, rounds = shake(server, engine, told, asked)
            kills, fell = crew.kills, crew.fell
        if unfinished(engine):
            sys.exit(f"{workers} workers: {unfinished(engine)} pieces of work are not done")
        asked_for = [press.asked(house.host) for house in houses]
        gaps = [after.tick - before.tick for each in asked_for for before, after in pairwise(each)]
        return Shaken(
            content=content(engine),
            kills=kills,
            restarts=restarts,
            fell=fell,
            rounds=rounds,
            requests=sum(map(len, asked_for)),
            peers=len({one.peer for each in asked_for for one in each}),
            shortest_gap=min(gaps),
            too_soon=sum(gap < DELAY - SLACK for gap in gaps),
            first=[each[0].tick - began for each in asked_for],
            idle=sorted(gap - DELAY for gap in gaps),
        )


def tell_idle(found: Shaken, workers: int) -> None:
    """Tell how long hosts were left alone although their turn had come."""
    middle, late = (found.idle[int(share * len(found.idle))] for share in (0.5, 0.95))
    print(
        f"{workers} workers in peace: hosts first asked {min(found.first):.1f} to "
        f"{max(found.first):.1f} s after they were handed out (starting the workers counted in); "
        f"then asked {middle * 1000:.0f} ms after each turn came (median), 95 of 100 within "
        f"{late * 1000:.0f} ms, all within {found.idle[-1]:.2f} s",
        flush=True,
    )


def is_well(found: Shaken, one: Shaken, workers: int) -> bool:
    """Tell what came of a trial; whether all is as it was with one worker."""
    twice = sum(count > 1 for count in Counter(row[0] for row in found.content).values())
    lost = len(set(one.content) - set(found.content))
    other = len(set(found.content) - set(one.content))
    print(
        f"{workers} workers from {found.peers} addresses: {found.kills} killed, "
        f"{found.restarts} restart of the database, {found.fell} ended by themselves, "
        f"{found.rounds} rounds, {found.requests:,} requests; stored {len(found.content)} "
        f"(one worker: {len(one.content)}), lost {lost}, other {other}, twice {twice}; "
        f"shortest gap {found.shortest_gap:.3f} s for {DELAY} s, {found.too_soon} too soon",
        flush=True,
    )
    return found.content == one.content and not found.too_soon and not twice


def main() -> None:
    """One worker in peace, then the shaken ones; compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--outlets", type=int, default=8)
    parser.add_argument("--articles", type=int, default=30, help="of each outlet")
    parser.add_argument("--minutes", type=float, default=10, help="for each number of workers")
    parser.add_argument("--kill-every", type=float, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    houses = [
        House(
            name=f"bao_{n}",
            stories=stories(f"bao_{n}", _PRINTED[: asked.articles]),
            twist=on_page(_busy_at_first),
        )
        for n in range(asked.outlets)
    ]
    server = start_server(*_DURABLE)
    try:
        one = trial(server, "mot", houses, 1, asked, in_peace=True)
        due = sorted(house.url(story) for house in houses for story in house.stories)
        well = [str(row[0]) for row in one.content] == due
        print(f"1 worker: {len(due)} articles printed, {len(one.content)} stored", flush=True)
        tell_idle(one, 1)
        for workers in asked.workers:
            calm = trial(server, f"yen_{workers}", houses, workers, asked, in_peace=True)
            tell_idle(calm, workers)
            found = trial(server, f"tho_{workers}", houses, workers, asked, in_peace=False)
            well &= is_well(calm, one, workers) and is_well(found, one, workers)
    finally:
        discard(server)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
