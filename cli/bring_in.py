"""`diembao import`: articles and lists kept elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from cli.house import House
from cli.parameters import COLUMNS
from cli.row_notes import tell_errors, tell_remarks
from pipeline.bring_in import bring_in as bring_in_file
from pipeline.opening import declared_outlets
from pipeline.run import tag_only
from reports.vietnamese import number


@click.command("import", help="Nhập bài hoặc danh mục bài có sẵn; nhập lại không thêm gì.")
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False), metavar="TỆP")
@click.option(
    "--outlet", default="", metavar="MÃ",
    help="Mọi bài trong tệp là của cơ quan báo chí này; bỏ trống thì theo cột “báo” hoặc địa chỉ.",
)  # fmt: skip
@click.option(
    "--map", "columns", type=COLUMNS, multiple=True, metavar="CỘT=MỤC",
    help="Chỉ rõ cột nào là mục nào: url, headline, description, body, published_at, outlet, "
    "section, authors, credit. Tên cột thường gặp được nhận sẵn.",
)  # fmt: skip
@click.pass_obj
def bring_in(house: House, file: Path, outlet: str, columns: Sequence[tuple[str, str]]) -> None:
    """Store the articles of a .jsonl, .csv or .xlsx file, then tag and group them."""
    context = house.open(create=True)
    done = bring_in_file(
        context, declared_outlets(context.settings), file, outlet=outlet, told=dict(columns)
    )
    tell_errors(done.errors, done.unused)
    tell_remarks(done.repeated)
    repeated = f"{number(len(done.repeated))} dòng trùng trong tệp; " if done.repeated else ""
    click.echo(
        f"Nhập {number(done.stored.new)} bài mới, sửa {number(done.stored.updated)}; "
        f"{number(done.stored.known)} đã có; {repeated}"
        f"{number(len({error.number for error in done.errors}))} dòng có lỗi."
    )
    if done.stored.new or done.stored.updated:
        read = tag_only(context)
        click.echo(f"Đã gắn nhãn {number(read.tagged)} bài, gộp {number(read.grouped)} bài.")
    if done.errors:
        sys.exit(1)
