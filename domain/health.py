"""The records of how sources stand: what their polls gave, and what follows for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.codes import SourceKind, SourceState

#: Ends of a poll that say something of our crawl and nothing of the source.
OWN_OUTCOMES = frozenset({"time_up", "page_limit"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PollDay:
    """This is what the polls of one source gave on one Vietnamese day."""

    day: date
    polls: int
    #: Polls that answered with a list that could be read.
    ok: int
    #: Polls by how they ended.
    outcomes: Mapping[str, int] = field(default_factory=dict)
    items: int = 0
    new_items: int = 0
    malformed: int = 0
    #: The time of the newest item listed that day; None where the list carries no times.
    newest_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LastPoll:
    """This is one of the last polls of a source."""

    at: datetime
    outcome: str
    detail: str = ""
    items: int = 0
    new_items: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHistory:
    """This is all that is known of how a source answered."""

    url: str
    outlet_id: str
    kind: SourceKind = SourceKind.FEED
    #: The days asked, oldest first; a day that is absent was not observed.
    days: tuple[PollDay, ...] = ()
    #: The last polls, newest first.
    last: tuple[LastPoll, ...] = ()
    ok_at: datetime | None = None
    #: The first failure since it last answered; None where the last poll answered.
    failing_since: datetime | None = None
    #: The first empty list since it last listed anything; None where the last list held something.
    empty_since: datetime | None = None
    #: The last poll that listed something new.
    new_at: datetime | None = None
    #: The last poll whose body differed from the one before.
    changed_at: datetime | None = None
    #: Whole hours between two polls in a row that listed something new: how often.
    gaps: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceHealth:
    """This is how one source stands, in words a person can act on (Vietnamese)."""

    url: str
    kind: SourceKind
    state: SourceState
    #: Since when it stands so; None where that is not known.
    since: datetime | None
    evidence: str
    #: What a person does next.
    remedy: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PageTally:
    """These are the article pages of one outlet by how their reading ended."""

    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Pages that gave an article."""
        return self.outcomes.get("ok", 0)

    @property
    def unreadable(self) -> int:
        """Pages that came whole and gave none."""
        return self.outcomes.get("unreadable", 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletHealth:
    """This is how one outlet stands: as its best list does, and what is wrong with the others."""

    outlet_id: str
    state: SourceState
    since: datetime | None
    #: What is known, a sentence each.
    evidence: tuple[str, ...]
    #: What a person does next, a sentence each.
    remedy: tuple[str, ...]
    sources: tuple[SourceHealth, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadField:
    """This is one field of an article and the reader that gave it."""

    name: str
    origin: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PageCheck:
    """This is what the newest archived page of an outlet gives, read as declared today."""

    outlet_id: str
    url: str
    fetched_at: datetime
    headline: str = ""
    found: tuple[ReadField, ...] = ()
    #: Names of the fields it should give and does not.
    missing: tuple[str, ...] = ()
    #: Why it gave nothing at all, in Vietnamese; "" where it was read.
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Completeness:
    """This is an estimate of how many articles an outlet's lists named none of.

    A lower bound: an article that one list names is likelier to be named by the others too.
    """

    #: Articles named by at least one list.
    seen: int
    #: Articles named by at least two.
    common: int
    lists: int
    method: str = ""
    missed: float | None = None
    #: Ends of the 95 % interval of `missed`.
    missed_low: float | None = None
    missed_high: float | None = None
    #: Why there is no estimate, in Vietnamese; "" where there is one.
    reason: str = ""
