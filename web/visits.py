"""A visit: who asks, in which language, with which session; and what a page needs of that."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.datastructures import FormData

from domain.users import Access, Deed, User
from storage.alerts import unread_of
from storage.audit_trail import note_deed
from storage.database import Connection, reading
from storage.users import session_user
from web.agencies import naming, today
from web.desk import Desk
from web.languages import LANGUAGES

SESSION_COOKIE: Final = "diembao_session"
FORM_COOKIE: Final = "diembao_form"
LANGUAGE_COOKIE: Final = "diembao_lang"
_MOST_FIELDS: Final = 300
#: Own agencies led to from every page; a person may have more.
_OWN_SHOWN: Final = 3


class NotSignedIn(Exception):
    """Nobody is signed in; the visitor is led to the sign-in page."""


class MustChange(Exception):
    """The password was seen by somebody else; its owner chooses another one first."""


class Forbidden(Exception):
    """The person may not do this; the message says why."""


class BadForm(Exception):
    """The form does not come from a page that we gave to this visitor, or came too late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """This is one request with who asks it."""

    request: Request
    desk: Desk
    user: User | None
    language: str
    #: The session's token, or the one that guards the sign-in form; "" where there is none.
    token: str

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    @property
    def person(self) -> User:
        """Who is signed in."""
        if self.user is None:
            raise NotSignedIn
        return self.user

    def page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page made from a template."""
        text = (
            self.desk.templates[self.language]
            .get_template(template)
            .render(
                user=self.user,
                csrf=form_token(self.desk.secret, self.token),
                here=self.request.url.path,
                asked=self.request.url.query,
                unread=self._unread(),
                own=self._own(),
                **values,
            )
        )
        return HTMLResponse(text, status)

    def _own(self) -> list[tuple[str, str]]:
        """The agencies that are the visitor's own, as they are named today."""
        if self.user is None:
            return []
        name = naming(self.desk, today(self.desk))
        return [(agency, name(agency)) for agency in self.user.agencies[:_OWN_SHOWN]]

    def _unread(self) -> int:
        """How many alerts the visitor has not read."""
        if self.user is None or self.user.must_change:
            return 0
        with reading(self.desk.context.engine) as connection:
            return unread_of(connection, self.user.id)

    def note(
        self, connection: Connection, action: str, *, object_: str = "", detail: str = ""
    ) -> None:
        """Add a line to the audit trail, in the transaction of what it tells of."""
        note_deed(
            connection,
            Deed(
                at=self.desk.context.clock(), who=self.person.name, action=action,
                object=object_, detail=detail, address=self.address,
            ),
        )  # fmt: skip

    def say(self, text: str) -> str:
        """A text in the visitor's language."""
        return str(self.desk.templates[self.language].filters["say"](text))


def form_token(secret: bytes, token: str) -> str:
    """What a form carries to show that we gave it to the holder of `token`."""
    return hmac.new(secret, f"form {token}".encode(), hashlib.sha256).hexdigest()


def visit_of(request: Request) -> Visit:
    """Who asks: found by the signed cookie, and by the session that is still open."""
    desk: Desk = request.app.state.desk.today()
    token = opened(desk, request.cookies.get(SESSION_COOKIE, ""))
    user = None
    if token:
        with reading(desk.context.engine) as connection:
            user = session_user(connection, token, desk.context.clock())
    if user is None:
        token = opened(desk, request.cookies.get(FORM_COOKIE, ""))
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    return Visit(
        request=request,
        desk=desk,
        user=user,
        language=language if language in LANGUAGES else "vi",
        token=token,
    )


def signed_in(visit: Annotated[Visit, Depends(visit_of)]) -> Visit:
    """A visit of somebody who is signed in with a password of their own."""
    if visit.person.must_change:
        raise MustChange
    return visit


def editor(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
    """A visit of an editor or an administrator."""
    return _reaching(visit, Access.EDITOR)


def administrator(visit: Annotated[Visit, Depends(signed_in)]) -> Visit:
    """A visit of an administrator."""
    return _reaching(visit, Access.ADMINISTRATOR)


def _reaching(visit: Visit, access: Access) -> Visit:
    if not visit.person.may(access):
        raise Forbidden("Vai trò của bạn không được làm việc này.")
    return visit


async def posted(request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> FormData:
    """The fields of a form that we gave to this visitor; any other is a `BadForm`."""
    return await checked_form(request, visit)


async def checked_form(request: Request, visit: Visit, *, files: int = 0) -> FormData:
    """The fields of a form that we gave to this visitor, with at most so many files."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise BadForm
    form = await request.form(max_files=files, max_fields=_MOST_FIELDS)
    given = str(form.get("csrf", ""))
    wanted = form_token(visit.desk.secret, visit.token)
    if not visit.token or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise BadForm
    return form


Asked = Annotated[Visit, Depends(visit_of)]
SignedIn = Annotated[Visit, Depends(signed_in)]
Editor = Annotated[Visit, Depends(editor)]
Administrator = Annotated[Visit, Depends(administrator)]
Posted = Annotated[FormData, Depends(posted)]


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def closed(secret: bytes, token: str) -> str:
    """A token as a cookie carries it: signed."""
    return str(URLSafeSerializer(secret, salt="diembao").dumps(token))


def opened(desk: Desk, cookie: str) -> str:
    """The token of a cookie; "" where we did not sign it."""
    if not cookie:
        return ""
    try:
        return str(URLSafeSerializer(desk.secret, salt="diembao").loads(cookie))
    except BadSignature:
        return ""


def give_cookie(
    response: Response, desk: Desk, name: str, value: str, *, seconds: int | None = None
) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax",
        secure=desk.context.settings.web.https, path="/",
    )  # fmt: skip


def back(path: str) -> RedirectResponse:
    """Lead to another page after something was done."""
    return RedirectResponse(path, 303)


def own_path(written: str) -> str:
    r"""A path of ours as a visitor gave it; any other address is the first page.

    >>> own_path("/search?q=a"), own_path("//elsewhere.test"), own_path("/\\elsewhere.test")
    ('/search?q=a', '/', '/')
    """
    if not written.startswith("/") or written[1:2] in ("/", "\\") or len(written) > 2_000:
        return "/"
    return quote(written, safe="/?&=%+:,;@~!$'()*-._")
