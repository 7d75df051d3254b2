"""How far the content of the database has come: equal versions, equal figures."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from storage.tables import audit_trail, corrections, runs

#: Deeds of a person that change figures and leave no newer correction or run.
CHANGING_DEEDS = ("undo", "event", "enter")


def data_version(connection: Connection) -> str:
    """A short text that changes when a run ends and when a person corrects anything.

    What a run that still goes on has stored so far does not change it. Every part is read from the
    end of an index.
    """
    last = connection.execute(
        select(runs.c.id, runs.c.state).order_by(runs.c.id.desc()).limit(1)
    ).one_or_none()
    corrected = connection.scalar(select(func.max(corrections.c.id)))
    deeds = [
        connection.scalar(select(func.max(audit_trail.c.id)).where(audit_trail.c.action == deed))
        for deed in CHANGING_DEEDS
    ]
    run = (last.id, last.state) if last else (0, "")
    return "-".join(str(part or 0) for part in (*run, corrected, *deeds))
