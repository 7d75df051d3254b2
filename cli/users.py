"""`diembao user`: who may sign in, and keys for programs."""

from __future__ import annotations

import click

from cli.house import House
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.users import ACCESS_NAMES, SCOPE_NAMES, Access, Deed, Scope
from pipeline.context import Context
from storage.api_keys import add_key
from storage.audit_trail import note_deed
from storage.database import Connection, reading
from storage.users import add_user, list_users, set_password, user_with_password
from web.new_people import new_key, new_user
from web.passwords import hashed, one_time_password

_OPTIONS = "[TÙY CHỌN]"
_ONCE = "Mật khẩu dùng một lần (chỉ in một lần, đổi khi đăng nhập): "


@click.group(
    help="Người dùng trang web và khóa API.", options_metavar=_OPTIONS, subcommand_metavar="LỆNH"
)
def user() -> None:
    """The commands on people."""


@user.command(help="Thêm người dùng; in mật khẩu dùng một lần.", options_metavar=_OPTIONS)
@click.argument("name", metavar="TÊN")
@click.option("--full-name", default="", metavar="HỌ_TÊN", help="Họ và tên.")
@click.option("--role", type=click.Choice([each.value for each in Access]), default="reader",
              show_default=True, metavar="VAI_TRÒ",
              help="reader: người đọc; officer: cán bộ của cơ quan; editor: biên tập viên; "
              "administrator: quản trị.")  # fmt: skip
@click.option("--agency", "agencies", multiple=True, metavar="MÃ",
              help="Cơ quan mà cán bộ phụ trách; ghi nhiều lần được.")  # fmt: skip
@click.pass_obj
def add(house: House, name: str, full_name: str, role: str, agencies: tuple[str, ...]) -> None:
    """Add a person."""
    context = house.open(create=True)
    made = new_user(read_register(), name=name, full_name=full_name, access=role, agencies=agencies)
    password = one_time_password()
    kept = hashed(password)
    with context.engine.begin() as connection:
        add_user(connection, made, kept, context.clock())
        _note(context, connection, "user add", made.name, made.access)
    click.echo(f"Đã thêm {made.name} ({ACCESS_NAMES[made.access].lower()}).")
    click.echo(_ONCE + password)


@user.command("list", help="Liệt kê người dùng.", options_metavar=_OPTIONS)
@click.pass_obj
def list_all(house: House) -> None:
    """Print everybody."""
    with reading(house.open().engine) as connection:
        people = list_users(connection)
    for each in people:
        parts = [each.name, each.full_name, ACCESS_NAMES[each.access], ", ".join(each.agencies)]
        parts += ["bị khóa"] if each.disabled else []
        click.echo(" · ".join(filter(None, parts)))
    if not people:
        click.echo("Chưa có người dùng. Thêm bằng “diembao user add TÊN”.")


@user.command(help="Cấp lại mật khẩu dùng một lần.", options_metavar=_OPTIONS)
@click.argument("name", metavar="TÊN")
@click.pass_obj
def password(house: House, name: str) -> None:
    """Give a new password; sessions opened with the old one end."""
    context = house.open()
    made = one_time_password()
    kept = hashed(made)
    with context.engine.begin() as connection:
        found = user_with_password(connection, name)
        if found is None:
            raise UsageError(f"Không có người dùng “{name}”. Xem bằng “diembao user list”.")
        set_password(connection, found[0].id, kept, must_change=True)
        _note(context, connection, "user reset", name, "")
    click.echo(_ONCE + made)


@user.command(help="Tạo khóa API cho một chương trình; khóa chỉ in một lần.",
              options_metavar=_OPTIONS)  # fmt: skip
@click.argument("name", metavar="TÊN_KHÓA")
@click.option("--scope", "scopes", multiple=True, default=["read"], show_default=True,
              type=click.Choice([each.value for each in Scope]), metavar="QUYỀN",
              help="; ".join(f"{code.value}: {said}" for code, said in SCOPE_NAMES.items()) + ". "
              "Ghi nhiều lần được.")  # fmt: skip
@click.pass_obj
def key(house: House, name: str, scopes: tuple[str, ...]) -> None:
    """Make a key."""
    context = house.open(create=True)
    made = new_key()
    with context.engine.begin() as connection:
        add_key(connection, made, name=name, scopes=[Scope(each) for each in scopes],
                by="diembao user key", now=context.clock())  # fmt: skip
        _note(context, connection, "key add", name, ",".join(sorted(scopes)))
    day = context.clock().astimezone(VIETNAM)
    click.echo(f"Khóa “{name}”, tạo ngày {day:%d/%m/%Y}: {made}")


def _note(context: Context, connection: Connection, action: str, object_: str, detail: str) -> None:
    deed = Deed(
        at=context.clock(), who="diembao user", action=action, object=object_, detail=detail
    )
    note_deed(connection, deed)
