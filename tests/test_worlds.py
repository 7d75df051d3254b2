"""Intervals in worlds whose truth is known, a few of each; `make proof-worlds` makes a thousand."""

from __future__ import annotations

import numpy as np
import pytest

from measures.balance import FEWEST_FOR_BALANCE
from measures.catalogue import CATALOGUE
from measures.intervals import FEWEST_FOR_MEAN, FEWEST_FOR_SHARE, share_interval
from measures.timeliness import FEWEST_FOR_MEDIAN, FEWEST_FOR_P90
from measures.variety import FEWEST_FOR_SPREAD
from tests.world_press import press_rows
from tests.worlds import FIGURES, Figure, Line, minimum, prove

#: Name of a kind of figure: the least n at which the program reports it.
LEAST = {
    "share": FEWEST_FOR_SHARE,
    "median wait": FEWEST_FOR_MEDIAN,
    "P90 wait": FEWEST_FOR_P90,
    "Simpson, 51 classes": FEWEST_FOR_BALANCE,
    "mean size": FEWEST_FOR_MEAN,
    "corrected share": 50,
}
#: Of 40 worlds: with 95 in 100 in the long run, fewer come about once in a thousand tries.
WORLDS, HOLD = 40, 33


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_an_interval_holds_at_the_least_n_that_is_reported(figure):
    least = LEAST.get(figure.name, FEWEST_FOR_SPREAD)
    (line,) = prove(
        Figure(
            name=figure.name,
            covers=figure.covers,
            naive=figure.naive,
            worlds=figure.worlds,
            sizes=(least,),
        ),
        WORLDS,
        seed=7,
    )
    assert line.coverage * line.told * WORLDS >= HOLD * line.told


def test_the_interval_of_a_share_holds_for_every_share_and_n():
    for n in (5, 14, 15, 20, 50, 200):
        ends = [share_interval(k, n) for k in range(n + 1)]
        for share in np.linspace(0.01, 0.99, 99):
            chances = [
                np.exp(_log_choose(n, k) + k * np.log(share) + (n - k) * np.log1p(-share))
                for k in range(n + 1)
            ]
            held = sum(
                chance for chance, (low, high) in zip(chances, ends, strict=True)
                if low <= share <= high
            )  # fmt: skip
            assert held > 0.925, (n, share)


def _log_choose(n: int, k: int) -> float:
    numbers = np.log(np.arange(1, n + 1))
    return float(numbers.sum() - numbers[:k].sum() - numbers[: n - k].sum())


def test_the_least_n_is_that_from_which_on_all_hold():
    def line(n: int, coverage: float) -> Line:
        return Line(n=n, coverage=coverage, width=1.0, naive_error=0.0, told=1.0)

    assert minimum([line(5, 0.95), line(10, 0.90), line(20, 0.94), line(50, 0.96)]) == 20
    assert minimum([line(5, 0.5)]) is None


def test_a_whole_world_is_measured_and_told_figure_by_figure():
    table = "\n".join(press_rows(3, seed=1))
    assert "`timely.within_72h`" in table
    assert table == "\n".join(press_rows(3, seed=1))


def test_the_catalogue_reports_nothing_below_what_the_worlds_allow():
    assert CATALOGUE["timely.first_median"].minimum == FEWEST_FOR_MEDIAN
    assert CATALOGUE["diverse.areas.shannon"].minimum == FEWEST_FOR_SPREAD
