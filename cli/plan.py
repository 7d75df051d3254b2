"""`diembao plan`: the communication plans, and an officer's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from cli.house import House
from domain.agencies import read_register
from domain.codes import AREA_NAMES, Area
from domain.errors import StorageError, UsageError, os_reason
from domain.plans import (
    PROPOSALS,
    Plan,
    PlanItem,
    own_plan_files,
    read_plans,
    shipped_plan_ids,
    shipped_plan_text,
)
from domain.proposals import Proposals, proposals_text, read_proposals
from domain.validation import unknown
from measures.catalogue import CATALOGUE
from reports.vietnamese import number

_OPTIONS = "[TÙY CHỌN]"
_CERTAINTY = {
    "verified": "đã đọc",
    "secondary": "theo nguồn khác dẫn lại",
    "recalled": "theo trí nhớ, chưa đọc",
    "unverified": "chưa kiểm chứng",
}
_PARTS = {
    "goals": "Mục tiêu cụ thể",
    "requirements": "Yêu cầu",
    "audiences": "Đối tượng",
    "forms": "Hình thức",
    "solutions": "Giải pháp",
    "duties": "Trách nhiệm thực hiện",
}


@click.group(
    help="Kế hoạch tuyên truyền: xem, viết kế hoạch năm sau, ghi chỉ tiêu.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def plan() -> None:
    """The commands on plans."""


@plan.command("list", help="Liệt kê các kế hoạch.", options_metavar=_OPTIONS)
@click.pass_obj
def list_plans(house: House) -> None:
    """Say which plans there are and where an officer's own lie."""
    folder = _folder(house)
    own = {path.stem for path in own_plan_files(folder)}
    for each in read_plans(folder):
        _check_targets(each)
        place = "trong thư mục riêng" if each.id in own else "đi kèm chương trình"
        named = each.number or "chưa rõ số quyết định"
        targets = f"{number(len(each.targets))} chỉ tiêu" if each.targets else "chưa có chỉ tiêu"
        click.echo(f"{each.id}: {named} · {_CERTAINTY[each.certainty]} · {targets} · {place}")
    click.echo(f"Thư mục kế hoạch riêng: {folder}" + ("" if folder.is_dir() else " (chưa có)"))


@plan.command(help="In một kế hoạch, chỉ tiêu và hai bảng đề xuất đi cùng.",
              options_metavar=_OPTIONS)  # fmt: skip
@click.argument("plan_id", metavar="MÃ")
@click.pass_obj
def show(house: House, plan_id: str) -> None:
    """Print a plan whole."""
    folder = _folder(house)
    asked = read_plans(folder).get(plan_id)
    _check_targets(asked)
    for line in _lines(asked):
        click.echo(line)
    for line in _proposal_lines(read_proposals(read_register(), folder)):
        click.echo(line)


def _check_targets(each: Plan) -> None:
    """A target for a figure that is never counted would be kept in silence."""
    for figure in each.targets:
        if figure not in CATALOGUE:
            raise UsageError(
                f"Kế hoạch {each.id}, [targets]: {unknown('số liệu', figure, CATALOGUE)}"
            )


def _lines(each: Plan) -> Iterator[str]:
    decided = f" ngày {each.decided_on:%d/%m/%Y}" if each.decided_on else ""
    yield each.title
    yield f"{each.number or 'Chưa rõ số quyết định'}{decided} ({_CERTAINTY[each.certainty]})"
    if each.note:
        yield f"Ghi chú: {each.note}"
    for name, title in _PARTS.items():
        items: tuple[PlanItem, ...] = getattr(each, name)
        yield f"\n{title}:" + ("" if items else " chưa đọc được")
        for item in items:
            yield f"  {item.id}. {item.text} ({_CERTAINTY[item.certainty]})"
    yield "\nMốc của lộ trình:" + ("" if each.milestones else " chưa ghi")
    for mark in each.milestones:
        yield f"  {mark.id}. {mark.day:%d/%m/%Y}, {mark.agency}: {mark.title}"
    yield "\nChỉ tiêu:" + ("" if each.targets else " chưa ghi")
    for figure, target in each.targets.items():
        yield f"  {CATALOGUE[figure].name} ({figure}): {_target(target)}"


