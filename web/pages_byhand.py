"""Articles that a person brings in: typed in with a scan, or named for the next crawl to fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from domain.errors import UsageError
from domain.users import Access
from pipeline.by_hand import HAND_KINDS, HAND_LEVELS, Typed, enter, name_page, read_typed
from pipeline.context import ATTACHMENTS
from pipeline.models import open_tagger
from pipeline.tag import Tags
from storage.article_pages import article_text
from storage.database import reading
from storage.imports import hand_outlets
from storage.scans import MEDIA_TYPES, MOST_SCAN_BYTES, keep_scan, scan_at
from web.asking import Number
from web.desk import Desk
from web.pages_articles import NotFound
from web.visits import Forbidden, Posted, SignedIn, Visit, back, checked_form

router = APIRouter(include_in_schema=False)
#: Fields of the form, with the most letters of each.
FIELDS: Final = {
    "outlet": 64, "outlet_name": 200, "outlet_kind": 16, "outlet_level": 16, "headline": 500,
    "description": 5_000, "body": 200_000, "day": 40, "hour": 20, "place": 200, "url": 2_000,
}  # fmt: skip


def entering(visit: SignedIn) -> Visit:
    """A visit of somebody who may bring articles in."""
    if not visit.person.may(Access.OFFICER):
        raise Forbidden("Vai trò của bạn không được làm việc này.")
    return visit


Entering = Annotated[Visit, Depends(entering)]


async def filled_in(request: Request, visit: Entering) -> AsyncIterator[FormData]:
    """The fields of the form with its scan; nothing is read of who may not send it."""
    try:
        yield await checked_form(request, visit, files=1)
    finally:
        await request.close()


@router.get("/articles/new")
def new_article(visit: Entering) -> Response:
    """The form to type an article in."""
    return _form(visit)


def _form(
    visit: Visit,
    *,
    given: dict[str, str] | None = None,
    problem: str = "",
    address_problem: str = "",
    told: str = "",
) -> Response:
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        by_hand = hand_outlets(connection)
    declared = sorted((each.name, each.id) for each in desk.context.outlets)
    return visit.page(
        "by_hand.html",
        status=400 if problem or address_problem else 200,
        outlets=[*((each.name, each.id) for each in by_hand), *declared],
        kinds={code: name for code, (_, name) in HAND_KINDS.items()},
        levels=HAND_LEVELS,
        given={name: "" for name in FIELDS} | (given or {}),
        megabytes=MOST_SCAN_BYTES // 1_000_000,
        problem=problem,
        address_problem=address_problem,
        told=told,
    )


@router.post("/articles/new")
async def add_article(visit: Entering, form: Annotated[FormData, Depends(filled_in)]) -> Response:
    """Keep an article that was typed in; it is tagged, grouped and counted at once."""
    upload = form.get("scan")
    content = b""
    if isinstance(upload, UploadFile) and upload.filename:
        content = await upload.read(MOST_SCAN_BYTES + 1)
    given = {name: str(form.get(name, ""))[:most] for name, most in FIELDS.items()}
    return await run_in_threadpool(_add, visit, given, content)


def _add(visit: Visit, given: dict[str, str], content: bytes) -> Response:
    try:
        number = _enter(visit, given, content)
    except UsageError as error:
        return _form(visit, given=given, problem=visit.say(str(error)))
    return back(f"/articles/{number}")


def _enter(visit: Visit, given: dict[str, str], content: bytes) -> int:
    desk = visit.desk
    tagger = _tagger(desk)
    context = desk.context
    scan = keep_scan(context.home / ATTACHMENTS, content) if content else ""
    with context.engine.begin() as connection:
        entry = read_typed(
            connection, Typed(**given), context.outlets, scan=scan, now=context.clock()
        )
        number = enter(connection, entry, context.outlets, tagger)
        if number is None:
            raise UsageError("Bài này đã có trong cơ sở dữ liệu. Tìm bài rồi sửa nhãn ở đó.")
        visit.note(connection, "enter", object_=f"article {number}", detail=scan)
    return number


def _tagger(desk: Desk) -> Tags:
    """The tagger, loaded once: it takes a second."""
    context = desk.context
    return desk.cache.get(
        ("tagger",), lambda: open_tagger(context.settings, desk.register, context.outlets)
    )


@router.post("/articles/fetch")
def fetch_later(visit: Entering, form: Posted) -> Response:
    """Name an address for the next crawl to fetch, by the rules of its outlet."""
    context = visit.desk.context
    written = str(form.get("url", ""))[: FIELDS["url"]]
    try:
        with context.engine.begin() as connection:
            held = name_page(connection, written, context.outlets, now=context.clock())
            if held is None:
                visit.note(connection, "fetch", object_=written[:200])
    except UsageError as error:
        return _form(visit, given={"url": written}, address_problem=visit.say(str(error)))
    if held is not None:
        return back(f"/articles/{held}")
    return _form(visit, told=visit.say("Đã ghi địa chỉ. Lượt thu thập tới sẽ tải bài."))


@router.get("/articles/{number}/scan")
def scan_of(visit: SignedIn, number: Number) -> Response:
    """The scan of an article, as a file to keep: no browser opens it as a page."""
    with reading(visit.desk.context.engine) as connection:
        found = article_text(connection, number)
    path = scan_at(visit.desk.context.home / ATTACHMENTS, found.scan) if found else None
    if path is None:
        raise NotFound(f"Bài số {number} không có bản chụp.")
    ending = path.suffix.removeprefix(".")
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[ending],
        filename=f"ban-chup-{number}.{ending}",
        content_disposition_type="attachment",
    )
