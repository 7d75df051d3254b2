"""A share as a figure, and a figure that has no value."""

from __future__ import annotations

from collections.abc import Iterable

from domain.figures import Status
from domain.qualities import QualityFigure
from measures.intervals import FEWEST_FOR_SHARE, share_interval

SHARE = "share"


def share(
    figure_id: str,
    k: float,
    n: int,
    *,
    possible: float | None = None,
    missed: float = 0.0,
    rows: Iterable[int] = (),
    minimum: int = FEWEST_FOR_SHARE,
    reason: str = "",
) -> QualityFigure:
    """`k` of `n`, with the interval of a share; `possible` counts what may be one of the k too.

    `missed` is how many more may have been missed although nearly all was watched. What is not
    known widens bounds and interval upwards, never lowers them.

    >>> half = share("x", 10, 20, possible=12)
    >>> half.value, half.bounds, [round(end, 2) for end in half.interval]
    (0.5, (0.5, 0.6), [0.3, 0.78])
    >>> share("x", 1, 2).status
    <Status.NOT_ENOUGH: 'not_enough'>
    """
    whole = int(k) if float(k).is_integer() else None
    if n < minimum:
        return absent(
            figure_id,
            Status.NOT_ENOUGH,
            f"mới có {n} trường hợp, cần ít nhất {minimum}",
            n=n,
            k=whole if n else None,
            rows=rows,
        )
    high = k if possible is None else max(k, possible)
    return QualityFigure(
        id=figure_id,
        unit=SHARE,
        status=Status.OK,
        value=k / n,
        interval=(share_interval(k, n)[0], share_interval(min(high + missed, n), n)[1]),
        n=n,
        k=whole,
        bounds=(k / n, high / n) if high > k else None,
        reason=reason,
        definition=figure_id,
        rows=tuple(rows),
    )


def absent(
    figure_id: str,
    status: Status,
    reason: str,
    *,
    unit: str = SHARE,
    n: int = 0,
    k: int | None = None,
    rows: Iterable[int] = (),
) -> QualityFigure:
    """A figure without a value, with the reason in Vietnamese."""
    return QualityFigure(
        id=figure_id,
        unit=unit,
        status=status,
        value=None,
        n=n,
        k=k,
        reason=reason,
        definition=figure_id,
        rows=tuple(rows),
    )
