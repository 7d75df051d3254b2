"""Relevance at the rate at which relevant articles really occur: a labelled draw of a press year.

    python -m benchmarks.relevance ../shared/data/press-year.warc.gz [--model DIR]

The labels (``nlp/labels``) carry the stratum each article was drawn from; an article stands for as
many of the year as its stratum holds for each one drawn. What the shipped model has learnt from is
left out. The texts are read from the archive of feeds.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cli.training import feed_items
from domain.agencies import read_register
from domain.taxonomy import read_taxonomy
from nlp.everyday import kept_for_testing
from nlp.tagger import load_tagger

_LABELS = Path(__file__).parents[1] / "nlp" / "labels" / "press-year.jsonl"
#: Articles of the year in each stratum, those of the training set left out: nlp/labels/README.md.
STRATA: Mapping[str, int] = {
    "press-year-high": 4_806,
    "press-year-mid": 10_839,
    "press-year-low": 51_228,
    "press-year-base": 86_673,
}
_RESAMPLES = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """This is one labelled article and what the model said of it."""

    stratum: str
    gold: bool
    said: bool


def weighted(judged: Sequence[Judged]) -> tuple[float, float]:
    """Precision and recall over the year, each article weighed by its stratum.

    >>> yes = Judged(stratum="press-year-high", gold=True, said=True)
    >>> wrong = Judged(stratum="press-year-high", gold=False, said=True)
    >>> missed = Judged(stratum="press-year-mid", gold=True, said=False)
    >>> [round(share, 3) for share in weighted([yes, yes, wrong, missed])]
    [0.667, 0.228]
    """
    drawn = Counter(one.stratum for one in judged)
    weights = {name: STRATA[name] / count for name, count in drawn.items()}
    found = sum(weights[one.stratum] for one in judged if one.gold and one.said)
    said = sum(weights[one.stratum] for one in judged if one.said)
    gold = sum(weights[one.stratum] for one in judged if one.gold)
    return (found / said if said else 0.0), (found / gold if gold else 0.0)


def intervals(judged: Sequence[Judged]) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 % bootstrap intervals of precision and recall, drawn within each stratum."""
    draw = random.Random(2026)
    strata = [[one for one in judged if one.stratum == name] for name in STRATA]
    shares = [
        weighted([one for part in strata for one in draw.choices(part, k=len(part))])
        for _ in range(_RESAMPLES)
    ]
    return _middle([share[0] for share in shares]), _middle([share[1] for share in shares])


def _middle(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered))]


def judge(archive: Path, model: Path | None) -> list[Judged]:
    """Tag the labelled articles of the archive; a label without its article is an error."""
    tested = kept_for_testing()
    read = map(json.loads, _LABELS.read_text(encoding="utf-8").splitlines())
    lines = [line for line in read if line["url"] in tested]
    wanted = {line["url"]: line for line in lines}
    items = {item.url: item for item in feed_items(archive) if item.url in wanted}
    if missing := len(wanted) - len(items):
        raise click.ClickException(f"{archive} holds {missing} of the labelled articles not")
    tagger = load_tagger(register=read_register(), taxonomy=read_taxonomy(), model_folder=model)
    ordered = [items[line["url"]] for line in lines]
    return [
        Judged(stratum=line["stratum"], gold=line["gold"]["rel"] > 0, said=finding.relevant)
        for line, finding in zip(lines, tagger.tag(ordered), strict=True)
    ]


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(archive: Path, model: Path | None) -> None:
    """Print precision and recall over the year, and within the stratum of likely articles."""
    judged = judge(archive, model)
    ends = intervals(judged)
    for name, share, (low, high) in zip(
        ("precision", "recall"), weighted(judged), ends, strict=True
    ):
        print(f"{name:9} {share:.3f} ({low:.3f} to {high:.3f})")
    said = [one for one in judged if one.said]
    print(
        f"{len(judged)} labelled, {len(said)} said relevant, {sum(one.gold for one in said)} right"
    )


if __name__ == "__main__":
    main()
