"""Đa chiều: how evenly stories spread over areas, forms, outlets, levels, aspects, tones.

A story weighs 1 whatever the number of its labels: with two areas it counts a half in each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from measures.intervals import share_interval
from measures.inversion import SAMPLES, SEED, Floats, inverted

#: From 0 (all classes equal) towards one class alone.
#: Natural logarithm between the most and the least frequent class that the family must reach.
_CONTRAST: Final = 2.0
#: The same between the first and the last rank of classes that are alike.
_TIE: Final = 0.05
_POWERS: Final = (*np.linspace(6, 2, 7), *np.linspace(1.75, 0, 15))


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """This is a diversity with its 95 % interval."""

    value: float
    interval: tuple[float, float]


def story_counts(labels: Sequence[Sequence[int]], classes: int) -> tuple[Floats, float]:
    """The weight of each class, and how many single-label stories would be as informative.

    >>> counts, n = story_counts([[0], [1], [0, 1], [2]], classes=3)
    >>> counts.tolist(), round(n, 2)
    ([1.5, 1.5, 1.0], 4.94)
    """
    weights = np.zeros((len(labels), classes))
    for row, held in zip(weights, labels, strict=True):
        for label in held:
            row[label] += 1 / len(held)
    counts = weights.sum(axis=0)
    shares = counts / len(labels)
    within = float(((weights - shares) ** 2).sum(axis=1).mean())
    expected = 1 - float((shares**2).sum())
    return counts, len(labels) * (expected / within if within > 0 else 1.0)


def shannon(counts: Floats, n: float) -> float:
    """Độ đa dạng Shannon chuẩn hóa: 0 là chỉ có một loại, 1 là các loại đều nhau.

    Công thức: H′ = (−Σ p ln p + (số loại có tin − 1) / 2N) / ln K; K là số loại của bảng mã, không
    phải số loại đã thấy; phần thêm vào là hiệu chỉnh Miller–Madow. Số lớn hơn 1 lấy bằng 1.

    Nguồn: Shannon (1948); Miller (1955).

    >>> round(shannon(np.array([5.0, 3.0, 2.0, 0.0]), 10), 3)
    0.815
    """
    return min(1.0, float(_shannons(np.atleast_2d(counts), n)[0]))


def _shannons(counts: Floats, n: float) -> Floats:
    shares = counts / counts.sum(axis=1, keepdims=True)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    classes = (counts > 0).sum(axis=1)
    entropy = -(shares * logs).sum(axis=1) + (classes - 1) / (2 * n)
    found: Floats = entropy / math.log(counts.shape[1])
    return found


def simpson(counts: Floats, n: float) -> float:
    """Độ đa dạng Simpson: xác suất hai câu chuyện lấy ngẫu nhiên thuộc hai loại khác nhau.

    Công thức: D = 1 − Σ n_k (n_k − 1) / (N (N − 1)), ước lượng không chệch.

    Nguồn: Simpson (1949).

    >>> round(simpson(np.array([5.0, 3.0, 2.0]), 10), 3)
    0.689
    """
    return float(_simpsons(np.atleast_2d(counts), n)[0])


def _simpsons(counts: Floats, n: float) -> Floats:
    shares = counts / counts.sum(axis=1, keepdims=True)
    found: Floats = (1 - (shares**2).sum(axis=1)) * n / (n - 1)
    return found


def shannon_spread(counts: Floats, n: float) -> Spread:
    """Shannon with the interval of the entropy of the process that the stories come from."""
    return _spread(counts, n, _shannons, 1.0)


def simpson_spread(counts: Floats, n: float) -> Spread:
    """Simpson with the interval of the process's probability that two stories differ."""
    return _spread(counts, n, _simpsons, 1 - 1 / counts.size)


def concentration_spread(labels: Sequence[Sequence[int]], classes: int) -> Spread:
    """How likely two stories are of one class: 1 minus Simpson, with its interval."""
    found = simpson_spread(*story_counts(labels, classes))
    low, high = found.interval
    return Spread(value=1 - found.value, interval=(1 - high, 1 - low))


def _spread(
    counts: Floats, n: float, figures: Callable[[Floats, float], Floats], top: float
) -> Spread:
    """Inverting the test along q ∝ (n_k + ½)^β, a family that leads through what was seen."""
    if counts.size == 2:
        return _two_classes(counts, n, figures, top)
    smooth = (counts + 0.5) / (counts.sum() + counts.size / 2)
    # Classes that look alike are told apart by their rank, a little: the family must lead away from
    # an even world, and to a world of one class.
    ranks = np.argsort(np.argsort(-smooth, kind="stable"), kind="stable")
    logs = np.log(smooth) - _TIE * ranks / (counts.size - 1)
    logs -= logs.max()
    scale = max(1.0, _CONTRAST / -float(logs.min()))
    whole = max(2, round(n))

    def law(power: float) -> Floats:
        raised: Floats = np.exp(logs * power * scale)
        shares: Floats = raised / raised.sum()
        return shares

    def sample(power: float, _: np.random.Generator) -> Floats:
        return figures(_drawn(tuple(law(power)), whole), whole)

    seen = float(figures(np.atleast_2d(counts), n)[0])
    low, _, high = inverted(
        seen,
        _POWERS,
        lambda power: _true_value(law(power), figures),
        sample,
    )
    value = min(top, max(0.0, seen))
    return Spread(value=value, interval=(min(low, value), max(min(high, top), value)))


@lru_cache(maxsize=64)
def _drawn(law: tuple[float, ...], whole: int) -> Floats:
    """Samples of a law: Shannon's and Simpson's intervals ask the same ones."""
    drawn: Floats = np.random.default_rng(SEED).multinomial(whole, law, size=SAMPLES).astype(float)
    drawn.setflags(write=False)
    return drawn


def _two_classes(
    counts: Floats, n: float, figures: Callable[[Floats, float], Floats], top: float
) -> Spread:
    """Two classes have one share: its interval, carried over."""
    whole = max(1, round(n))
    low, high = share_interval(float(counts[0] / counts.sum()) * whole, whole)
    ends = [_true_value(np.array([share, 1 - share]), figures) for share in (low, high)]
    highest = top if low <= 0.5 <= high else max(ends)
    value = min(top, max(0.0, float(figures(np.atleast_2d(counts), n)[0])))
    return Spread(value=value, interval=(min(*ends, value), max(highest, value)))


def _true_value(law: Floats, figures: Callable[[Floats, float], Floats]) -> float:
    """The figure of a law itself: that of an endless sample of it."""
    endless = 1e12
    return float(figures(np.atleast_2d(law * endless), endless)[0])
