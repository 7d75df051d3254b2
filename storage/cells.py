"""Stories and placements by agency, area and month.

Two narrow questions bring the numbers of a year, not its rows: a million articles are counted in
seconds. Counting distinct stories of many groups is quicker here than in the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from domain.codes import PRESS_KINDS, Area, Role
from storage.tables import article_agencies, article_areas, articles, outlets


@dataclass(frozen=True, kw_only=True, slots=True)
class CellCount:
    """This is what the press carried of one agency, as its subject, in one area and month."""

    agency_id: str
    #: None where all areas are taken together: a story in two areas counts once.
    area: Area | None
    #: The month's place among those asked for, from 0.
    month: int
    #: Distinct stories with a placement in the month.
    stories: int
    placements: int


def cell_counts(
    connection: Connection,
    bounds: Sequence[datetime],
    *,
    rolled_up: Mapping[str, str] | None = None,
) -> list[CellCount]:
    """Counts of every agency, area and month in which there was something, in that order.

    `bounds` are the first moment of each month and the first moment after the last: report months
    and calendar months are counted alike. An agency stands under the id it had on an article's day,
    or under the one that `rolled_up` ({id: heir}) gives it; two that became one share their story.
    """
    heirs = rolled_up or {}
    areas = _areas(connection, bounds)
    found: dict[tuple[str, str, int], tuple[set[int], set[int]]] = defaultdict(
        lambda: (set(), set())
    )
    for article, story, month, agency in connection.execute(_placements(bounds)):
        agency_id = heirs.get(agency, agency)
        for area in ("", *areas.get(article, ())):
            stories, placements = found[agency_id, area, month]
            stories.add(story)
            placements.add(article)
    order = {"": 0, **{area.value: place for place, area in enumerate(Area, 1)}}
    return [
        CellCount(
            agency_id=agency_id,
            area=Area(area) if area else None,
            month=month,
            stories=len(stories),
            placements=len(placements),
        )
        for (agency_id, area, month), (stories, placements) in sorted(
            found.items(), key=lambda item: (item[0][0], order[item[0][1]], item[0][2])
        )
    ]


def _placements(bounds: Sequence[datetime]) -> Any:
    """One row a relevant press placement and agency in focus."""
    return (
        select(
            articles.c.id,
            func.coalesce(articles.c.story_id, articles.c.id),
            _month(bounds),
            article_agencies.c.agency_id,
        )
        .join(article_agencies, article_agencies.c.article_id == articles.c.id)
        .where(article_agencies.c.role == Role.FOCUS, *_relevant_press(bounds))
    )


def _areas(connection: Connection, bounds: Sequence[datetime]) -> Mapping[int, list[str]]:
    areas: dict[int, list[str]] = defaultdict(list)
    question = (
        select(articles.c.id, article_areas.c.area)
        .join(article_areas, article_areas.c.article_id == articles.c.id)
        .where(*_relevant_press(bounds))
    )
    for article, area in connection.execute(question):
        areas[article].append(area)
    return areas


def _relevant_press(bounds: Sequence[datetime]) -> Sequence[ColumnElement[bool]]:
    press = select(outlets.c.id).where(outlets.c.kind.in_(sorted(PRESS_KINDS)))
    return (
        articles.c.relevant.is_(True),
        articles.c.counted_at >= bounds[0],
        articles.c.counted_at < bounds[-1],
        articles.c.outlet_id.in_(press),
    )


def _month(bounds: Sequence[datetime]) -> ColumnElement[int]:
    """The place of the article's month, from 0."""
    last = len(bounds) - 2
    ends = [(articles.c.counted_at < end, place) for place, end in enumerate(bounds[1:])]
    return case(*ends, else_=last)
