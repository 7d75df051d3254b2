"""The application: the pages, the API, and how errors are told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from domain.agencies import AgencyRegister
from domain.errors import DiembaoError, UsageError
from pipeline.context import Context
from storage.database import reading
from storage.versions import data_version
from web import (
    api,
    front_files,
    pages_admin,
    pages_alerts,
    pages_articles,
    pages_byhand,
    pages_events,
    pages_feedback,
    pages_figures,
    pages_new_outlet,
    pages_review,
    pages_search,
    pages_works,
    people,
)
from web.api_doors import ApiRefusal
from web.desk import open_desk
from web.guard import TOO_LARGE_TEXT, Guard, TooLarge
from web.pages_articles import NotFound
from web.visits import BadForm, Forbidden, MustChange, NotSignedIn, back, own_path, visit_of

log = logging.getLogger(__name__)
_API: Final = "/api/"
_ROUTERS: Final = (
    people.router,
    pages_figures.router,
    pages_search.router,
    # Before the articles: "new" is no number.
    pages_byhand.router,
    pages_articles.router,
    pages_new_outlet.router,
    pages_works.router,
    pages_events.router,
    pages_feedback.router,
    pages_alerts.router,
    pages_review.router,
    pages_admin.router,
    api.router,
)


def create_app(context: Context, register: AgencyRegister, secret: bytes) -> ASGIApp:
    """The pages and the API of an installation; `secret` signs cookies."""
    app = FastAPI(
        title="Điểm Báo",
        version="1",
        description="Press on administrative reform in Vietnam: articles, stories, figures.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = open_desk(context, register, secret)
    if front_files.live_address():
        app.mount("/static/live", front_files.KeptFiles(directory=front_files.LIVE), name="live")
    app.mount("/static", front_files.KeptFiles(directory=front_files.OWN), name="static")
    for router in _ROUTERS:
        app.include_router(router)
    app.add_api_route("/healthz", _alive, include_in_schema=False)
    for error, handler in _HANDLERS.items():
        app.add_exception_handler(error, handler)
    # Around everything, so that an answer to an error carries the rules too.
    return Guard(app, https=context.settings.web.https)


def _alive(request: Request) -> Response:
    """That we answer, and that the database does."""
    with reading(request.app.state.desk.context.engine) as connection:
        data_version(connection)
    return JSONResponse({"status": "ok"})


def _to_sign_in(request: Request, error: Exception) -> Response:
    path = request.url.path
    asked = f"?{request.url.query}" if request.url.query else ""
    wanted = own_path(f"{path}{asked}") if request.method == "GET" and path != "/" else ""
    return back(f"/login?next={quote(wanted, safe='')}" if wanted else "/login")


def _to_password(request: Request, error: Exception) -> Response:
    return back("/password")


def _told(status: int, title: str, default: str = "") -> Callable[[Request, Exception], Response]:
    def tell(request: Request, error: Exception) -> Response:
        return _problem(request, status, title, default or str(error))

    return tell


def _problem(request: Request, status: int, title: str, message: str) -> Response:
    if request.url.path.startswith(_API):
        code = title.lower().replace(" ", "_")
        return ApiRefusal(status, _CODES.get(status, code), message).answer()
    visit = visit_of(request)
    return visit.page(
        "problem.html", status=status, title=visit.say(title), message=visit.say(message)
    )


_CODES: Final = {
    400: "bad_request",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    500: "failed",
    503: "unavailable",
}
_TITLES: Final = {
    404: ("Không có trang này", "Địa chỉ không đúng, hoặc thứ cần tìm không còn."),
    405: ("Không làm được như vậy", "Trang này không nhận cách gửi đó."),
}


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, message = _TITLES.get(error.status_code, ("Không dùng được", str(error.detail)))
    return _problem(request, error.status_code, title, message)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if request.url.path.startswith(_API):
        faults = [
            {"where": ".".join(map(str, fault["loc"])), "what": fault["msg"]}
            for fault in error.errors()
        ]
        body = {"error": {"code": "unprocessable", "message": "Tham số không đúng."}}
        return JSONResponse({**body, "faults": faults}, 422)
    return _problem(request, 404, *_TITLES[404])


def _too_large(request: Request, error: Exception) -> Response:
    return PlainTextResponse(TOO_LARGE_TEXT, 413, {"Connection": "close"})


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiRefusal)
    return error.answer()


def _failed(request: Request, error: Exception) -> Response:
    # Not swallowed: the log has it whole; the visitor is told no more than that it failed.
    log.error("page failed", exc_info=error, extra={"page": request.url.path})
    return _problem(
        request, 500, "Trang bị lỗi", "Lỗi đã được ghi vào nhật ký. Thử lại, hoặc báo quản trị."
    )


_HANDLERS: Final = {
    NotSignedIn: _to_sign_in,
    MustChange: _to_password,
    Forbidden: _told(403, "Không được phép"),
    BadForm: _told(
        403,
        "Trang đã cũ",
        "Biểu mẫu đã hết hạn hoặc không do trang này tạo. Mở lại trang rồi gửi lại.",
    ),
    NotFound: _told(404, "Không tìm thấy"),
    UsageError: _told(400, "Câu hỏi không dùng được"),
    DiembaoError: _told(503, "Chưa làm được"),
    TooLarge: _too_large,
    ApiRefusal: _refused,
    HTTPException: _http,
    RequestValidationError: _invalid,
    Exception: _failed,
}
