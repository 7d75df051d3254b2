"""The demo press on loopback: a real HTTP server, reached by address or as a forward proxy.

The outlets live on reserved names (``http://baosonghong.test/...``). A reader configured with
``proxy_url`` asks for these addresses themselves, so an article keeps its address whatever port
the server was given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from demo.site import Reply, read_press, replies, without_tracking
from domain.outlets import OutletBook

log = logging.getLogger(__name__)


class DemoPress:
    """This serves the demo press until it is closed."""

    def __init__(
        self, table: Mapping[str, Reply], outlets: OutletBook, *, host: str, port: int
    ) -> None:
        #: The outlets as a crawler should know them.
        self.outlets = outlets
        self._server = _Server((host, port), table)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-press", daemon=True
        )

    @property
    def proxy_url(self) -> str:
        """The address to set as HTTP proxy."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def requests(self) -> tuple[str, ...]:
        """Every address asked for so far, in order."""
        return tuple(self._server.asked)

    def __enter__(self) -> DemoPress:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def start_press(
    *, host: str = "127.0.0.1", port: int = 0, as_of: datetime | None = None
) -> Iterator[DemoPress]:
    """Serve the demo press while the block runs; port 0 takes a free one.

    `as_of` shows the press as it stood at a moment: later placements and later changes are absent.
    """
    press = read_press(as_of)
    with DemoPress(replies(press), press.outlets, host=host, port=port) as served:
        yield served


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    url: str
    etag: str


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], table: Mapping[str, Reply]) -> None:
        super().__init__(address, _Handler)
        self.asked: list[str] = []
        self._table = table
        self._failed: set[str] = set()
        self._lock = threading.Lock()

    def answer(self, asked: _Asked) -> Reply:
        reply = self._table.get(without_tracking(asked.url))
        with self._lock:
            self.asked.append(asked.url)
            if reply is not None and reply.fails_once and asked.url not in self._failed:
                self._failed.add(asked.url)
                return Reply(body="Máy chủ đang bận.".encode(), status=503)
        if reply is None:
            return Reply(body="Không có trang này.".encode(), status=404)
        if reply.etag and reply.etag == asked.etag:
            return Reply(body=b"", status=304, content_type="", etag=reply.etag)
        return reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A kept-alive connection that says nothing more ends its thread after this many seconds.
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        self._send(self.server.answer(self._asked()), with_body=True)

    def do_HEAD(self) -> None:
        self._send(self.server.answer(self._asked()), with_body=False)

    def _asked(self) -> _Asked:
        # A proxy is asked with the whole address, a host with the path and a Host header.
        direct = self.path.startswith("/")
        url = f"http://{self.headers.get('Host', '')}{self.path}" if direct else self.path
        return _Asked(url=url, etag=self.headers.get("If-None-Match", ""))

    def _send(self, reply: Reply, *, with_body: bool) -> None:
        self.send_response(reply.status)
        if reply.content_type:
            self.send_header("Content-Type", reply.content_type)
        if reply.etag:
            self.send_header("ETag", reply.etag)
        if reply.status == 503:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if with_body and reply.body:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug("demo press answered", extra={"reason": format % args})
