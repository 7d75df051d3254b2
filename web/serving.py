"""Opening the door: the first administrator, and the server itself."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from domain.clock import Clock
from domain.errors import UsageError, os_reason
from domain.settings import WebSettings
from domain.users import Access, User
from reports.drawing import warm_up
from storage.database import Engine
from storage.users import add_user, count_users
from web.passwords import hashed, one_time_password

FIRST_NAME = "quantri"
_HERE = ("127.0.0.1", "localhost", "::1")


def first_administrator(engine: Engine, clock: Clock) -> str:
    """Where nobody may sign in yet, make an administrator; the one-time password, else ""."""
    password = one_time_password()
    kept = hashed(password)
    with engine.begin() as connection:
        if count_users(connection):
            return ""
        user = User(
            id=0, name=FIRST_NAME, full_name="Quản trị", access=Access.ADMINISTRATOR,
            must_change=True,
        )  # fmt: skip
        add_user(connection, user, kept, clock())
    return password


def address_of(settings: WebSettings, asked: str = "") -> tuple[str, int]:
    """Host and port to listen on; what cannot be one is a `UsageError`."""
    host, _, port = (asked or settings.address).rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise UsageError(f"Địa chỉ “{asked}” không đúng; viết máy:cổng, ví dụ 127.0.0.1:8080.")
    return host.strip("[]"), int(port)


def warnings_of(settings: WebSettings, host: str) -> list[str]:
    """What an operator should know before the door is open to others."""
    if host in _HERE or settings.https:
        return []
    return [
        "Trang mở cho máy khác mà không qua https: mật khẩu đi trên đường dây không mã hóa. "
        "Đặt một máy chủ https đứng trước rồi ghi https = true ở mục [web]."
    ]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; where that is not possible, a `UsageError` says why."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"Không mở được trang tại {host}:{port}: {os_reason(error)}. "
            "Có thể cổng đang được dùng; sửa address ở mục [web], hoặc dùng --address."
        ) from error
    # Else a page's head and body, sent one after the other, wait 40 ms for the reader's word.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(app: ASGIApp, settings: WebSettings, listener: socket.socket) -> None:
    """Answer until told to stop."""
    config = uvicorn.Config(
        app,
        proxy_headers=True,
        forwarded_allow_ips=list(settings.trusted_proxies),
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=30,
        limit_concurrency=500,
    )
    threading.Thread(target=warm_up, name="first chart", daemon=True).start()
    uvicorn.Server(config).run(sockets=[listener])
