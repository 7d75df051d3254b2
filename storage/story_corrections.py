"""What persons said of stories: where an article belongs, and which one is the original.

Kept as corrections of an article. `story` names an article whose story this one belongs to: its own
number makes it a story by itself, None gives it back to the machine. `original` is true or false.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, update

from storage.links import chunks
from storage.tables import article_id, articles, corrections, stories

STORY: Final = "story"
ORIGINAL: Final = "original"
#: How far after the number that its address asks for an article may stand.
_NEXT_NUMBERS: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryDecisions:
    """This is what persons decided on stories, the newest word on each article."""

    #: An article's number -> an article of the story it belongs to, which may be itself.
    placed: dict[int, int]
    #: Articles named as originals, the one named last at the end.
    originals: tuple[int, ...]

    @property
    def named(self) -> set[int]:
        """Every article that a placement names."""
        return self.placed.keys() | set(self.placed.values())


def story_decisions(connection: Connection) -> StoryDecisions:
    """All that persons decided on stories."""
    placed: dict[int, int] = {}
    originals: dict[int, None] = {}
    for row in connection.execute(
        select(corrections.c.article_id, corrections.c.field, corrections.c.value)
        .where(corrections.c.field.in_((STORY, ORIGINAL)))
        .order_by(corrections.c.at, corrections.c.id)
    ):
        held: dict[int, Any] = placed if row.field == STORY else originals
        held.pop(row.article_id, None)
        if row.field == STORY and row.value is not None:
            placed[row.article_id] = row.value
        elif row.field == ORIGINAL and row.value:
            originals[row.article_id] = None
    return StoryDecisions(placed=placed, originals=tuple(originals))


def original_of_story(connection: Connection, story: int) -> int | None:
    """The number of a story's original; None where it is no stored story."""
    number: int | None = connection.scalar(
        select(stories.c.original_id).where(stories.c.id == story)
    )
    return number


def article_at(connection: Connection, url: str) -> int | None:
    """The number of the article at a canonical address; None where there is none."""
    number = article_id(url)
    # The number that the address asks for may be another's: then the next free one was given.
    found: int | None = connection.scalar(
        select(articles.c.id).where(
            articles.c.id.between(number, number + _NEXT_NUMBERS), articles.c.url == url
        )
    )
    return found


def story_of(connection: Connection, article: int) -> int | None:
    """The story of an article, its own number while it is not grouped; None where none is it."""
    number: int | None = connection.scalar(
        select(func.coalesce(articles.c.story_id, articles.c.id)).where(articles.c.id == article)
    )
    return number


def take_apart(connection: Connection, story_ids: Collection[int]) -> list[int]:
    """Forget stories, so that grouping puts them together anew; the numbers of their articles."""
    found: list[int] = []
    for some in chunks(sorted(story_ids)):
        found += connection.scalars(select(articles.c.id).where(articles.c.story_id.in_(some)))
        connection.execute(
            update(articles)
            .where(articles.c.story_id.in_(some))
            .values(story_id=None, is_original=False, portal_text_id=None)
        )
        connection.execute(delete(stories).where(stories.c.id.in_(some)))
    return found
