"""A browser before the pages of a small press: the real server, the system's Chromium."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from pipeline.context import Context
from tests.web_house import PASSWORD, REGISTER, SECRET
from web.app import create_app
from web.serving import listen

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"
)
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).parents[1] / "web" / "front" / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core is not installed: make front (npm needed)"
)


@contextmanager
def served(house: Context) -> Iterator[str]:
    """The pages of `house` on loopback; their address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        create_app(house, REGISTER, SECRET), log_level="error", access_log=False, lifespan="off"
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


@dataclass
class Reader:
    """This is a person at a browser: where they are, and what the console complained of."""

    page: Any
    root: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.root + path)

    def sign_in(self, name: str) -> None:
        self.go("/login")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def settled(self) -> None:
        """Wait until no part of the page is being exchanged."""
        from playwright.sync_api import expect

        # A function that is waited for would be evaluated by the page, which forbids that.
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def faults(self) -> list[str]:
        """What axe-core finds serious or critical on this page."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['html'][:160]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]


@contextmanager
def at_browser(root: str, *, width: int = 1280, scheme: str = "light") -> Iterator[Reader]:
    """A fresh browser window before the pages at `root`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        page = context.new_page()
        reader = Reader(page, root)
        page.on(
            "console",
            lambda said: said.type == "error" and reader.complaints.append(said.text),
        )
        page.on("pageerror", lambda error: reader.complaints.append(str(error)))
        try:
            yield reader
        finally:
            context.close()
            browser.close()
