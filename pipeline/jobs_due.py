"""Whose turn it is now, by the table of tries and the wall clock; no alarm is trusted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.jobs import PlannedJob
from storage.job_runs import UNFINISHED, JobTry

#: A slot that failed is tried so often in all, so far apart.
_TRIES = 3
_PAUSE = timedelta(minutes=30)
#: A slot whose process is killed each time is given up after so many tries.
KILLS = 5
#: Below this a slot is on time.
_ON_TIME = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """This says that a job is to be run, for which slot, and how late that is."""

    job: PlannedJob
    slot: datetime
    late: timedelta
    #: True where the slot is too late to be run: it is only put down as missed.
    given_up: bool = False

    @property
    def is_late(self) -> bool:
        """Whether the delay is worth a word."""
        return self.late > _ON_TIME


def turn_of(job: PlannedJob, newest: JobTry | None, now: datetime) -> Turn | None:
    """The slot of `job` to be run now; None where there is none.

    A job without any try is new: it waits for its next slot.
    """
    if newest is None:
        return None
    slot = job.slots.last(now)
    if newest.slot < slot:
        late = now - slot
        given_up = job.grace is not None and late > job.grace
        return Turn(job=job, slot=slot, late=late, given_up=given_up)
    # A slot ahead of the clock was run before the clock was set back.
    if newest.slot <= now and _again(job, newest, now):
        return Turn(job=job, slot=newest.slot, late=now - newest.slot)
    return None


def _again(job: PlannedJob, newest: JobTry, now: datetime) -> bool:
    if newest.state in UNFINISHED:
        # Who was asked to stop is no danger to the machine.
        return newest.state == "stopped" or newest.tries < KILLS
    if newest.state not in ("failed", "timed_out") or not job.tried_again:
        return False
    ended = newest.finished_at or newest.started_at
    return newest.tries < _TRIES and now - ended >= _PAUSE


def delay_in_words(late: timedelta) -> str:
    """A delay as a person says it.

    >>> delay_in_words(timedelta(hours=3, minutes=12))
    '3 giờ 12 phút'
    >>> delay_in_words(timedelta(days=2, hours=1))
    '2 ngày 1 giờ'
    """
    minutes = int(late.total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "ngày"), (hours, "giờ"), (rest if not days else 0, "phút")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "dưới 1 phút"
