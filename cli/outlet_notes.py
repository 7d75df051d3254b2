"""The doctor's notes that `diembao outlets check` prints: the sick first, each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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
_SOURCES_SHOWN = 3
_HOSTS_SHOWN = 3


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
    for health in ordered:
        yield from _note(outlets[health.outlet_id], health, found.pages.get(health.outlet_id))
        yield ""
    yield _summary(found)


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
    faulty = page is not None and bool(page.problem or page.missing)
    state = _SICK_FIRST.index(health.state)
    # Well by its lists, but its newest article lacks something: before those that lack nothing.
    if health.state in _WELL and faulty:
        state = _SICK_FIRST.index(SourceState.QUIET)
    return state, 0 if faulty else 1, health.outlet_id


def _note(outlet: Outlet, health: OutletHealth, page: PageCheck | None) -> Iterator[str]:
    since = f" từ {minute(health.since)}" if health.since else ""
    stands = STATE_NAMES[health.state] if outlet.sources else "chưa khai nguồn"
    yield f"{outlet.name} ({outlet.id}): {stands}{since}"
    for sentence in health.evidence:
        yield f"  Thấy: {sentence}"
    if page is not None:
        yield f"  Bài mới nhất: {_page_words(page)}"
    for sentence in (*health.remedy, *_page_remedy(outlet, page)):
        yield f"  Làm gì: {sentence}"
    yield from _other_sources(health)


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
    found = ", ".join(
        _FIELD_NAMES[field.name] + (f" ({_origin(field.origin)})" if field.origin else "")
        for field in page.found
    )
    missing = ", ".join(_FIELD_NAMES[name] for name in page.missing)
    told = f"; thiếu: {missing}" if missing else ""
    return (
        f"“{page.headline}”, tải lúc {minute(page.fetched_at)}; đọc được: {found}{told}. {page.url}"
    )


def _page_remedy(outlet: Outlet, page: PageCheck | None) -> Iterator[str]:
    if page is not None and (page.problem or page.missing):
        yield (
            f"Mở {page.url} trong trình duyệt. Nếu người xem thấy đủ, chạy “diembao outlets record "
            f"{page.url}” rồi khai [[layouts]] trong tệp khai báo {outlet.id}.toml."
        )


def _origin(origin: str) -> str:
    if origin.startswith("layout:"):
        return "cách trình bày đã khai"
    return _ORIGIN_NAMES.get(origin, origin)


def _summary(found: Checkup) -> str:
    counted = Counter(health.state for health in found.outlets)
    states = ", ".join(
        f"{number(counted[state])} {name}" for state, name in STATE_NAMES.items() if counted[state]
    )
    lacking = sum(bool(page.problem or page.missing) for page in found.pages.values())
    told = f"; {number(lacking)} có bài mới nhất đọc chưa đủ" if lacking else ""
    return f"Tóm lại: {number(len(found.outlets))} cơ quan: {states or 'không có'}{told}."
