"""Polls: what asking a source gave, where it stands since, and which sources are due."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from domain.pace import Poll, Standing, after_poll
from storage.tables import polls, source_states, sources
from storage.upsert import upsert


@dataclass(frozen=True, kw_only=True, slots=True)
class LastList:
    """This is what the last poll of a source listed."""

    items: int
    malformed: int
    reaches_to: datetime | None
    newest_at: datetime | None


def record_poll(
    connection: Connection,
    *,
    source_id: int,
    at: datetime,
    outcome: str,
    detail: str = "",
    items: int = 0,
    new_items: int = 0,
    malformed: int = 0,
    reaches_to: datetime | None = None,
    newest_at: datetime | None = None,
    unchanged: bool = False,
    retry_after: datetime | None = None,
    body_sha256: str = "",
) -> None:
    """Keep what asking a source gave; the first account of a poll stands.

    The standing of the source moves with it, unless a later poll was kept already: what is read a
    second time changes nothing.
    """
    row = {
        "source_id": source_id, "at": at, "outcome": outcome, "detail": detail, "items": items,
        "new_items": new_items, "malformed": malformed, "reaches_to": reaches_to,
        "newest_at": newest_at, "unchanged": unchanged, "retry_after": retry_after,
    }  # fmt: skip
    upsert(connection, polls, [row], replace=False)
    poll = Poll(
        # As the rows keep it: the same poll read again is not a later one.
        at=at.replace(microsecond=0),
        outcome=outcome,
        items=items - malformed,
        new_items=new_items,
        unchanged=unchanged,
        retry_after=retry_after,
        body_sha256=body_sha256,
    )
    before = _standing(connection, source_id)
    if before is None or poll.at > before.asked_at:
        after = after_poll(before, poll)
        upsert(connection, source_states, [{"source_id": source_id, **asdict(after)}])


def last_list(
    connection: Connection, source: int, *, at: datetime, body_sha256: str
) -> LastList | None:
    """What the source listed last, if its body was this very one and `at` is later; else None."""
    row = connection.execute(
        select(polls.c["items"].label("listed"), polls.c.malformed, polls.c.reaches_to,
               polls.c.newest_at)
        .join(source_states, source_states.c.source_id == polls.c.source_id)
        .where(
            polls.c.source_id == source,
            polls.c.at == source_states.c.ok_at,
            polls.c.outcome == "ok",
            source_states.c.body_sha256 == body_sha256,
            source_states.c.asked_at < at,
        )
    ).first()  # fmt: skip
    if row is None:
        return None
    return LastList(
        items=row.listed,
        malformed=row.malformed,
        reaches_to=row.reaches_to,
        newest_at=row.newest_at,
    )


def reach_poll(
    connection: Connection, source: int, at: datetime, reach: datetime, newest: datetime
) -> None:
    """Keep which times a list reached over that carried none of its own."""
    connection.execute(
        update(polls)
        .where(
            polls.c.source_id == source,
            polls.c.at == at,
            polls.c.outcome == "ok",
            polls.c.reaches_to.is_(None),
        )
        .values(reaches_to=reach, newest_at=newest)
    )


def standings(connection: Connection) -> dict[str, Standing]:
    """Where each source stands that was ever asked, by its address."""
    rows = connection.execute(
        select(sources.c.url, source_states).join(
            source_states, source_states.c.source_id == sources.c.id
        )
    )
    return {row.url: _as_standing(row) for row in rows}


def _standing(connection: Connection, source: int) -> Standing | None:
    row = connection.execute(
        select(source_states).where(source_states.c.source_id == source)
    ).first()
    return None if row is None else _as_standing(row)


def _as_standing(row: Row[Any]) -> Standing:
    return Standing(
        interval_minutes=row.interval_minutes,
        failures=row.failures,
        outcome=row.outcome,
        outcome_since=row.outcome_since,
        asked_at=row.asked_at,
        ok_at=row.ok_at,
        new_at=row.new_at,
        due_at=row.due_at,
        retry_after=row.retry_after,
        body_sha256=row.body_sha256,
    )
