"""Notices to the operator: raised once, kept until they are sent, over when the trouble is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.tables import disk_readings, notices
from storage.upsert import upsert


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptNotice:
    """This is one notice as it is kept."""

    id: int
    kind: str
    key: str
    subject: str
    text: str
    raised_at: datetime
    sent_at: datetime | None


def raise_notice(
    connection: Connection,
    *,
    kind: str,
    key: str,
    subject: str,
    text: str,
    now: datetime,
    silent_since: datetime,
) -> bool:
    """Keep a notice, unless the same trouble was told since `silent_since`; whether it is new."""
    lasting = connection.execute(
        select(notices.c.id).where(
            notices.c.key == key, notices.c.over_at.is_(None), notices.c.raised_at >= silent_since
        )
    ).first()
    if lasting is not None:
        return False
    values = {"kind": kind, "key": key, "subject": subject, "text": text, "raised_at": now}
    connection.execute(insert(notices).values(**values))
    return True


def end_trouble(connection: Connection, keys: Iterable[str], now: datetime) -> None:
    """The troubles of these keys are over: the next time they are told at once."""
    for key in keys:
        connection.execute(
            update(notices)
            .where(notices.c.key == key, notices.c.over_at.is_(None))
            .values(over_at=now)
        )


def lasting_keys(connection: Connection, kind: str) -> set[str]:
    """Keys of the troubles of a kind that are not over."""
    return set(
        connection.scalars(
            select(notices.c.key).where(notices.c.kind == kind, notices.c.over_at.is_(None))
        )
    )


def unsent(connection: Connection) -> list[KeptNotice]:
    """Notices that nobody was handed yet, oldest first."""
    rows = connection.execute(
        select(notices).where(notices.c.sent_at.is_(None)).order_by(notices.c.id)
    )
    fields = KeptNotice.__dataclass_fields__
    return [KeptNotice(**{name: row._mapping[name] for name in fields}) for row in rows]


def mark_sent(connection: Connection, ids: Iterable[int], now: datetime) -> None:
    """These notices were handed over."""
    connection.execute(update(notices).where(notices.c.id.in_(list(ids))).values(sent_at=now))


def keep_disk_reading(connection: Connection, day: str, *, free: int, used: int) -> None:
    """Keep how full the disk is today; the last reading of a day stands."""
    row = {"day": day, "free_bytes": free, "used_bytes": used}
    upsert(connection, disk_readings, [row])


def disk_trend(connection: Connection, days: int) -> list[tuple[str, int]]:
    """Free bytes of the last days that were read, oldest first."""
    rows = connection.execute(
        select(disk_readings.c.day, disk_readings.c.free_bytes)
        .order_by(disk_readings.c.day.desc())
        .limit(days)
    ).all()
    return [(day, free) for day, free in reversed(rows)]
