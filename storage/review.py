"""The review queue: what was drawn, what was decided, and what is learnt from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, insert, select, update

from domain.records import Finding
from domain.review import (
    Audited,
    Decision,
    Drawn,
    Reason,
    ReviewRow,
    said_by,
    verdict_from_json,
)
from storage.findings import Correction, correct_all, finding_of
from storage.tables import articles, bodies, findings, outlets, review_items

#: Strata of the audit, by what the machine said: flagged, nearly so, and the rest of the press.
STRATA: Final = ("flagged", "near", "rest")
#: Least relevance of what was nearly flagged.
NEAR: Final = 0.05
#: A database takes only so many values in one question.
_CHUNK: Final = 5_000
#: So much of a body stands in the queue.
_OPENING: Final = 1_600


def population(
    connection: Connection, version: str, since: datetime | None, until: datetime | None
) -> dict[str, list[int]]:
    """For each stratum the articles that `version` tagged and nobody was asked about, by number."""
    strata: dict[str, list[int]] = {name: [] for name in STRATA}
    question = (
        select(findings.c.article_id, findings.c.relevant, findings.c.relevance)
        .join(articles, articles.c.id == findings.c.article_id)
        .where(*_tagged_by(version, since, until))
        .order_by(findings.c.article_id)
    )
    for row in connection.execute(question):
        near = "near" if row.relevance >= NEAR else "rest"
        strata["flagged" if row.relevant else near].append(row.article_id)
    return strata


def least_certain(
    connection: Connection,
    version: str,
    since: datetime | None,
    until: datetime | None,
    *,
    limit: int,
) -> list[Finding]:
    """Findings of articles nobody was asked about, those nearest to the other answer first.

    The line between the answers is taken between the least relevant article that was flagged and
    the most relevant one that was not.
    """
    condition = _tagged_by(version, since, until)
    joined = findings.join(articles, articles.c.id == findings.c.article_id)

    def end(function: Any, relevant: bool) -> float | None:
        return connection.scalar(
            select(function(findings.c.relevance))
            .select_from(joined)
            .where(*condition, findings.c.relevant.is_(relevant))
        )

    lowest, highest = end(func.min, True), end(func.max, False)
    known = [value for value in (lowest, highest) if value is not None]
    if not known:
        return []
    line = sum(known) / len(known)
    question = (
        select(findings)
        .select_from(joined)
        .where(*condition, articles.c.corrected.is_(False))
        .order_by(func.abs(findings.c.relevance - line), findings.c.article_id)
        .limit(limit)
    )
    return [finding_of(row) for row in connection.execute(question)]


def newest_flagged(
    connection: Connection,
    version: str,
    since: datetime | None,
    until: datetime | None,
    *,
    limit: int,
) -> list[Finding]:
    """Findings of the newest relevant articles nobody was asked about."""
    question = (
        select(findings)
        .join(articles, articles.c.id == findings.c.article_id)
        .where(
            *_tagged_by(version, since, until),
            findings.c.relevant.is_(True),
            articles.c.corrected.is_(False),
        )
        .order_by(articles.c.time_key.desc())
        .limit(limit)
    )
    return [finding_of(row) for row in connection.execute(question)]


def _tagged_by(version: str, since: datetime | None, until: datetime | None) -> list[Any]:
    asked = select(review_items.c.article_id)
    condition: list[Any] = [
        findings.c.model_version == version,
        findings.c.article_id.not_in(asked),
    ]
    if since is not None:
        condition.append(articles.c.counted_at >= since)
    if until is not None:
        condition.append(articles.c.counted_at < until)
    return condition


def current_version(connection: Connection) -> str:
    """The version that tagged most of the articles, "" where nothing is tagged."""
    row = connection.execute(
        select(articles.c.tag_version)
        .where(articles.c.tag_version != "")
        .group_by(articles.c.tag_version)
        .order_by(func.count().desc(), articles.c.tag_version)
        .limit(1)
    ).one_or_none()
    return row.tag_version if row else ""


def put_in_queue(connection: Connection, drawn: Sequence[Drawn]) -> None:
    """Add articles to the queue."""
    if drawn:
        connection.execute(
            insert(review_items),
            [
                {
                    "article_id": one.article_id,
                    "reason": one.reason,
                    "drawn_at": one.drawn_at,
                    "model_version": one.model_version,
                    "weight": one.weight,
                }
                for one in drawn
            ],
        )


def pending(
    connection: Connection, since: datetime | None = None, until: datetime | None = None
) -> list[ReviewRow]:
    """The articles nobody has decided yet, oldest draw first."""
    condition: list[Any] = [review_items.c.decided_at.is_(None)]
    if since is not None:
        condition.append(articles.c.counted_at >= since)
    if until is not None:
        condition.append(articles.c.counted_at < until)
    return _rows(connection, condition)


def rows_of(connection: Connection, ids: Sequence[int]) -> dict[int, ReviewRow]:
    """The queued articles among some numbers, decided ones too."""
    return {
        row.article_id: row
        for first in range(0, len(ids), _CHUNK)
        for row in _rows(connection, [review_items.c.article_id.in_(ids[first : first + _CHUNK])])
    }


def _rows(connection: Connection, condition: Sequence[Any]) -> list[ReviewRow]:
    question: Select[Any] = (
        select(
            articles.c.id.label("number"), articles.c.headline, articles.c.description,
            articles.c.url, articles.c.counted_at, outlets.c.name.label("outlet_name"),
            bodies.c.body, review_items.c.reason, findings,
        )
        .join(review_items, review_items.c.article_id == articles.c.id)
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .join(
            findings,
            and_(
                findings.c.article_id == articles.c.id,
                findings.c.model_version == articles.c.tag_version,
            ),
        )
        .outerjoin(bodies, bodies.c.article_id == articles.c.id)
        .where(*condition)
        .order_by(review_items.c.drawn_at, articles.c.id, review_items.c.reason)
    )  # fmt: skip
    held: dict[int, list[Any]] = {}
    for row in connection.execute(question):
        held.setdefault(row.number, []).append(row)
    return [_review_row(rows) for rows in held.values()]


def _review_row(rows: Sequence[Any]) -> ReviewRow:
    row = rows[0]
    return ReviewRow(
        article_id=row.number,
        reasons=tuple(Reason(each.reason) for each in rows),
        headline=row.headline,
        description=row.description,
        opening=(row.body or "")[:_OPENING],
        url=row.url,
        outlet_name=row.outlet_name,
        at=row.counted_at,
        finding=finding_of(row),
    )


def decided(connection: Connection) -> dict[int, Mapping[str, Any]]:
    """The verdicts given so far, by article."""
    question = select(review_items.c.article_id, review_items.c.verdict).where(
        review_items.c.decided_at.is_not(None)
    )
    return {row.article_id: row.verdict for row in connection.execute(question)}


def decide(
    connection: Connection, decisions: Sequence[Decision], *, author: str, at: datetime
) -> int:
    """Keep decisions and let them count for ever; how many said anything new.

    Every field is kept as a correction, also where the machine was right: a later model may not be.
    """
    known = decided(connection)
    fresh = [one for one in decisions if known.get(one.article_id) != one.verdict.as_json()]
    correct_all(
        connection,
        [
            Correction(
                article_id=one.article_id,
                field=field,
                value=value,
                author=author,
                at=at,
                reason=one.note,
            )
            for one in fresh
            for field, value in one.verdict.as_json().items()
        ],
    )
    for one in fresh:
        connection.execute(
            update(review_items)
            .where(review_items.c.article_id == one.article_id)
            .values(decided_at=at, author=author, verdict=one.verdict.as_json())
        )
    return len(fresh)


def audited(connection: Connection) -> tuple[list[Audited], Counter[str]]:
    """The decided articles of the audit, and how many were drawn in each stratum.

    What the machine said is that of the version under which the article was drawn.
    """
    mine = review_items.c.reason == Reason.AUDIT
    drawn: Counter[str] = Counter(
        _stratum(row)
        for row in connection.execute(
            select(review_items.c.drawn_at, review_items.c.weight, review_items.c.model_version)
            .where(mine)
        )
    )  # fmt: skip
    question = (
        select(review_items.c.drawn_at, review_items.c.weight, review_items.c.verdict, findings)
        .join(
            findings,
            and_(
                findings.c.article_id == review_items.c.article_id,
                findings.c.model_version == review_items.c.model_version,
            ),
        )
        .where(mine, review_items.c.decided_at.is_not(None))
        .order_by(review_items.c.drawn_at, review_items.c.article_id)
    )
    found = [
        Audited(
            article_id=row.article_id,
            stratum=_stratum(row),
            weight=row.weight,
            model_version=row.model_version,
            said=said_by(finding_of(row)),
            true=verdict_from_json(row.verdict),
        )
        for row in connection.execute(question)
    ]
    return found, drawn


def _stratum(row: Any) -> str:
    return f"{row.model_version} {row.drawn_at.isoformat()} {row.weight:.6f}"
