"""The pictures of the officers' documentation, taken from the real pages over the demo press.

    python -m benchmarks.pictures

The demo runs into a home of its own, the pages are served on loopback and looked at by the system's
Chromium.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import FloatRect, sync_playwright

from demo.press import start_press
from demo.run import EVENING, open_demo, run_demo
from domain.agencies import read_register
from domain.clock import system_clock
from domain.users import Access, User
from pipeline.context import Context
from storage.database import kept_open, reading
from storage.search import Question, search
from storage.users import add_user, open_session
from web.app import create_app
from web.serving import listen
from web.visits import SESSION_COOKIE, closed, new_token

FOLDER = Path(__file__).parents[1] / "docs" / "officers" / "img"
#: Name of the picture -> the page it shows.
PAGES = {
    "tong-quan": "/?from=2026-07-15&to=2026-08-14",
    "tim-bai": "/search?q=m%E1%BB%99t+c%E1%BB%ADa",
    "don-vi": "/agencies?from=2026-07-15&to=2026-08-14",
    "linh-vuc": "/areas?from=2026-07-15&to=2026-08-14",
    "ban-do": "/map?from=2026-07-15&to=2026-08-14",
    "bao-cao": "/reports",
    "su-kien": "/events",
    "nguon-tin": "/outlets",
}
_SECRET = b"pictures" * 4
_WIDTH, _HEIGHT = 1000, 760
_SHOWN: FloatRect = {"x": 0, "y": 0, "width": _WIDTH, "height": 600}


@contextmanager
def _served(context: Context) -> Iterator[str]:
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        create_app(context, read_register(), _SECRET), log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def _later() -> datetime:
    """The demo is over: what it asked lies in the past."""
    return EVENING + timedelta(hours=1)


def _opened(home: Path) -> Context:
    run_demo(home, clock=system_clock)
    with start_press() as press:
        opened = open_demo(home, press.outlets, press.proxy_url, clock=_later)
    return replace(opened, engine=kept_open(opened.engine))


def _session(context: Context) -> str:
    """A signed cookie of an editor."""
    token, now = new_token(), context.clock()
    user = User(id=0, name="lan", full_name="Nguyễn Thị Lan", access=Access.EDITOR)
    with context.engine.begin() as connection:
        number = add_user(connection, user, "none", now)
        open_session(connection, number, token, now=now, until=now + timedelta(days=1))
    return closed(_SECRET, token)


def _an_article(context: Context) -> str:
    with reading(context.engine) as connection:
        found = search(connection, Question(words="một cửa", relevant_only=True), limit=1)
    return f"/articles/{found.hits[0].id}"


def take(folder: Path) -> list[Path]:
    """Take every picture into a folder; where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        context = _opened(Path(place) / "home")
        cookie = _session(context)
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            # Dates as an officer's browser shows them; needs Debian's chromium-l10n.
            args=["--no-sandbox", "--disable-gpu", "--lang=vi"],
            env={**os.environ, "LANGUAGE": "vi", "LANG": "vi_VN.UTF-8"},
        )
        with _served(context) as root:
            page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
            page.context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": root}])
            for name, path in {**PAGES, "bai-viet": _an_article(context)}.items():
                answer = page.goto(root + path)
                if answer is None or answer.status != 200 or "/login" in page.url:
                    raise SystemExit(f"{path}: {answer and answer.status} {page.url}")
                target = folder / f"{name}.png"
                page.screenshot(path=target, clip=_SHOWN)
                made.append(target)
        browser.close()
    return made


if __name__ == "__main__":
    for one in take(FOLDER):
        print(f"{one.name}: {one.stat().st_size // 1000} KB")
