"""The rows that measures and reports read, with decided tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, Select, cast, func, select

from domain.clock import VIETNAM
from domain.codes import (
    Area,
    Content,
    DateOrigin,
    DatePrecision,
    Level,
    OutletKind,
    Role,
)
from domain.records import ArticleRow, SourceDay
from storage.tables import (
    article_agencies,
    article_areas,
    articles,
    outlets,
    pages,
    polls,
    sources,
)

#: A list is believed to reach back this far at most.
LONGEST_REACH = timedelta(days=92)


def article_rows(
    connection: Connection, since: datetime, until: datetime, *, relevant_only: bool = False
) -> list[ArticleRow]:
    """Placements counted in [since, until), oldest first; of any subject unless told otherwise."""
    condition = [articles.c.counted_at >= since, articles.c.counted_at < until]
    if relevant_only:
        condition.append(articles.c.relevant.is_(True))
    chosen = select(articles.c.id).where(*condition)
    areas = _tags(connection, select(article_areas).where(article_areas.c.article_id.in_(chosen)))
    agencies = _tags(
        connection, select(article_agencies).where(article_agencies.c.article_id.in_(chosen))
    )
    rows = connection.execute(
        select(articles, outlets.c.name, outlets.c.kind, outlets.c.level, outlets.c.province,
               pages.c.sha256)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .outerjoin(pages, pages.c.id == articles.c.page_id)
        .where(*condition)
        .order_by(articles.c.time_key)
    )  # fmt: skip
    return [_row(row, areas.get(row.id, []), agencies.get(row.id, [])) for row in rows]


def _tags(connection: Connection, question: Select[Any]) -> dict[int, list[Any]]:
    tags: dict[int, list[Any]] = {}
    for row in connection.execute(question):
        tags.setdefault(row.article_id, []).append(row)
    return tags


def _row(row: Any, areas: Sequence[Any], agencies: Sequence[Any]) -> ArticleRow:
    named = {
        role: tuple(sorted(tag.agency_id for tag in agencies if tag.role == role)) for role in Role
    }
    return ArticleRow(
        article_id=row.id,
        # Before grouping an article is a story of its own.
        story_id=row.id if row.story_id is None else row.story_id,
        is_original=row.is_original or row.story_id is None,
        outlet_id=row.outlet_id,
        outlet_name=row.name,
        outlet_kind=OutletKind(row.kind),
        outlet_level=Level(row.level),
        outlet_province=row.province,
        url=row.url,
        headline=row.headline,
        description=row.description,
        section=row.section,
        content=Content(row.content),
        published_at=row.published_at,
        date_precision=DatePrecision(row.date_precision),
        date_origin=DateOrigin(row.date_origin),
        first_seen_at=row.first_seen_at,
        relevance=row.relevance or 0.0,
        relevant=row.relevant,
        areas=tuple(sorted((Area(tag.area) for tag in areas), key=list(Area).index)),
        focus=named[Role.FOCUS],
        mention=named[Role.MENTION],
        form=row.form,
        tone=row.tone,
        audience=row.audience,
        aspect=row.aspect,
        sha256=row.sha256 or "",
        corrected=row.corrected,
        model_version=row.tag_version,
    )


def counted_by_outlet(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many articles of any subject each outlet has in [since, until)."""
    rows = connection.execute(
        select(articles.c.outlet_id, func.count())
        .where(articles.c.counted_at >= since, articles.c.counted_at < until)
        .group_by(articles.c.outlet_id)
    )
    return {outlet: count for outlet, count in rows}


def source_days(connection: Connection, since: datetime, until: datetime) -> list[SourceDay]:
    """What polling gave, by source and Vietnamese day, in [since, until).

    A list that was read later may have caught up days on which nobody asked.
    """
    rows = connection.execute(
        select(
            sources.c.url,
            sources.c.outlet_id,
            polls.c.at,
            polls.c.outcome,
            polls.c["items"].label("listed"),
            polls.c.reaches_to,
        )
        .join(sources, sources.c.id == polls.c.source_id)
        .where(
            polls.c.at >= since,
            polls.c.at < until + LONGEST_REACH,
            (polls.c.at < until) | (polls.c.reaches_to < until),
        )
        .order_by(sources.c.id, polls.c.at)
    ).all()
    days: dict[tuple[str, str, date], Counter[str]] = {}
    for row in rows:
        key = (row.url, row.outlet_id)
        day = row.at.astimezone(VIETNAM).date()
        if row.at < until:
            count = days.setdefault((*key, day), Counter())
            count.update(polls=1, polls_ok=int(row.outcome == "ok"), items=row.listed)
        if row.reaches_to is not None:
            for earlier in _days_between(max(row.reaches_to, since), min(row.at, until)):
                days.setdefault((*key, earlier), Counter())["caught_up"] += 1
    return [
        SourceDay(
            source_id=url,
            outlet_id=outlet_id,
            day=day.isoformat(),
            polls=count["polls"],
            polls_ok=count["polls_ok"],
            items=count["items"],
            caught_up=bool(count["caught_up"] and not count["polls_ok"]),
        )
        for (url, outlet_id, day), count in sorted(days.items())
    ]


def _days_between(first: datetime, last: datetime) -> list[date]:
    """The Vietnamese days that lie whole between two moments."""
    start, end = first.astimezone(VIETNAM), last.astimezone(VIETNAM)
    day = start.date() if start.time() == time() else start.date() + timedelta(days=1)
    return [day + timedelta(days=n) for n in range((end.date() - day).days)]


def last_counted(connection: Connection) -> datetime | None:
    """The newest moment at which an article is counted; None in an empty database."""
    newest: datetime | None = connection.scalar(select(func.max(articles.c.counted_at)))
    return newest


def totals(connection: Connection) -> dict[str, int]:
    """How much is stored: articles, relevant ones, stories."""
    row = connection.execute(
        select(
            func.count().label("articles"),
            func.sum(cast(articles.c.relevant, Integer)).label("relevant"),
            func.count(func.distinct(articles.c.story_id)).label("stories"),
        )
    ).one()
    return {
        "articles": row.articles,
        "relevant": row.relevant or 0,
        "stories": row.stories,
    }


def article_addresses(connection: Connection) -> list[str]:
    """The canonical address of every article."""
    return list(connection.scalars(select(articles.c.url).order_by(articles.c.time_key)))
