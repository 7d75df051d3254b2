"""Carrying out whose turn it is, one job after the other, each put down before and after."""

from __future__ import annotations

import importlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.clock import VIETNAM
from pipeline.context import Context
from pipeline.jobs import JOBS, WORK, PlannedJob
from pipeline.jobs_child import JobEnd, Work, job_order, run_in_child
from pipeline.jobs_due import KILLS, Turn, delay_in_words, turn_of
from pipeline.notices import Notice, over, tell
from pipeline.own_outlets import OutletsAnew
from storage.database import Connection, reading
from storage.job_runs import (
    BAD,
    JobTry,
    end_try,
    mark_killed,
    newest_tries,
    note_slot,
    start_try,
    void_after,
)

log = logging.getLogger(__name__)

#: A job of every few minutes may fail so often in a row before the operator is told.
_PATIENCE = 6


class CarryOut(Protocol):
    """This runs a job and says how it ended; ``on_start`` is told the process that does it."""

    def __call__(self, turn: Turn, on_start: Callable[[int], None]) -> JobEnd:
        """Run it."""
        ...


@dataclass(frozen=True, slots=True)
class NamedWork:
    """This is the work of a job, looked up where it is done: the clock need not load it all."""

    job: str

    def __call__(self, context: Context, slot: datetime) -> None:
        """Do it."""
        module, name = WORK[self.job].split(":")
        # The models and the crawler are loaded here, in the child alone.
        work: Work = getattr(importlib.import_module(module), name)
        work(context, slot)


def in_children(
    context: Context,
    stopping: threading.Event,
    *,
    work: Callable[[str], Work] = NamedWork,
    on_look: Callable[[], None] = lambda: None,
) -> CarryOut:
    """Jobs that run in a process of their own each, within their limit.

    Each is given the outlets as they are declared when it begins.
    """
    outlets = OutletsAnew(context)

    def carry_out(turn: Turn, on_start: Callable[[int], None]) -> JobEnd:
        order = job_order(outlets.current(), turn.job.name, turn.slot, work(turn.job.name))
        return run_in_child(
            order, limit=turn.job.limit, stopping=stopping, on_start=on_start, on_look=on_look
        )

    return carry_out


