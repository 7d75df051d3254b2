"""Small web servers on loopback that stand for outlets, and a crawl of them in a process."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from crawlers.crawl import CrawlOrder, CrawlOutcome, OutletOutcome
from domain.codes import Level, OutletKind
from domain.outlets import Domain, Outlet, Source
from domain.settings import CrawlSettings

CHILD = Path(__file__).with_name("crawl_child.py")


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


class House:
    """This is one outlet's web server on loopback; it remembers what it was asked, and when."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, float, str]] = []
        house = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                house.asked.append(
                    (self.path, time.monotonic(), self.headers.get("User-Agent", ""))
                )
                answer = house.answers.get(self.path, Answer(b"none", 404))
                time.sleep(answer.wait)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the crawler hung up, as it should on what is too slow or too large

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.root = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def rss(*links: str) -> Answer:
    items = "".join(f"<item><title>Tin</title><link>{link}</link></item>" for link in links)
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>{items}</channel></rss>'
    )
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def outlet(name: str, *urls: str, host: str = "127.0.0.1", **given: Any) -> Outlet:
    sources = given.pop("sources", None) or tuple(Source(url=url) for url in urls)
    return Outlet(
        id=name,
        name=f"Báo {name}",
        kind=OutletKind.PRESS,
        level=Level.NATIONAL,
        domains=(Domain(host=host),),
        article_url=r"-\d+\.html$",
        sources=sources,
        **given,
    )


SETTINGS = CrawlSettings(
    delay_seconds=0,
    timeout_seconds=1.0,
    max_feed_mb=10,
    max_page_mb=1,
    max_pages_per_outlet=3,
    max_minutes=1,
    contact="lienhe@bao.vn",
    allow_private_hosts=("127.0.0.1", "localhost"),
)


@dataclass
class Crawled:
    ended: Any
    responses: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    asked_known: list[str]

    def of(self, outlet_id: str) -> OutletOutcome:
        assert isinstance(self.ended, CrawlOutcome)
        return next(each for each in self.ended.outlets if each.outlet_id == outlet_id)

    def urls(self) -> list[str]:
        return [response["url"] for response in self.responses]

    def outcome_of(self, url: str) -> str:
        return next(str(each["outcome"]) for each in self.outcomes if each["url"] == url)


def crawl(
    *outlets: Outlet,
    settings: CrawlSettings = SETTINGS,
    held: frozenset[str] | None = frozenset(),
    fails_after: int | None = None,
    **order_fields: Any,
) -> Crawled:
    order = CrawlOrder(outlets=outlets, settings=settings, **order_fields)
    child = subprocess.run(
        [sys.executable, str(CHILD)],
        input=pickle.dumps((order, held, fails_after)),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()
    return Crawled(*pickle.loads(child.stdout))
