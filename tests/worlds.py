"""Worlds whose truth is known: how often each interval of a profile holds, at each n.

A world makes its truth first and then the rows that someone would see of it. Beside each figure
stands what a plain count says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from scipy.special import ndtri

from domain.codes import Area
from measures.agency_index import shrunk
from measures.audience import jensen_shannon, similarity_interval
from measures.correction import Checked, corrected_count, corrected_share, surely_covered
from measures.diversity import shannon_spread, simpson_spread
from measures.intervals import mean_interval, share_interval
from measures.survival import Wait, curve, reached
from tests.world_press import PROPOSALS

#: Coverage that every n reported must reach.
ENOUGH: Final = 0.93
SIZES: Final = (5, 10, 20, 30, 50, 100, 300)
#: Where each world takes hundreds of samples of its own.
FEWER_SIZES: Final = (10, 20, 30, 100, 300)
_AREAS: Final = np.array([0.22, 0.10, 0.24, 0.20, 0.09, 0.04, 0.11])
_PLAN: Final = np.array([list(PROPOSALS.weights(area).values()) for area in Area])


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """This is one world: the truth, the interval, and what a plain count would have said."""

    truth: float
    low: float
    high: float
    naive: float
    #: False where the figure has no value in this world (the curve does not reach it).
    told: bool = True

    @property
    def holds(self) -> bool:
        """Whether the interval covers the truth."""
        return self.low - 1e-9 <= self.truth <= self.high + 1e-9


World = Callable[[Generator, int], Trial]


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """This is a kind of figure with its worlds."""

    name: str
    #: Ids of the figures of the profile that are made this way.
    covers: str
    naive: str
    worlds: World
    sizes: tuple[int, ...] = SIZES


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """This is what the worlds of one figure and one n gave."""

    n: int
    coverage: float
    width: float
    naive_error: float
    told: float


def shares(chance: Generator, n: int) -> Trial:
    """Events carried or not, with a probability of their own in each world."""
    truth = chance.uniform(0.02, 0.98)
    k = int(chance.binomial(n, truth))
    low, high = share_interval(k, n)
    return Trial(truth=truth, low=low, high=high, naive=k / n)


def unequal_shares(chance: Generator, n: int) -> Trial:
    """Cells or agencies, each with a probability of its own."""
    each = chance.beta(0.6, 0.9, size=n)
    k = int((chance.random(n) < each).sum())
    low, high = share_interval(k, n)
    return Trial(truth=float(each.mean()), low=low, high=high, naive=k / n)


def scores(chance: Generator, n: int) -> Trial:
    """Points between 0 and 1, as the weights of the plan's matrix are."""
    values = np.array([0.0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.8])
    law = chance.dirichlet(np.full(len(values), 0.7))
    drawn = chance.choice(values, size=n, p=law)
    low, high = share_interval(float(drawn.sum()), n)
    return Trial(truth=float(values @ law), low=low, high=high, naive=float(drawn.mean()))


def _law(chance: Generator, classes: int) -> np.ndarray:
    """Even, lifelike or anything: one of three kinds of law."""
    kind = chance.integers(3)
    if kind == 0:
        return np.full(classes, 1 / classes)
    if kind == 1 and classes == len(_AREAS):
        return np.asarray(chance.permutation(_AREAS))
    return chance.dirichlet(np.full(classes, chance.choice([0.5, 1.0, 5.0])))


def evenness(classes: int) -> World:
    """Normalised Shannon over so many classes."""

    def world(chance: Generator, n: int) -> Trial:
        law = _law(chance, classes)
        truth = float(-(law * np.log(np.maximum(law, 1e-300))).sum() / math.log(classes))
        counts = chance.multinomial(n, law).astype(np.float64)
        low, high = shannon_spread(counts, n).interval
        seen = counts[counts > 0] / n
        naive = float(-(seen * np.log(seen)).sum() / math.log(classes))
        return Trial(truth=truth, low=low, high=high, naive=naive)

    return world


def difference(classes: int) -> World:
    """Simpson over so many classes; over agencies it is the concentration."""

    def world(chance: Generator, n: int) -> Trial:
        law = _law(chance, classes)
        counts = chance.multinomial(n, law).astype(np.float64)
        low, high = simpson_spread(counts, n).interval
        naive = 1 - float(((counts / n) ** 2).sum())
        return Trial(truth=1 - float((law**2).sum()), low=low, high=high, naive=naive)

    return world


