"""Links of official events to the stories that report them, on labelled real pairs.

    python -m benchmarks.event_links ../shared/data            scores by cross-validation
    python -m benchmarks.event_links ../shared/data --speed    5,000 events x 50,000 stories
    python -m benchmarks.event_links ../shared/data --train    writes the weights that ship

Pairs of one document or one story stay in one fold. The agency of an event is told by the number of
its document; the agencies of a story are those of the shipped tagger.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import click
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from cli.training import feed_items
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import DatePrecision, Role
from domain.events import EventKind, OfficialEvent, StoryText
from domain.records import TagInput
from domain.taxonomy import read_taxonomy
from domain.text import fold_for_search
from nlp import event_links, rarity
from nlp.documents import document_numbers
from nlp.event_pairs import FEATURES, features, ready_event, ready_story
from nlp.tagger import load_tagger

LABELS = Path(event_links.__file__).parent / "labels" / "event-stories.jsonl"
#: Inverse strength of regularisation; not tuned.
_FREEDOM = 1.0
_FOLDS = 10
_RESAMPLES = 2_000
_ACCEPTED = 0.5
_SEED = 2026
#: Texts of each kind behind the table of rarity.
_RARITY_TEXTS = 8_000
#: Addresses carry the moment: two or three digits of a site, then yymmddHHMMSS.
_STAMP = re.compile(r"(\d{15,18})")
_AGENCIES = {"bnv": "BNV", "bgddt": "BGDDT", "byt": "BYT", "bqp": "BQP", "btc": "BTC"}


@dataclass(frozen=True, slots=True)
class Pair:
    """This is a labelled pair with what speaks for it."""

    group: int
    told: tuple[float, ...]
    reports: bool
    event: str
    story: str


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The objects of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def moment_of(row: Mapping[str, str]) -> tuple[datetime, DatePrecision] | None:
    """When a full text was published: by its address to the second, else the day it was seen."""
    for digits in _STAMP.findall(row.get("url") or ""):
        for start in (3, 2):
            try:
                stamp = datetime.strptime(f"{digits[start : start + 12]}+0700", "%y%m%d%H%M%S%z")
            except ValueError:
                continue
            return stamp.astimezone(VIETNAM), DatePrecision.SECOND
    day = re.search(r"\d+ \w{3} \d{4}", row.get("seen_at") or "")
    if not day:
        return None
    return datetime.strptime(day.group(), "%d %b %Y").replace(tzinfo=VIETNAM), DatePrecision.DAY


def read_pairs(folder: Path) -> list[Pair]:
    """The labelled pairs, with their texts looked up in the shared data."""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    wanted = {label[side] for label in labels for side in ("event", "story")}
    texts = _texts(folder, wanted)
    events = {
        url: ready_event(_event(number, *texts[url]))
        for number, url in enumerate(sorted({label["event"] for label in labels}), start=1)
    }
    urls = sorted({label["story"] for label in labels})
    stories = dict(zip(urls, map(ready_story, _stories([texts[url] for url in urls])), strict=True))
    groups = _groups([(label["event"], label["story"]) for label in labels])
    return [
        Pair(
            group=groups[label["event"]],
            told=features(events[label["event"]], stories[label["story"]]),
            reports=bool(label["reports"]),
            event=label["event"],
            story=label["story"],
        )
        for label in labels
    ]


def _texts(folder: Path, wanted: set[str]) -> dict[str, tuple[TagInput, DatePrecision]]:
    found: dict[str, tuple[TagInput, DatePrecision]] = {}
    for name in ("gov-policy-2025.jsonl.gz", "press-fulltext-2024-2025.jsonl.gz"):
        for row in read_rows(folder / name):
            url = row.get("url") or ""
            if url in wanted and url not in found and (moment := moment_of(row)):
                text = TagInput(
                    id=url, title=row["title"], text=row["text"], url=url, published_at=moment[0]
                )
                found[url] = text, moment[1]
    for item in feed_items(folder / "press-year.warc.gz"):
        if item.url in wanted:
            found.setdefault(item.url, (item, DatePrecision.SECOND))
    if missing := wanted - found.keys():
        raise click.ClickException(f"{len(missing)} labelled texts are not in {folder}")
    return found


def _event(number: int, text: TagInput, precision: DatePrecision) -> OfficialEvent:
    named = document_numbers(text.title)
    by = named[0].by if named else ""
    assert text.published_at is not None
    return OfficialEvent(
        id=number,
        kind=EventKind.RELEASE,
        agency_id=_AGENCIES.get(by, "CP"),
        title=text.title,
        text=text.text,
        at=text.published_at,
        precision=precision,
    )


def _stories(texts: Sequence[tuple[TagInput, DatePrecision]]) -> list[StoryText]:
    tagger = load_tagger(register=read_register(), taxonomy=read_taxonomy())
    found = tagger.tag([replace(text, text=text.text[:1600]) for text, _ in texts])
    stories = []
    for number, ((text, precision), finding) in enumerate(zip(texts, found, strict=True), start=1):
        assert text.published_at is not None
        by_role = {
            role: tuple(tag.id for tag in finding.agencies if tag.role is role) for role in Role
        }
        stories.append(
            StoryText(
                id=number,
                headline=text.title,
                text=text.text,
                at=text.published_at,
                precision=precision,
                focus=by_role[Role.FOCUS],
                mention=by_role[Role.MENTION],
            )
        )
    return stories


def _groups(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Events that share a story, by chains, are one group."""
    near: dict[str, set[str]] = defaultdict(set)
    for event, story in pairs:
        near[event].add(story)
        near[story].add(event)
    groups: dict[str, int] = {}
    for number, start in enumerate(sorted(near)):
        reached = [start]
        while reached:
            name = reached.pop()
            if name not in groups:
                groups[name] = number
                reached += near[name]
    return groups


