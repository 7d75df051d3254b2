"""The plan's press qualities as a profile: the frozen records of `diembao measure`.

There is no single score. A figure without a value says why by its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.figures import Status
from domain.periods import Period


class QualityId(StrEnum):
    """This names the qualities of the profile; their order is that of the report."""

    COMPLETE = "complete"
    TIMELY = "timely"
    AUDIENCE = "audience"
    REGULAR = "regular"
    DIVERSE = "diverse"
    CONTEXT = "context"


QUALITY_NAMES = {
    QualityId.COMPLETE: "Đầy đủ",
    QualityId.TIMELY: "Kịp thời",
    QualityId.AUDIENCE: "Đúng đối tượng",
    QualityId.REGULAR: "Thường xuyên, liên tục",
    QualityId.DIVERSE: "Đa chiều",
    QualityId.CONTEXT: "Bối cảnh",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrected:
    """This is a figure corrected for the tagger's errors, from the audit sample."""

    value: float
    interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityFigure:
    """This is one number of a quality with its ground, or the reason why there is none."""

    id: str
    unit: str
    status: Status
    value: float | None
    #: 95 % interval of the uncertainty that the definition names; None where no valid one exists.
    #: Its upper end is None where what was observed does not reach it.
    interval: tuple[float, float | None] | None = None
    n: int = 0
    #: How many of `n`, where the figure is a share.
    k: int | None = None
    #: What the unobserved part leaves open; not a statistical interval.
    bounds: tuple[float, float] | None = None
    #: Set by an officer; the plans state none.
    target: float | None = None
    met: bool | None = None
    corrected: Corrected | None = None
    #: Why there is no corrected value beside a value, in Vietnamese; "" otherwise.
    corrected_reason: str = ""
    #: Why there is no value, no interval or no corrected value, in Vietnamese; "" otherwise.
    reason: str = ""
    #: The same figure of the period before and of a year before; None where it has no value.
    previous: float | None = None
    year_before: float | None = None
    #: Id of its `Definition`.
    definition: str = ""
    #: Ids of the articles (or, for events, of the events) that made it.
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class QualityProfile:
    """This is a quality with its figures."""

    id: QualityId
    figures: tuple[QualityFigure, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """This is a period that figures stand beside, and how well it was observed."""

    period: Period
    #: Sources observed, of how many, and the share of source-days.
    sources: int
    sources_of: int
    share_of_days: float
    #: False where so little was observed that its figures may be too low.
    is_watched: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """This is a profile of a period and a scope: what `diembao measure --json` writes."""

    plan: str
    period: Period
    #: Agency and area of the scope, "" for all.
    agency: str
    area: str
    #: Sources observed, of how many, and the share of source-days.
    sources: int
    sources_of: int
    share_of_days: float
    #: "k of 51 agencies with a release source", in the whole country whatever the scope.
    agencies_with_releases: int
    agencies_of: int
    qualities: tuple[QualityProfile, ...]
    #: Whether the agency of the scope has a release source; None for the whole country.
    has_releases: bool | None = None
    #: The periods compared with; None where there is no comparison.
    previous: Compared | None = None
    year_before: Compared | None = None
    #: Versions of ``model``, ``register``, ``taxonomy``, ``plan``.
    versions: Mapping[str, str] = field(default_factory=dict)
    #: Warnings that belong beside the figures: break markers, proposals not approved, gaps.
    notes: tuple[str, ...] = ()
