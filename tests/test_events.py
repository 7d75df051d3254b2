"""The register of official events: brought in, proposed, decided, linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from domain.agencies import AgencyRegister, read_register
from domain.codes import Area, DatePrecision
from domain.errors import UsageError
from domain.events import (
    EventKind,
    EventLink,
    EventOrigin,
    EventState,
    OfficialEvent,
    StoryText,
)
from domain.plans import parse_plan, shipped_plan_text
from pipeline.context import Context
from pipeline.event_file import AgencyNames
from pipeline.events import (
    Added,
    correct_links,
    decide,
    import_events,
    link_events,
    propose_events,
)
from storage.database import reading
from storage.event_links import linked_stories, read_links
from storage.events import add_events, event_rows, list_events
from storage.tables import events
from tests.stored_press import DAY, NOW, WEEK, as_one_story, open_house, put


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


@pytest.fixture
def house(tmp_path: Path) -> Context:
    return open_house(tmp_path)


def event(title: str = "Công bố Chỉ số", **changes) -> OfficialEvent:
    values = {"kind": EventKind.SESSION, "agency_id": "BNV", "title": title, "at": DAY}
    return OfficialEvent(**(values | changes))


def add(house: Context, *new: OfficialEvent) -> list[int]:
    with house.engine.begin() as connection:
        return add_events(connection, new, now=NOW)


def register_of(house: Context, **asked) -> list[OfficialEvent]:
    with reading(house.engine) as connection:
        return list_events(connection, **asked)


def rows(house: Context) -> dict[int, tuple[int, ...]]:
    with reading(house.engine) as connection:
        return {row.event.id: row.stories for row in event_rows(connection, *WEEK)}


CSV = """Danh mục sự kiện tháng 7,,,,
Cơ quan,Ngày ban hành,"Số, ký hiệu",Trích yếu,Lĩnh vực
Bộ Nội vụ,03/07/2026,82/QĐ-BNV,Phê duyệt kế hoạch,"Chỉ đạo, điều hành; so"
UBND tỉnh Lào Cai,2026-07-05,,Họp báo quý II,
"""


def write(tmp_path: Path, text: str, name: str = "su-kien.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_comes_in_once(tmp_path, house, register):
    path = write(tmp_path, CSV)
    first = import_events(house, register, path, told={})
    second = import_events(house, register, path, told={})
    assert (first.new, first.errors) == (2, ())
    assert (second.new, second.known) == (0, 2)
    decision, session = register_of(house)
    assert (decision.agency_id, decision.number, decision.kind) == (
        "BNV", "82/QĐ-BNV", EventKind.DOCUMENT,
    )  # fmt: skip
    assert decision.areas == (Area.CHI_DAO, Area.SO)
    assert (decision.at, decision.precision) == (DAY, DatePrecision.DAY)
    assert (session.agency_id, session.kind) == ("P34:lao_cai", EventKind.SESSION)
    assert decision.state is EventState.PROPOSED


def test_a_spreadsheet_says_the_same(tmp_path, house, register):
    book = Workbook()
    book.active.append(["Cơ quan", "Ngày", "Tiêu đề"])
    book.active.append(["BNV", DAY.replace(tzinfo=None), "Họp báo"])
    book.active.append([None, None, None])
    book.active.append(["BNV", DAY.replace(hour=8, minute=30, tzinfo=None), "Hội nghị trực tuyến"])
    book.save(tmp_path / "su-kien.xlsx")
    added = import_events(house, register, tmp_path / "su-kien.xlsx", told={})
    assert (added.new, added.errors) == (2, ())
    assert [each.precision for each in register_of(house)] == [
        DatePrecision.DAY, DatePrecision.MINUTE,
    ]  # fmt: skip


def test_a_trial_reads_and_writes_nothing(tmp_path, house, register):
    added = import_events(house, register, write(tmp_path, CSV), told={}, dry_run=True)
    assert added.new == 2
    assert register_of(house) == []


def test_who_brings_in_may_confirm_at_once(tmp_path, house, register):
    import_events(house, register, write(tmp_path, CSV), told={}, confirmed_by="Lan")
    assert {(each.state, each.decided_by) for each in register_of(house)} == {
        (EventState.CONFIRMED, "Lan")
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("BNV,,,Họp báo,", "Dòng 3, cột “Ngày ban hành”: để trống"),
        ("BNV,hôm qua,,Họp báo,", "Dòng 3, cột “Ngày ban hành”: “hôm qua” không đúng cách ghi"),
        ("BNV,3 giờ trước,,Họp báo,", "Ghi ngày/tháng/năm như 28/07/2026"),
        ("BNV,07/28/2026,,Họp báo,", "cột “Ngày ban hành”: không có ngày 7 tháng 28 năm 2026. Ghi"),
        ("BNV,7/28/2026 6:44:00 PM,,Họp báo,", "không đúng cách ghi ngày"),
        ("BNV,31/02/2026,,Họp báo,", "không có ngày 31 tháng 2 năm 2026"),
        ("BNV,03/07/2026 25:00,,Họp báo,", "không có giờ như trong “03/07/2026 25:00”"),
        ("BNV,07/2026,,Họp báo,", "không đúng cách ghi ngày"),
        ("BNV,21/08/2027,,Họp báo,", "“21/08/2027” quá xa: chỉ nhận sự kiện trong 13 tháng tới"),
        ("BNV,03/07/2026,,,", "Dòng 3, cột “Trích yếu”: để trống"),
        ("Bộ Nội vu A,03/07/2026,,Họp,", "Có phải “Bộ Nội vụ”?"),
        ("Bộ Thông tin và Truyền thông,03/07/2026,,Họp,", "không tồn tại vào ngày 03/07/2026"),
        ("BNV,03/07/2026,,Họp báo,đất đai", "Dòng 3, cột “Lĩnh vực”: Không có lĩnh vực “đất đai”"),
        ("BNV,03/07/2026,,Họp báo,,thừa", "Dòng 3: có 6 ô"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_go_in(tmp_path, house, register, row, said):
    head, good = CSV.split("\n", 2)[:2], CSV.split("\n")[2]
    path = write(tmp_path, "\n".join([head[1], good, row, "TTCP,06/07/2026,,Kết luận thanh tra,"]))
    added = import_events(house, register, path, told={})
    assert added.new == 2
    assert [said in str(error) for error in added.errors] == [True], added.errors


def test_an_event_may_be_announced_thirteen_months_ahead(tmp_path, house, register):
    path = write(tmp_path, "Cơ quan,Ngày,Tiêu đề\nBNV,20/08/2027,Họp báo\n")
    assert import_events(house, register, path, told={}).new == 1


@pytest.mark.parametrize("dry_run", [True, False])
def test_rows_that_repeat_one_another_are_named_and_counted_apart(
    tmp_path, house, register, dry_run
):
    again = "BNV,06/07/2026,82/qđ-bnv,Ban hành kế hoạch,\n"
    path = write(tmp_path, CSV + again)
    added = import_events(house, register, path, told={}, dry_run=dry_run)
    assert (added.new, added.known, len(added.repeated)) == (2, 0, 1)
    assert added.repeated[0].startswith("Dòng 5: trùng với dòng 3 ")
    import_events(house, register, path, told={})
    added = import_events(house, register, path, told={}, dry_run=dry_run)
    assert (added.new, added.known, len(added.repeated)) == (0, 2, 1)


def test_the_kind_taken_where_none_is_written_is_said(tmp_path, house, register):
    path = write(tmp_path, CSV + "BNV,06/07/2026,,Họp báo,\n")
    said = import_events(house, register, path, told={}).remarks
    assert [each.partition(" (")[0] for each in said] == [
        "Dòng 3: không ghi loại, coi là văn bản",
        "Dòng 4, 5: không ghi loại, coi là hội nghị, phiên họp",
    ]
    path = write(tmp_path, "Cơ quan,Ngày,Tiêu đề,Loại\nBNV,07/07/2026,Họp báo,họp báo\n")
    assert import_events(house, register, path, told={}).remarks == ()


def test_a_file_without_the_needed_columns_says_which(tmp_path, house, register):
    path = write(tmp_path, "Tên việc,Đơn vị,Lúc nào\nHọp báo,BNV,03/07/2026\n")
    with pytest.raises(UsageError, match=r"thiếu cột: title.*; at .*Lúc nào.*--map"):
        import_events(house, register, path, told={})
    told = {"Tên việc": "title", "Lúc nào": "at"}
    assert import_events(house, register, path, told=told).new == 1


@pytest.mark.parametrize(
    ("written", "day", "meant"),
    [
        ("BNV", date(2026, 7, 1), "BNV"),
        ("bộ nội vụ", date(2026, 7, 1), "BNV"),
        ("UBND thành phố Huế", date(2026, 7, 1), "P34:hue"),
        ("Ủy ban nhân dân tỉnh Hà Giang", date(2024, 7, 1), "P63:ha_giang"),
    ],
)
def test_agencies_as_people_write_them(register, written, day, meant):
    assert AgencyNames(register).find(written, day) == meant


def test_the_same_event_told_twice_is_one(house):
    told = [
        event("Phê duyệt kế hoạch", number="82/QĐ-BNV"),
        event("Phê duyệt Kế hoạch tuyên truyền", number="82/qđ-bnv", at=DAY + timedelta(days=1)),
        event("Họp báo"),
        event("HỌP BÁO", at=DAY + timedelta(hours=3)),
        event("Họp báo", agency_id="BTC"),
        event("Phê duyệt kế hoạch", number="82/QĐ-BNV", at=DAY - timedelta(days=365)),
    ]
    assert [bool(number) for number in add(house, *told)] == [True, False, True, False, True, True]


def test_releases_on_portals_are_proposed_once(house, register):
    release = put(house, 1, "cong_bnv")
    put(house, 2, "cong_bnv", relevant=False)
    put(house, 3, "cong_bnv", at=None)
    put(house, 4, "bao_mot")
    first, second = propose_events(house, register, []), propose_events(house, register, [])
    assert (first.releases, first.undated) == (Added(new=1, known=0), 1)
    assert second.releases.new == 0
    (found,) = register_of(house)
    assert (found.agency_id, found.article_id, found.areas) == ("BNV", release, (Area.SO,))
    assert (found.kind, found.origin, found.state) == (
        EventKind.RELEASE, EventOrigin.PORTAL, EventState.PROPOSED,
    )  # fmt: skip


def test_a_rejected_release_does_not_come_back(house, register):
    put(house, 1, "cong_bnv")
    propose_events(house, register, [])
    (found,) = register_of(house)
    decide(house, [found.id], EventState.REJECTED, by="Lan")
    propose_events(house, register, [])
    (kept,) = register_of(house)
    assert (kept.state, kept.decided_by, kept.decided_at) == (EventState.REJECTED, "Lan", NOW)
    assert rows(house) == {}


def test_milestones_of_a_plan_are_proposed(house, register):
    text = shipped_plan_text("bnv-2025") + (
        '\n[[milestones]]\nid = "moc-1"\nday = 2026-07-03\nagency = "BNV"\ntitle = "Công bố"\n'
    )
    plan = parse_plan(text, "bnv-2025.toml")
    assert propose_events(house, register, [plan]).milestones.new == 1
    assert propose_events(house, register, [plan]).milestones.new == 0
    assert register_of(house)[0].plan_item == "bnv-2025/moc-1"
    wrong = parse_plan(text.replace('agency = "BNV"', 'agency = "BNVV"'), "bnv-2025.toml")
    with pytest.raises(UsageError, match=r"Kế hoạch bnv-2025, mốc moc-1: .*“BNVV”. Có phải"):
        propose_events(house, register, [wrong])


def test_deciding_an_unknown_number_changes_nothing(house):
    (number,) = add(house, event())
    with pytest.raises(UsageError, match="Không có sự kiện số 999"):
        decide(house, [number, 999], EventState.CONFIRMED, by="Lan")
    assert register_of(house)[0].state is EventState.PROPOSED
    assert decide(house, [number], EventState.CONFIRMED, by="Lan") == 1
    assert decide(house, [number], EventState.CONFIRMED, by="Hoa") == 0
    assert register_of(house)[0].decided_by == "Lan"


def every_story(events: Sequence[OfficialEvent], stories: Sequence[StoryText]) -> list[EventLink]:
    """A stand-in that says of every story that it surely reports every event."""
    return [
        EventLink(event_id=event.id, story_id=story.id, score=0.9, evidence={"title": 0.9})
        for event in events
        for story in stories
    ]


def no_story(events: Sequence[OfficialEvent], stories: Sequence[StoryText]) -> list[EventLink]:
    return []


def test_press_stories_are_compared_and_no_others(house):
    (number,) = add(house, event())
    story = put(house, 1)
    for other, outlet_id in ((2, "cong_bnv"), (3, "tong_hop")):
        put(house, other, outlet_id)
    put(house, 4, relevant=False)
    put(house, 5, at=DAY + timedelta(days=40))
    link_events(house, every_story)
    assert rows(house) == {number: (story,)}


def test_a_release_that_the_press_repeats_is_linked_without_comparing(house, register):
    release, other = put(house, 1, "cong_bnv"), put(house, 2, "cong_bnv")
    story = as_one_story(house, release, put(house, 3), put(house, 4, "bao_hai"))
    as_one_story(house, other, put(house, 5, "tong_hop"), put(house, 6, relevant=False))
    propose_events(house, register, [])
    link_events(house, no_story)
    told = {each.article_id: each.id for each in register_of(house)}
    assert rows(house) == {told[release]: (story,), told[other]: ()}
    with reading(house.engine) as connection:
        (link,) = read_links(connection, [told[release]])
    assert (link.score, link.evidence) == (1.0, {"reuse": 1.0})
    correct_links(house, told[release], [str(story)], reports=False, by="Lan")
    link_events(house, no_story)
    assert rows(house)[told[release]] == ()


def test_every_text_of_a_story_is_compared_and_the_best_counts(house):
    (number,) = add(house, event("Công bố Chỉ số"))
    first = put(house, 1, headline="Người dân hài lòng hơn")
    later = DAY + timedelta(hours=5)
    told = put(house, 2, "bao_hai", later, headline="Công bố chỉ số")
    copied = put(house, 3, "bao_mot", later, headline="Công bố Chỉ số")
    story = as_one_story(house, first, told, copied)
    compared: list[list[str]] = []

    def by_title(events: Sequence[OfficialEvent], stories: Sequence[StoryText]) -> list[EventLink]:
        compared.append([each.headline for each in stories])
        return [
            replace(link, score=0.9 if text.headline.startswith("Công bố") else 0.3)
            for text in stories
            for link in every_story(events, [text])
        ]

    link_events(house, by_title)
    assert [len(headlines) for headlines in compared] == [1, 1]
    assert rows(house) == {number: (story,)}


def test_the_press_text_is_shown_though_the_portal_was_first(house):
    (number,) = add(house, event())
    release = put(house, 1, "cong_bnv", DAY - timedelta(hours=2))
    told = put(house, 2)
    as_one_story(house, release, told)
    correct_links(house, number, ["https://bao_mot.test/bai-2.html"], reports=True, by="Lan")
    with reading(house.engine) as connection:
        (shown,) = linked_stories(connection, number)
    assert shown.url == "https://bao_mot.test/bai-2.html"
    assert shown.link.corrected


def test_linking_again_forgets_what_a_machine_said_and_keeps_what_a_person_said(house):
    (number,) = add(house, event())
    wrong, right = put(house, 1), put(house, 2)
    link_events(house, every_story)
    assert rows(house) == {number: tuple(sorted((wrong, right)))}
    correct_links(house, number, ["https://bao_mot.test/bai-1.html?utm_source=x"],
                  reports=False, by="Lan")  # fmt: skip
    link_events(house, every_story)
    assert rows(house) == {number: (right,)}
    link_events(house, no_story)
    assert rows(house) == {number: ()}
    correct_links(house, number, [str(wrong)], reports=True, by="Lan")
    link_events(house, no_story)
    assert rows(house) == {number: (wrong,)}
    with reading(house.engine) as connection:
        (link,) = read_links(connection, [number])
    assert (link.score, link.corrected) == (1.0, True)


def test_a_person_sees_each_link_with_its_ground(house):
    (number,) = add(house, event())
    put(house, 1)
    link_events(house, every_story)
    with reading(house.engine) as connection:
        (shown,) = linked_stories(connection, number)
    assert (shown.headline, shown.link.evidence) == ("Bộ Nội vụ công bố việc số 1", {"title": 0.9})


def test_a_link_follows_its_story_when_groups_are_made_anew(house):
    (number,) = add(house, event())
    one, two = put(house, 1), put(house, 2, "bao_hai")
    correct_links(house, number, [str(one)], reports=False, by="Lan")
    link_events(house, every_story)
    assert rows(house) == {number: (two,)}
    as_one_story(house, two, one)
    # Now they are one story; the person's word on it stands before the machine's.
    assert rows(house) == {number: ()}


def test_correcting_what_is_not_there_is_refused(house):
    (number,) = add(house, event())
    put(house, 1)
    for event_id, article, said in (
        (number, "https://bao_mot.test/khong-co.html", "Không có bài"),
        (number, "bai-1", "Ghi địa chỉ đầy đủ"),
        (99, "https://bao_mot.test/bai-1.html", "Không có sự kiện số 99"),
    ):
        with pytest.raises(UsageError, match=said):
            correct_links(house, event_id, [article], reports=True, by="Lan")


def test_rows_of_an_agency_and_a_period(house):
    for each in (event(), event(agency_id="BTC"), event("Cũ", at=DAY - timedelta(days=60))):
        add(house, each)
    with reading(house.engine) as connection:
        assert len(event_rows(connection, *WEEK)) == 2
        (row,) = event_rows(connection, *WEEK, "BTC")
        assert event_rows(connection, *WEEK, ["BTC", "BNV"])[1:]
        assert connection.scalar(select(func.count()).select_from(events)) == 3
    assert replace(row.event, id=0).agency_id == "BTC"
