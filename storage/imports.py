"""Articles that a person brought in: marked as such, and never in the way of what was crawled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select, update

from domain.codes import Level, OutletKind
from storage.incoming import Incoming
from storage.intake import Stored, store_articles
from storage.links import chunks
from storage.story_corrections import article_at
from storage.tables import article_id, articles, bodies, outlets
from storage.upsert import upsert

#: `articles.origin` of what came in a file.
IMPORTED = "import"
#: `articles.origin` of what a person typed in.
MANUAL = "manual"
#: How the ids of outlets begin that stand in no declaration.
HAND_OUTLET = "tay-"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOutlet:
    """This is an outlet that stands in no declaration: a paper, a programme."""

    id: str
    name: str
    kind: OutletKind
    level: Level


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """This is an article that a person types in, and what goes with it."""

    article: Incoming
    #: The outlet where it is not declared anywhere; None where it is.
    outlet: HandOutlet | None
    #: The name its scan is kept under, "" for none.
    scan: str


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


def store_by_hand(connection: Connection, entry: ByHand) -> int | None:
    """Store what a person typed in; its number, None where its address is on record already."""
    article = entry.article
    if article_at(connection, article.url) is not None:
        return None
    if entry.outlet is not None:
        values = asdict(entry.outlet) | {"province": "", "agency": "", "domain": ""}
        upsert(connection, outlets, [values])
    store_articles(connection, [article])
    number = article_at(connection, article.url)
    assert number is not None
    connection.execute(update(articles).where(articles.c.id == number).values(origin=MANUAL))
    # A scan alone has no text, and still says where it lies.
    origins = {"scan": entry.scan} if entry.scan else {}
    upsert(connection, bodies, [{"article_id": number, "body": article.body, "origins": origins}])
    return number


def hand_outlets(connection: Connection) -> list[HandOutlet]:
    """The outlets that people named when they typed articles in, by name."""
    rows = connection.execute(
        select(outlets).where(outlets.c.id.startswith(HAND_OUTLET)).order_by(outlets.c.name)
    )
    return [
        HandOutlet(id=row.id, name=row.name, kind=OutletKind(row.kind), level=Level(row.level))
        for row in rows
    ]


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
