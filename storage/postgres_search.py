"""The search index of PostgreSQL: the words of the embedded index, asked and counted alike.

How a document and a question are written stands in `storage.postgres_words`. The index is kept in
parts, one a month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from domain.clock import VIETNAM
from storage.postgres_copy import copy_rows
from storage.postgres_words import ServerQuestion, document_of, pairs_of

#: A part's rows hold the key, and where the rest is: to read keys is to read a tenth of the pages.
KEPT_APART: Final = "toast_tuple_target = 128"
#: What lies outside of these years goes into a part before and a part after them.
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
#: Keys lie between these.
_LEAST, _MOST = -(1 << 62), 1 << 62
#: So many documents are looked at one by one before it is known how rare an answer is.
_PROBE: Final = 300
#: To open a document takes the time of so many rows that the index gives (12 µs, .5 µs).
_OPENED: Final = 24
#: How much further than the share of answers promises is looked.
_SPARE: Final = 1.1
_ONE_BY_ONE: Final = text(
    """SELECT array_agg(key ORDER BY key DESC) FILTER (WHERE document @@ CAST(:match AS tsquery)),
        count(*), min(key)
    FROM (SELECT key, document FROM article_search WHERE key >= :low AND key < :until
        ORDER BY key DESC LIMIT :span) AS newest"""
)
_SORT_IN: Final = text(
    """SELECT gin_clean_pending_list(pg_class.oid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE amname = 'gin' AND indrelid::regclass::text = ANY(:months)"""
)


def remove_documents(connection: Connection, keys: Sequence[int]) -> None:
    """Take articles out of the index."""
    connection.execute(
        text("DELETE FROM article_search WHERE key = ANY(:keys)"), {"keys": list(keys)}
    )


def add_documents(connection: Connection, documents: Sequence[tuple[int, str, str, str]]) -> None:
    """Put articles in: key, title, body and facets of each, folded."""
    months = _ensure_months(connection, [key for key, *_ in documents])
    copy_rows(
        connection,
        "article_search",
        ("key", "document", "pairs"),
        (
            (
                key,
                document_of(title, body, facets),
                _array(pairs_of(title, body)),
            )
            for key, title, body, facets in documents
        ),
    )
    # The server holds new entries back and sorts them in together, a third of the work of one
    # after the other; none is left for those who search.
    connection.execute(_SORT_IN, {"months": sorted(months)})


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def newest_keys(
    connection: Connection,
    asked: ServerQuestion,
    *,
    limit: int,
    low: int | None = None,
    until: int | None = None,
) -> list[int]:
    """The newest keys of [low, until) whose documents answer, newest first, up to `limit`.

    The server cannot tell beforehand how many answer, of a phrase least of all, and goes about it
    the wrong way: it reads a year through for what the last week would give, or collects all that
    a year holds of a word that is in every article. So the index is asked month by month back in
    time, more months at once the less they give. It gives all that a month holds of a word: where
    that would be much more than is wanted, the newest documents are opened one by one.
    """
    low = _LEAST if low is None else low
    until = _MOST if until is None else until
    parts = _parts(connection)
    # One by one in the newest part alone: to consider every part takes its time.
    newest = max((part for part in parts if part.first < until), default=_Part(_LEAST, "", 0))
    near = max(low, newest.first)
    keys: list[int] = []
    span = _PROBE
    while newest.rows > _OPENED * (limit - len(keys)):
        bound = {"match": asked.match, "low": near, "until": until, "span": span}
        found, seen, oldest = connection.execute(_ONE_BY_ONE, bound).one()
        keys += found or ()
        if len(keys) >= limit:
            return keys[:limit]
        until = oldest if seen == span else near
        share = len(found or ()) / span
        if seen < span or share * share * newest.rows < _OPENED * (limit - len(keys)):
            break
        span = int((limit - len(keys)) / share * _SPARE) + 1
    keys += _rarer(connection, asked, parts, limit=limit - len(keys), low=low, until=until)
    return keys


def _rarer(
    connection: Connection,
    asked: ServerQuestion,
    parts: Sequence[_Part],
    *,
    limit: int,
    low: int,
    until: int,
) -> list[int]:
    keys: list[int] = []
    # To read a part through is never quicker: a document lies apart from its row.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    for months in _reaches(parts, until):
        # "+ 0" keeps the server from reading all rows in the order of time.
        found = " UNION ALL ".join(
            f"SELECT key, document FROM {month} WHERE {asked.condition} "
            "AND key + 0 >= :low AND key + 0 < :until"
            for month in months
        )
        # "OFFSET 0" has them sorted first: no more are opened than the answer needs.
        ordered = f"SELECT key, document FROM ({found}) AS found ORDER BY key + 0 DESC OFFSET 0"
        check = f" WHERE {asked.check}" if asked.check else ""
        question = text(f"SELECT key FROM ({ordered}) AS ordered{check} LIMIT :limit")
        bound = {**asked.bound, "low": low, "until": until, "limit": limit - len(keys)}
        keys += connection.scalars(question, bound)
        if len(keys) >= limit:
            break
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
    return keys


def _reaches(parts: Sequence[_Part], until: int) -> Iterator[list[str]]:
    """The parts that begin before a key, the newest first: one, then two, four ... at a time."""
    left = [part.name for part in parts if part.first < until]
    count = 1
    while left:
        yield left[-count:]
        left, count = left[:-count], 2 * count


class _Part(NamedTuple):
    """This is a part of the index: the first key it may hold, and about how many it holds."""

    first: int
    name: str
    rows: float


def _parts(connection: Connection) -> list[_Part]:
    """The parts in the order of time."""
    return sorted(_Part(_first_key(name), name, rows) for name, rows in _months(connection).items())


def _first_key(name: str) -> int:
    """The first key that a part may hold."""
    written = name.rpartition("_")[2]
    if written.isdecimal():
        return int(_key_of(int(written[:4]), int(written[4:])))
    return _LEAST if written == "before" else int(_key_of(_LAST_YEAR + 1, 1))


def _months(connection: Connection) -> dict[str, float]:
    """The parts there are, by name, and about how many rows each holds; -1 where nobody knows."""
    rows = connection.execute(
        text(
            "SELECT inhrelid::regclass::text, reltuples FROM pg_inherits "
            "JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent = 'article_search'::regclass"
        )
    )
    return {name: count for name, count in rows}


def _ensure_months(connection: Connection, keys: Iterable[int]) -> set[str]:
    """Make the parts that the keys fall into; a part is attached without stopping readers."""
    wanted = {month_of(key) for key in keys}
    held = _months(connection)
    for name, low, high in sorted(wanted):
        if name not in held:
            connection.exec_driver_sql(
                f"CREATE TABLE {name} (LIKE article_search INCLUDING ALL) WITH ({KEPT_APART})"
            )
            connection.exec_driver_sql(
                f"ALTER TABLE article_search ATTACH PARTITION {name} "
                f"FOR VALUES FROM ({low}) TO ({high})"
            )
    return {name for name, _, _ in wanted}


def month_of(key: int) -> tuple[str, str, str]:
    """The part a key belongs to: its name, its first key and the first one after it."""
    day = datetime.fromtimestamp(key >> 20, VIETNAM)
    if day.year < _FIRST_YEAR:
        return "article_search_before", "MINVALUE", _key_of(_FIRST_YEAR, 1)
    if day.year > _LAST_YEAR:
        return "article_search_after", _key_of(_LAST_YEAR + 1, 1), "MAXVALUE"
    after = datetime(day.year, day.month, 28, tzinfo=VIETNAM) + timedelta(days=4)
    return (
        f"article_search_{day:%Y%m}",
        _key_of(day.year, day.month),
        _key_of(after.year, after.month),
    )


def _key_of(year: int, month: int) -> str:
    return str(int(datetime(year, month, 1, tzinfo=VIETNAM).timestamp()) << 20)
