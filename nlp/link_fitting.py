"""Fitting the two decisions of the linker on labelled articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp.features import Reading
from nlp.labelled import Labelled
from nlp.link_features import LINK_FEATURES
from nlp.linker import Linker
from nlp.tagger import day_of

#: Inverse strength of regularisation, and least probability, of being an agency here.
_NAMED: Final = (0.5, 0.5)
#: And of being in focus, where it is the probability of both together. On labelled articles held
#: out, one model for ministries and provinces does better than two: subjects are few (411).
_FOCUS: Final = (0.2, 0.45)
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
    province = table.features[:, _PROVINCE] > 0
    named = [_row(table.features[own], table.named[own], *_NAMED) for own in (~province, province)]
    focus = _row(table.features[table.named], table.focus[table.named], *_FOCUS)
    return np.array([named[0], focus, named[1], focus])


def _row(features: np.ndarray, answers: np.ndarray, freedom: float, least: float) -> np.ndarray:
    if answers.all() or not answers.any():
        sure = _SURE if answers.any() else -_SURE
        return np.concatenate([np.zeros(len(LINK_FEATURES)), [sure, least]])
    fitted = LogisticRegression(C=freedom, max_iter=5000).fit(features, answers)
    return np.concatenate([fitted.coef_[0], fitted.intercept_, [least]])


def _is_in(agency: str, names: Sequence[str]) -> bool:
    return any(agency in name.split("|") for name in names)
