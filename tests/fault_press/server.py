"""The press as a server: a forward proxy for its ``.test`` hosts, and a host itself where asked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"
#: A stalled answer waits so long, or until the press closes.
_LONGEST_STALL = 30.0
_CHUNK = b" " * 65_536


class Manner(Enum):
    """This says how the bytes of an answer leave the server."""

    WHOLE = "whole"
    #: Content-Length names twice what is sent.
    HALF = "half"
    #: A chunk announces more than comes, and the connection ends.
    BROKEN_CHUNK = "broken chunk"
    #: Nothing comes.
    STALL = "stall"
    #: The body, then blanks up to `Reply.amount` bytes, without a length told before.
    STREAM = "stream"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """This is one answer."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    manner: Manner = Manner.WHOLE
    amount: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """This is one request as the server met it."""

    host: str
    #: Path without query.
    path: str
    query: str
    agent: str
    #: The moment on the press's own clock.
    at: datetime
    #: The same on the machine's clock, in seconds: for distances between requests.
    tick: float
    #: How often this address was asked before.
    before: int
    #: The address that the request came from.
    peer: str


class Answers(Protocol):
    """This stands behind one host name."""

    host: str

    def answer(self, asked: Asked) -> Reply:
        """What this host says."""


class FaultPress:
    """This serves hosts until it is closed, and remembers every request."""

    def __init__(self, hosts: Mapping[str, Answers], *, now: datetime, port: int = 0) -> None:
        #: The simulated moment: what is printed later is not there yet.
        self.now = now
        self._hosts = dict(hosts)
        self._asked: list[Asked] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="fault-press", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address to set as HTTP proxy."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def count(self) -> int:
        """How many requests came so far."""
        with self._lock:
            return len(self._asked)

    def asked(self, host: str, path: str = "") -> list[Asked]:
        """The requests to one host (and path), in order."""
        with self._lock:
            known = list(self._asked)
        return [one for one in known if one.host == host and path in {"", one.path}]

    def hosts_asked(self) -> set[str]:
        """Every host that anybody asked for."""
        with self._lock:
            return {one.host for one in self._asked}

    def reply(self, url: str, agent: str, peer: str) -> Reply:
        """Find the host's answer and remember the request."""
        parts = urlsplit(url)
        with self._lock:
            asked = Asked(
                host=parts.netloc, path=parts.path, query=parts.query, agent=agent,
                at=self.now, tick=time.monotonic(), before=self._counts[url],
                peer=peer,
            )  # fmt: skip
            self._asked.append(asked)
            self._counts[url] += 1
        found = self._hosts.get(parts.netloc)
        return found.answer(asked) if found else Reply(status=404)

    def __enter__(self) -> FaultPress:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def by_host(hosts: Iterable[Answers]) -> dict[str, Answers]:
    """Hosts under their names."""
    return {each.host: each for each in hosts}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A crawl opens a connection to every host at once.
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], press: FaultPress) -> None:
        super().__init__(address, _Handler)
        self.press = press

    def handle_error(self, request: object, client_address: object) -> None:
        # The crawler hangs up on what is too slow or too large, and dies where it is killed.
        pass


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    server: _Server

    def do_GET(self) -> None:
        direct = self.path.startswith("/")
        url = f"http://{self.headers.get('Host', '')}{self.path}" if direct else self.path
        agent, peer = self.headers.get("User-Agent", ""), str(self.client_address[0])
        reply = self.server.press.reply(url, agent, peer)
        _SENDERS[reply.manner](self, reply)

    def whole(self, reply: Reply) -> None:
        self._head(reply, {"Content-Length": str(len(reply.body))})
        self.wfile.write(reply.body)

    def half(self, reply: Reply) -> None:
        self._head(reply, {"Content-Length": str(2 * len(reply.body))})
        self.wfile.write(reply.body)
        self.close_connection = True

    def broken_chunk(self, reply: Reply) -> None:
        self._head(reply, {"Transfer-Encoding": "chunked"})
        self.wfile.write(f"{2 * len(reply.body):x}\r\n".encode() + reply.body)
        self.close_connection = True

    def stall(self, reply: Reply) -> None:
        self.server.press.closing.wait(_LONGEST_STALL)
        self.close_connection = True

    def stream(self, reply: Reply) -> None:
        self._head(reply, {"Connection": "close"})
        self.wfile.write(reply.body)
        for _ in range(reply.amount // len(_CHUNK)):
            self.wfile.write(_CHUNK)
        self.close_connection = True

    def _head(self, reply: Reply, more: Mapping[str, str]) -> None:
        self.send_response(reply.status)
        for name, value in {**reply.headers, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


_SENDERS = {
    Manner.WHOLE: _Handler.whole,
    Manner.HALF: _Handler.half,
    Manner.BROKEN_CHUNK: _Handler.broken_chunk,
    Manner.STALL: _Handler.stall,
    Manner.STREAM: _Handler.stream,
}
