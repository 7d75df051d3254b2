"""`diembao templates`: the wording and the look of reports, copied out to be changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import BinaryIO

import click

from domain.errors import UsageError
from pipeline.files import write_whole
from reports.wording import TEMPLATES, shipped


@click.group(
    help="Mẫu báo cáo và điểm báo: chép ra để sửa lời văn, kiểu chữ.",
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH",
)
def templates() -> None:
    """The commands on templates."""


@templates.command(
    help="Chép các mẫu ra một thư mục. Sửa xong, ghi thư mục đó vào [report] templates_folder. Mẫu "
    "đã có trong thư mục không bị ghi đè, trừ khi có --overwrite.",
    short_help="Chép các mẫu ra một thư mục để sửa.",
    options_metavar="[TÙY CHỌN]",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="THƯ_MỤC")
@click.option("--overwrite", is_flag=True, help="Ghi đè mẫu đã có.")
def export(folder: Path, overwrite: bool) -> None:
    """Write every template as it comes with the program."""
    held = [name for name in TEMPLATES if (folder / name).exists()]
    if held and not overwrite:
        raise UsageError(
            f"Thư mục {folder} đã có {', '.join(held)}. Chọn thư mục khác, hoặc thêm --overwrite "
            "để ghi đè (mất phần đã sửa)."
        )
    for name in TEMPLATES:
        write_whole(folder / name, partial(_put, shipped(name)))
        click.echo(f"Tệp: {folder / name}")
    click.echo(
        f'Để dùng: ghi templates_folder = "{folder.resolve()}" vào mục [report] của tệp cấu hình.'
    )


def _put(data: bytes, stream: BinaryIO) -> None:
    stream.write(data)
