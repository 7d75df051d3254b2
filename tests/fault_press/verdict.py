"""The press's own log held against what is stored: nothing missing, doubled, or misdated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from domain.codes import SourceKind
from storage.database import connect, database_url, reading
from storage.tables import articles, polls, sources
from tests.fault_press.house import House
from tests.fault_press.stories import Story
from tests.fault_press.strikes import Strike

#: An end of a poll that is told a little after the step it belongs to.
_SLACK = timedelta(hours=1)
_ROBOTS_KEPT = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """This is the comparison of what is stored with what the press listed and served."""

    due: int
    stored: int
    whole: int
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    foreign: tuple[str, ...]
    wrong_minute: tuple[str, ...]
    #: The page was served, and only the list's line is stored.
    cut_short: tuple[str, ...]
    struck: int
    untold: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """Everything that is not as it must be."""
        return (
            *self.missing, *self.doubled, *self.foreign, *self.wrong_minute, *self.cut_short,
            *self.untold,
        )  # fmt: skip


def judge(
    houses: Sequence[House], strikes: Sequence[Strike], steps: Sequence[datetime], home: Path
) -> Verdict:
    """Hold the database against the press's own log."""
    due = {house.url(story): story for house in houses for story in owed(house)}
    served = {house.url(s) for house in houses for s in house.stories if s.number in house.served}
    printed = {house.url(story) for house in houses for story in house.stories}
    with reading(connect(database_url(home, ""))) as connection:
        rows = list(
            connection.execute(select(articles.c.url, articles.c.content, articles.c.published_at))
        )
        ends = [
            (row.outlet_id, row.at, row.outcome)
            for row in connection.execute(
                select(sources.c.outlet_id, polls.c.at, polls.c.outcome).join_from(polls, sources)
            )
        ]
    times = Counter(row.url for row in rows)
    told = [strike for strike in strikes if _met(strike, steps)]
    return Verdict(
        due=len(due),
        stored=len(rows),
        whole=sum(row.content == "page" for row in rows),
        missing=tuple(f"missing: {url}" for url in sorted(due.keys() - times.keys())),
        doubled=tuple(f"doubled: {url}" for url, count in times.items() if count > 1),
        foreign=tuple(f"never printed: {url}" for url in sorted(times.keys() - printed)),
        wrong_minute=tuple(
            f"wrong minute: {row.url}: {row.published_at}, printed {due[row.url].at}"
            for row in rows
            if row.url in due and row.published_at != due[row.url].at
        ),
        cut_short=tuple(
            f"served, not stored whole: {row.url}"
            for row in rows
            if row.url in served and row.content != "page"
        ),
        struck=len(told),
        untold=tuple(
            f"not in the polls: {strike.fault.name} at {strike.outlet}, {strike.since:%d/%m %H:%M}"
            for strike in told
            if not _is_told(strike, ends)
        ),
    )  # fmt: skip


def owed(house: House) -> list[Story]:
    """What must be stored: named by a list that tells headlines, or served as a page."""
    tells = house.lists[0] is SourceKind.FEED
    numbers = house.served | (house.named if tells else set())
    return [story for story in house.stories if story.number in numbers]


def _met(strike: Strike, steps: Sequence[datetime]) -> bool:
    """Whether a crawl ran during it, and its list fails by it.

    What robots.txt said before holds for a day: a fault of it is met once that day is over.
    """
    known = _ROBOTS_KEPT if strike.fault.name.startswith("robots") else timedelta()
    return "ok" not in strike.fault.poll and any(
        strike.holds(step) and step - strike.since >= known for step in steps
    )


def _is_told(strike: Strike, ends: Sequence[tuple[str, datetime, str]]) -> bool:
    return any(
        outlet == strike.outlet
        and outcome in strike.fault.poll
        and strike.since <= at < strike.until + _SLACK
        for outlet, at, outcome in ends
    )
