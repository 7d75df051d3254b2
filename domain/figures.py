"""Everything measured for a period, and the report that is written from it.

The records it is made of stand in modules of their own and can be had from here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from domain.activities import Activity
from domain.breakdown import Breakdown
from domain.coverage import (
    AgencyLine,
    AreaLine,
    Cell,
    CellState,
    Completeness,
    Counts,
    CoverageTable,
    Group,
)
from domain.digest import Digest, DigestPlacement, DigestStory
from domain.figure import STATUS_NAMES, Definition, Figure, Status
from domain.highlights import EventLine, Highlights
from domain.observation import Gap, Observation, OutletObservation, Tally
from domain.periods import Period, PeriodKind, Window
from domain.pickup import PickUp, PickUpLine, Release
from domain.records import ArticleRow
from domain.settings import AgencySettings
from domain.timing import Lag, LagSummary, StoryTiming, Timing
from domain.totals import CodeLine, DayLine, OutletLine, Totals

if TYPE_CHECKING:
    from domain.qualities import Measured

__all__ = [
    "STATUS_NAMES",
    "AgencyLine",
    "AreaLine",
    "Cell",
    "CellState",
    "Change",
    "CodeLine",
    "Completeness",
    "Counts",
    "CoverageTable",
    "DayLine",
    "Definition",
    "Digest",
    "DigestPlacement",
    "DigestStory",
    "Figure",
    "Gap",
    "Group",
    "Lag",
    "LagSummary",
    "MonthFigures",
    "MonthReport",
    "Observation",
    "OutletLine",
    "OutletObservation",
    "Phrase",
    "PickUp",
    "PickUpLine",
    "Release",
    "Status",
    "StoryTiming",
    "Tally",
    "Timing",
    "Totals",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """This sets one number beside that of the period before."""

    id: str
    name: str
    unit: str
    now: float | None
    before: float | None
    status: Status

    @property
    def difference(self) -> float | None:
        """This is now minus before, None where either is not known."""
        if self.now is None or self.before is None:
            return None
        return self.now - self.before


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthFigures:
    """This is everything measured for a period and a scope."""

    period: Period
    #: Id of the agency in scope, None for the whole country.
    agency: str | None
    scope: str
    observation: Observation
    totals: Totals
    coverage: CoverageTable
    timing: Timing
    pick_up: PickUp
    changes: tuple[Change, ...]
    #: Official name of every agency that appears, by id.
    names: Mapping[str, str]
    definitions: tuple[Definition, ...]
    #: Observed share below which an empty cell is unknown.
    observed_share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """This is a key phrase of a period."""

    words: str
    #: Articles in which it stands.
    articles: int
    score: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthReport:
    """This is all that a report of a period is written from."""

    title: str
    figures: MonthFigures
    #: The relevant placements of the scope, oldest first.
    rows: Sequence[ArticleRow]
    #: When the report was made, aware.
    generated_at: datetime
    phrases: Sequence[Phrase] = ()
    #: Version of the model, the register, the taxonomy, the program, by a Vietnamese name.
    versions: Mapping[str, str] = field(default_factory=dict)
    office: AgencySettings = field(default_factory=AgencySettings)
    #: Table 1; None where only figures were handed in.
    breakdown: Breakdown | None = None
    highlights: Highlights = field(default_factory=Highlights)
    #: The profile of the plan's qualities, and the Vietnamese name of each of its figures.
    measured: Measured | None = None
    figure_names: Mapping[str, str] = field(default_factory=dict)
    #: Which agencies that were merged away count in the scope, in one sentence; "" where none does.
    scope_note: str = ""
    #: Official events of the period.
    events: Sequence[EventLine] = ()
    #: What was done outside the press, as people entered it.
    activities: Sequence[Activity] = ()
    #: An officer's own templates, by file name.
    templates: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def window(self) -> Window | None:
        """This is the window of a month's report, None for another period."""
        if self.figures.period.kind is not PeriodKind.THANG:
            return None
        return Window.LICH if self.figures.period.start.day == 1 else Window.BAO_CAO
