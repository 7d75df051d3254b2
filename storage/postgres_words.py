"""A document and a question as PostgreSQL's search index has them.

A document is written as lexemes with their places, not by the server's parser, so that a word is a
word of the folded text here as there. A title and its body are one place apart: no phrase runs from
one into the other. Facets are lexemes without a place; their "_" keeps them apart from words.

The server's index knows no places: to tell a phrase from its words, it would open every document
that has them. So a document also says which words stand side by side in it, each pair as one of
65,536 numbers, and of a phrase only the documents with its pairs are opened.

The server keeps 256 places of a word and 16,383 places of a text: a phrase that stands only beyond
them is not found, its single words are. Of a text with more than 900 kilobytes of different words,
the last ones are left out.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, Final

#: The server refuses longer words; no word of a language is as long.
_LONGEST_WORD: Final = 1_000
#: The places of a text, as they are written.
_PLACES: Final = tuple(map(str, range(16_384)))
_PLACES_A_WORD: Final = 256
#: The server takes a megabyte of words and their places, in a form of its own.
_LARGEST_DOCUMENT: Final = 900_000
_NUMBERS_OF_PAIRS: Final = 1 << 16
#: Odd, so that "một cửa" and "cửa một" differ.
_STEP: Final = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerQuestion:
    """This is a question in the server's language: every phrase and every facet is required."""

    #: The whole question; a document must be opened to tell whether it answers a phrase.
    match: str
    #: Its words and facets in any order, and the pairs of its phrases: the index alone tells.
    words: str
    pairs: tuple[int, ...]

    @property
    def bound(self) -> dict[str, Any]:
        """Its values, by the names that `condition` has them under."""
        return {"match": self.match, "words": self.words, "pairs": list(self.pairs)}

    @property
    def condition(self) -> str:
        """What is asked of a row of the index: all that the index can tell."""
        paired = " AND pairs @> CAST(:pairs AS smallint[])" if self.pairs else ""
        return f"document @@ CAST(:words AS tsquery){paired}"

    @property
    def check(self) -> str:
        """What is asked of a document that is found so; empty where nothing is left to ask."""
        return "document @@ CAST(:match AS tsquery)" if self.pairs else ""


def question_of(phrases: Sequence[str], facets: Sequence[str]) -> ServerQuestion:
    """The question that asks for all of these.

    >>> asked = question_of(["mot cua", "so"], ["r_1"])
    >>> asked.match
    "('mot' <-> 'cua') & 'so' & 'r_1'"
    >>> asked.words
    "'mot' & 'cua' & 'so' & 'r_1'"
    """
    split = [_shortened(phrase) for phrase in phrases]
    quoted = [[f"'{word}'" for word in words] for words in split]
    asked = [f"'{facet}'" for facet in facets]
    return ServerQuestion(
        match=" & ".join(
            [f"({' <-> '.join(words)})" if len(words) > 1 else words[0] for words in quoted] + asked
        ),
        words=" & ".join([word for words in quoted for word in words] + asked),
        pairs=tuple(sorted(pairs_of(*phrases))),
    )


def pairs_of(*texts: str) -> set[int]:
    """The numbers of the words that stand side by side in each text.

    >>> pairs_of("mot cua") < pairs_of("bo phan mot cua")
    True
    """
    return {
        (_STEP * first + second) % _NUMBERS_OF_PAIRS - _NUMBERS_OF_PAIRS // 2
        for each in texts
        for first, second in pairwise(map(_number_of, _shortened(each)))
    }


@lru_cache(maxsize=100_000)
def _number_of(word: str) -> int:
    return zlib.crc32(word.encode()) % _NUMBERS_OF_PAIRS


def document_of(title: str, body: str, facets: str) -> str:
    """A document as the server reads it, of folded texts.

    >>> document_of("mot cua", "cua so", "o_bao_vi_du")
    'mot:1 cua:2,4 so:5 o_bao_vi_du'
    """
    places: defaultdict[str, list[str]] = defaultdict(list)
    words = _shortened(title)
    for start, part in ((1, words), (len(words) + 2, _shortened(body))):
        numbers = _PLACES[start : start + len(part)]
        for number, word in zip(numbers, part, strict=False):
            places[word].append(number)
        places |= {word: places.get(word, []) for word in part[len(numbers) :]}
    lexemes = [
        f"{word}:{','.join(held[:_PLACES_A_WORD])}" if held else word
        for word, held in places.items()
    ]
    if sum(map(len, lexemes)) > _LARGEST_DOCUMENT:
        sizes = accumulate(map(len, lexemes))
        lexemes = [
            each for each, size in zip(lexemes, sizes, strict=True) if size <= _LARGEST_DOCUMENT
        ]
    return " ".join([*lexemes, *facets.split()])


def _shortened(text: str) -> list[str]:
    words = text.split()
    if len(text) > _LONGEST_WORD and max(map(len, words)) > _LONGEST_WORD:
        return [word[:_LONGEST_WORD] for word in words]
    return words
