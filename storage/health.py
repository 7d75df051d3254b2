"""What the rows tell of how sources answer: polls by day, overlaps of lists, pages read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, select, type_coerce

from domain.clock import VIETNAM
from domain.codes import LIST_BITS, SourceKind
from domain.health import OWN_OUTCOMES, LastPoll, PollDay, SourceHistory
from storage.tables import articles, pages, polls, source_states, sources

_DAY = 86_400
_HOUR = 3_600
#: Seconds that Vietnamese days begin before those of UTC; there is no summer time.
_AHEAD = 7 * _HOUR
_LAST_POLLS = 5
_EPOCH = date(1970, 1, 1)
_SECONDS = type_coerce(polls.c.at, BigInteger)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSeen:
    """This is a capture of an article page and where it lies in the archive."""

    url: str
    fetched_at: datetime
    outcome: str
    archive_path: str
    archive_offset: int


def poll_history(
    connection: Connection, since: datetime, until: datetime
) -> dict[str, SourceHistory]:
    """How each known source answered in [since, until), by its address; one never asked is there.

    When a state began is looked for in all its polls, however old.
    """
    days = _days(connection, since, until)
    gaps = _gaps(connection, since, until)
    found: dict[str, SourceHistory] = {}
    for source in connection.execute(select(sources).order_by(sources.c.id)).all():
        found[source.url] = SourceHistory(
            url=source.url,
            outlet_id=source.outlet_id,
            kind=SourceKind(source.kind),
            days=tuple(days.get(source.id, ())),
            gaps=gaps.get(source.id, {}),
            **_turns(connection, source.id, until),
        )
    return found


def _days(connection: Connection, since: datetime, until: datetime) -> dict[int, list[PollDay]]:
    day = (_SECONDS + _AHEAD) // _DAY
    rows = connection.execute(
        select(
            polls.c.source_id,
            day.label("day"),
            polls.c.outcome,
            func.count().label("polls"),
            func.sum(polls.c["items"]).label("listed"),
            func.sum(polls.c.new_items).label("new_items"),
            func.sum(polls.c.malformed).label("malformed"),
            func.max(polls.c.newest_at).label("newest_at"),
        )
        .where(polls.c.at >= since, polls.c.at < until)
        .group_by(polls.c.source_id, day, polls.c.outcome)
        .order_by(polls.c.source_id, day, polls.c.outcome)
    )
    grouped: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        if row.outcome not in OWN_OUTCOMES:
            grouped[row.source_id, row.day].append(row)
    found: dict[int, list[PollDay]] = defaultdict(list)
    for (source, number), ends in grouped.items():
        found[source].append(_poll_day(number, ends))
    return found


def _poll_day(number: int, ends: list[Any]) -> PollDay:
    outcomes = {row.outcome: int(row.polls) for row in ends}
    newest = [row.newest_at for row in ends if row.newest_at is not None]
    return PollDay(
        day=_EPOCH + timedelta(days=int(number)),
        polls=sum(outcomes.values()),
        ok=outcomes.get("ok", 0),
        outcomes=outcomes,
        items=sum(int(row.listed) for row in ends),
        new_items=sum(int(row.new_items) for row in ends),
        malformed=sum(int(row.malformed) for row in ends),
        newest_at=max(newest).astimezone(VIETNAM) if newest else None,
    )


def _gaps(connection: Connection, since: datetime, until: datetime) -> dict[int, dict[int, int]]:
    """How often so many whole hours lay between two polls that listed something new, by source."""
    before = func.lag(_SECONDS).over(partition_by=polls.c.source_id, order_by=polls.c.at)
    arrivals = (
        select(polls.c.source_id, (_SECONDS - before).label("gap"))
        .where(polls.c.at >= since, polls.c.at < until, polls.c.new_items > 0)
        .subquery()
    )
    hours = arrivals.c.gap // _HOUR
    rows = connection.execute(
        select(arrivals.c.source_id, hours.label("hours"), func.count().label("times"))
        .where(arrivals.c.gap.is_not(None))
        .group_by(arrivals.c.source_id, hours)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        found[row.source_id][int(row.hours)] = int(row.times)
    return found


_OF_SOURCE = (
    polls.c.source_id == bindparam("source"),
    polls.c.at < bindparam("until", type_=polls.c.at.type),
    polls.c.outcome.not_in(sorted(OWN_OUTCOMES)),
)
_NEWEST = select(polls).where(*_OF_SOURCE).order_by(polls.c.at.desc()).limit(_LAST_POLLS)
_ANSWERED = polls.c.outcome == "ok"
_WHEN = {
    "ok_at": _ANSWERED,
    "new_at": polls.c.new_items > 0,
    "changed_at": _ANSWERED & polls.c.unchanged.is_(False),
    "listed_at": _ANSWERED & (polls.c["items"] > 0),
}
_LATEST = {
    name: select(polls.c.at).where(*_OF_SOURCE, is_so).order_by(polls.c.at.desc()).limit(1)
    for name, is_so in _WHEN.items()
}
_AFTER = bindparam("after", type_=polls.c.at.type)
_FIRST_FAILURE = (
    select(polls.c.at)
    .where(*_OF_SOURCE, polls.c.outcome != "ok", polls.c.at > _AFTER)
    .order_by(polls.c.at)
    .limit(1)
)
_FIRST_EMPTY = (
    select(polls.c.at)
    .where(*_OF_SOURCE, _ANSWERED, polls.c["items"] == 0, polls.c.at > _AFTER)
    .order_by(polls.c.at)
    .limit(1)
)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=VIETNAM)


def _turns(connection: Connection, source: int, until: datetime) -> dict[str, Any]:
    """The last polls of a source, and when it last answered, changed, listed something new."""
    asked = {"source": source, "until": until}
    last = connection.execute(_NEWEST, asked).all()
    if not last:
        return {}
    turns = {name: connection.scalar(question, asked) for name, question in _LATEST.items()}
    listed_at = turns.pop("listed_at")
    if last[0].outcome != "ok":
        after = turns["ok_at"] or _LONG_AGO
        turns["failing_since"] = connection.scalar(_FIRST_FAILURE, asked | {"after": after})
    elif not last[0]._mapping["items"]:
        after = listed_at or _LONG_AGO
        turns["empty_since"] = connection.scalar(_FIRST_EMPTY, asked | {"after": after})
    return turns | {"last": tuple(_last_poll(row) for row in last)}


def _last_poll(row: Any) -> LastPoll:
    return LastPoll(
        at=row.at,
        outcome=row.outcome,
        detail=row.detail,
        items=row._mapping["items"],
        new_items=row.new_items,
    )


def list_overlaps(
    connection: Connection, since: datetime, until: datetime
) -> dict[str, dict[int, int]]:
    """By outlet: how many articles published in [since, until) which kinds of list named.

    The keys are bits of `LIST_BITS`. A kind that did not answer once in that time is left out:
    it was not a net that let an article slip.
    """
    observed = _observed_kinds(connection, since, until)
    rows = connection.execute(
        select(articles.c.outlet_id, articles.c.lists, func.count().label("named"))
        .where(
            # Where it is known, the time of publication is what an article is counted at.
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            articles.c.published_at.is_not(None),
            articles.c.lists > 0,
        )
        .group_by(articles.c.outlet_id, articles.c.lists)
    )
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if mask := row.lists & observed.get(row.outlet_id, 0):
            found[row.outlet_id][mask] += int(row.named)
    return {outlet: dict(counts) for outlet, counts in found.items()}


def _observed_kinds(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    rows = connection.execute(
        select(sources.c.outlet_id, sources.c.kind)
        .where(
            select(1)
            .where(
                polls.c.source_id == sources.c.id,
                polls.c.at >= since,
                polls.c.at < until,
                polls.c.outcome == "ok",
                polls.c["items"] > 0,
            )
            .exists()
        )
        .distinct()
    )
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.outlet_id] |= LIST_BITS[SourceKind(row.kind)]
    return found


def pages_since(connection: Connection, since: datetime) -> Iterator[tuple[str, str]]:
    """(address, outcome) of the article pages fetched since then."""
    rows = connection.execute(
        select(pages.c.url, pages.c.outcome).where(
            pages.c.kind == "page", pages.c.fetched_at >= since
        )
    )
    for row in rows:
        yield row.url, row.outcome


def newest_pages(connection: Connection, *, most: int) -> Iterator[PageSeen]:
    """The article pages read last, newest first, that came whole; at most so many."""
    rows = connection.execute(
        select(pages)
        .where(pages.c.kind == "page", pages.c.outcome.in_(("ok", "unreadable")))
        .order_by(pages.c.id.desc())
        .limit(most)
    )
    for row in rows:
        yield PageSeen(
            url=row.url,
            fetched_at=row.fetched_at,
            outcome=row.outcome,
            archive_path=row.archive_path,
            archive_offset=row.archive_offset,
        )


def source_counts(connection: Connection) -> dict[str, int]:
    """How many sources answered their last poll (``ok``) and how many did not (``not_ok``)."""
    counted = {"ok": 0, "not_ok": 0}
    for outcome, number in connection.execute(
        select(source_states.c.outcome, func.count()).group_by(source_states.c.outcome)
    ):
        counted["ok" if outcome == "ok" else "not_ok"] += number
    return counted
