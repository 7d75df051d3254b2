"""The running clock while the machine's own clock is set: back an hour, ahead a day, back a day.

    apt-get install libfaketime
    .venv/bin/python -m benchmarks.clock_jumps

The real process (`scheduler.Clockwork`, the system's clock, jobs in children) runs with libfaketime
before it, which reads from a file how far the machine's clock is off; its count of time that passes
is left alone, as when somebody sets a clock. A crawl is due at 05:30, a poll every minute; their
work is left out. Exit 1 where a crawl is missing or was run twice, or polling stops.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import scheduler
from domain.clock import VIETNAM, system_clock
from domain.outlets import OutletBook
from domain.settings import Settings
from pipeline.context import Context
from pipeline.jobs_turns import in_children
from storage.database import connect, database_url, reading
from storage.forms import init_database
from storage.job_runs import JobTry, recent_tries

_LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
_PATIENCE = 240.0
_OFF = (
    "tag",
    "measure",
    "digest",
    "export",
    "audit",
    "self_check",
    "backup",
    "retention",
    "weekly",
)
_FIRST, _SECOND = (datetime(2026, 7, day, 5, 30, tzinfo=VIETNAM) for day in (15, 16))


def nothing(context: Context, slot: datetime) -> None:
    """The work that is left out."""


def run(home: Path) -> None:
    """Be the clock, until told to stop."""
    schedule = {**dict.fromkeys(_OFF, ""), "watch_minutes": 0, "poll_minutes": 1}
    settings = Settings.model_validate({"schedule": {**schedule, "health_address": ""}})
    engine = connect(database_url(home, ""))
    init_database(engine)
    context = Context(
        settings=settings, home=home, engine=engine, outlets=OutletBook([]), clock=system_clock
    )
    clock = scheduler.Clockwork(context)
    clock._turns._carry_out = in_children(context, clock.stopping, work=lambda job: nothing)
    clock.run(print)


class Machine:
    """This is a machine whose clock somebody sets."""

    def __init__(self, home: Path) -> None:
        self.home, self._file = home, home / "offset"
        self._offset = timedelta(0)

    def set_to(self, moment: datetime) -> None:
        """Set the clock."""
        self._offset = moment - system_clock()
        part = self._file.with_suffix(".part")
        part.write_text(f"{self._offset.total_seconds():+.0f}s\n", encoding="ascii")
        part.replace(self._file)
        print(f"set to {moment.astimezone(VIETNAM):%d/%m %H:%M:%S}", flush=True)

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return system_clock() + self._offset

    def start(self) -> subprocess.Popen[bytes]:
        """Start the program on this machine."""
        given = {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        command = [sys.executable, "-m", "benchmarks.clock_jumps", "--home", str(self.home)]
        return subprocess.Popen(command, env={**os.environ, **given})

    def done(self, job: str) -> list[JobTry]:
        """The tries of a job that ended well, in order; none before the database is there."""
        if not (self.home / "ready").exists():
            if not (self.home / "schedule.sqlite").exists():
                return []
            (self.home / "ready").touch()
        with reading(connect(database_url(self.home, ""))) as connection:
            tries = recent_tries(connection, _FIRST - timedelta(days=9))
        return [one for one in tries if one.job == job and one.state == "done"]

    def crawls(self) -> Counter[datetime]:
        """How often each slot of the crawl was run and counts."""
        return Counter(one.slot.astimezone(VIETNAM) for one in self.done("crawl"))

    def wait_for_crawl(self, slot: datetime) -> None:
        """Wait until the crawl of a slot is done."""
        self._wait(f"the crawl of {slot:%d/%m}", lambda: self.crawls()[slot] > 0)

    def wait_for_poll(self) -> None:
        """Wait until a poll of after this moment is done: polling goes on."""
        since = self.now
        self._wait(
            "a poll",
            lambda: (
                any(since - timedelta(minutes=1) <= one.slot for one in self.done("poll"))
                and max(one.slot for one in self.done("poll")) <= self.now
            ),
        )

    def wait_past(self, moment: datetime) -> None:
        """Let the clock pass a moment by a minute."""
        time.sleep(max(0.0, (moment + timedelta(minutes=1) - self.now).total_seconds()))

    def _wait(self, what: str, came: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not came():
            if time.monotonic() - began > _PATIENCE:
                raise SystemExit(f"{what} did not come")
            time.sleep(1)
        print(f"{what} came after {time.monotonic() - began:.0f} s", flush=True)


def story(machine: Machine) -> None:
    """Set the clock again and again."""
    machine.wait_for_crawl(_FIRST)
    machine.wait_for_poll()
    machine.set_to(machine.now - timedelta(hours=1))
    machine.wait_for_poll()
    machine.set_to(_FIRST - timedelta(seconds=15))
    machine.wait_past(_FIRST)
    machine.wait_for_poll()
    _told(machine, {_FIRST: 1})
    machine.set_to(machine.now + timedelta(days=1))
    machine.wait_for_crawl(_SECOND)
    machine.set_to(machine.now - timedelta(days=1))
    machine.wait_for_poll()
    _told(machine, {_FIRST: 1})
    machine.set_to(_SECOND - timedelta(seconds=15))
    machine.wait_for_crawl(_SECOND)
    machine.wait_for_poll()
    _told(machine, {_FIRST: 1, _SECOND: 1})


def _told(machine: Machine, wanted: dict[datetime, int]) -> None:
    if machine.crawls() != wanted:
        raise SystemExit(f"crawls: {machine.crawls()}, not {wanted}")


def main() -> None:
    """Live through the story."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.home:
        run(asked.home)
        return
    with tempfile.TemporaryDirectory() as place:
        machine = Machine(Path(place))
        machine.set_to(_FIRST - timedelta(seconds=30))
        clock = machine.start()
        try:
            story(machine)
        finally:
            clock.send_signal(signal.SIGTERM)
            clock.wait(60)
    print(f"all well; the clock ended with {clock.returncode}")
    sys.exit(clock.returncode)


if __name__ == "__main__":
    main()
