"""How much the press carried of the subject in a period, and on which days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from domain.clock import VIETNAM
from domain.codes import PRESS_KINDS, Area, Role
from storage.tables import article_agencies, article_areas, articles, outlets


def press_stories(
    connection: Connection, since: datetime, until: datetime, area: Area | None = None
) -> int:
    """Distinct relevant stories that the press carried in [since, until), of one area if asked."""
    story = func.coalesce(articles.c.story_id, articles.c.id)
    question = (
        select(func.count(func.distinct(story)))
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            articles.c.relevant.is_(True),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            outlets.c.kind.in_(sorted(PRESS_KINDS)),
        )
    )
    if area is not None:
        question = question.join(
            article_areas,
            (article_areas.c.article_id == articles.c.id) & (article_areas.c.area == area),
        )
    return connection.scalar(question) or 0


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
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            article_agencies.c.agency_id.in_(sorted(agencies)),
            article_agencies.c.role == Role.FOCUS,
            articles.c.relevant.is_(True),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            outlets.c.kind.in_(sorted(PRESS_KINDS)),
        )
        .group_by(story, articles.c.outlet_id)
    )
    if area is not None:
        question = question.join(
            article_areas,
            (article_areas.c.article_id == articles.c.id) & (article_areas.c.area == area),
        )
    return sorted({at.astimezone(VIETNAM).date() for at in connection.scalars(question)})
