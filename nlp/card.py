"""The card of a model: what it was made of, how it was scored, what it must not be used for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import sklearn

from nlp.evaluation import Score, Scores
from nlp.labelled import Labelled

#: What each score is to reach.
TARGETS: Final[Mapping[str, float]] = {
    "relevance_f1": 0.94,
    "relevance_ap": 0.985,
    "areas_micro_f1": 0.87,
    "areas_macro_f1": 0.83,
    "agencies_any_f1": 0.94,
    "agencies_focus_f1": 0.86,
    "form_accuracy": 0.90,
    "audience_macro_f1": 0.80,
    "tone_macro_f1": 0.62,
    "aspect_macro_f1": 0.70,
}
_PROTOCOL: Final = (
    "5 folds, a story (near-duplicate texts) in one fold; thresholds and calibration of each fold "
    "from predictions for the other folds; weights fitted on all. Texts read besides teach in the "
    "folds in which they are not held out and set the threshold of relevance; none is scored. The "
    "strengths of regularisation and the weights of the blocks of features were set by hand on "
    "the folds of the labelled articles, not nested: the scores are a little kind for that. "
    "Intervals: 95 %, bootstrap of articles."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frontier:
    """This is what a least probability of relevance gives."""

    least: float
    #: Over the press year, by texts drawn at random within strata; unsure ones count as wrong.
    precision: float
    recall: float
    #: F1 on the labelled articles.
    labelled_f1: float


def verdict(name: str, score: Score) -> str:
    """How a score stands to its target: reached, near (the interval holds it) or missed.

    >>> verdict("tone_macro_f1", Score(value=0.6, low=0.53, high=0.66))
    'near'
    """
    target = TARGETS[name]
    if score.value >= target:
        return "reached"
    return "near" if score.high >= target else "missed"


def card_of(
    path: Path,
    labelled: Sequence[Labelled],
    counts: Mapping[str, int],
    versions: Mapping[str, str],
    scores: Scores,
    frontier: Sequence[Frontier],
) -> dict[str, Any]:
    """The card as it stands beside the weights."""
    return {
        "what": "Relevance to administrative reform, reform areas, form, tone, audience, aspect "
        "and agency roles of Vietnamese press articles",
        "data": {
            "labelled": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "articles": len(labelled),
            "relevant": sum(one.relevant for one in labelled),
            **counts,
        },
        "protocol": _PROTOCOL,
        "scores_on_unseen_folds": _told(scores),
        "verdicts": {name: verdict(name, score) for name, score in scores.overall.items()},
        "frontier": [asdict(one) for one in frontier],
        "reads": "title and the first 1,600 characters of the text; agencies: 20,000 characters",
        "probabilities": "calibrated on the mix of the labelled articles (about half relevant), "
        "not on the share in the daily press (about 2 %); a whole article starts with higher odds "
        "than a title and sapo",
        "not_for": [
            "judging a single official, journalist or outlet",
            "decisions without a person reading the article",
            "languages other than Vietnamese, social media, texts before 2016",
            "agencies outside the register; tone as an opinion poll",
        ],
        "sklearn": sklearn.__version__,
        **versions,
    }


def _told(scores: Scores) -> dict[str, Any]:
    return {
        "overall": {name: asdict(one) for name, one in scores.overall.items()},
        "area_f1": {name: asdict(one) for name, one in scores.areas.items()},
        "class_f1": {
            name: {code: asdict(one) for code, one in classes.items()}
            for name, classes in scores.classes.items()
        },
        "confusions": {name: list(map(list, pairs)) for name, pairs in scores.confusions.items()},
    }
