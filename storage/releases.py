"""What linking reads: releases on agencies' portals, and the texts of press stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from domain.clock import VIETNAM
from domain.codes import PRESS_KINDS, Area, DatePrecision, OutletKind, Role
from domain.events import EventKind, EventLink, EventOrigin, OfficialEvent, StoryText
from domain.text import fold_for_search
from storage.links import chunks
from storage.tables import article_agencies, article_areas, articles, bodies, events, outlets


def portal_releases(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> list[OfficialEvent]:
    """Relevant articles of agencies' portals that are no event yet, as proposals, oldest first.

    The portal's agency is the issuer. An article whose day is not known is no event: see
    `undated_releases`.
    """
    question = _releases(since, until).where(articles.c.published_at.is_not(None))
    rows = connection.execute(
        question.add_columns(
            articles.c.id, articles.c.headline, articles.c.description, articles.c.published_at,
            articles.c.date_precision, outlets.c.agency, bodies.c.body,
        )
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .order_by(articles.c.time_key)
    ).all()  # fmt: skip
    areas = _areas_of(connection, [row.id for row in rows])
    return [_release(row, areas[row.id]) for row in rows]


def _areas_of(connection: Connection, ids: list[int]) -> dict[int, list[str]]:
    areas: dict[int, list[str]] = defaultdict(list)
    for chunk in chunks(ids):
        tagged = select(article_areas).where(article_areas.c.article_id.in_(chunk))
        for tag in connection.execute(tagged):
            areas[tag.article_id].append(tag.area)
    return areas


def _release(row: Any, areas: Iterable[str]) -> OfficialEvent:
    return OfficialEvent(
        kind=EventKind.RELEASE,
        agency_id=row.agency,
        title=row.headline,
        at=row.published_at.astimezone(VIETNAM),
        precision=DatePrecision(row.date_precision),
        text=_whole_text(row),
        areas=tuple(area for area in Area if area in areas),
        origin=EventOrigin.PORTAL,
        article_id=row.id,
    )


def undated_releases(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> int:
    """How many relevant portal articles carry no day, so that none can be an event."""
    question = _releases(since, until).where(articles.c.published_at.is_(None))
    return connection.scalar(question.add_columns(func.count())) or 0


def _releases(since: datetime | None, until: datetime | None) -> Select[Any]:
    question = (
        select()
        .select_from(articles)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            outlets.c.kind == OutletKind.PORTAL,
            outlets.c.agency != "",
            articles.c.relevant.is_(True),
            articles.c.id.not_in(
                select(events.c.article_id).where(events.c.article_id.is_not(None))
            ),
        )
    )
    if since is not None:
        question = question.where(articles.c.counted_at >= since)
    if until is not None:
        question = question.where(articles.c.counted_at < until)
    return question


def story_texts(connection: Connection, since: datetime, until: datetime) -> list[StoryText]:
    """Relevant press stories counted in [since, until): their texts there, the oldest first.

    A story has one text for each headline it was told under: copies under the same one say nothing
    more.
    """
    condition = [
        articles.c.relevant.is_(True),
        articles.c.counted_at >= since,
        articles.c.counted_at < until,
        articles.c.outlet_id.in_(
            select(outlets.c.id).where(outlets.c.kind.in_(sorted(PRESS_KINDS)))
        ),
    ]
    named: dict[tuple[int, str], list[str]] = defaultdict(list)
    chosen = select(articles.c.id).where(*condition)
    agencies = select(article_agencies).where(article_agencies.c.article_id.in_(chosen))
    for tag in connection.execute(agencies):
        named[tag.article_id, tag.role].append(tag.agency_id)
    rows = connection.execute(
        select(
            articles.c.id, articles.c.story_id, articles.c.headline, articles.c.description,
            articles.c.counted_at, articles.c.date_precision, bodies.c.body,
        )
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(*condition)
        .order_by(articles.c.time_key)
    )  # fmt: skip
    told: dict[tuple[int, str], StoryText] = {}
    for row in rows:
        story = row.id if row.story_id is None else row.story_id
        key = story, fold_for_search(row.headline)
        if key not in told:
            told[key] = _story_text(row, story, named)
    return list(told.values())


def repeated_releases(connection: Connection, asked: Sequence[OfficialEvent]) -> list[EventLink]:
    """Sure links of events to the press stories that their own portal article is a copy in."""
    events_of: dict[int, list[int]] = defaultdict(list)
    for event in asked:
        if event.article_id is not None:
            events_of[event.article_id].append(event.id)
    return [
        EventLink(event_id=event_id, story_id=story, score=1.0, evidence={"reuse": 1.0})
        for chunk in chunks(sorted(events_of))
        for release, story in connection.execute(_press_stories_of(chunk))
        for event_id in events_of[release]
    ]


def _press_stories_of(releases: Sequence[int]) -> Select[Any]:
    """Each of the articles with its story, where a relevant press article is in it too."""
    release, told = articles.alias("release"), articles.alias("told")
    return (
        select(release.c.id, release.c.story_id)
        .join(told, told.c.story_id == release.c.story_id)
        .join(outlets, outlets.c.id == told.c.outlet_id)
        .where(
            release.c.id.in_(releases),
            told.c.relevant.is_(True),
            outlets.c.kind.in_(sorted(PRESS_KINDS)),
        )
        .distinct()
    )


def _story_text(row: Any, story: int, named: dict[tuple[int, str], list[str]]) -> StoryText:
    return StoryText(
        id=story,
        headline=row.headline,
        text=_whole_text(row),
        at=row.counted_at.astimezone(VIETNAM),
        precision=DatePrecision(row.date_precision),
        focus=tuple(sorted(named[row.id, Role.FOCUS])),
        mention=tuple(sorted(named[row.id, Role.MENTION])),
        article_id=row.id,
    )


def _whole_text(row: Any) -> str:
    return "\n".join(filter(None, (row.description, row.body)))
