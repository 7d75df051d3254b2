"""The register of official events: what was announced or decided, and who confirmed it.

The same event brought in twice is one: it is known by its number, or else by its day and title.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from domain.clock import VIETNAM
from domain.codes import Area, DatePrecision
from domain.errors import UsageError
from domain.events import (
    EventKind,
    EventOrigin,
    EventRow,
    EventState,
    OfficialEvent,
)
from domain.text import fold_for_search
from storage.event_links import read_links
from storage.links import chunks
from storage.tables import events

#: A machine's link counts from this probability on.
ACCEPTED = 0.5


def event_key(event: OfficialEvent) -> str:
    """Equal for the same event told twice: its plan item, its number in its year, its title."""
    day = event.at.astimezone(VIETNAM).date()
    if event.plan_item:
        told: tuple[str, ...] = ("plan", event.plan_item)
    elif any(letter.isalpha() for letter in event.number):  # a bare count is no document's number
        told = ("number", event.agency_id, f"{day.year}", fold_for_search(event.number))
    else:
        told = ("title", event.agency_id, day.isoformat(), fold_for_search(event.title))
    return hashlib.blake2b("|".join(told).encode(), digest_size=16).hexdigest()


def add_events(connection: Connection, new: Sequence[OfficialEvent], *, now: datetime) -> list[int]:
    """Add events in order; the number of each, 0 for one that the register has already."""
    known = _known_keys(connection, {event_key(event) for event in new})
    numbers = []
    for event in new:
        key = event_key(event)
        if key in known:
            numbers.append(0)
            continue
        known.add(key)
        made = connection.execute(insert(events).values(_values(event, key, now)))
        assert made.inserted_primary_key is not None
        numbers.append(int(made.inserted_primary_key[0]))
    return numbers


def known_events(connection: Connection, asked: Sequence[OfficialEvent]) -> list[bool]:
    """Which of the events the register has already, in their order."""
    known = _known_keys(connection, {event_key(event) for event in asked})
    return [event_key(event) in known for event in asked]


def _known_keys(connection: Connection, keys: set[str]) -> set[str]:
    found: set[str] = set()
    listed = sorted(keys)
    for start in range(0, len(listed), 500):
        chunk = listed[start : start + 500]
        found |= set(connection.scalars(select(events.c.key).where(events.c.key.in_(chunk))))
    return found


def _values(event: OfficialEvent, key: str, now: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "kind": event.kind,
        "agency_id": event.agency_id,
        "title": event.title,
        "at": event.at,
        "precision": event.precision,
        "number": event.number,
        "text": event.text,
        "areas": list(event.areas),
        "state": event.state,
        "origin": event.origin,
        "article_id": event.article_id,
        "plan_item": event.plan_item,
        "added_at": now,
        "decided_by": event.decided_by,
        "decided_at": event.decided_at,
    }


def list_events(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    agency: str | Collection[str] | None = None,
    state: EventState | None = None,
    ids: Collection[int] | None = None,
) -> list[OfficialEvent]:
    """The events of [since, until), the oldest first."""
    question = select(events).order_by(events.c.at, events.c.id)
    if since is not None:
        question = question.where(events.c.at >= since)
    if until is not None:
        question = question.where(events.c.at < until)
    if agency is not None:
        wanted = [agency] if isinstance(agency, str) else list(agency)
        question = question.where(events.c.agency_id.in_(wanted))
    if ids is not None:
        question = question.where(events.c.id.in_(ids))
    if state is not None:
        question = question.where(events.c.state == state)
    return [_event(row) for row in connection.execute(question)]


def _event(row: Row[Any]) -> OfficialEvent:
    return OfficialEvent(
        id=row.id,
        kind=EventKind(row.kind),
        agency_id=row.agency_id,
        title=row.title,
        at=row.at.astimezone(VIETNAM),
        precision=DatePrecision(row.precision),
        number=row.number,
        text=row.text,
        areas=tuple(Area(area) for area in row.areas),
        state=EventState(row.state),
        origin=EventOrigin(row.origin),
        article_id=row.article_id,
        plan_item=row.plan_item,
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(VIETNAM) if row.decided_at else None,
    )


def decide_events(
    connection: Connection, ids: Sequence[int], state: EventState, *, by: str, at: datetime
) -> int:
    """Confirm or reject events; how many changed. An unknown number changes nothing at all."""
    must_exist(connection, ids)
    return sum(
        connection.execute(
            update(events)
            .where(events.c.id.in_(chunk), events.c.state != state)
            .values(state=state, decided_by=by, decided_at=at)
        ).rowcount
        for chunk in chunks(ids)
    )


def must_exist(connection: Connection, ids: Iterable[int]) -> None:
    """A number that no event has is a `UsageError`."""
    wanted = sorted(set(ids))
    found: set[int] = set()
    for chunk in chunks(wanted):
        found |= set(connection.scalars(select(events.c.id).where(events.c.id.in_(chunk))))
    if missing := [number for number in wanted if number not in found]:
        listed = ", ".join(map(str, missing))
        raise UsageError(f"Không có sự kiện số {listed}. Xem các số bằng “diembao events list”.")


def event_rows(
    connection: Connection,
    since: datetime,
    until: datetime,
    agency: str | Collection[str] | None = None,
    *,
    accept: float = ACCEPTED,
) -> list[EventRow]:
    """Events of [since, until) that were not rejected, each with the stories that report it.

    Those still proposed are among them, with their state: a denominator takes the confirmed ones.
    """
    found = [
        event
        for event in list_events(connection, since=since, until=until, agency=agency)
        if event.state is not EventState.REJECTED
    ]
    linked: dict[int, list[int]] = defaultdict(list)
    for link in read_links(connection, [event.id for event in found]):
        if link.score >= accept:
            linked[link.event_id].append(link.story_id)
    return [EventRow(event=event, stories=tuple(sorted(linked[event.id]))) for event in found]
