"""Fitting the two decisions of the linker on labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp.features import Reading
from nlp.labelled import Labelled
from nlp.linker import LINK_FEATURES, Linker
from nlp.tagger import day_of

#: Inverse strength of regularisation.
_FREEDOM: Final = 0.5
#: Least probability; not tuned.
_LEAST: Final = 0.5
#: Log-odds of an answer that all labels agree on.
_SURE: Final = 10.0
_PROVINCE = LINK_FEATURES.index("province")


@dataclass(frozen=True, slots=True)
class LinkTable:
    """These are all candidates of labelled articles: features, and what the labels say."""

    features: np.ndarray
    #: The number of the article of each row.
    articles: np.ndarray
    named: np.ndarray
    focus: np.ndarray

    def of(self, chosen: Sequence[int]) -> LinkTable:
        """The candidates of chosen articles."""
        kept = np.isin(self.articles, chosen)
        return LinkTable(
            self.features[kept], self.articles[kept], self.named[kept], self.focus[kept]
        )


def link_table(
    linker: Linker,
    labelled: Sequence[Labelled],
    readings: Sequence[Reading],
    relevance: np.ndarray,
) -> LinkTable:
    """Find the candidates of labelled articles; `relevance` must be of unseen articles."""
    features, articles, named, focus = [], [], [], []
    for number, (one, reading) in enumerate(zip(labelled, readings, strict=True)):
        found = linker.candidates(reading, day_of(one.article))
        if not found:
            continue
        features.append(linker.features(reading, found, float(relevance[number])))
        articles += [number] * len(found)
        named += [_is_in(c.agency, (*one.focus, *one.mention)) for c in found]
        focus += [_is_in(c.agency, one.focus) for c in found]
    rows = np.vstack(features) if features else np.zeros((0, len(LINK_FEATURES)))
    return LinkTable(rows, np.array(articles, int), np.array(named, bool), np.array(focus, bool))


def fit_links(table: LinkTable) -> np.ndarray:
    """The four rows of the linker: named and focus, of ministries and of provinces."""
    rows = []
    for province in (False, True):
        own = (table.features[:, _PROVINCE] > 0) == province
        rows.append(_row(table.features[own], table.named[own]))
        real = own & table.named
        rows.append(_row(table.features[real], table.focus[real]))
    return np.array(rows)


def _row(features: np.ndarray, answers: np.ndarray) -> np.ndarray:
    if answers.all() or not answers.any():
        sure = _SURE if answers.any() else -_SURE
        return np.concatenate([np.zeros(len(LINK_FEATURES)), [sure, _LEAST]])
    fitted = LogisticRegression(C=_FREEDOM, max_iter=5000).fit(features, answers)
    return np.concatenate([fitted.coef_[0], fitted.intercept_, [_LEAST]])


def _is_in(agency: str, names: Sequence[str]) -> bool:
    return any(agency in name.split("|") for name in names)
