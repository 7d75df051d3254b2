"""`diembao review`: what people look at, what they decided, and how far the machine can be
trusted."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from cli.house import House
from cli.row_notes import tell_errors
from domain.agencies import AgencyRegister, read_register
from domain.codes import AREA_NAMES, Area
from domain.periods import Period, Window
from domain.periods import month as month_of
from domain.review import AuditReport, Drift, NameProposal, Rate, Reliability
from pipeline.decisions import import_decisions
from pipeline.review import audit, export_queue, write_gold
from pipeline.unknown_names import known_proposals, mark_names, propose_names
from reports.review_book import CHOICE_HEADINGS
from reports.vietnamese import number, percent

_OPTIONS = "[TÙY CHỌN]"
_FIGURES = {"precision": "độ chính xác", "recall": "độ phủ", "accuracy": "tỷ lệ đúng"}
_METHOD = (
    "Mỗi bài kiểm tra đại diện cho số bài cùng tầng (máy gắn, gần gắn, còn lại). Độ chính xác: "
    "khoảng 95% trên cỡ mẫu hiệu dụng, Wilson từ 15 bài, Clopper–Pearson dưới 15 bài; độ phủ: "
    "khoảng Fay–Feuer 95% cho số bài bị sót."
)


@click.group(
    help="Duyệt nhãn: ghi hàng đợi ra bảng tính, nhận quyết định, xem máy đúng bao nhiêu.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def review() -> None:
    """The commands of the review queue."""


@review.command(
    "export",
    help="Ghi hàng đợi ra TỆP.xlsx: bài máy không chắc lẫn mẫu kiểm tra ngẫu nhiên.",
    options_metavar=_OPTIONS,
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP")
@click.option(
    "--n", "count", type=click.IntRange(1, 5_000), default=60, show_default=True, metavar="SỐ",
    help="Số bài trong tệp.",
)  # fmt: skip
@click.option("--month", default="", metavar="YYYY-MM", help="Chỉ bài của kỳ báo cáo tháng này.")
@click.pass_obj
def export(house: House, file: Path, count: int, month: str) -> None:
    """Write the queue as a workbook."""
    if file.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{file}: tên tệp phải có đuôi .xlsx.")
    period = _period(house, month)
    done = export_queue(house.open(), read_register(), file, count=count, period=period)
    click.echo(
        f"{number(done.rows)} bài chờ duyệt ở {file}; mới đưa vào hàng đợi: "
        f"{number(done.audit)} kiểm tra ngẫu nhiên, {number(done.uncertain)} máy không chắc."
    )
    if done.rows:
        click.echo("Duyệt xong, chạy: diembao review import " + str(file))


@review.command(
    "import",
    help="Nhận quyết định từ TỆP.xlsx; nhập lại không đổi gì. Dòng lỗi được nêu và ở lại hàng đợi.",
    options_metavar=_OPTIONS,
)
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False), metavar="TỆP")
@click.option("--by", "author", default="", metavar="TÊN", help="Người duyệt, ghi cạnh quyết định.")
@click.pass_obj
def take(house: House, file: Path, author: str) -> None:
    """Read decisions back."""
    done = import_decisions(house.open(), read_register(), file, author=author)
    tell_errors(done.errors, done.unused)
    rows = len({error.number for error in done.errors})
    click.echo(
        f"{number(done.new)} quyết định mới, {number(done.known)} đã biết, "
        f"{number(done.undecided)} bài chưa quyết định, {number(rows)} dòng có lỗi."
    )
    if done.errors:
        sys.exit(1)


@review.command(
    "gold",
    help="Ghi các bài đã duyệt thành tệp nhãn cho “diembao train --corrections”.",
    options_metavar=_OPTIONS,
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="TỆP",
    help="Tệp nhận, mỗi bài một dòng JSON.",
)  # fmt: skip
@click.pass_obj
def learn(house: House, out: Path) -> None:
    """Write what was decided as labelled articles."""
    click.echo(f"{number(write_gold(house.open(), out))} bài đã duyệt ở {out}.")


@review.command(
    "report",
    help="Máy đúng bao nhiêu theo lĩnh vực, cơ quan; khác gì so với mô hình trước.",
    options_metavar=_OPTIONS,
)
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.pass_obj
def report(house: House, as_json: bool) -> None:
    """Print what the audit says."""
    reports, changes = audit(house.open())
    if as_json:
        found = {
            "versions": [asdict(each) for each in reports],
            "drift": [asdict(each) | {"is_apart": each.is_apart} for each in changes],
            "method": _METHOD,
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    if not reports:
        click.echo(
            "Chưa có bài kiểm tra ngẫu nhiên nào được duyệt. Chạy “diembao review export”, duyệt "
            "rồi “diembao review import”."
        )
        return
    register = read_register()
    _print_report(reports[0], register)
    _print_drift(changes, reports, register)
    click.echo(_METHOD)


def _print_report(found: AuditReport, register: AgencyRegister) -> None:
    click.echo(
        f"Mô hình {found.model_version}: {number(found.articles)} bài kiểm tra ngẫu nhiên đã "
        f"duyệt, đại diện {number(round(found.stands_for))} bài."
    )
    lines = [("Liên quan", found.relevance)]
    lines += [(AREA_NAMES[Area(each.code)], each) for each in found.areas]
    lines += [(register.get(each.code).official_name, each) for each in found.agencies]
    for name, each in lines:
        if each.precision.value is not None or each.recall.value is not None:
            click.echo(f"  {name}: {_reliability(each)}")
    for field, rate in found.questions.items():
        if rate.value is not None:
            click.echo(f"  {CHOICE_HEADINGS[field]}: đúng {_rate(rate)}")


def _print_drift(
    changes: Sequence[Drift], reports: Sequence[AuditReport], register: AgencyRegister
) -> None:
    if len(reports) < 2:
        return
    click.echo(f"So với mô hình trước, {reports[1].model_version}:")
    apart = [each for each in changes if each.is_apart]
    for each in apart:
        click.echo(
            f"  {_named(each.code, register)}, {_FIGURES[each.figure]}: {_rate(each.now)}, "
            f"trước là {_rate(each.before)}"
        )
    if not apart:
        click.echo("  Không số nào khác hẳn: mọi cặp khoảng tin cậy đều chạm nhau.")


def _named(code: str, register: AgencyRegister) -> str:
    if code == "relevant":
        return "Liên quan"
    if code in CHOICE_HEADINGS:
        return CHOICE_HEADINGS[code]
    return AREA_NAMES[Area(code)] if code in set(Area) else register.get(code).official_name


def _reliability(each: Reliability) -> str:
    return f"độ chính xác {_rate(each.precision)}; độ phủ {_rate(each.recall)}"


def _rate(rate: Rate) -> str:
    if rate.value is None or rate.interval is None:
        return "chưa có bài nào"
    low, high = map(percent, rate.interval)
    return f"{percent(rate.value)} ({low} đến {high}; {number(rate.n)} bài)"


@review.command(
    "names",
    help="Tên giống tên cơ quan mà danh mục chưa có, tìm trong các bài liên quan mới nhất.",
    options_metavar=_OPTIONS,
)
@click.option(
    "--n", "count", type=click.IntRange(0, 5_000), default=200, show_default=True, metavar="SỐ",
    help="Đọc bấy nhiêu bài mới nhất (khoảng 5 bài một giây); 0 là chỉ xem lại.",
)  # fmt: skip
@click.option("--month", default="", metavar="YYYY-MM", help="Chỉ bài của kỳ báo cáo tháng này.")
@click.option("--refuse", multiple=True, metavar="TÊN", help="Không phải cơ quan: không nêu nữa.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.pass_obj
def names(house: House, count: int, month: str, refuse: tuple[str, ...], as_json: bool) -> None:
    """Propose names that the register lacks."""
    context = house.open()
    if refuse:
        mark_names(context, refuse, state="no")
    elif count:
        propose_names(context, read_register(), count=count, period=_period(house, month))
    found = known_proposals(context)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
        return
    for each in found:
        click.echo(_proposal(each))
    if not found:
        click.echo("Không có tên lạ nào chờ xem.")


def _proposal(each: NameProposal) -> str:
    return f"{each.name}: {number(each.articles)} bài. “{each.words}”"


def _period(house: House, month: str) -> Period | None:
    return month_of(month, Window(house.settings().report.window)) if month else None
