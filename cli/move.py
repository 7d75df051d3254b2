"""`diembao move`."""

from __future__ import annotations

import click

from cli.house import House
from domain.written import number
from pipeline.move import move as move_database


@click.command(
    help="Chuyển cơ sở dữ liệu đi kèm (SQLite) của thư mục nhà sang máy chủ PostgreSQL, rồi so "
    "từng dòng của mọi bảng. Dừng “diembao schedule” và “diembao serve” trước: lịch đang chạy hay "
    "một lượt đang ghi thì lệnh từ chối; trang web còn mở thì trong lúc chuyển không ghi được gì. "
    "Bị ngắt giữa chừng thì chạy lại, lệnh chép tiếp từ chỗ dừng. Cơ sở dữ liệu nguồn và kho trang "
    "lưu (archive) giữ nguyên.",
    short_help="Chuyển cơ sở dữ liệu sang PostgreSQL.",
)
@click.option(
    "--to", "address", required=True, metavar="ĐỊA_CHỈ",
    help="Địa chỉ cơ sở dữ liệu đích, ví dụ postgresql://diembao@may-chu:5432/diembao.",
)  # fmt: skip
@click.pass_obj
def move(house: House, address: str) -> None:
    """Carry the database over."""
    counts = move_database(house.open(create=True), address)
    rows = sum(counts.values())
    click.echo(
        f"Đã chuyển {number(rows)} dòng của {number(len(counts))} bảng; mọi dòng đều giống nhau."
    )
    click.echo(
        "Từ nay đặt địa chỉ đó ở [storage] database của tệp cấu hình, hoặc ở biến môi trường "
        "DIEMBAO_DATABASE_URL, rồi chạy lại lịch và trang web."
    )
