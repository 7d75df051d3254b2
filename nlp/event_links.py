"""Which stories report which official events, how surely, and why.

Candidates are found by index: a story that names the event's document, and the stories that share
most rare words with its title, within the days. What speaks for a pair is eight numbers, weighed by
a logistic regression whose weights are a JSON file; how they were fitted and what they reach on
labelled pairs stands in docs/event-links.md. How sure a link is depends on its event and story
alone.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from domain.errors import UsageError
from domain.events import EventLink, OfficialEvent, StoryText
from nlp.event_pairs import (
    FEATURES,
    ReadyEvent,
    ReadyStory,
    days_after,
    features,
    ready_event,
    ready_story,
)
from nlp.rarity import shipped_rarity

SHIPPED: Final = Path(__file__).parent / "data" / "event-links.json"
#: Links less sure than this are left out.
LEAST: Final = 0.2
#: A story may run ahead of an event (a draft, a leak), and follow it for so long.
AHEAD: Final = timedelta(days=3)
BEHIND: Final = timedelta(days=30)
#: A day without its hour may be any moment of it.
_DAY: Final = timedelta(days=1)
#: Stories that share most rare words with an event's title, compared closely.
_NEAREST: Final = 20
#: A word less rare than this brings no candidate; less likeness than this is none.
_RARE: Final = 3.0
_LEAST_LIKE: Final = 0.08
_EVENTS_AT_ONCE: Final = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkModel:
    """This holds the weights of the regression."""

    weights: tuple[float, ...]
    bias: float
    version: str

    def probability(self, features: Sequence[float]) -> float:
        """How probable it is that the story reports the event."""
        score = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-score))


def load_link_model(path: Path = SHIPPED) -> LinkModel:
    """Read the weights; a file that cannot be used is a `UsageError`."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(float(data["weights"][name]) for name in FEATURES)
        return LinkModel(weights=weights, bias=float(data["bias"]), version=str(data["version"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"Không đọc được trọng số nối sự kiện với tin, bài trong {path}: {error!r}. "
            "Cài lại chương trình để có lại tệp này."
        ) from error


def link(
    events: Sequence[OfficialEvent],
    stories: Sequence[StoryText],
    *,
    model: LinkModel | None = None,
) -> list[EventLink]:
    """The links of events to stories, by event and story; unsure ones are left out.

    Each pair is judged by itself, so batches may be cut as one likes as long as a batch has the
    stories of the days around its events.
    """
    model = model or load_link_model()
    heard = [ready_story(story) for story in stories]
    links = []
    for event, near in _candidates([ready_event(event) for event in events], heard):
        for place in near:
            told = features(event, heard[place])
            score = model.probability(told)
            if score >= LEAST:
                links.append(_link(event, heard[place], told, score, model.version))
    return sorted(links, key=lambda each: (each.event_id, each.story_id))


def _candidates(
    events: Sequence[ReadyEvent], stories: Sequence[ReadyStory]
) -> Iterator[tuple[ReadyEvent, list[int]]]:
    """Each event with the places of the stories worth comparing, by index."""
    if not events or not stories:
        return
    moments = np.array([each.story.at.timestamp() for each in stories])
    named: dict[str, list[int]] = defaultdict(list)
    for place, story in enumerate(stories):
        for number in story.numbers:
            named[number.number].append(place)
    told = _rows([story.lead for story in stories]).T.tocsc()
    for start in range(0, len(events), _EVENTS_AT_ONCE):
        some = events[start : start + _EVENTS_AT_ONCE]
        alike = (_rows([each.title for each in some]) @ told).tocsr()
        for row, event in enumerate(some):
            span = slice(alike.indptr[row], alike.indptr[row + 1])
            near = _nearest(event, alike.indices[span], alike.data[span], moments)
            # A story that names the document counts however little of the title it repeats.
            same = _naming(event, named, stories, moments)
            yield event, sorted(near | same)


def _rows(sets: Sequence[frozenset[int]]) -> csr_array:
    """One row of unit length a set of terms, of its rare terms."""
    rarity = shipped_rarity()
    columns, sizes, data = [], [0], []
    for chosen in sets:
        every = np.fromiter(sorted(chosen), np.int64, len(chosen))
        rare = every[rarity[every] >= _RARE]
        weights = rarity[rare]
        columns.append(rare)
        sizes.append(len(rare))
        data.append(weights / max(1e-9, float(np.sqrt((weights**2).sum()))))
    return csr_array(
        (np.concatenate(data), np.concatenate(columns), np.cumsum(sizes)),
        shape=(len(sets), len(rarity)),
    )


def _nearest(
    event: ReadyEvent, places: np.ndarray, likeness: np.ndarray, moments: np.ndarray
) -> set[int]:
    kept = _within(event, moments[places]) & (likeness >= _LEAST_LIKE)
    places, likeness = places[kept], likeness[kept]
    # Equally alike: by moment and number of the list, whatever the sparse product's order.
    order = np.lexsort((places, -likeness))[:_NEAREST]
    return set(places[order].tolist())


def _naming(
    event: ReadyEvent,
    named: Mapping[str, Sequence[int]],
    stories: Sequence[ReadyStory],
    moments: np.ndarray,
) -> set[int]:
    if event.number is None:
        return set()
    found = np.array(named.get(event.number.number, ()), int)
    near = found[_within(event, moments[found])].tolist()
    return {p for p in near if any(event.number.may_be(n) for n in stories[p].numbers)}


def _within(event: ReadyEvent, moments: np.ndarray) -> np.ndarray:
    at = event.event.at
    first, last = (at - AHEAD).timestamp(), (at + BEHIND + _DAY).timestamp()
    return np.asarray((moments >= first) & (moments < last))


def _link(
    event: ReadyEvent, story: ReadyStory, told: Sequence[float], score: float, version: str
) -> EventLink:
    values = dict(zip(FEATURES, told, strict=True))
    evidence: dict[str, float | str] = {
        name: round(values[name], 3) for name in ("title", "lead", "headline", "reuse")
    }
    evidence["days"] = round(days_after(event.event, story.story), 2)
    if values["number"] and event.number is not None:
        evidence["number"] = event.event.number or _as_written(event.number.number, event.event)
    if values["agency"]:
        evidence["agency"] = event.event.agency_id
    return EventLink(
        event_id=event.event.id,
        story_id=story.story.id,
        score=round(score, 4),
        evidence=evidence,
        model_version=version,
    )


def _as_written(number: str, event: OfficialEvent) -> str:
    """The document's number as the release prints it: "245/2025/NĐ-CP".

    >>> from datetime import datetime
    >>> from domain.events import EventKind
    >>> told = {"kind": EventKind.RELEASE, "agency_id": "CP", "at": datetime(2026, 7, 1)}
    >>> _as_written("245", OfficialEvent(title="Nghị định 245/2025/NĐ-CP về chứng khoán", **told))
    '245/2025/NĐ-CP'
    """
    whole = rf"(?<![\d/])0*{number}(?!\d)(?:\s*[/–-]\s*\w+)*"
    found = re.search(whole, f"{event.title}\n{event.text}")
    return found.group() if found else number
