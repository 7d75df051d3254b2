"""Press feedback: each criticism of an agency, who answers it, until when, and where it was."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.feedback import FEEDBACK_NAMES, Feedback, FeedbackItem, FeedbackState, FeedbackStep
from domain.validation import unknown
from storage.database import reading
from storage.feedback import add_step, feedback_items, feedback_of_stories
from web.agencies import listed, may_correct, naming, today
from web.asking import AskedSpan, Number, Span, asked_day
from web.pages_articles import NotFound
from web.visits import Forbidden, Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
#: A filter beside the states: those whose deadline has passed.
_OVERDUE: Final = "qua_han"
_MOST: Final = 200
_LONGEST: Final = 500
_LONGEST_ADDRESS: Final = 2_000


@router.get("/feedback")
def feedback(visit: SignedIn, span: AskedSpan, state: str = "") -> Response:
    """The criticism of a period, the newest first, with how its answer stands."""
    if state and state not in {*FeedbackState, _OVERDUE}:
        raise UsageError(unknown("tình trạng", state[:40], [*FeedbackState, _OVERDUE]))
    desk, day = visit.desk, today(visit.desk)
    found = _items(visit, span)
    shown = [item for item in found if not state or _is_in(item, state, day)]
    return visit.page(
        "feedback.html",
        span=span,
        agencies=listed(desk, span.period.end),
        agency_name=naming(desk, span.period.end),
        states=FEEDBACK_NAMES,
        counts=Counter(item.feedback.state for item in found),
        overdue=_OVERDUE,
        overdue_of=sum(item.feedback.is_overdue(day) for item in found),
        all_of=len(found),
        state=state,
        items=shown[:_MOST],
        more=len(shown) > _MOST,
        day=day,
    )


def _items(visit: Visit, span: Span) -> list[FeedbackItem]:
    since, until = span.period.bounds()
    with reading(visit.desk.context.engine) as connection:
        found = feedback_items(connection, since, until)
    if not span.agency:
        return found
    wanted = _heir(visit, span.agency, span.period.end)
    return [
        item for item in found if _heir(visit, item.feedback.agency_id, span.period.end) == wanted
    ]


def _heir(visit: Visit, agency: str, day: date) -> str:
    """Who an agency is on a day: an article names it as it was on its own."""
    try:
        return visit.desk.register.rolled_up(agency, day)
    except UsageError:
        return agency


def _is_in(item: FeedbackItem, state: str, day: date) -> bool:
    return item.feedback.is_overdue(day) if state == _OVERDUE else item.feedback.state == state


@router.get("/feedback/{number}/{agency}")
def one(visit: SignedIn, number: Number, agency: str) -> Response:
    """One criticism: its text, what was done about it, and the form for the next step."""
    return _one_page(visit, number, agency)


def _one_page(
    visit: Visit, number: int, agency: str, *, problem: str = "", status: int = 200
) -> Response:
    desk = visit.desk
    item, held = _found(visit, number, agency)
    return visit.page(
        "feedback_one.html",
        status=status,
        problem=problem,
        item=item,
        feedback=held,
        states=FEEDBACK_NAMES,
        agency_name=naming(desk, item.counted_at.astimezone(VIETNAM).date()),
        may_step=may_correct(desk, visit.person, [agency]),
        overdue=held.is_overdue(today(desk)),
    )


def _found(visit: Visit, number: int, agency: str) -> tuple[FeedbackItem, Feedback]:
    """The criticism in an article, of an agency; an unknown one is `NotFound`."""
    with reading(visit.desk.context.engine) as connection:
        found = feedback_items(connection, article=number, agencies=[agency])
        if not found:
            raise NotFound(
                f"Bài số {number} không có nội dung phê bình cơ quan “{agency[:64]}”, "
                "hoặc nhãn đã được sửa."
            )
        story = found[0].feedback.story_id
        said = feedback_of_stories(connection, [story]).get(story, ())
    held = next((each for each in said if each.agency_id == agency), found[0].feedback)
    return found[0], held


@router.post("/feedback/{number}/{agency}")
def step(visit: SignedIn, form: Posted, number: Number, agency: str) -> Response:
    """Keep what a person says of a criticism."""
    desk = visit.desk
    if not may_correct(desk, visit.person, [agency]):
        desk.note(visit.person.name, "refused", address=visit.address, object_=f"article {number}")
        raise Forbidden("Bạn chỉ ghi được phản hồi của cơ quan mà bạn phụ trách.")
    _found(visit, number, agency)
    seen = str(form.get("seen", ""))
    try:
        told = _step(visit, form, number, agency)
        with desk.context.engine.begin() as connection:
            add_step(connection, told, after=int(seen) if seen.isdecimal() else -1)
            visit.note(
                connection, "feedback", object_=f"article {number} {agency}", detail=told.state
            )
    except UsageError as error:
        return _one_page(visit, number, agency, problem=visit.say(str(error)), status=400)
    return back(f"/feedback/{number}/{agency}")


def _step(visit: Visit, form: Posted, number: int, agency: str) -> FeedbackStep:
    def text(field: str, longest: int = _LONGEST) -> str:
        return str(form.get(field, "")).strip()[:longest]

    state = text("state")
    if state not in set(FeedbackState):
        raise UsageError(unknown("tình trạng", state[:40], FeedbackState))
    return FeedbackStep(
        article_id=number,
        agency_id=agency,
        state=FeedbackState(state),
        person=text("person", 100),
        deadline=asked_day(text("deadline", 20)),
        answer_url=text("answer_url", _LONGEST_ADDRESS),
        note=text("note"),
        author=visit.person.name,
        at=visit.desk.context.clock(),
    )
