"""The terms of the taxonomy found in a text: longest first, whole words, in their own era."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import ahocorasick

from domain.taxonomy import NEGATIVE, Taxonomy, Term
from domain.text import fold_for_matching
from nlp.folded import Folded

#: How far around a term its required context may stand.
_CONTEXT_REACH = 400


@dataclass(frozen=True, slots=True)
class TermHit:
    """This is a stretch of folded text that is a term; one writing may serve several areas."""

    start: int
    end: int
    terms: tuple[Term, ...]

    @property
    def is_lookalike(self) -> bool:
        """Whether the words only look like administrative reform."""
        return any(term.theme == NEGATIVE for term in self.terms)


class Lexicon:
    """This finds taxonomy terms; it is built once and keeps nothing of the texts."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        by_writing: dict[str, list[Term]] = defaultdict(list)
        for term in taxonomy.terms:
            by_writing[_writing(term.term)].append(term)
        self._automaton = ahocorasick.Automaton()
        for writing, terms in by_writing.items():
            self._automaton.add_word(writing, (len(writing), tuple(terms)))
        self._automaton.make_automaton()
        self._contexts = {
            term.needs_context: re.compile(term.needs_context, re.IGNORECASE)
            for term in taxonomy.terms
            if term.needs_context
        }

    def find(self, text: Folded, year: int | None) -> list[TermHit]:
        """The terms of a text, left to right, none inside another; of any era if no year."""
        lower = text.lower
        found = [
            (end - length + 1, -length, terms)
            for end, (length, terms) in self._automaton.iter(lower)
            if is_whole(lower, end - length + 1, end + 1)
        ]
        found.sort(key=lambda hit: hit[:2])
        hits: list[TermHit] = []
        reached = 0
        for start, minus_length, terms in found:
            if start < reached:
                continue
            reached = start - minus_length
            meant = self._meant(terms, lower, start, reached, year)
            if meant:
                hits.append(TermHit(start, reached, meant))
        return hits

    def _meant(
        self, terms: Sequence[Term], lower: str, start: int, end: int, year: int | None
    ) -> tuple[Term, ...]:
        around = ""
        meant = []
        for term in terms:
            if year is not None and not term.is_known_in(year):
                continue
            if term.needs_context:
                around = around or _around(lower, start, end)
                if not self._contexts[term.needs_context].search(around):
                    continue
            meant.append(term)
        return tuple(meant)


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch neither begins nor ends inside a word."""
    return not (
        (start > 0 and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum())
    )


def _writing(term: str) -> str:
    return fold_for_matching(term).replace("–", "-").replace("—", "-")


def _around(text: str, start: int, end: int) -> str:
    """The paragraph around a stretch, without the stretch itself, at most so far."""
    left = max(text.rfind("\n", 0, start) + 1, start - _CONTEXT_REACH)
    right = text.find("\n", end)
    right = min(len(text) if right < 0 else right, end + _CONTEXT_REACH)
    return text[left:start] + " " + text[end:right]
