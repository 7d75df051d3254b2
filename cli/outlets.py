"""`diembao outlets`: which outlets are declared, how they stand, a test case from a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from cli.house import House
from cli.outlet_lines import count_line, legend, outlet_json, outlet_line
from cli.outlet_notes import print_checkup
from cli.press import as_item
from crawlers.extract import extract
from domain.agencies import read_register
from domain.clock import system_clock
from domain.codes import OutletKind, SourceState
from domain.errors import DiembaoError, SetAside, StorageError, UsageError, os_reason
from domain.health import Completeness
from domain.outlets import Outlet, OutletBook
from domain.periods import Window
from domain.periods import month as month_of
from domain.records import ExtractedArticle, RawPage
from domain.text import fold_for_search
from pipeline.fetch import fetch_page
from pipeline.health import check_now, check_stored, completeness_of, outlet_states
from pipeline.opening import watched_outlets
from reports.vietnamese import number

_OPTIONS = "[TÙY CHỌN]"
_KINDS = [kind.value for kind in OutletKind]
_STATES = [state.value for state in SourceState]
_LONGEST_SLUG = 60


@click.group(
    help="Các cơ quan báo chí, cổng thông tin đã khai báo: xem, khám, ghi trang mẫu.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def outlets() -> None:
    """The commands on declared outlets."""


@outlets.command("list", help="Liệt kê các khai báo; chưa có cơ sở dữ liệu vẫn chạy được.",
                 options_metavar=_OPTIONS)  # fmt: skip
@click.option("--kind", type=click.Choice(_KINDS), metavar="LOẠI",
              help=f"Chỉ loại này: {', '.join(_KINDS)}.")  # fmt: skip
@click.option("--state", type=click.Choice(_STATES), metavar="TÌNH_TRẠNG",
              help=f"Chỉ tình trạng này: {', '.join(_STATES)}.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def list_outlets(house: House, kind: str | None, state: str | None, as_json: bool) -> None:
    """Say what is declared, and what is known of each."""
    states = _known_states(house, needed=state is not None)
    chosen = [
        outlet
        for outlet in _declared(house)
        if kind in (None, outlet.kind.value) and state in (None, states.get(outlet.id))
    ]
    if as_json:
        items = [outlet_json(outlet, states) for outlet in chosen]
        click.echo(json.dumps(items, ensure_ascii=False, indent=1))
        return
    places = {
        place.id: place.official_name
        for place in read_register().provinces(datetime.now(UTC).date())
    }
    for outlet in chosen:
        click.echo(outlet_line(outlet, states, places))
    for line in legend(chosen):
        click.echo(line)
    click.echo(count_line(chosen))


@outlets.command(help="Ước lượng tối thiểu số bài mà các nguồn tin không nêu, theo tháng.",
                 options_metavar=_OPTIONS)  # fmt: skip
@click.option("--month", required=True, metavar="YYYY-MM", help="Tháng dương lịch.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def completeness(house: House, month: str, as_json: bool) -> None:
    """Say how many articles each outlet's lists missed, at least."""
    context = house.open()
    found = completeness_of(context, month_of(month, Window.LICH))
    if as_json:
        click.echo(json.dumps({key: asdict(one) for key, one in found.items()}, ensure_ascii=False))
        return
    for outlet_id, one in found.items():
        if one.seen:
            click.echo(f"{outlet_id}: {context.outlets[outlet_id].name} · {_missed(one)}")
    silent = sum(not one.seen for one in found.values())
    click.echo(
        f"Trong tháng này {number(silent)} cơ quan không có bài nào từ nguồn quan sát được: chưa "
        "theo dõi khi đó, hoặc nguồn không trả lời; xem bằng “diembao outlets check --stored”."
    )


def _missed(one: Completeness) -> str:
    seen = f"thấy {number(one.seen)} bài"
    if one.missed is None or one.missed_low is None or one.missed_high is None:
        return f"{seen}; không ước lượng được: {one.reason}"
    low, high = round(one.missed_low), round(one.missed_high)
    return (
        f"{seen}; sót ít nhất {number(round(one.missed))} bài "
        f"(khoảng tin cậy 95 %: {number(low)} đến {number(high)})"
    )


def _declared(house: House) -> OutletBook:
    """All declared outlets, those that the configuration does not watch included."""
    settings = house.settings()
    crawl = settings.crawl.model_copy(update={"outlets": ()})
    return watched_outlets(settings.model_copy(update={"crawl": crawl}))


def _known_states(house: House, *, needed: bool) -> Mapping[str, SourceState]:
    """The states as stored; without a database there are none, which is told on stderr."""
    try:
        return outlet_states(house.open())
    except StorageError as error:
        if needed:
            raise
        click.echo(f"Chưa biết tình trạng các nguồn: {error}", err=True)
        return {}


