"""Activities outside the press: entered by people, the same entry kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.activities import Activity, ActivityKind
from domain.errors import UsageError
from domain.text import fold_for_matching
from storage.tables import activities


def activity_key(activity: Activity) -> str:
    """What makes two entries the same: agency, form, title and days."""
    parts = (
        activity.agency_id,
        activity.kind.value,
        fold_for_matching(activity.title),
        activity.first_day.isoformat(),
        activity.last_day.isoformat(),
    )
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def keep_activities(
    connection: Connection, new: Sequence[Activity], *, now: datetime
) -> tuple[int, int]:
    """Keep activities; how many were new and how many took the place of an earlier entry.

    An entry of the same agency, form, title and days is brought up to date: the plan's number comes
    first, what was done later.
    """
    held = set(connection.scalars(select(activities.c.key)))
    added = changed = 0
    for activity in new:
        key, values = activity_key(activity), _values(activity, now)
        if key in held:
            connection.execute(update(activities).where(activities.c.key == key).values(values))
            changed += 1
        else:
            connection.execute(insert(activities).values({"key": key, **values}))
            held.add(key)
            added += 1
    return added, changed


def activities_of(
    connection: Connection, first: date, last: date, *, agency: str | None = None
) -> list[Activity]:
    """The activities that touch the days, in order of time; of every agency where none is named."""
    question = select(activities).where(
        activities.c.first_day <= last, activities.c.last_day >= first
    )
    if agency is not None:
        question = question.where(activities.c.agency_id == agency)
    rows = connection.execute(question.order_by(activities.c.first_day, activities.c.id))
    return [_activity(row) for row in rows]


def remove_activity(connection: Connection, number: int) -> Activity:
    """Take an activity out of the table; an unknown number is a `UsageError`."""
    row = connection.execute(select(activities).where(activities.c.id == number)).one_or_none()
    if row is None:
        raise UsageError(f"Không có hoạt động số {number}. Xem các số: diembao activities list.")
    connection.execute(delete(activities).where(activities.c.id == number))
    return _activity(row)


def _values(activity: Activity, now: datetime) -> dict[str, Any]:
    return {
        "agency_id": activity.agency_id,
        "kind": activity.kind.value,
        "title": activity.title,
        "first_day": activity.first_day,
        "last_day": activity.last_day,
        "planned": activity.planned,
        "done": activity.done,
        "unit": activity.unit,
        "note": activity.note,
        "author": activity.author,
        "entered_at": activity.entered_at or now,
    }


def _activity(row: Row[Any]) -> Activity:
    return Activity(
        id=row.id,
        agency_id=row.agency_id,
        kind=ActivityKind(row.kind),
        title=row.title,
        first_day=row.first_day,
        last_day=row.last_day,
        planned=row.planned,
        done=row.done,
        unit=row.unit,
        note=row.note,
        author=row.author,
        entered_at=row.entered_at,
    )
