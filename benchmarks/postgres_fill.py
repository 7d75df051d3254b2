"""A month of articles in PostgreSQL, and as many earlier months like it as are wanted.

The first month goes by the program's own path, every table and the search index. An earlier month
is a copy of it, made in the server at the speed of its disk: ids, addresses and sketches' hashes of
its own, every moment moved back. A copy's words are those of the first month, so a word is as
frequent at every size; its rows, its pages on disk and its entries in every index are its own.
"""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Engine,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    table,
    type_coerce,
)
from sqlalchemy.sql.elements import ColumnElement

from storage.database import reading
from storage.postgres_search import KEPT_APART, month_of
from storage.tables import (
    ID_SPAN,
    Moment,
    article_agencies,
    article_areas,
    article_sketches,
    articles,
    bodies,
    findings,
    stories,
)

#: Days of a month that have articles: as many as every month has.
DAYS = 28
_IDS = frozenset({"id", "article_id", "original_id", "story_id", "happening_id", "portal_text_id"})
_MASK: ColumnElement[int] = bindparam("mask", type_=BigInteger)
_BACK: ColumnElement[int] = bindparam("back", type_=BigInteger)
_COPIED = func.any(bindparam("ids", type_=ARRAY(BigInteger)))
_INDEXED = ("key", "document", "pairs")
_search = table("article_search", *map(column, _INDEXED))


def copy_months(
    engine: Engine, month: datetime, first: int, until: int, chance: random.Random
) -> None:
    """Put the months so many before `month` in, whose first day it is."""
    ids = _ids(engine, month, DAYS)
    with ThreadPoolExecutor(2) as two:
        copies = []
        for number in range(first, until):
            place = month.year * 12 + month.month - 1 - number
            earlier = month.replace(year=place // 12, month=place % 12 + 1)
            copies.append(two.submit(_copy_month, engine, month, earlier, _values(ids, chance)))
        for copy in copies:
            copy.result()


def copy_day(engine: Engine, day: datetime, following: int, chance: random.Random) -> None:
    """Put so many days like `day` in right after it, into the same part of the search index."""
    ids = _ids(engine, day, 1)
    for later in range(1, following + 1):
        back = -int(timedelta(days=later).total_seconds())
        values = {**_values(ids, chance), "back": back}
        with engine.begin() as connection:
            _copy_rows(connection, values)
            connection.execute(insert(_search).from_select(_INDEXED, _found()), values)


def _ids(engine: Engine, first: datetime, days: int) -> list[int]:
    inside = (articles.c.counted_at >= first, articles.c.counted_at < first + timedelta(days=days))
    with reading(engine) as connection:
        return list(connection.scalars(select(articles.c.id).where(*inside)))


def _values(ids: list[int], chance: random.Random) -> dict[str, Any]:
    return {"mask": chance.randrange(1, ID_SPAN), "ids": ids}


def _copy_month(engine: Engine, month: datetime, earlier: datetime, values: dict[str, Any]) -> None:
    values = {**values, "back": int((month - earlier).total_seconds())}
    # Side by side: copies touch no row of each other's.
    with engine.connect().execution_options(among_writers=True) as connection, connection.begin():
        _copy_rows(connection, values)
        _copy_index(connection, earlier, values)


def _copy_rows(connection: Connection, values: dict[str, object]) -> None:
    # What a copied row refers to was copied with it.
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for each in (articles, bodies, findings, article_areas, article_agencies,
                 article_sketches, stories):  # fmt: skip
        _copy(connection, each, values)


def _copy(connection: Connection, source: Table, values: dict[str, object]) -> None:
    key = next(name for name in ("article_id", "original_id", "id") if name in source.c)
    names = [each.name for each in source.columns]
    given = [_moved(source, name) for name in names]
    question = select(*given).where(source.c[key] == _COPIED)
    connection.execute(insert(source).from_select(names, question), values)


def _moved(source: Table, name: str) -> ColumnElement[Any]:
    held = source.c[name]
    if name in _IDS:
        return held.op("#")(_MASK)
    if isinstance(held.type, Moment):
        return held - _BACK
    if name == "url":
        return held + "?" + cast(_MASK, Text)
    if name == "text_hash":
        return func.md5(held + cast(_MASK, Text))
    if name == "time_key":
        return _time_key()
    return held


def _time_key() -> ColumnElement[Any]:
    moment = type_coerce(articles.c.counted_at, BigInteger) - _BACK
    return moment * (1 << 20) + articles.c.id.op("#")(_MASK).op("&")(0xFFFFF)


def _copy_index(connection: Connection, earlier: datetime, values: dict[str, Any]) -> None:
    """The month's part of the search index, whose own indexes are made of all its rows at once."""
    name, low, high = month_of(int(earlier.timestamp()) << 20)
    connection.exec_driver_sql(
        f"CREATE TABLE {name} (LIKE article_search INCLUDING STORAGE) WITH ({KEPT_APART})"
    )
    target = table(name, *map(column, _INDEXED))
    connection.execute(insert(target).from_select(_INDEXED, _found()), values)
    connection.exec_driver_sql(f"ALTER TABLE {name} ADD PRIMARY KEY (key)")
    connection.exec_driver_sql(f"CREATE INDEX ON {name} USING gin (document, pairs)")
    connection.exec_driver_sql(
        f"ALTER TABLE article_search ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})"
    )


def _found() -> Select[Any]:
    """The documents of the copied articles, under the copies' keys."""
    joined = _search.join(articles, articles.c.time_key == _search.c.key)
    return (
        select(_time_key(), _search.c.document, _search.c.pairs)
        .select_from(joined)
        .where(articles.c.id == _COPIED)
    )
