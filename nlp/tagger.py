"""Texts in, findings out: relevance, areas, agencies, form, tone, audience, aspect, evidence."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import UNKNOWN, Area
from domain.records import Evidence, Finding, TagInput
from domain.taxonomy import Taxonomy
from nlp.features import Reading, host_and_path
from nlp.folded import evidence_of, fold
from nlp.lexicon import Lexicon, TermHit
from nlp.linker import Linker
from nlp.model import Head, Model, load_model
from nlp.sifting import is_abroad

#: A title is read this far, a text this far: enough for any article, and 5 MB cannot stall a run.
TITLE_LIMIT: Final = 1_000
TEXT_LIMIT: Final = 20_000
#: Texts scored together; bounds the memory of a batch.
_BATCH = 512
#: Below this no code of an exclusive question is said to be true.
_LEAST_SURE = 0.34
#: Highlighted stretches an area, at most.
_EVIDENCE_LIMIT = 20
#: Fewer letters than this say nothing of form, tone, audience or aspect.
_LEAST_LETTERS = 15

#: Relevance at most where every ministry named is foreign: of 16 such labelled articles none was.
_ABROAD = 0.05

#: Counts up with every change of the rules that decide agencies: what was tagged is tagged again.
_RULES: Final = 2

#: Below this relevance an article has no aspect; between here and the threshold it has the likely
#: one, for whoever finds the article relevant after all.
_CERTAINLY_NOT: Final = 0.25

_RELEVANCE, _AREAS = "relevance", "areas"
_QUESTIONS = ("form", "tone", "audience", "aspect")


class TextReader:
    """This makes articles ready: folded, with the terms of the lexicon found."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._lexicon = Lexicon(taxonomy)

    def read(self, article: TagInput) -> Reading:
        """Fold title and text (cut at their limits) and find the terms known in the year."""
        title = fold(article.title, TITLE_LIMIT)
        text = fold(article.text, TEXT_LIMIT)
        day = day_of(article)
        year = day.year if day else None
        return Reading(
            title=title,
            text=text,
            title_terms=self._lexicon.find(title, year),
            text_terms=self._lexicon.find(text, year),
            url=article.url,
        )


def day_of(article: TagInput) -> date | None:
    """The Vietnamese day of publication, None where unknown."""
    moment = article.published_at
    if moment is None:
        return None
    return moment.astimezone(VIETNAM).date() if moment.tzinfo else moment.date()


