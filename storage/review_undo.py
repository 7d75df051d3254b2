"""Taking back a decision of the review queue, as long as its author wants it back."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, update

from storage.findings import renew
from storage.search import index_pending
from storage.tables import articles, corrections, review_items


def pending_count(connection: Connection) -> int:
    """How many articles wait for a decision."""
    return (
        connection.scalar(
            select(func.count(func.distinct(review_items.c.article_id))).where(
                review_items.c.decided_at.is_(None)
            )
        )
        or 0
    )


def next_pending(connection: Connection, *, skip: int = 0) -> int | None:
    """The article to be asked about next, after the one skipped; None where nothing waits."""
    question = (
        select(review_items.c.article_id)
        .join(articles, articles.c.id == review_items.c.article_id)
        .where(review_items.c.decided_at.is_(None))
        .order_by(review_items.c.article_id)
        .limit(1)
    )
    number = connection.scalar(question.where(review_items.c.article_id > skip))
    return connection.scalar(question) if number is None else number


def last_decided(connection: Connection, author: str) -> int | None:
    """The article that a person decided last."""
    number: int | None = connection.scalar(
        select(review_items.c.article_id)
        .where(review_items.c.author == author, review_items.c.decided_at.is_not(None))
        .order_by(review_items.c.decided_at.desc(), review_items.c.article_id.desc())
        .limit(1)
    )
    return number


def undo_decision(connection: Connection, number: int, author: str) -> bool:
    """Put an article back into the queue as it was; whether the person had decided it."""
    at = connection.scalar(
        select(review_items.c.decided_at).where(
            review_items.c.article_id == number,
            review_items.c.author == author,
            review_items.c.decided_at.is_not(None),
        )
    )
    if at is None:
        return False
    connection.execute(
        delete(corrections).where(
            corrections.c.article_id == number,
            corrections.c.author == author,
            corrections.c.at == at,
        )
    )
    connection.execute(
        update(review_items)
        .where(review_items.c.article_id == number)
        .values(decided_at=None, author="", verdict=None)
    )
    renew(connection, number)
    index_pending(connection, limit=1, only=number)
    return True
