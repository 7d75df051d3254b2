"""`diembao evidence`: the pack that proves a report, and the check that it was not altered."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click

from cli.export import known_agency, wanted_period
from cli.house import House
from cli.parameters import DAY
from domain.agencies import read_register
from domain.errors import StorageError, UsageError
from pipeline.evidence import listed, make_pack
from pipeline.evidence_check import check_pack
from pipeline.evidence_page import archived_page
from pipeline.files import write_whole
from reports.cells import printable
from reports.vietnamese import minute, number
from storage.database import reading
from storage.evidence import export_of

_OPTIONS = "[TÙY CHỌN]"
#: So many articles without a page are named one by one.
_NAMED = 10
_SHA256 = re.compile("[0-9a-f]{64}")


@click.group(
    help="Gói tài liệu kiểm chứng: danh mục bài, trang lưu, số liệu, mã băm.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def evidence() -> None:
    """The commands on evidence packs."""


@evidence.command(
    help="Làm gói kiểm chứng của một kỳ, cho cả nước hoặc một cơ quan. Nêu kỳ bằng --month, "
    "--period, hoặc --from và --to.",
    short_help="Làm gói kiểm chứng của một kỳ.",
    options_metavar=_OPTIONS,
)
@click.option("--month", default="", metavar="YYYY-MM", help="Tháng báo cáo.")
@click.option("--window", default="", metavar="KỲ", help="Kỳ của tháng: bao-cao hoặc lich.")
@click.option("--period", default="", metavar="NĂM-KỲ",
              help="Kỳ của Công văn 581/BNV-CCHC: 2026-quy-1, 2026-6-thang, 2026-quy-3, 2026-nam.",
              )  # fmt: skip
@click.option("--from", "since", type=DAY, help="Từ ngày.")
@click.option("--to", "until", type=DAY, help="Đến hết ngày.")
@click.option("--agency", default="", metavar="MÃ", help="Mã cơ quan; bỏ trống là cả nước.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False),
              metavar="THƯ_MỤC", help="Thư mục nhận gói.")  # fmt: skip
@click.pass_obj
def make(
    house: House,
    month: str,
    window: str,
    period: str,
    since: date | None,
    until: date | None,
    agency: str,
    out: Path,
) -> None:
    """Write the pack and print its code."""
    settings = house.settings()
    wanted = wanted_period(
        month, window or settings.report.window, period, since=since, until=until
    )
    register = read_register()
    pack = make_pack(house.open(), register, wanted, out, agency=known_agency(register, agency))
    click.echo(f"{wanted.title} — {pack.report.figures.scope}")
    click.echo(
        f"  {number(len(pack.report.rows))} tin, bài; {number(pack.pages)} trang lưu; "
        f"{number(len(pack.missing))} tin, bài không có trang lưu"
    )
    for line in listed(pack)[:_NAMED]:
        click.echo(f"  - {line}")
    if len(pack.missing) > _NAMED:
        click.echo(f"  - và {number(len(pack.missing) - _NAMED)} bài khác (xem ban-chup.csv)")
    if pack.earlier:
        click.echo(f"Gói làm trước có nội dung khác, được giữ nguyên: {pack.earlier}")
    click.echo(f"Tệp: {pack.path}")
    click.echo(f"Mã của gói (SHA-256): {pack.sha256}")
    click.echo("Ghi mã này vào văn bản gửi kèm: người nhận so lại là biết gói còn nguyên.")


@evidence.command(
    help="Từ một bài (mã bài B123 hoặc địa chỉ) tới trang đã lưu: nằm ở đâu, chụp lúc nào, còn "
    "đúng mã băm hay không. Không còn đúng thì kết thúc với mã 1.",
    short_help="Mở trang đã lưu của một bài.",
    options_metavar=_OPTIONS,
)
@click.argument("article", metavar="BÀI")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP",
              help="Chép trang ra tệp này, đúng từng byte như báo đã trả về.")  # fmt: skip
@click.pass_obj
def page(house: House, article: str, out: Path | None) -> None:
    """Say where the archived page of an article lies, and copy it out."""
    found = archived_page(house.open(), article)
    place = found.place
    click.echo(f"B{found.article.id}: {printable(found.article.headline)}")
    click.echo(f"  {found.article.outlet_name}, {found.article.url}")
    click.echo(
        f"  Chụp lúc {minute(place.fetched_at)} từ {place.url} (HTTP {place.status}, "
        f"{number(len(found.response.body))} byte)"
    )
    click.echo(f"  Nằm ở byte {number(place.archive_offset)} của {place.archive_path}")
    click.echo(f"  SHA-256: {place.sha256}")
    if out is not None:
        write_whole(out, lambda stream: _put(found.response.body, stream))
        click.echo(f"Tệp: {out}")
    if not found.is_intact:
        click.echo(
            "Lỗi: trang trong kho có mã băm khác lúc đọc bài. Chạy diembao archive verify, rồi "
            "chép lại tệp từ bản sao lưu.",
            err=True,
        )
        sys.exit(1)
    click.echo("Nguyên vẹn: trang đúng mã băm đã ghi khi đọc bài.")


def _put(data: bytes, stream: BinaryIO) -> None:
    stream.write(data)


@evidence.command(
    help="Kiểm tra một gói: mọi tệp, mọi trang lưu đúng mã băm, không thừa không thiếu. Sai thì "
    "kết thúc với mã 1.",
    short_help="Kiểm tra gói có bị sửa hay không.",
    options_metavar=_OPTIONS,
)
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False), metavar="TỆP")
@click.option("--sha256", "expected", default="", metavar="MÃ",
              help="Mã của gói ghi khi làm; bỏ trống thì so với sổ xuất của máy này.")  # fmt: skip
@click.pass_obj
def verify(house: House, file: Path, expected: str) -> None:
    """Say whether anything in a pack was altered."""
    expected = expected.strip().lower()
    if expected and not _SHA256.fullmatch(expected):
        raise UsageError(
            f"Mã “{expected}” không phải mã SHA-256: mã có đúng 64 chữ số và chữ cái từ a đến f. "
            "Chép lại cả mã ghi khi làm gói."
        )
    found = check_pack(file)
    faults = list(found.faults)
    if expected and expected != found.sha256:
        faults.append("mã của gói khác mã đã ghi: đây không phải gói đã làm")
    click.echo(found.title)
    click.echo(
        f"  {number(found.items)} tin, bài; {number(found.pages)} trang lưu; "
        f"{number(found.without_page)} tin, bài không có trang lưu"
    )
    click.echo(f"  Mã của gói (SHA-256): {found.sha256}")
    if not expected:
        click.echo(f"  {_on_record(house, found.sha256)}")
    for fault in faults:
        click.echo(f"  - {fault}", err=True)
    if faults:
        click.echo(f"Lỗi: gói có {number(len(faults))} chỗ sai. Lấy lại bản gốc.", err=True)
        sys.exit(1)
    click.echo("Nguyên vẹn: mọi tệp và mọi trang lưu đúng mã băm.")


def _on_record(house: House, sha256: str) -> str:
    """Whether this installation handed out these very bytes."""
    try:
        with reading(house.open().engine) as connection:
            made = export_of(connection, sha256)
    except StorageError:
        return "Không có sổ xuất ở máy này để đối chiếu; so mã của gói với mã ghi khi làm."
    if made is None:
        return "Mã này không có trong sổ xuất của máy này; so với mã ghi khi làm (--sha256)."
    return f"Đúng gói đã làm lúc {minute(made.made_at)} ({made.scope}), theo sổ xuất của máy này."
