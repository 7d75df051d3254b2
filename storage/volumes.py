"""How much the press carried of the subject in a period, and on which days."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from domain.clock import VIETNAM
from domain.codes import PRESS_KINDS, Area, Role
from domain.events import EventState
from storage.tables import article_agencies, article_areas, articles, events, outlets


def press_stories(
    connection: Connection, since: datetime, until: datetime, area: Area | None = None
) -> int:
    """Distinct relevant stories that the press carried in [since, until), of one area if asked."""
    story = func.coalesce(articles.c.story_id, articles.c.id)
    question = select(func.count(func.distinct(story))).where(*_relevant_press(since, until))
    return connection.scalar(question if area is None else _of_area(question, area)) or 0


def is_spoken_of(connection: Connection, since: datetime, until: datetime) -> bool:
    """Whether there is any relevant article in [since, until), whoever published it."""
    within = (articles.c.counted_at >= since, articles.c.counted_at < until)
    found = select(articles.c.id).where(articles.c.relevant.is_(True), *within).limit(1)
    return connection.scalar(found) is not None


def articles_read(
    connection: Connection, since: datetime, until: datetime, of_outlets: Collection[str]
) -> int:
    """How many articles of any subject the outlets have in [since, until)."""
    question = (
        select(func.count())
        .select_from(articles)
        .where(
            # True of every article: it lets the index answer that holds the outlet too.
            articles.c.relevant.in_([True, False]),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            articles.c.outlet_id.in_(sorted(of_outlets)),
        )
    )
    return connection.scalar(question) or 0


def _relevant_press(since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    press = select(outlets.c.id).where(outlets.c.kind.in_(sorted(PRESS_KINDS)))
    return (
        articles.c.relevant.is_(True),
        articles.c.counted_at >= since,
        articles.c.counted_at < until,
        articles.c.outlet_id.in_(press),
    )


def _of_area(question: Select[Any], area: Area) -> Select[Any]:
    return question.join(
        article_areas,
        (article_areas.c.article_id == articles.c.id) & (article_areas.c.area == area),
    )


def announcing_agencies(connection: Connection, since: datetime, until: datetime) -> frozenset[str]:
    """The agencies with an event of [since, until) in the register that nobody rejected."""
    question = (
        select(events.c.agency_id)
        .distinct()
        .where(events.c.at >= since, events.c.at < until, events.c.state != EventState.REJECTED)
    )
    return frozenset(connection.scalars(question))


def first_counted(connection: Connection) -> datetime | None:
    """The oldest moment at which an article is counted; None in an empty database."""
    oldest: datetime | None = connection.scalar(select(func.min(articles.c.counted_at)))
    return oldest


def story_days(
    connection: Connection,
    since: datetime,
    until: datetime,
    agencies: Collection[str],
    area: Area | None = None,
) -> list[date]:
    """The days in [since, until) on which an outlet first carried a story about the agencies."""
    story = func.coalesce(articles.c.story_id, articles.c.id)
    question = (
        select(func.min(articles.c.counted_at))
        .join(article_agencies, article_agencies.c.article_id == articles.c.id)
        .where(
            article_agencies.c.agency_id.in_(sorted(agencies)),
            article_agencies.c.role == Role.FOCUS,
            *_relevant_press(since, until),
        )
        .group_by(story, articles.c.outlet_id)
    )
    if area is not None:
        question = _of_area(question, area)
    return sorted({at.astimezone(VIETNAM).date() for at in connection.scalars(question)})
