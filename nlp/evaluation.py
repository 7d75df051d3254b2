"""Scores of findings against labels, each with a bootstrap interval.

The rules: relevance over all articles; areas, form, tone, audience and aspect over the articles
labelled relevant; agencies over all articles, an id written ``A|B`` being met by either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from domain.codes import Area, Role
from domain.records import Finding
from nlp.labelled import Labelled, read_labelled
from nlp.tagger import Tagger

_RESAMPLES: Final = 1_000
_SEED: Final = 0

_CHOICES: Final = ("form", "tone", "audience", "aspect")
#: What an officer reads of each score.
SCORE_NAMES: Final = {
    "relevance_f1": "Liên quan, F1",
    "relevance_ap": "Liên quan, độ chính xác trung bình",
    "areas_micro_f1": "Lĩnh vực, F1 gộp",
    "areas_macro_f1": "Lĩnh vực, F1 bình quân",
    "agencies_any_f1": "Cơ quan, mọi vai",
    "agencies_focus_f1": "Cơ quan, chủ thể",
    "form_accuracy": "Thể loại, tỷ lệ đúng",
    "audience_macro_f1": "Đối tượng, F1 bình quân",
    "tone_macro_f1": "Sắc thái, F1 bình quân",
    "aspect_macro_f1": "Khía cạnh, F1 bình quân",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """This is a value between 0 and 1 and its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """These are all scores of one set of findings."""

    articles: int
    overall: Mapping[str, Score]
    #: F1 of each area.
    areas: Mapping[str, Score]
    #: F1 of each code of form, tone, audience and aspect that some label has.
    classes: Mapping[str, Mapping[str, Score]]
    #: How often a labelled code (first) was taken for another (second), most often first.
    confusions: Mapping[str, Sequence[tuple[str, str, int]]]

    def lines(self) -> list[str]:
        """The scores as an officer reads them, one a line."""
        named = [(SCORE_NAMES[name], score) for name, score in self.overall.items()]
        named += [(f"  {area}", score) for area, score in self.areas.items()]
        head = f"Chấm trên {self.articles} bài đã gắn nhãn (khoảng tin cậy 95 %):"
        return [head, *(f"{name}: {_shown(score)}" for name, score in named)]


def evaluate(tagger: Tagger, gold: Path) -> Scores:
    """Tag the articles of a file of labels and score the findings."""
    labelled = read_labelled(gold)
    return score(labelled, tagger.tag([one.article for one in labelled]))


def score(labelled: Sequence[Labelled], findings: Sequence[Finding]) -> Scores:
    """Score findings in the order of the labels."""
    samples = _samples(len(labelled))
    pairs = list(zip(labelled, findings, strict=True))
    relevant = np.array([one.relevant for one in labelled])
    counted = relevant[:, None, None]
    areas = _counts(pairs, list(Area), lambda one: one.topics, lambda f: f.areas) * counted
    overall = {
        "relevance_f1": _interval(
            samples,
            _counts(pairs, [True], lambda one: [one.relevant], lambda f: [f.relevant]),
            _micro,
        ),
        "relevance_ap": _precision_interval(
            samples, relevant, np.array([finding.relevance for finding in findings])
        ),
        "areas_micro_f1": _interval(samples, areas, _micro),
        "areas_macro_f1": _interval(samples, areas, _macro),
        "agencies_any_f1": _interval(samples, _agency_counts(pairs, _any_gold, _any_found), _micro),
        "agencies_focus_f1": _interval(
            samples, _agency_counts(pairs, lambda one: one.focus, _focus_found), _micro
        ),
        "form_accuracy": _interval(samples, _choices(pairs, "form") * counted, _recall),
        "audience_macro_f1": _interval(samples, _choices(pairs, "audience") * counted, _macro),
        "tone_macro_f1": _interval(samples, _choices(pairs, "tone") * counted, _macro),
        "aspect_macro_f1": _interval(samples, _choices(pairs, "aspect") * counted, _macro),
    }
    by_area = {
        str(area): _interval(samples, areas[:, [column]], _micro)
        for column, area in enumerate(Area)
    }
    return Scores(
        articles=len(labelled),
        overall=overall,
        areas=by_area,
        classes={name: _by_class(samples, pairs, name, counted) for name in _CHOICES},
        confusions={name: _confusions(pairs, name) for name in _CHOICES},
    )


_Pairs = Sequence[tuple[Labelled, Finding]]


def _counts(
    pairs: _Pairs,
    codes: Sequence[object],
    gold: Callable[[Labelled], Iterable[object]],
    found: Callable[[Finding], Iterable[object]],
) -> np.ndarray:
    """For each article and code: hit, false alarm, miss."""
    table = np.zeros((len(pairs), len(codes), 3))
    for row, (one, finding) in enumerate(pairs):
        true, said = set(gold(one)), set(found(finding))
        for column, code in enumerate(codes):
            table[row, column] = (
                code in true and code in said,
                code in said and code not in true,
                code in true and code not in said,
            )
    return table


