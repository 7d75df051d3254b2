"""What is to be tagged: the texts that no tagger, or an older one, has spoken of."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from domain.records import TagInput
from storage.links import chunks
from storage.tables import ID_SPAN, articles, bodies


def untagged(
    connection: Connection,
    version: str,
    *,
    after: int,
    limit: int,
    retag: bool = False,
    until: int = ID_SPAN,
) -> list[TagInput]:
    """Articles with a number above `after` that `version` has not tagged (all if `retag`).

    Only those with a number below `until`.
    """
    question = (
        select(
            articles.c.id,
            articles.c.headline,
            articles.c.description,
            articles.c.url,
            articles.c.outlet_id,
            articles.c.counted_at,
            bodies.c.body,
        )
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(articles.c.id > after, articles.c.id < until)
        .order_by(articles.c.id)
        .limit(limit)
    )
    if not retag:
        question = question.where(articles.c.tag_version != version)
    return [
        TagInput(
            id=str(row.id),
            title=row.headline,
            text="\n".join(filter(None, (row.description, row.body))),
            url=row.url,
            outlet=row.outlet_id,
            published_at=row.counted_at,
        )
        for row in connection.execute(question)
    ]


def tagged_by_another(connection: Connection, version: str) -> int:
    """How many articles hold a finding of another model, register or taxonomy than `version`."""
    of_another = articles.c.tag_version.not_in(("", version))
    return connection.scalars(select(func.count()).select_from(articles).where(of_another)).one()


def text_hashes(connection: Connection, ids: Iterable[int]) -> dict[str, str]:
    """What tells the texts that articles have now from those they had before, by number."""
    return {
        str(row.id): row.text_hash
        for chunk in chunks(list(ids))
        for row in connection.execute(
            select(articles.c.id, articles.c.text_hash).where(articles.c.id.in_(chunk))
        )
    }
