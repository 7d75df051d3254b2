"""The clock as a process: one a home, alarms kept, jobs in children, a stop that is soon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import scheduler
from domain.errors import StorageError, UsageError
from pipeline.jobs import JOBS, WORK, planned_jobs
from pipeline.jobs_turns import Turns
from pipeline.tally import Tally
from storage.database import connect, database_url, reading
from storage.lock import clock_lock
from tests.clockwork import ROOT, Ledger, TurnedClock, installation, vn
from tests.test_orphans import is_alive

NOW = vn("2026-07-15 05:29")
CHILD = """
import sys
from pathlib import Path
import scheduler
from domain.clock import system_clock
from pipeline.jobs_turns import in_children
from tests import clockwork
from tests.clockwork import installation

if __name__ == "__main__":
    home, work = Path(sys.argv[1]), getattr(clockwork, sys.argv[2])
    off = dict.fromkeys(("crawl", "tag", "measure", "digest", "export", "audit", "self_check",
                         "backup", "retention", "weekly"), "")
    context = installation(home, system_clock, schedule={
        **off, "watch_minutes": 0, "poll_minutes": 1, "health_address": ""})
    clock = scheduler.Clockwork(context)
    clock._turns._carry_out = in_children(context, clock.stopping, work=lambda job: work)
    clock.run(lambda line: print(line, flush=True), ["ready"])
