"""Alerts: what a person was told, and the form that says what they want to be told."""

from __future__ import annotations

import re
from typing import Final

from fastapi import APIRouter, Response

from domain.alerts import (
    ALERT_KIND_NAMES,
    AlertKind,
    AlertWishes,
    Subscriber,
    check_wishes,
    may_have,
)
from domain.errors import UsageError
from domain.validation import unknown
from storage.alerts import alerts_of, keep_wishes, mark_read, subscriber_of
from storage.api_keys import saved_of
from storage.database import beside_writers, reading
from web.agencies import listed, naming, today
from web.visits import Posted, SignedIn, Visit, back

router = APIRouter(include_in_schema=False)
_SHOWN: Final = 200
_LONGEST: Final = 1_000
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


@router.get("/alerts")
def alerts(visit: SignedIn) -> Response:
    """What the person was told, the newest first, and what they want to be told."""
    with reading(visit.desk.context.engine) as connection:
        person = subscriber_of(connection, visit.person)
    return _page(visit, person)


def _page(visit: Visit, person: Subscriber, *, problem: str = "", status: int = 200) -> Response:
    desk, settings = visit.desk, visit.desk.context.settings
    unread_only = visit.request.query_params.get("unread") == "1"
    with reading(desk.context.engine) as connection:
        found = alerts_of(connection, visit.person.id, limit=_SHOWN + 1, unread_only=unread_only)
        saved = saved_of(connection, visit.person.id)
    return visit.page(
        "alerts.html",
        status=status,
        problem=problem,
        alerts=found[:_SHOWN],
        more=len(found) > _SHOWN,
        unread_only=unread_only,
        kinds={
            kind: name for kind, name in ALERT_KIND_NAMES.items() if may_have(visit.person, kind)
        },
        names=ALERT_KIND_NAMES,
        wishes=person.wishes,
        followed=person.agencies,
        undelivered=person.problem,
        saved=saved,
        agencies=listed(desk, today(desk)),
        agency_name=naming(desk),
        may_mail=bool(settings.notices.smtp_host),
        webhook_hosts=settings.alerts.webhook_hosts,
    )


@router.post("/alerts/read")
def read(visit: SignedIn, form: Posted) -> Response:
    """The person has read one alert, or all."""
    desk, written = visit.desk, str(form.get("id", ""))
    if written and not _NUMBER.fullmatch(written):
        raise UsageError("Số của cảnh báo không đúng. Mở lại trang rồi thử lại.")
    ids = [int(written)] if written else None
    with beside_writers(desk.context.engine) as connection:
        mark_read(connection, visit.person.id, ids, desk.context.clock())
    return back("/alerts")


@router.post("/alerts")
def wish(visit: SignedIn, form: Posted) -> Response:
    """Keep what the person wants to be told."""
    desk = visit.desk
    with reading(desk.context.engine) as connection:
        saved = [each.id for each in saved_of(connection, visit.person.id)]
        held = subscriber_of(connection, visit.person)
    try:
        wishes = _wishes(visit, form, saved)
    except UsageError as error:
        return _page(visit, held, problem=visit.say(str(error)), status=400)
    try:
        check_wishes(wishes, webhook_hosts=desk.context.settings.alerts.webhook_hosts)
    except UsageError as error:
        asked = Subscriber(user=visit.person, wishes=wishes, problem=held.problem)
        return _page(visit, asked, problem=visit.say(str(error)), status=400)
    with beside_writers(desk.context.engine) as connection:
        keep_wishes(connection, visit.person.id, wishes)
        # Where messages go is no secret; what may stand in a webhook's address is.
        said = ", ".join(
            filter(None, (*wishes.kinds, wishes.email, "webhook" if wishes.webhook else ""))
        )
        visit.note(connection, "alerts", object_=f"user {visit.person.id}", detail=said)
    return back("/alerts")


def _wishes(visit: Visit, form: Posted, saved: list[int]) -> AlertWishes:
    kinds = {str(each) for each in form.getlist("kinds")}
    if strange := kinds - set(AlertKind):
        raise UsageError(unknown("loại cảnh báo", min(strange)[:40], AlertKind))
    agencies = {visit.desk.register.get(str(each)[:80]).id for each in form.getlist("agencies")}
    told = {str(each) for each in form.getlist("searches")}

    def text(field: str) -> str:
        return str(form.get(field, "")).strip()[:_LONGEST]

    is_own = agencies == set(visit.person.agencies)
    return AlertWishes(
        kinds=tuple(kind for kind in AlertKind if kind in kinds and may_have(visit.person, kind)),
        # Who follows their own agencies follows them also when they are given others.
        agencies=None if is_own else tuple(sorted(agencies)),
        muted=tuple(each for each in saved if str(each) not in told),
        email=text("email"),
        webhook=text("webhook"),
        quiet_from=text("quiet_from"),
        quiet_to=text("quiet_to"),
    )
