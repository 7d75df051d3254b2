"""The plain counts of a period: by area, outlet, day, form and tone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.codes import Level, OutletKind
from domain.coverage import AreaLine, Counts
from domain.figure import Figure


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
