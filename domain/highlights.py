"""What stands out in a period: most placed stories, who was first, criticism and its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.codes import Area, DatePrecision
from domain.feedback import Feedback


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """This is a story by its first press text."""

    story_id: int
    headline: str
    outlet_name: str
    at: datetime
    precision: DatePrecision
    url: str
    areas: tuple[Area, ...]
    #: Ids of the agencies in focus.
    agencies: tuple[str, ...]
    #: Press outlets and placements in the period.
    outlets: int
    placements: int
    #: How surely it is about the reform, 0 to 1: of equals the surer is named first.
    relevance: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """This is a text that seems to answer a criticism: a proposal of the machine."""

    outlet_name: str
    headline: str
    url: str
    at: datetime
    #: From the first critical text to the answer.
    after: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Criticism:
    """This is a story in which the press criticises, and the answer where one was found."""

    story: Headline
    tone: str
    description: str
    #: By the headlines; nobody has confirmed it.
    answer: Answer | None
    #: What people recorded of the answer, one for each agency that they spoke of.
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstOutlet:
    """This is an outlet and how many stories it was surely the first of several to carry."""

    outlet_name: str
    stories: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Highlights:
    """These are the parts of a report that name stories."""

    most_placed: tuple[Headline, ...] = ()
    #: Favourable stories of results: models and good practice ("mô hình, cách làm hay").
    results: tuple[Headline, ...] = ()
    first: tuple[FirstOutlet, ...] = ()
    criticism: tuple[Criticism, ...] = ()
    #: The most placed stories of each area that has any.
    by_area: tuple[tuple[Area, tuple[Headline, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EventLine:
    """This is an official event of the period and what the press made of it."""

    number: str
    title: str
    agency: str
    at: datetime
    precision: DatePrecision
    is_confirmed: bool
    first_outlet: str
    first_at: datetime | None
    first_precision: DatePrecision
    #: From the event to the first outlet in hours, least and most; None where none carried it.
    hours: tuple[float, float] | None
    #: Press outlets that surely carried it within 24 hours, 72 hours and 7 days; and in all.
    within: tuple[int, int, int]
    outlets: int
