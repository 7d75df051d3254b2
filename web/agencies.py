"""Names and lists of agencies as the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from domain.agencies import Agency
from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.users import User
from web.desk import Desk


def today(desk: Desk) -> date:
    """Today, by Vietnamese time."""
    return desk.context.clock().astimezone(VIETNAM).date()


def naming(desk: Desk, day: date | None = None) -> Callable[[str], str]:
    """A function that names agencies as on a day; an id that no register has stays as it is."""

    def name(agency: str) -> str:
        try:
            return desk.register.get(agency, day).official_name
        except UsageError:
            return agency

    return name


def listed(desk: Desk, day: date) -> list[Agency]:
    """The agencies that a tag may name on a day: ministries, provinces, then the others."""
    chief = (*desk.register.ministries(day), *desk.register.provinces(day))
    known = {each.id for each in chief}
    others = (
        each
        for each in desk.register.on(day)
        if each.id not in known and desk.register.is_output(each.id)
    )
    return [*chief, *others]


def may_correct(desk: Desk, user: User, agencies: Collection[str]) -> bool:
    """Whether a person may correct an article that names `agencies`, under any of their names."""
    day = today(desk)
    known = {heir for agency in agencies for heir in (agency, _heir(desk, agency, day))}
    return user.may_correct(known)


def _heir(desk: Desk, agency: str, day: date) -> str:
    try:
        return desk.register.rolled_up(agency, day)
    except UsageError:
        return agency
