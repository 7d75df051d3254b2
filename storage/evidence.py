"""Which archived record an article was read from, and which files were handed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.links import chunks
from storage.tables import article_id, articles, exports, outlets, pages


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturePlace:
    """This is the archived response that an article was read from."""

    article_id: int
    url: str
    fetched_at: datetime
    status: int
    archive_path: str
    archive_offset: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedArticle:
    """This is an article as it was asked for by its number or its address."""

    id: int
    url: str
    headline: str
    outlet_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRecord:
    """This is a file that was handed out, as the table of exports keeps it."""

    kind: str
    period: str
    scope: str
    made_at: datetime


def capture_places(connection: Connection, ids: Iterable[int]) -> dict[int, CapturePlace]:
    """The captures of articles, by the article's number; without one where it was entered."""
    question = select(
        articles.c.id.label("article_id"),
        pages.c.url,
        pages.c.fetched_at,
        pages.c.status,
        pages.c.archive_path,
        pages.c.archive_offset,
        pages.c.sha256,
    ).join(pages, pages.c.id == articles.c.page_id)
    return {
        row.article_id: CapturePlace(**row._mapping)
        for chunk in chunks(sorted(ids))
        for row in connection.execute(question.where(articles.c.id.in_(chunk)))
    }


def article_named(connection: Connection, which: int | str) -> NamedArticle | None:
    """The article of a number, or of a canonical address; None where there is none."""
    number = which if isinstance(which, int) else article_id(which)
    row = connection.execute(
        select(articles.c.id, articles.c.url, articles.c.headline, outlets.c.name)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(articles.c.id == number)
    ).one_or_none()
    if row is None:
        return None
    return NamedArticle(id=row.id, url=row.url, headline=row.headline, outlet_name=row.name)


def export_of(connection: Connection, sha256: str) -> ExportRecord | None:
    """The export with these bytes, None where none is on record."""
    row = connection.execute(
        select(exports.c.kind, exports.c.period, exports.c.scope, exports.c.made_at)
        .where(exports.c.sha256 == sha256)
        .order_by(exports.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else ExportRecord(**row._mapping)
