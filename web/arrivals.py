"""How the first reports on the official events of a period came in, day by day."""

from __future__ import annotations

from collections.abc import Sequence

from measures.outcomes import Outcome
from measures.survival import curve
from measures.timeliness import FEWEST_FOR_MEDIAN
from reports.chart_kinds import Reach

_HOURS_OF_DAY = 24


def arrivals(outcomes: Sequence[Outcome]) -> tuple[Reach, ...]:
    """The share of events that a first outlet had carried by each time; empty where too few.

    As the figures of timeliness: events not carried are left waiting, inexact hours taken late.
    """
    waits = [outcome.wait(1, latest=True) for outcome in outcomes]
    if len(waits) < FEWEST_FOR_MEDIAN or not any(wait.came for wait in waits):
        return ()
    found = curve(waits)
    steps = [
        Reach(days=hours / _HOURS_OF_DAY, share=1 - left, low=1 - high, high=1 - low)
        for hours, left, low, high in zip(
            *(each.tolist() for each in (found.times, found.waiting, found.low, found.high)),
            strict=True,
        )
    ]
    start = Reach(days=0.0, share=0.0, low=0.0, high=0.0)
    last = steps[-1]
    end = Reach(days=found.longest / _HOURS_OF_DAY, share=last.share, low=last.low, high=last.high)
    return (start, *steps, end)
