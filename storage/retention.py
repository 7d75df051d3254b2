"""Which archived pages no figure, report or person rests on, and moving those that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, union, update

from storage.tables import (
    archives,
    article_agencies,
    article_areas,
    articles,
    corrections,
    event_links,
    events,
    findings,
    outlets,
    pages,
    review_items,
    versions,
)
from storage.upsert import upsert


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedPage:
    """This is a capture and where its bytes lie."""

    id: int
    url: str
    kind: str
    fetched_at: datetime
    offset: int


def evidence_pages(connection: Connection) -> set[int]:
    """Pages behind every article that a report may cite or a person has looked at.

    That is: relevant by any model version that ever said so (a month that was filed cites what was
    relevant then), not tagged yet, corrected, asked about in review, linked to an official event,
    an agency portal's own, or counted under an area or agency. Earlier versions go with it.
    """
    kept = union(
        select(articles.c.id)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(
            or_(
                articles.c.relevant,
                articles.c.corrected,
                articles.c.tag_version == "",
                outlets.c.kind == "portal",
            )
        ),
        select(findings.c.article_id).where(findings.c.relevant),
        select(corrections.c.article_id),
        select(review_items.c.article_id),
        select(event_links.c.article_id),
        select(events.c.article_id).where(events.c.article_id.is_not(None)),
        select(article_areas.c.article_id),
        select(article_agencies.c.article_id).where(article_agencies.c.role == "focus"),
    ).subquery()
    of_articles = select(articles.c.page_id).where(articles.c.id.in_(select(kept.c.id)))
    of_versions = select(versions.c.page_id).where(versions.c.article_id.in_(select(kept.c.id)))
    # A page that gave nothing to read is kept for a person, if its article is.
    by_address = (
        select(pages.c.id)
        .join(articles, articles.c.url == pages.c.url)
        .where(articles.c.id.in_(select(kept.c.id)))
    )
    found = set(connection.scalars(union(of_articles, of_versions, by_address)))
    return {number for number in found if number is not None}


def newest_capture(connection: Connection, archive_path: str) -> datetime | None:
    """When the newest page of an archive file was fetched; None where it holds none."""
    newest: datetime | None = connection.scalar(
        select(func.max(pages.c.fetched_at)).where(pages.c.archive_path == archive_path)
    )
    return newest


def archived_pages(connection: Connection, archive_path: str) -> list[ArchivedPage]:
    """The captures of an archive file, by place."""
    rows = connection.execute(
        select(pages.c.id, pages.c.url, pages.c.kind, pages.c.fetched_at, pages.c.archive_offset)
        .where(pages.c.archive_path == archive_path)
        .order_by(pages.c.archive_offset)
    )
    return [
        ArchivedPage(id=number, url=url, kind=kind, fetched_at=at, offset=offset)
        for number, url, kind, at, offset in rows
    ]


def move_pages(
    connection: Connection,
    pages_there: list[ArchivedPage],
    *,
    new_path: str,
    places: Mapping[int, int],
    now: datetime,
) -> None:
    """Let the pages of an archive file point into the one that takes its place.

    `places` has the new place of each record that was kept, by its old one; a page that is not in
    it has no bytes any more.
    """
    for page in pages_there:
        place = places.get(page.offset)
        kept = place is not None
        connection.execute(
            update(pages)
            .where(pages.c.id == page.id)
            .values(archive_path=new_path if kept else "", archive_offset=place if kept else 0)
        )
    if places:
        upsert(
            connection, archives, [{"path": new_path, "records": len(places), "ingested_at": now}]
        )


def pointed_at(connection: Connection, archive_path: str) -> bool:
    """Whether any page of the database lies in an archive file."""
    found = select(pages.c.id).where(pages.c.archive_path == archive_path).limit(1)
    return connection.scalar(found) is not None


def forget_archive(connection: Connection, archive_path: str) -> None:
    """An archive file is gone: it counts as read no more."""
    connection.execute(delete(archives).where(archives.c.path == archive_path))
