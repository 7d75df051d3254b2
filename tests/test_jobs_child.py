"""A job in a process of its own: however it ends, the clock learns how and goes on."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from pipeline import jobs_child
from pipeline.jobs_child import job_order, run_in_child
from storage.job_runs import UNFINISHED
from tests import clockwork
from tests.clockwork import ROOT, TurnedClock, installation, vn
from tests.test_orphans import is_alive

SLOT = vn("2026-07-15 05:30")


@pytest.fixture
def context(tmp_path, monkeypatch):
    # The child finds the functions of these tests where this process found them.
    monkeypatch.syspath_prepend(str(ROOT))
    return installation(tmp_path, TurnedClock(SLOT))


def run(context, work, *, limit: float = 60, stopping: threading.Event | None = None):
    order = job_order(context, "crawl", SLOT, work)
    return run_in_child(
        order, limit=timedelta(seconds=limit), stopping=stopping or threading.Event()
    )


def test_a_job_is_told_its_slot_and_its_installation(context):
    assert run(context, clockwork.quick).state == "done"
    assert (context.home / "quick").read_text("utf-8") == SLOT.isoformat()


@pytest.mark.parametrize(
    ("work", "state", "error"),
    [
        (clockwork.fails, "failed", "Không liên lạc được với cơ quan báo chí nào."),
        (clockwork.breaks, "failed", "ZeroDivisionError: chia cho không"),
        (clockwork.meets_a_full_disk, "failed", "bao-cao.xlsx: đĩa đã đầy"),
        (clockwork.meets_a_locked_database, "failed", "chương trình khác đang giữ"),
        (clockwork.dies, "killed", "mã -9"),
        (clockwork.leaves, "killed", "mã 143"),
    ],
)
def test_how_a_job_ended_is_known(context, work, state, error):
    end = run(context, work)
    assert end.state == state
    assert error in end.error
    assert "INSERT" not in end.error and "một tít" not in end.error


def test_a_job_that_hangs_is_ended_at_its_limit(context, monkeypatch):
    monkeypatch.setattr(jobs_child, "STOP_WITHIN", timedelta(seconds=1))
    for work in (clockwork.hangs, clockwork.stubborn):
        began = time.monotonic()
        end = run(context, work, limit=8)
        assert end.state == "timed_out" and "limit_minutes" in end.error
        assert time.monotonic() - began < 100  # it would sleep for 120
        assert not is_alive(int((context.home / "pid").read_text("utf-8")))


def test_a_job_that_is_asked_to_stop_leaves_and_will_be_run_again(context):
    stopping = threading.Event()
    pid = context.home / "pid"

    def ask() -> None:
        while not pid.exists():
            time.sleep(0.05)
        stopping.set()

    threading.Thread(target=ask, daemon=True).start()
    end = run(context, clockwork.hangs, stopping=stopping)
    assert end.state in UNFINISHED
    assert not is_alive(int(pid.read_text("utf-8")))
