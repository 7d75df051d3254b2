"""How stories went from outlet to outlet, and how long that took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.codes import DatePrecision
from domain.figure import Figure


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
