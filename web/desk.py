"""What every page is given: the installation, its templates, what was worked out before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import jinja2

from domain.agencies import AgencyRegister
from domain.users import Deed
from pipeline.context import Context
from pipeline.own_outlets import OutletsAnew
from storage.audit_trail import note_deed
from storage.database import beside_writers, reading
from storage.versions import data_version
from web.cache import Cache
from web.languages import environments
from web.throttle import Throttle

#: Wrong passwords within this time: for one name from one address, from one address, for one name.
LOGIN_WINDOW = timedelta(minutes=15)
#: A search and a chart hold about 15 KB each.
_SEARCHES, _CHARTS = 256, 256
_SEARCHES_AT_ONCE = 2
_LOGINS_OF_PAIR, _LOGINS_OF_ADDRESS, _LOGINS_OF_NAME = 5, 30, 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Logins:
    """These count wrong passwords."""

    pair: Throttle
    address: Throttle
    name: Throttle


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """This is one installation as the pages see it."""

    context: Context
    register: AgencyRegister
    #: Signs cookies and form tokens.
    secret: bytes
    logins: Logins
    api: Throttle
    #: Sees what the operator added to the declared outlets.
    anew: OutletsAnew
    #: Figures; searches and charts stand apart, for many of them must not push out the few views.
    cache: Cache = field(default_factory=Cache)
    searches: Cache = field(default_factory=lambda: Cache(_SEARCHES, at_once=_SEARCHES_AT_ONCE))
    charts: Cache = field(default_factory=lambda: Cache(_CHARTS))
    templates: dict[str, jinja2.Environment] = field(default_factory=environments)

    def today(self) -> Desk:
        """The same desk with the outlets that are declared now."""
        context = self.anew.current()
        return self if context is self.context else replace(self, context=context)

    def version(self) -> str:
        """How far the data has come, and which outlets of the operator's own are declared."""
        with reading(self.context.engine) as connection:
            return f"{data_version(connection)}{self.anew.mark}"

    def note(
        self, who: str, action: str, *, address: str, object_: str = "", detail: str = ""
    ) -> None:
        """Add a line to the audit trail, in a transaction of its own."""
        with beside_writers(self.context.engine) as connection:
            note_deed(
                connection,
                Deed(
                    at=self.context.clock(), who=who, action=action,
                    object=object_, detail=detail, address=address,
                ),
            )  # fmt: skip


def open_desk(context: Context, register: AgencyRegister, secret: bytes) -> Desk:
    """The desk of an installation."""

    def counting(limit: int) -> Throttle:
        return Throttle(context.clock, limit=limit, window=LOGIN_WINDOW)

    return Desk(
        context=context,
        anew=OutletsAnew(context),
        register=register,
        secret=secret,
        logins=Logins(
            pair=counting(_LOGINS_OF_PAIR),
            address=counting(_LOGINS_OF_ADDRESS),
            name=counting(_LOGINS_OF_NAME),
        ),
        api=Throttle(
            context.clock,
            limit=context.settings.web.api_per_minute,
            window=timedelta(minutes=1),
        ),
    )
