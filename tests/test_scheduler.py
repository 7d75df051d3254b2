"""The clock: every job at its hour, a late slot run once, a named job run now."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from apscheduler.schedulers.blocking import BlockingScheduler

import scheduler
from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.settings import ScheduleSettings, Settings

MORNING = datetime(2026, 7, 1, 4, 0, tzinfo=VIETNAM)


def built(**hours: str) -> BlockingScheduler:
    context = SimpleNamespace(settings=Settings(schedule=ScheduleSettings(**hours)))
    return scheduler.build(context)


def test_each_job_has_its_configured_hour_in_vietnamese_time():
    jobs = {job.id: job for job in built(crawl="05:30", tag="06:30", digest="07:05").get_jobs()}
    due = {
        name: job.trigger.get_next_fire_time(None, MORNING).astimezone(VIETNAM)
        for name, job in jobs.items()
    }
    assert {name: f"{at:%H:%M}" for name, at in due.items()} == {
        "crawl": "05:30",
        "tag": "06:30",
        "digest": "07:05",
    }


def test_a_late_slot_is_run_once_and_not_dropped():
    for job in built(grace_hours=20).get_jobs():
        assert timedelta(seconds=job.misfire_grace_time) == timedelta(hours=20)
        assert job.coalesce
        assert job.max_instances == 1


def test_once_runs_the_named_job_and_no_other(monkeypatch):
    ran = []
    jobs = {name: lambda context, name=name: ran.append(name) for name in scheduler.JOBS}
    monkeypatch.setattr(scheduler, "JOBS", jobs)
    scheduler.run_once(SimpleNamespace(), "tag")
    assert ran == ["tag"]


def test_an_unknown_job_names_those_there_are():
    with pytest.raises(UsageError, match=r"“tg”.*“tag”.*crawl, tag, digest"):
        scheduler.run_once(SimpleNamespace(), "tg")
