"""Writing what was collected: outlets, captures, articles. Done twice, it changes nothing.

An article is known by its canonical address. A newer capture that says something else makes a new
version; an older one never replaces a newer. A publication time is replaced only by a better one.
What a list named before without a headline becomes an article with that earlier sight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.codes import Content, DateOrigin, DatePrecision, Media
from domain.outlets import Outlet, Source
from domain.records import ExtractedArticle, FeedItem, PublishedTime, RawPage
from storage import search
from storage.links import chunks, take_links
from storage.tables import (
    article_id,
    articles,
    bodies,
    outlets,
    pages,
    sources,
    stories,
    versions,
)
from storage.upsert import upsert

_ID_SPAN = 1 << 52


class Stored(StrEnum):
    """This says what became of an article that was handed in."""

    NEW = "new"
    UPDATED = "updated"
    REPEATED = "repeated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """This is an article on its way in, from a feed's line or from its page."""

    url: str
    outlet_id: str
    source_id: int | None
    page_id: int
    captured_at: datetime
    content: Content
    headline: str
    description: str
    body: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    credit: str = ""
    extractor: str = ""
    media: str = Media.TEXT
    #: Which reader gave each field, by the field's name; nothing for a feed's line.
    origins: Mapping[str, str] = field(default_factory=dict)
    #: The bit of the list that names the article; 0 for a page.
    lists: int = 0
    published: PublishedTime

    @property
    def text_hash(self) -> str:
        """Equal for equal texts."""
        text = "\0".join((self.headline, self.description, self.body))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def from_feed(
    item: FeedItem,
    url: str,
    *,
    outlet_id: str,
    source_id: int,
    page_id: int,
    seen_at: datetime,
    lists: int,
) -> Incoming:
    """A feed's line as an incoming article; `url` is the canonical address."""
    return Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=source_id,
        page_id=page_id,
        captured_at=seen_at,
        content=Content.FEED,
        headline=item.headline,
        description=item.description,
        section=item.section,
        lists=lists,
        published=item.published,
    )


def from_page(
    article: ExtractedArticle, url: str, *, outlet_id: str, page_id: int, fetched_at: datetime
) -> Incoming:
    """An extracted page as an incoming article; `url` is the canonical address."""
    return Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=None,
        page_id=page_id,
        captured_at=fetched_at,
        content=Content.PAGE,
        headline=article.headline,
        description=article.description,
        body=article.body,
        section=article.section,
        authors=article.authors,
        credit=article.credit,
        extractor=article.extractor,
        media=article.media,
        origins=article.origins,
        published=article.published,
    )


def register_outlet(connection: Connection, outlet: Outlet) -> None:
    """Keep the outlet and its declared sources as they are declared today."""
    upsert(
        connection,
        outlets,
        [
            {
                "id": outlet.id,
                "name": outlet.name,
                "kind": outlet.kind,
                "level": outlet.level,
                "province": outlet.province,
                "agency": outlet.agency,
                "domain": outlet.domains[0].host,
            }
        ],
    )
    for source in outlet.sources:
        source_id(connection, outlet.id, source)


def source_id(connection: Connection, outlet_id: str, source: Source) -> int:
    """The number of a source, given to it when first met."""
    known = connection.scalar(select(sources.c.id).where(sources.c.url == source.url))
    values = {
        "outlet_id": outlet_id,
        "url": source.url,
        "kind": source.kind,
        "section": source.section,
        "certainty": source.certainty,
    }
    if known is None:
        made = connection.execute(insert(sources).values(values)).inserted_primary_key
        assert made is not None
        return int(made[0])
    connection.execute(update(sources).where(sources.c.id == known).values(values))
    return int(known)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """This is a capture on record: its number, and whether it was not on record before."""

    id: int
    fresh: bool


def record_page(
    connection: Connection, page: RawPage, *, kind: str, outcome: str, detail: str = ""
) -> Kept:
    """Keep a capture; the same capture read again keeps its number.

    A try that no response answered is kept too, with status 0 and no digest.
    """
    assert page.archive is not None, "a page is archived before anything reads it"
    known = connection.scalar(
        select(pages.c.id).where(
            pages.c.url == page.url,
            pages.c.fetched_at == page.fetched_at,
            pages.c.sha256 == page.archive.sha256,
        )
    )
    if known is not None:
        return Kept(id=int(known), fresh=False)
    made = connection.execute(
        insert(pages).values(
            url=page.url,
            fetched_at=page.fetched_at,
            status=page.status,
            kind=kind,
            outcome=outcome,
            detail=detail,
            archive_path=page.archive.path,
            archive_offset=page.archive.offset,
            sha256=page.archive.sha256,
        )
    ).inserted_primary_key
    assert made is not None
    return Kept(id=int(made[0]), fresh=True)


