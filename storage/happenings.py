"""Happenings: stories that tell one thing in different words.

Stories about the subject alone are looked at: nothing counts the others, and they are fifty times
as many. A story that turns out to be about it later waits like a new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Subquery, bindparam, func, select, update

from domain.codes import Role
from storage.links import chunks
from storage.tables import article_agencies, articles, stories


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryLead:
    """This is a story as the opening of its original tells it."""

    id: int
    first_at: datetime
    headline: str
    description: str
    #: Agencies in focus, by id.
    agencies: frozenset[str]
    #: The happening it belongs to so far; None where it was not looked at.
    happening_id: int | None


def new_stories_span(
    connection: Connection, since: datetime, until: datetime
) -> tuple[datetime, datetime] | None:
    """First and last moment of the stories begun in [since, until] that have no happening yet."""
    about = _about_the_subject(since)
    row = connection.execute(
        select(func.min(stories.c.first_at), func.max(stories.c.first_at))
        .select_from(about.join(stories, stories.c.id == about.c.story_id))
        .where(
            stories.c.happening_id.is_(None),
            stories.c.first_at >= since,
            stories.c.first_at <= until,
        )
    ).one()
    return None if row[0] is None else (row[0], row[1])


def story_leads(connection: Connection, since: datetime, until: datetime) -> list[StoryLead]:
    """The stories that began in [since, until]."""
    about = _about_the_subject(since)
    rows = connection.execute(
        select(
            stories.c.id,
            stories.c.original_id,
            stories.c.first_at,
            stories.c.happening_id,
            articles.c.headline,
            articles.c.description,
        )
        .select_from(about.join(stories, stories.c.id == about.c.story_id))
        .join(articles, articles.c.id == stories.c.original_id)
        .where(stories.c.first_at >= since, stories.c.first_at <= until)
    ).all()
    focus = _focus(connection, [row.original_id for row in rows])
    return [
        StoryLead(
            id=row.id,
            first_at=row.first_at,
            headline=row.headline,
            description=row.description,
            agencies=frozenset(focus[row.original_id]),
            happening_id=row.happening_id,
        )
        for row in rows
    ]


def release_happenings(connection: Connection) -> None:
    """Stories that are no longer about the subject have no happening; what they left waits anew."""
    of_story = select(articles.c.id).where(articles.c.story_id == stories.c.id, articles.c.relevant)
    left = connection.scalars(
        select(stories.c.happening_id)
        .where(stories.c.happening_id.is_not(None), ~of_story.exists())
        .distinct()
    ).all()
    for chunk in chunks(sorted(number for number in left if number is not None)):
        connection.execute(
            update(stories).where(stories.c.happening_id.in_(chunk)).values(happening_id=None)
        )


def _about_the_subject(since: datetime) -> Subquery:
    """The stories with an article about the subject; none of theirs counts before they began."""
    return (
        select(articles.c.story_id)
        .where(articles.c.relevant, articles.c.counted_at >= since)
        .where(articles.c.story_id.is_not(None))
        .distinct()
        .subquery()
    )


def _focus(connection: Connection, ids: Sequence[int]) -> dict[int, set[str]]:
    focus: dict[int, set[str]] = defaultdict(set)
    for chunk in chunks(sorted(ids)):
        tagged = select(article_agencies.c.article_id, article_agencies.c.agency_id).where(
            article_agencies.c.article_id.in_(chunk), article_agencies.c.role == Role.FOCUS
        )
        for tag in connection.execute(tagged):
            focus[tag.article_id].add(tag.agency_id)
    return focus


def store_happenings(connection: Connection, happenings: Iterable[Collection[int]]) -> None:
    """Give stories their happening, whose number is the least among them."""
    rows = [{"number": story, "happening": min(group)} for group in happenings for story in group]
    if rows:
        connection.execute(
            update(stories)
            .where(stories.c.id == bindparam("number"))
            .values(happening_id=bindparam("happening")),
            rows,
        )
