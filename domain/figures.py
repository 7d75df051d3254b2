"""What is measured and what is reported: the frozen records that measures give and reports take.

A figure that could not be counted has no value and a status that says why; 0 always means that
somebody looked and found nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.activities import Activity
from domain.breakdown import Breakdown
from domain.codes import Area, DatePrecision, Level, OutletKind
from domain.highlights import EventLine, Highlights
from domain.periods import Period, PeriodKind, Window
from domain.records import ArticleRow
from domain.settings import AgencySettings

if TYPE_CHECKING:
    from domain.qualities import Measured


class Status(StrEnum):
    """This says whether a figure has a value, and if not, why."""

    OK = "ok"
    NOT_ENOUGH = "not_enough"
    NOT_REACHED = "not_reached"
    NOT_OBSERVED = "not_observed"
    NOT_APPLICABLE = "not_applicable"


STATUS_NAMES = {
    Status.OK: "có số liệu",
    Status.NOT_ENOUGH: "chưa đủ số liệu",
    Status.NOT_REACHED: "chưa đạt tới",
    Status.NOT_OBSERVED: "không quan sát được",
    Status.NOT_APPLICABLE: "không áp dụng",
}


class CellState(StrEnum):
    """This says what is known of an agency x area cell."""

    COVERED = "covered"
    #: Observed well enough, and nothing was found: a true 0.
    EMPTY = "empty"
    #: Nothing was found, but too little was observed to say so.
    UNKNOWN = "unknown"


class Group(StrEnum):
    """This names the lists of agencies that coverage is measured over."""

    MINISTRY = "ministry"
    PROVINCE = "province"
    #: An agency under the Government or another one, where it is the scope.
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """This is one number with its ground, or the reason why there is none."""

    id: str
    #: What is counted: ``share``, ``hours``, ``stories``, ``placements``, ``sources``.
    unit: str
    value: float | None
    status: Status
    #: Out of how many; `k` of them where the figure is a share.
    n: int
    k: int | None = None
    #: What the unknown part leaves open; not a statistical interval.
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """This is a measure in words, as its function declares it."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """These are stories and placements in the press, and what was published elsewhere, apart."""

    stories: int = 0
    placements: int = 0
    #: On portals of agencies: the sender's own voice.
    portal: int = 0
    #: On aggregators: echoes.
    aggregator: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """This is a run of days on which no source of an outlet answered."""

    outlet_id: str
    outlet_name: str
    start: date
    end: date


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletObservation:
    """This is how well one outlet was observed in a period."""

    outlet_id: str
    name: str
    kind: OutletKind
    level: Level
    province: str
    sources: int
    sources_observed: int
    #: Sources times days of the period.
    source_days: int
    source_days_observed: int
    #: Placements on an observed day of the period before; None where that is not known.
    usual_volume: float | None
    gaps: tuple[Gap, ...]

    @property
    def share(self) -> float:
        """This is the share of source-days on which a source answered."""
        return self.source_days_observed / self.source_days if self.source_days else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """This is "observed N of M" over a group of outlets."""

    outlets: int
    outlets_observed: int
    sources: int
    sources_observed: int
    source_days: int
    source_days_observed: int

    @property
    def share(self) -> float:
        """This is the share of source-days on which a source answered."""
        return self.source_days_observed / self.source_days if self.source_days else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """This is what the sources could and could not show in a period."""

    days: int
    press: Tally
    portals: Tally
    aggregators: Tally
    outlets: tuple[OutletObservation, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """This is one agency in one area."""

    area: Area
    counts: Counts
    state: CellState


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyLine:
    """This is one agency over all areas; a story in two areas counts once in `counts`."""

    id: str
    name: str
    group: Group
    counts: Counts
    state: CellState
    #: Share of its panel (national outlets and a province's own) that was observed.
    panel_share: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Completeness:
    """This is how many cells (or agencies) are covered, as a range where some are unknown."""

    covered: int
    empty: int
    unknown: int
    status: Status

    @property
    def all(self) -> int:
        """This is the number of cells."""
        return self.covered + self.empty + self.unknown

    @property
    def low(self) -> float | None:
        """This is the share if every unknown cell is empty."""
        return self.covered / self.all if self.status is Status.OK else None

    @property
    def high(self) -> float | None:
        """This is the share if every unknown cell is covered."""
        return (self.covered + self.unknown) / self.all if self.status is Status.OK else None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverageTable:
    """This is coverage per agency and area."""

    lines: tuple[AgencyLine, ...]
    #: Over cells, of each group that has agencies in the scope.
    completeness: Mapping[Group, Completeness]
    #: Over cells of all agencies in the scope.
    overall: Completeness
    #: Agencies with at least one story.
    agencies: Completeness

    def of(self, group: Group) -> tuple[AgencyLine, ...]:
        """The lines of one group, in the order of the register."""
        return tuple(line for line in self.lines if line.group is group)


@dataclass(frozen=True, kw_only=True, slots=True)
class AreaLine:
    """This is one area over all agencies of the scope, with an agency or without."""

    area: Area
    counts: Counts
    state: CellState


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeLine:
    """This is the counts of one code, such as a form or a tone."""

    code: str
    counts: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class DayLine:
    """This is one day of a period."""

    day: date
    #: Everything read in the press that day, whatever its subject.
    articles: int
    counts: Counts
    #: Share of the press sources that answered that day.
    observed_share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletLine:
    """This is what one outlet carried."""

    outlet_id: str
    name: str
    kind: OutletKind
    level: Level
    #: Everything read from it, whatever its subject.
    articles: int
    #: Relevant placements and the distinct stories among them.
    placements: int
    stories: int
    reprints: int
    #: Stories of at least two outlets that it was surely the first to carry.
    first: int
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """These are the plain counts of a period."""

    #: Everything read in the press, whatever its subject and agency.
    articles: int
    counts: Counts
    originals: int
    reprints: int
    reprint_ratio: Figure
    stories: Figure
    placements: Figure
    by_area: tuple[AreaLine, ...]
    by_outlet: tuple[OutletLine, ...]
    by_day: tuple[DayLine, ...]
    by_form: tuple[CodeLine, ...]
    by_tone: tuple[CodeLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lag:
    """This is a span of time, exact where both ends are equal."""

    low: timedelta
    high: timedelta

    @property
    def is_exact(self) -> bool:
        """This tells whether the span is known to the minute."""
        return self.low == self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryTiming:
    """This is how one story went from outlet to outlet."""

    story_id: int
    headline: str
    url: str
    outlet_id: str
    outlet_name: str
    first_at: datetime
    precision: DatePrecision
    outlets: int
    placements: int
    #: Outlets whose time is not known to the day: with one, no lag is given.
    undated: int
    second_outlet: str
    second: Lag | None
    third: Lag | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LagSummary:
    """This is the time to the k-th outlet over the stories of a period."""

    #: k: 2 or 3.
    outlets: int
    median_hours: Figure
    stories: int
    exact: int
    #: Known to the day only: they give bounds, and count in no median.
    bounded: int
    undated: int
    #: Stories that fewer than k outlets had carried by the end of the period.
    not_reached: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """This is the timeliness of a period: story by story, and over all."""

    stories: tuple[StoryTiming, ...]
    second: LagSummary
    third: LagSummary
    #: Stories with a placement in the period that began before it.
    begun_before: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """This is one item of an agency's portal, and whether the press took it up."""

    article_id: int
    story_id: int
    #: The portal's agency, "" where the declaration names none.
    agency: str
    portal_id: str
    portal_name: str
    headline: str
    url: str
    released_at: datetime
    precision: DatePrecision
    #: Distinct press outlets that carried its story.
    outlets: int
    first_outlet: str
    first_url: str
    first_at: datetime | None
    first_precision: DatePrecision
    #: From release to first outlet, not below 0; None where a time is not known to the day.
    lag: Lag | None
    #: True where the press surely had the story before the portal.
    before: bool

    @property
    def is_picked_up(self) -> bool:
        """This tells whether at least one press outlet carried the story."""
        return self.outlets > 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PickUpLine:
    """This is what one agency released and how much of it the press took up."""

    agency: str
    name: str
    #: Whether a portal of the agency answered at least once.
    has_source: bool
    status: Status
    released: int | None
    picked_up: int | None
    within_72h: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PickUp:
    """This is the releases of a period and their way into the press."""

    releases: tuple[Release, ...]
    lines: tuple[PickUpLine, ...]
    #: "k of n agencies with a release source".
    agencies_with_source: int
    agencies: int
    share: Figure
    share_72h: Figure
    median_hours: Figure


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


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestPlacement:
    """This is one outlet that carried a story of the day."""

    outlet_name: str
    kind: OutletKind
    at: datetime
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestStory:
    """This is one story of the day with all its placements, first placement first."""

    story_id: int
    headline: str
    description: str
    areas: tuple[Area, ...]
    #: Official names of the agencies in focus.
    agencies: tuple[str, ...]
    form: str
    tone: str
    placements: tuple[DigestPlacement, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """This is the press of one day (điểm báo): each story once."""

    day: date
    scope: str
    observation: Observation
    #: Stories with criticism, whatever their area.
    critical: tuple[DigestStory, ...]
    #: The other stories, by the area they count first in; areas without a story are left out;
    #: None holds those without an area.
    by_area: Mapping[Area | None, tuple[DigestStory, ...]]
    #: Stories that stand only on agency portals or aggregators.
    releases: tuple[DigestStory, ...]
    generated_at: datetime
    #: An officer's own templates, by file name.
    templates: Mapping[str, bytes] = field(default_factory=dict)
