"""One page of a search: the next articles before a place in time, and counts for its filters.

What a page costs does not grow with the number of articles found: the newest are read from the
index's end, and counting stops at a limit that the page names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, text

from storage.among import among
from storage.postgres_search import newest_keys
from storage.search import Hit, Question, condition, hits_of, server_question
from storage.tables import article_agencies, article_areas, articles

#: Articles are counted up to here; of more it is said that there are more.
COUNTED: Final = 5_000
#: Beside a page they are counted up to here: to count is most of what a page costs.
COUNTED_ON_PAGE: Final = 1_000
#: Filters are counted over so many of the newest articles found.
SAMPLED: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """This is one page of what was found."""

    hits: tuple[Hit, ...]
    #: The place to ask the next page from; None on the last one.
    next_before: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchCounts:
    """These are the counts beside a search."""

    #: Articles found, as far as they were counted.
    total: int
    is_more: bool
    #: Of how many of the newest the filters below were counted.
    sampled: int
    areas: Mapping[str, int]
    agencies: Mapping[str, int]
    outlets: Mapping[str, int]
    tones: Mapping[str, int]


def search_page(
    connection: Connection, question: Question, *, limit: int, before: int | None = None
) -> SearchPage:
    """The newest articles that answer the question and stand before a place in time."""
    return _page(connection, _keys(connection, question, limit=limit + 1, before=before), limit)


def search_first(
    connection: Connection, question: Question, *, limit: int
) -> tuple[SearchPage, SearchCounts]:
    """The first page and the counts, for which the index is read once."""
    keys = _keys(connection, question, limit=COUNTED_ON_PAGE + 1)
    return _page(connection, keys, limit), _counted(connection, keys, COUNTED_ON_PAGE)


def found_ids(connection: Connection, question: Question) -> frozenset[int]:
    """The numbers of all articles that answer; for a question bounded in time."""
    found, values = condition(connection, question)
    return frozenset(
        connection.scalars(
            text(f"SELECT id FROM articles WHERE time_key IN (SELECT key FROM {found})"), values
        )
    )


def search_counts(connection: Connection, question: Question) -> SearchCounts:
    """How many articles answer the question, and how the newest of them are spread."""
    return _counted(connection, _keys(connection, question, limit=COUNTED + 1), COUNTED)


def _page(connection: Connection, keys: Sequence[int], limit: int) -> SearchPage:
    shown = keys[:limit]
    return SearchPage(
        hits=hits_of(connection, shown),
        next_before=shown[-1] if len(keys) > limit else None,
    )


def _keys(
    connection: Connection, question: Question, *, limit: int, before: int | None = None
) -> Sequence[int]:
    found, values = condition(connection, question)
    if "match" in values and connection.dialect.name == "postgresql":
        until = min((each for each in (before, values.get("high")) if each), default=None)
        low = values.get("low")
        asked = server_question(question)
        return newest_keys(connection, asked, limit=limit, low=low, until=until)
    where = ""
    if before is not None:
        where, values = " WHERE key < :before", {**values, "before": before}
    newest = text(f"SELECT key FROM {found}{where} ORDER BY key DESC LIMIT :limit")
    return connection.scalars(newest, {**values, "limit": limit}).all()


def _counted(connection: Connection, keys: Sequence[int], most: int) -> SearchCounts:
    sampled = keys[:SAMPLED]
    rows = connection.execute(
        select(articles.c.id, articles.c.outlet_id, articles.c.tone, articles.c.relevant)
        .where(among(connection, articles.c.time_key, sampled))
        # The order of the counts is that of the articles, not that in which a database reads them.
        .order_by(articles.c.time_key.desc())
    ).all()
    ids = [row.id for row in rows]
    return SearchCounts(
        total=min(len(keys), most),
        is_more=len(keys) > most,
        sampled=len(sampled),
        areas=_counts(connection, article_areas.c.area, article_areas.c.article_id, ids),
        agencies=_counts(
            connection, article_agencies.c.agency_id, article_agencies.c.article_id, ids
        ),
        outlets=Counter(row.outlet_id for row in rows),
        tones=Counter(row.tone for row in rows if row.relevant),
    )


def _counts(
    connection: Connection, code: ColumnElement[Any], article: ColumnElement[Any], ids: list[int]
) -> dict[str, int]:
    rows = connection.execute(
        select(code, func.count().label("times"))
        .where(among(connection, article, ids))
        .group_by(code)
        .order_by(func.count().desc(), code)
    )
    return {row[0]: int(row[1]) for row in rows}
