"""What the rows tell that is worth an alert: days without news, releases left lying, dark sources.

Every question is held to the last days by an index: asked every hour, it costs the same however
many articles are stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, func, select, type_coerce, update

from domain.codes import PRESS_KINDS, DatePrecision, OutletKind
from domain.events import EventKind, EventState
from storage.event_links import read_links
from storage.events import ACCEPTED
from storage.links import chunks
from storage.tables import article_agencies, articles, events, notices, outlets, saved_searches

_LOCAL, _DAY = 7 * 3600, 24 * 3600
_EPOCH = date(1970, 1, 1).toordinal()
_NEWS_DAY = (type_coerce(articles.c.counted_at, BigInteger) + _LOCAL) // _DAY
_STORY = func.coalesce(articles.c.story_id, articles.c.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class LyingRelease:
    """This is what an agency released and no press story is known to report."""

    agency: str
    title: str
    at: datetime
    precision: DatePrecision
    #: Its number in the register of events; None for a portal's article that is not in it.
    event_id: int | None
    #: The portal's article; None for an event that came from elsewhere.
    article_id: int | None
    #: The story of that article.
    story: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DarkSource:
    """This is a trouble with sources that the operator was told of and that is not over."""

    key: str
    subject: str
    text: str
    #: When this trouble began to be told.
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchedSearch:
    """This is a saved search and the articles that its owner was told of."""

    id: int
    name: str
    query: str
    created_at: datetime
    #: None before the first look.
    seen: tuple[int, ...] | None


def named_since(connection: Connection, since: datetime) -> set[str]:
    """The agencies that relevant press articles counted since then name."""
    return set(
        connection.scalars(
            select(article_agencies.c.agency_id)
            .join(articles, articles.c.id == article_agencies.c.article_id)
            .join(outlets, outlets.c.id == articles.c.outlet_id)
            .where(
                articles.c.relevant.is_(True),
                articles.c.counted_at >= since,
                outlets.c.kind.in_(sorted(PRESS_KINDS)),
            )
            .distinct()
        )
    )


def news_days(connection: Connection, agencies: Collection[str], since: datetime) -> set[date]:
    """The Vietnamese days since then on which the press named one of the agencies."""
    days = connection.scalars(
        select(_NEWS_DAY)
        .select_from(articles)
        .join(article_agencies, article_agencies.c.article_id == articles.c.id)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            article_agencies.c.agency_id.in_(sorted(agencies)),
            articles.c.relevant.is_(True),
            articles.c.counted_at >= since,
            outlets.c.kind.in_(sorted(PRESS_KINDS)),
        )
        .distinct()
    )
    return {date.fromordinal(int(number) + _EPOCH) for number in days}


def lying_releases(connection: Connection, since: datetime, until: datetime) -> list[LyingRelease]:
    """What was released in [since, until) and not reported, the oldest first.

    A portal's relevant article, unless it was rejected as an event; and a confirmed document or
    session. It is reported where the press carries its story, or a story is linked to it.
    """
    portal = _portal_articles(connection, since, until)
    registered = _events(connection, since, until, [row.id for row in portal])
    event_of = {event.article_id: event for event in registered if event.article_id is not None}
    linked = {
        link.event_id
        for link in read_links(connection, [event.id for event in registered])
        if link.score >= ACCEPTED
    }
    carried = _carried(connection, [row.story for row in portal])
    found = [
        LyingRelease(
            agency=event.agency_id, title=event.title, at=event.at,
            precision=DatePrecision(event.precision), event_id=event.id, article_id=None,
            story=None,
        )
        for event in registered
        if event.article_id is None and event.state == EventState.CONFIRMED
        and event.id not in linked
    ]  # fmt: skip
    for row in portal:
        event = event_of.get(row.id)
        is_out = event is not None and (event.state == EventState.REJECTED or event.id in linked)
        if row.story not in carried and not is_out:
            found.append(
                LyingRelease(
                    agency=row.agency, title=row.headline, at=row.published_at,
                    precision=DatePrecision(row.date_precision),
                    event_id=event.id if event else None, article_id=row.id, story=row.story,
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (each.at, each.title))


def _portal_articles(connection: Connection, since: datetime, until: datetime) -> Sequence[Any]:
    return connection.execute(
        select(
            articles.c.id, articles.c.headline, articles.c.published_at,
            articles.c.date_precision, outlets.c.agency, _STORY.label("story"),
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            articles.c.relevant.is_(True),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            articles.c.published_at.is_not(None),
            outlets.c.kind == OutletKind.PORTAL,
            outlets.c.agency != "",
        )
        .order_by(articles.c.time_key)
    ).all()  # fmt: skip


def _events(
    connection: Connection, since: datetime, until: datetime, article_ids: Sequence[int]
) -> list[Any]:
    """The events of the window, milestones aside, and those made of the articles."""
    asked = select(events).where(events.c.kind != EventKind.MILESTONE)
    found = {
        row.id: row
        for row in connection.execute(asked.where(events.c.at >= since, events.c.at < until))
    }
    for chunk in chunks(article_ids):
        found |= {
            row.id: row for row in connection.execute(asked.where(events.c.article_id.in_(chunk)))
        }
    return list(found.values())


def _carried(connection: Connection, stories: Sequence[int]) -> set[int]:
    """Which of the stories the press carries."""
    found: set[int] = set()
    for chunk in chunks(stories):
        found |= set(
            connection.scalars(
                select(articles.c.story_id)
                .join(outlets, outlets.c.id == articles.c.outlet_id)
                .where(
                    articles.c.story_id.in_(chunk),
                    outlets.c.kind.in_(sorted(PRESS_KINDS)),
                )
                .distinct()
            )
        )
    return found


def dark_sources(connection: Connection) -> list[DarkSource]:
    """The troubles with sources that last, each as it was told last."""
    rows = connection.execute(
        select(notices)
        .where(notices.c.kind == "source", notices.c.over_at.is_(None))
        .order_by(notices.c.id)
    )
    told: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        told[row.key].append(row)
    return [
        DarkSource(key=key, subject=each[-1].subject, text=each[-1].text, since=each[0].raised_at)
        for key, each in told.items()
    ]


def watched_searches(connection: Connection, user_id: int) -> list[WatchedSearch]:
    """The searches that a person saved, by name."""
    rows = connection.execute(
        select(saved_searches)
        .where(saved_searches.c.user_id == user_id)
        .order_by(saved_searches.c.name)
    )
    return [
        WatchedSearch(
            id=row.id, name=row.name, query=row.query, created_at=row.created_at,
            seen=None if row.seen is None else tuple(row.seen),
        )
        for row in rows
    ]  # fmt: skip


def keep_seen(connection: Connection, search_id: int, seen: Sequence[int]) -> None:
    """Keep which articles the owner of a search was told of."""
    connection.execute(
        update(saved_searches).where(saved_searches.c.id == search_id).values(seen=list(seen))
    )