def _target(target: float) -> str:
    return number(target) if float(target).is_integer() else number(target, 2).rstrip("0")


def _proposal_lines(proposals: Proposals) -> Iterator[str]:
    yield f"\nTỷ trọng đối tượng theo lĩnh vực ({proposals.note}):"
    for area, words in zip(Area, proposals.lines(), strict=True):
        yield f"  {AREA_NAMES[area]}: {words.partition(': ')[2]}"


@plan.command(help="Chép một kế hoạch ra thư mục riêng để sửa; không ghi đè tệp có sẵn.",
              options_metavar=_OPTIONS)  # fmt: skip
@click.argument("plan_id", default="", metavar="[MÃ]")
@click.option("--from", "model", default="", metavar="MÃ",
              help="Chép từ kế hoạch này; bỏ trống là cùng mã, hoặc mới nhất.")  # fmt: skip
@click.option("--proposals", is_flag=True,
              help="Chép hai bảng đề xuất: ô cần có tin, tỷ trọng đối tượng.")  # fmt: skip
@click.pass_obj
def new(house: House, plan_id: str, model: str, proposals: bool) -> None:
    """Copy a plan, or the proposals, to the officer's folder."""
    if bool(plan_id) == proposals:
        raise click.UsageError("Ghi một mã kế hoạch, ví dụ bnv-2027, hoặc --proposals.")
    folder = _folder(house)
    if proposals:
        path, text = folder / PROPOSALS, proposals_text()
    else:
        path, text = folder / f"{plan_id}.toml", _new_plan(plan_id, model)
    _write_new(path, text)
    click.echo(f"Đã chép ra {path}. Sửa tệp này rồi xem lại bằng “diembao plan list”.")


def _new_plan(plan_id: str, model: str) -> str:
    shipped = shipped_plan_ids()
    source = model or (plan_id if plan_id in shipped else shipped[-1])
    if source not in shipped:
        raise UsageError(unknown("kế hoạch đi kèm chương trình", source, shipped))
    text = shipped_plan_text(source)
    if source == plan_id:
        return text + _TARGETS
    prefix, _, year = plan_id.rpartition("-")
    if not (prefix.isalpha() and prefix.isascii() and prefix.islower() and len(year) == 4
            and year.isdecimal()):  # fmt: skip
        raise UsageError(f"Mã kế hoạch “{plan_id}” phải có dạng chữ-năm, ví dụ bnv-2027.")
    return _for_year(text, source, plan_id, year) + _TARGETS


def _for_year(text: str, source: str, plan_id: str, year: str) -> str:
    """The same plan for another year: what was not decided for that year is left empty."""
    old = source.rpartition("-")[2]
    lines = []
    for line in text.splitlines():
        key = line.partition("=")[0].strip()
        if key in {"number", "decided_on", "source", "note"}:
            continue
        if key == "certainty":
            line = 'certainty = "unverified"'
        elif key == "id" and source in line:
            line = f'id = "{plan_id}"'
        elif key in {"year", "valid_from", "valid_to", "title"}:
            line = line.replace(old, year)
        lines.append(line)
        if key == "title":
            lines.append(f'note = "Chép từ {source}; sửa theo quyết định của năm {year}"')
    return "\n".join(lines) + "\n"


_TARGETS = """
# Chỉ tiêu: mã số liệu như “diembao measure --json” in ra và con số cần đạt. Chưa có thì để nguyên.
# [targets]
# timely.within_72h = 0.6

# Mốc của lộ trình, mỗi mốc một bảng:
# [[milestones]]
# id = "moc-1"
# day = 2027-06-30
# agency = "BNV"
# title = "Công bố Chỉ số cải cách hành chính"
# areas = ["chi_dao"]
"""


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"Đã có {path}; tệp được giữ nguyên. Sửa ngay tệp đó.") from error
    except OSError as error:
        raise StorageError(f"Không ghi được {path}: {os_reason(error)}.") from error


def _folder(house: House) -> Path:
    return Path(house.settings().plan.folder)
