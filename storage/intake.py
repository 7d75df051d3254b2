"""Writing what was collected: outlets, captures, articles. Done twice, it changes nothing.

An article is known by its canonical address. A newer capture that says something else makes a new
version; an older one never replaces a newer. A publication time is replaced only by a better one.
What a list named before without a headline becomes an article with that earlier sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from domain.codes import Content, DateOrigin, DatePrecision
from domain.records import PublishedTime
from storage import search
from storage.incoming import Incoming
from storage.links import chunks, take_links
from storage.tables import (
    ID_SPAN,
    article_id,
    articles,
    bodies,
    stories,
    versions,
)
from storage.upsert import insert_rows, upsert


class Stored(StrEnum):
    """This says what became of an article that was handed in."""

    NEW = "new"
    UPDATED = "updated"
    REPEATED = "repeated"


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
    batch = _Batch(connection, {article_id(each.url) for each in incoming})
    answers = [batch.take(each) for each in incoming]
    batch.write()
    return answers


class _Batch:
    """This gathers what a batch of articles changes, so that each kind of change is written once.

    An article that comes twice in a batch, from two captures, is written in between.
    """

    def __init__(self, connection: Connection, ids: set[int]) -> None:
        self._connection = connection
        self._known = _known(connection, ids)
        self._fresh: dict[int, dict[str, Any]] = {}
        self._changes: dict[int, dict[str, Any]] = {}
        self._bodies: dict[int, dict[str, Any]] = {}
        #: Known articles whose time changed, as they were.
        self._moved: dict[int, Row[Any]] = {}

    def take(self, each: Incoming) -> Stored:
        """Take an article in; it stands in the database after `write`."""
        number = _free_number(self._connection, each.url, self._known, self._fresh)
        held = self._fresh.get(number)
        if held is not None and held["page_id"] == each.page_id:
            held["lists"] |= each.lists
            return Stored.REPEATED
        if held is not None or number in self._changes:
            self.write()
            self._known |= _known(self._connection, {number})
        if number in self._known:
            return self._again(self._known[number], each)
        self._fresh[number] = _new_row(number, each)
        if each.body:
            self._bodies[number] = _body_row(number, each)
        return Stored.NEW

    def name(self, wanted: Mapping[int, str], *, lists: int, seen_at: datetime) -> set[str]:
        """Take in that a list names articles; those of the addresses that are articles."""
        named = [row for row in self._known.values() if row.url == wanted.get(row.id)]
        for row in named:
            self._change(row, _sight(row, lists, seen_at))
        return {row.url for row in named}

    def _again(self, old: Row[Any], each: Incoming) -> Stored:
        """An article met before: keep the earliest sight, the best time, the newest text."""
        changes = _sight(old, each.lists, each.captured_at)
        if _is_better_time(old, each.published):
            changes |= _time_values(each.published)
        replaces_text = _replaces_text(old, each)
        if replaces_text:
            changes |= _new_text(old, each)
            _keep_version(self._connection, old, each)
            if each.body:
                self._bodies[old.id] = _body_row(old.id, each)
            _forget_story(self._connection, old.story_id)
        self._change(old, changes)
        return Stored.UPDATED if replaces_text else Stored.REPEATED

    def _change(self, old: Row[Any], changes: dict[str, Any]) -> None:
        if moves := _moved(old, changes):
            changes |= moves
            self._moved[old.id] = old
            _forget_story(self._connection, old.story_id)
        if changes:
            self._changes[old.id] = changes

    def write(self) -> None:
        """Write what was taken in and begin anew."""
        fresh = self._fresh
        if fresh:
            _take_over_links(self._connection, fresh)
        moving = [{"id": number, **self._changes[number]} for number in self._moved]
        _give_time_keys(self._connection, [*moving, *fresh.values()])
        for row in moving:
            self._changes[row["id"]]["time_key"] = row["time_key"]
        search.remove(self._connection, [old.time_key for old in self._moved.values()])
        _update(self._connection, self._changes)
        if fresh:
            insert_rows(self._connection, articles, list(fresh.values()))
        upsert(self._connection, bodies, list(self._bodies.values()))
        self._fresh, self._changes, self._bodies, self._moved = {}, {}, {}, {}


def _update(connection: Connection, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Change articles; those whose same columns change, in one statement."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for number, values in changes.items():
        alike.setdefault(frozenset(values), []).append({"number": number, **values})
    for rows in alike.values():
        connection.execute(update(articles).where(articles.c.id == bindparam("number")), rows)


def name_articles(
    connection: Connection, urls: Iterable[str], *, lists: int, seen_at: datetime
) -> set[str]:
    """Those of the canonical addresses that are articles; they keep that a list names them too."""
    wanted = {article_id(url): url for url in urls}
    batch = _Batch(connection, set(wanted))
    found = batch.name(wanted, lists=lists, seen_at=seen_at)
    batch.write()
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
        number = (number + 1) % ID_SPAN
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


def _new_text(old: Row[Any], each: Incoming) -> dict[str, Any]:
    """What changes where a newer text takes the place of an older one."""
    changes = _text_values(each)
    if not each.description:
        changes["description"] = old.description
    if not each.section:
        changes["section"] = old.section
    changes |= {"tag_version": "", "indexed": False}
    changes["version"] = old.version + (old.content == each.content)
    return changes


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


def _moved(old: Row[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What changes where an article's new time gives it another place in the order of time."""
    published = changes.get("published_at", old.published_at)
    counted = published or changes.get("first_seen_at", old.first_seen_at)
    if int(counted.timestamp()) == int(old.counted_at.timestamp()):
        return {}
    return {"counted_at": counted, "indexed": False}


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
