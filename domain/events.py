"""Official events: what an agency released or decided, and the stories that report it.

The register of events is the denominator of completeness and timeliness: it comes from outside the
press. An event is proposed by a machine or brought in by a person; only a person confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.codes import Area, DatePrecision


class EventKind(StrEnum):
    """This says what happened officially."""

    #: A text that an agency published on its own portal.
    RELEASE = "thong_cao"
    #: A decision, circular or other numbered document.
    DOCUMENT = "van_ban"
    #: A session, conference or announcement.
    SESSION = "hoi_nghi"
    #: A milestone that a plan sets ("gắn với lộ trình").
    MILESTONE = "moc_ke_hoach"


class EventState(StrEnum):
    """This says whether a person has looked at the event."""

    PROPOSED = "de_xuat"
    CONFIRMED = "da_duyet"
    REJECTED = "da_bo"


class EventOrigin(StrEnum):
    """This says where the event came from."""

    PORTAL = "cong_thong_tin"
    IMPORT = "nhap_tep"
    PLAN = "ke_hoach"


EVENT_KIND_NAMES = {
    EventKind.RELEASE: "thông cáo, tin trên cổng thông tin",
    EventKind.DOCUMENT: "văn bản",
    EventKind.SESSION: "hội nghị, phiên họp",
    EventKind.MILESTONE: "mốc của kế hoạch",
}
EVENT_STATE_NAMES = {
    EventState.PROPOSED: "đề xuất, chưa duyệt",
    EventState.CONFIRMED: "đã duyệt",
    EventState.REJECTED: "đã bỏ",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialEvent:
    """This is one event of the register."""

    #: Number in the register, 0 before it is stored.
    id: int = 0
    kind: EventKind
    #: Id of the agency that issued it, by the register of its day.
    agency_id: str
    title: str
    #: When it was issued or announced. With `precision` day it is some time of that day.
    at: datetime
    precision: DatePrecision = DatePrecision.DAY
    #: Document number ("82/QĐ-BNV"), "" where there is none.
    number: str = ""
    #: Text of the release, "" where only the title is known.
    text: str = ""
    areas: tuple[Area, ...] = ()
    state: EventState = EventState.PROPOSED
    origin: EventOrigin = EventOrigin.IMPORT
    #: The portal's article that it was proposed from.
    article_id: int | None = None
    #: Plan and item that set it (``bnv-2023``, ``mt-5``), "" otherwise.
    plan_item: str = ""
    #: Who confirmed or rejected it, and when.
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryText:
    """This is a story as its original tells it: what linking compares with an event."""

    #: The story's number.
    id: int
    headline: str
    #: Sapo and body, or the sapo alone.
    text: str
    #: When its first text is counted: published, else first seen.
    at: datetime
    precision: DatePrecision
    #: Agencies in focus, then mentioned, by id.
    focus: tuple[str, ...] = ()
    mention: tuple[str, ...] = ()
    #: The original's number.
    article_id: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class EventLink:
    """This says that a story reports an event, how surely, and why."""

    event_id: int
    story_id: int
    #: Probability that the story reports the event, 0..1; 1 or 0 where a person decided.
    score: float
    #: What speaks for it: ``number``, ``agency``, ``title``, ``reuse``, ``days``.
    evidence: dict[str, float | str] = field(default_factory=dict)
    corrected: bool = False
    model_version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRow:
    """This is an event with the stories that report it: what measures read."""

    event: OfficialEvent
    #: Stories accepted as reporting it, by id.
    stories: tuple[int, ...] = ()