class Turns:
    """This runs what is due by the table of tries, and puts down what came of it."""

    def __init__(
        self,
        context: Context,
        jobs: Sequence[PlannedJob],
        carry_out: CarryOut,
        stopping: threading.Event,
    ) -> None:
        self._context = context
        self._jobs = jobs
        self._carry_out = carry_out
        self._stopping = stopping
        #: Bad ends in a row of each job.
        self._bad: Counter[str] = Counter()
        #: The end of the last job, while it is not in the table yet.
        self._ended: tuple[int, JobEnd, datetime] | None = None

    def begin(self) -> None:
        """What a killed process left open is to be tried again; new jobs wait for their turn."""
        now = self._context.clock()
        with self._context.engine.begin() as connection:
            for left in mark_killed(connection, now):
                log.warning("job was cut off", extra={"job": left.job, "slot": _local(left.slot)})
            known = newest_tries(connection)
            self._note_new(connection, known, now)
        for one in known.values():
            if one.state == "killed" and one.tries >= KILLS and one.job in JOBS:
                self._tell_given_up(one)

    def run_due(self) -> int:
        """Run every job whose turn it is; how many were run."""
        done = 0
        # Asked anew after each job: it may have taken hours.
        while not self._stopping.is_set() and (turn := self._next_turn()) is not None:
            self._run(turn)
            done += 1
        return done

    def _next_turn(self) -> Turn | None:
        self._put_down()
        now = self._context.clock()
        newest = self._newest(now)
        for job in self._jobs:
            turn = turn_of(job, newest.get(job.name), now)
            if turn is None:
                continue
            if not turn.given_up:
                return turn
            self._give_up(turn, now)
        return None

    def _newest(self, now: datetime) -> dict[str, JobTry]:
        """The newest tries, after those that a clock that was ahead has run are made void."""
        with reading(self._context.engine) as connection:
            newest = newest_tries(connection)
        ahead = [
            job
            for job in self._jobs
            if job.name in newest and newest[job.name].slot > now + job.tolerance
        ]
        if not ahead:
            return newest
        with self._context.engine.begin() as connection:
            for job in ahead:
                void_after(connection, job.name, now + job.tolerance)
                log.warning("clock was set back: later slots are void", extra={"job": job.name})
            # Who was first started by a clock that was ahead has nothing left: new again.
            self._note_new(connection, newest_tries(connection), now)
            return newest_tries(connection)

    def _note_new(self, connection: Connection, known: Mapping[str, JobTry], now: datetime) -> None:
        """A job without any try waits for its next slot."""
        for job in self._jobs:
            if job.name not in known:
                note_slot(connection, job.name, job.slots.last(now), "known", now)

    def _give_up(self, turn: Turn, now: datetime) -> None:
        with self._context.engine.begin() as connection:
            note_slot(connection, turn.job.name, turn.slot, "missed", now)
        late = delay_in_words(turn.late)
        log.warning("slot missed", extra={"job": turn.job.name, "late": late})
        self._tell(
            f"missed:{turn.job.name}",
            f"Lỡ một lượt: {JOBS[turn.job.name]}",
            f"Lượt “{turn.job.name}” của {_local(turn.slot)} đã muộn {late}, quá thời hạn chạy bù "
            "(grace_hours ở mục [schedule]), nên không chạy nữa. Cần thì chạy tay: "
            f"diembao schedule --once {turn.job.name}.",
        )

    def _tell_given_up(self, one: JobTry) -> None:
        self._tell(
            f"job:{one.job}",
            f"Bỏ một lượt đã bị ngắt {one.tries} lần: {JOBS[one.job]}",
            f"Lượt “{one.job}” của {_local(one.slot)} lần nào cũng bị ngắt giữa chừng nên không "
            "chạy nữa. Thường là thiếu bộ nhớ hoặc máy khởi động lại: xem nhật ký hệ thống, rồi "
            f"chạy tay: diembao schedule --once {one.job}.",
        )

    def _run(self, turn: Turn) -> None:
        number = 0

        def on_start(pid: int) -> None:
            nonlocal number
            with self._context.engine.begin() as connection:
                number = start_try(
                    connection,
                    turn.job.name,
                    turn.slot,
                    now=self._context.clock(),
                    late_seconds=int(turn.late.total_seconds()),
                    pid=pid,
                )

        said = {"job": turn.job.name, "slot": _local(turn.slot)}
        if turn.is_late:
            said["late"] = delay_in_words(turn.late)
        log.info("job started late" if turn.is_late else "job started", extra=said)
        end = self._carry_out(turn, on_start)
        self._ended = (number, end, self._context.clock())
        self._put_down()
        level = logging.ERROR if end.state in BAD else logging.INFO
        log.log(level, "job ended", extra={**said, "state": end.state, "error": end.error})
        self._judge(turn, end)

    def _put_down(self) -> None:
        """Keep how the last job ended; where the database refuses, at the next look."""
        if self._ended is None:
            return
        number, end, at = self._ended
        with self._context.engine.begin() as connection:
            end_try(connection, number, end.state, now=at, error=end.error)
        self._ended = None

    def _judge(self, turn: Turn, end: JobEnd) -> None:
        """Tell the operator of a bad end; after a good one the trouble is over."""
        name = turn.job.name
        if end.state == "done":
            self._bad[name] = 0
            over(self._context, (f"job:{name}", f"missed:{name}"))
        if end.state not in BAD:
            return
        self._bad[name] += 1
        if turn.job.tried_again or self._bad[name] >= _PATIENCE:
            self._tell(
                f"job:{name}",
                f"{_WORDS[end.state]}: {JOBS[name]}",
                f"Lượt “{name}” của {_local(turn.slot)} không xong. {end.error}",
            )

    def _tell(self, key: str, subject: str, text: str) -> None:
        kind = "backup" if key.endswith(":backup") else "job"
        tell(self._context, Notice(kind=kind, key=key, subject=subject, text=text))


_WORDS = {
    "failed": "Việc không thành",
    "timed_out": "Việc chạy quá lâu, đã dừng",
    "killed": "Việc bị ngắt",
}


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
