"""`diembao activities`: what was done outside the press, entered by hand or from a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from cli.export import known_agency
from cli.house import House
from cli.parameters import COLUMNS, DAY
from cli.row_notes import tell_errors
from domain.activities import ACTIVITY_NAMES, Activity, ActivityKind
from domain.agencies import AgencyRegister, read_register
from domain.errors import UsageError
from pipeline.activity_file import read_activity_file
from reports.vietnamese import day as written_day
from reports.vietnamese import number
from storage.activities import activities_of, keep_activities, remove_activity
from storage.database import reading

_OPTIONS = "[TÙY CHỌN]"
_FILE = click.Path(exists=True, path_type=Path, dir_okay=False)
_BY = click.option("--by", required=True, metavar="TÊN", help="Người nhập.")
_KINDS = "; ".join(f"{kind.value}: {name}" for kind, name in ACTIVITY_NAMES.items())


@click.group(
    help="Hoạt động tuyên truyền ngoài báo chí (bảng 8 của báo cáo): kế hoạch và thực hiện.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def activities() -> None:
    """The commands on activities."""


@activities.command(
    "import",
    help="Nhập từ tệp .xlsx, .csv hoặc .jsonl. Cột: nội dung, hình thức, từ ngày, đến ngày, cơ "
    "quan, kế hoạch, thực hiện, đơn vị tính, ghi chú. Nhập lại thì cập nhật, không thêm trùng.",
    short_help="Nhập các hoạt động từ tệp bảng tính.",
    options_metavar=_OPTIONS,
)
@click.argument("file", type=_FILE, metavar="TỆP")
@click.option("--map", "columns", type=COLUMNS, multiple=True, metavar="CỘT=MỤC",
              help="Chỉ rõ cột nào là mục nào, ví dụ “Tên việc=title”.")  # fmt: skip
@_BY
@click.pass_obj
def bring_in(house: House, file: Path, columns: Sequence[tuple[str, str]], by: str) -> None:
    """Store the activities of a file, naming every bad row."""
    context = house.open(create=True)
    now = context.clock()
    read = read_activity_file(file, read_register(), told=dict(columns), author=by, now=now)
    tell_errors(read.errors, read.unused)
    with context.engine.begin() as connection:
        added, changed = keep_activities(connection, read.activities, now=now)
    wrong = len({error.number for error in read.errors})
    click.echo(
        f"Nhập {number(added)} hoạt động mới, cập nhật {number(changed)}; {number(wrong)} dòng có "
        "lỗi."
    )
    if read.errors:
        sys.exit(1)


@activities.command(help="Nhập một hoạt động.", options_metavar=_OPTIONS)
@click.argument("title", metavar="NỘI_DUNG")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in ActivityKind]),
              metavar="MÃ", help=f"Hình thức. {_KINDS}.")  # fmt: skip
@click.option("--from", "first", required=True, type=DAY, help="Từ ngày.")
@click.option("--to", "last", type=DAY, help="Đến hết ngày; bỏ trống là một ngày.")
@click.option("--agency", default="", metavar="MÃ", help="Cơ quan thực hiện, ví dụ BNV.")
@click.option("--planned", type=click.IntRange(min=0), help="Số theo kế hoạch.")
@click.option("--done", type=click.IntRange(min=0), help="Số đã thực hiện.")
@click.option("--unit", default="", metavar="TÊN", help="Đơn vị tính, ví dụ “hội nghị”.")
@click.option("--note", default="", metavar="CHỮ", help="Ghi chú.")
@_BY
@click.pass_obj
def add(
    house: House,
    title: str,
    kind: str,
    first: date,
    last: date | None,
    agency: str,
    planned: int | None,
    done: int | None,
    unit: str,
    note: str,
    by: str,
) -> None:
    """Store one activity; the same one again is brought up to date."""
    if last is not None and last < first:
        raise UsageError("Ngày kết thúc (--to) trước ngày bắt đầu (--from). Đổi lại hai ngày.")
    entered = Activity(
        agency_id=known_agency(read_register(), agency) or "",
        kind=ActivityKind(kind),
        title=title,
        first_day=first,
        last_day=last or first,
        planned=planned,
        done=done,
        unit=unit,
        note=note,
        author=by,
    )
    context = house.open(create=True)
    with context.engine.begin() as connection:
        added, _ = keep_activities(connection, [entered], now=context.clock())
    click.echo(f"Đã {'nhập' if added else 'cập nhật'} hoạt động “{title}”.")


@activities.command("list", help="Liệt kê các hoạt động.", options_metavar=_OPTIONS)
@click.option("--from", "since", type=DAY, help="Từ ngày.")
@click.option("--to", "until", type=DAY, help="Đến hết ngày.")
@click.option("--agency", default="", metavar="MÃ", help="Cơ quan; bỏ trống là tất cả.")
@click.pass_obj
def show(house: House, since: date | None, until: date | None, agency: str) -> None:
    """Print the activities that touch the days."""
    register = read_register()
    wanted = known_agency(register, agency)
    with reading(house.open().engine) as connection:
        found = activities_of(connection, since or date.min, until or date.max, agency=wanted)
    for each in found:
        click.echo(f"{each.id:>5}  {_days(each)}  {ACTIVITY_NAMES[each.kind]}: {each.title}")
        click.echo(f"       {_agency(each, register)}; {_progress(each)}")
    click.echo(f"{number(len(found))} hoạt động.")


def _days(each: Activity) -> str:
    first, last = written_day(each.first_day), written_day(each.last_day)
    return first if first == last else f"{first}–{last}"


def _agency(each: Activity, register: AgencyRegister) -> str:
    """The agency as it was called on the day, its code where the register no longer has it."""
    if not each.agency_id:
        return "chưa ghi cơ quan"
    try:
        return register.get(each.agency_id, each.last_day).official_name
    except UsageError:
        return each.agency_id


def _progress(each: Activity) -> str:
    unit = f" {each.unit}" if each.unit else ""
    return f"thực hiện {_count(each.done)} trên {_count(each.planned)}{unit}"


def _count(value: int | None) -> str:
    return "–" if value is None else number(value)


@activities.command(help="Bỏ một hoạt động theo số của nó.", options_metavar=_OPTIONS)
@click.argument("identity", type=int, metavar="SỐ")
@click.pass_obj
def remove(house: House, identity: int) -> None:
    """Take an activity out of the table."""
    with house.open().engine.begin() as connection:
        gone = remove_activity(connection, identity)
    click.echo(f"Đã bỏ hoạt động “{gone.title}”.")
