"""Reform areas and the terms that speak for them, or against them.

The terms are a seed lexicon: what each is worth is fitted on labelled articles. The rows of
``data/areas.csv`` say which code of the lexicon is which reform area; themes that cut across the
areas (X1..X5) and look-alikes (NEG) have a theme instead of an area.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from domain.codes import Area

#: The theme of terms that look like administrative reform and are not.
NEGATIVE: Final = "neg"


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """This is one term of the lexicon."""

    #: The reform area; None for a cross-cutting theme or a look-alike.
    area: Area | None
    #: ``X1``..``X5`` for a cross-cutting theme, ``neg`` for a look-alike, "" with an area.
    theme: str
    subtopic: str
    term: str
    #: ``doc`` (a document number), ``core``, ``strong``, ``weak`` or ``neg``.
    strength: str
    #: A pattern that must match in the same paragraph for the term to count, "" for none.
    needs_context: str
    #: The first year in which the term can mean this; None for always.
    from_year: int | None
    note: str

    def is_known_in(self, year: int) -> bool:
        """Whether the term already had this meaning in `year`."""
        return self.from_year is None or self.from_year <= year


class Taxonomy:
    """This is the lexicon, asked by area and year."""

    def __init__(self, terms: Iterable[Term], version: str) -> None:
        #: Every term, in the order of the data.
        self.terms = tuple(terms)
        #: Short hash of the data: equal versions answer equally.
        self.version = version

    def of_area(self, area: Area, year: int) -> tuple[Term, ...]:
        """The terms that spoke for `area` in `year`."""
        return tuple(term for term in self.terms if term.area == area and term.is_known_in(year))

    @property
    def negatives(self) -> tuple[Term, ...]:
        """The look-alikes: terms that speak against administrative reform."""
        return tuple(term for term in self.terms if term.theme == NEGATIVE)


def read_taxonomy() -> Taxonomy:
    """Read the lexicon that comes with the program."""
    folder = files("domain") / "data"
    areas = (folder / "areas.csv").read_text(encoding="utf-8")
    terms = (folder / "taxonomy.csv").read_text(encoding="utf-8")
    meaning = {row["code"]: row for row in csv.DictReader(areas.splitlines())}
    version = hashlib.sha256((areas + terms).encode()).hexdigest()[:12]
    rows = csv.DictReader(terms.splitlines())
    return Taxonomy((_term(row, meaning[row["code"]]) for row in rows), version)


def _term(row: dict[str, str], meaning: dict[str, str]) -> Term:
    return Term(
        area=Area(meaning["area"]) if meaning["area"] else None,
        theme=meaning["theme"],
        subtopic=row["subtopic"],
        term=row["term"],
        strength=row["strength"],
        needs_context=row["needs_context"],
        from_year=int(row["from_year"]) if row["from_year"] else None,
        note=row["note"],
    )