def similarity(chance: Generator, n: int) -> Trial:
    """Audiences by area, on the plan, near it or far from it."""
    plan = _PLAN
    off = chance.choice([0.0, 0.2, 1.0])
    law = (1 - off) * plan + off * chance.dirichlet(np.ones(plan.shape[1]), size=len(plan))
    sizes = chance.multinomial(n, _AREAS / _AREAS.sum())
    used = sizes > 0
    counts = np.array([chance.multinomial(size, one) for size, one in zip(sizes, law, strict=True)])
    part = sizes / n
    truth = float(((1 - jensen_shannon(law, plan)) * part).sum())
    low, _, high = similarity_interval(counts[used].astype(np.float64), plan[used])
    seen = counts[used] / sizes[used, None]
    naive = float(((1 - jensen_shannon(seen, plan[used])) * part[used]).sum())
    return Trial(truth=truth, low=low, high=high, naive=naive)


def waits(part: float) -> World:
    """Lags of events, some never carried, watched to the end of the month."""

    def world(chance: Generator, n: int) -> Trial:
        never = chance.uniform(0.0, 0.8 * (1 - part))
        middle, spread = chance.uniform(1.5, 3.5), chance.uniform(0.8, 1.5)
        lags = chance.lognormal(middle, spread, size=n)
        lags[chance.random(n) < never] = np.inf
        ends = chance.uniform(24, 720, size=n)
        found = reached(
            curve(
                [
                    Wait(hours=float(min(lag, end)), came=bool(lag <= end))
                    for lag, end in zip(lags, ends, strict=True)
                ]
            ),
            part,
        )
        truth = math.exp(middle + spread * _normal(part / (1 - never)))
        covered = lags[lags <= ends]
        naive = float(covered.mean()) if len(covered) else math.nan
        told = found.hours is not None
        high = found.high if found.high is not None else math.inf
        return Trial(truth=truth, low=found.low or 0.0, high=high, naive=naive, told=told)

    return world


def _normal(part: float) -> float:
    return float(ndtri(part))


def sizes_of_stories(chance: Generator, n: int) -> Trial:
    """Outlets per story: most have one, a few very many."""
    mean, shape = chance.uniform(0.3, 2.0), chance.uniform(0.4, 1.5)
    drawn = 1.0 + chance.negative_binomial(shape, shape / (shape + mean), size=n)
    low, high = mean_interval(drawn.tolist(), floor=1.0)
    return Trial(truth=1 + mean, low=low, high=high, naive=float(np.median(drawn)))


def corrected(chance: Generator, n: int) -> Trial:
    """A share seen through a tagger that errs, with 60 articles audited of each predicted tag."""
    truth = chance.uniform(0.05, 0.6)
    found, false = chance.uniform(0.6, 0.95), chance.uniform(0.02, 0.15)

    def read(size: int) -> tuple[np.ndarray, np.ndarray]:
        true = chance.random(size) < truth
        return true, np.where(true, chance.random(size) < found, chance.random(size) < false)

    _, said = read(n)
    true, guessed = read(20_000)
    audit = [
        Checked(predicted=side, true=bool(true[place]))
        for side in (True, False)
        for place in np.flatnonzero(guessed == side)[:60]
    ]
    known = corrected_share(int(said.sum()), n, audit)
    assert known is not None
    return Trial(
        truth=truth, low=known.interval[0], high=known.interval[1], naive=float(said.mean())
    )


def beside_the_group(chance: Generator, n: int) -> Trial:
    """One agency of a group of ministries or provinces with so many stories in all."""
    members = int(chance.choice([17, 34]))
    apart = chance.choice([0.0, 0.3, 0.8, 1.5])
    if chance.random() < 0.5:
        each = chance.lognormal(0, apart, size=members)
    else:
        each = chance.gamma(1 / max(apart, 0.05) ** 2, size=members)
    each /= each.mean()
    counts = chance.multinomial(n, each / members)
    expected = n / members
    place = int(chance.integers(members))
    found = shrunk(counts.tolist(), [expected] * members)[place]
    low, high = found.interval
    return Trial(
        truth=float(each[place]), low=low, high=high, naive=float(counts[place] / expected)
    )


def surely(chance: Generator, n: int) -> Trial:
    """Cells with findings of a tagger that errs, 60 of which a person audited."""
    right = chance.uniform(0.4, 0.98)
    findings = [int(one) for one in chance.poisson(chance.uniform(0.2, 3), size=n)]
    true = sum(bool((chance.random(m) < right).any()) for m in findings)
    audit = [Checked(predicted=True, true=bool(one)) for one in chance.random(60) < right]
    found = surely_covered(findings, n, audit)
    assert found is not None
    return Trial(
        truth=true / n, low=found.interval[0], high=found.interval[1],
        naive=sum(m > 0 for m in findings) / n,
    )  # fmt: skip


