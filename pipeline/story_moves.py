"""A person's word on a story: what is moved, parted or named the original, and grouped at once."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Final

from crawlers.addresses import canonical_address
from domain.errors import UsageError
from domain.outlets import OutletBook
from pipeline.group import regroup
from storage.database import Connection
from storage.findings import Correction, correct
from storage.story_corrections import (
    ORIGINAL,
    STORY,
    article_at,
    original_of_story,
    story_decisions,
    story_of,
)

#: An address of our own pages, or the number alone.
_NUMBER: Final = re.compile(r"(?:.*/(?:articles|stories)/)?(\d{1,16})(?:[?#].*)?")


class Move(StrEnum):
    """This says what is done with an article of a story."""

    JOIN = "join"
    ALONE = "alone"
    ORIGINAL = "original"
    #: Take back that it is the original.
    NOT_ORIGINAL = "not_original"
    #: Take back where it was placed: the machine decides again.
    MACHINE = "machine"


def target_of(connection: Connection, written: str) -> int:
    """The article that a person names by number or address; none is a `UsageError`."""
    written = written.strip()
    if not written:
        raise UsageError("Ghi địa chỉ hoặc số của một bài thuộc câu chuyện muốn chuyển đến.")
    if numbered := _NUMBER.fullmatch(written):
        found: int | None = int(numbered[1])
    else:
        try:
            found = article_at(connection, canonical_address(written))
        except ValueError as error:
            raise UsageError(f"{error}. Ghi địa chỉ bài báo, hoặc số của bài.") from error
    if found is None or story_of(connection, found) is None:
        raise UsageError(f"Không có bài “{written[:200]}” trong cơ sở dữ liệu.")
    return found


def move(
    connection: Connection,
    article: int,
    how: Move,
    outlets: OutletBook,
    *,
    target: int = 0,
    author: str,
    at: datetime,
    reason: str,
) -> None:
    """Keep what a person says of an article's story, and group anew what that touches.

    What changes nothing is a `UsageError`.
    """
    story = story_of(connection, article)
    if story is None:
        raise UsageError(f"Không có bài số {article} trong cơ sở dữ liệu.")
    _check(connection, article, how, story, target)
    fields: dict[Move, tuple[str, object]] = {
        Move.JOIN: (STORY, target),
        Move.ALONE: (STORY, article),
        Move.MACHINE: (STORY, None),
        Move.ORIGINAL: (ORIGINAL, True),
        Move.NOT_ORIGINAL: (ORIGINAL, False),
    }
    field, value = fields[how]
    correct(
        connection,
        Correction(
            article_id=article, field=field, value=value, author=author, at=at, reason=reason
        ),
    )
    touched = {story, story_of(connection, target) if how is Move.JOIN else None} - {None}
    regroup(connection, {number for number in touched if number is not None}, outlets)


def _check(connection: Connection, article: int, how: Move, story: int, target: int) -> None:
    """That a move changes something."""
    decisions = story_decisions(connection)
    if how is Move.JOIN and story_of(connection, target) == story:
        raise UsageError("Bài đã nằm trong câu chuyện này.")
    if how is Move.ALONE and decisions.placed.get(article) == article:
        raise UsageError("Bài đã được tách thành câu chuyện riêng.")
    if how is Move.MACHINE and article not in decisions.placed:
        raise UsageError("Chưa có ai chuyển bài này.")
    if how is Move.ORIGINAL and original_of_story(connection, story) == article:
        raise UsageError("Bài đã là bản gốc của câu chuyện.")
    if how is Move.NOT_ORIGINAL and article not in decisions.originals:
        raise UsageError("Chưa có ai chọn bài này làm bản gốc.")
