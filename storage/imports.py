"""Articles that a person brought in: marked as such, and never in the way of what was crawled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from storage.incoming import Incoming
from storage.intake import Stored, store_articles
from storage.links import chunks
from storage.tables import article_id, articles

#: `articles.origin` of what came in a file.
IMPORTED = "import"


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """This is what became of the articles of a file."""

    new: int = 0
    updated: int = 0
    #: On record already, crawled or imported.
    known: int = 0

    def __add__(self, other: Imported) -> Imported:
        return Imported(
            new=self.new + other.new,
            updated=self.updated + other.updated,
            known=self.known + other.known,
        )


def store_imported(connection: Connection, incoming: Sequence[Incoming]) -> Imported:
    """Store articles of a file; one that was crawled stays as the outlet gave it."""
    crawled = _crawled(connection, incoming)
    wanted = [each for each in incoming if each.url not in crawled]
    answers = store_articles(connection, wanted)
    new = [each.url for each, answer in zip(wanted, answers, strict=True) if answer is Stored.NEW]
    for urls in chunks(new):
        connection.execute(
            update(articles)
            .where(articles.c.id.in_([article_id(url) for url in urls]), articles.c.url.in_(urls))
            .values(origin=IMPORTED)
        )
    updated = answers.count(Stored.UPDATED)
    return Imported(new=len(new), updated=updated, known=len(incoming) - len(new) - updated)


def _crawled(connection: Connection, incoming: Sequence[Incoming]) -> set[str]:
    found: set[str] = set()
    for urls in chunks(sorted({each.url for each in incoming})):
        found.update(
            connection.scalars(
                select(articles.c.url).where(
                    articles.c.id.in_([article_id(url) for url in urls]),
                    articles.c.url.in_(urls),
                    articles.c.origin != IMPORTED,
                )
            )
        )
    return found
