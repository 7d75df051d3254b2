"""What was run, told and handed out: runs, jobs, notices, the disk, exports."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, String, Table, Text

from storage.tables.columns import Moment, metadata

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    #: running, done, failed; a "running" row without its process was killed.
    Column("state", String(16), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("counts", JSON, nullable=False, default=dict),
    Column("error", Text, nullable=False, default=""),
)

#: One line each time a job of the timetable was tried: the truth about what was run.
job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job", String(32), nullable=False),
    #: The moment of the timetable that the try is for.
    Column("slot", Moment, nullable=False),
    #: known, running, done, failed, timed_out, killed, stopped, missed, void.
    Column("state", String(16), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("late_seconds", Integer, nullable=False, default=0),
    Column("pid", Integer, nullable=False, default=0),
    Column("error", Text, nullable=False, default=""),
    Index(None, "job", "slot", "state"),
)

#: What the operator was told, or is still to be told; `key` names the trouble.
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(200), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    #: None while it could not be handed to anybody.
    Column("sent_at", Moment),
    #: When the trouble was over; None while it lasts.
    Column("over_at", Moment),
    Index(None, "key", "over_at"),
)

#: How full the disk of the home folder was, one reading a day: what a trend is drawn from.
disk_readings = Table(
    "disk_readings",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("free_bytes", BigInteger, nullable=False),
    Column("used_bytes", BigInteger, nullable=False),
)

exports = Table(
    "exports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("period", Text, nullable=False),
    Column("scope", String(64), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
)
