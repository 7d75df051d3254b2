"""`diembao alerts`."""

from __future__ import annotations

import click

from cli.house import House
from domain.agencies import read_register
from domain.errors import DiembaoError
from domain.written import number
from pipeline.alerts import Told, tell_people


@click.command(
    help="Tìm điều mới mà từng người dùng muốn được báo, giữ lại trên trang “Cảnh báo” và gửi đi. "
    "Không báo hai lần cùng một điều; trong giờ yên lặng thì để đến hết giờ mới gửi."
)
@click.pass_obj
def alerts(house: House) -> None:
    """Find and send what people asked to be told, now."""
    told = tell_people(house.open(), read_register())
    click.echo(_line(told))
    if told.sent.problems:
        raise DiembaoError(
            "\n".join(told.sent.problems)
            + "\nCảnh báo chưa gửi được vẫn được giữ và gửi lại ở lượt sau."
        )


def _line(told: Told) -> str:
    sent = told.sent
    return (
        f"{number(told.new)} cảnh báo mới; đã gửi {number(sent.mails)} thư, "
        f"{number(sent.posts)} webhook; {number(sent.held)} người đang trong giờ yên lặng; "
        f"{number(len(sent.problems))} người chưa gửi được."
    )
