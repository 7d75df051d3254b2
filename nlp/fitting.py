"""Fitting the questions of the classifier: blocks of features, linear models, calibration.

A question is fitted on three blocks: grams and shape as they are, and grams gathered into a few
directions of texts like each other (`nlp.vocabulary`). All of it is linear, so what is learnt about
directions is folded back into one weight a gram: the model needs no second matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array, hstack, vstack
from sklearn.linear_model import LogisticRegression

from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, Area
from nlp.features import SHAPE_FEATURES, TERM_FEATURES, Reading
from nlp.labelled import Labelled
from nlp.vocabulary import Vocabulary

#: What each block weighs beside the grams of the whole, whose rows have length one.
_TITLE, _TERMS, _SHAPE = 0.7, 0.3, 0.3
#: What an article cut down to title and first sentence weighs beside the whole article.
_CUT_WEIGHT = 0.5
#: Log-odds of an answer that all labels agree on.
_SURE = 20.0
#: What the score of relevance gains where the whole article is at hand. Titles and sapos come at
#: the rate of the press, whole articles where somebody gathered them: one threshold serves both.
_WHOLE = 1.5
#: What an unread item of the daily press weighs, presumed irrelevant.
_PRESUMED_WEIGHT = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """This says how one head is fitted."""

    name: str
    codes: tuple[str, ...]
    exclusive: bool
    #: Inverse strength of regularisation.
    freedom: float
    #: Rare codes weigh as much as frequent ones.
    balanced: bool
    #: Fitted on relevant articles alone.
    relevant_only: bool
    #: Sees the shape of the text (headings, quotes, length).
    shape: bool
    #: What the directions weigh.
    kin: float
    #: What the directions taught by an encoder weigh; 0 where they do not help.
    taught: float


QUESTIONS: Final = (
    Question(name="relevance", codes=("relevant",), exclusive=False, freedom=8, balanced=False,
             relevant_only=False, shape=False, kin=0.3, taught=0),
    Question(name="areas", codes=tuple(map(str, Area)), exclusive=False, freedom=5, balanced=True,
             relevant_only=True, shape=False, kin=0.5, taught=0),
    Question(name="form", codes=FORMS, exclusive=True, freedom=10, balanced=False,
             relevant_only=False, shape=True, kin=1, taught=0),
    Question(name="tone", codes=TONES, exclusive=True, freedom=3, balanced=True,
             relevant_only=True, shape=False, kin=0.5, taught=0.8),
    Question(name="audience", codes=AUDIENCES, exclusive=True, freedom=3, balanced=True,
             relevant_only=False, shape=True, kin=1, taught=0),
    Question(name="aspect", codes=tuple(code for code in ASPECTS if code != "na"), exclusive=True,
             freedom=3, balanced=True, relevant_only=True, shape=True, kin=1, taught=0.8),
)  # fmt: skip


class Blocks:
    """This holds the features of some readings and fits linear models to them."""

    def __init__(self, vocabulary: Vocabulary, readings: Sequence[Reading]) -> None:
        self._vocabulary = vocabulary
        self._rows = vocabulary.vectorizer().rows(readings)
        body = self._rows[:, : len(vocabulary.body)]
        self._places = body @ vocabulary.directions
        self._taught = body @ vocabulary.taught

    def __len__(self) -> int:
        return int(self._rows.shape[0])

    @property
    def plain(self) -> csr_array:
        """The features as the vectorizer gives them."""
        return self._rows

    def rows(self, question: Question, chosen: Sequence[int]) -> csr_array:
        """The features of chosen readings as the question sees them."""
        scaled = self._rows[chosen].multiply(_scales(self._vocabulary, question)).tocsr()
        blocks = [scaled, csr_array(self._places[chosen] * question.kin)]
        if question.taught:
            blocks.append(csr_array(self._taught[chosen] * question.taught))
        return hstack(blocks).tocsr()


def _scales(vocabulary: Vocabulary, question: Question) -> np.ndarray:
    return np.concatenate([
        np.ones(len(vocabulary.body)),
        np.full(len(vocabulary.title), _TITLE),
        np.full(len(TERM_FEATURES), _TERMS),
        np.full(len(SHAPE_FEATURES), _SHAPE if question.shape else 0.0),
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """This is a fitted question: one column of weights a code, for rows of the vectorizer."""

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, rows: csr_array) -> np.ndarray:
        """The uncalibrated score of each code."""
        return np.asarray(rows @ self.weights + self.bias)


def fit_question(
    question: Question,
    vocabulary: Vocabulary,
    whole: Blocks,
    cut: Blocks,
    labelled: Sequence[Labelled],
    chosen: Sequence[int],
) -> Fitted:
    """Fit a question on chosen articles, whole and cut down."""
    used = usable(question, labelled, chosen)
    rows = vstack([whole.rows(question, used), cut.rows(question, used)]).tocsr()
    weights = np.concatenate([np.ones(len(used)), np.full(len(used), _CUT_WEIGHT)])
    columns = []
    if question.exclusive:
        answers = np.array([getattr(labelled[i], question.name) for i in used] * 2)
        columns = _multinomial(question, rows, answers, weights)
    else:
        for code in question.codes:
            answers = np.array([says(labelled[i], question, code) for i in used] * 2)
            columns.append(_binary(question, rows, answers, weights))
    return _folded(question, vocabulary, columns)


def fit_relevance(
    question: Question,
    vocabulary: Vocabulary,
    whole: Blocks,
    cut: Blocks,
    labelled: Sequence[Labelled],
    chosen: Sequence[int],
    presumed: Blocks,
) -> Fitted:
    """Fit relevance, then again with the unread items that the first fit takes for irrelevant."""
    first = fit_question(question, vocabulary, whole, cut, labelled, chosen)
    believed = np.flatnonzero(first.scores(presumed.plain)[:, 0] < 0).tolist()
    parts = [whole.rows(question, chosen), cut.rows(question, chosen)]
    rows = vstack([*parts, presumed.rows(question, believed)]).tocsr()
    relevant = [labelled[i].relevant for i in chosen]
    answers = np.array([*relevant, *relevant, *[False] * len(believed)])
    weights = np.repeat(
        (1.0, _CUT_WEIGHT, _PRESUMED_WEIGHT), (len(chosen), len(chosen), len(believed))
    )
    fitted = _folded(question, vocabulary, [_binary(question, rows, answers, weights)])
    fitted.weights[SHAPE_FEATURES.index("whole") - len(SHAPE_FEATURES)] += _WHOLE
    return fitted


def usable(question: Question, labelled: Sequence[Labelled], chosen: Sequence[int]) -> list[int]:
    """The chosen articles that carry an answer to the question."""
    return [
        i
        for i in chosen
        if (labelled[i].relevant or not question.relevant_only)
        and (not question.exclusive or getattr(labelled[i], question.name))
    ]


def says(one: Labelled, question: Question, code: str) -> bool:
    """Whether an article is labelled with a code of a question of yes or no."""
    return one.relevant if question.name == "relevance" else code in one.topics


def _regression(question: Question) -> LogisticRegression:
    return LogisticRegression(
        C=question.freedom, max_iter=3000, class_weight="balanced" if question.balanced else None
    )


def _binary(
    question: Question, rows: csr_array, answers: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    if answers.all() or not answers.any():
        return _constant(rows, _SURE if answers.any() else -_SURE)
    fitted = _regression(question).fit(rows, answers, weights)
    return np.append(fitted.coef_[0], fitted.intercept_[0])


def _constant(rows: csr_array, odds: float) -> np.ndarray:
    """The column of an answer that no feature changes."""
    return np.append(np.zeros(rows.shape[1]), odds)


def _multinomial(
    question: Question, rows: csr_array, answers: np.ndarray, weights: np.ndarray
) -> list[np.ndarray]:
    """One column a code; a code that no article has gets a score that never wins."""
    known = np.unique(answers)
    columns = np.zeros((len(known), rows.shape[1] + 1))
    if len(known) > 1:
        fitted = _regression(question).fit(rows, answers, weights)
        columns = np.column_stack([fitted.coef_, fitted.intercept_])
    if len(known) == 2:
        # Of two codes only the second has a column: half of it for one is half against the other.
        columns = np.array([-columns[0] / 2, columns[0] / 2])
    by_code = dict(zip(known.tolist(), columns, strict=True))
    never = _constant(rows, -_SURE)
    return [by_code.get(code, never) for code in question.codes]


def _folded(question: Question, vocabulary: Vocabulary, columns: list[np.ndarray]) -> Fitted:
    """Take scales and directions into the weights of the plain features."""
    table = np.array(columns).T
    scales = _scales(vocabulary, question)
    weights = table[: len(scales)] * scales[:, None]
    body = len(vocabulary.body)
    learnt = len(scales) + vocabulary.directions.shape[1]
    weights[:body] += vocabulary.directions @ table[len(scales) : learnt] * question.kin
    if question.taught:
        weights[:body] += vocabulary.taught @ table[learnt:-1] * question.taught
    return Fitted(weights, table[-1])


def calibrate(
    question: Question, scores: np.ndarray, labelled: Sequence[Labelled], used: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Slope and shift a code that turn unseen scores into honest log-odds."""
    if question.exclusive:
        return _calibrate_choice(question, scores, labelled, used)
    slopes, shifts = [], []
    for column, code in enumerate(question.codes):
        answers = np.array([says(labelled[i], question, code) for i in used])
        if answers.all() or not answers.any():
            slopes.append(1.0)
            shifts.append(0.0)
            continue
        fitted = LogisticRegression(C=1e3).fit(scores[used, column, None], answers)
        slopes.append(fitted.coef_[0, 0])
        shifts.append(fitted.intercept_[0])
    return np.array(slopes), np.array(shifts)


def _calibrate_choice(
    question: Question, scores: np.ndarray, labelled: Sequence[Labelled], used: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """One slope for all codes and a shift for each, by the likelihood of the unseen answers."""
    answers = np.array([question.codes.index(getattr(labelled[i], question.name)) for i in used])
    found = scores[used]
    slope, shifts = 1.0, np.zeros(len(question.codes))
    shares = np.bincount(answers, minlength=len(question.codes)) / len(answers)
    for _ in range(300):
        raised = np.exp(slope * found + shifts - (slope * found + shifts).max(1, keepdims=True))
        odds = raised / raised.sum(axis=1, keepdims=True)
        error = odds.copy()
        error[np.arange(len(answers)), answers] -= 1
        slope = max(0.05, slope - 0.3 * float((error * found).sum(axis=1).mean()))
        shifts -= 2.0 * (odds.mean(axis=0) - shares)
        shifts = np.clip(shifts - shifts.mean(), -4, 4)
    return np.full(len(question.codes), slope), shifts
