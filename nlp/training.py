"""Training: from labelled articles (and unlabelled ones) to the files of a model.

Everything that is decided by looking at labels (thresholds, calibration, the scores on the card)
is decided on predictions for articles that the predicting model has not seen: five folds, a story
never in two of them. The scores of a fold use thresholds and calibration of the other folds. Texts
read besides (`nlp.read_texts`) teach and set the threshold of relevance, texts written as
look-alikes (`nlp.look_alikes`) teach; none is scored. The shipped weights are then fitted on all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from domain.agencies import AgencyRegister
from domain.errors import UsageError
from domain.records import Finding, TagInput
from domain.taxonomy import Taxonomy
from nlp.card import Frontier, card_of
from nlp.evaluation import Scores, score
from nlp.everyday import Everyday, learn_from
from nlp.fitting import (
    QUESTIONS,
    Blocks,
    Fitted,
    Question,
    calibrate,
    fit_question,
    fit_relevance,
    says,
    usable,
)
from nlp.folds import FOLDS, folds_of
from nlp.labelled import Labelled, cut_down, read_labelled
from nlp.link_fitting import fit_links, link_table
from nlp.linker import Linker
from nlp.look_alikes import look_alikes
from nlp.model import Head, Model, save_model
from nlp.read_texts import ReadText, natural_precision, natural_recall, read_texts
from nlp.tagger import Tagger, TextReader
from nlp.taught import Lessons, lessons_among
from nlp.vocabulary import learn_taught, learn_vocabulary

#: So many texts that were found teach beside one that was written to mislead.
_FOR_ONE_LOOK_ALIKE: Final = 50
#: Share of true ones among the items of the press that are called relevant.
_PRECISE: Final = 0.85
#: Least probabilities that are tried.
_GRID: Final[tuple[float, ...]] = tuple(hundredth / 100 for hundredth in range(20, 96))


def train(
    labelled: Path,
    out: Path,
    *,
    register: AgencyRegister,
    taxonomy: Taxonomy,
    background: Sequence[TagInput] = (),
    everyday: Sequence[TagInput] = (),
) -> Scores:
    """Fit a model on a file of labels and write it to `out`; gives the scores on unseen folds.

    `background` are unlabelled texts; they teach which words stand in like texts. `everyday` are
    items of ordinary feeds (title, sapo, address); they teach what the press is about otherwise.
    Of both, those that an encoder was asked about teach directions (`nlp.taught`).
    The same input gives the same files.
    """
    articles = read_labelled(labelled)
    _demand_enough(labelled, articles)
    read = read_texts([*background, *everyday])
    alike = look_alikes()[: (len(articles) + len(read)) // _FOR_ONE_LOOK_ALIKE]
    read += alike
    daily = learn_from(everyday, [*articles, *(one.labelled for one in read)])
    lessons = lessons_among([*background, *everyday])
    # More threads add in another order, and the last bits of the weights would differ.
    with threadpool_limits(1):
        course = _Course(articles, daily, read, register, taxonomy, background, lessons)
        model, scores = course.run()
    counts = {
        "background_texts": len(background),
        "everyday_items_presumed": len(daily.presumed),
        "everyday_items_read": len(daily.labelled),
        "texts_read_besides": sum(not one.unsure for one in read) - len(alike),
        "look_alikes_written": len(alike),
        "texts_placed_by_an_encoder": len(lessons.texts),
    }
    versions = {"register": register.version, "taxonomy": taxonomy.version}
    card = card_of(labelled, articles, counts, versions, scores, course.frontier) | {
        "everyday": course.everyday_scores
    }
    save_model(replace(model, card=card), out)
    return scores


@dataclass(frozen=True, slots=True)
class _Rule:
    """This turns the scores of a question into probabilities and a decision."""

    slopes: np.ndarray
    shifts: np.ndarray
    decision: tuple[float, ...]


class _Course:
    """This holds what the steps of one training share."""

    def __init__(
        self,
        articles: Sequence[Labelled],
        daily: Everyday,
        read: Sequence[ReadText],
        register: AgencyRegister,
        taxonomy: Taxonomy,
        background: Sequence[TagInput],
        lessons: Lessons,
    ) -> None:
        labelled = [*articles, *daily.labelled, *(one.labelled for one in read)]
        self._labelled = labelled
        self._scored = range(len(articles))
        self._daily = range(len(articles), len(articles) + len(daily.labelled))
        first = len(articles) + len(daily.labelled)
        self._unsure = {first + place for place, one in enumerate(read) if one.unsure}
        #: Texts drawn at random within strata of the press year.
        self._drawn = {first + place: one for place, one in enumerate(read) if one.weight}
        self.everyday_scores: dict[str, float] = {}
        self.frontier: list[Frontier] = []
        self._register, self._taxonomy = register, taxonomy
        reader = TextReader(taxonomy)
        self._readings = [reader.read(one.article) for one in labelled]
        cut = [reader.read(cut_down(one.article)) for one in labelled]
        self._vocabulary = learn_taught(
            learn_vocabulary(self._readings, [reader.read(article) for article in background]),
            [reader.read(text) for text in lessons.texts],
            lessons.places,
        )
        self._whole = Blocks(self._vocabulary, self._readings)
        self._cut = Blocks(self._vocabulary, cut)
        self._presumed = Blocks(
            self._vocabulary, [reader.read(article) for article in daily.presumed]
        )
        self._folds = folds_of(labelled, scored=len(articles))

    def run(self) -> tuple[Model, Scores]:
        """Fit in folds, decide and score on unseen predictions, and fit again on everything."""
        by_fold = [[self._fit(question, seen) for question in QUESTIONS] for seen, _ in self._folds]
        unseen = self._unseen(by_fold)
        everything = list(range(len(self._labelled)))
        rules = self._rules(unseen, everything)
        self.frontier = self._frontier(unseen[0], rules[0])
        relevance = _sigmoid(unseen[0][:, 0] * rules[0].slopes[0] + rules[0].shifts[0])
        scored = [self._labelled[i] for i in self._scored]
        table = link_table(Linker(self._register), scored, self._readings[: len(scored)], relevance)
        findings: dict[int, Finding] = {}
        for fitted, (seen, held) in zip(by_fold, self._folds, strict=True):
            model = self._model(fitted, self._rules(unseen, seen), fit_links(table.of(seen)))
            tagger = Tagger(model, self._register, self._taxonomy)
            found = tagger.tag([self._labelled[i].article for i in held])
            findings.update(zip(held, found, strict=True))
        scores = score(scored, [findings[i] for i in self._scored])
        self.everyday_scores = self._everyday_scores(findings)
        fitted = [self._fit(question, everything) for question in QUESTIONS]
        return self._model(fitted, rules, fit_links(table)), scores

    def _everyday_scores(self, findings: Mapping[int, Finding]) -> dict[str, float]:
        """How relevance was decided on the labelled items of the daily press, each unseen."""
        daily = self._daily
        said = sum(findings[i].relevant for i in daily)
        hits = sum(findings[i].relevant and self._labelled[i].relevant for i in daily)
        true = sum(self._labelled[i].relevant for i in daily)
        return {
            "items": len(daily),
            "relevant": true,
            "precision": round(hits / max(said, 1), 4),
            "recall": round(hits / max(true, 1), 4),
        }

    def _fit(self, question: Question, chosen: Sequence[int]) -> Fitted:
        taught = [i for i in chosen if i not in self._unsure]
        known = (question, self._vocabulary, self._whole, self._cut, self._labelled, taught)
        if question.name == "relevance" and len(self._presumed):
            return fit_relevance(*known, self._presumed)
        return fit_question(*known)

    def _unseen(self, by_fold: Sequence[Sequence[Fitted]]) -> list[np.ndarray]:
        """For each question the scores of all articles, by models that have not seen them."""
        scores = [np.zeros((len(self._labelled), len(q.codes))) for q in QUESTIONS]
        for fitted, (_, held) in zip(by_fold, self._folds, strict=True):
            for place, one in enumerate(fitted):
                scores[place][held] = one.scores(self._whole.plain[held])
        return scores

    def _rules(self, unseen: Sequence[np.ndarray], chosen: Sequence[int]) -> list[_Rule]:
        return [
            self._rule(question, scores, chosen)
            for question, scores in zip(QUESTIONS, unseen, strict=True)
        ]

    def _rule(self, question: Question, scores: np.ndarray, chosen: Sequence[int]) -> _Rule:
        given = [i for i in chosen if i in self._scored]
        if question.name == "relevance":
            given += [i for i in chosen if i in self._daily]
        used = usable(question, self._labelled, given)
        slopes, shifts = calibrate(question, scores, self._labelled, used)
        if question.exclusive:
            # The balanced fit is the better guess; the shifted odds are the honest probability.
            return _Rule(slopes, shifts, tuple(np.round(np.exp(-shifts), 4).tolist()))
        odds = _sigmoid(scores * slopes + shifts)
        least = self._least(question, odds, used, chosen)
        return _Rule(slopes, shifts, (least,) * len(question.codes))

    def _least(
        self, question: Question, odds: np.ndarray, used: Sequence[int], chosen: Sequence[int]
    ) -> float:
        drawn = [i for i in chosen if i in self._drawn]
        if question.name == "relevance" and drawn:
            read = [self._drawn[i] for i in drawn]
            return precise_threshold(odds[drawn, 0], read)
        answers = [[says(self._labelled[i], question, c) for c in question.codes] for i in used]
        return best_threshold(odds[used], np.array(answers))

    def _frontier(self, scores: np.ndarray, rule: _Rule) -> list[Frontier]:
        """What each least probability of relevance would give, on unseen predictions."""
        odds = _sigmoid(scores[:, 0] * rule.slopes[0] + rule.shifts[0])
        read = list(self._drawn.values())
        of_read = odds[list(self._drawn)]
        true = np.array([self._labelled[i].relevant for i in self._scored])
        return [
            Frontier(
                least=least,
                precision=round(natural_precision((of_read >= least).tolist(), read), 4),
                recall=round(natural_recall((of_read >= least).tolist(), read), 4),
                labelled_f1=round(_f1(true, odds[: len(true)] >= least), 4),
            )
            for least in sorted({*_GRID[::5], *rule.decision})
            if read
        ]

    def _model(self, fitted: Sequence[Fitted], rules: Sequence[_Rule], link: np.ndarray) -> Model:
        pairs = list(zip(fitted, rules, strict=True))
        words = self._vocabulary
        return Model(
            body=words.body,
            body_idf=words.body_idf,
            title=words.title,
            title_idf=words.title_idf,
            weights=np.hstack([one.weights * rule.slopes for one, rule in pairs]),
            bias=np.concatenate([one.bias * rule.slopes + rule.shifts for one, rule in pairs]),
            link=link,
            heads=tuple(
                Head(name=q.name, codes=q.codes, exclusive=q.exclusive, decision=rule.decision)
                for q, rule in zip(QUESTIONS, rules, strict=True)
            ),
            card={},
        )


def _demand_enough(path: Path, articles: Sequence[Labelled]) -> None:
    relevant = sum(one.relevant for one in articles)
    if min(relevant, len(articles) - relevant) < FOLDS:
        raise UsageError(
            f"Tệp nhãn {path} có {relevant} bài liên quan và {len(articles) - relevant} bài không "
            f"liên quan; cần ít nhất {FOLDS} bài mỗi loại để huấn luyện. Gán nhãn thêm bài."
        )


def best_threshold(odds: np.ndarray, answers: np.ndarray) -> float:
    """The least probability with the best F1, the mean of counting by case and by code.

    >>> best_threshold(np.array([[0.9], [0.5], [0.3]]), np.array([[True], [True], [False]]))
    0.41
    """
    tried = []
    for least in _GRID:
        said = odds >= least
        hits = (said & answers).sum(axis=0)
        wrong = (said ^ answers).sum(axis=0)
        micro = 2 * hits.sum() / max(2 * hits.sum() + wrong.sum(), 1)
        macro = float((2 * hits / np.maximum(2 * hits + wrong, 1)).mean())
        tried.append(micro + macro)
    best = [least for least, value in zip(_GRID, tried, strict=True) if value > max(tried) - 1e-9]
    return float(best[len(best) // 2])


def precise_threshold(odds: np.ndarray, read: Sequence[ReadText]) -> float:
    """The least probability from which on at least `_PRECISE` of what is said is true."""
    for least in _GRID:
        if natural_precision((odds >= least).tolist(), read) >= _PRECISE:
            return least
    return _GRID[-1]


def _f1(true: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (true & said).sum() / max(true.sum() + said.sum(), 1))


def _sigmoid(scores: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-scores)))