def true_count(chance: Generator, n: int) -> Trial:
    """Stories tagged as on the subject, some of which are not; 60 of them were audited."""
    right = chance.uniform(0.4, 0.98)
    audit = [Checked(predicted=True, true=bool(one)) for one in chance.random(60) < right]
    found = corrected_count(n, audit)
    assert found is not None
    true = int((chance.random(n) < right).sum())
    return Trial(truth=true, low=found.interval[0], high=found.interval[1], naive=n)


FIGURES: Final = (
    Figure(name="share", covers="shares of events, stories and weeks", naive="k/n, no interval",
           worlds=shares),
    Figure(name="share of unequal cells", covers="complete.cells, .agencies, .areas, .aspects",
           naive="k/n, no interval", worlds=unequal_shares),
    Figure(name="mean of points", covers="audience.fit, context.text_reuse", naive="mean",
           worlds=scores),
    Figure(name="median wait", covers="timely.first_median, .third_median, context.answer_median",
           naive="mean lag of the covered events, h", worlds=waits(0.5)),
    Figure(name="P90 wait", covers="timely.first_p90, .third_p90",
           naive="mean lag of the covered events, h", worlds=waits(0.9)),
    Figure(name="Shannon, 7 classes", covers="diverse.areas, .forms", naive="plug-in Shannon",
           sizes=FEWER_SIZES, worlds=evenness(7)),
    Figure(name="Shannon, 4 classes", covers="diverse.tones, .aspects", naive="plug-in Shannon",
           sizes=FEWER_SIZES, worlds=evenness(4)),
    Figure(name="Shannon, 2 classes", covers="diverse.levels", naive="plug-in Shannon",
           sizes=FEWER_SIZES, worlds=evenness(2)),
    Figure(name="Shannon, 30 classes", covers="diverse.outlets", naive="plug-in Shannon",
           sizes=(20, 30, 100), worlds=evenness(30)),
    Figure(name="Simpson, 7 classes", covers="diverse.*.simpson", naive="plug-in Simpson",
           sizes=FEWER_SIZES, worlds=difference(7)),
    Figure(name="Simpson, 51 classes", covers="complete.balance", naive="plug-in Simpson",
           sizes=(30, 100, 300), worlds=difference(51)),
    Figure(name="similarity to the plan", covers="audience.similarity", naive="plug-in 1 - JS",
           sizes=(20, 30, 100), worlds=similarity),
    Figure(name="mean size", covers="context.depth, context.reprint_ratio",
           naive="median size", worlds=sizes_of_stories),
    Figure(name="corrected share",
           covers="diverse.critical, context.attention, .share_of_voice (corrected)",
           naive="share as tagged", worlds=corrected),
    Figure(name="corrected count", covers="context.stories (corrected)",
           naive="count as tagged", worlds=true_count),
    Figure(name="cells with a true finding", covers="complete.cells, .agencies, .areas (corrected)",
           naive="cells with a finding", sizes=FEWER_SIZES, worlds=surely),
    Figure(name="an agency beside its group", covers="--by-agency; n is the stories of the group",
           naive="ratio as counted", sizes=(30, 100, 300, 1000), worlds=beside_the_group),
)  # fmt: skip


def prove(figure: Figure, worlds: int, seed: int) -> list[Line]:
    """The worlds of one figure at each n."""
    lines = []
    for n in figure.sizes:
        chance = np.random.default_rng([seed, n, *figure.name.encode()])
        trials = [figure.worlds(chance, n) for _ in range(worlds)]
        told = [trial for trial in trials if trial.told]
        if not told:
            continue
        errors = [abs(trial.naive - trial.truth) for trial in told if not math.isnan(trial.naive)]
        widths = [trial.high - trial.low for trial in told]
        lines.append(
            Line(
                n=n,
                coverage=sum(trial.holds for trial in told) / len(told),
                width=float(np.median(widths)),
                naive_error=float(np.mean(errors)),
                told=len(told) / len(trials),
            )
        )
    return lines


def minimum(lines: Sequence[Line]) -> int | None:
    """The least n from which on every n reaches what is asked."""
    best = None
    for line in reversed(lines):
        if line.coverage < ENOUGH:
            break
        best = line.n
    return best


def table(figure: Figure, lines: Sequence[Line]) -> Iterator[str]:
    """The lines of one figure as a table."""
    least = minimum(lines)
    yield f"### {figure.name}: {figure.covers}"
    yield ""
    yield f"Holds from n = {least} on." if least else "Holds at no n shown."
    yield ""
    yield f"| n | coverage | median width | has a value | error of: {figure.naive} |"
    yield "|---|---|---|---|---|"
    for line in lines:
        width = f"{line.width:.3g}" if math.isfinite(line.width) else "open"
        yield (
            f"| {line.n} | {line.coverage:.1%} | {width} | {line.told:.0%} | "
            f"{line.naive_error:.3g} |"
        )
    yield ""
