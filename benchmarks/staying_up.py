"""Nights of the whole timetable on the demo press, killed at random moments: what is left, whole.

Each night starts from nothing: every job is due, late. The clock and its children are killed with
SIGKILL (the clock alone, or everything at once as in a power cut), or stopped with SIGTERM, and
started again, until every slot is done. After each kill, every file under a final name is read to
its end; after the night, what is stored is compared with what the press printed, the archive with
its sums, and the last backup is restored and compared.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from demo.press import DemoPress, start_press
from demo.run import EVENING, open_demo
from demo.truth import compare
from domain.clock import ShiftedClock, system_clock
from domain.outlets import OutletBook
from pipeline.backup import restore
from pipeline.backup_store import backups, read_manifest
from pipeline.context import Context
from pipeline.jobs import planned_jobs
from pipeline.jobs_turns import Turns, in_children
from pipeline.verify import verify
from storage.database import connect, database_url, reading
from storage.job_runs import recent_tries
from storage.rows import article_addresses
from storage.snapshot import check_snapshot, table_digests

#: Before the monthly and weekly slots of the demo's last week.
_BEFORE = timedelta(days=7)
_NEVER = threading.Event()
#: A job is struck so often in a night; from the fifth time on the clock would give it up.
_AT_MOST = 3
#: So long after the last start, in seconds, a kill comes at the latest.
_LATEST = 30.0


def night(home: Path) -> int:
    """Run all that is due, as the clock does; told to stop, stop."""
    context = opened(home, *pickle.load(sys.stdin.buffer))
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
    turns = Turns(context, planned_jobs(context.settings), in_children(context, stopping), stopping)
    turns.begin()
    worker = threading.Thread(target=turns.run_due)
    worker.start()
    while worker.is_alive():
        worker.join(0.2)
    return 0


def opened(
    home: Path, outlets: OutletBook, proxy: str, by: timedelta, given: Mapping[str, object]
) -> Context:
    """The installation of a night, with the demo press behind its proxy."""
    context = open_demo(home, outlets, proxy, clock=ShiftedClock(system_clock, by))
    schedule = context.settings.schedule.model_copy(update={"health_address": "", **given})
    settings = context.settings.model_copy(update={"schedule": schedule})
    return replace(context, settings=settings)


class Night:
    """This is one home, from nothing to everything done, with kills on the way."""

    def __init__(
        self,
        home: Path,
        press: DemoPress,
        dice: random.Random,
        *,
        schedule: Mapping[str, object] = MappingProxyType({}),
        most: int | None = None,
        latest: float = _LATEST,
    ) -> None:
        self.home, self.dice, self.most, self.latest = home, dice, most, latest
        by = EVENING - system_clock()
        self.order = (press.outlets, press.proxy_url, by, dict(schedule))
        self.context = opened(home, *self.order)
        self.kills: Counter[str] = Counter()
        self.in_job: Counter[str] = Counter()

    def prepare(self) -> None:
        """Let all jobs wait since a week before: all of them are due."""
        earlier = replace(self.context, clock=lambda: EVENING - _BEFORE)
        jobs = planned_jobs(self.context.settings)
        Turns(earlier, jobs, in_children(earlier, _NEVER), _NEVER).begin()

    def live(self) -> None:
        """Start, strike, start again, until it ends by itself."""
        while (child := self._start()) is not None:
            while child.poll() is None:
                try:
                    child.wait(self.dice.uniform(1.0, self.latest))
                except subprocess.TimeoutExpired:
                    if self._strike(child):
                        child.wait(60)
                        time.sleep(1.0)  # orphans leave
                        whole_files(self.home)
                        break
            else:
                if child.returncode != 0:
                    raise SystemExit(f"the clock ended with {child.returncode}")
                return

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.staying_up", "--night", str(self.home)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd=Path(__file__).parents[1],
        )
        assert child.stdin is not None
        with child.stdin:
            pickle.dump(self.order, child.stdin)
        return child

    def _strike(self, child: subprocess.Popen[bytes]) -> bool:
        """Strike the clock; not where the job that runs was struck so often that it would be
        given up."""
        with reading(self.context.engine) as connection:
            tries = recent_tries(connection, EVENING - _BEFORE)
        running = [one.job for one in tries if one.state == "running"]
        job = running[-1] if running else "between"
        if self.in_job[job] >= _AT_MOST or self.most == self.kills.total():
            return False
        self.in_job[job] += 1
        way = self.dice.choice(["clock", "all", "term"])
        self.kills[way] += 1
        if way == "all":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.send_signal(signal.SIGKILL if way == "clock" else signal.SIGTERM)
        return True

    def judge(self) -> None:
        """Nothing lost, nothing doubled, everything made once, the backup equal."""
        with reading(self.context.engine) as connection:
            found = article_addresses(connection)
            tries = recent_tries(connection, EVENING - _BEFORE)
        compared = compare(found)
        if compared.missing or compared.unexpected:
            raise SystemExit(f"lost {compared.missing}, too many {compared.unexpected}")
        done = Counter((one.job, one.slot) for one in tries if one.state == "done")
        jobs = {job.name for job in planned_jobs(self.context.settings)}
        if {job for job, _ in done} != jobs or max(done.values()) > 1:
            raise SystemExit(f"not done, or done twice: {done}")
        if faults := verify(self.context).faults:
            raise SystemExit(f"{faults} faults in the archive")
        self._restore()

    def _restore(self) -> None:
        packed = backups(self.home / "backups")[-1]
        with tempfile.TemporaryDirectory() as place:
            restore(packed, self.context.settings, Path(place), clock=self.context.clock)
            engine = connect(database_url(Path(place), ""))
            if engine.dialect.name == "sqlite":
                check_snapshot(Path(place) / "diembao.sqlite")
            with reading(engine) as connection:
                table_digests(connection)


def whole_files(home: Path) -> None:
    """Every file under a final name can be read to its end."""
    for path in (home / "reports").glob("[!.]*"):
        _read(path)
    for path in backups(home / "backups"):
        read_manifest(path)
    for path in (home / "archive").glob("*.warc.gz"):
        if subprocess.run(["gzip", "-t", str(path)], check=False).returncode:
            raise SystemExit(f"half a segment: {path}")


def _read(path: Path) -> None:
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as packed:
            if packed.testzip():
                raise SystemExit(f"half a file: {path}")
    elif path.suffix == ".json":
        json.loads(path.read_text(encoding="utf-8"))
    elif path.suffix == ".pdf" and b"%%EOF" not in path.read_bytes()[-64:]:
        raise SystemExit(f"half a file: {path}")


def short(dice: random.Random) -> None:
    """One night of few jobs, struck twice early."""
    jobs = ("self_check", "tag", "measure", "digest", "audit", "retention", "weekly")
    off = {**dict.fromkeys(jobs, ""), "poll_minutes": 0, "watch_minutes": 0}
    with start_press() as press, tempfile.TemporaryDirectory() as place:
        one = Night(Path(place) / "home", press, dice, schedule=off, most=2, latest=6.0)
        one.prepare()
        one.live()
        one.judge()
    print(f"{one.kills.total()} kills, all well")


def main() -> None:
    """Live through so many kills and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--short", action="store_true", help="two kills, the jobs that write most")
    parser.add_argument("--night", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.night:
        sys.exit(night(given.night))
    if given.short:
        short(random.Random(given.seed))
        return
    dice, kills, in_job, nights = random.Random(given.seed), Counter[str](), Counter[str](), 0
    with start_press() as press:
        while kills.total() < given.kills:
            with tempfile.TemporaryDirectory() as place:
                one = Night(Path(place) / "home", press, dice)
                one.prepare()
                one.live()
                one.judge()
            nights += 1
            kills += one.kills
            in_job += one.in_job
            print(f"night {nights}: {one.kills.total()} kills, all well", flush=True)
    print(f"{kills.total()} kills in {nights} nights: {dict(kills)}; in jobs: {dict(in_job)}")


if __name__ == "__main__":
    main()
