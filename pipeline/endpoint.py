"""The page of the clock's own state: /healthz, /readyz and /metrics, for monitors alone."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from domain.clock import Clock
from domain.errors import UsageError, os_reason
from pipeline.context import Context
from pipeline.jobs import PlannedJob
from pipeline.metrics import CONTENT_TYPE, metrics_page
from storage.database import reading
from storage.job_runs import newest_tries
from storage.lock import is_writable

log = logging.getLogger(__name__)

#: A clock that has not looked for so long hangs; a job of hours does not keep it from looking.
_SILENT = timedelta(minutes=5)


class Heartbeat:
    """This keeps when the clock last showed that it is alive."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.at = clock()

    def beat(self) -> None:
        """It is alive now."""
        self.at = self._clock()

    @property
    def age(self) -> timedelta:
        """How long ago that was."""
        return self._clock() - self.at


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"


class Endpoint:
    """This answers monitors from a thread of its own, while it is open."""

    def __init__(self, context: Context, jobs: Sequence[PlannedJob], heart: Heartbeat) -> None:
        self._context = context
        self._jobs = jobs
        self._heart = heart
        self._server: ThreadingHTTPServer | None = None

    def open(self, address: str) -> tuple[str, int]:
        """Listen on ``host:port`` (0 is any free port); where it listens."""
        host, _, port = address.rpartition(":")
        pages: dict[str, Callable[[], _Answer]] = {
            "/healthz": self._alive,
            "/readyz": self._ready,
            "/metrics": self._metrics,
        }
        try:
            server = ThreadingHTTPServer((host, int(port)), _handler(pages))
        except (OSError, OverflowError) as error:
            reason = os_reason(error) if isinstance(error, OSError) else str(error)
            raise UsageError(
                f"Không mở được trang tình trạng tại {address}: {reason}. "
                "Sửa health_address ở mục [schedule], hoặc để trống nếu không dùng."
            ) from error
        server.daemon_threads = True
        self._server = server
        threading.Thread(target=server.serve_forever, name="endpoint", daemon=True).start()
        return str(server.server_address[0]), int(server.server_address[1])

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def _alive(self) -> _Answer:
        silent = self._heart.age > _SILENT
        return _told(
            503 if silent else 200,
            status="silent" if silent else "ok",
            heartbeat=_iso(self._heart.at),
        )

    def _ready(self) -> _Answer:
        """Ready: the database answers and can be written, the folder too."""
        with reading(self._context.engine) as connection:
            newest = newest_tries(connection)
        if not is_writable(self._context.home):
            return _told(503, status="home not writable")
        jobs = {name: {"slot": _iso(one.slot), "state": one.state} for name, one in newest.items()}
        return _told(200, status="ok", jobs=jobs)

    def _metrics(self) -> _Answer:
        body = metrics_page(self._context, self._jobs, self._heart.at)
        return _Answer(status=200, body=body, content_type=CONTENT_TYPE)


def _handler(pages: dict[str, Callable[[], _Answer]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """This answers one request."""

        timeout = 20
        server_version = "diembao"
        sys_version = ""

        def do_GET(self) -> None:
            """Answer a page, or 404."""
            self._send(_answer(pages, self.path.partition("?")[0]))

        do_HEAD = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            """Monitors ask every few seconds: that is no news."""

        def _send(self, answer: _Answer) -> None:
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                self.close_connection = True  # whoever asked is gone

    return Handler


def _answer(pages: dict[str, Callable[[], _Answer]], path: str) -> _Answer:
    page = pages.get(path)
    if page is None:
        return _told(404, status="not found", pages=sorted(pages))
    try:
        return page()
    except Exception:
        # Not swallowed: the log has it whole, the monitor sees that the page fails.
        log.exception("state page failed", extra={"page": path})
        return _told(503, status="failed")


def _told(code: int, **said: object) -> _Answer:
    return _Answer(status=code, body=json.dumps(said, ensure_ascii=False).encode() + b"\n")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
