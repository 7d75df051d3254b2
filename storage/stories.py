"""Stories: which articles are copies of one text, and which of them was first.

Grouping looks at the articles that belong to no story yet, together with their neighbours in time.
What is stored depends on the set of articles alone, never on the order in which they came: a
story's number is the smallest number among its articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.tables import articles, bodies, outlets, stories


@dataclass(frozen=True, kw_only=True, slots=True)
class Groupable:
    """This is what grouping needs to know of an article."""

    id: int
    outlet_id: str
    outlet_kind: str
    headline: str
    text: str
    credit: str
    counted_at: datetime
    #: The story it belongs to so far; None where it has not been grouped.
    story_id: int | None


def ungrouped_after(connection: Connection, moment: datetime) -> datetime | None:
    """The first moment, from `moment` on, at which an article without a story stands."""
    first: datetime | None = connection.scalar(
        select(func.min(articles.c.counted_at)).where(
            articles.c.story_id.is_(None), articles.c.counted_at >= moment
        )
    )
    return first


def neighbours(connection: Connection, since: datetime, until: datetime) -> list[Groupable]:
    """All articles counted in [since, until)."""
    rows = connection.execute(
        select(
            articles.c.id,
            articles.c.outlet_id,
            outlets.c.kind,
            articles.c.headline,
            articles.c.description,
            articles.c.credit,
            articles.c.counted_at,
            articles.c.story_id,
            bodies.c.body,
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(articles.c.counted_at >= since, articles.c.counted_at < until)
        .order_by(articles.c.time_key)
    )
    return [
        Groupable(
            id=row.id,
            outlet_id=row.outlet_id,
            outlet_kind=row.kind,
            headline=row.headline,
            text="\n".join(filter(None, (row.description, row.body))),
            credit=row.credit,
            counted_at=row.counted_at,
            story_id=row.story_id,
        )
        for row in rows
    ]


def members(connection: Connection, story_ids: Iterable[int]) -> list[Groupable]:
    """All articles of the stories, wherever they stand in time; their texts are left out."""
    rows = connection.execute(
        select(
            articles.c.id,
            articles.c.outlet_id,
            outlets.c.kind,
            articles.c.headline,
            articles.c.credit,
            articles.c.counted_at,
            articles.c.story_id,
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(articles.c.story_id.in_(list(story_ids)))
    )
    return [
        Groupable(
            id=row.id,
            outlet_id=row.outlet_id,
            outlet_kind=row.kind,
            headline=row.headline,
            text="",
            credit=row.credit,
            counted_at=row.counted_at,
            story_id=row.story_id,
        )
        for row in rows
    ]


def store_stories(connection: Connection, groups: Mapping[int, Sequence[Groupable]]) -> None:
    """Store stories given as {original's number: all its articles}, replacing what they were."""
    gone = {each.story_id for group in groups.values() for each in group} - {None}
    for chunk in _chunks(sorted(number for number in gone if number is not None)):
        connection.execute(delete(stories).where(stories.c.id.in_(chunk)))
    story_rows, member_rows = [], []
    for original, group in groups.items():
        number = min(each.id for each in group)
        story_rows.append(
            {
                "id": number,
                "original_id": original,
                "placements": len(group),
                "outlets": len({each.outlet_id for each in group}),
                "first_at": min(each.counted_at for each in group),
                "last_at": max(each.counted_at for each in group),
            }
        )
        member_rows += [
            {"number": each.id, "story": number, "original": each.id == original} for each in group
        ]
    if story_rows:
        connection.execute(insert(stories), story_rows)
        connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("number"))
            .values(story_id=bindparam("story"), is_original=bindparam("original")),
            member_rows,
        )


def _chunks(numbers: list[int], size: int = 5000) -> Iterable[list[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


#: How far a chunk of grouping reaches; a chunk is read with its neighbours into memory.
CHUNK_SPAN = timedelta(days=60)
