"""The clock: named jobs -> functions of pipeline/, at the hours of config.toml.

APScheduler is the alarm: it wakes the one who works at each hour of the timetable. Whose turn it is
stands in the table of tries (`job_runs`) and on the wall clock, so a slot that was missed, cut off
or slept through is found whatever the alarm believed. Jobs are run one after the other, for only
one may write at a time, each in a process of its own.

The alarm keeps its jobs in a file of its own (``schedule.sqlite`` in the home folder), not in the
database: its writes do not wait for a crawl that commits, a backup brings no old alarm back, and
the file can be deleted at any time.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import DatabaseError

from domain.errors import DiembaoError
from pipeline.context import Context
from pipeline.endpoint import Endpoint, Heartbeat
from pipeline.jobs import JOBS, PlannedJob, known_job, planned_jobs
from pipeline.jobs_due import delay_in_words
from pipeline.jobs_slots import Every
from pipeline.jobs_turns import CarryOut, NamedWork, Turns, in_children
from pipeline.notices import send_now
from storage.lock import clock_lock

__all__ = ["JOBS", "Clockwork", "build", "run_once"]

log = logging.getLogger(__name__)

#: Even without an alarm, it is looked whose turn it is: the wall clock may have jumped.
_LOOK_EVERY_SECONDS = 30.0
#: A wall clock that moves by so much against the machine's own count was set.
_JUMP = timedelta(minutes=2)
#: When nothing can be kept, the operator is told directly, but not each time.
_CRY_EVERY_SECONDS = 6 * 3600.0


def run_once(context: Context, job: str) -> None:
    """Run one named job now, in this process; an unknown name is a `UsageError`."""
    NamedWork(known_job(job))(context, context.clock())


def ring(job: str) -> str:
    """What the alarm keeps for a job: its name alone, readable by every later version."""
    return job


class _Bell(BaseExecutor):  # type: ignore[misc]  # APScheduler ships no types
    """This wakes the one who works, whenever the alarm says that a job is due."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        self._wake()
        self._run_job_success(job.id, [])


def build(context: Context, wake: Callable[[], None]) -> BackgroundScheduler:
    """An alarm with every job at its time, not yet started."""
    zone = ZoneInfo(context.settings.schedule.timezone)
    alarm = BackgroundScheduler(timezone=zone, executors={"default": _Bell(wake)})
    alarm.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{_alarm_file(context)}"))
    for job in planned_jobs(context.settings):
        alarm.add_job(
            ring,
            _trigger(job, zone, context.clock()),
            args=(job.name,),
            id=job.name,
            name=job.name,
            replace_existing=True,
            # The bell rings for every slot, however late; the table says what is to be done.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    return alarm


def started_alarm(context: Context, wake: Callable[[], None]) -> BackgroundScheduler:
    """The alarm, running; a file of alarms that cannot be read is made anew."""
    alarm = build(context, wake)
    try:
        alarm.start()
    except DatabaseError:
        log.exception("the file of alarms cannot be read and is made anew")
        _alarm_file(context).unlink()
        alarm = build(context, wake)
        alarm.start()
    return alarm


def _alarm_file(context: Context) -> Path:
    return context.home / "schedule.sqlite"


def _trigger(job: PlannedJob, zone: ZoneInfo, now: datetime) -> BaseTrigger:
    slots = job.slots
    if isinstance(slots, Every):
        first = slots.next(now)
        return IntervalTrigger(minutes=slots.minutes, start_date=first, timezone=zone)
    return CronTrigger(
        hour=slots.at.hour,
        minute=slots.at.minute,
        day=slots.day_of_month,
        day_of_week=slots.weekday,
        timezone=zone,
    )


class Clockwork:
    """This is the running clock of one installation: alarm, worker, state page, graceful stop."""

    def __init__(
        self,
        context: Context,
        carry_out: CarryOut | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        self.context = context
        self.stopping = stopping or threading.Event()
        self._wake = threading.Event()
        self._heart = Heartbeat(context.clock)
        self._jobs = planned_jobs(context.settings)
        done_by = carry_out or in_children(context, self.stopping, on_look=self._heart.beat)
        self._turns = Turns(context, self._jobs, done_by, self.stopping)
        self._cried: float | None = None

    def run(self, say: Callable[[str], None], opening: Sequence[str] = ()) -> None:
        """Run until it is told to stop; a second clock on the same home is a `StorageError`.

        What `opening` holds is said once it is sure that this is the one clock.
        """
        with clock_lock(self.context.home):
            for line in opening:
                say(line)
            endpoint = Endpoint(self.context, self._jobs, self._heart)
            if address := self.context.settings.schedule.health_address:
                host, port = endpoint.open(address)
                say(f"Trang tình trạng: http://{host}:{port}/healthz, /readyz, /metrics")
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._told_to_stop)
            worker = threading.Thread(target=self._work, name="worker")
            alarm = started_alarm(self.context, self._wake.set)
            worker.start()
            try:
                self.stopping.wait()
            finally:
                self.stop()
                alarm.shutdown(wait=False)
                worker.join()
                endpoint.close()

    def stop(self) -> None:
        """Let the job that runs put things down, and begin no other."""
        self.stopping.set()
        self._wake.set()

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def _work(self) -> None:
        """Look whose turn it is whenever woken, until told to stop."""
        begun = False
        wall, own = self.context.clock(), time.monotonic()
        while not self.stopping.is_set():
            self._heart.beat()
            try:
                wall, own = self._compare_clocks(wall, own)
                if not begun:
                    self._turns.begin()
                    begun = True
                self._turns.run_due()
            except Exception as error:
                # The clock goes on: a disk that was full may have room in a minute.
                log.exception("the clock could not do its work")
                self._cry(error)
            self._wake.wait(_LOOK_EVERY_SECONDS)
            self._wake.clear()

    def _compare_clocks(self, wall: datetime, own: float) -> tuple[datetime, float]:
        now, own_now = self.context.clock(), time.monotonic()
        jump = (now - wall) - timedelta(seconds=own_now - own)
        if abs(jump) > _JUMP:
            way = "nhanh lên" if jump > timedelta(0) else "chậm lại"
            said = f"giờ máy bị chỉnh {way} {delay_in_words(abs(jump))}; kiểm tra NTP"
            by = int(jump.total_seconds())
            log.warning("wall clock jumped", extra={"by_seconds": by, "said": said})
        return now, own_now

    def _cry(self, error: Exception) -> None:
        now = time.monotonic()
        if self._cried is not None and now - self._cried < _CRY_EVERY_SECONDS:
            return
        self._cried = now
        said = str(error) if isinstance(error, DiembaoError) else f"{type(error).__name__}: {error}"
        send_now(
            self.context,
            "Lịch không làm việc được",
            f"Lịch vẫn chạy và sẽ thử lại sau ít phút, nhưng vừa gặp lỗi: {said} "
            "Chạy “diembao doctor” để xem đĩa, cơ sở dữ liệu và quyền ghi.",
        )
