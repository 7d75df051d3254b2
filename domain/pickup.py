"""What agencies released on their portals, and what the press took up of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import DatePrecision
from domain.figure import Figure, Status
from domain.timing import Lag


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
