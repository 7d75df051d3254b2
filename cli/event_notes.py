"""What is said of official events and of the stories linked to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.events import EVENT_KIND_NAMES, EVENT_STATE_NAMES, OfficialEvent
from reports.vietnamese import number
from storage.event_links import LinkedStory
from storage.events import ACCEPTED

_EVIDENCE = {
    "number": "số văn bản",
    "agency": "cơ quan",
    "title": "tiêu đề",
    "headline": "tít",
    "lead": "mở đầu",
    "reuse": "dùng lại lời",
    "days": "số ngày",
}


def event_lines(event: OfficialEvent, stories: int, register: AgencyRegister) -> str:
    """Say what an event is, who decided on it, and whether the press reported it."""
    issuer = register.get(event.agency_id, event.at.date()).official_name
    told = f"{number(stories)} câu chuyện báo chí" if stories else "chưa thấy báo chí"
    state = EVENT_STATE_NAMES[event.state]
    if event.decided_by and event.decided_at:
        state += f" ({event.decided_by}, {event.decided_at.astimezone(VIETNAM):%d/%m/%Y})"
    named = f"{event.number} " if event.number else ""
    parts = (_day(event), issuer, EVENT_KIND_NAMES[event.kind], state, told)
    return f"{event.id}. {' · '.join(parts)}\n   {named}{event.title}"


def _day(event: OfficialEvent) -> str:
    if event.precision in (DatePrecision.MINUTE, DatePrecision.SECOND):
        return f"{event.at:%d/%m/%Y %H:%M}"
    return f"{event.at:%d/%m/%Y}"


def event_as_json(event: OfficialEvent, stories: Sequence[int]) -> Mapping[str, Any]:
    """Give an event for machines."""
    return {
        "id": event.id,
        "kind": event.kind,
        "agency": event.agency_id,
        "title": event.title,
        "at": event.at.isoformat(),
        "precision": event.precision,
        "number": event.number,
        "areas": list(event.areas),
        "state": event.state,
        "origin": event.origin,
        "article": event.article_id,
        "plan_item": event.plan_item,
        "decided_by": event.decided_by,
        "decided_at": event.decided_at.isoformat() if event.decided_at else None,
        "stories": list(stories),
    }


def judged(each: LinkedStory) -> str:
    """Say whether a story reports the event, by whose word and on what ground."""
    if each.link.corrected:
        return "người duyệt: có nói về sự kiện" if each.link.score else "người duyệt: không nói về"
    counts = "" if each.link.score >= ACCEPTED else ", không tính"
    ground = ", ".join(
        f"{_EVIDENCE.get(name, name)} {told if isinstance(told, str) else number(told, 2)}"
        for name, told in each.link.evidence.items()
    )
    return f"máy: {number(each.link.score, 2)}{counts}" + (f" ({ground})" if ground else "")
