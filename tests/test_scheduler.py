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
from pipeline.tally import Tally

MORNING = datetime(2026, 7, 1, 4, 0, tzinfo=VIETNAM)


def built(**hours: object) -> BlockingScheduler:
    context = SimpleNamespace(settings=Settings(schedule=ScheduleSettings(**hours)))
    return scheduler.build(context)


def test_each_job_has_its_configured_hour_in_vietnamese_time():
    jobs = {job.id: job for job in built(crawl="05:30", tag="06:30", digest="07:05").get_jobs()}
    due = {
        name: job.trigger.get_next_fire_time(None, MORNING).astimezone(VIETNAM)
        for name, job in jobs.items()
    }
    del due["poll"]
    assert {name: f"{at:%H:%M}" for name, at in due.items()} == {
        "crawl": "05:30",
        "tag": "06:30",
        "digest": "07:05",
        "self_check": "03:30",
    }


def test_a_late_slot_is_run_once_and_not_dropped():
    for job in built(grace_hours=20, poll_minutes=0).get_jobs():
        assert timedelta(seconds=job.misfire_grace_time) == timedelta(hours=20)
        assert job.coalesce
        assert job.max_instances == 1


def test_due_sources_are_asked_every_few_minutes_unless_switched_off():
    jobs = {job.id: job for job in built(poll_minutes=15).get_jobs()}
    assert jobs["poll"].trigger.interval == timedelta(minutes=15)
    assert jobs["poll"].coalesce
    assert {job.id for job in built(poll_minutes=0).get_jobs()} == set(scheduler.DAILY)


def test_jobs_wait_for_each_other_for_only_one_may_write():
    assert built()._executors["default"]._pool._max_workers == 1


def test_a_round_without_anything_due_reads_nothing_and_tags_nothing(monkeypatch):
    asked = []
    monkeypatch.setattr("pipeline.run.anything_due", lambda context: False)
    monkeypatch.setattr("pipeline.run.crawl_only", lambda *_, **__: asked.append("crawl"))
    monkeypatch.setattr("pipeline.run.tag_only", lambda *_, **__: asked.append("tag"))
    scheduler.run_once(SimpleNamespace(), "poll")
    assert asked == []


@pytest.mark.parametrize(("new", "after"), [(3, ["crawl", "tag"]), (0, ["crawl"])])
def test_what_a_round_brought_is_tagged_at_once(monkeypatch, new, after):
    done = []

    def crawl(context, *, asking):
        assert asking.due_only
        done.append("crawl")
        return None, Tally(new=new)

    monkeypatch.setattr("pipeline.run.anything_due", lambda context: True)
    monkeypatch.setattr("pipeline.run.crawl_only", crawl)
    monkeypatch.setattr("pipeline.run.tag_only", lambda context: done.append("tag"))
    scheduler.run_once(SimpleNamespace(), "poll")
    assert done == after


def test_once_runs_the_named_job_and_no_other(monkeypatch):
    ran = []
    jobs = {name: lambda context, name=name: ran.append(name) for name in scheduler.JOBS}
    monkeypatch.setattr(scheduler, "JOBS", jobs)
    scheduler.run_once(SimpleNamespace(), "tag")
    assert ran == ["tag"]


def test_an_unknown_job_names_those_there_are():
    with pytest.raises(UsageError, match=r"“tg”.*“tag”.*crawl, tag, digest, self_check, poll"):
        scheduler.run_once(SimpleNamespace(), "tg")
