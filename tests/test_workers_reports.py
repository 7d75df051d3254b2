"""What the clock hands out to workers beside the crawl, and how they come through an absence."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from domain.agencies import read_register
from domain.errors import DiembaoError
from pipeline.engine import Bench, make_report
from pipeline.engine_postgres import submit_crawl, work
from pipeline.jobs_collecting import tag
from pipeline.jobs_reporting import REPORTS, digest, measure
from pipeline.own_outlets import NewOutlet, checked_outlet, keep_outlet
from storage.database import reading
from storage.notices import lasting_keys
from storage.tables import articles, notices
from tests.fault_press.server import FaultPress, by_host
from tests.fault_press.twists import FIRST_CRAWL, PRINTED
from tests.postgres_server import discard, start_server
from tests.web_house import web_house
from tests.worker_child import content, hands, houses, prepared, start, unfinished

TOLD = NewOutlet(
    name="Báo Thử", kind="press", level="national", governing_body="Hội Ví dụ",
    domain="baothu.vn", sources=(("https://baothu.vn/rss", "feed"),),
)  # fmt: skip


def test_a_running_worker_knows_of_an_outlet_added_meanwhile(tmp_path):
    house = web_house(tmp_path)
    bench = Bench(house)
    before = bench.tagger()
    assert "bao_thu" not in bench.context.outlets
    path = keep_outlet(house, checked_outlet(house, read_register(), TOLD))
    assert [each.id for each in bench.context.watching(["bao_thu"]).outlets] == ["bao_thu"]
    assert bench.tagger() is not before
    path.unlink()
    assert "bao_thu" not in bench.context.outlets


def test_a_report_that_a_worker_could_not_make_is_told_until_it_is_made(tmp_path, monkeypatch):
    house = web_house(tmp_path)
    bench = Bench(house)

    def refused(*_: object) -> None:
        raise DiembaoError("Không ghi được diem-bao.html.")

    monkeypatch.setitem(REPORTS, "digest", refused)
    for _ in range(2):
        with pytest.raises(DiembaoError, match="Không ghi được"):
            make_report(bench, "digest", FIRST_CRAWL)
    with reading(house.engine) as connection:
        told = connection.scalars(select(notices.c.text)).all()
        assert lasting_keys(connection, "job") == {"worker:digest"}
    assert len(told) == 1
    assert "“digest”" in told[0] and "Không ghi được diem-bao.html." in told[0]
    monkeypatch.setitem(REPORTS, "digest", lambda *_: None)
    make_report(bench, "digest", FIRST_CRAWL)
    with reading(house.engine) as connection:
        assert lasting_keys(connection, "job") == set()


def waiting(engine):
    with reading(engine) as connection:
        rows = connection.execute(
            text("SELECT task_name, priority FROM engine.procrastinate_jobs ORDER BY id")
        )
        return [tuple(row) for row in rows]


@pytest.mark.postgres
def test_the_clock_hands_out_tagging_and_reports_and_a_worker_makes_them(postgres, tmp_path):
    engine = prepared(postgres.url("giao_bao_cao"))
    with FaultPress(by_host(houses()), now=FIRST_CRAWL) as press:
        [hand] = hands(postgres.url("giao_bao_cao"), tmp_path, press, houses(), 1)
        submit_crawl(hand.context(), due_only=False)
        work(hand.context(), once=True)
        assert waiting(engine) == []
        with reading(engine) as connection:
            assert connection.scalar(select(func.count()).where(articles.c.tag_version == "")) == 0
            assert connection.scalar(select(func.count()).where(articles.c.story_id.is_(None))) == 0
        hand_out_by = replace(hand.context(), worker="")
        for job in (tag, measure, digest, digest):
            job(hand_out_by, FIRST_CRAWL)
        digest(hand_out_by, FIRST_CRAWL + timedelta(days=1))
        assert waiting(engine) == [("tag", 20), *[("report", 30)] * 3]
        assert not hand_out_by.report_folder.exists()
        work(hand.context(), once=True)
    assert waiting(engine) == []
    made = sorted(path.name for path in hand_out_by.report_folder.rglob("*") if path.is_file())
    assert any(name.startswith("so-lieu-") for name in made), made
    assert len([name for name in made if name.endswith(".html")]) >= 2, made


@pytest.mark.postgres
def test_a_worker_works_on_after_the_database_was_restarted(tmp_path):
    server = start_server()
    try:
        press_houses = houses()
        engine = prepared(server.url("khoi_dong_lai"))
        with FaultPress(by_host(press_houses), now=FIRST_CRAWL) as press:
            [hand] = hands(server.url("khoi_dong_lai"), tmp_path, press, press_houses, 1)
            submit_crawl(hand.context(), due_only=False)
            worker = start(hand, once=False)
            until = time.monotonic() + 90
            while press.count < 6 and time.monotonic() < until:
                time.sleep(0.05)
            for abruptly in (True, False):
                server.stop(abruptly=abruptly)
                time.sleep(2)
                server.start()
                time.sleep(1)
            until = time.monotonic() + 180
            while unfinished(engine) and time.monotonic() < until:
                time.sleep(0.5)
            assert unfinished(engine) == 0
            assert worker.is_alive()
            worker.terminate()
            worker.join(60)
            assert worker.exitcode == 0
        assert len(content(engine)) == len(press_houses) * len(PRINTED)
    finally:
        discard(server)
