"""Events and the stories that report them: what speaks for a link, and that all pairs are found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.errors import UsageError
from domain.events import EventKind, EventLink, OfficialEvent, StoryText
from nlp.documents import document_numbers
from nlp.event_links import link, load_link_model

NOON = datetime(2026, 7, 1, 12, tzinfo=VIETNAM)
DAY = timedelta(days=1)
EVENT = OfficialEvent(
    id=7,
    kind=EventKind.DOCUMENT,
    agency_id="BNV",
    title="Quyết định phê duyệt Kế hoạch tuyên truyền cải cách hành chính năm 2026",
    at=NOON,
    precision=DatePrecision.MINUTE,
    number="82/QĐ-BNV",
    text="Bộ Nội vụ ban hành Kế hoạch tuyên truyền cải cách hành chính năm 2026 nhằm nâng cao nhận "
    "thức của cán bộ, công chức và người dân về cải cách hành chính nhà nước.",
)


def story(number: int, headline: str, text: str = "", after: timedelta = DAY, focus: str = "BNV"):
    return StoryText(
        id=number,
        headline=headline,
        text=text,
        at=NOON + after,
        precision=DatePrecision.MINUTE,
        focus=tuple(focus.split()),
    )


def linked(*stories: StoryText, event: OfficialEvent = EVENT) -> dict[int, float]:
    return {each.story_id: each.score for each in link([event], stories)}


SPELLINGS = [
    "82/QĐ-BNV", "82/QD-BNV", "số 82 /QĐ–BNV", "82/qđ-bnv", "82/QÐ-BNV", "082/QĐ-BNV",
    "82/2026/QĐ-BNV", "82-QĐ/BNV", "Quyết định 82", "Quyết định số 82 ngày 1/7",
]  # fmt: skip


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_number_in_every_spelling_links(written: str) -> None:
    told = story(1, "Kế hoạch tuyên truyền năm 2026", f"Theo {written} của Bộ Nội vụ, báo chí.")
    (found,) = link([EVENT], [told])
    assert found.score >= 0.5 and found.evidence["number"] == "82/QĐ-BNV"


@pytest.mark.parametrize(
    "written", ["83/QĐ-BNV", "82/QĐ-BTC", "82/NQ-BNV", "182/QĐ-BNV", "Nghị định 82", "820/QĐ-BNV"]
)
def test_another_number_does_not(written: str) -> None:
    told = story(1, "Việc khác hẳn", f"Theo {written}, giá vé tăng.", focus="")
    assert linked(told) == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Nghị định số 238/2025/NĐ-CP", [("238", "nd", "2025", "cp")]),
        ("Kết luận số 126-KL/TW", [("126", "kl", "", "tw")]),
        ("Nghị quyết 1664/NQ-UBTVQH15", [("1664", "nq", "", "ubtvqh15")]),
        ("Nghị quyết 202/2025/QH15", [("202", "", "2025", "qh15")]),
        ("Thông tư 19/2025/TT-BGDĐT", [("19", "tt", "2025", "bgddt")]),
        ("Kế hoạch 5 năm, kế hoạch 3 tháng", []),
        ("", []),
        ("Nghị định số 237 sửa đổi Nghị định số 105/2012",
         [("237", "nd", "", ""), ("105", "nd", "2012", "")]),
    ],
)  # fmt: skip
def test_numbers_of_documents(text: str, numbers: list[tuple[str, ...]]) -> None:
    found = [(each.number, each.kind, each.year, each.by) for each in document_numbers(text)]
    assert found == numbers


def test_a_number_that_only_the_release_prints_is_shown_as_it_prints_it() -> None:
    event = replace(EVENT, number="", text="Bộ trưởng ký Quyết định số 82/QĐ-BNV. " + EVENT.text)
    (found,) = link([event], [story(1, "Quyết định 82/QĐ-BNV về tuyên truyền")])
    assert found.evidence["number"] == "82/QĐ-BNV"


def test_a_release_reprinted_links_by_its_words_alone() -> None:
    event = replace(EVENT, number="", title="Kế hoạch tuyên truyền cải cách hành chính năm 2026")
    told = story(1, "Kế hoạch tuyên truyền cải cách hành chính năm 2026", EVENT.text)
    (found,) = link([event], [told])
    assert found.score >= 0.5
    assert found.evidence["reuse"] == 1.0 and found.evidence["agency"] == "BNV"
    assert "number" not in found.evidence


@pytest.mark.parametrize(
    "told",
    [
        story(1, "Mưa lớn, nhiều tuyến phố ngập sâu", focus=""),
        story(1, "Bộ Nội vụ trình dự án Luật Lưu trữ sửa đổi"),
        story(1, "", "", focus=""),
        story(1, EVENT.title, "Theo Quyết định 82/QĐ-BNV.", after=40 * DAY),
        story(1, EVENT.title, "Theo Quyết định 82/QĐ-BNV.", after=-5 * DAY),
    ],
    ids=["another thing", "another thing of the agency", "nothing", "too late", "too early"],
)
def test_what_reports_something_else_has_no_sure_link(told: StoryText) -> None:
    assert all(score < 0.5 for score in linked(told).values())


def test_links_do_not_depend_on_order_or_batch() -> None:
    stories = [
        story(n, f"Kế hoạch tuyên truyền số {n}", f"Theo Quyết định {80 + n}/QĐ-BNV, việc {n}.")
        for n in range(1, 6)
    ]
    events = [replace(EVENT, id=n, number=f"{80 + n}/QĐ-BNV") for n in range(1, 6)]

    def all_of(links: list[EventLink]) -> list[tuple[int, int, float]]:
        return [(each.event_id, each.story_id, each.score) for each in links]

    whole = all_of(link(events, stories))
    assert whole == all_of(link(events[::-1], stories[::-1]))
    assert whole == sorted(each for event in events for each in all_of(link([event], stories)))
    assert {(event, story) for event, story, score in whole if score >= 0.5} >= {
        (n, n) for n in range(1, 6)
    }


def test_nothing_gives_nothing() -> None:
    assert link([], []) == link([EVENT], []) == link([], [story(1, "Tin")]) == []


def test_the_shipped_weights_are_of_the_shipped_labels() -> None:
    labels = Path(__file__).parents[1] / "nlp" / "labels" / "event-stories.jsonl"
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    assert all(set(row) == {"event", "story", "reports"} for row in rows)
    assert len({(row["event"], row["story"]) for row in rows}) == len(rows) >= 150
    assert load_link_model().version


@pytest.mark.parametrize("text", ["", "{}", '{"weights": {}}'])
def test_damaged_weights_say_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.json").write_text(text)
    with pytest.raises(UsageError, match="Cài lại chương trình"):
        load_link_model(tmp_path / "w.json")
