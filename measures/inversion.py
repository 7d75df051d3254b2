"""Inverting a test by simulation: an interval where formulas fail, as at the edge of the scale.

A family of assumed worlds leads through what was seen. A world stays in the interval when what was
seen is not among the 2 % lowest or highest figures of its own samples. The seed is fixed: equal
rows give equal intervals.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAMPLES: Final = 400
SEED: Final = 20230215
#: A little wider than 2.5 %: the ends themselves are known from `SAMPLES` draws only.
_TAILS: Final = (0.02, 0.5, 0.98)
_LOWEST, _MIDDLE, _HIGHEST = range(3)


def inverted(
    seen: float,
    worlds: Sequence[float],
    quantity: Callable[[float], float],
    sample: Callable[[float, np.random.Generator], Floats],
) -> tuple[float, float, float]:
    """(low, median-unbiased, high) of the quantity whose figure was seen as `seen`.

    `worlds` are parameters of the family, ordered so that `quantity` rises; `sample` draws the
    figure in one of them.
    """
    quantities = [quantity(world) for world in worlds]
    held: dict[int, Floats] = {}

    def edge(place: int, which: int) -> float:
        if place not in held:
            drawn = sample(worlds[place], np.random.default_rng(SEED))
            held[place] = np.quantile(drawn, _TAILS)
        return float(held[place][which])

    def crossing(which: int, value: float) -> float:
        # On a level stretch the upper end takes all of it, the others none.
        find = bisect_right if which == _LOWEST else bisect_left
        above = find(range(len(worlds)), value, key=lambda place: edge(place, which))
        return _between(value, above, lambda place: edge(place, which), quantities)

    last = len(worlds) - 1
    # What is more extreme than the last world's own middle tells no more than that middle.
    return (
        crossing(_HIGHEST, min(seen, edge(last, _MIDDLE))),
        crossing(_MIDDLE, seen),
        crossing(_LOWEST, max(seen, edge(0, _MIDDLE))),
    )


def _between(
    seen: float, above: int, edge: Callable[[int], float], quantities: Sequence[float]
) -> float:
    """The quantity at which the rising edge passes what was seen, just below world `above`."""
    if above == 0:
        return quantities[0]
    if above == len(quantities):
        return quantities[-1]
    low, high = edge(above - 1), edge(above)
    part = (seen - low) / (high - low) if high > low else 0.5
    return quantities[above - 1] + part * (quantities[above] - quantities[above - 1])
