"""The page that monitors ask: alive, ready, and figures with a help each."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipeline.endpoint import Endpoint, Heartbeat
from pipeline.jobs import planned_jobs
from pipeline.metrics import METRICS
from storage.job_runs import end_try, note_slot, start_try
from storage.notices import keep_disk_reading
from tests.clockwork import ROOT, TurnedClock, installation, vn
from tests.homes import hide_database

NOW = vn("2026-07-15 08:00")


class Page:
    """This is an open state page of an installation."""

    def __init__(self, home) -> None:
        self.clock = TurnedClock(NOW)
        self.context = installation(home, self.clock)
        self.heart = Heartbeat(self.clock)
        self.endpoint = Endpoint(self.context, planned_jobs(self.context.settings), self.heart)
        host, port = self.endpoint.open("127.0.0.1:0")
        self.root = f"http://{host}:{port}"

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.root + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def page(tmp_path) -> Iterator[Page]:
    page = Page(tmp_path)
    yield page
    page.endpoint.close()


def test_a_clock_that_beats_is_alive_and_one_that_hangs_is_not(page):
    assert page.get("/healthz")[0] == 200
    page.clock.turn(minutes=6)
    status, said = page.get("/healthz")
    assert (status, json.loads(said)["status"]) == (503, "silent")
    page.heart.beat()
    assert page.get("/healthz")[0] == 200


def test_ready_tells_each_job_and_fails_without_the_database(page):
    with page.context.engine.begin() as connection:
        note_slot(connection, "crawl", NOW, "known", NOW)
    status, said = page.get("/readyz?x=1")
    assert status == 200
    assert json.loads(said)["jobs"]["crawl"]["state"] == "known"
    hide_database(page.context.home)
    assert page.get("/readyz")[0] == 503


def test_other_pages_are_not_there(page):
    status, said = page.get("/../../etc/passwd")
    assert status == 404
    assert json.loads(said)["pages"] == ["/healthz", "/metrics", "/readyz"]


def test_every_metric_is_given_and_stands_in_the_documents(page):
    with page.context.engine.begin() as connection:
        for job, state in (("crawl", "done"), ("digest", "failed")):
            number = start_try(connection, job, NOW, now=NOW, late_seconds=0, pid=1)
            end_try(connection, number, state, now=NOW + timedelta(minutes=3))
        for day, free in (("2026-07-13", 30), ("2026-07-14", 20), ("2026-07-15", 10)):
            keep_disk_reading(connection, day, free=free, used=1)
    families = {f.name: f for f in text_string_to_metric_families(page.get("/metrics")[1])}
    assert set(families) == set(METRICS)
    assert {f.name: f.documentation for f in families.values()} == METRICS
    done = {s.labels["job"]: s.value for s in families["diembao_job_last_slot_done"].samples}
    assert (done["crawl"], done["digest"]) == (1.0, 0.0)
    assert families["diembao_disk_days_left"].samples[0].value == 1.0
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in METRICS if f"`{name}" not in told] == []
