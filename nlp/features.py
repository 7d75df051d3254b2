"""What the classifier sees of an article: syllable 1-2-grams, terms of the lexicon, its shape."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np
from scipy.sparse import csr_array

from domain.codes import Area
from domain.taxonomy import NEGATIVE
from nlp.folded import Folded
from nlp.lexicon import TermHit

#: The classifier reads the head of an article: what it was trained on, and where the news stands.
HEAD = 1600
#: A longer text is an article, a shorter one the title and sapo of a feed: of the labelled texts
#: hardly one lies near the border.
WHOLE = 450
#: The sapo, where a term weighs more than further down.
LEAD = 300

_SYLLABLE = re.compile(r"[^\W_]+")
_DOCUMENT = re.compile(r"\d+/(?:\d{4}/)?[A-ZĐ]{2,}")
_ARTICLE = re.compile(r"\bđiều \d+|\bkhoản \d+")
_SPEECH = re.compile(r"[“”\"]")
_GOVERNMENT_HOST = re.compile(r"(?:^|\.)(?:gov|chinhphu)\.vn$")

_PARTS = ("title", "lead", "body")
_THEMES = (*(str(area) for area in Area), "cross", NEGATIVE)
TERM_FEATURES = tuple(f"{theme}:{part}" for theme in _THEMES for part in _PARTS)
SHAPE_FEATURES = (
    "length", "heading", "bold", "question_title", "questions", "quotes", "document_title",
    "documents", "articles", "colon_title", "digit_title", "government_host", "foreign_section",
    "whole",
)  # fmt: skip
DENSE_FEATURES = TERM_FEATURES + SHAPE_FEATURES
_COLUMN = {name: column for column, name in enumerate(TERM_FEATURES)}


@dataclass(frozen=True, slots=True)
class Reading:
    """This is an article made ready for the classifier and for the search for evidence."""

    title: Folded
    text: Folded
    title_terms: Sequence[TermHit]
    text_terms: Sequence[TermHit]
    url: str


def syllables(text: str) -> list[str]:
    """The words of folded text; a number is only as good as its length.

    >>> syllables("năm 2025, 12 sở")
    ['năm', '0000', '00', 'sở']
    """
    return ["0" * min(len(word), 5) if word.isdigit() else word for word in _SYLLABLE.findall(text)]


def grams(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours.

    >>> grams(["một", "cửa", "số"])
    ['một', 'cửa', 'số', 'một cửa', 'cửa số']
    """
    return [*words, *(f"{left} {right}" for left, right in pairwise(words))]


def title_grams(reading: Reading) -> list[str]:
    """The grams of the title."""
    return grams(syllables(reading.title.lower))


def all_grams(reading: Reading) -> list[str]:
    """The grams of title and head together."""
    return title_grams(reading) + grams(syllables(reading.text.lower[:HEAD]))


def dense_features(reading: Reading) -> list[float]:
    """How many terms of each theme stand where, and the shape of the text."""
    counts = [0.0] * len(TERM_FEATURES)
    for part, hits in (("title", reading.title_terms), ("text", reading.text_terms)):
        for hit in hits:
            if hit.start >= HEAD:
                break
            where = part if part == "title" else "lead" if hit.start < LEAD else "body"
            for term in hit.terms:
                theme = str(term.area) if term.area else NEGATIVE if hit.is_lookalike else "cross"
                counts[_COLUMN[f"{theme}:{where}"]] += 0.5 if term.strength == "weak" else 1.0
    return [math.log1p(count) for count in counts] + _shape(reading)


def _shape(reading: Reading) -> list[float]:
    title, head = reading.title.kept, reading.text.kept[:HEAD]
    lower = reading.text.lower[:HEAD]
    host, path = host_and_path(reading.url)
    return [
        math.log1p(len(head)) / 4,
        math.log1p(head.count("\n#")),
        math.log1p(head.count("**")),
        float("?" in title),
        math.log1p(head.count("?")),
        math.log1p(len(_SPEECH.findall(head))),
        float(bool(_DOCUMENT.search(title))),
        math.log1p(len(_DOCUMENT.findall(head))),
        math.log1p(len(_ARTICLE.findall(lower))),
        float(":" in title),
        float(any(char.isdigit() for char in title)),
        float(bool(_GOVERNMENT_HOST.search(host))),
        float("/the-gioi/" in path),
        float(len(head) > WHOLE),
    ]


def host_and_path(url: str) -> tuple[str, str]:
    """The host and the path of a web address, both "" where it is none or damaged.

    >>> host_and_path("https://BaoViDu.vn/a-1.html"), host_and_path("http://[x"), host_and_path("")
    (('baovidu.vn', '/a-1.html'), ('', ''), ('', ''))
    """
    try:
        address = urlsplit(url)
    except ValueError:
        return "", ""
    if not address.scheme.startswith("http"):
        return "", ""
    return address.hostname or "", address.path


class Vectorizer:
    """This turns readings into rows of numbers over a fixed list of grams."""

    def __init__(
        self,
        body: Sequence[str],
        body_idf: np.ndarray,
        title: Sequence[str],
        title_idf: np.ndarray,
    ) -> None:
        self._body = {gram: column for column, gram in enumerate(body)}
        self._title = {gram: column for column, gram in enumerate(title)}
        self._body_idf, self._title_idf = body_idf, title_idf
        self.width = len(body) + len(title) + len(DENSE_FEATURES)

    def rows(self, readings: Sequence[Reading]) -> csr_array:
        """One row a reading: grams of all, grams of the title, dense features."""
        starts = [0]
        columns: list[int] = []
        values: list[float] = []
        first_title = len(self._body)
        first_dense = first_title + len(self._title)
        for reading in readings:
            in_title = title_grams(reading)
            in_all = in_title + grams(syllables(reading.text.lower[:HEAD]))
            _weigh(in_all, self._body, self._body_idf, 0, columns, values)
            _weigh(in_title, self._title, self._title_idf, first_title, columns, values)
            dense = dense_features(reading)
            columns.extend(range(first_dense, first_dense + len(dense)))
            values.extend(dense)
            starts.append(len(columns))
        return csr_array(
            (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int32)),
            shape=(len(readings), self.width),
        )


def _weigh(
    found: list[str],
    vocabulary: dict[str, int],
    idf: np.ndarray,
    first: int,
    columns: list[int],
    values: list[float],
) -> None:
    """Append the tf-idf weights of one text, of length one, to the growing row."""
    counts = Counter(column for column in map(vocabulary.get, found) if column is not None)
    if not counts:
        return
    where = np.fromiter(counts.keys(), np.int64, len(counts))
    weights = (1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))) * idf[where]
    columns.extend((where + first).tolist())
    values.extend((weights / np.sqrt(weights @ weights)).tolist())
