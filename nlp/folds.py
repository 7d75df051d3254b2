"""The folds of a training: what a model sees, and what it is scored on and has not seen."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from nlp.labelled import Labelled, story_groups

FOLDS: Final = 5
_SEED: Final = 0


def folds_of(labelled: Sequence[Labelled], *, scored: int) -> list[tuple[list[int], list[int]]]:
    """What is seen and what is held out, five times; a story stands in one fold.

    The folds of the first `scored` articles are drawn among these alone, so that scores do not move
    with what is read besides. What is read besides stands in a fold by its id, or with the article
    whose story it tells; it is not seen where an article of its story is held out.
    """
    folds = _drawn(labelled[:scored])
    groups = story_groups(labelled)
    told: dict[int, set[int]] = defaultdict(set)
    for fold, group in zip(folds, groups[:scored], strict=True):
        told[group].add(fold)
    for one, group in zip(labelled[scored:], groups[scored:], strict=True):
        folds.append(min(told[group], default=zlib.crc32(one.article.id.encode()) % FOLDS))
    return [
        (
            [
                i
                for i, fold in enumerate(folds)
                if fold != held and (i < scored or held not in told[groups[i]])
            ],
            [i for i, fold in enumerate(folds) if fold == held],
        )
        for held in range(FOLDS)
    ]


def _drawn(scored: Sequence[Labelled]) -> list[int]:
    """The fold of each article, with as many relevant ones in one as in another."""
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=_SEED)
    relevant = [one.relevant for one in scored]
    folds = [0] * len(scored)
    split = splitter.split(np.zeros(len(scored)), relevant, story_groups(scored))
    for fold, (_, held) in enumerate(split):
        for i in held:
            folds[i] = fold
    return folds
