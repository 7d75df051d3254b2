"""Search: folded text, quoted phrases, every word required, filters as tokens, newest first.

Both the index and the question are folded to ``[a-z0-9 ]`` (``domain.text.fold_for_search``), so
``sắp xếp`` and ``sap xep`` are one question. Row ids of the index are in the order of time: the
newest are read from its end, and a range of days is a range of ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from domain.clock import VIETNAM
from domain.codes import Area, Role
from domain.errors import UsageError
from domain.text import fold_for_search
from storage.among import among
from storage.postgres_search import add_documents, remove_documents
from storage.postgres_words import ServerQuestion, question_of
from storage.tables import article_agencies, article_areas, articles, bodies, outlets

_PIECE = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """This is what a person asks of the search."""

    words: str = ""
    agency: str = ""
    #: Only articles in which the agency is in focus.
    focus_only: bool = False
    area: Area | None = None
    outlet: str = ""
    since: date | None = None
    until: date | None = None
    relevant_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """This is one article found."""

    id: int
    url: str
    headline: str
    description: str
    outlet_id: str
    outlet_name: str
    published_at: datetime | None
    #: How finely that is known: ``second``, ``minute``, ``day``, ``month`` or ``unknown``.
    date_precision: str
    first_seen_at: datetime
    relevant: bool
    areas: tuple[str, ...]
    agencies: tuple[tuple[str, str], ...]
    content: str
    tone: str
    #: Its place in time among all articles: what one page of results hands to the next.
    key: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResult:
    """This is the number of articles found and the newest of them."""

    total: int
    hits: tuple[Hit, ...]


def match_of(question: Question) -> str:
    """The question in the index's language; raises `UsageError` where nothing is left to ask."""
    words = " AND ".join(f'"{phrase}"' for phrase in _phrases(question))
    parts = [f"{{title body}} : ({words})"] if words else []
    parts += [f"facets : {token}" for token in _facets_of(question)]
    return " AND ".join(parts)


def _phrases(question: Question) -> list[str]:
    """The words and phrases asked for, folded; a `UsageError` where nothing is left of them."""
    written = question.words
    folded = (fold_for_search(quoted or word) for quoted, word in _PIECE.findall(written))
    phrases = [phrase for phrase in folded if phrase]
    if written.strip() and not phrases:
        raise UsageError(f"Câu tìm “{written}” không có chữ hoặc số nào để tìm.")
    return phrases


def _facets_of(question: Question) -> list[str]:
    tokens = []
    if question.relevant_only:
        tokens.append("r_1")
    if question.area:
        tokens.append(area_token(question.area))
    if question.agency:
        tokens.append(agency_token(question.agency, focus=question.focus_only))
    if question.outlet:
        tokens.append(f"o_{question.outlet}")
    return tokens


def area_token(area: str) -> str:
    """The index's token for an area."""
    return f"a_{area}"


def agency_token(agency_id: str, *, focus: bool) -> str:
    """The index's token for an agency named at all, or named in focus."""
    name = re.sub(r"[^a-z0-9]+", "_", agency_id.lower())
    return f"{'f' if focus else 'g'}_{name}"


def search(
    connection: Connection, question: Question, *, limit: int = 20, offset: int = 0
) -> SearchResult:
    """The articles that answer the question, newest first."""
    where, values = condition(connection, question)
    total = connection.scalar(text(f"SELECT count(*) FROM {where}"), values)
    keys = connection.scalars(
        text(f"SELECT key FROM {where} ORDER BY key DESC LIMIT :limit OFFSET :offset"),
        {**values, "limit": limit, "offset": offset},
    ).all()
    return SearchResult(total=total or 0, hits=hits_of(connection, keys))


def condition(connection: Connection, question: Question) -> tuple[str, dict[str, Any]]:
    """A table of the keys that answer the question, and the values bound in it."""
    on_server = connection.dialect.name == "postgresql"
    bounds: dict[str, Any] = {}
    if question.since:
        bounds["low"] = _key_at(question.since)
    if question.until:
        bounds["high"] = _key_at(question.until + timedelta(days=1))
    limits = [
        f"key {sign} :{name}" for name, sign in (("low", ">="), ("high", "<")) if name in bounds
    ]
    if on_server and (asked := server_question(question)).match:
        limits = [each for each in (asked.condition, asked.check) if each] + limits
        source = "SELECT key FROM article_search"
        bounds |= asked.bound
    elif not on_server and (match := match_of(question)):
        limits = ["article_search MATCH :match", *(each.replace("key", "rowid") for each in limits)]
        source = "SELECT rowid AS key FROM article_search"
        bounds["match"] = match
    else:
        source = "SELECT time_key AS key FROM articles"
        limits = [each.replace("key", "time_key") for each in limits]
    where = f" WHERE {' AND '.join(limits)}" if limits else ""
    return f"({source}{where}) AS found", bounds


