"""`diembao worker`."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import replace

import click

from cli.house import House
from domain.errors import UsageError
from domain.written import number
from storage.lock import writer_lock

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


@click.command(
    help="Làm việc trong hàng đợi PostgreSQL: thu thập một cơ quan báo chí, gắn nhãn một phần, gộp "
    "tin trùng, viết điểm báo. Chạy trên máy nào có tệp cấu hình, địa chỉ cơ sở dữ liệu và thư mục "
    "nhà dùng chung; chạy bao nhiêu tiến trình cũng được, mỗi tiến trình một tên.",
    short_help="Làm việc trong hàng đợi, cùng các máy khác.",
)
@click.option(
    "--name", default="", metavar="TÊN",
    help="Tên riêng của tiến trình này; mặc định là tên máy và số tiến trình.",
)  # fmt: skip
@click.option(
    "--start", type=click.Choice(["crawl", "tag"]), metavar="VIỆC",
    help="Giao việc vào hàng đợi trước khi làm: crawl (thu thập mọi cơ quan) hoặc tag (gắn nhãn).",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Làm hết việc đang có rồi dừng.")
@click.pass_obj
def worker(house: House, name: str, start: str | None, once: bool) -> None:
    """Work until stopped."""
    from pipeline.engine_postgres import prepare_queue, submit, submit_crawl, work

    opened = house.open()
    if opened.settings.engine.kind != "postgres":
        raise UsageError(
            "Cấu hình đang dùng động cơ embedded: lịch tự làm mọi việc. Muốn nhiều máy cùng làm, "
            'đặt kind = "postgres" trong mục [engine].'
        )
    name = name or f"{socket.gethostname().split('.')[0]}-{os.getpid()}"
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"Tên “{name}” không dùng được: chỉ dùng chữ không dấu, chữ số, dấu chấm, gạch nối, "
            "gạch dưới."
        )
    context = replace(opened, worker=name)
    prepare_queue(context.engine)
    context.archive_folder.mkdir(parents=True, exist_ok=True)
    with writer_lock(context.archive_folder):
        if start == "crawl":
            click.echo(f"Đã giao {number(submit_crawl(context, due_only=False))} việc thu thập.")
        elif start == "tag":
            submit(context, "tag")
        click.echo(f"“{name}” bắt đầu làm việc.")
        work(context, once=once)
