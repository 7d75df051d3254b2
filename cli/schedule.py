"""`diembao schedule`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import scheduler
from cli.house import House
from domain.settings import ScheduleSettings, Settings
from domain.written import number
from pipeline.context import Context
from pipeline.jobs import FREQUENT, PlannedJob, planned_jobs
from pipeline.jobs_slots import Every
from pipeline.logs import set_up_log
from storage.database import reading
from storage.runs import last_runs

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@click.command(help="Chạy theo lịch trong cấu hình, cho đến khi được lệnh dừng.")
@click.option(
    "--once", default="", metavar="VIỆC", help=f"Chạy ngay một việc: {', '.join(scheduler.JOBS)}."
)
@click.pass_obj
def schedule(house: House, once: str) -> None:
    """Run the clock, or one job of it now."""
    context = house.open(create=True)
    if once:
        files, newest = _files(context.report_folder), _newest_run(context)
        scheduler.run_once(context, once)
        click.echo(f"Đã chạy xong việc “{once}”.")
        for line in _came(context, files, newest):
            click.echo(line)
        return
    # A clock that runs for months tells what it does; a command that is watched need not.
    set_up_log(context.settings.log, context.home)
    clock = scheduler.Clockwork(context)
    opening = (*timetable(context.settings), "Lịch đang chạy; nhấn Ctrl+C để dừng.")
    clock.run(click.echo, opening)
    click.echo("Lịch đã dừng. Việc bị dừng giữa chừng sẽ được chạy lại khi lịch chạy tiếp.")


def _files(folder: Path) -> dict[Path, int]:
    """The files of a folder, with when each was written."""
    if not folder.is_dir():
        return {}
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def _newest_run(context: Context) -> int:
    with reading(context.engine) as connection:
        return max((run.id for run in last_runs(connection, 1)), default=0)


def _came(context: Context, files: dict[Path, int], newest: int) -> Iterator[str]:
    """What a job left behind: period and rows by the table of runs, and the files it wrote."""
    with reading(context.engine) as connection:
        runs = [run for run in last_runs(connection) if run.id > newest]
    for run in reversed(runs):
        if period := run.counts.get("period"):
            yield f"Kỳ: {period}"
        if (rows := run.counts.get("rows")) is not None:
            yield f"{number(rows)} tin, bài"
    for path, written in sorted(_files(context.report_folder).items()):
        if files.get(path) != written:
            yield f"Tệp: {path}"


def timetable(settings: Settings) -> list[str]:
    """A line for each job: when it runs and what it does; by the hour, the frequent ones last."""
    planned = {job.name: job for job in planned_jobs(settings)}
    by_hour = sorted(
        (job for job in planned.values() if not isinstance(job.slots, Every)),
        key=lambda job: getattr(settings.schedule, job.name),
    )
    often = [job for job in planned.values() if isinstance(job.slots, Every)]
    off = [name for name in scheduler.JOBS if name not in planned]
    return [
        *(f"{job.name}: {_when(job, settings.schedule)}" for job in (*by_hour, *often)),
        *(f"{name}: {_why_off(name, settings.schedule)}" for name in off),
    ]


def _when(job: PlannedJob, settings: ScheduleSettings) -> str:
    does = scheduler.JOBS[job.name]
    slots = job.slots
    if isinstance(slots, Every):
        return f"cứ {slots.minutes} phút một lần, {does}"
    days = "hằng ngày"
    if slots.weekday is not None:
        days = _WEEKDAYS[slots.weekday]
    if slots.day_of_month is not None:
        days = f"ngày {slots.day_of_month} hằng tháng"
    return f"{slots.at:%H:%M} {days} ({settings.timezone}), {does}"


def _why_off(name: str, settings: ScheduleSettings) -> str:
    if name not in FREQUENT:
        return f"không chạy vì {name} để trống ở mục [schedule]"
    said = f"không chạy vì {name}_minutes = 0 ở mục [schedule]"
    if name == "poll" and settings.crawl:
        said += f"; nguồn tin chỉ được hỏi lúc {settings.crawl}"
    return said
