"""Stories: which articles are copies of one text, and which of them was first.

Grouping looks at the articles that belong to no story yet, together with their neighbours in time.
What is stored depends on the set of articles alone, never on the order in which they came: a
story's number is the smallest number among its articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from storage.links import chunks
from storage.tables import article_sketches, articles, bodies, outlets, stories
from storage.upsert import insert_rows, upsert

#: A chunk of grouping holds about this many articles, a busy day of the whole country, and reaches
#: at most this far.
_CHUNK: Final = 40_000
_CHUNK_SPAN: Final = timedelta(days=60)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Groupable:
    """This is what grouping needs to know of an article; its text is read where it is compared."""

    id: int
    outlet_id: str
    outlet_kind: str
    credit: str
    counted_at: datetime
    text_hash: str
    #: The story it belongs to so far; None where it has not been grouped.
    story_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupText:
    """This is the text of an article."""

    id: int
    outlet_id: str
    headline: str
    #: Sapo and body, or the sapo alone.
    text: str
    counted_at: datetime


def next_chunk(connection: Connection, moment: datetime) -> tuple[datetime, datetime] | None:
    """From when until when to group next: [first, until); None where nothing is left.

    It begins with the first article without a story counted at `moment` or later.
    """
    first: datetime | None = connection.scalar(
        select(func.min(articles.c.counted_at)).where(
            articles.c.story_id.is_(None), articles.c.counted_at >= moment
        )
    )
    if first is None:
        return None
    full: datetime | None = connection.scalar(
        select(articles.c.counted_at)
        .where(articles.c.counted_at >= first)
        .order_by(articles.c.counted_at)
        .limit(1)
        .offset(_CHUNK)
    )
    # Whole moments: a second in which more articles stand than a chunk holds is one chunk.
    until = first + _CHUNK_SPAN if full is None else min(full, first + _CHUNK_SPAN)
    return first, max(until, first + _SECOND)


def neighbours(connection: Connection, since: datetime, until: datetime) -> list[Groupable]:
    """All articles counted in [since, until)."""
    inside = (articles.c.counted_at >= since, articles.c.counted_at < until)
    rows = connection.execute(_groupables().where(*inside).order_by(articles.c.time_key))
    return [Groupable(**row._mapping) for row in rows]


def members(connection: Connection, story_ids: Iterable[int]) -> list[Groupable]:
    """All articles of the stories, wherever they stand in time."""
    return [
        Groupable(**row._mapping)
        for chunk in chunks(sorted(story_ids))
        for row in connection.execute(_groupables().where(articles.c.story_id.in_(chunk)))
    ]


def groupables(connection: Connection, ids: Iterable[int]) -> list[Groupable]:
    """The articles of numbers, in the order of time."""
    found = [
        Groupable(**row._mapping)
        for chunk in chunks(sorted(ids))
        for row in connection.execute(_groupables().where(articles.c.id.in_(chunk)))
    ]
    return sorted(found, key=lambda each: (each.counted_at, each.id))


def _groupables() -> Select[Any]:
    return select(
        articles.c.id,
        articles.c.outlet_id,
        outlets.c.kind.label("outlet_kind"),
        articles.c.credit,
        articles.c.counted_at,
        articles.c.text_hash,
        articles.c.story_id,
    ).join(outlets, outlets.c.id == articles.c.outlet_id)


def group_texts(connection: Connection, ids: Collection[int]) -> list[GroupText]:
    """The texts of articles."""
    question = select(
        articles.c.id,
        articles.c.outlet_id,
        articles.c.headline,
        articles.c.description,
        articles.c.counted_at,
        bodies.c.body,
    ).outerjoin(bodies, bodies.c.article_id == articles.c.id)
    return [
        GroupText(
            id=row.id,
            outlet_id=row.outlet_id,
            headline=row.headline,
            text="\n".join(filter(None, (row.description, row.body))),
            counted_at=row.counted_at,
        )
        for chunk in chunks(sorted(ids))
        for row in connection.execute(question.where(articles.c.id.in_(chunk)))
    ]


def kept_sketches(
    connection: Connection, since: datetime, until: datetime, scheme: int
) -> dict[int, bytes]:
    """Sketches of the articles counted in [since, until), as far as they are up to date."""
    rows = connection.execute(
        select(article_sketches.c.article_id, article_sketches.c.sketch)
        .join(articles, articles.c.id == article_sketches.c.article_id)
        .where(
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
            article_sketches.c.text_hash == articles.c.text_hash,
            article_sketches.c.scheme == scheme,
        )
    )
    return {row.article_id: row.sketch for row in rows}


def keep_sketches(
    connection: Connection, made: Sequence[tuple[Groupable, bytes]], scheme: int
) -> None:
    """Keep the sketches of articles, so that their texts need not be read again."""
    rows = [
        {"article_id": each.id, "text_hash": each.text_hash, "scheme": scheme, "sketch": sketch}
        for each, sketch in made
    ]
    if rows:
        upsert(connection, article_sketches, rows)


def store_stories(
    connection: Connection,
    groups: Mapping[int, Sequence[Groupable]],
    portal_texts: Mapping[int, int],
) -> None:
    """Store stories given as {original's number: all its articles}, replacing what they were.

    `portal_texts` names, by article, the agency portal's article that it repeats whole.
    """
    gone = {each.story_id for group in groups.values() for each in group} - {None}
    for chunk in chunks(sorted(number for number in gone if number is not None)):
        connection.execute(delete(stories).where(stories.c.id.in_(chunk)))
    story_rows, member_rows = [], []
    for original, group in groups.items():
        number = min(each.id for each in group)
        story_rows.append(_story_row(number, original, group))
        member_rows += [
            {
                "number": each.id,
                "story": number,
                "original": each.id == original,
                "portal_text": portal_texts.get(each.id),
            }
            for each in group
        ]
    if story_rows:
        insert_rows(connection, stories, story_rows)
        connection.execute(
            update(articles)
            .where(articles.c.id == bindparam("number"))
            .values(
                story_id=bindparam("story"),
                is_original=bindparam("original"),
                portal_text_id=bindparam("portal_text"),
            ),
            member_rows,
        )


def _story_row(number: int, original: int, group: Sequence[Groupable]) -> dict[str, Any]:
    return {
        "id": number,
        "original_id": original,
        "placements": len(group),
        "outlets": len({each.outlet_id for each in group}),
        "first_at": min(each.counted_at for each in group),
        "last_at": max(each.counted_at for each in group),
    }
