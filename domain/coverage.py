"""Coverage per agency and area: what was counted, and what is known of an empty cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.codes import Area
from domain.figure import Status


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
class Counts:
    """These are stories and placements in the press, and what was published elsewhere, apart."""

    stories: int = 0
    placements: int = 0
    #: On portals of agencies: the sender's own voice.
    portal: int = 0
    #: On aggregators: echoes.
    aggregator: int = 0


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
