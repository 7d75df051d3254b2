"""What the operator is told: by mail or webhook, once, again when nobody took it, and when over."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import insert

from domain.errors import DiembaoError
from domain.outlets import OutletBook
from domain.settings import NoticeSettings
from pipeline import watch
from pipeline.couriers import couriers, post, send_mail
from pipeline.disk import DiskState
from pipeline.notices import Notice, over, send_waiting, tell
from pipeline.watch import look_around, weekly_word
from storage.job_runs import end_try, start_try
from storage.tables import outlets, polls, sources
from tests.clockwork import TurnedClock, installation, vn
from tests.fakes import outlet

NOW = vn("2026-07-15 08:00")
CRAWL = Notice(
    kind="job", key="job:crawl", subject="Việc không thành: thu thập", text="Kiểm tra mạng."
)


class Mailbox(socketserver.StreamRequestHandler):
    """This is as much of a mail server as a client needs to hand over one mail."""

    def handle(self) -> None:
        self.say("220 thu.test")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                self.say("250 thu.test")
            elif word == b"DATA":
                self.say("354 go on")
                body = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    body += line
                self.server.mails.append(message_from_bytes(body, policy=policy.default))
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Hook(BaseHTTPRequestHandler):
    """This takes what is posted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.mails.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    server.mails, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def mail() -> Iterator[Any]:
    with serving(socketserver.TCPServer(("127.0.0.1", 0), Mailbox)) as server:
        yield server


@pytest.fixture
def hook() -> Iterator[Any]:
    with serving(HTTPServer(("127.0.0.1", 0), Hook)) as server:
        yield server


def address(server: Any) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/bao-dong/bi-mat"


def mailing(server: Any) -> NoticeSettings:
    return NoticeSettings(
        email_to=("a@so.test", "b@so.test"), email_from="diembao@so.test", smtp_host="127.0.0.1",
        smtp_port=server.server_address[1], smtp_security="none",
    )  # fmt: skip


def home(tmp_path, **notices: Any):
    return installation(tmp_path, TurnedClock(NOW), notices=notices)


def test_a_mail_reaches_everybody_with_its_vietnamese_whole(mail):
    send_mail(mailing(mail), "[diembao] Việc không thành:\nthu thập", "Kiểm tra mạng.")
    [got] = mail.mails
    assert got["Subject"] == "[diembao] Việc không thành: thu thập"
    assert got["To"] == "a@so.test, b@so.test"
    assert got.get_content().strip() == "Kiểm tra mạng."


def test_a_webhook_gets_an_object_that_chat_services_show(hook):
    post(address(hook), "[diembao] Đĩa sắp đầy", "Thêm đĩa.")
    assert hook.mails == [
        {"subject": "[diembao] Đĩa sắp đầy", "text": "[diembao] Đĩa sắp đầy\nThêm đĩa."}
    ]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/bi-mat", "khong-phai-dia-chi", "http://["])
def test_a_webhook_that_takes_nothing_is_an_error_without_the_secret(url):
    with pytest.raises(DiembaoError, match="webhook_url") as error:
        post(url, "a", "b")
    assert "bi-mat" not in str(error.value)


def test_a_mail_server_that_is_not_there_says_which_settings():
    settings = NoticeSettings(email_to=("a@so.test",), smtp_host="127.0.0.1", smtp_port=9)
    with pytest.raises(DiembaoError, match=r"127\.0\.0\.1:9.*\[notices\]"):
        couriers(settings)[0]("a", "b")


def test_the_same_trouble_is_told_once_again_after_days_and_anew_when_it_was_over(tmp_path, hook):
    context = home(tmp_path, webhook_url=address(hook), repeat_days=3)
    for _ in range(5):
        tell(context, CRAWL)
    assert len(hook.mails) == 1
    context.clock.turn(days=3, minutes=1)
    tell(context, CRAWL)
    assert len(hook.mails) == 2
    over(context, ["job:crawl"])
    tell(context, CRAWL)
    assert len(hook.mails) == 3


def test_what_nobody_took_waits_and_is_sent_later(tmp_path, hook):
    context = home(tmp_path, webhook_url=address(hook))
    hook.status = 503
    tell(context, CRAWL)
    hook.mails.clear()
    hook.status = 200
    assert send_waiting(context) == 1
    assert [mail["subject"] for mail in hook.mails] == [f"[diembao] {CRAWL.subject}"]
    assert send_waiting(context) == 0


