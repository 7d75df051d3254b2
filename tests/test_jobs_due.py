"""Whose turn it is: slots on the wall clock, a late one once, a cut off one again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.clock import VIETNAM
from domain.settings import Settings
from pipeline.jobs import planned_jobs
from pipeline.jobs_due import turn_of
from pipeline.jobs_slots import Daily, Every
from storage.job_runs import JobTry
from tests.clockwork import vn

JOBS = {job.name: job for job in planned_jobs(Settings())}


def tried(slot: str, state: str, *, job: str = "crawl", tries: int = 1, ended: str = "") -> JobTry:
    at = vn(slot)
    return JobTry(
        job=job, slot=at, state=state, started_at=at, finished_at=vn(ended) if ended else at,
        late_seconds=0, error="", tries=tries,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("newest", "now", "slot"),
    [
        # new: it waits for its next slot
        (None, "2026-07-15 10:00", None),
        # its hour has come; not before
        (tried("2026-07-14 05:30", "done"), "2026-07-15 05:30", "2026-07-15 05:30"),
        (tried("2026-07-14 05:30", "done"), "2026-07-15 05:29", None),
        # run: not again, also when the clock goes back over it
        (tried("2026-07-15 05:30", "done"), "2026-07-15 06:00", None),
        (tried("2026-07-15 05:30", "done"), "2026-07-15 05:00", None),
        # late, but once; days off are one slot, the newest
        (tried("2026-07-11 05:30", "done"), "2026-07-15 20:00", "2026-07-15 05:30"),
        # cut off: the same slot again, while it is the newest
        (tried("2026-07-15 05:30", "killed"), "2026-07-15 06:00", "2026-07-15 05:30"),
        (tried("2026-07-15 05:30", "stopped"), "2026-07-15 06:00", "2026-07-15 05:30"),
        (tried("2026-07-15 05:30", "killed"), "2026-07-16 06:00", "2026-07-16 05:30"),
        # what is killed each time is given up
        (tried("2026-07-15 05:30", "killed", tries=5), "2026-07-15 06:00", None),
        (tried("2026-07-15 05:30", "stopped", tries=9), "2026-07-15 06:00", "2026-07-15 05:30"),
        # failed: again after half an hour, three times in all
        (tried("2026-07-15 05:30", "failed"), "2026-07-15 05:45", None),
        (tried("2026-07-15 05:30", "failed"), "2026-07-15 06:00", "2026-07-15 05:30"),
        (tried("2026-07-15 05:30", "timed_out"), "2026-07-15 06:00", "2026-07-15 05:30"),
        (tried("2026-07-15 05:30", "failed", tries=3), "2026-07-15 08:00", None),
        (tried("2026-07-15 05:30", "missed"), "2026-07-15 08:00", None),
    ],
)
def test_the_turn_of_a_daily_job(newest, now, slot):
    turn = turn_of(JOBS["crawl"], newest, vn(now))
    assert (turn and turn.slot) == (vn(slot) if slot else None)
    assert turn is None or not turn.given_up


def test_a_daily_slot_is_given_up_after_its_grace_and_a_monthly_one_never():
    before = tried("2026-07-14 05:30", "done")
    turn = turn_of(JOBS["crawl"], before, vn("2026-07-16 01:31"))
    assert turn is not None and turn.given_up and turn.is_late
    month_before = tried("2026-06-15 08:00", "done", job="export")
    turn = turn_of(JOBS["export"], month_before, vn("2026-08-14 12:00"))
    assert turn is not None and not turn.given_up
    assert (turn.slot, turn.late) == (vn("2026-07-15 08:00"), timedelta(days=30, hours=4))


def test_a_poll_that_failed_waits_for_the_next_one():
    failed = tried("2026-07-15 05:30", "failed", job="poll")
    assert turn_of(JOBS["poll"], failed, vn("2026-07-15 05:39")) is None
    assert turn_of(JOBS["poll"], failed, vn("2026-07-15 05:40")) is not None


def test_every_vietnamese_day_has_one_slot_a_day_apart():
    daily = Daily(at=time(5, 30), zone=VIETNAM)
    slot = daily.last(vn("2026-01-01 12:00"))
    for _ in range(3 * 366):
        following = daily.next(slot)
        assert following - slot == timedelta(days=1)
        assert daily.last(following) == following
        assert daily.last(following - timedelta(seconds=1)) == slot
        slot = following


def test_where_there_is_summer_time_each_day_still_has_its_slot():
    daily = Daily(at=time(2, 30), zone=ZoneInfo("Europe/Berlin"))
    slot, days = daily.last(datetime(2026, 1, 1, 12, tzinfo=UTC)), []
    for _ in range(366):
        slot = daily.next(slot)
        days.append(slot.astimezone(ZoneInfo("Europe/Berlin")).date())
    assert len(set(days)) == 366


@pytest.mark.parametrize("minutes", [1, 7, 10, 60])
def test_the_slots_of_an_interval_follow_each_other(minutes):
    every = Every(minutes=minutes)
    now = vn("2026-07-15 05:33")
    assert every.last(now) <= now < every.next(now)
    assert every.next(now) - every.last(now) == timedelta(minutes=minutes)


def test_a_job_without_an_hour_is_off():
    off = Settings.model_validate({"schedule": {"audit": "", "poll_minutes": 0}})
    assert set(JOBS) - {job.name for job in planned_jobs(off)} == {"audit", "poll"}
