"""The rows that measures and reports read, with decided tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    select,
    type_coerce,
    union,
)

from domain.codes import (
    Area,
    Content,
    DateOrigin,
    DatePrecision,
    Level,
    OutletKind,
    Role,
)
from domain.records import ArticleRow, OutletDay, SourceDay
from storage.links import chunks
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
_WEEK = timedelta(days=7)
#: So many articles are asked for one by one.
_FEW = 5000
#: Vietnam is seven hours ahead and never changes its clocks; both in seconds.
_LOCAL, _DAY = 7 * 3600, 24 * 3600
_EPOCH = date(1970, 1, 1).toordinal()
#: What an `ArticleRow` is made of.
_COLUMNS = (
    articles.c.id, articles.c.story_id, articles.c.is_original, articles.c.outlet_id,
    outlets.c.name, outlets.c.kind, outlets.c.level, outlets.c.province, articles.c.url,
    articles.c.headline, articles.c.description, articles.c.section, articles.c.content,
    articles.c.published_at, articles.c.date_precision, articles.c.date_origin,
    articles.c.first_seen_at, articles.c.relevance, articles.c.relevant, articles.c.form,
    articles.c.tone, articles.c.audience, articles.c.aspect, pages.c.sha256, articles.c.corrected,
    articles.c.tag_version, articles.c.media, articles.c.portal_text_id, articles.c.origin,
)  # fmt: skip
#: A code's word to the code: looked up for every row.
_AREAS = {area.value: area for area in Area}
_AREA_PLACES = {area: place for place, area in enumerate(Area)}
_KINDS = {kind.value: kind for kind in OutletKind}
_LEVELS = {level.value: level for level in Level}
_CONTENTS = {content.value: content for content in Content}
_PRECISIONS = {precision.value: precision for precision in DatePrecision}
_ORIGINS = {origin.value: origin for origin in DateOrigin}


def article_rows(
    connection: Connection,
    since: datetime,
    until: datetime,
    *,
    agency: str | Collection[str] | None = None,
    area: Area | None = None,
    stories: Collection[int] | None = None,
    of_outlets: Collection[str] | None = None,
    relevant_only: bool = False,
    whole_stories: bool = False,
) -> list[ArticleRow]:
    """Placements counted in [since, until), oldest first; of any subject unless told otherwise.

    `agency` keeps those that name it (or one of several), as their subject or in passing; `stories`
    those of some stories, of which there must be few; `of_outlets` those of some outlets;
    `whole_stories` those that are relevant, with all others of their stories.
    """
    condition = [articles.c.counted_at >= since, articles.c.counted_at < until]
    if whole_stories:
        condition.append(articles.c.id.in_(_of_relevant_stories(since, until)))
    if relevant_only:
        condition.append(articles.c.relevant.is_(True))
    if of_outlets is not None:
        condition.append(articles.c.outlet_id.in_(sorted(of_outlets)))
    if agency is not None:
        wanted = [agency] if isinstance(agency, str) else sorted(agency)
        named = article_agencies.c.agency_id.in_(wanted)
        condition.append(articles.c.id.in_(select(article_agencies.c.article_id).where(named)))
    if stories is not None:
        condition.append(articles.c.story_id.in_(sorted(stories)))
    if area is not None:
        tagged = article_areas.c.area == area
        condition.append(articles.c.id.in_(select(article_areas.c.article_id).where(tagged)))
    rows = connection.execute(
        select(*_COLUMNS)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .outerjoin(pages, pages.c.id == articles.c.page_id)
        .where(*condition)
        .order_by(articles.c.time_key)
    ).all()
    chosen = select(articles.c.id).where(*condition)
    # The few of one agency are named: finding them again costs more than their rows.
    named_ids = [row.id for row in rows] if len(rows) <= _FEW else None
    areas = _tags(connection, article_areas, chosen, named_ids)
    agencies = _tags(connection, article_agencies, chosen, named_ids)
    return [_row(row, areas.get(row.id, []), agencies.get(row.id, [])) for row in rows]


def _of_relevant_stories(since: datetime, until: datetime) -> CompoundSelect[Any]:
    """The numbers of the relevant articles of a span, and of all others of their stories."""
    within = (articles.c.counted_at >= since, articles.c.counted_at < until)
    relevant = (articles.c.relevant.is_(True), *within)
    stories = select(articles.c.story_id).where(*relevant, articles.c.story_id.is_not(None))
    return union(
        select(articles.c.id).where(*relevant),
        select(articles.c.id).where(articles.c.story_id.in_(stories), *within),
    )


def statements(
    connection: Connection,
    since: datetime,
    until: datetime,
    *,
    agencies: Collection[str],
    portals: Collection[str],
) -> Iterator[ArticleRow]:
    """What agencies may have said: placements that name one of them, and all of their portals'.

    A week at a time, so that a year takes no more memory than a week.
    """
    while since < until:
        end = min(since + _WEEK, until)
        yield from article_rows(connection, since, end, agency=agencies)
        yield from article_rows(connection, since, end, of_outlets=portals)
        since = end


def _tags(
    connection: Connection, table: Table, chosen: Select[Any], ids: Sequence[int] | None
) -> dict[int, list[Any]]:
    """The tags of the chosen articles, by their ids where these are given."""
    among = [chosen] if ids is None else chunks(ids)
    columns = [column for column in table.c if column.primary_key or column.name == "role"]
    tags: dict[int, list[Any]] = defaultdict(list)
    for some in among:
        asked = select(*columns).where(table.c.article_id.in_(some))
        for article, *tag in connection.execute(asked).all():
            tags[article].append(tag)
    return tags


def _row(row: Any, areas: Sequence[Any], agencies: Sequence[Any]) -> ArticleRow:
    return ArticleRow(
        article_id=row.id,
        # Before grouping an article is a story of its own.
        story_id=row.id if row.story_id is None else row.story_id,
        is_original=row.is_original or row.story_id is None,
        outlet_id=row.outlet_id,
        outlet_name=row.name,
        outlet_kind=_KINDS[row.kind],
        outlet_level=_LEVELS[row.level],
        outlet_province=row.province,
        url=row.url,
        headline=row.headline,
        description=row.description,
        section=row.section,
        content=_CONTENTS[row.content],
        published_at=row.published_at,
        date_precision=_PRECISIONS[row.date_precision],
        date_origin=_ORIGINS[row.date_origin],
        first_seen_at=row.first_seen_at,
        relevance=row.relevance or 0.0,
        relevant=row.relevant,
        areas=tuple(sorted((_AREAS[area] for [area] in areas), key=_AREA_PLACES.__getitem__)),
        focus=tuple(sorted(agency for agency, role in agencies if role == Role.FOCUS)),
        mention=tuple(sorted(agency for agency, role in agencies if role == Role.MENTION)),
        form=row.form,
        tone=row.tone,
        audience=row.audience,
        aspect=row.aspect,
        sha256=row.sha256 or "",
        corrected=row.corrected,
        model_version=row.tag_version,
        media=row.media,
        portal_text_id=row.portal_text_id,
        origin=row.origin,
    )


def outlet_days(connection: Connection, since: datetime, until: datetime) -> list[OutletDay]:
    """How many articles of any subject each outlet has on each Vietnamese day in [since, until)."""
    day = (type_coerce(articles.c.counted_at, BigInteger) + _LOCAL) // _DAY + _EPOCH
    counted = (
        select(articles.c.outlet_id, day.label("day"), func.count().label("articles"))
        .where(
            # True of every article: it lets the index answer that holds the outlet too.
            articles.c.relevant.in_([True, False]),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
        )
        .group_by(articles.c.outlet_id, "day")
        .subquery()
    )
    found = connection.execute(
        select(counted, outlets.c.name, outlets.c.kind, outlets.c.level)
        .join(outlets, outlets.c.id == counted.c.outlet_id)
        .order_by(counted.c.day, counted.c.outlet_id)
    )
    return [
        OutletDay(
            outlet_id=row.outlet_id,
            outlet_name=row.name,
            outlet_kind=_KINDS[row.kind],
            outlet_level=_LEVELS[row.level],
            day=date.fromordinal(row.day),
            articles=row.articles,
        )
        for row in found
    ]


def counted_by_outlet(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many articles of any subject each outlet has in [since, until)."""
    rows = connection.execute(
        select(articles.c.outlet_id, func.count())
        .where(
            # True of every article: it lets the index answer that holds the outlet too.
            articles.c.relevant.in_([True, False]),
            articles.c.counted_at >= since,
            articles.c.counted_at < until,
        )
        .group_by(articles.c.outlet_id)
    )
    return {outlet: count for outlet, count in rows}


