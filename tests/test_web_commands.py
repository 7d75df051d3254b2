"""`diembao serve` and `diembao user`, as an operator types them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from domain.errors import UsageError
from domain.settings import WebSettings
from web.serving import address_of, listen, warnings_of

ROOT = Path(__file__).parents[1]
MAIN = "from cli.main import main; main()"
CONFIG = ROOT / "demo" / "config.toml"


def command(home, *words):
    return [sys.executable, "-c", MAIN, "--config", str(CONFIG), "--home", str(home), *words]


def said(home, *words, status=0):
    done = subprocess.run(
        command(home, *words), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_first_start_prints_a_password_once_and_answers(tmp_path, port):
    server = subprocess.Popen(
        command(tmp_path, "serve", "--address", f"127.0.0.1:{port}"),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert _answered(f"http://127.0.0.1:{port}/healthz") == b'{"status":"ok"}'
        second = said(tmp_path, "serve", "--address", f"127.0.0.1:{port}", status=2)
    finally:
        server.send_signal(signal.SIGINT)
        told, _ = server.communicate(timeout=60)
    assert len(re.findall(r"tên quantri, mật khẩu dùng một lần [a-z0-9-]{23}", told)) == 1
    assert "mật khẩu" not in second
    assert f"Không mở được trang tại 127.0.0.1:{port}" in second


def _answered(url):
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def test_people_are_added_listed_and_given_another_password(tmp_path):
    added = said(tmp_path, "user", "add", "lan", "--role", "officer", "--agency", "BNV")
    assert "Đã thêm lan (cán bộ của cơ quan)." in added
    assert said(tmp_path, "user", "list").strip() == "lan · Cán bộ của cơ quan · BNV"
    assert "đã có người dùng" in said(tmp_path, "user", "add", "lan", status=2)
    assert "ít nhất một mã cơ quan" in said(tmp_path, "user", "add", "x1", "--role", "officer",
                                            status=2)  # fmt: skip
    assert "Mật khẩu dùng một lần" in said(tmp_path, "user", "password", "lan")
    assert "Không có người dùng “ba”" in said(tmp_path, "user", "password", "ba", status=2)
    assert re.search(r"Khóa “so-lieu”.*db_\S{40,}", said(tmp_path, "user", "key", "so-lieu"))


@pytest.mark.parametrize("address", ["8080", "máy:", "x:99999", ":80", "x:-1"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(UsageError, match="viết máy:cổng"):
        address_of(WebSettings(), address)


@pytest.mark.parametrize(
    ("host", "https", "warned"),
    [("127.0.0.1", False, False), ("0.0.0.0", False, True), ("0.0.0.0", True, False)],
)
def test_an_open_door_without_https_is_warned_of(host, https, warned):
    assert bool(warnings_of(WebSettings(https=https), host)) == warned


def test_a_page_is_sent_without_waiting_for_the_readers_word():
    """Head and body go out as two writes: held back, the second one comes 40 ms late."""
    with (
        listen("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
