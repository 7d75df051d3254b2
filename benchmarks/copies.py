"""Copies: edited copies of real texts, beside datasketch and simhash, in one run.

    python -m benchmarks.copies ../shared/data [--bases 600] [--seed 2026]

Each base text is copied with 5, 20 and 45 % of its syllables replaced, dropped or moved, in runs of
one to eight; every other copy stands under the headline of another text. Precision is measured on
pairs of different texts: of each base the three nearest others by TF-IDF, from the same outlet
within three days where outlet and day are known. Pairs that share a quarter of their eight-syllable
shingles are left out there: most are copies in truth.

Ours runs as shipped, on all texts at once, candidates included. Of datasketch (128 values) and
simhash (64 bits) every pair is compared, without their search for candidates, at the threshold that
finds most while their precision is .99 on this very set: both are to their advantage.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from domain.text import fold_for_search
from nlp.copies import CopyItem, are_copies
from nlp.sketches import Sketched, likely_pairs, sketches

SHARES = (0.05, 0.20, 0.45)
WANTED = (0.99, 0.95, 0.60)
_FILES = (
    "gov-policy-2025.jsonl.gz",
    "press-fulltext-2024-2025.jsonl.gz",
    "press-fulltext-2016-2019.jsonl.gz",
)
#: Texts read from each file.
_READ = 8_000
_PRECISION = 0.99
_DAY = datetime(2026, 7, 1, tzinfo=UTC)
_DIACRITICS = re.compile("[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]", re.IGNORECASE)
#: The later of the file's texts are Vietnamese by this share of letters with diacritics.
_VIETNAMESE = 0.08
#: Texts of fewer or more syllables are not copied.
_LENGTHS = (150, 3_000)
_VERBATIM = 8
_VERBATIM_SHARE = 0.25
_NEAREST = 3
_RUNS = (1, 8)


@dataclass(frozen=True, slots=True)
class Text:
    """This is a real text of the press."""

    outlet: str
    #: None where unknown.
    day: datetime | None
    title: str
    syllables: tuple[str, ...]

    def item(self, key: int) -> CopyItem:
        """It as grouping sees it; all of one day, so that time tells nothing."""
        text = " ".join(self.syllables)
        return CopyItem(key=key, outlet_id=self.outlet, title=self.title, text=text, at=_DAY)


@dataclass(frozen=True, slots=True)
class Pair:
    """This is a pair of texts, by number, of which one may be a copy."""

    one: int
    other: int
    #: Share of the syllables edited; None of a pair of different texts.
    share: float | None


def read_texts(folder: Path) -> list[Text]:
    """The Vietnamese full texts, each once."""
    found: dict[str, Text] = {}
    for name in _FILES:
        with gzip.open(folder / name, "rt", encoding="utf-8") as lines:
            for _, line in zip(range(_READ), lines, strict=False):
                text = _text(json.loads(line))
                if text is not None:
                    found.setdefault(" ".join(text.syllables[:40]), text)
    return list(found.values())


def _text(row: dict[str, Any]) -> Text | None:
    whole = f"{row.get('sapo') or ''}\n{row['text']}"
    if len(_DIACRITICS.findall(whole)) < _VIETNAMESE * len(whole):
        return None
    syllables = tuple(whole.split())
    if not _LENGTHS[0] <= len(syllables) <= _LENGTHS[1]:
        return None
    day = re.search(r"\d+ \w{3} \d{4}", row.get("seen_at") or "")
    at = datetime.strptime(day.group(), "%d %b %Y").replace(tzinfo=UTC) if day else None
    return Text(row.get("outlet") or "", at, row["title"], syllables)


def edited(
    syllables: Sequence[str], share: float, words: Sequence[str], dice: random.Random
) -> list[str]:
    """A copy with a share of its syllables replaced, dropped or moved, in runs.

    >>> len(edited("mot hai ba bon nam sau".split(), 0.5, ["x"], random.Random(1))) <= 6
    True
    """
    runs = _runs(len(syllables), round(share * len(syllables)), dice)
    kept: list[str] = []
    moved: list[list[str]] = []
    place = 0
    while place < len(syllables):
        length = runs.get(place, 0)
        if not length:
            kept.append(syllables[place])
            place += 1
            continue
        way = dice.choice(("replaced", "dropped", "moved"))
        if way == "replaced":
            kept += dice.choices(words, k=length)
        elif way == "moved":
            moved.append(list(syllables[place : place + length]))
        place += length
    for run in moved:
        to = dice.randint(0, len(kept))
        kept[to:to] = run
    return kept


def _runs(size: int, left: int, dice: random.Random) -> dict[int, int]:
    """Disjoint runs, start to length, that together hold `left` places."""
    taken = bytearray(size)
    runs: dict[int, int] = {}
    while left > 0:
        length = min(left, dice.randint(*_RUNS))
        start = dice.randint(0, size - length)
        while length and any(taken[start : start + length]):
            length -= 1
        if length:
            taken[start : start + length] = b"\x01" * length
            runs[start] = length
            left -= length
    return runs


def different_pairs(texts: Sequence[Text], bases: Sequence[int]) -> list[Pair]:
    """Of each base the nearest other texts that are not its copies."""
    folded = [fold_for_search(f"{text.title} {' '.join(text.syllables)}") for text in texts]
    rows = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, max_df=0.2, sublinear_tf=True, dtype=np.float32
    ).fit_transform(folded)
    verbatim: dict[int, set[int]] = {}

    def long_shingles(number: int) -> set[int]:
        if number not in verbatim:
            words = folded[number].split()
            parts = zip(*(words[start:] for start in range(_VERBATIM)), strict=False)
            verbatim[number] = set(map(hash, parts))
        return verbatim[number]

    pairs: set[tuple[int, int]] = set()
    for base in bases:
        near = np.asarray((rows[base] @ rows.T).todense()).ravel()
        near[base] = -1.0
        ranked = [int(other) for other in np.argsort(-near)[:200]]
        beside = [other for other in ranked if _same_source_and_days(texts[base], texts[other])]
        for other in [*beside, *ranked][:_NEAREST]:
            own, others = long_shingles(base), long_shingles(other)
            if len(own & others) < _VERBATIM_SHARE * max(1, min(len(own), len(others))):
                pairs.add((min(base, other), max(base, other)))
    return [Pair(one, other, None) for one, other in sorted(pairs)]


def _same_source_and_days(one: Text, other: Text) -> bool:
    if one.day is None or other.day is None:
        return one.day is other.day and one.outlet == other.outlet
    return one.outlet == other.outlet and abs(one.day - other.day) <= timedelta(days=3)


def found_by_us(texts: Sequence[Text], pairs: Sequence[Pair]) -> list[bool]:
    """Which pairs the shipped grouping joins: worth comparing by their sketches, and copies."""
    signed = sketches([(text.title, " ".join(text.syllables)) for text in texts])
    items = [Sketched(key, _DAY, own) for key, own in enumerate(signed)]
    likely = {(min(pair), max(pair)) for block in likely_pairs(items, days=7) for pair in block}
    return [
        (pair.one, pair.other) in likely
        and are_copies(texts[pair.one].item(pair.one), texts[pair.other].item(pair.other))
        for pair in pairs
    ]


def datasketch_scores(texts: Sequence[Text], pairs: Sequence[Pair]) -> list[float]:
    """Estimated overlap of three-syllable shingles."""
    datasketch = import_module("datasketch")

    def sign(number: int) -> Any:
        signature = datasketch.MinHash(num_perm=128)
        signature.update_batch([part.encode() for part in _shingles(texts[number])])
        return signature

    return _scores(pairs, sign, lambda one, other: float(one.jaccard(other)))


def simhash_scores(texts: Sequence[Text], pairs: Sequence[Pair]) -> list[float]:
    """Equal bits of 64."""
    simhash = import_module("simhash")
    return _scores(
        pairs,
        lambda number: simhash.Simhash(_shingles(texts[number])),
        lambda one, other: 64.0 - one.distance(other),
    )


def _shingles(text: Text) -> list[str]:
    words = fold_for_search(f"{text.title} {' '.join(text.syllables)}").split()
    return [" ".join(part) for part in zip(words, words[1:], words[2:], strict=False)]


def _scores(
    pairs: Sequence[Pair], sign: Callable[[int], Any], compare: Callable[[Any, Any], float]
) -> list[float]:
    signed: dict[int, Any] = {}
    for number in {number for pair in pairs for number in (pair.one, pair.other)}:
        signed[number] = sign(number)
    return [compare(signed[pair.one], signed[pair.other]) for pair in pairs]


def best_threshold(pairs: Sequence[Pair], scores: Sequence[float], share: float) -> float:
    """The least score from which on the pairs of one share keep the precision."""
    best = float("inf")
    for least in sorted(set(scores), reverse=True):
        found = [score >= least for score in scores]
        if precision(pairs, found, share) >= _PRECISION:
            best = least
    return best


def precision(pairs: Sequence[Pair], found: Sequence[bool], share: float) -> float:
    """Of the pairs found among copies of one share and different texts: the part of copies."""
    right = sum(yes for pair, yes in zip(pairs, found, strict=True) if pair.share == share)
    wrong = sum(yes for pair, yes in zip(pairs, found, strict=True) if pair.share is None)
    return right / (right + wrong) if right + wrong else 0.0


def recall(pairs: Sequence[Pair], found: Sequence[bool], share: float) -> float:
    """Of the copies of one share, the part that was found."""
    own = [yes for pair, yes in zip(pairs, found, strict=True) if pair.share == share]
    return sum(own) / len(own)


def build(texts: list[Text], count: int, seed: int) -> tuple[list[Text], list[Pair]]:
    """All texts with the edited copies behind them, and the pairs to be judged."""
    dice = random.Random(seed)
    bases = dice.sample(range(len(texts)), min(count, len(texts)))
    words = [word for number in bases for word in texts[number].syllables]
    pairs = different_pairs(texts, bases)
    every = list(texts)
    for place, base in enumerate(bases):
        for share in SHARES:
            own = texts[base]
            title = (
                " ".join(edited(own.title.split(), share, words, dice))
                if place % 2
                else texts[dice.choice(bases)].title
            )
            copy = Text("", own.day, title, tuple(edited(own.syllables, share, words, dice)))
            pairs.append(Pair(base, len(every), share))
            every.append(copy)
    return every, pairs


def lines(texts: Sequence[Text], pairs: Sequence[Pair]) -> Iterator[str]:
    """The table, a line a method and share."""
    started = time.perf_counter()
    ours = found_by_us(texts, pairs)
    seconds = time.perf_counter() - started
    for share, wanted in zip(SHARES, WANTED, strict=True):
        yield (
            f"diembao     {share:.0%}  recall {recall(pairs, ours, share):.4f} (wanted {wanted})"
            f"  precision {precision(pairs, ours, share):.4f}"
        )
    yield f"diembao     {seconds:.1f} s for {len(texts)} texts, candidates included"
    for name, score in (("datasketch", datasketch_scores), ("simhash", simhash_scores)):
        try:
            scores = score(texts, pairs)
        except ModuleNotFoundError as error:
            yield f"{name:<11} skipped: {error} (pip install -r benchmarks/requirements.txt)"
            continue
        for share in SHARES:
            least = best_threshold(pairs, scores, share)
            found = [each >= least for each in scores]
            yield (
                f"{name:<11} {share:.0%}  recall {recall(pairs, found, share):.4f}"
                f"  precision {precision(pairs, found, share):.4f}  (from {least:.3g} on)"
            )


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--bases", default=600, show_default=True, help="Texts that are copied.")
@click.option("--seed", default=2026, show_default=True)
@click.option("--show", is_flag=True, help="Print the titles of the wrong pairs.")
def main(folder: Path, bases: int, seed: int, show: bool) -> None:
    """Recall and precision of copies on the full texts of FOLDER."""
    texts, pairs = build(read_texts(folder), bases, seed)
    different = sum(pair.share is None for pair in pairs)
    click.echo(f"{len(texts)} texts, {bases} copied at each share, {different} different pairs")
    for line in lines(texts, pairs):
        click.echo(line)
    if show:
        for pair, yes in zip(pairs, found_by_us(texts, pairs), strict=True):
            if yes and pair.share is None:
                click.echo(f"{texts[pair.one].title} | {texts[pair.other].title}")


if __name__ == "__main__":
    main()
