"""The pages of official events: the register, one event with its stories, decisions on both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

from fastapi import APIRouter, Response

from domain.errors import UsageError
from domain.events import (
    EVENT_KIND_NAMES,
    EVENT_STATE_NAMES,
    EventState,
    OfficialEvent,
)
from domain.validation import unknown
from storage.database import reading
from storage.event_links import correct_link, linked_stories, read_links
from storage.events import ACCEPTED, decide_events, list_events
from web.agencies import listed, may_correct, naming
from web.asking import AskedSpan, Number, Span
from web.desk import Desk
from web.pages_articles import NotFound
from web.visits import Forbidden, Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
_SHOWN: Final = 200


@router.get("/events")
def events(visit: SignedIn, span: AskedSpan, state: str = "") -> Response:
    """The events of a period, the newest first, each with how many stories report it."""
    desk = visit.desk
    if state and state not in set(EventState):
        raise UsageError(unknown("tình trạng", state[:40], EventState))
    since, until = span.period.bounds()
    with reading(desk.context.engine) as connection:
        found = list_events(connection, since=since, until=until, agency=_ids(desk, span))
        chosen = [event for event in found if not state or event.state == state]
        shown = chosen[::-1][:_SHOWN]
        links = read_links(connection, [event.id for event in shown])
    stories = Counter(link.event_id for link in links if link.score >= ACCEPTED)
    counts = Counter(event.state for event in found)
    return visit.page(
        "events.html",
        span=span,
        state=state,
        states=EVENT_STATE_NAMES,
        kinds=EVENT_KIND_NAMES,
        counts={each: counts[each] for each in EventState},
        rows=[(event, stories[event.id]) for event in shown],
        more=len(chosen) > len(shown),
        agencies=listed(desk, span.period.end),
        agency_name=naming(desk, span.period.end),
    )


def _ids(desk: Desk, span: Span) -> Collection[str] | None:
    """Every id whose figures stand under the agency on the period's last day."""
    if not span.agency:
        return None
    register, end = desk.register, span.period.end
    heir = register.rolled_up(span.agency, end)
    return {each.id for each in register.all() if register.rolled_up(each.id, end) == heir}


@router.get("/events/{number}")
def event(visit: SignedIn, number: Number) -> Response:
    """One event with the stories linked to it."""
    found = _event(visit, number)
    with reading(visit.desk.context.engine) as connection:
        linked = linked_stories(connection, number)
    return visit.page(
        "event.html",
        event=found,
        linked=linked,
        states=EVENT_STATE_NAMES,
        kinds=EVENT_KIND_NAMES,
        may_decide=_may_decide(visit, found),
        agency_name=naming(visit.desk, found.at.date()),
    )


def _event(visit: Visit, number: int) -> OfficialEvent:
    with reading(visit.desk.context.engine) as connection:
        found = list_events(connection, ids=[number])
    if not found:
        raise NotFound(f"Không có sự kiện số {number}.")
    return found[0]


def _may_decide(visit: Visit, event: OfficialEvent) -> bool:
    return may_correct(visit.desk, visit.person, [event.agency_id])


@router.post("/events/{number}")
def decide(visit: SignedIn, form: Posted, number: Number) -> Response:
    """Confirm or reject an event."""
    _check(visit, number)
    state = str(form.get("state", ""))
    if state not in (EventState.CONFIRMED, EventState.REJECTED):
        raise UsageError(unknown("tình trạng", state[:40], EventState))
    desk = visit.desk
    with desk.context.engine.begin() as connection:
        decide_events(
            connection, [number], EventState(state), by=visit.person.name, at=desk.context.clock()
        )
        visit.note(connection, "event", object_=f"event {number}", detail=state)
    return back(f"/events/{number}")


@router.post("/events/{number}/link")
def link(visit: SignedIn, form: Posted, number: Number) -> Response:
    """Say whether a story reports an event."""
    _check(visit, number)
    story, reports = str(form.get("story", "")), str(form.get("reports", ""))
    if not (story.isascii() and story.isdigit() and len(story) < 18 and reports in ("0", "1")):
        raise UsageError("Chọn một câu chuyện và nói nó có nói về sự kiện hay không.")
    desk = visit.desk
    with desk.context.engine.begin() as connection:
        correct_link(
            connection, number, int(story), reports=reports == "1",
            by=visit.person.name, at=desk.context.clock(),
        )  # fmt: skip
        visit.note(
            connection, "event", object_=f"event {number}", detail=f"story {story}: {reports}"
        )
    return back(f"/events/{number}")


def _check(visit: Visit, number: int) -> None:
    if not _may_decide(visit, _event(visit, number)):
        visit.desk.note(
            visit.person.name, "refused", address=visit.address, object_=f"event {number}"
        )
        raise Forbidden("Sự kiện này không phải của cơ quan mà bạn phụ trách.")
