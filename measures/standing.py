"""A profile beside other periods, and against what an officer set as targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from domain.qualities import QualityFigure, QualityProfile


def values(qualities: Sequence[QualityProfile]) -> dict[str, float | None]:
    """The value of each figure by its id, None where it has none."""
    return {figure.id: figure.value for each in qualities for figure in each.figures}


def beside(
    qualities: Sequence[QualityProfile],
    before: Mapping[str, float | None],
    year_before: Mapping[str, float | None],
) -> tuple[QualityProfile, ...]:
    """The figures with their values of the period before and of a year before."""
    return tuple(
        replace(
            each,
            figures=tuple(
                replace(
                    figure,
                    previous=before.get(figure.id),
                    year_before=year_before.get(figure.id),
                )
                for figure in each.figures
            ),
        )
        for each in qualities
    )


#: Where less is better, a target is met from below.
_LESS_IS_BETTER: Final = frozenset(
    {
        "timely.uncovered", "timely.first_median", "timely.first_p90", "timely.third_median",
        "timely.third_p90", "regular.longest_gap", "regular.p90_gap", "regular.campaign",
        "complete.balance", "context.answer_median",
    }
)  # fmt: skip
#: Shown, never scored.
_NOT_SCORED: Final = frozenset({"diverse.critical"})


def against(
    qualities: Sequence[QualityProfile], targets: Mapping[str, float]
) -> tuple[QualityProfile, ...]:
    """The figures with the targets that an officer entered, and whether they are met."""
    return tuple(
        replace(each, figures=tuple(_met(figure, targets) for figure in each.figures))
        for each in qualities
    )


def _met(figure: QualityFigure, targets: Mapping[str, float]) -> QualityFigure:
    target = targets.get(figure.id)
    if target is None or figure.id in _NOT_SCORED:
        return figure
    if figure.value is None:
        return replace(figure, target=target)
    if figure.id in _LESS_IS_BETTER:
        return replace(figure, target=target, met=figure.value <= target)
    return replace(figure, target=target, met=figure.value >= target)
