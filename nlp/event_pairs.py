"""An event and a story side by side: what speaks for it that the one reports the other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.codes import DatePrecision
from domain.events import OfficialEvent, StoryText
from domain.text import fold_for_search
from nlp.documents import DocumentNumber, document_numbers
from nlp.rarity import shipped_rarity, terms

#: What is weighed, in the order of the weights.
FEATURES: Final = (
    "number", "other_number", "agency", "title", "lead", "headline", "reuse", "days",
)  # fmt: skip
#: Syllables of a story that are read: title, sapo and opening say what it reports.
_LEAD: Final = 150
#: Syllables of a release that name its document, where its title does not.
_RELEASE_OPENING: Final = 60
#: Syllables of a release that are read.
_RELEASE: Final = 3_000
#: Syllables that begin a story, whose documents are its subject.
_OPENING: Final = 400
_SHINGLE: Final = 3
_SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class ReadyEvent:
    """This is an event made ready for comparison."""

    event: OfficialEvent
    number: DocumentNumber | None
    title: frozenset[int]
    #: Terms of title and release.
    told: frozenset[int]
    release: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadyStory:
    """This is a story made ready for comparison."""

    story: StoryText
    numbers: tuple[DocumentNumber, ...]
    headline: frozenset[int]
    lead: frozenset[int]
    shingles: frozenset[str]


def ready_event(event: OfficialEvent) -> ReadyEvent:
    """Read an event: its document, the words of its title, the shingles of its release."""
    opening = " ".join(event.text.split()[:_RELEASE_OPENING])
    parts = (event.number, event.title, opening)
    named = next(filter(None, map(document_numbers, parts)), [])
    title = fold_for_search(event.title).split()
    text = fold_for_search(event.text).split()[:_RELEASE]
    return ReadyEvent(
        event=event,
        number=named[0] if named else None,
        title=frozenset(terms(title)),
        told=frozenset(terms(title + text)),
        release=frozenset(_shingles(title + text)),
    )


def ready_story(story: StoryText) -> ReadyStory:
    """Read a story: the documents it names, the words of its headline and opening."""
    opening = " ".join(story.text.split()[:_OPENING])
    headline = fold_for_search(story.headline).split()
    lead = (headline + fold_for_search(opening).split())[:_LEAD]
    return ReadyStory(
        story=story,
        numbers=tuple(document_numbers(f"{story.headline}. {opening}")),
        headline=frozenset(terms(headline)),
        lead=frozenset(terms(lead)),
        shingles=frozenset(_shingles(lead)),
    )


def features(event: ReadyEvent, story: ReadyStory) -> tuple[float, ...]:
    """What speaks for a pair and against it, in the order of `FEATURES`."""
    days = days_after(event.event, story.story)
    number = _number_agrees(event.number, story.numbers)
    return (
        number,
        _names_another(event.number, story.numbers) if not number else 0.0,
        _agency_agrees(event.event, story.story),
        _likeness(event.title, story.headline),
        _held(event.title, story.lead),
        _held(story.headline, event.told),
        len(event.release & story.shingles) / max(1, len(story.shingles)),
        math.log1p(abs(days)),
    )


def _shingles(syllables: Sequence[str]) -> Iterator[str]:
    following = (syllables[start:] for start in range(_SHINGLE))
    return (" ".join(part) for part in zip(*following, strict=False))


def days_after(event: OfficialEvent, story: StoryText) -> float:
    """Days from the event to the story; a day alone may be any moment of it."""
    seconds = (story.at - event.at).total_seconds()
    loose = DatePrecision.DAY in (event.precision, story.precision)
    if loose and abs(seconds) < _SECONDS_A_DAY:
        return 0.0
    return seconds / _SECONDS_A_DAY


def _number_agrees(number: DocumentNumber | None, told: Iterable[DocumentNumber]) -> float:
    """1 where the story names the document with its issuer, .6 without it."""
    if number is None:
        return 0.0
    return max(
        (1.0 if number.is_surely(each) else 0.6 for each in told if number.may_be(each)),
        default=0.0,
    )


def _names_another(number: DocumentNumber | None, told: Iterable[DocumentNumber]) -> float:
    """1 where the story names a document of the event's kind, but not the event's."""
    return float(number is not None and any(each.kind == number.kind for each in told))


def _agency_agrees(event: OfficialEvent, story: StoryText) -> float:
    """1 where the story is about the issuer, .5 where it names it."""
    if event.agency_id in story.focus:
        return 1.0
    return 0.5 if event.agency_id in story.mention else 0.0


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Cosine of two sets of terms, each weighed by its rarity."""
    whole = _weight(one, squared=True) * _weight(other, squared=True)
    return _weight(one & other, squared=True) / math.sqrt(whole) if whole else 0.0


def _held(part: frozenset[int], whole: frozenset[int]) -> float:
    """Share of a set of terms, by rarity, that another one holds."""
    all_of_it = _weight(part)
    return _weight(part & whole) / all_of_it if all_of_it else 0.0


def _weight(chosen: frozenset[int], *, squared: bool = False) -> float:
    if not chosen:
        return 0.0
    weights = shipped_rarity()[np.fromiter(sorted(chosen), np.int64, len(chosen))]
    return float((weights**2).sum() if squared else weights.sum())