def published_times(connection: Connection, urls: Iterable[str]) -> list[datetime]:
    """The publication times, where known, of the articles at canonical addresses."""
    found: list[datetime] = []
    for ids in chunks([article_id(url) for url in urls]):
        found += connection.scalars(
            select(articles.c.published_at).where(
                articles.c.id.in_(ids), articles.c.published_at.is_not(None)
            )
        )
    return found


def store_articles(connection: Connection, incoming: Sequence[Incoming]) -> list[Stored]:
    """Store articles in the order given; the answers stand in the same order."""
    known = _known(connection, {article_id(each.url) for each in incoming})
    answers: list[Stored] = []
    fresh: dict[int, dict[str, Any]] = {}
    fresh_bodies: list[dict[str, Any]] = []
    for each in incoming:
        number = _free_number(connection, each.url, known, fresh)
        if number in fresh:
            fresh[number]["lists"] |= each.lists
            answers.append(Stored.REPEATED)
        elif number in known:
            answers.append(_store_again(connection, known[number], each))
        else:
            fresh[number] = _new_row(number, each)
            if each.body:
                fresh_bodies.append(_body_row(number, each))
            answers.append(Stored.NEW)
    if fresh:
        _take_over_links(connection, fresh)
        _give_time_keys(connection, list(fresh.values()))
        connection.execute(insert(articles), list(fresh.values()))
    if fresh_bodies:
        connection.execute(insert(bodies), fresh_bodies)
    return answers


def name_articles(
    connection: Connection, urls: Iterable[str], *, lists: int, seen_at: datetime
) -> set[str]:
    """Those of the canonical addresses that are articles; they keep that a list names them too."""
    wanted = {article_id(url): url for url in urls}
    found: set[str] = set()
    for row in _known(connection, set(wanted)).values():
        if row.url != wanted[row.id]:
            continue
        found.add(row.url)
        changes = _sight(row, lists, seen_at)
        _move_in_time(connection, row, changes)
        if changes:
            connection.execute(update(articles).where(articles.c.id == row.id).values(changes))
    return found


