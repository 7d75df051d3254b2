"""What a person is asked to look at, and what was decided: the records of `diembao review`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from domain.codes import Area, Role
from domain.records import Finding


class Reason(StrEnum):
    """This says why an article is looked at."""

    #: Drawn at random, so that what is found speaks for all articles.
    AUDIT = "audit"
    #: The machine is least sure of it, so that a decision teaches most.
    UNCERTAIN = "uncertain"


REASON_NAMES = {
    Reason.AUDIT: "Kiểm tra ngẫu nhiên",
    Reason.UNCERTAIN: "Máy không chắc",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """This is every tag of an article, as a machine says or as a person decided."""

    relevant: bool
    areas: tuple[Area, ...]
    #: Role by id.
    agencies: Mapping[str, Role]
    form: str
    tone: str
    audience: str
    aspect: str

    def as_json(self) -> dict[str, Any]:
        """The tags by field, areas and agencies in a fixed order."""
        return {
            "relevant": self.relevant,
            "areas": sorted(self.areas),
            "agencies": dict(sorted(self.agencies.items())),
            "form": self.form,
            "tone": self.tone,
            "audience": self.audience,
            "aspect": self.aspect,
        }


def verdict_from_json(fields: Mapping[str, Any]) -> Verdict:
    """The verdict that `as_json` wrote."""
    return Verdict(
        relevant=fields["relevant"],
        areas=tuple(Area(area) for area in fields["areas"]),
        agencies={agency: Role(role) for agency, role in fields["agencies"].items()},
        form=fields["form"],
        tone=fields["tone"],
        audience=fields["audience"],
        aspect=fields["aspect"],
    )


def said_by(finding: Finding) -> Verdict:
    """What the machine says, in the form of a verdict."""
    return Verdict(
        relevant=finding.relevant,
        areas=tuple(finding.areas),
        agencies={tag.id: tag.role for tag in finding.agencies},
        form=finding.form,
        tone=finding.tone,
        audience=finding.audience,
        aspect=finding.aspect,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """This is an article put into the queue."""

    article_id: int
    reason: Reason
    drawn_at: datetime
    model_version: str
    #: Articles it stands for, where it was drawn at random.
    weight: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRow:
    """This is an article of the queue with all that a person needs to decide."""

    article_id: int
    reasons: tuple[Reason, ...]
    headline: str
    description: str
    #: The beginning of the body, "" where only the feed was read.
    opening: str
    url: str
    outlet_name: str
    #: When it counts: published, else first seen.
    at: datetime
    finding: Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """This is what a person said of one article."""

    article_id: int
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audited:
    """This is an article drawn at random and decided: what was said of it, and what is true."""

    article_id: int
    #: Articles of one draw that had the same chance: their weight stands for them all.
    stratum: str
    #: Articles that it stands for.
    weight: float
    #: The model that spoke when it was drawn: it had not learnt from the decision.
    model_version: str
    said: Verdict
    true: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class GoldText:
    """This is a decided article with its text, to learn from."""

    article_id: int
    reason: Reason
    title: str
    text: str
    url: str
    outlet: str
    published_at: datetime | None
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """This is a share with its interval of 95 %; no value where nothing was there to count."""

    value: float | None
    interval: tuple[float, float] | None
    #: Articles it was counted on.
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reliability:
    """This is how far one kind of tag can be trusted: one area, one agency, or relevance."""

    #: The code of the tag; "relevant" for relevance.
    code: str
    #: Of what the machine said, how much is right.
    precision: Rate
    #: Of what is true, how much the machine said.
    recall: Rate


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditReport:
    """This is what the audit sample says of one version of the model."""

    model_version: str
    #: Audited articles, and how many they stand for.
    articles: int
    stands_for: float
    relevance: Reliability
    areas: Sequence[Reliability]
    agencies: Sequence[Reliability]
    #: Share of right answers among relevant articles, by question.
    questions: Mapping[str, Rate]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drift:
    """This sets one figure of a model beside that of the model before."""

    code: str
    figure: str
    now: Rate
    before: Rate

    @property
    def is_apart(self) -> bool:
        """This tells whether the two intervals do not touch."""
        if self.now.interval is None or self.before.interval is None:
            return False
        return (
            self.now.interval[0] > self.before.interval[1]
            or self.before.interval[0] > self.now.interval[1]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class NameProposal:
    """This is a name like an agency's that the register lacks."""

    name: str
    #: Articles that hold it.
    articles: int
    example_id: int
    #: The sentence it was met in.
    words: str
    state: str = ""
    agency_id: str = ""


def corrected_fields(verdict: Verdict) -> Iterable[tuple[str, Any]]:
    """The fields of a verdict as they are kept, relevance first."""
    return verdict.as_json().items()
