"""`diembao export` and `digest`: the files that go upward."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.house import House
from cli.parameters import DAY
from cli.summary import print_export
from domain.agencies import AgencyRegister, read_register
from domain.periods import Window
from domain.periods import month as month_of
from pipeline.digest import write_digest_file
from pipeline.export import check_formats
from pipeline.export import export as export_period


@click.command(help="Xuất báo cáo tháng của toàn quốc hoặc một cơ quan.")
@click.option("--month", required=True, metavar="YYYY-MM", help="Tháng báo cáo.")
@click.option(
    "--window",
    type=click.Choice([each.value for each in Window]),
    help="bao-cao: 15 tháng trước đến 14; lich: tháng dương lịch. Mặc định theo cấu hình.",
)
@click.option(
    "--agency", default="", metavar="MÃ", help="Mã cơ quan, ví dụ BNV; bỏ trống là cả nước."
)
@click.option(
    "--format",
    "formats",
    default="xlsx",
    show_default=True,
    metavar="xlsx,csv,json",
    help="Các định dạng, cách nhau bằng dấu phẩy.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục nhận tệp.",
)
@click.pass_obj
def export(
    house: House, month: str, window: str | None, agency: str, formats: str, out: Path
) -> None:
    """Write the month's files and print where they are."""
    wanted = [each.strip() for each in formats.split(",") if each.strip()]
    if not wanted:
        raise click.UsageError("--format chưa nêu định dạng nào.")
    check_formats(wanted)
    settings = house.settings()
    period = month_of(month, Window(window or settings.report.window))
    register = read_register()
    report, paths = export_period(
        house.open(),
        register,
        period,
        formats=wanted,
        folder=out,
        agency=known_agency(register, agency),
    )
    print_export(report, paths)


@click.command(help="Viết điểm báo của một ngày (.docx hoặc .html).")
@click.option("--date", "day", required=True, type=DAY, help="Ngày, 2026-07-01 hoặc 01/07/2026.")
@click.option("--agency", default="", metavar="MÃ", help="Mã cơ quan; bỏ trống là cả nước.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Tệp nhận điểm báo; phần đuôi (.docx, .html) là dạng tệp.",
)
@click.pass_obj
def digest(house: House, day: date, agency: str, out: Path) -> None:
    """Write the digest of a day."""
    register = read_register()
    found = write_digest_file(
        house.open(), register, day, out, agency=known_agency(register, agency)
    )
    count = len(found.critical) + sum(map(len, found.by_area.values()))
    click.echo(f"Điểm báo ngày {day:%d/%m/%Y}: {count} câu chuyện. Tệp: {out}")


def known_agency(register: AgencyRegister, agency: str) -> str | None:
    """The agency's id, None for the whole country; an unknown one is a `UsageError`."""
    return register.get(agency).id if agency else None
