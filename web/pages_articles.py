"""The pages of an article and of a story, and corrections in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Response

from domain.codes import AREA_NAMES, PRESS_KINDS, ROLE_NAMES, Area, OutletKind, Role
from domain.errors import UsageError
from domain.review import Verdict
from reports.vietnamese import UNKNOWN_MARK
from storage.article_pages import (
    ArticleText,
    Said,
    article_text,
    events_of_story,
    said_of,
    said_of_stories,
    story_texts_of,
)
from storage.database import reading
from storage.events import ACCEPTED, list_events
from storage.findings import Correction, correct_all
from storage.search import index_pending
from web.agencies import listed, may_correct, naming
from web.asking import Number
from web.desk import Desk
from web.languages import NAMES
from web.passages import (
    copied_share,
    copied_spans,
    evidence_spans,
    paragraphs,
    whole_text,
)
from web.story_forms import (
    STORY_FIELDS,
    move_article,
    seen_of_story,
    shown_of_story,
    story_moves,
)
from web.tag_forms import (
    CODES,
    FIELD_NAMES,
    LONGEST_REASON,
    changes,
    check_whole,
    read_verdict,
    verdict_of,
)
from web.visits import Forbidden, Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
#: Where the axis of the time line begins and how long it is.
_AXIS_FROM, _AXIS_LONG = 250, 730


class NotFound(Exception):
    """There is no such thing; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """This is a correction as the page shows it."""

    at: datetime
    author: str
    field_name: str
    shown: str
    reason: str


@router.get("/articles/{number}")
def article(visit: SignedIn, number: Number) -> Response:
    """One article: its text, its tags with their ground, what people said of it."""
    return _article_page(visit, number)


def _article_page(
    visit: Visit, number: int, *, problem: str = "", story_problem: str = "", status: int = 200
) -> Response:
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        found = article_text(connection, number)
        said = said_of(connection, number)
        if found is None:
            raise NotFound(f"Không có bài số {number}.")
        moves = story_moves(connection, found)
        story_seen = seen_of_story(connection, found, said)
    text = whole_text(found)
    named = [agency for agency, _ in found.agencies]
    user = visit.person
    return visit.page(
        "article.html",
        status=status,
        article=found,
        own_text=paragraphs(
            text, evidence_spans(text, said, "text"), has_sapo=bool(found.description)
        ),
        corrected_fields={each.field for each in said.corrections},
        history=[_told(visit, each) for each in said.corrections],
        choices=choices(visit),
        codes=CODES,
        may_correct=may_correct(desk, user, named),
        may_name=lambda agency: may_correct(desk, user, [agency]),
        agencies=listed(desk, found.counted_at.date()),
        agency_name=naming(desk, found.counted_at.date()),
        seen=_seen(found, said),
        moves=moves,
        story_seen=story_seen,
        problem=problem,
        story_problem=story_problem,
    )


def choices(visit: Visit) -> list[tuple[str, str]]:
    """The fields that have one code, with their names."""
    return [(field, visit.say(FIELD_NAMES[field])) for field in CODES]


def _seen(found: ArticleText, said: Said) -> str:
    """What stood when the form was shown: somebody else may speak in the meantime."""
    return f"{found.model_version} {len(said.corrections)}"


def _told(visit: Visit, correction: Correction) -> Told:
    return Told(
        at=correction.at,
        author=correction.author,
        field_name=visit.say(FIELD_NAMES[correction.field]),
        shown=_shown(visit, correction),
        reason=correction.reason,
    )


def _shown(visit: Visit, correction: Correction) -> str:
    """What was said, by the names of its codes."""
    value, say = correction.value, visit.say
    if correction.field == "relevant":
        return say("có" if value else "không")
    if correction.field == "areas":
        return ", ".join(say(AREA_NAMES[Area(area)]) for area in value) or UNKNOWN_MARK
    if correction.field == "agencies":
        name = naming(visit.desk, correction.at.date())
        told = (f"{name(agency)} ({say(ROLE_NAMES[Role(role)])})" for agency, role in value.items())
        return ", ".join(told) or UNKNOWN_MARK
    if correction.field in STORY_FIELDS:
        return shown_of_story(visit, correction)
    return say(NAMES[correction.field].get(value, str(value)))


@router.post("/articles/{number}/correct")
def correct(visit: SignedIn, form: Posted, number: Number) -> Response:
    """Keep what a person says of an article; figures and search follow at once."""
    desk = visit.desk
    try:
        _correct(visit, form, number)
    except UsageError as error:
        return _article_page(visit, number, problem=visit.say(str(error)), status=400)
    except Forbidden:
        desk.note(visit.person.name, "refused", address=visit.address, object_=f"article {number}")
        raise
    return back(f"/articles/{number}")


