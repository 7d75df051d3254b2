"""`diembao backup` and `restore`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from cli.house import House
from domain.clock import system_clock
from domain.written import minute, number
from pipeline.backup import backup_folder, make_backup
from pipeline.backup import restore as restore_backup

_GB = 1_000_000_000


@click.command(
    help="Sao lưu cơ sở dữ liệu, kho lưu trữ và cấu hình trong khi mọi việc vẫn chạy; bản sao được "
    "phục hồi thử rồi mới nhận tên, bản cũ xoay vòng theo mục [backup], các bản khác "
    "trong ngày được giữ.",
    short_help="Sao lưu, có phục hồi thử.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục nhận bản sao lưu; mặc định theo mục [backup].",
)
@click.option("--full", is_flag=True, help="Tính lại mã băm của mọi tệp lưu trữ đã sao trước đây.")
@click.pass_obj
def backup(house: House, out: Path | None, full: bool) -> None:
    """Make a backup and say where it is."""
    context = house.open()
    made = make_backup(context, out or backup_folder(context), thorough=full, keeps_day=True)
    rows = sum(made.manifest.rows.values())
    click.echo(
        f"Đã sao lưu và phục hồi thử: {made.path}\n"
        f"{number(rows)} dòng, {number(made.manifest.database.bytes / _GB, 2)} GB cơ sở dữ liệu, "
        f"{number(len(made.manifest.segments))} tệp lưu trữ trong {made.path.parent / 'archive'}"
    )
    if made.dropped:
        click.echo(f"Xoay vòng: đã xóa {len(made.dropped)} bản cũ.")


@click.command(
    help="Phục hồi một bản sao lưu vào thư mục nhà (--home). Thư mục archive đi kèm bản sao lưu "
    "phải nằm cạnh tệp. Dừng lịch trước khi phục hồi.",
    short_help="Phục hồi một bản sao lưu.",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="TỆP")
@click.option(
    "--replace", is_flag=True, help="Thay dữ liệu đang có; dữ liệu cũ được đổi tên, không bị xóa."
)
@click.pass_obj
def restore(house: House, file: Path, replace: bool) -> None:
    """Bring a backup back and say what stands there now."""
    done = restore_backup(file, house.settings(), house.home, clock=system_clock, replace=replace)
    rows = sum(done.manifest.rows.values())
    click.echo(
        f"Đã phục hồi bản {minute(datetime.fromisoformat(done.manifest.made_at))}: "
        f"{number(rows)} dòng, "
        f"{number(done.segments)} tệp lưu trữ chép về {house.home}."
    )
    if done.set_aside:
        click.echo(f"Cơ sở dữ liệu trước đó: {done.set_aside}")
    click.echo("Chạy “diembao init” nếu bản sao lưu thuộc phiên bản cũ, rồi “diembao doctor”.")