def server_question(question: Question) -> ServerQuestion:
    """The question as PostgreSQL's index is asked it."""
    return question_of(_phrases(question), _facets_of(question))


def _key_at(day: date) -> int:
    return int(datetime.combine(day, time.min, VIETNAM).timestamp()) << 20


def hits_of(connection: Connection, keys: Sequence[int]) -> tuple[Hit, ...]:
    """The articles of some keys, newest first."""
    rows = connection.execute(
        select(articles, outlets.c.name.label("outlet_name"))
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(among(connection, articles.c.time_key, keys))
        .order_by(articles.c.time_key.desc())
    ).all()
    ids = [row.id for row in rows]
    areas = _grouped(
        connection.execute(
            select(article_areas.c.article_id, article_areas.c.area)
            .where(among(connection, article_areas.c.article_id, ids))
            .order_by(article_areas.c.area)
        )
    )
    agencies = _grouped(
        connection.execute(
            select(
                article_agencies.c.article_id,
                article_agencies.c.agency_id,
                article_agencies.c.role,
            )
            .where(among(connection, article_agencies.c.article_id, ids))
            .order_by(article_agencies.c.role, article_agencies.c.agency_id)
        )
    )
    return tuple(
        Hit(
            id=row.id,
            url=row.url,
            headline=row.headline,
            description=row.description,
            outlet_id=row.outlet_id,
            outlet_name=row.outlet_name,
            published_at=row.published_at,
            date_precision=row.date_precision,
            first_seen_at=row.first_seen_at,
            relevant=row.relevant,
            areas=tuple(area for (area,) in areas.get(row.id, [])),
            agencies=tuple((agency, role) for agency, role in agencies.get(row.id, [])),
            content=row.content,
            tone=row.tone,
            key=row.time_key,
        )
        for row in rows
    )


def _grouped(rows: Iterable[Sequence[object]]) -> dict[int, list[tuple[str, ...]]]:
    grouped: dict[int, list[tuple[str, ...]]] = {}
    for number, *rest in rows:
        grouped.setdefault(int(str(number)), []).append(tuple(str(value) for value in rest))
    return grouped


def remove(connection: Connection, time_keys: Sequence[int]) -> None:
    """Take articles out of the index."""
    if time_keys and connection.dialect.name == "postgresql":
        remove_documents(connection, time_keys)
    elif time_keys:
        connection.execute(
            text("DELETE FROM article_search WHERE rowid = :key"),
            [{"key": key} for key in time_keys],
        )


def index_pending(connection: Connection, *, limit: int, only: int | None = None) -> int:
    """Bring up to `limit` new or changed articles into the index; the number done.

    `only` is the number of the one article that is meant.
    """
    question = (
        select(
            articles.c.id,
            articles.c.time_key,
            articles.c.outlet_id,
            articles.c.headline,
            articles.c.description,
            articles.c.relevant,
            bodies.c.body,
        )
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(articles.c.indexed.is_(False))
        .limit(limit)
    )
    if only is not None:
        question = question.where(articles.c.id == only)
    rows = connection.execute(question).all()
    if not rows:
        return 0
    facets = _facets(connection, [row.id for row in rows])
    documents = [
        {
            "key": row.time_key,
            "title": fold_for_search(row.headline),
            "body": fold_for_search(f"{row.description} {row.body or ''}"),
            "facets": " ".join(
                [f"o_{row.outlet_id}", *(["r_1"] if row.relevant else []), *facets.get(row.id, [])]
            ),
        }
        for row in sorted(rows, key=lambda row: row.time_key)
    ]
    remove(connection, [document["key"] for document in documents])
    _add(connection, documents)
    connection.execute(
        update(articles).where(articles.c.id == bindparam("number")).values(indexed=True),
        [{"number": row.id} for row in rows],
    )
    return len(rows)


def _add(connection: Connection, documents: Sequence[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        names = ("key", "title", "body", "facets")
        add_documents(connection, [tuple(each[name] for name in names) for each in documents])
        return
    connection.execute(
        text(
            "INSERT INTO article_search(rowid, title, body, facets)"
            " VALUES (:key, :title, :body, :facets)"
        ),
        documents,
    )


def _facets(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    tokens: dict[int, list[str]] = {}
    for row in connection.execute(
        select(article_areas.c.article_id, article_areas.c.area)
        .where(article_areas.c.article_id.in_(ids))
        .order_by(article_areas.c.area)
    ):
        tokens.setdefault(row.article_id, []).append(area_token(row.area))
    for named in connection.execute(
        select(article_agencies.c.article_id, article_agencies.c.agency_id, article_agencies.c.role)
        .where(article_agencies.c.article_id.in_(ids))
        .order_by(article_agencies.c.agency_id)
    ):
        found = tokens.setdefault(named.article_id, [])
        found.append(agency_token(named.agency_id, focus=False))
        if named.role == Role.FOCUS:
            found.append(agency_token(named.agency_id, focus=True))
    return tokens
