"""`diembao events`: the register of official events, which coverage is held against."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.event_notes import event_as_json, event_lines, judged
from cli.house import House
from cli.parameters import COLUMNS, DAY
from cli.row_notes import tell_errors, tell_remarks
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.events import EventState
from domain.periods import between
from domain.plans import read_plans
from pipeline.context import Context
from pipeline.events import correct_links, decide, import_events, link_events, propose_events
from reports.vietnamese import number
from storage.database import reading
from storage.event_links import linked_stories, read_links
from storage.events import ACCEPTED, list_events, must_exist

_OPTIONS = "[TÙY CHỌN]"
_STATES = {
    "proposed": EventState.PROPOSED,
    "confirmed": EventState.CONFIRMED,
    "rejected": EventState.REJECTED,
}
_SINCE = click.option("--from", "since", type=DAY, help="Từ ngày.")
_UNTIL = click.option("--to", "until", type=DAY, help="Đến hết ngày.")
_BY = click.option("--by", required=True, metavar="TÊN", help="Người quyết định.")
_NUMBERS = click.argument("ids", nargs=-1, type=int, metavar="[SỐ...]")
_ALL = click.option("--all", "everything", is_flag=True, help="Mọi sự kiện còn là đề xuất.")
_AGENCY = click.option("--agency", default="", metavar="MÃ", help="Cơ quan ban hành, ví dụ BNV.")
_FILE = click.Path(exists=True, path_type=Path, dir_okay=False)


@click.group(
    help="Sổ sự kiện chính thức: mẫu số của độ đầy đủ và kịp thời.",
    options_metavar=_OPTIONS,
    subcommand_metavar="LỆNH",
)
def events() -> None:
    """The commands on official events."""


@events.command("import", help="Nhập sự kiện từ tệp .csv, .xlsx, .jsonl; nhập lại không thêm gì.",
                options_metavar=_OPTIONS)  # fmt: skip
@click.argument("file", type=_FILE, metavar="TỆP")
@click.option("--map", "columns", type=COLUMNS, multiple=True, metavar="CỘT=MỤC",
              help="Cột nào là mục nào: title, agency, at, number, kind, areas, text.")  # fmt: skip
@click.option("--confirmed-by", default="", metavar="TÊN",
              help="Người này duyệt luôn các sự kiện được nhập.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Chỉ đọc và báo lỗi, không ghi gì.")
@click.pass_obj
def import_file(
    house: House, file: Path, columns: Sequence[tuple[str, str]], confirmed_by: str, dry_run: bool
) -> None:
    """Bring in a file; bad rows are named, good ones go in."""
    added = import_events(
        house.open(create=not dry_run), read_register(), file,
        told=dict(columns), confirmed_by=confirmed_by, dry_run=dry_run,
    )  # fmt: skip
    tell_errors(added.errors, added.unused)
    tell_remarks([*added.repeated, *added.remarks])
    verb = "Sẽ thêm" if dry_run else "Đã thêm"
    repeated = f"{number(len(added.repeated))} dòng trùng trong tệp; " if added.repeated else ""
    click.echo(
        f"{verb} {number(added.new)} sự kiện; {number(added.known)} đã có trong sổ; {repeated}"
        f"{number(len({error.number for error in added.errors}))} dòng có lỗi."
    )
    if added.new and not dry_run:
        to_confirm = "" if confirmed_by else "duyệt bằng “diembao events confirm”, rồi "
        click.echo(f"Còn phải {to_confirm}nối với báo chí bằng “diembao events link”.")
    if added.errors:
        sys.exit(1)


@events.command("list", help="Liệt kê sự kiện, cũ trước mới sau.", options_metavar=_OPTIONS)
@click.option("--state", type=click.Choice(list(_STATES)), metavar="TÌNH_TRẠNG",
              help="proposed: chưa duyệt; confirmed: đã duyệt; rejected: đã bỏ.")  # fmt: skip
@_AGENCY
@_SINCE
@_UNTIL
@click.option("--json", "as_json", is_flag=True, help="In JSON cho máy đọc.")
@click.pass_obj
def list_register(
    house: House,
    state: str | None,
    agency: str,
    since: date | None,
    until: date | None,
    as_json: bool,
) -> None:
    """Print the events that answer the question, with the stories that report them."""
    context = house.open()
    register = read_register()
    start, end = _bounds(since, until)
    with reading(context.engine) as connection:
        found = list_events(
            connection, since=start, until=end,
            agency=register.get(agency).id if agency else None,
            state=_STATES[state] if state else None,
        )  # fmt: skip
        links = read_links(connection, [event.id for event in found])
    stories: dict[int, list[int]] = {event.id: [] for event in found}
    for link in links:
        if link.score >= ACCEPTED:
            stories[link.event_id].append(link.story_id)
    if as_json:
        items = [event_as_json(event, stories[event.id]) for event in found]
        click.echo(json.dumps(items, ensure_ascii=False, indent=1))
        return
    for event in found:
        click.echo(event_lines(event, len(stories[event.id]), register))
    click.echo(f"{number(len(found))} sự kiện.")


@events.command(help="In một sự kiện và các câu chuyện báo chí được nối, kèm căn cứ.",
                options_metavar=_OPTIONS)  # fmt: skip
@click.argument("event_id", type=int, metavar="SỐ")
@click.pass_obj
def show(house: House, event_id: int) -> None:
    """Print an event with the links that a person may attach or detach."""
    with reading(house.open().engine) as connection:
        must_exist(connection, [event_id])
        (event,) = list_events(connection, ids=[event_id])
        linked = linked_stories(connection, event_id)
    counted = sum(each.link.score >= ACCEPTED for each in linked)
    click.echo(event_lines(event, counted, read_register()))
    for each in linked:
        click.echo(
            f"\n{each.headline}\n  {each.outlet_name}, {each.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
            f"\n  {judged(each)}\n  {each.url}"
        )


@events.command(help="Đề xuất sự kiện từ tin cải cách trên cổng thông tin và từ mốc của kế hoạch.",
                options_metavar=_OPTIONS)  # fmt: skip
@_SINCE
@_UNTIL
@click.pass_obj
def propose(house: House, since: date | None, until: date | None) -> None:
    """Propose events; a person confirms them."""
    start, end = _bounds(since, until)
    context = house.open()
    done = propose_events(context, read_register(), _plans(context), since=start, until=end)
    click.echo(
        f"Đề xuất {number(done.releases.new)} tin trên cổng thông tin, "
        f"{number(done.milestones.new)} mốc của kế hoạch."
    )
    if done.undated:
        click.echo(f"{number(done.undated)} tin trên cổng không rõ ngày nên không thành sự kiện.")
    click.echo(
        "Xem bằng “diembao events list --state proposed”, duyệt bằng “diembao events confirm”."
    )


def _plans(context: Context) -> Any:
    return read_plans(context.own_plans)


@events.command(help="Duyệt sự kiện theo số, hoặc mọi đề xuất (--all) của một cơ quan, một kỳ.",
                options_metavar=_OPTIONS)  # fmt: skip
@_NUMBERS
@_ALL
@_AGENCY
@_SINCE
@_UNTIL
@_BY
@click.pass_obj
def confirm(house: House, /, ids: tuple[int, ...], by: str, **asked: Any) -> None:
    """Confirm events."""
    changed = _decide(house, ids, EventState.CONFIRMED, by=by, **asked)
    click.echo(f"Đã duyệt {number(changed)} sự kiện.")


@events.command(help="Bỏ sự kiện theo số, hoặc mọi đề xuất (--all); đề xuất lại không đưa về.",
                options_metavar=_OPTIONS)  # fmt: skip
@_NUMBERS
@_ALL
@_AGENCY
@_SINCE
@_UNTIL
@_BY
@click.pass_obj
def reject(house: House, /, ids: tuple[int, ...], by: str, **asked: Any) -> None:
    """Reject events."""
    changed = _decide(house, ids, EventState.REJECTED, by=by, **asked)
    click.echo(f"Đã bỏ {number(changed)} sự kiện.")


def _decide(
    house: House,
    ids: tuple[int, ...],
    state: EventState,
    *,
    by: str,
    everything: bool,
    agency: str,
    since: date | None,
    until: date | None,
) -> int:
    if bool(ids) == everything or (ids and (agency or since or until)):
        raise click.UsageError("Ghi các số sự kiện, hoặc --all kèm --agency, --from, --to.")
    context = house.open()
    if everything:
        start, end = _bounds(since, until)
        issuer = read_register().get(agency).id if agency else None
        with reading(context.engine) as connection:
            proposed = list_events(
                connection, since=start, until=end, agency=issuer, state=EventState.PROPOSED
            )
        ids = tuple(event.id for event in proposed)
    return decide(context, ids, state, by=by) if ids else 0


@events.command(help="Nối lại sự kiện với các câu chuyện báo chí; quyết định của người vẫn giữ.",
                options_metavar=_OPTIONS)  # fmt: skip
@_SINCE
@_UNTIL
@click.pass_obj
def link(house: House, since: date | None, until: date | None) -> None:
    """Link events to stories."""
    # What compares texts loads slowly, and no other command here needs it.
    from nlp.event_links import link as link_by_text

    start, end = _bounds(since, until)
    done = link_events(house.open(), link_by_text, since=start, until=end)
    click.echo(f"Đã xét {number(done.events)} sự kiện, giữ {number(done.links)} mối nối.")


@events.command(help="Ghi nhận: các bài này (địa chỉ hoặc số) nói về sự kiện.",
                options_metavar=_OPTIONS)  # fmt: skip
@click.argument("event", type=int, metavar="SỐ")
@click.argument("articles", nargs=-1, required=True, metavar="BÀI...")
@_BY
@click.pass_obj
def attach(house: House, event: int, articles: tuple[str, ...], by: str) -> None:
    """Say that articles report an event."""
    told = correct_links(house.open(), event, articles, reports=True, by=by)
    click.echo(f"Đã nối {number(told)} bài với sự kiện {event}.")


@events.command(help="Ghi nhận: các bài này (địa chỉ hoặc số) không nói về sự kiện.",
                options_metavar=_OPTIONS)  # fmt: skip
@click.argument("event", type=int, metavar="SỐ")
@click.argument("articles", nargs=-1, required=True, metavar="BÀI...")
@_BY
@click.pass_obj
def detach(house: House, event: int, articles: tuple[str, ...], by: str) -> None:
    """Say that articles do not report an event."""
    told = correct_links(house.open(), event, articles, reports=False, by=by)
    click.echo(f"Đã gỡ {number(told)} bài khỏi sự kiện {event}.")


def _bounds(since: date | None, until: date | None) -> tuple[Any, Any]:
    if since and until:
        return between(since, until).bounds()
    start = between(since, since).bounds()[0] if since else None
    end = between(until, until).bounds()[1] if until else None
    return start, end
