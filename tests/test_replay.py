"""Replay: every response once, nothing lost by damage or by a kill, everything counted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from domain.clock import VIETNAM
from domain.settings import Settings, StorageSettings
from pipeline.context import Context
from pipeline.ingest import Ingestion
from pipeline.opening import open_context
from pipeline.run import run
from pipeline.tally import Tally
from storage.database import connect, content_digest, database_url, reading
from storage.tables import articles, polls
from tests.fakes import Response, rss, write_warc

START = datetime(2026, 7, 1, 6, 0, tzinfo=VIETNAM)
FEED = "https://bao_mot.test/rss"
OUTLET = """
id = "{id}"
name = "Báo {id}"
kind = "press"
level = "national"
domains = [{{ host = "{id}.test" }}]
sources = [{{ url = "https://{id}.test/rss" }}]
"""
SUBJECTS = (
    ("Bộ Nội vụ công bố thủ tục hành chính mới số {n}", "Người dân nộp hồ sơ tại bộ phận một cửa."),
    ("Sắp xếp đơn vị hành chính cấp xã đợt {n}", "Đề án tinh gọn bộ máy được trình HĐND tỉnh."),
    ("Đội bóng thắng trận thứ {n}", "Trận đấu diễn ra trên sân nhà."),
    ("Giá nông sản phiên {n}", "Thị trường ổn định trong tuần."),
)


@pytest.fixture
def outlets(tmp_path) -> Path:
    folder = tmp_path / "outlets"
    folder.mkdir()
    for outlet_id in ("bao_mot", "bao_hai"):
        (folder / f"{outlet_id}.toml").write_text(OUTLET.format(id=outlet_id), encoding="utf-8")
    return folder


def open_house(home: Path, outlets: Path, batch: int = 50) -> Context:
    return open_context(
        Settings(storage=StorageSettings(batch_items=batch)),
        home,
        clock=lambda: START + timedelta(days=60),
        create=True,
        outlets_folder=outlets,
    )


def item(number: int, outlet: str = "bao_mot", at: datetime = START) -> tuple[str, str, str, str]:
    headline, sapo = SUBJECTS[number % len(SUBJECTS)]
    when = (at - timedelta(minutes=number % 600)).strftime("%a, %d %b %Y %H:%M:%S +0700")
    return f"https://{outlet}.test/bai-{number}.html", headline.format(n=number), sapo, when


def snapshot(numbers: range, hours: int = 0, outlet: str = "bao_mot") -> Response:
    at = START + timedelta(hours=hours)
    body = rss(item(number, outlet, at) for number in numbers)
    return Response(url=f"https://{outlet}.test/rss", body=body, at=at)


def ingest(house: Context, path: Path) -> Tally:
    ingestion = Ingestion(house)
    ingestion.register_outlets()
    ingestion.file(path, path.name)
    return ingestion.tally


def test_new_repeated_updated_and_malformed_are_told_apart(tmp_path, outlets):
    house = open_house(tmp_path / "home", outlets)
    edited = (*item(1)[:1], "Tít đã sửa", *item(1)[2:])
    bad = [("", "Không có liên kết", "", ""), ("https://bao_mot.test/x.html", "", "", "")]
    path = write_warc(
        tmp_path / "a.warc.gz",
        [
            snapshot(range(10)),
            snapshot(range(5, 12), hours=1),
            Response(url=FEED, body=rss([edited, *bad]), at=START + timedelta(hours=2)),
        ],
    )
    tally = ingest(house, path)
    assert (tally.feeds, tally.items) == (3, 20)
    assert (tally.new, tally.repeated, tally.updated) == (12, 5, 1)
    assert tally.malformed == {"no_link": 1, "no_title": 1}
    again = ingest(house, path)
    assert (again.items, again.new, again.updated) == (20, 0, 0)
    assert again.repeated == 18


def test_first_seen_is_the_record_and_never_the_clock(tmp_path, outlets):
    house = open_house(tmp_path / "home", outlets)
    ingest(house, write_warc(tmp_path / "a.warc.gz", [snapshot(range(3))]))
    with reading(house.engine) as connection:
        assert set(connection.scalars(select(articles.c.first_seen_at))) == {START}


def test_a_second_replay_adds_nothing(tmp_path, outlets):
    house = open_house(tmp_path / "home", outlets)
    path = write_warc(
        tmp_path / "a.warc.gz",
        [snapshot(range(200)), snapshot(range(120), hours=3, outlet="bao_hai")],
    )
    run(house, replay=[path])
    with reading(house.engine) as connection:
        before = content_digest(connection)
    summary = run(house, replay=[path])
    with reading(house.engine) as connection:
        assert content_digest(connection) == before
    assert (summary.read.tagged, summary.read.grouped, summary.read.indexed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("response", "outcome", "word"),
    [
        (
            Response(url=FEED, body=b"<!doctype html><html><body>404</body></html>", at=START),
            "unreadable",
            "HTML",
        ),
        (
            Response(url=FEED, body=b"<rss>" + b"x" * 50_000_000, at=START),
            "unreadable",
            "max_feed_mb",
        ),
        (Response(url=FEED, body=b"", at=START), "unreadable", "rỗng"),
        (Response(url=FEED, body=b"busy", at=START, status=503), "http_503", ""),
    ],
    ids=["HTML as feed", "50 MB feed", "empty feed", "status 503"],
)
def test_a_feed_that_is_none_is_kept_as_a_failed_poll(tmp_path, outlets, response, outcome, word):
    house = open_house(tmp_path / "home", outlets)
    tally = ingest(house, write_warc(tmp_path / "a.warc.gz", [response, snapshot(range(2), 1)]))
    assert tally.new == 2
    assert tally.unreadable == {outcome: 1}
    with reading(house.engine) as connection:
        kept = connection.execute(select(polls.c.outcome, polls.c.detail).order_by(polls.c.at))
        (first, detail), (second, _) = kept.all()
    assert (first, second) == (outcome, "ok")
    assert word in detail


def test_a_stranger_is_counted_and_not_stored(tmp_path, outlets):
    house = open_house(tmp_path / "home", outlets)
    stranger = Response(url="https://la.test/rss", body=rss([item(1)]), at=START)
    tally = ingest(house, write_warc(tmp_path / "a.warc.gz", [stranger, snapshot(range(2))]))
    assert tally.foreign == {"la.test": 1}
    assert tally.new == 2


def test_a_truncated_archive_gives_what_stands_before_the_cut(tmp_path, outlets):
    house = open_house(tmp_path / "home", outlets)
    whole = write_warc(tmp_path / "a.warc.gz", [snapshot(range(5)), snapshot(range(5, 9), 1)])
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-40])
    tally = ingest(house, cut)
    assert tally.new == 5
    (problem,) = tally.problems
    assert "cut.warc.gz" in problem
    rest = ingest(house, whole)
    assert (rest.new, rest.problems) == (4, [])


CONFIG = """
[crawl]
outlets_folder = "{outlets}"
[storage]
batch_items = 40
"""


def command(folder: Path, home: Path, archive: Path) -> list[str]:
    diembao = Path(sys.executable).with_name("diembao")
    return [
        str(diembao), "--config", str(folder / "config.toml"), "--home", str(home),
        "run", "--replay", str(archive),
    ]  # fmt: skip


def count(home: Path, question: str) -> int:
    """The answer of the database that another process is writing; 0 while there is none."""
    if not home.exists():
        return 0
    try:
        with reading(connect(database_url(home, ""))) as connection:
            return int(connection.scalar(text(question)) or 0)
    except (OperationalError, ProgrammingError):
        return 0


MOMENTS = {
    "storing": "SELECT count(*) > 400 FROM articles",
    "tagging": "SELECT count(*) > 200 FROM findings",
    "grouping": "SELECT count(*) > 0 FROM stories",
    "indexing": "SELECT count(*) > 100 FROM articles WHERE indexed",
}


@pytest.mark.parametrize("stage", MOMENTS)
def test_killed_in_any_stage_and_run_again_equals_an_uninterrupted_run(tmp_path, outlets, stage):
    (tmp_path / "config.toml").write_text(CONFIG.format(outlets=outlets), encoding="utf-8")
    archive = write_warc(
        tmp_path / "a.warc.gz",
        [snapshot(range(n * 30, n * 30 + 40), hours=24 * n) for n in range(30)]
        + [snapshot(range(300), hours=5, outlet="bao_hai")],
    )
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    kill_when(command(tmp_path, killed, archive), lambda: count(killed, MOMENTS[stage]) > 0)
    for home in (killed, whole):
        subprocess.run(command(tmp_path, home, archive), check=True, capture_output=True)
    assert digest(killed) == digest(whole)
    assert count(killed, "SELECT count(*) FROM runs WHERE state = 'killed'") == 1
    assert count(killed, "SELECT count(*) FROM articles WHERE story_id IS NULL OR NOT indexed") == 0


def kill_when(arguments: list[str], reached: Callable[[], bool]) -> None:
    """Start a process and kill it (signal 9) as soon as the moment is reached."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not reached():
        assert process.poll() is None, "the run ended before the moment to kill it came"
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def digest(home: Path) -> dict[str, str]:
    engine = connect(database_url(home, ""))
    with reading(engine) as connection:
        hashes = content_digest(connection)
        key = "rowid" if engine.dialect.name == "sqlite" else "key"
        index = text(f"SELECT {key}, article_search.* FROM article_search ORDER BY {key}")
        hashes["search"] = str(connection.execute(index).all())
    return hashes
