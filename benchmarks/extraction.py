"""Text quality with no layout known: our reading beside trafilatura's own, in one run.

    python -m benchmarks.extraction FOLDER [--worse N]

FOLDER holds what the public article-extraction benchmark holds: ``html/<id>.html.gz`` and
``ground-truth.json`` (``{id: {"articleBody": ..., "url": ...}}``). The figure is that benchmark's:
shingles of four words, precision and recall averaged over the pages, F1 of the two averages. A
page that is set aside counts as an empty body.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from crawlers.extract import extract
from domain.errors import SetAside
from domain.records import RawPage

_SHINGLE = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """This is how one body agrees with the true one; None where a side is empty of words."""

    precision: float | None
    recall: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """This is one page: both scores, and why ours set it aside."""

    id: str
    ours: Score
    theirs: Score
    refused: str = ""


def main(arguments: list[str] | None = None) -> None:
    """Print both F1 of a folder, and the pages on which ours is the worse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worse", type=int, default=0, help="so many of the pages we do worse on")
    given = parser.parse_args(arguments)
    pages = list(compared(given.folder))
    for name, scores in (
        ("diembao", [page.ours for page in pages]),
        (f"trafilatura {trafilatura.__version__}", [page.theirs for page in pages]),
    ):
        precision, recall, f1 = averages(scores)
        print(f"{name:<20} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")
    refused = [page for page in pages if page.refused]
    print(f"{len(pages)} pages, {len(refused)} set aside")
    for page in sorted(pages, key=lambda page: _f1(page.ours) - _f1(page.theirs))[: given.worse]:
        print(f"{page.id[:24]:<24} {_f1(page.ours):.3f} {_f1(page.theirs):.3f} {page.refused}")


def compared(folder: Path) -> Iterator[Compared]:
    """Each page of the folder read both ways."""
    truths = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for key, truth in sorted(truths.items()):
        body = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        address = truth.get("url") or f"https://page.example/{key}"
        ours, refused = _our_body(body, address)
        theirs = trafilatura.extract(body.decode("utf-8", "replace"), include_comments=False)
        true = truth.get("articleBody", "")
        yield Compared(
            id=key, ours=score(true, ours), theirs=score(true, theirs or ""), refused=refused
        )


def _our_body(body: bytes, url: str) -> tuple[str, str]:
    page = RawPage(
        url=url,
        status=200,
        content_type="text/html; charset=utf-8",
        fetched_at=datetime.now(UTC),
        body=body,
    )
    try:
        return extract(page, outlet=None).body, ""
    except SetAside as refusal:
        return "", str(refusal)


def score(true: str, read: str) -> Score:
    """Precision and recall of shingles of four words."""
    wanted, found = _shingles(true), _shingles(read)
    hits = (wanted & found).total()
    return Score(
        precision=hits / found.total() if found else None,
        recall=hits / wanted.total() if wanted else None,
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    cuts = (tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
    return Counter(cut for cut in cuts if cut)


def averages(scores: list[Score]) -> tuple[float, float, float]:
    """Mean precision, mean recall, and the F1 of the two means."""
    precision = statistics.mean(s.precision for s in scores if s.precision is not None)
    recall = statistics.mean(s.recall for s in scores if s.recall is not None)
    return precision, recall, _harmonic(precision, recall)


def _f1(score: Score) -> float:
    return _harmonic(score.precision or 0.0, score.recall or 0.0)


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