def _correct(visit: Visit, form: Posted, number: int) -> None:
    desk, user = visit.desk, visit.person
    reason = str(form.get("reason", "")).strip()[:LONGEST_REASON]
    with desk.context.engine.begin() as connection:
        found = article_text(connection, number)
        said = said_of(connection, number)
        if found is None:
            raise NotFound(f"Không có bài số {number}.")
        if said.finding is None:
            raise UsageError("Bài chưa được gắn nhãn nên chưa sửa được. Chạy “diembao tag” trước.")
        if not may_correct(desk, user, [agency for agency, _ in found.agencies]):
            raise Forbidden("Bài này không nêu cơ quan mà bạn phụ trách.")
        if str(form.get("seen", "")) != _seen(found, said):
            raise UsageError("Có người vừa sửa bài này. Xem lại nhãn rồi ghi lại.")
        if not reason:
            raise UsageError("Ghi lý do sửa.")
        before = verdict_of(found)
        known = {each.id for each in listed(desk, found.counted_at.date())}
        after = read_verdict(form, before, is_agency=known.__contains__)
        check_whole(after)
        _check_agencies(desk, visit, before, after)
        changed = changes(before, after)
        if not changed:
            raise UsageError("Chưa có nhãn nào được sửa.")
        now = desk.context.clock()
        correct_all(
            connection,
            [
                Correction(
                    article_id=number, field=field, value=value,
                    author=user.name, at=now, reason=reason,
                )
                for field, value in changed.items()
            ],
        )  # fmt: skip
        index_pending(connection, limit=1, only=number)
        visit.note(
            connection, "correct", object_=f"article {number}", detail=", ".join(sorted(changed))
        )


@router.post("/articles/{number}/story")
def correct_story(visit: SignedIn, form: Posted, number: Number) -> Response:
    """Keep where a person says an article belongs; stories and figures follow at once."""
    try:
        if not move_article(visit, form, number):
            raise NotFound(f"Không có bài số {number}.")
    except UsageError as error:
        return _article_page(visit, number, story_problem=visit.say(str(error)), status=400)
    except Forbidden:
        visit.desk.note(
            visit.person.name, "refused", address=visit.address, object_=f"article {number}"
        )
        raise
    return back(f"/articles/{number}")


def _check_agencies(desk: Desk, visit: Visit, before: Verdict, after: Verdict) -> None:
    """An officer speaks for the agencies that are theirs, and for no other."""
    touched = {
        agency
        for agency in before.agencies.keys() | after.agencies.keys()
        if before.agencies.get(agency) != after.agencies.get(agency)
    }
    if any(not may_correct(desk, visit.person, [agency]) for agency in touched):
        raise Forbidden("Bạn chỉ sửa được nhãn của cơ quan mà bạn phụ trách.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """This is one placement on the time line."""

    name: str
    x: int
    kind: str


@router.get("/stories/{number}")
def story(visit: SignedIn, number: Number) -> Response:
    """One story: the original, its placements in time, two texts side by side."""
    desk = visit.desk
    asked = visit.request.query_params.get("with", "")
    with reading(desk.context.engine) as connection:
        texts = story_texts_of(connection, number)
        if not texts:
            raise NotFound(f"Không có câu chuyện số {number}.")
        first = next((text for text in texts if text.is_original), texts[0])
        said = said_of(connection, first.id)
        corrected = said_of_stories(connection, [text.id for text in texts])
        events = events_of_story(connection, number, accept=ACCEPTED)
        official = list_events(connection, ids=events) if events else []
    others = [text for text in texts if text.id != first.id]
    other = next((text for text in others if str(text.id) == asked), others[0] if others else None)
    own = whole_text(first)
    compared = whole_text(other) if other else ""
    shares = {text.id: copied_share(own, whole_text(text)) for text in others}
    return visit.page(
        "story.html",
        texts=texts,
        first=first,
        other=other,
        own_text=paragraphs(
            own, evidence_spans(own, said, "text"), has_sapo=bool(first.description)
        ),
        other_text=paragraphs(
            compared,
            copied_spans(own, compared),
            has_sapo=bool(other and other.description),
        ),
        copied={key: share for key, share in shares.items() if share is not None},
        outlets_of=len({text.outlet_id for text in texts if text.outlet_kind in PRESS_KINDS}),
        marks=_marks(texts),
        official=official,
        history=[(each.article_id, _told(visit, each)) for each in corrected],
    )


_MOST_MARKS: Final = 40
_LONGEST_NAME: Final = 32


def _marks(texts: Sequence[ArticleText]) -> list[Mark]:
    shown = texts[:_MOST_MARKS]
    start = min(text.counted_at for text in shown)
    whole = (max(text.counted_at for text in shown) - start).total_seconds() or 1.0
    return [
        Mark(
            name=_short(text.outlet_name),
            x=_AXIS_FROM + round(_AXIS_LONG * (text.counted_at - start).total_seconds() / whole),
            kind=_kind(text),
        )
        for text in shown
    ]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _kind(text: ArticleText) -> str:
    if text.is_original:
        return "original"
    return "portal" if text.outlet_kind is OutletKind.PORTAL else "copy"
