"""Which of the mentions count: foreign ministries and lone abbreviations are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from nlp.aliases import Writing
from nlp.mentions import Mention

_OF_MINISTRIES: Final = frozenset({Writing.NAME, Writing.ABBREVIATION, Writing.PORTFOLIO})


def in_world_news(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions of an article of the section of world news.

    A ministry there is foreign unless the text calls it Vietnam's own.
    """
    return [
        replace(mention, foreign=True)
        if mention.writing in _OF_MINISTRIES and not mention.vietnamese
        else mention
        for mention in mentions
    ]


def is_abroad(mentions: Sequence[Mention]) -> bool:
    """Whether ministries are named and all of them are foreign, with no organ of Vietnam beside."""
    at_home = (
        mention.writing is not Writing.PLACE or mention.cue != "bare"
        for mention in without_foreign(mentions)
    )
    return any(mention.foreign for mention in mentions) and not any(at_home)


def without_lone_abbreviations(found: Sequence[Mention]) -> list[Mention]:
    """An ambiguous abbreviation counts only where the full name also stands."""
    named = {
        agency
        for mention in found
        if mention.writing is not Writing.AMBIGUOUS
        for agency in mention.agencies
    }
    return [
        mention
        for mention in found
        if mention.writing is not Writing.AMBIGUOUS or mention.agencies[0] in named
    ]


def without_foreign(found: Sequence[Mention]) -> list[Mention]:
    """A ministry first called foreign stays foreign until the text says Việt Nam."""
    foreign: set[str] = set()
    kept = []
    for mention in found:
        name = mention.agencies[0]
        if mention.foreign:
            foreign.add(name)
            continue
        if mention.vietnamese:
            foreign.discard(name)
        if name not in foreign or mention.writing is Writing.PLACE:
            kept.append(mention)
    return kept
