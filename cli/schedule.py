"""`diembao schedule`."""

from __future__ import annotations

import logging

import click

import scheduler
from cli.house import House


@click.command(help="Chạy theo lịch trong cấu hình, cho đến khi được lệnh dừng.")
@click.option(
    "--once", default="", metavar="VIỆC", help=f"Chạy ngay một việc: {', '.join(scheduler.JOBS)}."
)
@click.pass_obj
def schedule(house: House, once: str) -> None:
    """Run the clock, or one job of it now."""
    context = house.open(create=True)
    if once:
        scheduler.run_once(context, once)
        click.echo(f"Đã chạy xong việc “{once}”.")
        return
    # A clock that runs for months tells what it does; a command that is watched need not.
    logging.getLogger().setLevel(context.settings.log.level)
    for job, hour in scheduler.hours(context.settings.schedule).items():
        click.echo(f"{job}: {hour} hằng ngày ({context.settings.schedule.timezone})")
    scheduler.build(context).start()
