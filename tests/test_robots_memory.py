"""robots.txt is kept for a day, and never longer; what is damaged is asked anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawlers.robots_memory import LARGEST_KEPT, RobotsMemory, Told

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /kin\n# ghi ch\xfa\n"


def told(body: bytes = RULES, at: datetime = NOW) -> Told:
    return Told(url="https://bao.vn/robots.txt", body=body, fetched_at=at)


@pytest.mark.parametrize("body", [RULES, b"", "Sitemap: /tin-tức.xml".encode()])
def test_what_a_host_told_comes_back_as_it_was(tmp_path: Path, body: bytes) -> None:
    RobotsMemory(tmp_path / "robots").keep("bao.vn", told(body))
    later = RobotsMemory(tmp_path / "robots").recall("bao.vn", now=NOW + timedelta(hours=3))
    assert later == told(body)


@pytest.mark.parametrize(
    ("age", "used"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(hours=24), False),
        (timedelta(days=40), False),
        (timedelta(minutes=-1), False),  # the clock was set back: nothing is known of its age
    ],
)
def test_an_answer_is_used_for_a_day(tmp_path: Path, age: timedelta, used: bool) -> None:
    memory = RobotsMemory(tmp_path)
    memory.keep("bao.vn", told())
    assert (memory.recall("bao.vn", now=NOW + age) is not None) == used


def test_hosts_and_ports_are_kept_apart(tmp_path: Path) -> None:
    memory = RobotsMemory(tmp_path)
    memory.keep("127.0.0.1:8080", told(b"a"))
    memory.keep("127.0.0.1:8081", told(b"b"))
    first = memory.recall("127.0.0.1:8080", now=NOW)
    assert first is not None
    assert first.body == b"a"
    assert memory.recall("127.0.0.1", now=NOW) is None
    assert {path.name for path in tmp_path.iterdir()} == {
        "127.0.0.1%3A8080.json", "127.0.0.1%3A8081.json",
    }  # fmt: skip


def test_a_newer_answer_takes_the_place_of_the_older(tmp_path: Path) -> None:
    memory = RobotsMemory(tmp_path)
    memory.keep("bao.vn", told(b"old"))
    memory.keep("bao.vn", told(b"new", NOW + timedelta(hours=25)))
    held = memory.recall("bao.vn", now=NOW + timedelta(hours=26))
    assert held is not None
    assert held.body == b"new"


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"url": 1}',
        '{"url":"x","body":"","fetched_at":"?"}',
        '{"url":"x","body":"","fetched_at":"2026-09-14T12:00:00"}',
    ],
)
def test_a_damaged_copy_is_asked_anew_and_said(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bao.vn.json").write_text(damage)
    memory = RobotsMemory(tmp_path)
    assert memory.recall("bao.vn", now=NOW) is None
    assert "damaged" in caplog.text
    memory.keep("bao.vn", told())
    assert memory.recall("bao.vn", now=NOW) == told()


def test_what_cannot_be_kept_does_not_stop_a_crawl(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "robots").write_text("a file where the folder should be")
    RobotsMemory(tmp_path / "robots").keep("bao.vn", told())
    assert "robots.txt not kept" in caplog.text
    RobotsMemory(tmp_path / "other").keep("bao.vn", told(b"#" * (LARGEST_KEPT + 1)))
    assert not (tmp_path / "other").exists()
