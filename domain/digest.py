"""The press of one day (điểm báo): each story once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.codes import Area, OutletKind
from domain.observation import Observation


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