def _by_class(
    samples: np.ndarray, pairs: _Pairs, name: str, counted: np.ndarray
) -> dict[str, Score]:
    table = _choices(pairs, name) * counted
    return {
        code: _interval(samples, table[:, [column]], _micro)
        for column, code in enumerate(_codes_of(pairs, name))
    }


def _confusions(pairs: _Pairs, name: str) -> list[tuple[str, str, int]]:
    mistaken = Counter(
        (getattr(one, name), getattr(finding, name))
        for one, finding in pairs
        if one.relevant and getattr(one, name) and getattr(one, name) != getattr(finding, name)
    )
    ordered = sorted(mistaken.items(), key=lambda item: (-item[1], item[0]))
    return [(true, said, count) for (true, said), count in ordered]


def _codes_of(pairs: _Pairs, name: str) -> list[str]:
    return sorted({getattr(one, name) for one, _ in pairs if one.relevant} - {""})


def _choices(pairs: _Pairs, name: str) -> np.ndarray:
    """The counts of a question of one answer; an article labelled without one counts nowhere."""
    answered = np.array([bool(getattr(one, name)) for one, _ in pairs])
    codes = _codes_of(pairs, name)
    counts = _counts(
        pairs, codes, lambda one: [getattr(one, name)], lambda finding: [getattr(finding, name)]
    )
    return np.asarray(counts * answered[:, None, None])


def _agency_counts(
    pairs: _Pairs,
    gold: Callable[[Labelled], Sequence[str]],
    found: Callable[[Finding], Iterator[str]],
) -> np.ndarray:
    table = np.zeros((len(pairs), 1, 3))
    for row, (one, finding) in enumerate(pairs):
        true = [set(name.split("|")) for name in gold(one)]
        said = set(found(finding))
        hits = sum(any(agency in names for names in true) for agency in said)
        missed = sum(not names & said for names in true)
        table[row, 0] = hits, len(said) - hits, missed
    return table


def _any_gold(one: Labelled) -> Sequence[str]:
    return (*one.focus, *one.mention)


def _any_found(finding: Finding) -> Iterator[str]:
    return (tag.id for tag in finding.agencies)


def _focus_found(finding: Finding) -> Iterator[str]:
    return (tag.id for tag in finding.agencies if tag.role is Role.FOCUS)


def _samples(count: int) -> np.ndarray:
    """How often each article stands in each resample."""
    dice = np.random.default_rng(_SEED)
    drawn = dice.integers(0, count, (_RESAMPLES, count))
    return np.array([np.bincount(sample, minlength=count) for sample in drawn], float)


def _interval(
    samples: np.ndarray, counts: np.ndarray, measure: Callable[[np.ndarray], np.ndarray]
) -> Score:
    """The measure of the summed counts, and of the sums of each resample."""
    flat = counts.reshape(len(counts), -1)
    sums = (samples @ flat).reshape(len(samples), *counts.shape[1:])
    return _score(float(measure(counts.sum(axis=0)[None])[0]), measure(sums))


def _score(value: float, resampled: np.ndarray) -> Score:
    low, high = np.quantile(resampled, (0.025, 0.975))
    return Score(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4))


def _f1(sums: np.ndarray) -> np.ndarray:
    hits, alarms, misses = sums[..., 0], sums[..., 1], sums[..., 2]
    return np.asarray(2 * hits / np.maximum(2 * hits + alarms + misses, 1e-9))


def _macro(sums: np.ndarray) -> np.ndarray:
    return np.asarray(_f1(sums).mean(axis=-1))


def _micro(sums: np.ndarray) -> np.ndarray:
    return _f1(sums.sum(axis=-2))


def _recall(sums: np.ndarray) -> np.ndarray:
    total = sums.sum(axis=-2)
    return np.asarray(total[..., 0] / np.maximum(total[..., 0] + total[..., 2], 1e-9))


def _precision_interval(samples: np.ndarray, true: np.ndarray, said: np.ndarray) -> Score:
    """Average precision: the mean precision at the rank of each relevant article."""
    order = np.argsort(-said, kind="stable")
    ranked = samples[:, order]
    return _score(
        float(_average_precision(np.ones((1, len(true))), true[order])[0]),
        _average_precision(ranked, true[order]),
    )


def _average_precision(weights: np.ndarray, true: np.ndarray) -> np.ndarray:
    hits = np.cumsum(weights * true, axis=1)
    shown = np.maximum(np.cumsum(weights, axis=1), 1e-9)
    relevant = weights * true
    return np.asarray((hits / shown * relevant).sum(axis=1) / np.maximum(relevant.sum(axis=1), 1))


def _shown(score: Score) -> str:
    value, low, high = (
        f"{number:.3f}".replace(".", ",") for number in (score.value, score.low, score.high)
    )
    return f"{value} ({low}–{high})"
