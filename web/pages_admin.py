"""Administration: people, keys of programs, the audit trail."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from domain.errors import UsageError
from domain.users import ACCESS_NAMES, SCOPE_NAMES, Scope, User
from storage.api_keys import add_key, list_keys, revoke_key
from storage.audit_trail import deeds
from storage.database import Connection, reading
from storage.users import add_user, change_user, list_users, set_password, user_of
from web.asking import Number
from web.new_people import checked_access, new_key, new_user
from web.pages_articles import NotFound
from web.passwords import hashed, one_time_password
from web.visits import Administrator, Posted, Visit, back

router = APIRouter(include_in_schema=False)
_LINES: Final = 100


@router.get("/admin")
def admin(visit: Administrator, before: int = 0) -> Response:
    """People, keys, and what was done."""
    return _page(visit, before=before if 0 <= before < 2**53 else 0)


def _page(
    visit: Visit,
    *,
    before: int = 0,
    problem: str = "",
    status: int = 200,
    shown_once: str = "",
    shown_once_of: str = "",
) -> Response:
    with reading(visit.desk.context.engine) as connection:
        people = list_users(connection)
        keys = list_keys(connection)
        trail = deeds(connection, limit=_LINES, before=before)
    return visit.page(
        "admin.html",
        status=status,
        problem=problem,
        shown_once=shown_once,
        shown_once_of=shown_once_of,
        people=people,
        accesses=ACCESS_NAMES,
        keys=keys,
        scopes=SCOPE_NAMES,
        trail=trail,
    )


@router.post("/admin/users")
def add(visit: Administrator, form: Posted) -> Response:
    """Add a person with a password that is shown once."""
    desk = visit.desk
    password = one_time_password()
    kept = hashed(password)
    try:
        user = new_user(
            desk.register,
            name=str(form.get("name", "")),
            full_name=str(form.get("full_name", "")),
            access=str(form.get("access", "")),
            agencies=_agencies(form),
        )
        with desk.context.engine.begin() as connection:
            add_user(connection, user, kept, desk.context.clock())
            visit.note(connection, "user add", object_=user.name, detail=user.access)
    except UsageError as error:
        return _page(visit, problem=visit.say(str(error)), status=400)
    said = visit.say("Mật khẩu dùng một lần của %s") % user.name
    return _page(visit, shown_once=password, shown_once_of=said)


@router.post("/admin/users/{number}")
def change(visit: Administrator, form: Posted, number: Number) -> Response:
    """Give a person another role, or a new password that is shown once."""
    desk = visit.desk
    is_reset = form.get("do") == "reset"
    password = one_time_password() if is_reset else ""
    kept = hashed(password) if is_reset else ""
    try:
        with desk.context.engine.begin() as connection:
            user = _known(connection, number)
            if is_reset:
                set_password(connection, number, kept, must_change=True)
                visit.note(connection, "user reset", object_=user.name)
            else:
                role, held = checked_access(
                    desk.register, str(form.get("access", "")), _agencies(form)
                )
                change_user(
                    connection, number, access=role, agencies=held,
                    disabled=form.get("disabled") == "1",
                )  # fmt: skip
                visit.note(connection, "user change", object_=user.name, detail=role)
    except UsageError as error:
        return _page(visit, problem=visit.say(str(error)), status=400)
    if not is_reset:
        return back("/admin")
    said = visit.say("Mật khẩu dùng một lần của %s") % user.name
    return _page(visit, shown_once=password, shown_once_of=said)


def _agencies(form: Posted) -> list[str]:
    return str(form.get("agencies", "")).split(",")


def _known(connection: Connection, number: int) -> User:
    user = user_of(connection, number)
    if user is None:
        raise NotFound(f"Không có người dùng số {number}.")
    return user


@router.post("/admin/keys")
def make_key(visit: Administrator, form: Posted) -> Response:
    """Make a key for a program; it is shown once."""
    desk = visit.desk
    name = str(form.get("name", "")).strip()[:100]
    wanted = [str(each) for each in form.getlist("scopes")]
    if not name or not wanted or not set(wanted) <= set(Scope):
        problem = visit.say("Ghi tên khóa và chọn ít nhất một việc được làm.")
        return _page(visit, problem=problem, status=400)
    key = new_key()
    with desk.context.engine.begin() as connection:
        add_key(
            connection, key, name=name, scopes=[Scope(each) for each in wanted],
            by=visit.person.name, now=desk.context.clock(),
        )  # fmt: skip
        visit.note(connection, "key add", object_=name, detail=",".join(sorted(wanted)))
    return _page(visit, shown_once=key, shown_once_of=visit.say("Khóa API %s") % name)


@router.post("/admin/keys/{number}/revoke")
def revoke(visit: Administrator, form: Posted, number: Number) -> Response:
    """Let a key open nothing any more."""
    desk = visit.desk
    with desk.context.engine.begin() as connection:
        if revoke_key(connection, number, desk.context.clock()):
            visit.note(connection, "key revoke", object_=f"key {number}")
    return back("/admin")
