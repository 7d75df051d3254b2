"""One number of a report with its ground, or the reason why there is none.

A figure that could not be counted has no value and a status that says why; 0 always means that
somebody looked and found nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
