"""The press as it comes: feed items, a few of them labelled, the others presumed irrelevant.

Labelled articles were gathered around the subject; of the press of an ordinary day about one item
in fifty is about it. A model that has not seen an ordinary day takes half of what it flags from
there. The labels here are addresses and codes only; the texts are with whoever holds the feeds.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.records import TagInput
from domain.text import fold_for_search
from nlp.labelled import Labelled

_LABELS: Final = Path(__file__).parent / "data" / "everyday-labels.csv"
_TEST: Final = Path(__file__).parent / "labels" / "press-year.jsonl"
#: One unlabelled item in so many is drawn, by the hash of its address.
_ONE_IN: Final = 8


@dataclass(frozen=True, slots=True)
class Everyday:
    """This is what an ordinary press year teaches."""

    #: Read and labelled; relevance and areas only.
    labelled: Sequence[Labelled]
    #: Drawn at random and not read.
    presumed: Sequence[TagInput]


def learn_from(items: Sequence[TagInput], known: Sequence[Labelled]) -> Everyday:
    """Part feed items into labelled and presumed; the order of the items makes no difference.

    Items that are `known` (by address or title) are left out: their labels stand elsewhere. Those
    kept for testing are never presumed: a model is scored on what it never saw.
    """
    labels = read_everyday_labels()
    urls = {one.article.url for one in known} | kept_for_testing()
    titles = {fold_for_search(one.article.title) for one in known}
    by_url = {
        item.url: item
        for item in items
        if item.url and item.url not in urls and fold_for_search(item.title) not in titles
    }
    ordered = [by_url[url] for url in sorted(by_url)]
    return Everyday(
        [_labelled(item, labels[item.url]) for item in ordered if labels.get(item.url)],
        [item for item in ordered if item.url not in labels and _is_drawn(item.url)],
    )


def kept_for_testing() -> frozenset[str]:
    """Addresses on which models are scored: those of `nlp/labels` that are not labelled here."""
    with _TEST.open(encoding="utf-8") as stream:
        return frozenset(json.loads(line)["url"] for line in stream) - set(read_everyday_labels())


def read_everyday_labels() -> Mapping[str, str]:
    """By address: "" where a reader was unsure, "0", or "1" and the areas (``1|so|thu_tuc``)."""
    with _LABELS.open(encoding="utf-8", newline="") as stream:
        return {
            row["url"]: "|".join(filter(None, (row["relevant"], row["topics"])))
            for row in csv.DictReader(stream)
        }


def _is_drawn(url: str) -> bool:
    return hashlib.sha256(url.encode()).digest()[0] % _ONE_IN == 0


def _labelled(item: TagInput, label: str) -> Labelled:
    relevant, *topics = label.split("|")
    return Labelled(
        article=item,
        rel=int(relevant),
        topics=tuple(topics),
        focus=(),
        mention=(),
        form="",
        tone="",
        audience="",
        aspect="",
    )