def source_days(connection: Connection, since: datetime, until: datetime) -> list[SourceDay]:
    """What polling gave, by source and Vietnamese day, in [since, until).

    A list that was read later may have caught up days on which nobody asked.
    """
    first, end = _day_after(int(since.timestamp())), _day_of(int(until.timestamp()))
    told: dict[int, dict[int, tuple[int, int, int]]] = defaultdict(dict)
    reached: dict[int, set[int]] = defaultdict(set)
    names = connection.execute(
        select(sources.c.id, sources.c.url, sources.c.outlet_id).order_by(sources.c.url)
    ).all()
    for source, day, asked, answered, listed, whole_from in connection.execute(
        _polls_by_day(polls.c.at >= since, polls.c.at < until)
    ).all():
        told[source][day] = (asked, answered, listed)
        _reach(reached[source], whole_from, first, min(day, end))
    # Only what has a day without an answer can gain from a list read after the period.
    wanting = [name.id for name in names if _lacks_a_day(told[name.id], first, end)]
    for chunk in chunks(wanting):
        later = _polls_by_day(
            polls.c.source_id.in_(chunk),
            polls.c.at >= until,
            polls.c.at < until + LONGEST_REACH,
            polls.c.reaches_to < until,
        )
        for source, day, *_, whole_from in connection.execute(later).all():
            _reach(reached[source], whole_from, first, min(day, end))
    written = {day: date.fromordinal(day).isoformat() for day in range(first - 1, end + 1)}
    return [
        SourceDay(
            source_id=url,
            outlet_id=outlet_id,
            day=written[day],
            polls=asked,
            polls_ok=answered,
            items=listed,
            caught_up=not answered and day in reached[source],
        )
        for source, url, outlet_id in names
        for day in sorted(told[source].keys() | reached[source])
        for asked, answered, listed in [told[source].get(day, (0, 0, 0))]
    ]


