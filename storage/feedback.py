"""Press feedback: criticism of agencies, read off the articles, and what people said of it.

Nothing is written when a criticism is found: every critical text of the press is an item, and one
that nobody has spoken of is new. Steps are kept by article, so that they follow it when stories
are made anew; what was said of any article of a story, about an agency, holds for that story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from domain.codes import PRESS_KINDS, DatePrecision, Role
from domain.errors import UsageError
from domain.feedback import (
    CRITICAL_TONES,
    Feedback,
    FeedbackItem,
    FeedbackState,
    FeedbackStep,
    check_step,
)
from storage.links import chunks
from storage.tables import article_agencies, articles, feedback_steps, outlets

_STORY = func.coalesce(articles.c.story_id, articles.c.id)


def add_step(connection: Connection, step: FeedbackStep, *, after: int | None = None) -> None:
    """Keep what a person said; a step that says too little is a `UsageError`.

    So is one by a person who saw `after` steps where there are others meanwhile; two that come in
    the same instant wait for each other.
    """
    check_step(step)
    if after is not None and _steps_held(connection, step) != after:
        raise UsageError("Có người vừa ghi về mục này. Xem lại rồi ghi lại.")
    named = connection.scalar(
        select(article_agencies.c.article_id).where(
            article_agencies.c.article_id == step.article_id,
            article_agencies.c.agency_id == step.agency_id,
        )
    )
    if named is None:
        raise UsageError(f"Bài số {step.article_id} không nêu cơ quan “{step.agency_id[:64]}”.")
    connection.execute(insert(feedback_steps).values(**asdict(step)))


def _steps_held(connection: Connection, step: FeedbackStep) -> int:
    """How many steps the criticism has, with its story held until the end of the transaction."""
    story = connection.scalar(select(_STORY).where(articles.c.id == step.article_id))
    if story is None:
        return 0
    # SQLite has one writer at a time and needs no lock of its own.
    connection.execute(
        select(articles.c.id)
        .where(articles.c.id.in_((story, step.article_id)))
        .order_by(articles.c.id)
        .with_for_update()
    )
    said = feedback_of_stories(connection, [story]).get(story, ())
    return next((len(each.steps) for each in said if each.agency_id == step.agency_id), 0)


def feedback_of_stories(
    connection: Connection, stories: Collection[int], *, until: datetime | None = None
) -> dict[int, tuple[Feedback, ...]]:
    """How the answers to stories stand, one for each agency that anybody spoke of.

    By the story's number as it is now; a story that nobody spoke of is not in it. With `until`, as
    it stood before that moment.
    """
    found: dict[tuple[int, str], list[FeedbackStep]] = defaultdict(list)
    for chunk in chunks(sorted(stories)):
        question = (
            select(feedback_steps, _STORY.label("story"))
            .join(articles, articles.c.id == feedback_steps.c.article_id)
            .where(articles.c.story_id.in_(chunk) | articles.c.id.in_(chunk))
            .order_by(feedback_steps.c.at, feedback_steps.c.id)
        )
        if until is not None:
            question = question.where(feedback_steps.c.at < until)
        for row in connection.execute(question):
            found[row.story, row.agency_id].append(_step(row))
    told: dict[int, list[Feedback]] = defaultdict(list)
    for (story, agency), steps in sorted(found.items()):
        told[story].append(Feedback(story_id=story, agency_id=agency, steps=tuple(steps)))
    return {story: tuple(each) for story, each in told.items()}


def feedback_items(
    connection: Connection,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    agencies: Collection[str] | None = None,
    article: int | None = None,
) -> list[FeedbackItem]:
    """Criticism of agencies in the press, counted in [since, until): the newest first.

    One for each story and agency in focus; `agencies` keeps those, `article` what it alone says.
    """
    question = (
        select(
            articles.c.id, articles.c.headline, articles.c.description, articles.c.url,
            articles.c.outlet_id, articles.c.tone, articles.c.counted_at, articles.c.published_at,
            articles.c.date_precision, _STORY.label("story"), outlets.c.name,
            article_agencies.c.agency_id,
        )
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .join(article_agencies, article_agencies.c.article_id == articles.c.id)
        .where(
            articles.c.relevant.is_(True),
            articles.c.tone.in_(CRITICAL_TONES),
            outlets.c.kind.in_(sorted(PRESS_KINDS)),
            article_agencies.c.role == Role.FOCUS,
        )
        .order_by(articles.c.time_key)
    )  # fmt: skip
    if since is not None:
        question = question.where(articles.c.counted_at >= since)
    if until is not None:
        question = question.where(articles.c.counted_at < until)
    if article is not None:
        question = question.where(articles.c.id == article)
    if agencies is not None:
        question = question.where(article_agencies.c.agency_id.in_(sorted(agencies)))
    critical: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in connection.execute(question):
        critical[row.story, row.agency_id].append(row)
    said = feedback_of_stories(connection, {story for story, _ in critical})
    items = [_item(key, rows, said) for key, rows in critical.items()]
    return sorted(items, key=lambda item: (item.counted_at, item.article_id), reverse=True)


def _item(
    key: tuple[int, str], rows: Sequence[Any], said: Mapping[int, Sequence[Feedback]]
) -> FeedbackItem:
    story, agency = key
    first = rows[0]
    held = [each for each in said.get(story, ()) if each.agency_id == agency]
    return FeedbackItem(
        feedback=held[0] if held else Feedback(story_id=story, agency_id=agency),
        article_id=first.id,
        headline=first.headline,
        description=first.description,
        url=first.url,
        outlet_name=first.name,
        tone=first.tone,
        counted_at=first.counted_at,
        precision=DatePrecision(first.date_precision)
        if first.published_at
        else DatePrecision.UNKNOWN,
        outlets=len({row.outlet_id for row in rows}),
        articles=len(rows),
    )


def _step(row: Row[Any]) -> FeedbackStep:
    return FeedbackStep(
        article_id=row.article_id,
        agency_id=row.agency_id,
        state=FeedbackState(row.state),
        person=row.person,
        deadline=row.deadline,
        answer_url=row.answer_url,
        note=row.note,
        author=row.author,
        at=row.at,
    )
