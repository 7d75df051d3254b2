"""The review queue, one article at a time: a key for each decision, and a way back."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from domain.errors import DiembaoError, UsageError
from domain.review import REASON_NAMES, Decision, ReviewRow, Verdict, said_by
from pipeline.review import export_queue
from storage.database import Connection, reading
from storage.review import decide, rows_of
from storage.review_undo import last_decided, next_pending, pending_count, undo_decision
from storage.search import index_pending
from web.agencies import listed, naming, today
from web.pages_articles import choices
from web.tag_forms import CODES, LONGEST_REASON, check_whole, read_verdict
from web.visits import Editor, Posted, Visit, back

router = APIRouter(include_in_schema=False)
#: Articles that wait after a draw.
_DRAWN: Final = 60


@router.get("/review")
def review(visit: Editor, after: int = 0) -> Response:
    """The next article that waits for a decision."""
    return _page(visit, after=after if 0 <= after < 2**53 else 0)


def _page(visit: Visit, *, after: int = 0, problem: str = "", status: int = 200) -> Response:
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        waiting = pending_count(connection)
        number = next_pending(connection, skip=after)
        row = rows_of(connection, [number]).get(number) if number is not None else None
        last = last_decided(connection, visit.person.name)
    day = row.at.date() if row else today(desk)
    return visit.page(
        "review.html",
        status=status,
        waiting=waiting,
        row=row,
        said=said_by(row.finding) if row else None,
        last=last,
        problem=problem,
        reasons=REASON_NAMES,
        choices=choices(visit),
        codes=CODES,
        agencies=listed(desk, day),
        agency_name=naming(desk, day),
    )


@router.post("/review")
def take(visit: Editor, form: Posted) -> Response:
    """Keep a decision, and go on to the next article."""
    number = _number(form)
    said = str(form.get("verdict", ""))
    if said == "skip":
        return back(f"/review?after={number}")
    desk = visit.desk
    try:
        with desk.context.engine.begin() as connection:
            verdict = _verdict(visit, connection, form, number, said)
            note = str(form.get("reason", "")).strip()[:LONGEST_REASON]
            decide(
                connection,
                [Decision(article_id=number, verdict=verdict, note=note)],
                author=visit.person.name,
                at=desk.context.clock(),
            )
            index_pending(connection, limit=1, only=number)
            visit.note(connection, "review", object_=f"article {number}", detail=said)
    except UsageError as error:
        return _page(visit, after=number - 1, problem=visit.say(str(error)), status=400)
    return back("/review")


def _number(form: Posted) -> int:
    written = str(form.get("article", ""))
    if not (written.isascii() and written.isdigit() and len(written) < 17):
        raise UsageError("Không rõ quyết định cho bài nào. Mở lại trang rà soát.")
    return int(written)


def _verdict(visit: Visit, connection: Connection, form: Posted, number: int, said: str) -> Verdict:
    row: ReviewRow | None = rows_of(connection, [number]).get(number)
    if row is None:
        raise UsageError(f"Bài số {number} không có trong hàng đợi.")
    machine = said_by(row.finding)
    if said == "right":
        return machine
    if said == "irrelevant":
        return Verdict(
            relevant=False, areas=(), agencies=machine.agencies, form=machine.form,
            tone=machine.tone, audience=machine.audience, aspect=machine.aspect,
        )  # fmt: skip
    if said != "changed":
        raise UsageError("Chọn một trong các quyết định.")
    known = {each.id for each in listed(visit.desk, row.at.date())}
    verdict = read_verdict(form, machine, is_agency=known.__contains__)
    check_whole(verdict)
    return verdict


@router.post("/review/undo")
def undo(visit: Editor, form: Posted) -> Response:
    """Put the article that the person decided back into the queue, as it was before."""
    number = _number(form)
    with visit.desk.context.engine.begin() as connection:
        if undo_decision(connection, number, visit.person.name):
            visit.note(connection, "undo", object_=f"article {number}")
    return back(f"/review?after={max(number - 1, 0)}")


@router.post("/review/draw")
def draw(visit: Editor, form: Posted) -> Response:
    """Put more articles into the queue; the workbook of them lies among the reports."""
    desk = visit.desk
    path = desk.context.report_folder / f"ra-soat-{today(desk)}.xlsx"
    try:
        export_queue(desk.context, desk.register, path, count=_DRAWN)
    except DiembaoError as error:
        return _page(visit, problem=visit.say(str(error)), status=503)
    desk.note(visit.person.name, "draw", address=visit.address)
    return back("/review")