@outlets.command(
    help="Khám từng cơ quan: hỏi các nguồn ngay bây giờ, đọc một bài mới, nói cần làm gì tiếp.",
    options_metavar=_OPTIONS,
)
@click.argument("ids", nargs=-1, metavar="[MÃ]...")
@click.option("--stored", is_flag=True, help="Không hỏi, chỉ đọc những gì đã lưu.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def check(house: House, ids: tuple[str, ...], stored: bool, as_json: bool) -> None:
    """Write the doctor's notes."""
    context = house.open(create=not stored)
    if ids:
        # One that is declared but not watched can be looked at too.
        context = replace(context, outlets=_declared(house).only(ids))
    if not stored:
        click.echo(_patience(context.outlets), err=True)
    found = check_stored(context) if stored else check_now(context)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1, default=_as_text))
    else:
        print_checkup(found, context.outlets)
    if found.silent_hosts and not stored:
        # Nobody could be looked at: a script that asks must not take it for health.
        click.get_current_context().exit(1)


def _patience(asked: OutletBook) -> str:
    """What is being done, for a crawl of many outlets says nothing for minutes."""
    lists = sum(len(outlet.sources) for outlet in asked)
    return (
        f"Đang hỏi {number(lists)} nguồn của {number(len(asked))} cơ quan; có thể mất vài phút. "
        "Ctrl+C để dừng, những gì đã tải được giữ."
    )


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@outlets.command(
    help="Ghi một trang bài và các trường mong đợi thành một trường hợp kiểm thử để người sửa lại.",
    options_metavar=_OPTIONS,
)
@click.argument("url", metavar="ĐỊA_CHỈ")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(),
              metavar="THƯ_MỤC", show_default=True, help="Nơi ghi hai tệp.")  # fmt: skip
@click.option("--file", "saved", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="TỆP", help="Trang đã lưu sẵn, không tải từ mạng.")  # fmt: skip
@click.pass_obj
def record(house: House, url: str, out: Path, saved: Path | None) -> None:
    """Write the page and what is read of it."""
    book = _declared(house)
    outlet = book.of_address(url)
    if outlet is None:
        raise UsageError(
            f"Không có khai báo nào nhận địa chỉ {url}. Thêm tên miền "
            f"{urlsplit(url).hostname or url} vào một tệp khai báo trước (xem docs/outlets.md)."
        )
    name = f"{outlet.id}_{_slug(url)}"
    html, expected = out / f"{name}.html", out / f"{name}.expected.json"
    for path in (html, expected):
        if path.exists():
            raise UsageError(
                f"Đã có {path}, có thể đã được người sửa. Chọn thư mục khác bằng --out, "
                "hoặc xóa tệp cũ."
            )
    if saved is None:
        page = fetch_page(url, outlets=book, crawl=house.settings().crawl, clock=system_clock)
    else:
        page = _saved_page(url, saved)
    article, problem = _read(page, outlet)
    _write(html, page.body)
    said = json.dumps(as_item(article), ensure_ascii=False, indent=1)
    _write(expected, f"{said}\n".encode())
    click.echo(f"Trang: {html}\nCác trường: {expected}")
    if problem:
        click.echo(f"Chưa đọc được bài: {problem} Điền tay các trường trong {expected.name}.")
    else:
        click.echo(f"So {expected.name} với trang trong trình duyệt rồi sửa những trường sai.")


def _read(page: RawPage, outlet: Outlet) -> tuple[ExtractedArticle, str]:
    """The article of the page; one without any field, and why, where it cannot be read."""
    try:
        return extract(page, outlet=outlet), ""
    except SetAside as error:
        empty = ExtractedArticle(
            url=page.url, canonical_url=page.url, headline="", description="", body=""
        )
        return empty, str(error)


def _saved_page(url: str, saved: Path) -> RawPage:
    return RawPage(
        url=url,
        status=200,
        content_type="text/html",
        body=saved.read_bytes(),
        fetched_at=datetime.fromtimestamp(saved.stat().st_mtime, UTC),
    )


def _slug(url: str) -> str:
    """The end of an address as a file's name; what tells one article from another stands last.

    >>> _slug("https://bao.test/thoi-su/Mot-cua-100260820200357681.htm?x=1")
    'mot-cua-100260820200357681'
    >>> _slug("https://cong.test/Pages/tin.aspx?ItemID=57")
    'tin-itemid-57'
    """
    parts = urlsplit(url)
    last = re.sub(r"\.\w{1,5}$", "", parts.path.rstrip("/").rpartition("/")[2])
    # A number in the path tells articles apart; without one the query may.
    named = last if re.search(r"\d{3}", last) else f"{last} {parts.query}"
    return fold_for_search(named).replace(" ", "-")[-_LONGEST_SLUG:].strip("-") or "trang"


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise DiembaoError(
            f"Không ghi được {path}: {os_reason(error)}. Chọn thư mục khác bằng --out."
        ) from error
