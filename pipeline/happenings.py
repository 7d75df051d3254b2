"""The looser level of grouping: stories about the subject that tell one happening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from nlp.happenings import HappeningItem, group_happenings
from storage.database import Connection, Engine, reading
from storage.happenings import (
    StoryLead,
    new_stories_span,
    release_happenings,
    store_happenings,
    story_leads,
)

#: A happening spans at most this much.
SPAN_DAYS: Final = 3
_SPAN: Final = timedelta(days=SPAN_DAYS)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
_END: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    """These are stories that wait to be looked at, begun in [first, last], and those near."""

    first: datetime
    last: datetime
    leads: Sequence[StoryLead]


def find_happenings(connection: Connection, since: datetime, until: datetime) -> None:
    """Give the stories begun in [since, until] that have no happening theirs.

    Stories within reach are looked at anew with them, those beyond as their neighbours.
    """
    waiting = _waiting(connection, since, until)
    if waiting is not None:
        store_happenings(connection, _found(waiting))


def find_all_happenings(engine: Engine) -> None:
    """The same for all stories; other writers do not wait while it is thought over.

    Where one of them has changed the stories meanwhile, it is thought over again.
    """
    with engine.begin() as connection:
        release_happenings(connection)
    with reading(engine) as connection:
        waiting = _waiting(connection, _BEGINNING, _END)
    if waiting is None:
        return
    found = _found(waiting)
    with engine.begin() as connection:
        now = _waiting(connection, _BEGINNING, _END)
        if now is not None:
            store_happenings(connection, found if now == waiting else _found(now))


def _waiting(connection: Connection, since: datetime, until: datetime) -> _Waiting | None:
    span = new_stories_span(connection, since, until)
    if span is None:
        return None
    first, last = span
    leads = story_leads(connection, first - 2 * _SPAN, last + 2 * _SPAN)
    return _Waiting(first=first, last=last, leads=sorted(leads, key=lambda lead: lead.id))


def _found(waiting: _Waiting) -> list[tuple[int, ...]]:
    groups = group_happenings(
        [
            HappeningItem(
                key=lead.id,
                at=lead.first_at,
                title=lead.headline,
                text=lead.description,
                agencies=lead.agencies,
            )
            for lead in waiting.leads
        ],
        days=SPAN_DAYS,
    )
    known = {lead.id: lead for lead in waiting.leads}
    since, until = waiting.first - _SPAN, waiting.last + _SPAN
    return [
        group
        for group in groups
        if any(since <= known[key].first_at <= until for key in group)
        and any(known[key].happening_id != min(group) for key in group)
    ]
