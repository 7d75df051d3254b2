"""The lines that `diembao outlets list` prints: what is declared, and what its words mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cli.outlet_notes import STATE_NAMES
from domain.codes import OUTLET_KIND_NAMES, Certainty, Level, SourceState
from domain.outlets import Outlet
from reports.vietnamese import number

CERTAINTY_NAMES = {
    Certainty.SEEN_WORKING: "thấy chạy",
    Certainty.SEEN_IN_CODE: "thấy trong mã",
    Certainty.GUESSED: "đoán",
}


def outlet_line(
    outlet: Outlet, states: Mapping[str, SourceState], places: Mapping[str, str]
) -> str:
    """What is declared of an outlet, and how it stands where that is known."""
    where = places.get(outlet.province, outlet.province) if outlet.province else "toàn quốc"
    counted = Counter(source.certainty for source in outlet.sources)
    sources = ", ".join(
        f"{number(counted[sure])} {name}" for sure, name in CERTAINTY_NAMES.items() if counted[sure]
    )
    parts = [
        f"{outlet.id}: {outlet.name}",
        OUTLET_KIND_NAMES[outlet.kind],
        "trung ương" if outlet.level is Level.NATIONAL else "địa phương",
        where,
        f"nguồn: {sources or 'chưa có'}",
        "cách trình bày đã kiểm" if outlet.layouts else "đọc theo cách chung",
    ]
    if outlet.id in states:
        parts.append(STATE_NAMES[states[outlet.id]])
    return " · ".join(parts)


def legend(chosen: Sequence[Outlet]) -> Iterator[str]:
    """What the words of the lines mean, and what to do about them."""
    sure = {source.certainty for outlet in chosen for source in outlet.sources}
    if sure - {Certainty.SEEN_WORKING}:
        yield (
            "“đoán”, “thấy trong mã”: địa chỉ chưa ai thấy chạy; hỏi thử bằng "
            "“diembao outlets check MÃ”."
        )
    if any(not outlet.sources for outlet in chosen):
        yield (
            "“chưa có”: tìm trang tin rồi thêm [[sources]] vào tệp khai báo MÃ.toml "
            "(xem docs/outlets.md)."
        )
    if any(not outlet.layouts for outlet in chosen):
        yield (
            "“đọc theo cách chung”: chưa khai [[layouts]]; nếu bài đọc ra thiếu, lấy một bài làm "
            "mẫu bằng “diembao outlets record ĐỊA_CHỈ”."
        )


def count_line(chosen: Sequence[Outlet]) -> str:
    """How many outlets there are, and how many of them are proven."""
    working = sum(
        any(source.certainty is Certainty.SEEN_WORKING for source in outlet.sources)
        for outlet in chosen
    )
    proven = sum(bool(outlet.layouts) for outlet in chosen)
    without = sum(not outlet.sources for outlet in chosen)
    return (
        f"Cộng: {number(len(chosen))} cơ quan; {number(working)} có nguồn thấy chạy; "
        f"{number(proven)} có cách trình bày đã kiểm; {number(without)} chưa có nguồn."
    )


def outlet_json(outlet: Outlet, states: Mapping[str, SourceState]) -> dict[str, object]:
    """The same for a machine."""
    counted = Counter(source.certainty.value for source in outlet.sources)
    return {
        "id": outlet.id,
        "name": outlet.name,
        "kind": outlet.kind,
        "level": outlet.level,
        "province": outlet.province,
        "agency": outlet.agency,
        "governing_body": outlet.governing_body,
        "domains": [domain.host for domain in outlet.domains],
        "sources": {sure.value: counted[sure.value] for sure in Certainty},
        "layout": "proven" if outlet.layouts else "generic",
        "state": states.get(outlet.id),
    }
