"""The press of one day, grouped for reading: each story once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from domain.agencies import AgencyRegister
from domain.codes import UNKNOWN, Area
from domain.figures import Digest, DigestPlacement, DigestStory
from domain.outlets import OutletBook
from domain.periods import between
from domain.records import ArticleRow, SourceDay
from measures.month import NATIONWIDE, listed_rows
from measures.observation import observe
from measures.placements import by_story, is_press

#: Tones that hold criticism, the plainer first.
CRITICAL: Final = ("phe_phan", "hon_hop")


def compose_digest(
    rows: Sequence[ArticleRow],
    source_days: Sequence[SourceDay],
    register: AgencyRegister,
    day: date,
    outlets: OutletBook,
    generated_at: datetime,
    *,
    agency: str | None = None,
) -> Digest:
    """The day's relevant stories: those with criticism, then the others by area, portals apart."""
    period = between(day, day)
    placements = by_story(listed_rows(rows, register, period, agency=agency))
    read = {
        story_id: _story(found, register, day)
        for story_id, found in placements.items()
        if any(map(is_press, found))
    }
    critical = [story for story in read.values() if story.tone in CRITICAL]
    others = [story for story in read.values() if story.tone not in CRITICAL]
    scope = register.rolled_up(agency, day) if agency else None
    return Digest(
        day=day,
        scope=register.get(scope, day).official_name if scope else NATIONWIDE,
        observation=observe(source_days, period, outlets, usual={}),
        critical=_ranked(critical),
        by_area={
            area: _ranked(found)
            for area in (*Area, None)
            if (found := [story for story in others if _first_area(story) is area])
        },
        releases=_ranked(
            _story(found, register, day)
            for story_id, found in placements.items()
            if story_id not in read
        ),
        generated_at=generated_at,
    )


def _story(rows: Sequence[ArticleRow], register: AgencyRegister, day: date) -> DigestStory:
    press_first = sorted(rows, key=lambda row: not is_press(row))
    lead = press_first[0]
    tones = [row.tone for row in press_first if is_press(row)] or [lead.tone]
    areas = Counter(area for row in rows for area in row.areas)
    focus = dict.fromkeys(agency for row in press_first for agency in row.focus)
    return DigestStory(
        story_id=lead.story_id,
        headline=lead.headline,
        description=next((row.description for row in press_first if row.description), ""),
        # The area that most placements name stands first; at a tie, the order of the areas.
        areas=tuple(sorted(areas, key=lambda area: (-areas[area], list(Area).index(area)))),
        agencies=tuple(register.get(agency, day).official_name for agency in focus),
        form=lead.form,
        tone=_tone(tones),
        placements=tuple(map(_placement, press_first)),
    )


def _tone(tones: Sequence[str]) -> str:
    found = [tone for tone in CRITICAL if tone in tones]
    return (found or [tone for tone in tones if tone != UNKNOWN] or [UNKNOWN])[0]


def _placement(row: ArticleRow) -> DigestPlacement:
    return DigestPlacement(
        outlet_name=row.outlet_name, kind=row.outlet_kind, at=row.counted_at, url=row.url
    )


def _first_area(story: DigestStory) -> Area | None:
    return story.areas[0] if story.areas else None


def _ranked(stories: Iterable[DigestStory]) -> tuple[DigestStory, ...]:
    """The most placed first, then the earliest."""
    return tuple(
        sorted(
            stories,
            key=lambda story: (-len(story.placements), story.placements[0].at, story.story_id),
        )
    )
