"""The two decisions of the linker as numbers: an agency here or not, its subject or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nlp.link_features import LINK_FEATURES

#: Log-odds by which the home province of the outlet is likelier to be meant as an administration.
#: Set, not fitted: too few of the labelled articles are of provincial outlets.
_AT_HOME: Final = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkWeights:
    """These are the fitted models: is it an agency here, and is it what the article is about.

    Each is a row of weights, then the bias and the least probability; provinces may have their
    own, for a province's name may be only a place. What is no agency here is nothing's subject:
    the least probability of a subject is that of both together.
    """

    named: np.ndarray
    focus: np.ndarray
    named_province: np.ndarray
    focus_province: np.ndarray

    def decide(
        self, table: np.ndarray, at_home: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """For each row whether it counts, and whether it is in focus.

        `at_home` says which rows are the home province of the outlet.
        """
        prior = np.zeros(len(table)) if at_home is None else at_home * _AT_HOME
        province = table[:, LINK_FEATURES.index("province")] > 0
        named, least_named = _weighed(table, province, self.named, self.named_province, prior)
        subject, least = _weighed(table, province, self.focus, self.focus_province, prior)
        focus = named * subject >= least
        return (named >= least_named) | focus, focus


def link_weights(table: np.ndarray) -> LinkWeights:
    """The weights as the model file holds them, one row a model."""
    if table.shape != (4, len(LINK_FEATURES) + 2):
        raise ValueError(f"cỡ bảng liên kết {table.shape}, cần {(4, len(LINK_FEATURES) + 2)}")
    named, focus, named_province, focus_province = table
    return LinkWeights(
        named=named, focus=focus, named_province=named_province, focus_province=focus_province
    )


def _weighed(
    table: np.ndarray,
    province: np.ndarray,
    other: np.ndarray,
    of_provinces: np.ndarray,
    prior: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """For each row the probability, and the least that decides."""
    rows = np.where(province[:, None], of_provinces, other)
    odds = (table * rows[:, :-2]).sum(axis=1) + rows[:, -2] + prior
    return 1 / (1 + np.exp(-odds)), rows[:, -1]
