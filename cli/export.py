"""`diembao export` and `digest`: the files that go upward."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cli.house import House
from cli.parameters import DAY
from cli.summary import print_export
from domain.agencies import AgencyRegister, read_register
from domain.errors import UsageError
from domain.periods import Period, Window, between, reporting_period
from domain.periods import month as month_of
from domain.validation import unknown
from pipeline.digest import write_digest_file
from pipeline.export import check_formats
from pipeline.export import export as export_period
from reports.digest_view import stories_line


@click.command(
    help="Xuất báo cáo của một kỳ, cho toàn quốc hoặc một cơ quan. Nêu kỳ bằng --month, --period, "
    "hoặc --from và --to.",
    short_help="Xuất báo cáo tháng của toàn quốc hoặc một cơ quan.",
)
@click.option("--month", default="", metavar="YYYY-MM", help="Tháng báo cáo.")
@click.option("--period", default="", metavar="NĂM-KỲ",
              help="Kỳ của Công văn 581/BNV-CCHC: 2026-quy-1, 2026-6-thang, 2026-quy-3, 2026-nam.",
              )  # fmt: skip
@click.option("--from", "since", type=DAY, help="Từ ngày.")
@click.option("--to", "until", type=DAY, help="Đến hết ngày.")
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
    metavar="xlsx,docx,csv,json,parquet",
    help="Các định dạng, cách nhau bằng dấu phẩy.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục nhận tệp.",
)
@click.pass_obj
def export(
    house: House,
    month: str,
    period: str,
    since: date | None,
    until: date | None,
    window: str | None,
    agency: str,
    formats: str,
    out: Path | None,
) -> None:
    """Write the files of a period and print where they are."""
    settings = house.settings()
    days = wanted_period(month, window or settings.report.window, period, since=since, until=until)
    if out is None:
        raise click.UsageError("Thiếu tùy chọn '--out'.")
    wanted = [each.strip() for each in formats.split(",") if each.strip()]
    if not wanted:
        raise click.UsageError("--format chưa nêu định dạng nào.")
    check_formats(wanted)
    register = read_register()
    report, paths = export_period(
        house.open(),
        register,
        days,
        formats=wanted,
        folder=out,
        agency=known_agency(register, agency),
    )
    print_export(report, paths)


@click.command(help="Viết điểm báo của một ngày (.docx, .html hoặc .pdf).")
@click.option("--date", "day", required=True, type=DAY, help="Ngày, 2026-07-01 hoặc 01/07/2026.")
@click.option("--agency", default="", metavar="MÃ", help="Mã cơ quan; bỏ trống là cả nước.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="TỆP",
    help="Tệp nhận điểm báo; phần đuôi (.docx, .html, .pdf) là dạng tệp.",
)
@click.pass_obj
def digest(house: House, day: date, agency: str, out: Path) -> None:
    """Write the digest of a day."""
    register = read_register()
    found = write_digest_file(
        house.open(), register, day, out, agency=known_agency(register, agency)
    )
    click.echo(f"Điểm báo ngày {day:%d/%m/%Y}: {stories_line(found)}. Tệp: {out}")


def wanted_period(
    month: str, window: str, period: str, *, since: date | None, until: date | None
) -> Period:
    """The days asked for, named in exactly one way."""
    ways = [bool(month), bool(period), since is not None or until is not None]
    if sum(ways) != 1:
        # Worded as for an option that must be given: --month is the usual way.
        raise click.UsageError(
            "Nêu kỳ bằng đúng một cách: Thiếu tùy chọn '--month' (hoặc '--period', hoặc '--from' "
            "và '--to')."
            if not any(ways)
            else "Nêu kỳ bằng đúng một cách: --month, --period, hoặc --from và --to."
        )
    if month:
        if window not in list(Window):
            raise UsageError(f"{unknown('kỳ của tháng', window, list(Window))} bao-cao hoặc lich.")
        return month_of(month, Window(window))
    if period:
        year, _, kind = period.partition("-")
        if not (year.isdecimal() and len(year) == 4):
            raise UsageError(f"Kỳ “{period}” viết chưa đúng. Viết năm-kỳ, ví dụ 2026-quy-1.")
        return reporting_period(int(year), kind)
    if since is None or until is None:
        raise click.UsageError("--from và --to đi cùng nhau: nêu cả hai ngày.")
    return between(since, until)


def known_agency(register: AgencyRegister, agency: str) -> str | None:
    """The agency's id, None for the whole country; an unknown one is a `UsageError`."""
    return register.get(agency).id if agency else None
