"""`diembao archive`: what lies in the archive, and whether it is whole."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from cli.house import House
from pipeline.verify import CheckedFile, Fault, Verification
from pipeline.verify import verify as verify_archive
from reports.vietnamese import number


@click.group(
    help="Kho lưu trữ: các tệp WARC giữ mọi thứ đã tải.",
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH",
)
def archive() -> None:
    """The commands on the archive."""


@archive.command(
    help="Đọc lại toàn bộ kho lưu trữ: từng bản ghi có trọn vẹn, đúng mã băm, đúng chỉ mục và đúng "
    "với cơ sở dữ liệu hay không. Có lỗi thì kết thúc với mã 1.",
    short_help="Kiểm tra kho lưu trữ còn nguyên vẹn hay không.",
    options_metavar="[TÙY CHỌN]",
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def verify(house: House, as_json: bool) -> None:
    """Check the archive and say, file by file, what is wrong."""
    found = verify_archive(house.open())
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    if found.faults:
        wrong = sum(1 for file in found.files if file.faults)
        click.echo(
            f"Lỗi: kho lưu trữ có {number(found.faults)} lỗi ở {number(wrong)} tệp.", err=True
        )
        sys.exit(1)


def _as_json(found: Verification) -> dict[str, object]:
    return {"ok": not found.faults, **asdict(found)}


def _print(found: Verification) -> None:
    for file in found.files:
        click.echo(_line(file))
        for fault in file.faults:
            click.echo(f"  {_told(fault)}")
    for path in found.left_open:
        click.echo(f"{path}: đang ghi dở, chưa kiểm tra; lượt thu thập sau sẽ nhận phần đã ghi.")
    if found.outside:
        click.echo(
            f"{number(len(found.outside))} tệp đọc bằng --replay nằm ngoài kho, không kiểm tra."
        )
    records = sum(file.records for file in found.files)
    pages = sum(file.pages for file in found.files)
    click.echo(
        f"Đã kiểm tra {number(len(found.files))} tệp, {number(records)} bản ghi, "
        f"{number(pages)} trang của cơ sở dữ liệu: {number(found.faults)} lỗi."
    )


def _line(file: CheckedFile) -> str:
    made = "; chỉ mục bị thiếu, đã dựng lại" if file.index_made else ""
    return f"{file.path}: {number(file.records)} bản ghi, {number(len(file.faults))} lỗi{made}"


def _told(fault: Fault) -> str:
    place = "" if fault.offset is None else f"byte {number(fault.offset)}: "
    return f"{place}{fault.problem}. {fault.advice}"
