"""On which days each source answered: as `storage.rows.source_days` tells, without the numbers.

A profile asks for years of it. Where a source answered every day the index alone knows that; only
the others are looked at closely.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from domain.clock import VIETNAM
from storage.links import chunks
from storage.rows import LONGEST_REACH
from storage.tables import polls, sources

#: Whether a source answered, by day on which it was asked or caught up, by address, by outlet.
Watched = Mapping[str, Mapping[str, Mapping[date, bool]]]

_LOCAL, _DAY = 7 * 3600, 24 * 3600
_EPOCH = date(1970, 1, 1).toordinal()
#: The Vietnamese day of a poll.
_POLL_DAY = (type_coerce(polls.c.at, BigInteger) + _LOCAL) // _DAY + _EPOCH


def watched_days(connection: Connection, since: datetime, until: datetime) -> Watched:
    """The days in [since, until), both of them a Vietnamese midnight."""
    days = [date.fromordinal(number) for number in range(_day_of(since), _day_of(until))]
    named = connection.execute(select(sources.c.id, sources.c.url, sources.c.outlet_id)).all()
    always = _answering_always(connection, since, until, len(days))
    gaps = [source for source, *_ in named if source not in always]
    told = _told(connection, since, until, gaps) | dict.fromkeys(always, dict.fromkeys(days, True))
    for source, caught_up in _caught_up(connection, since, until, gaps).items():
        told[source] = told.get(source, {}) | dict.fromkeys(caught_up, True)
    found: dict[str, dict[str, Mapping[date, bool]]] = defaultdict(dict)
    for source, url, outlet in named:
        if source in told:
            found[outlet][url] = told[source]
    return found


def _answering_always(
    connection: Connection, since: datetime, until: datetime, days: int
) -> set[int]:
    """The sources that answered on each of so many days."""
    answered = func.count(func.distinct(_POLL_DAY))
    question = (
        select(polls.c.source_id)
        .where(polls.c.at >= since, polls.c.at < until, polls.c.outcome == "ok")
        .group_by(polls.c.source_id)
        .having(answered == days)
    )
    return set(connection.scalars(question))


def _told(
    connection: Connection, since: datetime, until: datetime, numbers: Sequence[int]
) -> dict[int, dict[date, bool]]:
    """Whether a source answered, by day on which it was asked; nothing of what was caught up."""
    question = select(polls.c.source_id, _POLL_DAY.label("day"), polls.c.outcome == "ok").distinct()
    days = {number: date.fromordinal(number) for number in range(_day_of(since), _day_of(until))}
    found: dict[int, dict[date, bool]] = defaultdict(dict)
    for chunk in chunks(numbers):
        asked = question.where(
            polls.c.source_id.in_(chunk), polls.c.at >= since, polls.c.at < until
        )
        for source, number, is_ok in connection.execute(asked).all():
            seen, day = found[source], days[number]
            if is_ok or day not in seen:
                seen[day] = bool(is_ok)
    return found


def _caught_up(
    connection: Connection, since: datetime, until: datetime, numbers: Sequence[int]
) -> dict[int, set[date]]:
    """The days that a list read on a later day tells whole, by source."""
    reaches_to = func.min(type_coerce(polls.c.reaches_to, BigInteger))
    whole_from = (reaches_to - 1 + _LOCAL) // _DAY + _EPOCH + 1
    question = select(polls.c.source_id, _POLL_DAY.label("day"), whole_from).group_by(
        polls.c.source_id, "day"
    )
    first, end = _day_of(since), _day_of(until)
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(numbers):
        reaching = question.where(
            polls.c.source_id.in_(chunk),
            polls.c.at >= since,
            polls.c.at < until + LONGEST_REACH,
            polls.c.reaches_to < until,
        )
        for source, day, whole in connection.execute(reaching).all():
            found[source].update(range(max(whole, first), min(day, end)))
    return {source: set(map(date.fromordinal, days)) for source, days in found.items()}


def _day_of(moment: datetime) -> int:
    return moment.astimezone(VIETNAM).date().toordinal()
