"""The doctor's notes that `diembao outlets check` prints: the sick first, each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from domain.codes import SourceKind, SourceState
from domain.health import OutletHealth, PageCheck, SourceHealth
from domain.outlets import Outlet, OutletBook
from pipeline.health import Checkup
from reports.vietnamese import minute, number

STATE_NAMES = {
    SourceState.FAILING: "không lấy được",
    SourceState.BLOCKED: "bị chặn",
    SourceState.ROTTING: "đáng ngờ",
    SourceState.EMPTY: "trống",
    SourceState.UNOBSERVABLE: "không được phép tải",
    SourceState.QUIET: "im lặng",
    SourceState.NEW: "chưa hỏi",
    SourceState.OK: "bình thường",
}
#: In the order of the note: who needs a person first.
_SICK_FIRST = list(STATE_NAMES)
_WELL = frozenset({SourceState.OK, SourceState.QUIET, SourceState.NEW})
_KIND_NAMES = {
    SourceKind.FEED: "feed",
    SourceKind.SITEMAP: "sitemap",
    SourceKind.SECTION: "trang mục",
}
_FIELD_NAMES = {
    "headline": "tít",
    "description": "sapo",
    "body": "thân bài",
    "published": "giờ đăng",
    "authors": "tác giả",
}
_ORIGIN_NAMES = {
    "page_meta": "thẻ của trang",
    "page_text": "dòng giờ in trên trang",
    "feed": "nguồn tin",
    "url": "địa chỉ bài",
    "meta": "thẻ của trang",
    "title": "tên trang",
    "h1": "dòng tít in trên trang",
    "printed": "in trên trang",
    "body": "đoạn đầu thân bài",
    "signature": "chữ ký trong bài",
    "json-ld": "JSON-LD",
    "opengraph": "thẻ OpenGraph",
}
_NOTHING_TO_DO = "Không cần làm gì."
_NO_PAGE = (
    "chưa tải được trang bài nào (bị chặn, bị từ chối, quá lớn hoặc máy chủ lỗi); bài của cơ quan "
    "này mới có những gì nguồn tin ghi, thường là tít và sapo."
)
_SOURCES_SHOWN = 3
_HOSTS_SHOWN = 3
#: Of more outlets than this, those that need nobody are told in a line.
_TOLD_IN_FULL = 5


def print_checkup(found: Checkup, outlets: OutletBook) -> None:
    """Print the notes and a line that sums them up."""
    for line in _lines(found, outlets):
        click.echo(line)


def _lines(found: Checkup, outlets: OutletBook) -> Iterator[str]:
    if found.silent_hosts:
        yield from _no_network(found)
        return
    ordered = sorted(
        found.outlets, key=lambda health: _rank(health, found.pages.get(health.outlet_id))
    )
    brief = [health for health in ordered if _may_be_brief(health, found)]
    for health in ordered:
        if health not in brief:
            page = found.pages.get(health.outlet_id)
            yield from _note(outlets[health.outlet_id], health, page)
            yield ""
    yield from _brief(brief, outlets)
    if any(health.state not in _WELL for health in ordered):
        yield "Sửa xong một khai báo, chạy “diembao outlets check MÃ” để khám lại riêng cơ quan đó."
    yield _summary(found)


def _may_be_brief(health: OutletHealth, found: Checkup) -> bool:
    """Whether a line is enough: nothing is wrong, or nothing is known yet, and others are told."""
    if len(found.outlets) <= _TOLD_IN_FULL:
        return False
    if health.state is SourceState.NEW:
        return True
    alike = all(source.state in _WELL for source in health.sources)
    page = found.pages.get(health.outlet_id)
    return health.state is SourceState.OK and alike and page is not None and not _faulty(page)


def _brief(brief: Sequence[OutletHealth], outlets: OutletBook) -> Iterator[str]:
    new = [health.outlet_id for health in brief if health.state is SourceState.NEW]
    unasked = [outlet_id for outlet_id in new if outlets[outlet_id].sources]
    without = [outlet_id for outlet_id in new if not outlets[outlet_id].sources]
    if without:
        yield f"Chưa khai nguồn ({number(len(without))} cơ quan): {', '.join(without)}"
        yield (
            "  Làm gì: tìm trang tin của từng cơ quan rồi thêm [[sources]] vào tệp khai báo "
            "MÃ.toml (xem docs/outlets.md)."
        )
        yield ""
    if unasked:
        yield f"Chưa hỏi ({number(len(unasked))} cơ quan): {', '.join(unasked)}"
        yield "  Làm gì: chạy “diembao outlets check” để hỏi, hoặc “diembao run” để thu thập."
        yield ""
    well = [health for health in brief if health.state is SourceState.OK]
    for health in well:
        name = f"{outlets[health.outlet_id].name} ({health.outlet_id})"
        yield f"{name}: {STATE_NAMES[health.state]}. {' '.join(health.evidence)}"
    if well:
        yield ""


def _no_network(found: Checkup) -> Iterator[str]:
    hosts = found.silent_hosts
    shown = ", ".join(hosts[:_HOSTS_SHOWN]) + (", …" if len(hosts) > _HOSTS_SHOWN else "")
    yield (
        f"Không máy chủ nào trong {number(len(hosts))} máy chủ đã hỏi trả lời ({shown}): "
        "nhiều khả năng máy này chưa ra được mạng, không phải các báo hỏng."
    )
    yield (
        "Làm gì: kiểm tra mạng, máy chủ trung gian ([crawl] proxy trong tệp cấu hình) và "
        "tường lửa, rồi chạy lại “diembao outlets check”."
    )
    yield f"Tóm lại: chưa khám được cơ quan nào trong {number(len(found.outlets))} cơ quan."


def _rank(health: OutletHealth, page: PageCheck | None) -> tuple[int, int, str]:
    faulty = _faulty(page) or (page is None and health.state is SourceState.OK)
    state = _SICK_FIRST.index(health.state)
    # Well by its lists, but its newest article lacks something: before those that lack nothing.
    if health.state in _WELL and faulty:
        state = _SICK_FIRST.index(SourceState.QUIET)
    return state, 0 if faulty else 1, health.outlet_id


def _note(outlet: Outlet, health: OutletHealth, page: PageCheck | None) -> Iterator[str]:
    since = f" từ {minute(health.since)}" if health.since else ""
    stands = _stands(outlet, health, page)
    yield f"{outlet.name} ({outlet.id}): {stands}{since}"
    for sentence in health.evidence:
        yield f"  Thấy: {sentence}"
    if page is not None:
        yield f"  Bài mới nhất: {_page_words(page)}"
    elif health.state is SourceState.OK:
        yield f"  Bài mới nhất: {_NO_PAGE}"
    remedy = [*health.remedy, *_page_remedy(outlet, health, page)]
    if len(remedy) > 1 and _NOTHING_TO_DO in remedy:
        remedy.remove(_NOTHING_TO_DO)
    for sentence in remedy:
        yield f"  Làm gì: {sentence}"
    yield from _other_sources(health)


def _stands(outlet: Outlet, health: OutletHealth, page: PageCheck | None) -> str:
    """In a few words; lists that are well do not make an outlet well whose articles are unread."""
    if not outlet.sources:
        return "chưa khai nguồn"
    if health.state is not SourceState.OK or not (page is None or _faulty(page)):
        return STATE_NAMES[health.state]
    return "nguồn bình thường, " + ("chưa có trang bài" if page is None else "bài đọc chưa đủ")


def _other_sources(health: OutletHealth) -> Iterator[str]:
    """What is wrong with the other lists; those that stand as the outlet does are only counted."""
    alike = [source for source in health.sources[1:] if source.state is health.state]
    if health.state not in _WELL and alike:
        yield f"  Nguồn khác: {number(len(alike))} nguồn cũng {STATE_NAMES[health.state]}."
    wrong = [source for source in health.sources[1:] if source.state not in {*_WELL, health.state}]
    for source in wrong[:_SOURCES_SHOWN]:
        yield f"  Nguồn khác: {_source_words(source)}"
    if len(wrong) > _SOURCES_SHOWN:
        yield f"  … và {number(len(wrong) - _SOURCES_SHOWN)} nguồn nữa chưa ổn (xem --json)."


def _source_words(source: SourceHealth) -> str:
    return (
        f"{_KIND_NAMES[source.kind]} {source.url}, {STATE_NAMES[source.state]}. "
        f"{source.evidence} {source.remedy}"
    )


def _page_words(page: PageCheck) -> str:
    if page.problem:
        return f"tải lúc {minute(page.fetched_at)}, không đọc được. {page.problem}"
    by_origin: dict[str, list[str]] = {}
    for field in page.found:
        by_origin.setdefault(_origin(field.origin), []).append(_FIELD_NAMES[field.name])
    found = "; ".join(
        ", ".join(names) + (f" ({origin})" if origin else "") for origin, names in by_origin.items()
    )
    missing = ", ".join(_FIELD_NAMES[name] for name in page.missing)
    told = f"; thiếu: {missing}" if missing else ""
    return (
        f"“{page.headline}”, tải lúc {minute(page.fetched_at)}; đọc được: {found}{told}. {page.url}"
    )


def _page_remedy(outlet: Outlet, health: OutletHealth, page: PageCheck | None) -> Iterator[str]:
    if page is None and health.state is SourceState.OK:
        yield (
            f"Mở một bài của {outlet.name} trong trình duyệt. Nếu người xem cũng không mở được "
            "hoặc trang hỏi mã xác nhận thì chỉ có thể chờ hoặc hỏi tòa soạn; nếu mở được, chạy "
            f"“diembao crawl --outlet {outlet.id}” rồi khám lại."
        )
    elif page is not None and _faulty(page):
        yield (
            f"Mở {page.url} trong trình duyệt. Nếu người xem thấy đủ, chạy “diembao outlets record "
            f"{page.url}” rồi khai [[layouts]] trong tệp khai báo {outlet.id}.toml."
        )


def _faulty(page: PageCheck | None) -> bool:
    """Whether the newest page could not be read, or not whole."""
    return page is not None and bool(page.problem or page.missing)


def _origin(origin: str) -> str:
    if origin.startswith("layout:"):
        return "cách trình bày đã khai"
    return _ORIGIN_NAMES.get(origin, origin)


def _summary(found: Checkup) -> str:
    counted = Counter(health.state for health in found.outlets)
    states = ", ".join(
        f"{number(counted[state])} {name}" for state, name in STATE_NAMES.items() if counted[state]
    )
    lacking = sum(map(_faulty, found.pages.values()))
    told = f"; {number(lacking)} có bài mới nhất đọc chưa đủ" if lacking else ""
    pageless = sum(
        health.state is SourceState.OK and health.outlet_id not in found.pages
        for health in found.outlets
    )
    told += f"; {number(pageless)} chưa có trang bài nào" if pageless else ""
    return f"Tóm lại: {number(len(found.outlets))} cơ quan: {states or 'không có'}{told}."
