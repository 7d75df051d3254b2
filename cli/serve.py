"""`diembao serve`: the dashboard and the API."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from cli.house import House
from domain.agencies import read_register
from pipeline.logs import set_up_log
from storage.database import kept_open
from web.app import create_app
from web.secret import read_secret
from web.serving import FIRST_NAME, address_of, first_administrator, listen, warnings_of
from web.serving import serve as serve_app


@click.command(help="Mở trang web và API, cho đến khi được lệnh dừng.")
@click.option("--address", default="", metavar="MÁY:CỔNG", help="Thay cho address ở mục [web].")
@click.pass_obj
def serve(house: House, address: str) -> None:
    """Open the door; the first time, say how the administrator signs in."""
    opened = house.open(create=True)
    context = replace(opened, engine=kept_open(opened.engine))
    settings = context.settings.web
    host, port = address_of(settings, address)
    listener = listen(host, port)
    set_up_log(context.settings.log, context.home, part="web")
    if password := first_administrator(context.engine, context.clock):
        click.echo(f"Đăng nhập lần đầu: tên {FIRST_NAME}, mật khẩu dùng một lần {password}")
        click.echo("Mật khẩu này chỉ in một lần; trang sẽ yêu cầu đổi ngay khi đăng nhập.")
    for line in warnings_of(settings, host):
        click.echo(f"Lưu ý: {line}", err=True)
    app = create_app(context, read_register(), read_secret(context.home))
    click.echo(f"Trang web: http://{host}:{port}/  (nhấn Ctrl+C để dừng)")
    sys.stdout.flush()
    serve_app(app, settings, listener)
