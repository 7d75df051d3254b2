"""The tries of scheduled jobs: what the clock trusts, whatever happened to its process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Row, func, insert, select, update

from storage.tables import job_runs

#: States of a try that came to no end of its own: its slot is tried again.
UNFINISHED: Final = frozenset({"killed", "stopped"})
#: States of a try that ended badly.
BAD: Final = frozenset({"failed", "timed_out", "killed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class JobTry:
    """This is one try of a job, for one moment of the timetable."""

    job: str
    slot: datetime
    state: str
    started_at: datetime
    finished_at: datetime | None
    late_seconds: int
    error: str
    #: How often the slot was tried, this try included.
    tries: int = 1


def newest_tries(connection: Connection) -> dict[str, JobTry]:
    """The newest try of the newest slot of each job; void ones do not count."""
    valid = job_runs.c.state != "void"
    newest = (
        select(job_runs.c.job, func.max(job_runs.c.slot).label("slot"))
        .where(valid)
        .group_by(job_runs.c.job)
        .subquery()
    )
    rows = connection.execute(
        select(job_runs)
        .join(newest, (newest.c.job == job_runs.c.job) & (newest.c.slot == job_runs.c.slot))
        .where(valid)
        .order_by(job_runs.c.id)
    )
    found: dict[str, JobTry] = {}
    for row in rows:
        before = found.get(row.job)
        found[row.job] = _as_try(row, tries=before.tries + 1 if before else 1)
    return found


def recent_tries(connection: Connection, since: datetime) -> list[JobTry]:
    """The tries that were started since a moment, oldest first."""
    rows = connection.execute(
        select(job_runs)
        .where(job_runs.c.started_at >= since, job_runs.c.state != "known")
        .order_by(job_runs.c.id)
    )
    return [_as_try(row) for row in rows]


def start_try(
    connection: Connection, job: str, slot: datetime, *, now: datetime, late_seconds: int, pid: int
) -> int:
    """Put down that a job is begun."""
    values = {"job": job, "slot": slot, "state": "running", "started_at": now, "pid": pid}
    made = connection.execute(
        insert(job_runs).values(**values, late_seconds=late_seconds)
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def end_try(
    connection: Connection, number: int, state: str, *, now: datetime, error: str = ""
) -> None:
    """Put down how a job ended."""
    connection.execute(
        update(job_runs)
        .where(job_runs.c.id == number)
        .values(state=state, finished_at=now, error=error)
    )


def note_slot(connection: Connection, job: str, slot: datetime, state: str, now: datetime) -> None:
    """Put down a slot that is not run: ``known`` when the job is new, ``missed`` when too late."""
    connection.execute(
        insert(job_runs).values(job=job, slot=slot, state=state, started_at=now, finished_at=now)
    )


def mark_killed(connection: Connection, now: datetime) -> list[JobTry]:
    """Tries left open belong to a process that is gone; only the one clock may call this."""
    open_ones = connection.execute(select(job_runs).where(job_runs.c.state == "running")).all()
    connection.execute(
        update(job_runs)
        .where(job_runs.c.state == "running")
        .values(state="killed", finished_at=now, error="Tiến trình bị ngắt giữa chừng.")
    )
    return [_as_try(row) for row in open_ones]


def void_after(connection: Connection, job: str, moment: datetime) -> int:
    """Take slots later than a moment for void: they were run by a clock that was wrong."""
    done = connection.execute(
        update(job_runs)
        .where(job_runs.c.job == job, job_runs.c.slot > moment, job_runs.c.state != "void")
        .values(state="void")
    )
    return done.rowcount


def forget_tries(connection: Connection, before: datetime, *, keep: Iterable[str]) -> int:
    """Delete old tries, but for those of the jobs named: the table stays small over years."""
    done = connection.execute(
        job_runs.delete().where(job_runs.c.started_at < before, job_runs.c.job.not_in(list(keep)))
    )
    return done.rowcount


def _as_try(row: Row[tuple[object, ...]], *, tries: int = 1) -> JobTry:
    values = row._mapping
    return JobTry(
        job=values["job"],
        slot=values["slot"],
        state=values["state"],
        started_at=values["started_at"],
        finished_at=values["finished_at"],
        late_seconds=values["late_seconds"],
        error=values["error"],
        tries=tries,
    )


def last_ends(connection: Connection) -> dict[str, datetime]:
    """When each job that was ever run well last ended so."""
    rows = connection.execute(
        select(job_runs.c.job, func.max(job_runs.c.finished_at))
        .where(job_runs.c.state == "done")
        .group_by(job_runs.c.job)
    )
    return {job: ended for job, ended in rows}


def job_counts(connection: Connection) -> dict[tuple[str, str], int]:
    """How many tries of each job ended how."""
    rows = connection.execute(
        select(job_runs.c.job, job_runs.c.state, func.count())
        .where(job_runs.c.state.not_in(["known", "void"]))
        .group_by(job_runs.c.job, job_runs.c.state)
    )
    return {(job, state): number for job, state, number in rows}
