"""Who may do what: people, their roles, and the scopes of the key of a program."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Access(StrEnum):
    """This names what a person may do; each role may do what those before it may."""

    READER = "reader"
    #: Also corrects articles that name one of their agencies, and decides on its events.
    OFFICER = "officer"
    #: Also corrects any article, works the review queue and makes reports.
    EDITOR = "editor"
    #: Also keeps users and keys, and reads the audit trail.
    ADMINISTRATOR = "administrator"


ACCESS_NAMES = {
    Access.READER: "Người đọc",
    Access.OFFICER: "Cán bộ của cơ quan",
    Access.EDITOR: "Biên tập viên",
    Access.ADMINISTRATOR: "Quản trị",
}


class Scope(StrEnum):
    """This names what a program may ask with its key."""

    READ = "read"
    MEASURE = "measure"
    EXPORT = "export"


SCOPE_NAMES = {
    Scope.READ: "tra cứu bài, câu chuyện, danh mục",
    Scope.MEASURE: "đọc số liệu",
    Scope.EXPORT: "tải cả kho bài",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """This is a person who may sign in."""

    id: int
    #: The name typed at sign-in.
    name: str
    full_name: str
    access: Access
    #: Ids of the agencies that an officer speaks for.
    agencies: tuple[str, ...] = ()
    #: True while the password is one that somebody else has seen.
    must_change: bool = False
    disabled: bool = False

    def may(self, access: Access) -> bool:
        """Whether the person's role reaches `access`."""
        order = list(Access)
        return order.index(self.access) >= order.index(access)

    def may_correct(self, agencies: Collection[str]) -> bool:
        """Whether the person may correct an article that names `agencies`."""
        if self.access is Access.OFFICER:
            return not set(self.agencies).isdisjoint(agencies)
        return self.may(Access.EDITOR)


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """This is the key of a program; the key itself is shown once and never stored."""

    id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """This is one line of the audit trail: who did what, to what, from where."""

    at: datetime
    who: str
    action: str
    #: What it was done to, e.g. ``article 12``.
    object: str = ""
    detail: str = ""
    address: str = ""
