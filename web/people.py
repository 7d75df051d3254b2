"""Signing in and out, and choosing a password."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Response

from domain.errors import UsageError
from domain.users import User
from storage.database import beside_writers, reading
from storage.users import (
    close_session,
    open_session,
    set_password,
    user_with_password,
)
from web.desk import Desk
from web.languages import LANGUAGES
from web.passwords import check_choice, hashed, is_right
from web.visits import (
    FORM_COOKIE,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Asked,
    BadForm,
    Posted,
    Visit,
    back,
    closed,
    give_cookie,
    new_token,
    own_path,
)

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600
#: A sign-in name is no longer than this.
_LONGEST_NAME = 64


@router.get("/login")
def login_page(visit: Asked, next: str = "/") -> Response:
    """The sign-in form."""
    return _form(visit, next)


def _form(
    visit: Visit, next_: str, *, problem: str = "", status: int = 200, wait: int = 0
) -> Response:
    token = visit.token if visit.user is None and visit.token else new_token()
    shown = Visit(
        request=visit.request, desk=visit.desk, user=None, language=visit.language, token=token
    )
    page = shown.page("login.html", next=own_path(next_), problem=problem, wait=wait, status=status)
    give_cookie(page, visit.desk, FORM_COOKIE, closed(visit.desk.secret, token))
    if wait:
        page.headers["Retry-After"] = str(wait)
    return page


@router.post("/login")
def log_in(visit: Asked, form: Posted) -> Response:
    """Open a session, where name and password are right."""
    desk = visit.desk
    name = str(form.get("name", "")).strip()[:_LONGEST_NAME]
    next_ = str(form.get("next", "/"))
    keys = (
        (desk.logins.pair, (name, visit.address)),
        (desk.logins.address, visit.address),
        (desk.logins.name, name),
    )
    looks = [throttle.look(key) for throttle, key in keys]
    if not all(look.allowed for look in looks):
        wait = max(look.seconds for look in looks if not look.allowed)
        problem = visit.say("Nhập sai quá nhiều lần. Chờ rồi thử lại.")
        return _form(visit, next_, problem=problem, status=429, wait=wait)
    user = _recognised(desk, name, str(form.get("password", "")))
    if user is None:
        for throttle, key in keys:
            throttle.take(key)
        desk.note(name, "login failed", address=visit.address)
        problem = visit.say("Tên hoặc mật khẩu không đúng.")
        return _form(visit, next_, problem=problem, status=401)
    desk.logins.pair.forget((name, visit.address))
    desk.note(user.name, "login", address=visit.address)
    return _let_in(desk, user, own_path(next_))


def _recognised(desk: Desk, name: str, password: str) -> User | None:
    with reading(desk.context.engine) as connection:
        found = user_with_password(connection, name)
    user, kept = found if found else (None, None)
    right = len(password) <= 200 and is_right(password, kept)
    return user if right and user is not None and not user.disabled else None


def _let_in(desk: Desk, user: User, path: str) -> Response:
    now = desk.context.clock()
    lasts = timedelta(hours=desk.context.settings.web.session_hours)
    token = new_token()
    with beside_writers(desk.context.engine) as connection:
        open_session(connection, user.id, token, now=now, until=now + lasts)
    response = back("/password" if user.must_change else path)
    give_cookie(
        response,
        desk,
        SESSION_COOKIE,
        closed(desk.secret, token),
        seconds=int(lasts.total_seconds()),
    )
    response.delete_cookie(FORM_COOKIE)
    return response


@router.post("/logout")
def log_out(visit: Asked, form: Posted) -> Response:
    """End the session."""
    if visit.user is not None:
        with beside_writers(visit.desk.context.engine) as connection:
            close_session(connection, visit.token)
            visit.note(connection, "logout")
    response = back("/login")
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/password")
def password_page(visit: Asked) -> Response:
    """The form for another password."""
    return visit.page("password.html", must=visit.person.must_change, problem="")


@router.post("/password")
def change_password(visit: Asked, form: Posted) -> Response:
    """Take another password; every session is over, and a new one begins."""
    user, desk = visit.person, visit.desk
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))
    turn = desk.logins.pair.look((user.name, visit.address))
    try:
        if not turn.allowed:
            raise UsageError("Nhập sai quá nhiều lần. Chờ rồi thử lại.")
        if _recognised(desk, user.name, old) is None:
            desk.logins.pair.take((user.name, visit.address))
            raise UsageError("Mật khẩu đang dùng không đúng.")
        check_choice(new, user.name)
        if new != again:
            raise UsageError("Hai lần nhập mật khẩu mới không giống nhau.")
        if new == old:
            raise UsageError("Mật khẩu mới phải khác mật khẩu đang dùng.")
    except UsageError as error:
        return visit.page(
            "password.html", must=user.must_change, problem=visit.say(str(error)), status=400
        )
    kept = hashed(new)
    with beside_writers(desk.context.engine) as connection:
        set_password(connection, user.id, kept, must_change=False)
        visit.note(connection, "password")
    return _let_in(
        desk,
        User(id=user.id, name=user.name, full_name=user.full_name, access=user.access),
        "/",
    )


@router.post("/language")
def choose_language(visit: Asked, form: Posted) -> Response:
    """Speak another language to this visitor from now on."""
    chosen = str(form.get("language", ""))
    if chosen not in LANGUAGES:
        raise BadForm
    response = back(own_path(str(form.get("next", "/"))))
    give_cookie(response, visit.desk, LANGUAGE_COOKIE, chosen, seconds=_YEAR)
    return response