def held_out(pairs: Sequence[Pair]) -> np.ndarray:
    """The probability of each pair by a model that saw nothing of its group."""
    told = np.array([pair.told for pair in pairs])
    reports = np.array([pair.reports for pair in pairs])
    answers = np.zeros(len(pairs))
    groups = [pair.group for pair in pairs]
    for train, test in GroupKFold(_FOLDS).split(told, reports, groups):
        model = LogisticRegression(C=_FREEDOM).fit(told[train], reports[train])
        answers[test] = model.predict_proba(told[test])[:, 1]
    return answers


def scores(said: np.ndarray, reports: np.ndarray) -> tuple[float, float]:
    """Precision and recall.

    >>> scores(np.array([True, True, False]), np.array([True, False, True]))
    (0.5, 0.5)
    """
    right = float((said & reports).sum())
    return right / max(1.0, float(said.sum())), right / max(1.0, float(reports.sum()))


def intervals(pairs: Sequence[Pair], said: np.ndarray) -> list[tuple[float, float]]:
    """95 % bootstrap intervals of precision and recall; whole groups are drawn."""
    reports = np.array([pair.reports for pair in pairs])
    places: dict[int, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        places[pair.group].append(place)
    draw = random.Random(_SEED)
    rows = []
    for _ in range(_RESAMPLES):
        drawn = draw.choices(list(places.values()), k=len(places))
        chosen = np.array([place for group in drawn for place in group])
        rows.append(scores(said[chosen], reports[chosen]))
    return [
        tuple(np.quantile(column, (0.025, 0.975)).tolist()) for column in zip(*rows, strict=True)
    ]


def fit(pairs: Sequence[Pair]) -> dict[str, object]:
    """The weights, fitted on all pairs, as they stand in the file."""
    model = LogisticRegression(C=_FREEDOM).fit(
        np.array([pair.told for pair in pairs]), [pair.reports for pair in pairs]
    )
    weights = {
        name: round(float(weight), 4) for name, weight in zip(FEATURES, model.coef_[0], strict=True)
    }
    digest = hashlib.sha256(LABELS.read_bytes()).hexdigest()[:8]
    numbers = hashlib.sha256(json.dumps(weights).encode()).hexdigest()[:6]
    return {
        "version": f"{digest}-{numbers}",
        "labels": len(pairs),
        "bias": round(float(model.intercept_[0]), 4),
        "weights": weights,
    }


def train(folder: Path) -> None:
    """Write the table of rarity and the weights that ship."""
    rarity.save_rarity(rarity.count_rarity(_rarity_texts(folder)))
    rarity.shipped_rarity.cache_clear()
    fitted = fit(read_pairs(folder))
    text = json.dumps(fitted, ensure_ascii=False, indent=1) + "\n"
    event_links.SHIPPED.write_text(text, encoding="utf-8")
    click.echo(text)


def _rarity_texts(folder: Path) -> Iterator[list[str]]:
    """Openings of full texts, and items of the press year, as folded syllables."""
    for name in ("press-fulltext-2024-2025.jsonl.gz", "press-fulltext-2016-2019.jsonl.gz"):
        for _, row in zip(range(_RARITY_TEXTS), read_rows(folder / name), strict=False):
            yield fold_for_search(f"{row['title']} {row['text'][:1000]}").split()
    items = list(feed_items(folder / "press-year.warc.gz"))
    for item in random.Random(_SEED).sample(items, 2 * _RARITY_TEXTS):
        yield fold_for_search(f"{item.title} {item.text}").split()


def measure_speed(folder: Path) -> str:
    """Headlines of the press year as events, against a year's items squeezed into a month."""
    draw = random.Random(_SEED)
    items = draw.sample(list(feed_items(folder / "press-year.warc.gz")), 55_000)
    start = datetime(2026, 1, 1, tzinfo=VIETNAM)
    moments = [start + timedelta(minutes=draw.randrange(30 * 24 * 60)) for _ in items]
    events = [
        OfficialEvent(
            id=number, kind=EventKind.RELEASE, agency_id="BNV", title=item.title, text=item.text,
            at=at,
        )
        for number, (item, at) in enumerate(zip(items[:5_000], moments, strict=False), start=1)
    ]  # fmt: skip
    stories = [
        StoryText(
            id=number, headline=item.title, text=item.text, at=at, precision=DatePrecision.SECOND
        )
        for number, (item, at) in enumerate(
            zip(items[5_000:], moments[5_000:], strict=True), start=1
        )
    ]
    began = time.perf_counter()
    links = event_links.link(events, stories)
    seconds = time.perf_counter() - began
    return f"{len(events)} events x {len(stories)} stories: {len(links)} links in {seconds:.1f} s"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--train", "training", is_flag=True, help="Write the weights that ship.")
@click.option("--speed", is_flag=True, help="Time 5,000 events against 50,000 stories.")
@click.option("--show", is_flag=True, help="Print the pairs decided wrongly.")
def main(folder: Path, training: bool, speed: bool, show: bool) -> None:
    """Precision and recall of event links on the texts of FOLDER."""
    if training:
        train(folder)
    if speed:
        click.echo(measure_speed(folder))
        return
    pairs = read_pairs(folder)
    reports = np.array([pair.reports for pair in pairs])
    answers = held_out(pairs)
    groups = len({pair.group for pair in pairs})
    click.echo(f"{len(pairs)} labelled pairs, {reports.sum()} report, {groups} groups")
    for least in (0.3, _ACCEPTED, 0.7):
        said = answers >= least
        precision, recall = scores(said, reports)
        (low, high), (least_found, most_found) = intervals(pairs, said)
        click.echo(
            f"from {least:.1f} on: precision {precision:.3f} ({low:.3f} to {high:.3f})"
            f"  recall {recall:.3f} ({least_found:.3f} to {most_found:.3f})"
        )
    if show:
        for pair, answer in zip(pairs, answers, strict=True):
            if (answer >= _ACCEPTED) != pair.reports:
                told = " ".join(f"{value:.2f}" for value in pair.told)
                click.echo(f"{answer:.2f} {pair.reports:d} [{told}] {pair.event} {pair.story}")


if __name__ == "__main__":
    main()
