"""`diembao schedule`."""

from __future__ import annotations

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
    for job, hour in scheduler.hours(context.settings.schedule).items():
        click.echo(f"{job}: {hour} hằng ngày ({context.settings.schedule.timezone})")
    scheduler.build(context).start()
