"""Names like an agency's that the register lacks, and what was decided of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.records import TagInput
from domain.review import NameProposal
from storage.tables import articles, bodies, name_proposals
from storage.upsert import upsert


def newest_relevant(
    connection: Connection, since: datetime | None, until: datetime | None, *, limit: int
) -> list[TagInput]:
    """The newest relevant articles, one a story, with their texts."""
    question = (
        select(articles.c.id, articles.c.headline, articles.c.description, bodies.c.body)
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(articles.c.relevant.is_(True), articles.c.is_original.is_(True))
        .order_by(articles.c.time_key.desc())
        .limit(limit)
    )
    if since is not None:
        question = question.where(articles.c.counted_at >= since)
    if until is not None:
        question = question.where(articles.c.counted_at < until)
    return [
        TagInput(
            id=str(row.id),
            title=row.headline,
            text="\n".join(filter(None, (row.description, row.body))),
        )
        for row in connection.execute(question)
    ]


def keep_proposals(connection: Connection, found: Sequence[NameProposal], at: datetime) -> None:
    """Add names, or renew how many articles hold them; what was decided stays decided."""
    if found:
        upsert(
            connection,
            name_proposals,
            [
                {
                    "name": one.name,
                    "articles": one.articles,
                    "example_id": one.example_id,
                    "words": one.words,
                    "proposed_at": at,
                }
                for one in found
            ],
        )


def mark(connection: Connection, name: str, *, state: str, author: str, at: datetime) -> bool:
    """Decide on a name; False where it was never proposed."""
    done = connection.execute(
        update(name_proposals)
        .where(name_proposals.c.name == name)
        .values(state=state, author=author, decided_at=at)
    )
    return done.rowcount > 0


def undecided(connection: Connection) -> list[NameProposal]:
    """The names nobody has decided on, those of most articles first."""
    question = (
        select(name_proposals)
        .where(name_proposals.c.state == "")
        .order_by(name_proposals.c.articles.desc(), name_proposals.c.name)
    )
    return [
        NameProposal(
            name=row.name, articles=row.articles, example_id=row.example_id, words=row.words
        )
        for row in connection.execute(question)
    ]
