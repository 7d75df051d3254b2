"""The clock: named jobs -> functions of pipeline/, at the hours of config.toml.

Between the daily jobs, every few minutes, the sources whose turn it is are asked. Jobs wait for
each other, for only one may write at a time.

A slot that was missed (the machine was off, a run took long) is run once, late; the grace and the
coalescing are set because APScheduler's own default drops a run that is one second late.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from domain.clock import VIETNAM
from domain.errors import DiembaoError, UsageError
from domain.settings import ScheduleSettings
from domain.validation import unknown
from pipeline.context import Context
from pipeline.crawl import DUE
from pipeline.digest import digest_on_record
from pipeline.health import self_check_on_record
from pipeline.run import crawl_only, crawl_problems, poll_due, tag_only

log = logging.getLogger(__name__)


def _crawl(context: Context) -> None:
    outcome, tally = crawl_only(context)
    problems = (*tally.problems, *(crawl_problems(outcome) if outcome else ()))
    if problems:
        raise DiembaoError("\n".join(problems))


def _poll(context: Context) -> None:
    outcome, tally = poll_due(context)
    problems = (*tally.problems, *(crawl_problems(outcome, DUE) if outcome else ()))
    if problems:
        raise DiembaoError("\n".join(problems))


def _tag(context: Context) -> None:
    tag_only(context)


def _digest(context: Context) -> None:
    digest_on_record(context, context.clock().astimezone(VIETNAM).date())


def _self_check(context: Context) -> None:
    for sick in self_check_on_record(context):
        log.warning(
            "a page is not read whole any more",
            extra={"outlet": sick.outlet_id, "url": sick.url, "missing": sick.missing},
        )


#: The jobs that have their hour of the day.
DAILY = ("crawl", "tag", "digest", "self_check")
POLL = "poll"
JOBS: Mapping[str, Callable[[Context], None]] = {
    "crawl": _crawl,
    "tag": _tag,
    "digest": _digest,
    "self_check": _self_check,
    POLL: _poll,
}


def run_once(context: Context, job: str) -> None:
    """Run one named job now; an unknown name is a `UsageError`."""
    if job not in JOBS:
        raise UsageError(f"{unknown('việc', job, JOBS)} Các việc: {', '.join(JOBS)}.")
    JOBS[job](context)


def hours(settings: ScheduleSettings) -> dict[str, str]:
    """The hour of each daily job, as configured."""
    return {job: getattr(settings, job) for job in DAILY}


def build(context: Context, scheduler: BlockingScheduler | None = None) -> BlockingScheduler:
    """A scheduler with every job at its time, not yet started."""
    settings = context.settings.schedule
    zone = ZoneInfo(settings.timezone)
    clock = scheduler or BlockingScheduler(
        timezone=zone, executors={"default": ThreadPoolExecutor(1)}
    )
    for job, hour in hours(settings).items():
        at_hour, at_minute = hour.split(":")
        clock.add_job(
            _told,
            CronTrigger(hour=int(at_hour), minute=int(at_minute), timezone=zone),
            args=(context, job),
            id=job,
            name=job,
            misfire_grace_time=int(settings.grace_hours * 3600),
            coalesce=True,
            max_instances=1,
        )
    if settings.poll_minutes:
        clock.add_job(
            _told,
            IntervalTrigger(minutes=settings.poll_minutes, timezone=zone),
            args=(context, POLL),
            id=POLL,
            name=POLL,
            # A round that was missed is made up by the next one.
            misfire_grace_time=settings.poll_minutes * 60,
            coalesce=True,
            max_instances=1,
        )
    return clock


def _told(context: Context, job: str) -> None:
    """Run a job and log how it ended: the scheduler goes on whatever came of it."""
    log.info("job started", extra={"job": job})
    try:
        run_once(context, job)
    except Exception:
        log.exception("job failed", extra={"job": job})
        raise
    log.info("job done", extra={"job": job})
