"""Years of the timetable on a clock that is turned by hand: every slot run, none twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.clock import VIETNAM
from pipeline.jobs import planned_jobs
from pipeline.jobs_child import JobEnd
from pipeline.jobs_turns import Turns
from storage.database import reading
from storage.job_runs import newest_tries, recent_tries, start_try
from storage.notices import lasting_keys, unsent
from tests.clockwork import Ledger, TurnedClock, installation, vn

#: Few enough to simulate a year, and one of each kind: daily, weekly, monthly, by an interval.
_OFF = {**dict.fromkeys(("self_check", "tag", "measure", "audit"), ""), "alerts_minutes": 360}


class Year:
    """This is an installation, its clock, and the one who works."""

    def __init__(self, home: Path, start: str, **schedule: Any) -> None:
        self.clock = TurnedClock(vn(start))
        self.ledger = Ledger(self.clock)
        settings = {**_OFF, "poll_minutes": 0, "watch_minutes": 0, **schedule}
        self.context = installation(home, self.clock, schedule=settings)
        self.jobs = planned_jobs(self.context.settings)
        # While one connection is open, closing another costs no checkpoint.
        self.open = self.context.engine.connect()
        self.switch_on()

    def switch_on(self) -> None:
        self.turns = Turns(self.context, self.jobs, self.ledger, threading.Event())
        self.turns.begin()

    def live(self, until: str, *, step: timedelta = timedelta(hours=1)) -> None:
        """Let the clock ring at every slot, and at least every `step`."""
        end = vn(until)
        while self.clock.now < end:
            self.turns.run_due()
            slots = [job.slots.next(self.clock.now) for job in self.jobs]
            self.clock.now = min(end, self.clock.now + step, *slots)
        self.turns.run_due()

    def days(self, job: str) -> list[date]:
        return [slot.astimezone(VIETNAM).date() for slot in self.ledger.slots(job)]

    def states(self) -> Counter[tuple[str, str]]:
        with reading(self.context.engine) as connection:
            tries = recent_tries(connection, vn("2000-01-01 00:00"))
        return Counter((one.job, one.state) for one in tries)


def test_a_year_in_which_nothing_happens(tmp_path):
    year = Year(tmp_path, "2026-01-01 00:00")
    year.live("2026-12-31 23:59", step=timedelta(days=1))
    every_day = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    for job in ("crawl", "digest", "backup"):
        assert year.days(job) == every_day
    assert year.days("export") == [date(2026, month, 15) for month in range(1, 13)]
    assert len(year.days("retention")) == 52 and {d.weekday() for d in year.days("retention")} == {
        6
    }
    assert len(year.days("weekly")) == 52 and {d.weekday() for d in year.days("weekly")} == {0}
    assert all(late == timedelta(0) for _, _, late in year.ledger.ran)
    assert {state for _, state in year.states()} == {"done"}


def test_off_for_three_days_over_the_end_of_a_report_month(tmp_path):
    year = Year(tmp_path, "2026-07-01 00:00")
    year.live("2026-07-13 20:00")
    year.clock.now = vn("2026-07-16 20:00")
    year.switch_on()
    year.live("2026-07-20 00:00")
    assert year.days("export") == [date(2026, 7, 15)]
    late = next(late for job, _, late in year.ledger.ran if job == "export")
    assert late == timedelta(days=1, hours=12)
    # The newest missed crawl is made up for; the two before it are one with it.
    assert year.days("crawl")[-5:] == [date(2026, 7, day) for day in (13, 16, 17, 18, 19)]


@pytest.mark.parametrize("seed", [2])
def test_a_year_of_kills_at_random_moments(tmp_path, seed):
    dice = random.Random(seed)
    year = Year(tmp_path, "2026-01-01 00:00")
    kills = 0
    while year.clock.now < vn("2026-12-31 00:00"):
        name = dice.choice(year.jobs).name
        # The process is killed while the job runs: its row stays open.
        job = next(job for job in year.jobs if job.name == name)
        slot = job.slots.next(year.clock.now)
        year.live(f"{(slot - timedelta(minutes=1)).astimezone(VIETNAM):%Y-%m-%d %H:%M}",
                  step=timedelta(days=1))  # fmt: skip
        year.clock.now = slot
        with year.context.engine.begin() as connection:
            start_try(connection, name, slot, now=slot, late_seconds=0, pid=1)
        kills += 1
        year.clock.turn(minutes=dice.randrange(1, 300))
        year.switch_on()
        year.turns.run_due()
        year.clock.turn(days=dice.randrange(4))
    assert kills > 20
    # Each month's report is made, in its order, and once.
    months = [(day.year, day.month, day.day) for day in year.days("export")]
    assert months == [(2026 + n // 12, n % 12 + 1, 15) for n in range(len(months))]
    assert len(months) >= 11
    assert max(Counter(year.ledger.slots("crawl")).values()) == 1
    assert not [job for job, state in year.states() if state == "running"]


@pytest.mark.parametrize(
    ("jump", "crawls", "polls_resume_within"),
    [(timedelta(hours=-1), 4, 2.0), (timedelta(days=1), 4, 0.5)],
)
def test_the_clock_jumps_and_is_set_right(tmp_path, jump, crawls, polls_resume_within):
    year = Year(tmp_path, "2026-07-01 00:00", poll_minutes=10)
    step = timedelta(minutes=10)
    year.live("2026-07-02 06:00", step=step)
    year.clock.now += jump
    year.live(f"{year.clock.now + timedelta(minutes=30):%Y-%m-%d %H:%M}", step=step)
    year.clock.now -= jump
    before = len(year.days("poll"))
    right = year.clock.now
    year.live(f"{right + timedelta(hours=2, minutes=10):%Y-%m-%d %H:%M}", step=step)
    resumed = year.ledger.slots("poll")[before:]
    assert resumed and resumed[0] - right <= timedelta(hours=polls_resume_within)
    year.live("2026-07-04 23:00", step=step)
    counted = Counter(year.days("crawl"))
    assert set(counted) >= {date(2026, 7, day) for day in range(1, 5)}
    # The day that the wrong clock ran ahead of time is run again when it comes.
    assert counted.total() <= crawls + 1


def test_a_job_that_failed_is_tried_again_told_once_and_over_when_it_is_well(tmp_path):
    year = Year(tmp_path, "2026-07-01 00:00")
    bad = JobEnd(state="failed", error="Không liên lạc được với cơ quan báo chí nào.")
    year.ledger.ends["crawl"] = [bad, bad]
    year.live("2026-07-01 08:00", step=timedelta(minutes=5))
    assert len(year.days("crawl")) == 3
    with reading(year.context.engine) as connection:
        # Nobody is to be told by mail here: the notice is in the log and taken.
        assert unsent(connection) == []
    assert year.states()[("crawl", "failed")] == 2
    assert year.states()[("crawl", "done")] == 1


def test_a_job_that_ran_too_long_does_not_keep_the_next_from_its_turn(tmp_path):
    year = Year(tmp_path, "2026-07-01 00:00")
    year.ledger.ends["crawl"] = [JobEnd(state="timed_out", error="Chạy quá 180 phút.")]
    year.live("2026-07-01 09:00", step=timedelta(minutes=30))
    assert year.days("digest") == [date(2026, 7, 1)]


def test_a_new_job_waits_for_its_turn_and_an_old_one_is_not_asked_twice(tmp_path):
    year = Year(tmp_path, "2026-07-01 12:00")
    assert year.turns.run_due() == 0
    year.switch_on()
    with reading(year.context.engine) as connection:
        assert {one.state for one in newest_tries(connection).values()} == {"known"}


def test_a_slot_that_is_cut_off_each_time_is_given_up_and_told(tmp_path):
    year = Year(tmp_path, "2026-07-01 00:00")
    year.clock.now = slot = vn("2026-07-01 05:30")
    for _ in range(5):
        with year.context.engine.begin() as connection:
            start_try(connection, "crawl", slot, now=slot, late_seconds=0, pid=1)
        year.switch_on()
    year.live("2026-07-01 23:00")
    assert year.days("crawl") == []
    with reading(year.context.engine) as connection:
        assert lasting_keys(connection, "job") == {"job:crawl"}
    year.live("2026-07-02 06:00")
    assert year.days("crawl") == [date(2026, 7, 2)]
    with reading(year.context.engine) as connection:
        assert lasting_keys(connection, "job") == set()


def test_first_started_by_a_clock_that_was_ahead_it_works_when_that_is_set_right(tmp_path):
    year = Year(tmp_path, "2026-07-20 05:00", poll_minutes=10)
    year.live("2026-07-20 07:00", step=timedelta(minutes=10))
    year.clock.now = vn("2026-07-15 05:00")
    before = len(year.ledger.ran)
    year.live("2026-07-15 09:00", step=timedelta(minutes=10))
    again = [(job, slot) for job, slot, _ in year.ledger.ran[before:]]
    assert ("crawl", vn("2026-07-15 05:30")) in again
    assert ("export", vn("2026-07-15 08:00")) in again
    assert len([job for job, _ in again if job == "poll"]) >= 20
