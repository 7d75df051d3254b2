"""`diembao retention`."""

from __future__ import annotations

import click

from cli.house import House
from domain.written import number
from pipeline.retention import retain

_MB = 1_000_000


@click.command(
    help="Dọn trang thô đã cũ mà không số liệu nào dựa vào, theo mục [retention]. Trang của bài "
    "liên quan, bài đã sửa tay, rà soát, gắn với sự kiện hoặc của cổng thông tin không bao giờ bị "
    "xóa. Mặc định chỉ nói sẽ xóa gì.",
    short_help="Dọn trang thô đã cũ mà không số liệu nào dựa vào.",
)
@click.option("--apply", is_flag=True, help="Thực sự xóa; không có thì chỉ nói sẽ xóa gì.")
@click.pass_obj
def retention(house: House, apply: bool) -> None:
    """Say what may go, or let it go."""
    done = retain(house.open(), apply=apply)
    would = "Đã dọn" if done.applied else "Sẽ dọn"
    for each in done.segments:
        click.echo(
            f"{each.path}: {number(each.dropped)} trên {number(each.records)} bản ghi, "
            f"{number(each.freed / _MB, 1)} MB"
        )
    click.echo(
        f"{would} {number(done.dropped)} bản ghi, {number(done.freed / _MB, 1)} MB, trong "
        f"{number(done.looked_at)} tệp đủ cũ."
    )
    if not done.applied and done.segments:
        click.echo("Chưa xóa gì. Thêm --apply để dọn thật; nên sao lưu trước.")