@pytest.mark.parametrize(("free", "told"), [((90, 80, 70, 60), 1), ((90, 89, 88, 87), 0)])
def test_a_disk_that_fills_is_told_a_week_before(tmp_path, hook, monkeypatch, free, told):
    context = home(tmp_path, webhook_url=address(hook))
    for gigabytes in free:
        state = DiskState(free=gigabytes * 10**9, used=10**9)
        monkeypatch.setattr(watch, "disk_state", lambda folder, state=state: state)
        look_around(context)
        context.clock.turn(days=1)
    assert len(hook.mails) == told
    if told:
        assert "70,0 GB" in hook.mails[0]["text"]
        assert "khoảng 7,0 ngày" in hook.mails[0]["text"]


def polled(context, *outcomes: tuple[float, str]) -> None:
    with context.engine.begin() as connection:
        connection.execute(
            insert(outlets).values(
                id="bao_a", name="Báo A", kind="press", level="national", domain="bao_a.test"
            )
        )
        values = {"id": 1, "outlet_id": "bao_a", "url": "https://bao_a.test/rss", "kind": "feed"}
        connection.execute(insert(sources).values(certainty="guessed", **values))
        for hours, outcome in outcomes:
            at = NOW - timedelta(hours=hours)
            items = 20 if outcome == "ok" else 0
            connection.execute(
                insert(polls).values(
                    source_id=1, at=at, outcome=outcome, detail="", items=items, new_items=items
                )
            )


def test_a_source_that_went_dark_is_told_with_its_remedy_and_once(tmp_path, hook):
    context = home(tmp_path, webhook_url=address(hook))
    hours = [(float(h), "http_404") for h in range(30, 0, -2)]
    polled(context, (200.0, "ok"), (100.0, "ok"), *hours)
    look_around(context)
    look_around(context)
    [said] = hook.mails
    assert said["subject"] == "[diembao] Nguồn tin mất tín hiệu: Báo bao_a"
    assert "404" in said["text"]


def test_a_source_that_failed_once_is_no_news(tmp_path, hook):
    context = home(tmp_path, webhook_url=address(hook))
    polled(context, (100.0, "ok"), (50.0, "ok"), (2.0, "ok"), (1.0, "timeout"))
    look_around(context)
    assert hook.mails == []


@pytest.mark.parametrize(
    ("states", "subject"),
    [(["done"] * 3, "Mọi việc ổn"), (["done", "failed"], "Tuần qua có 1 lượt không thành")],
)
def test_each_week_there_is_a_word_with_figures(tmp_path, hook, states, subject):
    context = home(tmp_path, webhook_url=address(hook))
    with context.engine.begin() as connection:
        for state in states:
            number = start_try(connection, "crawl", NOW, now=NOW, late_seconds=0, pid=1)
            end_try(connection, number, state, now=NOW)
    weekly_word(context, since=NOW - timedelta(days=7))
    [said] = hook.mails
    assert subject in said["subject"]
    assert f"{states.count('done')} xong" in said["text"]
    assert "0 bài" in said["text"] and "GB" in said["text"]


@pytest.mark.parametrize(
    ("outcome", "network"), [("timeout", True), ("ok", False)], ids=["silent", "old lists"]
)
def test_many_dark_sources_are_one_notice_that_names_the_likeliest_cause(
    tmp_path, hook, outcome, network
):
    names = [f"bao_{letter}" for letter in "abcdefgh"]
    context = home(tmp_path, webhook_url=address(hook))
    context = replace(context, outlets=OutletBook([outlet(name) for name in names]))
    with context.engine.begin() as connection:
        for number, name in enumerate(names, 1):
            values = {"id": name, "name": name, "kind": "press", "level": "national"}
            connection.execute(insert(outlets).values(domain=f"{name}.test", **values))
            values = {"id": number, "outlet_id": name, "url": f"https://{name}.test/rss"}
            connection.execute(insert(sources).values(kind="feed", certainty="guessed", **values))
            for hours in range(60, 0, -3):
                ok = outcome == "ok"
                connection.execute(
                    insert(polls).values(
                        source_id=number, at=NOW - timedelta(hours=hours), outcome=outcome,
                        detail="", items=9 if ok else 0, new_items=0,
                        newest_at=NOW - timedelta(days=40) if ok else None,
                    )
                )  # fmt: skip
    look_around(context)
    [said] = hook.mails
    assert said["subject"].startswith("[diembao] 8 cơ quan báo chí")
    assert ("mạng của chính máy này" in said["text"]) is network
