"""The pages of the machinery: outlets and how they stand, runs, reports to make and download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from domain.clock import VIETNAM
from domain.errors import DiembaoError, UsageError
from domain.periods import Window
from domain.periods import month as month_of
from domain.users import Access
from domain.validation import unknown
from pipeline.export import check_formats, export
from reports.formats import FORMATS
from storage.database import beside_writers, reading
from storage.exports import Export, export_of, last_exports
from storage.job_runs import newest_tries
from storage.runs import last_runs
from web.agencies import listed, today
from web.asking import Number, asked_agency
from web.figures import SICK_FIRST, STATE_NAMES, health_counts, healths
from web.pages_articles import NotFound
from web.uptime import ANSWER_NAMES, HEIGHTS, strips
from web.visits import Editor, Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
_RUN_STATES: Final = {
    "running": "đang chạy",
    "done": "xong",
    "failed": "lỗi",
    "killed": "bị ngắt",
    "timed_out": "quá giờ",
    "stopped": "bị dừng",
    "missed": "bị lỡ",
    "known": "đã biết",
}
_HISTORY: Final = 50


@router.get("/outlets")
def outlets(visit: SignedIn, state: str = "", added: str = "") -> Response:
    """How each watched outlet stands, those that need a person first."""
    if state and state not in set(SICK_FIRST):
        raise UsageError(unknown("tình trạng", state[:40], (each.value for each in SICK_FIRST)))
    book = visit.desk.context.outlets
    found = sorted(healths(visit.desk), key=lambda health: SICK_FIRST.index(health.state))
    return visit.page(
        "outlets.html",
        rows=[
            (book[health.outlet_id], health)
            for health in found
            if not state or health.state == state
        ],
        counts=health_counts(visit.desk),
        state_names=STATE_NAMES,
        chosen=state,
        added=next((each for each in book if each.id == added), None),
    )


@router.get("/outlets/{outlet_id}")
def outlet(visit: SignedIn, outlet_id: str) -> Response:
    """One outlet: what is known of it, and what to do."""
    book = visit.desk.context.outlets
    if outlet_id not in book:
        raise NotFound(unknown("cơ quan báo chí", outlet_id[:60], (each.id for each in book)))
    health = next(each for each in healths(visit.desk) if each.outlet_id == outlet_id)
    return visit.page(
        "outlet.html",
        outlet=book[outlet_id],
        health=health,
        state_names=STATE_NAMES,
        strips=strips(visit.desk, outlet_id, [source.url for source in health.sources]),
        answer_names=ANSWER_NAMES,
        heights=HEIGHTS,
    )


@router.get("/runs")
def runs(visit: SignedIn) -> Response:
    """What was run and how it ended."""
    with reading(visit.desk.context.engine) as connection:
        jobs = sorted(newest_tries(connection).values(), key=lambda each: each.started_at)
        last = last_runs(connection, _HISTORY)
    return visit.page("runs.html", jobs=jobs[::-1], runs=last, states=_RUN_STATES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """This is a report that was made, as the history shows it."""

    id: int
    name: str
    period: str
    scope: str
    rows: int
    made_at: datetime
    exists: bool


@router.get("/reports")
def reports(visit: SignedIn, made: str = "") -> Response:
    """The form for a report, and those made before."""
    return _reports_page(visit, made=bool(made))


def _reports_page(
    visit: Visit, *, made: bool = False, problem: str = "", status: int = 200
) -> Response:
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        history = [_made(visit, each) for each in last_exports(connection, _HISTORY)]
    now = desk.context.clock().astimezone(VIETNAM)
    return visit.page(
        "reports.html",
        status=status,
        problem=problem,
        made=made,
        may_make=visit.person.may(Access.EDITOR),
        month=f"{now:%Y-%m}",
        window=desk.context.settings.report.window,
        agencies=listed(desk, today(desk)),
        formats=list(FORMATS),
        history=history,
    )


def _made(visit: Visit, found: Export) -> Made:
    path = Path(found.path)
    return Made(
        id=found.id,
        name=path.name,
        period=found.period,
        scope=found.scope,
        rows=found.rows,
        made_at=found.made_at,
        exists=_is_ours(visit, path),
    )


def _is_ours(visit: Visit, path: Path) -> bool:
    """Whether a file lies in the folder of reports and is there: no other is handed out."""
    folder = visit.desk.context.report_folder.resolve()
    return path.resolve().is_relative_to(folder) and path.is_file()


@router.post("/reports")
def make_report(visit: Editor, form: Posted) -> Response:
    """Make the report of a month in the formats asked for."""
    desk = visit.desk
    try:
        formats = [str(each) for each in form.getlist("format")]
        _make(visit, form, formats)
    except UsageError as error:
        return _reports_page(visit, problem=visit.say(str(error)), status=400)
    except DiembaoError as error:
        desk.note(visit.person.name, "report failed", address=visit.address, detail=str(error))
        return _reports_page(visit, problem=visit.say(str(error)), status=503)
    return back("/reports?made=1")


def _make(visit: Visit, form: Posted, formats: Sequence[str]) -> None:
    desk = visit.desk
    if not formats:
        raise UsageError("Chọn ít nhất một định dạng.")
    check_formats(formats)
    window = str(form.get("window", ""))
    if window not in set(Window):
        raise UsageError(unknown("cách tính tháng", window[:40], Window))
    period = month_of(str(form.get("month", ""))[:20], Window(window))
    agency = asked_agency(desk, str(form.get("agency", "")))
    export(
        desk.context,
        desk.register,
        period,
        formats=formats,
        folder=desk.context.report_folder,
        agency=agency or None,
    )
    with beside_writers(desk.context.engine) as connection:
        visit.note(
            connection,
            "report",
            object_=period.slug,
            detail=f"{agency} {','.join(formats)}".strip(),
        )


@router.get("/reports/{number}")
def download(visit: SignedIn, number: Number) -> Response:
    """A report that was made; only files that we wrote ourselves are handed out."""
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        found = export_of(connection, number)
    if found is None or not _is_ours(visit, Path(found.path)):
        raise NotFound(f"Không có báo cáo số {number}, hoặc tệp không còn.")
    desk.note(visit.person.name, "download", address=visit.address, object_=Path(found.path).name)
    return FileResponse(
        found.path,
        filename=Path(found.path).name,
        media_type="application/octet-stream",
        headers={"Cache-Control": "no-store"},
    )
