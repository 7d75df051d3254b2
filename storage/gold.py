"""Decided articles with their texts: what the next training learns from."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from domain.review import GoldText, Reason, verdict_from_json
from storage.review import decided
from storage.tables import articles, bodies, review_items


def gold(connection: Connection) -> list[GoldText]:
    """The decided articles with their texts, each once, by number."""
    question = (
        select(
            articles.c.id, articles.c.headline, articles.c.description, articles.c.url,
            articles.c.outlet_id, articles.c.published_at, bodies.c.body,
            func.min(review_items.c.reason).label("reason"),
        )
        .join(review_items, review_items.c.article_id == articles.c.id)
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(review_items.c.decided_at.is_not(None))
        .group_by(articles.c.id, bodies.c.body)
        .order_by(articles.c.id)
    )  # fmt: skip
    verdicts = decided(connection)
    return [
        GoldText(
            article_id=row.id,
            reason=Reason(row.reason),
            title=row.headline,
            text="\n".join(filter(None, (row.description, row.body))),
            url=row.url,
            outlet=row.outlet_id,
            published_at=row.published_at,
            verdict=verdict_from_json(verdicts[row.id]),
        )
        for row in connection.execute(question)
    ]
