"""`diembao measure`: the plan's qualities of a period, opened down to the rows behind a figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import click

from cli.export import known_agency
from cli.house import House
from cli.measure_agencies import agencies_json, agencies_lines
from cli.measure_months import months_json, months_lines
from cli.measure_rows import (
    PROPOSED_LINES,
    figure_called,
    figure_of,
    has_proposed,
    rows_json,
    rows_text,
)
from cli.parameters import DAY
from domain.agencies import AgencyRegister, read_register
from domain.codes import AREA_NAMES, Area
from domain.errors import UsageError
from domain.periods import Period, between
from domain.qualities import Measured
from domain.validation import unknown
from measures.catalogue import CATALOGUE
from measures.month import NATIONWIDE
from pipeline.context import Context
from pipeline.profile import Opened, measured_profile
from pipeline.year import month_cells, months_between
from reports.profile import profile_json, profile_lines


@click.command(help="Đo các yêu cầu của kế hoạch tuyên truyền: đầy đủ, kịp thời, đúng đối tượng...")
@click.option("--plan", "plan_id", default="", metavar="MÃ",
              help="Kế hoạch; bỏ trống là kế hoạch của năm chứa ngày cuối kỳ.")  # fmt: skip
@click.option("--from", "since", type=DAY, required=True, help="Từ ngày.")
@click.option("--to", "until", type=DAY, required=True, help="Đến hết ngày.")
@click.option("--agency", default="", metavar="MÃ", help="Cơ quan; bỏ trống là cả nước.")
@click.option("--area", default="", metavar="MÃ", help=f"Lĩnh vực: {', '.join(Area)}.")
@click.option("--under-government", is_flag=True, help="Tính cả các cơ quan thuộc Chính phủ.")
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
@click.option("--rows", "figure", default="", metavar="SỐ_LIỆU",
              help="Mở một số liệu ra các dòng làm nên nó, theo tên hay mã: “Cơ quan có tin”, "
              "complete.agencies.")  # fmt: skip
@click.option("--by-agency", is_flag=True,
              help="Bảng mọi bộ, ngành, địa phương so với nhóm của mình thay cho hồ sơ.",
              )  # fmt: skip
@click.option("--by-month", is_flag=True,
              help="Bảng cơ quan x lĩnh vực x tháng thay cho hồ sơ; kỳ là các tháng trọn vẹn.",
              )  # fmt: skip
@click.pass_obj
def measure(
    house: House,
    plan_id: str,
    since: date,
    until: date,
    agency: str,
    area: str,
    under_government: bool,
    as_json: bool,
    figure: str,
    by_agency: bool,
    by_month: bool,
) -> None:
    """Print the profile of a period, the rows behind one of its figures, or its months' cells."""
    if area and area not in set(Area):
        raise UsageError(unknown("lĩnh vực", area, Area))
    asked = figure_called(figure) if figure else ""
    if by_month and (asked or plan_id or by_agency):
        raise UsageError(
            "--by-month không dùng cùng --rows, --plan hay --by-agency: bảng không có các số ấy."
        )
    if by_agency and (asked or agency):
        raise UsageError(
            "--by-agency là bảng của mọi cơ quan, không dùng cùng --agency hay --rows. Bỏ các lựa "
            "chọn ấy rồi chạy lại."
        )
    register = read_register()
    chosen, subject = known_agency(register, agency), Area(area) if area else None
    if by_month:
        _print_months(
            house.open(), register, months_between(since, between(since, until).end),
            agency=chosen, area=subject, under_government=under_government, as_json=as_json,
        )  # fmt: skip
        return
    opened = measured_profile(
        house.open(),
        register,
        between(since, until),
        plan_id=plan_id,
        agency=chosen,
        area=subject,
        under_government=under_government,
    )
    if by_agency:
        _print_agencies(opened, register, as_json=as_json)
    elif asked:
        _print_rows(opened, asked, register, as_json=as_json)
    elif as_json:
        definitions = {each.id: each.definition for each in CATALOGUE.values()}
        _print_json(profile_json(opened.measured, definitions))
    else:
        names = {each.id: each.name for each in CATALOGUE.values()}
        for line in profile_lines(opened.measured, names, _scope(opened.measured, register)):
            click.echo(line)
        for line in _next_lines(opened):
            click.echo(line)


def _next_lines(opened: Opened) -> Iterator[str]:
    """What a reader may do from here."""
    yield ""
    yield from _stored_lines(opened)
    yield "Mở một số liệu ra từng dòng: thêm --rows và tên của nó, ví dụ --rows “Cơ quan có tin”."
    if has_proposed(opened):
        yield from PROPOSED_LINES


def _stored_lines(opened: Opened) -> Iterator[str]:
    """Where nothing is stored of the period: of which days something is."""
    if opened.stored is None:
        yield "Chưa có tin, bài nào được lưu. Thu thập bằng: diembao run."
        return
    (first, last), period = opened.stored, opened.measured.period
    if period.end < first or last < period.start:
        yield f"Kỳ này nằm ngoài những ngày có tin đã lưu: từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}."


def _print_months(
    context: Context,
    register: AgencyRegister,
    months: Sequence[Period],
    *,
    agency: str | None,
    area: Area | None,
    under_government: bool,
    as_json: bool,
) -> None:
    found = month_cells(context, register, months, agency=agency, under_government=under_government)
    cells = [cell for cell in found if area in (None, cell.area)]
    if as_json:
        _print_json(months_json(cells, register))
    else:
        for line in months_lines(cells, register, agency=agency, area=area):
            click.echo(line)


def _print_agencies(opened: Opened, register: AgencyRegister, *, as_json: bool) -> None:
    if as_json:
        _print_json(agencies_json(opened.indexes, opened.measured.period))
        return
    title = f"{opened.measured.period.title}. {_scope(opened.measured, register)}"
    for line in agencies_lines(opened.indexes, title):
        click.echo(line)


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1))


def _scope(measured: Measured, register: AgencyRegister) -> str:
    parts = [
        register.get(measured.agency, measured.period.end).official_name
        if measured.agency
        else NATIONWIDE
    ]
    if measured.area:
        parts.append(AREA_NAMES[Area(measured.area)])
    return ", ".join(parts)


def _print_rows(opened: Opened, figure_id: str, register: AgencyRegister, *, as_json: bool) -> None:
    figure = figure_of(opened, figure_id)
    if as_json:
        _print_json({"figure": figure_id, "rows": list(rows_json(opened, figure))})
        return
    for line in rows_text(opened, figure, register):
        click.echo(line)