def _known(connection: Connection, ids: set[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for chunk in chunks(sorted(ids)):
        rows = connection.execute(select(articles).where(articles.c.id.in_(chunk)))
        found.update((row.id, row) for row in rows)
    return found


def _free_number(
    connection: Connection,
    url: str,
    known: dict[int, Row[Any]],
    fresh: Mapping[int, Mapping[str, Any]],
) -> int:
    """The article's number: the one its address asks for, or the next one that is free."""
    number = article_id(url)
    while True:
        if number in fresh:
            holder = fresh[number]["url"]
        elif number in known:
            holder = known[number].url
        else:
            return number
        if holder == url:
            return number
        number = (number + 1) % _ID_SPAN
        known.update(_known(connection, {number}))


def _new_row(number: int, each: Incoming) -> dict[str, Any]:
    return {
        "id": number,
        "url": each.url,
        "outlet_id": each.outlet_id,
        "source_id": each.source_id,
        "first_seen_at": each.captured_at,
        "counted_at": each.published.at or each.captured_at,
        "lists": each.lists,
        "page_tries": 0,
        **_text_values(each),
        **_time_values(each.published),
    }


def _body_row(number: int, each: Incoming) -> dict[str, Any]:
    return {"article_id": number, "body": each.body, "origins": dict(each.origins)}


def _take_over_links(connection: Connection, fresh: Mapping[int, dict[str, Any]]) -> None:
    """What lists named before keeps its first sight, the lists, and how its page was tried."""
    asked = {article_id(row["url"]): row for row in fresh.values()}
    taken = take_links(connection, {number: row["url"] for number, row in asked.items()})
    for number, link in taken.items():
        row = asked[number]
        row["lists"] |= link.lists
        row["page_tries"] = link.tries
        if row["content"] is Content.FEED:
            row["page_outcome"] = link.outcome
        if link.first_seen_at < row["first_seen_at"]:
            row["first_seen_at"] = link.first_seen_at
            row["counted_at"] = row["published_at"] or link.first_seen_at


def _text_values(each: Incoming) -> dict[str, Any]:
    return {
        "page_id": each.page_id,
        "headline": each.headline,
        "description": each.description,
        "section": each.section,
        "authors": list(each.authors),
        "credit": each.credit,
        "content": each.content,
        "page_outcome": "ok" if each.content is Content.PAGE else "",
        "extractor": each.extractor,
        "media": each.media,
        "text_hash": each.text_hash,
        "captured_at": each.captured_at,
    }


def _time_values(published: PublishedTime) -> dict[str, Any]:
    return {
        "published_at": published.at,
        "date_raw": published.raw,
        "date_precision": published.precision,
        "date_origin": published.origin,
    }


def _give_time_keys(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Give each row a free key in the order of its time: seconds, then 20 bits of its number."""
    for row in rows:
        row["time_key"] = (int(row["counted_at"].timestamp()) << 20) | (row["id"] & 0xFFFFF)
    taken: set[int] = set()
    for keys in chunks([row["time_key"] for row in rows]):
        taken |= set(
            connection.scalars(select(articles.c.time_key).where(articles.c.time_key.in_(keys)))
        )
    for row in rows:
        while row["time_key"] in taken:
            row["time_key"] += 1
            if connection.scalar(select(1).where(articles.c.time_key == row["time_key"])):
                taken.add(row["time_key"])
        taken.add(row["time_key"])


def _store_again(connection: Connection, old: Row[Any], each: Incoming) -> Stored:
    """An article met before: keep the earliest sight, the best time, the newest text."""
    changes = _sight(old, each.lists, each.captured_at)
    if _is_better_time(old, each.published):
        changes |= _time_values(each.published)
    replaces_text = _replaces_text(old, each)
    if replaces_text:
        _keep_version(connection, old, each)
        changes |= _text_values(each)
        if not each.description:
            changes["description"] = old.description
        if not each.section:
            changes["section"] = old.section
        changes |= {"tag_version": "", "indexed": False}
        changes["version"] = old.version + (old.content == each.content)
        _forget_story(connection, old.story_id)
    _move_in_time(connection, old, changes)
    if changes:
        connection.execute(update(articles).where(articles.c.id == old.id).values(changes))
    return Stored.UPDATED if replaces_text else Stored.REPEATED


def _sight(old: Row[Any], lists: int, seen_at: datetime) -> dict[str, Any]:
    """What changes where an article is seen once more: its first sight, the lists that name it."""
    changes: dict[str, Any] = {}
    if seen_at.replace(microsecond=0) < old.first_seen_at:
        changes["first_seen_at"] = seen_at
    if lists & ~old.lists:
        changes["lists"] = old.lists | lists
    return changes


def _replaces_text(old: Row[Any], each: Incoming) -> bool:
    if old.content == Content.FEED and each.content is Content.PAGE:
        return True
    if old.content != each.content or each.captured_at <= old.captured_at:
        return False
    return bool(old.text_hash != each.text_hash)


def _keep_version(connection: Connection, old: Row[Any], each: Incoming) -> None:
    """Keep the old text where the outlet changed it; a feed's line yields to its page silently."""
    if old.content == each.content:
        body = connection.scalar(select(bodies.c.body).where(bodies.c.article_id == old.id))
        connection.execute(
            insert(versions).values(
                article_id=old.id,
                version=old.version,
                captured_at=old.captured_at,
                page_id=old.page_id,
                content=old.content,
                headline=old.headline,
                description=old.description,
                body=body or "",
                date_raw=old.date_raw,
            )
        )
    if each.body:
        upsert(connection, bodies, [_body_row(old.id, each)])


# A day of the page is worth less than a minute of the feed; what the address says comes last.
_ORIGIN_RANK = {
    DateOrigin.PAGE_META: 4,
    DateOrigin.FEED: 3,
    DateOrigin.PAGE_TEXT: 2,
    DateOrigin.URL: 1,
    DateOrigin.UNKNOWN: 0,
}
_FINE = {DatePrecision.SECOND, DatePrecision.MINUTE}


def _is_better_time(old: Row[Any], new: PublishedTime) -> bool:
    if new.at is None:
        return False
    if old.published_at is None:
        return True
    new_is_fine = new.precision in _FINE
    if new_is_fine != (old.date_precision in _FINE):
        return new_is_fine
    return _ORIGIN_RANK[new.origin] > _ORIGIN_RANK[DateOrigin(old.date_origin)]


def _move_in_time(connection: Connection, old: Row[Any], changes: dict[str, Any]) -> None:
    """Give an article whose time changed a new place in the order of time."""
    published = changes.get("published_at", old.published_at)
    counted = published or changes.get("first_seen_at", old.first_seen_at)
    if int(counted.timestamp()) == int(old.counted_at.timestamp()):
        return
    row = {"id": old.id, "counted_at": counted}
    _give_time_keys(connection, [row])
    search.remove(connection, [old.time_key])
    _forget_story(connection, old.story_id)
    changes |= {"counted_at": counted, "time_key": row["time_key"], "indexed": False}


def _forget_story(connection: Connection, story_id: int | None) -> None:
    """Take a story apart whose texts changed; grouping puts it together anew."""
    if story_id is None:
        return
    connection.execute(
        update(articles)
        .where(articles.c.story_id == story_id)
        .values(story_id=None, is_original=False)
    )
    connection.execute(delete(stories).where(stories.c.id == story_id))
