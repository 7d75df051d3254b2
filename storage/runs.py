"""Runs and exports: what was done, when, and what came of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, text, update

from storage.tables import archives, exports, runs
from storage.upsert import upsert

#: Crawls looked back over when those are counted that were cut short.
_LOOKED_BACK: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """This is one row of the table of runs."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    pid: int
    counts: Mapping[str, Any]
    error: str


def start_run(connection: Connection, kind: str, now: datetime, *, alone: bool = True) -> int:
    """Open a run; if it is `alone`, earlier runs left open were killed, and are marked so."""
    if alone:
        # The holder of the writer's lock comes here: an open run has no process any more.
        connection.execute(
            update(runs)
            .where(runs.c.state == "running")
            .values(state="killed", finished_at=now, error="Lượt chạy bị ngắt giữa chừng.")
        )
    made = connection.execute(
        insert(runs).values(kind=kind, started_at=now, state="running", pid=os.getpid(), counts={})
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def finish_run(
    connection: Connection, run_id: int, now: datetime, *, counts: Mapping[str, Any], error: str
) -> None:
    """Close a run with its counts; an error makes it a failed one."""
    connection.execute(
        update(runs)
        .where(runs.c.id == run_id)
        .values(
            finished_at=now,
            state="failed" if error else "done",
            counts=dict(counts),
            error=error,
        )
    )


def last_runs(connection: Connection, limit: int = 30) -> list[Run]:
    """The newest runs, newest first."""
    rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(limit))
    return [Run(**row._mapping) for row in rows]


def last_started(connection: Connection) -> datetime | None:
    """When the newest run began by the clock it had; None where there was none."""
    newest: datetime | None = connection.scalar(select(func.max(runs.c.started_at)))
    return newest


def crawls_cut_short(connection: Connection) -> int:
    """How many of the newest crawls, one after another, did not come to their end.

    To be asked while none is at work. One that came to its end with problems (no network, say) was
    not cut short.
    """
    newest = connection.execute(
        select(runs.c.state, runs.c.counts)
        .where(runs.c.kind.in_(("crawl", "run")))
        .order_by(runs.c.id.desc())
        .limit(_LOOKED_BACK)
    )
    cut_short = [state != "done" and not counts.get("problems") for state, counts in newest]
    return cut_short.index(False) if False in cut_short else len(cut_short)


def record_export(connection: Connection, **values: Any) -> None:
    """Keep that a file was made, with its hash."""
    connection.execute(insert(exports).values(**values))


def has_table(connection: Connection, name: str) -> bool:
    """Whether a PostgreSQL database has a table of this name."""
    question = text("SELECT to_regclass(:name) IS NOT NULL")
    return bool(connection.scalar(question, {"name": name}))


def ingested(connection: Connection) -> set[str]:
    """Paths of the archive's segments that have been read to their end."""
    return set(connection.scalars(select(archives.c.path)))


def mark_ingested(connection: Connection, path: str, records: int, now: datetime) -> None:
    """Keep that a segment of the archive has been read to its end."""
    upsert(connection, archives, [{"path": path, "records": records, "ingested_at": now}])