"""


def alarms(context) -> dict[str, str]:
    alarm = scheduler.build(context, lambda: None)
    alarm.start(paused=True)
    try:
        return {job.id: f"{job.next_run_time:%H:%M}" for job in alarm.get_jobs()}
    finally:
        alarm.shutdown()


def test_every_job_of_the_timetable_has_an_alarm_and_something_to_do(tmp_path):
    clock = TurnedClock(NOW)
    at = alarms(installation(tmp_path, clock, schedule={"crawl": "05:30", "digest": "07:05"}))
    assert set(at) == set(JOBS) == set(WORK)
    assert (at["crawl"], at["digest"]) == ("05:30", "07:05")


def test_alarms_are_kept_and_a_damaged_file_of_them_is_made_anew(tmp_path):
    context = installation(tmp_path, TurnedClock(NOW))
    assert alarms(context) == alarms(context)
    (tmp_path / "schedule.sqlite").write_bytes(b"not a database, but long enough to be read " * 9)
    alarm = scheduler.started_alarm(context, lambda: None)
    assert {job.id for job in alarm.get_jobs()} == set(JOBS)
    alarm.shutdown()


def test_a_second_clock_on_one_home_is_refused(tmp_path):
    context = installation(tmp_path, TurnedClock(NOW), schedule={"health_address": ""})
    with clock_lock(tmp_path), pytest.raises(StorageError, match="Chỉ một lịch"):
        scheduler.Clockwork(context).run(print)


def test_a_state_page_that_cannot_be_opened_says_which_setting_to_mend(tmp_path):
    context = installation(tmp_path, TurnedClock(NOW), schedule={"health_address": "192.0.2.1:80"})
    with pytest.raises(UsageError, match="health_address"):
        scheduler.Clockwork(context).run(print)


def start(home: Path, work: str) -> subprocess.Popen[str]:
    script = home / "clock.py"
    script.write_text(CHILD, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(home), work],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline().strip() == "ready"
    return process


def tries(home: Path) -> list[tuple[str, int]]:
    with reading(connect(database_url(home, ""))) as connection:
        question = "SELECT state, slot FROM job_runs WHERE state != 'known' ORDER BY id"
        return [(state, slot) for state, slot in connection.execute(text(question))]


def wait_for(path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert path.exists(), "the job has not begun"


def test_killed_in_a_job_it_runs_the_same_slot_again_and_stops_within_30_seconds(tmp_path):
    first = start(tmp_path, "hangs")
    pid = tmp_path / "pid"
    with first:
        wait_for(pid, 120)
        child = int(pid.read_text("utf-8"))
        first.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.1)
    assert not is_alive(child)
    assert [state for state, _ in tries(tmp_path)] == ["running"]
    pid.unlink()
    second = start(tmp_path, "hangs")
    with second:
        wait_for(pid, 90)
        asked = time.monotonic()
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 0
        assert time.monotonic() - asked < timedelta(seconds=30).total_seconds()
    assert not is_alive(int(pid.read_text("utf-8")))
    states = tries(tmp_path)
    assert [state for state, _ in states] == ["killed", "stopped"]
    assert states[1][1] - states[0][1] in (0, 60)


def test_a_round_without_anything_due_reads_nothing_and_tags_nothing(tmp_path, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr("pipeline.run.anything_due", lambda context, asking: False)
    monkeypatch.setattr("pipeline.run.crawl_only", lambda *_, **__: asked.append("crawl"))
    monkeypatch.setattr("pipeline.run.tag_only", lambda *_, **__: asked.append("tag"))
    scheduler.run_once(installation(tmp_path, TurnedClock(NOW)), "poll")
    assert asked == []


@pytest.mark.parametrize(("new", "after"), [(3, ["crawl", "tag"]), (0, ["crawl"])])
def test_what_a_round_brought_is_tagged_at_once(tmp_path, monkeypatch, new, after):
    done = []

    def crawl(context, *, asking):
        assert asking.due_only
        done.append("crawl")
        return None, Tally(new=new)

    monkeypatch.setattr("pipeline.run.anything_due", lambda context, asking: True)
    monkeypatch.setattr("pipeline.run.crawl_only", crawl)
    monkeypatch.setattr("pipeline.run.tag_only", lambda context: done.append("tag"))
    scheduler.run_once(installation(tmp_path, TurnedClock(NOW)), "poll")
    assert done == after


def test_an_unknown_job_names_those_there_are(tmp_path):
    with pytest.raises(UsageError, match=r"“tg”.*“tag”.*crawl, tag, measure, digest, export"):
        scheduler.run_once(installation(tmp_path, TurnedClock(NOW)), "tg")


def test_a_full_disk_is_cried_out_once_and_work_goes_on_when_there_is_room(tmp_path, monkeypatch):
    context = installation(tmp_path, TurnedClock(NOW))
    ledger = Ledger(context.clock)
    clock = scheduler.Clockwork(context, ledger)
    told: list[str] = []
    monkeypatch.setattr(scheduler, "_LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(scheduler, "send_now", lambda context, subject, text: told.append(text))
    real, full = Turns.run_due, [OSError(28, "No space left on device")] * 3

    def run_due(turns: Turns) -> int:
        if full:
            raise full.pop()
        context.clock.turn(hours=1)
        done = real(turns)
        clock.stop()
        return done

    monkeypatch.setattr(Turns, "run_due", run_due)
    clock._work()
    assert [("No space left" in text, "diembao doctor" in text) for text in told] == [(True, True)]
    assert "crawl" in {job for job, _, _ in ledger.ran}


def test_an_end_that_could_not_be_kept_is_kept_later_and_the_job_not_run_twice(
    tmp_path, monkeypatch
):
    clock = TurnedClock(NOW)
    context = installation(tmp_path, clock, schedule={"poll_minutes": 0, "watch_minutes": 0})
    ledger = Ledger(clock)
    turns = Turns(context, planned_jobs(context.settings), ledger, threading.Event())
    turns.begin()
    clock.turn(minutes=5)
    with monkeypatch.context() as patch:

        def locked(*_: object, **__: object) -> None:
            raise StorageError("database is locked")

        patch.setattr("pipeline.jobs_turns.end_try", locked)
        with pytest.raises(StorageError):
            turns.run_due()
    assert turns.run_due() == 0
    assert [job for job, _, _ in ledger.ran] == ["crawl"]
    assert [state for state, _ in tries(tmp_path)] == ["done"]


@pytest.mark.parametrize(("by", "said"), [(-3600, "chậm lại 1 giờ"), (86460, "nhanh lên 1 ngày")])
def test_a_wall_clock_that_was_set_is_noted(tmp_path, caplog, by, said):
    context = installation(tmp_path, TurnedClock(NOW))
    clock = scheduler.Clockwork(context, Ledger(context.clock))
    before = time.monotonic()
    with caplog.at_level("WARNING"):
        clock._compare_clocks(NOW, before)
        assert not caplog.records
        context.clock.turn(seconds=by)
        clock._compare_clocks(NOW, before)
    assert said in caplog.records[0].said
