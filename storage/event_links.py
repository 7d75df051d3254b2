"""Which stories report which official events.

A link is kept with an article of the story, for stories are made anew when a text changes; the
story is looked up when the link is read. What a person decided stays whatever a machine says later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, or_, select

from domain.codes import PRESS_KINDS
from domain.errors import UsageError
from domain.events import EventLink
from storage.links import chunks
from storage.tables import articles, event_links, outlets, stories
from storage.upsert import upsert


def read_links(connection: Connection, event_ids: Sequence[int]) -> list[EventLink]:
    """One link an event and story, surest first: a person's decision stands before a machine's."""
    best: dict[tuple[int, int], Row[Any]] = {}
    for chunk in chunks(list(event_ids)):
        for row in connection.execute(_links_question(chunk)):
            best.setdefault((row.event_id, row.story), row)
    return [
        EventLink(
            event_id=event_id,
            story_id=story_id,
            score=row.score,
            evidence=row.evidence,
            corrected=row.corrected,
            model_version=row.model_version,
        )
        for (event_id, story_id), row in best.items()
    ]


def _links_question(event_ids: Sequence[int]) -> Select[Any]:
    """Links with today's story; of one event and story the one that counts comes first."""
    story = func.coalesce(articles.c.story_id, articles.c.id).label("story")
    return (
        select(event_links, story)
        .join(articles, articles.c.id == event_links.c.article_id)
        .where(event_links.c.event_id.in_(event_ids))
        .order_by(
            event_links.c.event_id,
            event_links.c.corrected.desc(),
            func.coalesce(event_links.c.decided_at, 0).desc(),
            event_links.c.score.desc(),
            event_links.c.article_id,
        )
    )


def store_links(
    connection: Connection, event_ids: Sequence[int], links: Sequence[EventLink]
) -> int:
    """Make `links` all that the machine says of these events; how many are kept."""
    for chunk in chunks(list(event_ids)):
        connection.execute(
            delete(event_links).where(
                event_links.c.event_id.in_(chunk), event_links.c.corrected.is_(False)
            )
        )
    originals = _originals(connection, {link.story_id for link in links})
    rows = [
        {
            "event_id": link.event_id,
            "article_id": originals[link.story_id],
            "score": link.score,
            "evidence": dict(link.evidence),
            "model_version": link.model_version,
            "corrected": False,
        }
        for link in links
        if link.story_id in originals
    ]
    upsert(connection, event_links, rows, replace=False)
    return len(rows)


def correct_link(
    connection: Connection, event_id: int, story_id: int, *, reports: bool, by: str, at: datetime
) -> None:
    """Keep a person's word on whether a story reports an event; it outlives every linking."""
    originals = _originals(connection, {story_id})
    if story_id not in originals:
        raise UsageError(
            f"Không có câu chuyện số {story_id}. Tìm bài bằng “diembao search … --json” để lấy số."
        )
    upsert(
        connection,
        event_links,
        [
            {
                "event_id": event_id,
                "article_id": originals[story_id],
                "score": 1.0 if reports else 0.0,
                "evidence": {},
                "model_version": "",
                "corrected": True,
                "decided_by": by,
                "decided_at": at,
            }
        ],
    )


def _originals(connection: Connection, story_ids: set[int]) -> dict[int, int]:
    """The first article of each story; an article not grouped yet is a story of its own."""
    found: dict[int, int] = {}
    for chunk in chunks(sorted(story_ids)):
        rows = connection.execute(
            select(stories.c.id, stories.c.original_id).where(stories.c.id.in_(chunk))
        )
        found |= {story: original for story, original in rows}
        alone = connection.scalars(
            select(articles.c.id).where(articles.c.id.in_(chunk), articles.c.story_id.is_(None))
        )
        found |= {number: number for number in alone if number not in found}
    return found


def story_of(connection: Connection, article: int) -> int | None:
    """The story of an article's number, None where there is no such article."""
    row = connection.execute(
        select(articles.c.id, articles.c.story_id).where(articles.c.id == article)
    ).one_or_none()
    if row is None:
        return None
    return int(row.id if row.story_id is None else row.story_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedStory:
    """This is a link with the first press text of its story, for a person to judge it."""

    link: EventLink
    headline: str
    url: str
    outlet_name: str
    at: datetime


def linked_stories(connection: Connection, event_id: int) -> list[LinkedStory]:
    """The stories linked to an event, also those judged unlikely or refused, the surest first."""
    links = {link.story_id: link for link in read_links(connection, [event_id])}
    shown: dict[int, Row[Any]] = {}
    for chunk in chunks(sorted(links)):
        for row in connection.execute(_texts_to_show(chunk)):
            shown.setdefault(row.story, row)
    found = [
        LinkedStory(
            link=links[story],
            headline=row.headline,
            url=row.url,
            outlet_name=row.name,
            at=row.counted_at,
        )
        for story, row in shown.items()
    ]
    return sorted(found, key=lambda each: (-each.link.score, each.at, each.url))


def _texts_to_show(story_ids: Sequence[int]) -> Select[Any]:
    """The texts of stories, of each the one to show first: of the press, the oldest."""
    story = func.coalesce(articles.c.story_id, articles.c.id)
    return (
        select(
            story.label("story"), articles.c.headline, articles.c.url, articles.c.counted_at,
            outlets.c.name,
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            or_(
                articles.c.story_id.in_(story_ids),
                and_(articles.c.story_id.is_(None), articles.c.id.in_(story_ids)),
            )
        )
        .order_by(
            outlets.c.kind.in_(sorted(PRESS_KINDS)).desc(), articles.c.time_key, articles.c.id
        )
    )  # fmt: skip
