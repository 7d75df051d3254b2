"""The grams a model knows, and how they gather into directions of texts like each other.

Chosen by looking at texts alone, never at labels. Some directions are learnt from how grams stand
together, others from what a sentence encoder said of texts (`nlp.taught`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.sparse import csr_array
from sklearn.utils.extmath import randomized_svd

from nlp.features import Reading, Vectorizer, all_grams, title_grams

_SEED: Final = 0
#: Grams of unlabelled texts that are kept, and how often each must stand there.
_WIDE, _WIDE_LEAST = 30_000, 30
_COMMONEST = 0.3
#: Directions in which grams of like texts are taken together.
_DIRECTIONS = 200
#: A direction this much fainter than the strongest is rounding error (few or repeated texts).
_FAINTEST = 1e-3
#: How much less a gram is believed than the texts it stands in (the ridge of the taught
#: directions, whose rows of grams have length one), and what the learnt directions weigh there.
_RIDGE, _KIN = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """These are the grams a model knows, and how they gather into directions."""

    body: list[str]
    body_idf: np.ndarray
    title: list[str]
    title_idf: np.ndarray
    #: One row a gram of the body.
    directions: np.ndarray
    #: The same of what an encoder taught.
    taught: np.ndarray

    def vectorizer(self) -> Vectorizer:
        """The reader of texts over these grams."""
        return Vectorizer(self.body, self.body_idf, self.title, self.title_idf)


def learn_vocabulary(labelled: Sequence[Reading], background: Sequence[Reading]) -> Vocabulary:
    """Choose grams and directions by looking at texts alone, never at labels."""
    wide = _document_counts(all_grams(reading) for reading in background)
    own = _document_counts(all_grams(reading) for reading in labelled)
    titles = _document_counts(title_grams(reading) for reading in labelled)
    most = _COMMONEST * len(background)
    kept = [g for g, n in _by_count(wide) if _WIDE_LEAST <= n < most][:_WIDE]
    known = set(kept)
    body = kept + sorted(gram for gram, n in own.items() if n >= 2 and gram not in known)
    title = sorted(gram for gram, n in titles.items() if n >= 2)
    texts = len(labelled) + len(background)
    body_idf = np.array([_idf(texts, wide[gram] + own[gram]) for gram in body])
    title_idf = np.array([_idf(len(labelled), titles[gram]) for gram in title])
    none = np.zeros((len(body), 0))
    vocabulary = Vocabulary(body, body_idf, title, title_idf, none, none)
    rows = vocabulary.vectorizer().rows([*background, *labelled])[:, : len(body)]
    return replace(vocabulary, directions=_directions(rows))


def learn_taught(
    vocabulary: Vocabulary, readings: Sequence[Reading], places: np.ndarray
) -> Vocabulary:
    """The vocabulary with directions that lead from grams to where an encoder placed the texts.

    `places` has one row a reading. A new text is placed by its grams alone: no encoder is needed.
    """
    if not len(readings):
        return vocabulary
    rows = vocabulary.vectorizer().rows(readings)[:, : len(vocabulary.body)].astype(np.float64)
    kin = np.asarray(rows @ vocabulary.directions) * _KIN
    # Fewer texts than grams: the ridge is solved between the texts.
    likeness = (rows @ rows.T).toarray() + kin @ kin.T
    likeness[np.diag_indices_from(likeness)] += _RIDGE
    shares = np.linalg.solve(likeness, places)
    taught = rows.T @ shares + vocabulary.directions @ (kin.T @ shares * _KIN)
    return replace(vocabulary, taught=np.asarray(taught))


def _document_counts(texts: Iterable[list[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for grams in texts:
        counts.update(set(grams))
    return counts


def _by_count(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _idf(texts: int, having: int) -> float:
    return float(np.log((1 + texts) / (1 + having)) + 1)


def _directions(rows: csr_array) -> np.ndarray:
    """Gram by direction, scaled so that a text's place in them has length one on average."""
    count = min(_DIRECTIONS, min(rows.shape) - 1)
    _, strengths, right = randomized_svd(rows, count, n_iter=3, random_state=_SEED)
    real = strengths > _FAINTEST * strengths[0]
    found = right[real].T / strengths[real]
    lengths = np.linalg.norm(rows @ found, axis=1)
    return np.asarray(found / max(float(lengths.mean()), 1e-9))
