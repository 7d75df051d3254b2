"""What stands before every page: limits on what is sent to us, rules for what we send."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.scans import MOST_SCAN_BYTES

#: No form and no question is larger.
MOST_BYTES: Final = 1_000_000
#: But the forms at these addresses, which carry a file beside.
MOST_BYTES_AT: Final = {"/articles/new": MOST_BYTES + MOST_SCAN_BYTES}
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TOO_LARGE_TEXT: Final = "Nội dung gửi lên quá lớn."


class TooLarge(Exception):
    """More is being sent than is taken: the rest stays unread."""


class Guard:
    """This refuses what is too large, unread, and puts the rules into every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_rules(MutableHeaders(scope=message))
            await send(message)

        if _is_too_long(scope):
            await _refuse(sending)
        else:
            await self._app(scope, _counted(receive, _most(scope)), sending)

    def _add_rules(self, headers: MutableHeaders) -> None:
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000"


def _is_too_long(scope: Scope) -> bool:
    lengths = (value for name, value in scope["headers"] if name == b"content-length")
    return any(not value.isdigit() or int(value) > _most(scope) for value in lengths)


def _most(scope: Scope) -> int:
    return MOST_BYTES_AT.get(scope["path"], MOST_BYTES)


def _counted(receive: Receive, most: int) -> Receive:
    """The same messages, until they are too many: a sender may lie about the length, or not say."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge
        return message

    return counting


async def _refuse(send: Send) -> None:
    body = TOO_LARGE_TEXT.encode()
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
