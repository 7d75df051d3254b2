"""One article or story whole: its texts, what was said of it by machine and person, its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select

from domain.codes import Area, Content, DatePrecision, OutletKind, Role
from domain.records import Finding
from storage.findings import Correction, current_finding
from storage.imports import MANUAL
from storage.story_corrections import ORIGINAL, STORY
from storage.tables import (
    article_agencies,
    article_areas,
    articles,
    bodies,
    corrections,
    event_links,
    outlets,
    pages,
)

#: Placements of a story that are shown.
_MOST: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleText:
    """This is one article with its decided tags."""

    id: int
    story_id: int
    is_original: bool
    url: str
    outlet_id: str
    outlet_name: str
    outlet_kind: OutletKind
    headline: str
    description: str
    body: str
    authors: tuple[str, ...]
    section: str
    credit: str
    content: Content
    published_at: datetime | None
    date_raw: str
    date_precision: DatePrecision
    first_seen_at: datetime
    version: int
    relevant: bool
    relevance: float | None
    areas: tuple[Area, ...]
    #: Agencies with their role, those in focus first.
    agencies: tuple[tuple[str, Role], ...]
    form: str
    tone: str
    audience: str
    aspect: str
    corrected: bool
    model_version: str
    #: How it came: crawl, import or manual.
    origin: str
    #: The name its scan is kept under, "" where there is none.
    scan: str
    #: Where the archived page lies, "" where none was had.
    archive: str
    sha256: str

    @property
    def counted_at(self) -> datetime:
        """This is the time that places the article in a period: published, else first seen."""
        return self.published_at or self.first_seen_at


def article_text(connection: Connection, number: int) -> ArticleText | None:
    """The article of a number."""
    found = _texts(connection, _question().where(articles.c.id == number))
    return found[0] if found else None


def story_texts_of(connection: Connection, story: int) -> list[ArticleText]:
    """The placements of a story, the first one first; an article not grouped is a story alone."""
    found = _texts(
        connection,
        _question().where(articles.c.story_id == story).order_by(articles.c.time_key).limit(_MOST),
    )
    if found:
        return found
    alone = article_text(connection, story)
    return [alone] if alone is not None and alone.story_id == story else []


def _question() -> Select[Any]:
    return (
        select(
            articles, outlets.c.name, outlets.c.kind, bodies.c.body, bodies.c.origins,
            pages.c.archive_path, pages.c.archive_offset, pages.c.sha256,
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .outerjoin(pages, pages.c.id == articles.c.page_id)
    )  # fmt: skip


def _texts(connection: Connection, question: Select[Any]) -> list[ArticleText]:
    rows = connection.execute(question).all()
    ids = [row.id for row in rows]
    areas: dict[int, list[Area]] = {}
    for tag in connection.execute(select(article_areas).where(article_areas.c.article_id.in_(ids))):
        areas.setdefault(tag.article_id, []).append(Area(tag.area))
    agencies: dict[int, list[tuple[str, Role]]] = {}
    for tag in connection.execute(
        select(article_agencies)
        .where(article_agencies.c.article_id.in_(ids))
        .order_by(article_agencies.c.role, article_agencies.c.agency_id)
    ):
        agencies.setdefault(tag.article_id, []).append((tag.agency_id, Role(tag.role)))
    return [_text(row, areas.get(row.id, []), agencies.get(row.id, [])) for row in rows]


def _text(
    row: Row[Any], areas: Sequence[Area], agencies: Sequence[tuple[str, Role]]
) -> ArticleText:
    return ArticleText(
        id=row.id,
        story_id=row.id if row.story_id is None else row.story_id,
        is_original=row.is_original or row.story_id is None,
        url=row.url,
        outlet_id=row.outlet_id,
        outlet_name=row.name,
        outlet_kind=OutletKind(row.kind),
        headline=row.headline,
        description=row.description,
        body=row.body or "",
        authors=tuple(row.authors),
        section=row.section,
        credit=row.credit,
        content=Content(row.content),
        published_at=row.published_at,
        date_raw=row.date_raw,
        date_precision=DatePrecision(row.date_precision),
        first_seen_at=row.first_seen_at,
        version=row.version,
        relevant=row.relevant,
        relevance=row.relevance,
        areas=tuple(sorted(areas, key=list(Area).index)),
        agencies=tuple(agencies),
        form=row.form,
        tone=row.tone,
        audience=row.audience,
        aspect=row.aspect,
        corrected=row.corrected,
        model_version=row.tag_version,
        origin=row.origin,
        scan=(row.origins or {}).get("scan", "") if row.origin == MANUAL else "",
        archive=f"{row.archive_path}:{row.archive_offset}" if row.archive_path else "",
        sha256=row.sha256 or "",
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """This is what was said of one article: by the newest model, and by people, newest last."""

    finding: Finding | None
    corrections: tuple[Correction, ...]


def said_of(connection: Connection, number: int) -> Said:
    """What was said of an article."""
    return Said(
        finding=current_finding(connection, number),
        corrections=_spoken(connection, corrections.c.article_id == number),
    )


def said_of_stories(connection: Connection, numbers: Sequence[int]) -> tuple[Correction, ...]:
    """What people said of where these articles belong and which is the original, newest last."""
    return _spoken(
        connection,
        corrections.c.article_id.in_(numbers) & corrections.c.field.in_((STORY, ORIGINAL)),
    )


def _spoken(connection: Connection, condition: Any) -> tuple[Correction, ...]:
    rows = connection.execute(
        select(corrections).where(condition).order_by(corrections.c.at, corrections.c.id)
    )
    return tuple(
        Correction(
            article_id=row.article_id,
            field=row.field,
            value=row.value,
            author=row.author,
            at=row.at,
            reason=row.reason,
        )
        for row in rows
    )


def events_of_story(connection: Connection, story: int, *, accept: float) -> list[int]:
    """Numbers of the official events that a story reports."""
    number = func.coalesce(articles.c.story_id, articles.c.id)
    return list(
        connection.scalars(
            select(event_links.c.event_id)
            .join(articles, articles.c.id == event_links.c.article_id)
            .where(
                (articles.c.story_id == story) | (articles.c.id == story),
                number == story,
                event_links.c.score >= accept,
            )
            .distinct()
            .order_by(event_links.c.event_id)
        )
    )
