"""Full tagging beside underthesea's word segmentation alone, on the same texts, in one run.

    python -m benchmarks.tagging ../shared/data/press-fulltext-2024-2025.jsonl.gz [--articles 400]

Articles of at least 700 syllables, cut at 700. The two take turns, three rounds each, on one core;
rates and loading are in processor time. Loading and memory are those of a process that only tags.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import click

from nlp.labelled import read_background

# Imported where they are used: the parent measures segmentation, its child loading and memory.
_SYLLABLES = 700
_ROUNDS = 3
#: Segmentation is an order slower: every fifth text says enough.
_SEGMENTED = 5


def long_texts(path: Path, count: int) -> list[tuple[str, str]]:
    """The first articles that are long enough, cut at 700 syllables: title, text."""
    cut = (
        (article.title, " ".join(words[:_SYLLABLES]))
        for article in read_background(path)
        if len(words := article.text.split(" ")) >= _SYLLABLES
    )
    return list(islice(cut, count))


def rate(work: Callable[[], object], articles: int) -> float:
    """Articles a second of processor time."""
    began = time.process_time()
    work()
    return articles / (time.process_time() - began)


def load_and_tag(texts: Sequence[tuple[str, str]]) -> None:
    """In a process of its own: how long the tagger takes to load, how fast it is, how big."""
    began, spent = time.perf_counter(), time.process_time()
    from cli.tagging import open_tagger_of_program
    from domain.records import TagInput

    tagger = open_tagger_of_program()
    loaded, clock = time.process_time() - spent, time.perf_counter() - began
    inputs = [TagInput(id=str(n), title=title, text=text) for n, (title, text) in enumerate(texts)]
    rates = [rate(lambda: tagger.tag(inputs), len(inputs)) for _ in range(_ROUNDS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{loaded:.3f} {clock:.3f} {statistics.median(rates):.1f} {peak:.0f}")


def segment(texts: Sequence[tuple[str, str]]) -> float:
    """The rate of `word_tokenize` on the same texts."""
    from underthesea import word_tokenize

    word_tokenize(texts[0][1])
    part = [text for _, text in texts[::_SEGMENTED]]
    rates = [rate(lambda: list(map(word_tokenize, part)), len(part)) for _ in range(_ROUNDS)]
    return statistics.median(rates)


@click.command()
@click.argument("texts", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--articles", default=400, show_default=True)
@click.option("--child", is_flag=True, hidden=True)
def main(texts: Path, articles: int, child: bool) -> None:
    """Print both rates, their ratio, the time to load and the peak of memory."""
    found = long_texts(texts, articles)
    if child:
        load_and_tag(found)
        return
    command = [sys.executable, "-m", "benchmarks.tagging", str(texts), "--child"]
    command += ["--articles", str(articles)]
    one_core = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=one_core)
    loaded, clock, tagged, peak = map(float, done.stdout.split())
    segmented = segment(found)
    print(f"{len(found)} articles of {_SYLLABLES} syllables, {texts.name}")
    print(f"full tagging, agencies with it   {tagged:7.1f} articles/s (wanted: 300)")
    print(f"underthesea.word_tokenize alone  {segmented:7.1f} articles/s")
    print(f"ratio                            {tagged / segmented:7.1f} (wanted: 6)")
    print(f"loading, from the first import   {loaded:7.2f} s (wanted: under 1.5)")
    print(f"the same by the clock            {clock:7.2f} s")
    print(f"peak memory                      {peak:7.0f} MB (wanted: under 400)")


if __name__ == "__main__":
    main()
