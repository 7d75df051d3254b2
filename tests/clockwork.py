"""An installation whose clock a test turns, and jobs that do in a child what a test wants."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from domain.clock import VIETNAM
from domain.errors import DiembaoError
from domain.outlets import OutletBook
from domain.settings import Settings
from pipeline.context import Context
from pipeline.jobs_child import JobEnd
from pipeline.jobs_due import Turn
from storage.database import connect, database_url
from storage.forms import init_database, open_database
from tests.fakes import outlet

ROOT = Path(__file__).parents[1]


@dataclass
class TurnedClock:
    """This is a clock that stands still until it is turned."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **span: float) -> None:
        self.now += timedelta(**span)


def vn(text: str) -> datetime:
    """A Vietnamese moment written ``yyyy-mm-dd hh:mm``."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)


def installation(home: Path, clock: Callable[[], datetime], **sections: Any) -> Context:
    address = database_url(home, "")
    init_database(connect(address))
    return Context(
        settings=Settings.model_validate(sections),
        home=home,
        engine=open_database(address),
        outlets=OutletBook([outlet("bao_a")]),
        clock=clock,
    )


@dataclass
class Ledger:
    """This carries out jobs by writing them down; `ends` says how the next ones end."""

    clock: TurnedClock
    ran: list[tuple[str, datetime, timedelta]] = field(default_factory=list)
    ends: dict[str, list[JobEnd]] = field(default_factory=dict)
    takes: timedelta = timedelta(0)

    def __call__(self, turn: Turn, on_start: Callable[[int], None]) -> JobEnd:
        on_start(1)
        self.ran.append((turn.job.name, turn.slot, turn.late))
        self.clock.turn(seconds=self.takes.total_seconds())
        waiting = self.ends.get(turn.job.name)
        return waiting.pop(0) if waiting else JobEnd(state="done")

    def slots(self, job: str) -> list[datetime]:
        return [slot for name, slot, _ in self.ran if name == job]


def quick(context: Context, slot: datetime) -> None:
    (context.home / "quick").write_text(slot.isoformat(), encoding="utf-8")


def hangs(context: Context, slot: datetime) -> None:
    (context.home / "pid").write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(120)


def stubborn(context: Context, slot: datetime) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hangs(context, slot)


def dies(context: Context, slot: datetime) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leaves(context: Context, slot: datetime) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


def fails(context: Context, slot: datetime) -> None:
    raise DiembaoError("Không liên lạc được với cơ quan báo chí nào.")


def breaks(context: Context, slot: datetime) -> None:
    raise ZeroDivisionError("chia cho không")


def meets_a_full_disk(context: Context, slot: datetime) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "bao-cao.xlsx")


def meets_a_locked_database(context: Context, slot: datetime) -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    raise OperationalError("INSERT INTO articles", {"headline": "một tít"}, locked)
