"""Writing what was collected: outlets, captures, polls, articles. Done twice, it changes nothing.

An article is known by its canonical address. A newer capture that says something else makes a new
version; an older one never replaces a newer. A publication time is replaced only by a better one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.codes import Content, DateOrigin, DatePrecision
from domain.outlets import Outlet, Source
from domain.records import ExtractedArticle, FeedItem, PublishedTime, RawPage
from storage import search
from storage.tables import (
    article_id,
    articles,
    bodies,
    outlets,
    pages,
    polls,
    sources,
    stories,
    versions,
)
from storage.upsert import upsert

#: Rows asked for in one question: well under SQLite's limit of bound variables.
CHUNK = 5000
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
    published: PublishedTime

    @property
    def text_hash(self) -> str:
        """Equal for equal texts."""
        text = "\0".join((self.headline, self.description, self.body))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def from_feed(
    item: FeedItem, url: str, *, outlet_id: str, source_id: int, page_id: int, seen_at: datetime
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


def record_page(
    connection: Connection, page: RawPage, *, kind: str, outcome: str, detail: str = ""
) -> int:
    """The number of a capture; the same capture read again keeps its number."""
    assert page.archive is not None, "a page is archived before anything reads it"
    known = connection.scalar(
        select(pages.c.id).where(
            pages.c.url == page.url,
            pages.c.fetched_at == page.fetched_at,
            pages.c.sha256 == page.archive.sha256,
        )
    )
    if known is not None:
        return int(known)
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
    return int(made[0])


def record_poll(connection: Connection, **values: Any) -> None:
    """Keep what asking a source gave; the first account of a poll stands."""
    upsert(connection, polls, [values], replace=False)


def reach_poll(connection: Connection, source: int, at: datetime, reach: datetime) -> None:
    """Keep how far back a list reached that carried no times of its own."""
    connection.execute(
        update(polls)
        .where(
            polls.c.source_id == source,
            polls.c.at == at,
            polls.c.outcome == "ok",
            polls.c.reaches_to.is_(None),
        )
        .values(reaches_to=reach)
    )


def published_times(connection: Connection, urls: Iterable[str]) -> list[datetime]:
    """The publication times, where known, of the articles at canonical addresses."""
    found: list[datetime] = []
    for ids in _chunks([article_id(url) for url in urls]):
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
            answers.append(Stored.REPEATED)
        elif number in known:
            answers.append(_store_again(connection, known[number], each))
        else:
            fresh[number] = _new_row(number, each)
            if each.body:
                fresh_bodies.append({"article_id": number, "body": each.body})
            answers.append(Stored.NEW)
    if fresh:
        _give_time_keys(connection, list(fresh.values()))
        connection.execute(insert(articles), list(fresh.values()))
    if fresh_bodies:
        connection.execute(insert(bodies), fresh_bodies)
    return answers


def mark_page_outcome(connection: Connection, url: str, outcome: str) -> None:
    """Keep why the page of a listed article could not be read."""
    connection.execute(
        update(articles)
        .where(
            articles.c.id == article_id(url),
            articles.c.url == url,
            articles.c.content == Content.FEED,
        )
        .values(page_outcome=outcome)
    )


def known_pages(connection: Connection, urls: Iterable[str]) -> set[str]:
    """Those of the canonical addresses whose page need not be fetched again."""
    wanted = {article_id(url): url for url in urls}
    found: set[str] = set()
    for ids in _chunks(list(wanted)):
        rows = connection.execute(
            select(articles.c.url).where(articles.c.id.in_(ids), articles.c.content != Content.FEED)
        )
        found.update(row.url for row in rows)
    return found


def _known(connection: Connection, ids: set[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for chunk in _chunks(sorted(ids)):
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
        **_text_values(each),
        **_time_values(each.published),
    }


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
    for keys in _chunks([row["time_key"] for row in rows]):
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
    changes: dict[str, Any] = {}
    if each.captured_at < old.first_seen_at:
        changes["first_seen_at"] = each.captured_at
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
        upsert(connection, bodies, [{"article_id": old.id, "body": each.body}])


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


def _chunks(values: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
