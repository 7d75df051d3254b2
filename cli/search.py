"""`diembao search`."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from cli.house import House
from cli.parameters import DAY
from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM
from domain.codes import AREA_NAMES, Area, DatePrecision
from domain.errors import UsageError
from domain.validation import unknown
from reports.vietnamese import number
from storage.database import reading
from storage.search import Hit, Question, SearchResult
from storage.search import search as search_articles


@click.command(help="Tìm bài, có dấu hay không dấu; cụm từ đặt trong dấu nháy kép.")
@click.argument("words", default="", metavar="[CÂU_TÌM]")
@click.option("--agency", default="", metavar="MÃ", help="Cơ quan được nhắc, ví dụ BNV.")
@click.option("--area", default="", metavar="MÃ", help=f"Lĩnh vực: {', '.join(Area)}.")
@click.option("--outlet", default="", metavar="MÃ", help="Cơ quan báo chí.")
@click.option("--from", "since", type=DAY, help="Từ ngày.")
@click.option("--to", "until", type=DAY, help="Đến hết ngày.")
@click.option("--relevant", is_flag=True, help="Chỉ những bài về cải cách hành chính.")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(0, 10_000),
    metavar="SỐ",
    help="Số bài in ra nhiều nhất.",
)
@click.option(
    "--offset",
    default=0,
    type=click.IntRange(0),
    metavar="SỐ",
    help="Bỏ qua số bài mới nhất này.",
)
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
@click.pass_obj
def search(
    house: House,
    words: str,
    agency: str,
    area: str,
    outlet: str,
    since: date | None,
    until: date | None,
    relevant: bool,
    limit: int,
    offset: int,
    as_json: bool,
) -> None:
    """Print the newest articles that answer the question."""
    context = house.open()
    if agency:
        agency = read_register().get(agency).id
    if area and area not in set(Area):
        raise UsageError(unknown("lĩnh vực", area, Area))
    if outlet and outlet not in context.outlets:
        raise UsageError(unknown("cơ quan báo chí", outlet, (each.id for each in context.outlets)))
    if since and until and since > until:
        raise UsageError(
            f"Từ ngày {since:%d/%m/%Y} đứng sau đến ngày {until:%d/%m/%Y}. Đổi chỗ hai ngày."
        )
    if words.count('"') % 2:
        raise UsageError(f"Câu tìm {words} thiếu một dấu nháy kép. Thêm dấu đóng rồi tìm lại.")
    question = Question(
        words=words,
        agency=agency,
        area=Area(area) if area else None,
        outlet=outlet,
        since=since,
        until=until,
        relevant_only=relevant,
    )
    with reading(context.engine) as connection:
        result = search_articles(connection, question, limit=limit, offset=offset)
    click.echo(_as_json(result) if as_json else _as_text(result))


def _as_json(result: SearchResult) -> str:
    articles = [
        {
            "id": hit.id,
            "url": hit.url,
            "headline": hit.headline,
            "description": hit.description,
            "outlet": hit.outlet_id,
            "published_at": _iso(hit.published_at),
            "first_seen_at": _iso(hit.first_seen_at),
            "relevant": hit.relevant,
            "topics": list(hit.areas),
            "agencies": [{"id": agency, "role": role} for agency, role in hit.agencies],
            "content": hit.content,
        }
        for hit in result.hits
    ]
    return json.dumps({"total": result.total, "articles": articles}, ensure_ascii=False, indent=1)


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(VIETNAM).isoformat() if moment else None


def _as_text(result: SearchResult) -> str:
    shown = f", {number(len(result.hits))} bài mới nhất" if result.hits else ""
    register = read_register()
    lines = (_lines(hit, register) for hit in result.hits)
    return "\n".join([f"{number(result.total)} bài{shown}", *lines])


def _lines(hit: Hit, register: AgencyRegister) -> str:
    when = (hit.published_at or hit.first_seen_at).astimezone(VIETNAM)
    mark = "" if hit.published_at else " (giờ thấy lần đầu)"
    form = "%d/%m/%Y" if hit.date_precision == DatePrecision.DAY else "%d/%m/%Y %H:%M"
    day = when.date()
    tags = [AREA_NAMES[Area(area)] for area in hit.areas]
    tags += [register.get(agency, day).official_name for agency, _ in hit.agencies]
    lines = ["", hit.headline, f"  {hit.outlet_name}, {when:{form}}{mark}"]
    if tags:
        lines.append(f"  {'; '.join(tags)}")
    return "\n".join([*lines, f"  {hit.url}"])
