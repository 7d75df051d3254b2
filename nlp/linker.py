"""From mentions to agencies: resolved with the register of the article's day, focus or mention.

What was found is certain; whether a province is named as an administration or only as a place,
and whether an agency is what the article is about, are weighed by two small fitted models.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from domain.agencies import MINISTRY_KINDS, PROVINCE_KINDS, AgencyRegister
from domain.codes import Role
from domain.records import AgencyTag
from nlp.aliases import generate_aliases
from nlp.features import Reading
from nlp.folded import evidence_of
from nlp.home_province import unnamed_organs
from nlp.link_features import Candidate, feature_table, part_of
from nlp.link_weights import LinkWeights
from nlp.mentions import Mention, MentionFinder
from nlp.sifting import in_world_news, without_foreign, without_lone_abbreviations

_FAR_FUTURE = date(9999, 12, 31)
_WORLD_NEWS: Final = "/the-gioi/"


class Linker:
    """This links articles to agencies; it is built once for a register."""

    def __init__(self, register: AgencyRegister, weights: LinkWeights | None = None) -> None:
        self._register = register
        self._finder = MentionFinder(generate_aliases(register))
        self._weights = weights
        self._kinds = {agency.id: agency.kind for agency in register.all()}
        self._resolved: dict[tuple[tuple[str, ...], date], tuple[str, bool]] = {}

    def mentions(self, reading: Reading) -> list[Mention]:
        """Everywhere a name of the register stands, foreign ministries of that name included."""
        found = self._finder.find("title", reading.title) + self._finder.find("text", reading.text)
        found = without_lone_abbreviations(found)
        return in_world_news(found) if _WORLD_NEWS in reading.url else found

    def candidates(
        self,
        reading: Reading,
        day: date | None,
        mentions: Sequence[Mention] | None = None,
        *,
        home: str = "",
    ) -> list[Candidate]:
        """Every agency that is named, by first appearance; look-alikes are already out.

        `home` is the province of a provincial outlet on that day: it is meant where an organ
        names none.
        """
        found = list(self.mentions(reading) if mentions is None else mentions)
        if home:
            found = _in_order(unnamed_organs(home, reading.title, reading.text, found) + found)
        held: dict[str, list[Mention]] = {}
        legacy: dict[str, bool] = {}
        for mention in without_foreign(found):
            agency, old = self.resolve(mention.agencies, day or _FAR_FUTURE)
            if not self._register.is_output(agency):
                continue
            held.setdefault(agency, []).append(mention)
            legacy[agency] = legacy.get(agency, True) and old
        return [
            Candidate(agency=agency, legacy=legacy[agency], mentions=tuple(mentions))
            for agency, mentions in held.items()
        ]

    def resolve(self, agencies: tuple[str, ...], day: date) -> tuple[str, bool]:
        """Which of the bearers of a name it is on `day`, and whether the name is a past one."""
        key = (agencies, day)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(agencies, day)
        return self._resolved[key]

    def _resolve(self, agencies: Sequence[str], day: date) -> tuple[str, bool]:
        spans = [self._register.get(agency, day) for agency in agencies]
        standing = [span for span in spans if span.is_valid_on(day)]
        if standing:
            return standing[0].id, False
        past = [span for span in spans if span.valid_to is not None and span.valid_to < day]
        if past:
            last = max(past, key=lambda span: span.valid_to or date.min)
            return self._register.rolled_up(last.id, day), True
        return self._before_founding(spans[0].id, day), False

    def _before_founding(self, agency: str, day: date) -> str:
        """A province named before its day is its forebear; a ministry announced stays itself."""
        if self._kinds[agency] not in PROVINCE_KINDS:
            return agency
        for link in self._register.predecessors(agency):
            if link.main and self._register.get(link.id, day).is_valid_on(day):
                return link.id
        return agency

    def home_on(self, province: str, host: str, day: date | None) -> str:
        """The home province of an outlet on a day, "" where it cannot be told.

        Before a merger it is the one whose name stands in the outlet's host, else the one of the
        same name: the paper of Hải Dương had another home than that of Hải Phòng.
        """
        when = day or _FAR_FUTURE
        if self._register.get(province, when).is_valid_on(when):
            return province
        before = [
            link.id
            for link in self._register.predecessors(province)
            if link.main and self._register.get(link.id, when).is_valid_on(when)
        ]
        squeezed = {one: one.partition(":")[2].replace("_", "") for one in before}
        named = [one for one in before if squeezed[one] in host]
        named += [one for one in before if one.partition(":")[2] == province.partition(":")[2]]
        return named[0] if named else ""

    def link(
        self,
        reading: Reading,
        day: date | None,
        relevance: float,
        mentions: Sequence[Mention] | None = None,
        *,
        home: str = "",
    ) -> tuple[AgencyTag, ...]:
        """The agencies of an article; subjects first, then by first appearance."""
        found = self.candidates(reading, day, mentions, home=home)
        if not found:
            return ()
        if self._weights is None:
            raise ValueError("the linker has no weights yet")
        at_home = np.array([candidate.agency == home for candidate in found])
        table = self.features(reading, found, relevance)
        named, focus = self._weights.decide(table, at_home)
        tags = [
            _tag(candidate, reading, Role.FOCUS if subject else Role.MENTION)
            for candidate, real, subject in zip(found, named, focus, strict=True)
            if real
        ]
        return tuple(sorted(tags, key=lambda tag: tag.role is not Role.FOCUS))

    def features(
        self, reading: Reading, found: Sequence[Candidate], relevance: float
    ) -> np.ndarray:
        """One row a candidate; the columns are `LINK_FEATURES`."""
        kinds = [self._kind_of(candidate) for candidate in found]
        return feature_table(reading, found, kinds, relevance)

    def _kind_of(self, candidate: Candidate) -> str:
        kind = self._kinds[candidate.agency]
        if kind in PROVINCE_KINDS:
            return "province"
        return "ministry" if kind in MINISTRY_KINDS else "other"


def _in_order(mentions: Sequence[Mention]) -> list[Mention]:
    return sorted(mentions, key=lambda mention: (mention.part != "title", mention.start))


def _tag(candidate: Candidate, reading: Reading, role: Role) -> AgencyTag:
    return AgencyTag(
        id=candidate.agency,
        role=role,
        via_legacy_name=candidate.legacy,
        evidence=tuple(
            evidence_of(mention.part, part_of(mention, reading), mention.start, mention.end)
            for mention in candidate.mentions
        ),
    )
