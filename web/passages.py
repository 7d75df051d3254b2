"""Texts with passages marked: words found, words that made a tag, words copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from domain.records import Evidence
from domain.text import fold_for_matching, fold_for_search
from storage.article_pages import ArticleText, Said

#: So many words in a row are no coincidence.
_COPIED_WORDS: Final = 6
_KNOWN_WORDS: Final = 20_000
_WORD: Final = re.compile(r"\w+")
_MARK: Final = Markup("<mark>")
_END: Final = Markup("</mark>")
_ASKED: Final = re.compile(r'"([^"]*)"?|(\S+)')
Span = tuple[int, int]


def whole_text(article: ArticleText) -> str:
    """Sapo and body as the tagger reads them: its offsets count from here."""
    return "\n".join(filter(None, (article.description, article.body)))


def paragraphs(text: str, spans: Iterable[Span], *, has_sapo: bool = False) -> Markup:
    """The lines of a text as paragraphs with some stretches marked; all of it escaped."""
    wanted = _merged(spans)
    parts: list[Markup] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        inside = [
            (max(low - start, 0), min(high - start, len(line)))
            for low, high in wanted
            if low < start + len(line) and high > start
        ]
        opening = Markup('<p class="sapo">') if has_sapo and number == 0 else Markup("<p>")
        if line.strip():
            parts.append(opening + marked(line, inside) + Markup("</p>"))
        start += len(line) + 1
    return Markup("\n").join(parts)


def marked(text: str, spans: Iterable[Span]) -> Markup:
    """A text with some stretches marked.

    >>> marked("<b> một cửa", [(4, 11)])
    Markup('&lt;b&gt; <mark>một cửa</mark>')
    """
    parts, place = [], 0
    for low, high in _merged(spans):
        parts += [escape(text[place:low]), _MARK, escape(text[low:high]), _END]
        place = high
    return Markup("").join([*parts, escape(text[place:])])


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        elif low < high:
            found.append((low, high))
    return found


def evidence_spans(text: str, said: Said, part: str) -> list[Span]:
    """Where the words stand that made a tag; words of an older version of the text are left out."""
    if said.finding is None:
        return []
    found: list[Evidence] = [each for held in said.finding.evidence.values() for each in held]
    found += [each for tag in said.finding.agencies for each in tag.evidence]
    return [
        (each.start, each.end)
        for each in found
        if each.part == part and text[each.start : each.end] == each.words
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """This is a word or a phrase of a search, as it is to be marked."""

    folded: list[str]
    #: Its words with diacritics; empty where these do not count.
    written: list[str]


def asked_phrases(asked: str, among: str) -> list[Phrase]:
    """What a search asks to be marked in the texts `among`.

    A phrase asked with diacritics is marked where it stands with the same ones; only where none of
    the texts has it so, it is marked without regard to them, for that is how it was found.
    """
    words, _ = _read(among)
    found = []
    for quoted, word in _ASKED.findall(asked):
        written, plain = _read(quoted or word)
        if any(plain):
            exact = written if written != plain and _places(words, written) else []
            found.append(Phrase(folded=plain, written=exact))
    return found


def found_spans(text: str, phrases: Iterable[Phrase]) -> list[Span]:
    """Where the phrases stand in a text.

    >>> found_spans("cửa của", asked_phrases("cửa", "cửa của"))
    [(0, 3)]
    >>> found_spans("cửa của", asked_phrases("cua", "cửa của"))
    [(0, 3), (4, 7)]
    >>> found_spans("của", asked_phrases("cửa", "của"))
    [(0, 3)]
    """
    stretches = list(_WORD.finditer(text))
    words, folded = _read(text)
    spans = []
    for phrase in phrases:
        if phrase.written:
            places = _places(words, phrase.written)
        else:
            places = _places(folded, phrase.folded)
        size = len(phrase.folded)
        spans += [(stretches[at].start(), stretches[at + size - 1].end()) for at in places]
    return spans


def _read(text: str) -> tuple[list[str], list[str]]:
    """The words of a text as written, but for case and tone placement; and without diacritics."""
    words = _WORD.findall(text)
    return [_matched(word) for word in words], [_searched(word) for word in words]


#: A page holds the same few syllables again and again.
_matched: Final = lru_cache(_KNOWN_WORDS)(fold_for_matching)
_searched: Final = lru_cache(_KNOWN_WORDS)(fold_for_search)


def _places(words: Sequence[str], phrase: Sequence[str]) -> list[int]:
    if not phrase:
        return []
    size = len(phrase)
    return [at for at in range(len(words) - size + 1) if words[at : at + size] == phrase]


def copied_spans(original: str, other: str) -> list[Span]:
    """Where `other` repeats at least six words in a row of `original`."""
    known = set(_runs([fold_for_search(word) for word in _WORD.findall(original)]))
    words = list(_WORD.finditer(other))
    runs = _runs([fold_for_search(word[0]) for word in words])
    return [
        (words[place].start(), words[place + _COPIED_WORDS - 1].end())
        for place, run in enumerate(runs)
        if run in known
    ]


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    size = _COPIED_WORDS
    return [tuple(words[place : place + size]) for place in range(len(words) - size + 1)]


def copied_share(original: str, other: str) -> float | None:
    """How much of a text's letters stand in copied passages; None where it is too short to say."""
    letters = len(other)
    if len(_WORD.findall(other)) < _COPIED_WORDS:
        return None
    return sum(high - low for low, high in _merged(copied_spans(original, other))) / letters