def _polls_by_day(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Polls counted by source and Vietnamese day, with the first day that one of them tells whole.

    That day begins at the moment to which the list reaches back, or after it.
    """
    day = ((type_coerce(polls.c.at, BigInteger) + _LOCAL) // _DAY + _EPOCH).label("day")
    reaches_to = func.min(type_coerce(polls.c.reaches_to, BigInteger))
    return (
        select(
            polls.c.source_id,
            day,
            func.count(),
            func.sum(case((polls.c.outcome == "ok", 1), else_=0)),
            func.sum(polls.c["items"]),
            (reaches_to - 1 + _LOCAL) // _DAY + _EPOCH + 1,
        )
        .where(*conditions)
        .group_by(polls.c.source_id, day)
    )


def _reach(days: set[int], whole_from: int | None, first: int, end: int) -> None:
    """Add the days that a list tells whole: from the first it reaches to, to that before `end`."""
    if whole_from is not None:
        days.update(range(max(whole_from, first), end))


def _lacks_a_day(told: Mapping[int, tuple[int, int, int]], first: int, end: int) -> bool:
    return any(day not in told or not told[day][1] for day in range(first, end))


def _day_of(seconds: int) -> int:
    """The number of the Vietnamese day that holds a moment."""
    return (seconds + _LOCAL) // _DAY + _EPOCH


def _day_after(seconds: int) -> int:
    """The number of the first Vietnamese day that begins at a moment or after it."""
    return _day_of(seconds - 1) + 1


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