class Tagger:
    """This reads articles; it is loaded once and keeps nothing of them."""

    def __init__(
        self,
        model: Model,
        register: AgencyRegister,
        taxonomy: Taxonomy,
        homes: Mapping[str, str] | None = None,
    ) -> None:
        self._model = model
        self._reader = TextReader(taxonomy)
        self._vectorizer = model.vectorizer()
        self._linker = Linker(register, model.link_weights())
        self._heads = {head.name: head for head in model.heads}
        #: The province of an outlet, by its id and by its hosts.
        self._homes = homes or {}
        data = f"{register.version} {taxonomy.version} {_RULES}"
        #: Model, register, lexicon and rules: equal versions find equally.
        self.version = f"{model.version}-{hashlib.sha256(data.encode()).hexdigest()[:6]}"

    def tag(self, texts: Sequence[TagInput]) -> list[Finding]:
        """Read articles, in order.

        Any text will do: empty, English, damaged. Titles are read up to `TITLE_LIMIT` characters,
        texts up to `TEXT_LIMIT`; relevance, areas and form are judged by the first 1,600.
        """
        return [
            finding
            for first in range(0, len(texts), _BATCH)
            for finding in self._tag_batch(texts[first : first + _BATCH])
        ]

    def _tag_batch(self, texts: Sequence[TagInput]) -> Iterator[Finding]:
        readings = [self._reader.read(article) for article in texts]
        answers = self._model.probabilities(self._vectorizer.rows(readings))
        for row, (article, reading) in enumerate(zip(texts, readings, strict=True)):
            yield self._finding(article, reading, {name: p[row] for name, p in answers.items()})

    def _finding(
        self, article: TagInput, reading: Reading, answers: dict[str, np.ndarray]
    ) -> Finding:
        relevance = float(answers[_RELEVANCE][0])
        mentions = self._linker.mentions(reading)
        if is_abroad(mentions):
            relevance = min(relevance, _ABROAD)
        readable = _has_words(reading)
        relevant = readable and relevance >= self._heads[_RELEVANCE].decision[0]
        areas = self._areas(answers[_AREAS]) if relevant else {}
        decided = {name: self._decided(name, answers[name]) for name in _QUESTIONS}
        if relevance < _CERTAINLY_NOT:
            decided["aspect"] = "na"
        if not readable:
            decided = dict.fromkeys(_QUESTIONS, UNKNOWN)
        return Finding(
            id=article.id,
            model_version=self.version,
            relevance=round(relevance if readable else 0.0, 4),
            relevant=relevant,
            areas=areas,
            agencies=self._linker.link(
                reading, day_of(article), relevance, mentions, home=self._home(article)
            ),
            **decided,
            scores={
                name: _named(self._heads[name], answers[name]) for name in (_AREAS, *_QUESTIONS)
            },
            evidence=_evidence(reading, areas),
        )

    def _home(self, article: TagInput) -> str:
        """The province of the outlet on the article's day, "" where it has none or is not known."""
        host, _ = host_and_path(article.url)
        province = self._homes.get(article.outlet, "")
        part = host
        while not province and part:
            province = self._homes.get(part, "")
            part = part.partition(".")[2]
        return self._linker.home_on(province, host, day_of(article)) if province else ""

    def _areas(self, probabilities: np.ndarray) -> dict[Area, float]:
        """The areas above their threshold, likeliest first; the likeliest where none is."""
        head = self._heads[_AREAS]
        over = [p / least for p, least in zip(probabilities, head.decision, strict=True)]
        best = max(over)
        chosen = [i for i, ratio in enumerate(over) if ratio >= 1 or (best < 1 and ratio == best)]
        chosen.sort(key=lambda i: -over[i])
        return {Area(head.codes[i]): round(float(probabilities[i]), 4) for i in chosen}

    def _decided(self, name: str, probabilities: np.ndarray) -> str:
        head = self._heads[name]
        weighed = probabilities * np.array(head.decision)
        best = int(weighed.argmax())
        return head.codes[best] if weighed[best] / weighed.sum() >= _LEAST_SURE else UNKNOWN


def load_tagger(
    *,
    register: AgencyRegister,
    taxonomy: Taxonomy,
    model_folder: Path | None = None,
    homes: Mapping[str, str] | None = None,
) -> Tagger:
    """Load a tagger; without a folder, the model that comes with the program.

    `homes` names the province of provincial outlets, by their ids and hosts.
    """
    return Tagger(load_model(model_folder), register, taxonomy, homes)


def _has_words(reading: Reading) -> bool:
    head = reading.title.lower + reading.text.lower[:400]
    return len(list(islice(filter(str.isalpha, head), _LEAST_LETTERS))) == _LEAST_LETTERS


def _named(head: Head, probabilities: np.ndarray) -> dict[str, float]:
    return {code: round(float(p), 4) for code, p in zip(head.codes, probabilities, strict=True)}


def _evidence(reading: Reading, areas: dict[Area, float]) -> dict[str, tuple[Evidence, ...]]:
    """The terms of the decided areas as they stand in the article, title first."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for part, text, hits in (
        ("title", reading.title, reading.title_terms),
        ("text", reading.text, reading.text_terms),
    ):
        for hit in hits:
            for area in _areas_of(hit):
                if area in areas and len(found[area]) < _EVIDENCE_LIMIT:
                    found[area].append(evidence_of(part, text, hit.start, hit.end))
    return {area: tuple(stretches) for area, stretches in found.items()}


def _areas_of(hit: TermHit) -> set[Area]:
    return {term.area for term in hit.terms if term.area is not None and not hit.is_lookalike}
