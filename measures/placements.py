"""Choosing and counting placements: by period, by voice, by agency, by story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import PRESS_KINDS, OutletKind
from domain.figures import Counts
from domain.periods import Period
from domain.records import ArticleRow


def day_of(row: ArticleRow) -> date:
    """The Vietnamese day on which a placement counts."""
    return row.counted_at.astimezone(VIETNAM).date()


def in_period(rows: Iterable[ArticleRow], period: Period) -> list[ArticleRow]:
    """The placements that count in the period, in the one order that all measures use."""
    return sorted((row for row in rows if period.contains(row.counted_at)), key=order)


def order(row: ArticleRow) -> tuple[float, int]:
    """The key that sorts placements by time, and by id within one moment."""
    return row.counted_at.timestamp(), row.article_id


def is_press(row: ArticleRow) -> bool:
    """Whether the placement is coverage: not a portal's own voice, not an aggregator's echo."""
    return row.outlet_kind in PRESS_KINDS


def concerns(row: ArticleRow, agency: str | None) -> bool:
    """Whether the agency is in focus; every placement concerns the whole country (None)."""
    return agency is None or agency in row.focus


def rolled_up(rows: Iterable[ArticleRow], register: AgencyRegister, day: date) -> list[ArticleRow]:
    """The rows with each agency that ended before `day` replaced by its chief heir."""
    return list(rolling_up(rows, register, day))


def rolling_up(
    rows: Iterable[ArticleRow], register: AgencyRegister, day: date
) -> Iterator[ArticleRow]:
    """As `rolled_up`, one row after the other."""
    heirs: dict[str, str] = {}

    def heir(agency_id: str) -> str:
        if agency_id not in heirs:
            heirs[agency_id] = register.rolled_up(agency_id, day)
        return heirs[agency_id]

    def roll(row: ArticleRow) -> ArticleRow:
        focus = tuple(dict.fromkeys(map(heir, row.focus)))
        mention = tuple(dict.fromkeys(map(heir, row.mention)))
        if (focus, mention) == (row.focus, row.mention):
            return row
        return replace(row, focus=focus, mention=mention)

    yield from map(roll, rows)


def by_story(rows: Iterable[ArticleRow]) -> Mapping[int, Sequence[ArticleRow]]:
    """The placements of each story, in the order given."""
    stories: dict[int, list[ArticleRow]] = defaultdict(list)
    for row in rows:
        stories[row.story_id].append(row)
    return stories


def count(rows: Iterable[ArticleRow]) -> Counts:
    """Stories and placements of the press; portals and aggregators apart."""
    stories: set[int] = set()
    placements = portal = aggregator = 0
    for row in rows:
        if is_press(row):
            stories.add(row.story_id)
            placements += 1
        elif row.outlet_kind is OutletKind.PORTAL:
            portal += 1
        else:
            aggregator += 1
    return Counts(stories=len(stories), placements=placements, portal=portal, aggregator=aggregator)
