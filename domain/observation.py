"""What the sources could and could not show in a period: "observed N of M", with the gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.codes import Level, OutletKind


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
