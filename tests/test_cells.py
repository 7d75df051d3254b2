"""Counting by agency, area and month, and rows of one agency or area."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.clock import VIETNAM
from domain.codes import Area, Role
from domain.periods import Window, month
from domain.records import AgencyTag, Finding
from storage.cells import cell_counts
from storage.database import reading
from storage.findings import store_findings
from storage.rows import article_rows
from storage.volumes import story_days
from tests.stored_press import DAY, WEEK, as_one_story, open_house, put

JULY = month("2026-07", Window.LICH)
TWO = [JULY.previous().bounds()[0], *JULY.bounds()]


@pytest.fixture
def house(tmp_path):
    return open_house(tmp_path)


def tag(house, number: int, areas: tuple[Area, ...], **agencies: Role) -> None:
    finding = Finding(
        id=str(number),
        model_version="v1",
        relevance=0.9,
        relevant=True,
        areas=dict.fromkeys(areas, 0.9),
        agencies=tuple(AgencyTag(id=name, role=role) for name, role in agencies.items()),
    )
    with house.engine.begin() as connection:
        store_findings(connection, [finding])


def counts(house, rolled_up=None):
    with reading(house.engine) as connection:
        found = cell_counts(connection, TWO, rolled_up=rolled_up)
    return {
        (cell.agency_id, cell.area, cell.month): (cell.stories, cell.placements) for cell in found
    }


def test_stories_once_placements_each_and_only_the_press(house):
    one, two = put(house, 1), put(house, 2, "bao_hai")
    put(house, 3, "cong_bnv")
    put(house, 4, "tong_hop")
    put(house, 5, relevant=False)
    as_one_story(house, one, two)
    assert counts(house) == {("BNV", None, 1): (1, 2), ("BNV", Area.SO, 1): (1, 2)}


def test_a_story_in_two_areas_counts_once_over_all(house):
    tag(house, put(house, 1), (Area.SO, Area.THU_TUC), BNV=Role.FOCUS, BTC=Role.MENTION)
    assert counts(house) == {
        ("BNV", None, 1): (1, 1), ("BNV", Area.THU_TUC, 1): (1, 1), ("BNV", Area.SO, 1): (1, 1),
    }  # fmt: skip


def test_merged_agencies_share_their_story(house):
    tag(house, put(house, 1), (Area.SO,), BTTTT=Role.FOCUS, BKHCN=Role.FOCUS)
    tag(house, put(house, 2), (Area.SO,), BTTTT=Role.FOCUS)
    apart = counts(house)
    assert apart["BTTTT", None, 1] == (2, 2)
    assert apart["BKHCN", None, 1] == (1, 1)
    together = counts(house, {"BTTTT": "BKHCN"})
    assert together == {("BKHCN", None, 1): (2, 2), ("BKHCN", Area.SO, 1): (2, 2)}


@pytest.mark.parametrize(
    ("at", "place"),
    [
        (datetime(2026, 6, 30, 23, 59, tzinfo=VIETNAM), 0),
        (datetime(2026, 7, 1, 0, 0, tzinfo=VIETNAM), 1),
        (datetime(2026, 8, 1, 0, 0, tzinfo=VIETNAM), None),
    ],
)
def test_months_begin_at_midnight_in_vietnam(house, at, place):
    put(house, 1, at=at)
    assert {month for _, _, month in counts(house)} == ({place} - {None})


def test_the_counts_are_those_of_the_rows(house):
    for number in range(12):
        areas = list(Area)[number % 7 : number % 7 + 2]
        at = DAY - timedelta(days=number * 3)
        tag(house, put(house, number, at=at), tuple(areas), BNV=Role.FOCUS, BTC=Role.FOCUS)
    with reading(house.engine) as connection:
        rows = article_rows(connection, TWO[0], TWO[-1], relevant_only=True)
    for (agency, area, place), (stories, placements) in counts(house).items():
        held = [
            row for row in rows
            if agency in row.focus and (area is None or area in row.areas)
            and TWO[place] <= row.counted_at < TWO[place + 1]
        ]  # fmt: skip
        assert (len({row.story_id for row in held}), len(held)) == (stories, placements)


def test_rows_of_one_agency_and_area(house):
    for number, (area, agency) in enumerate(
        [(Area.SO, "BNV"), (Area.SO, "BTC"), (Area.THU_TUC, "BNV")]
    ):
        tag(house, put(house, number), (area,), **{agency: Role.FOCUS})

    def found(**asked) -> list[str]:
        with reading(house.engine) as connection:
            return [row.headline[-1] for row in article_rows(connection, *WEEK, **asked)]

    assert sorted(found()) == ["0", "1", "2"]
    assert sorted(found(agency="BNV")) == ["0", "2"]
    assert sorted(found(agency=["BNV", "BTC"], area=Area.SO)) == ["0", "1"]
    assert found(agency="BNV", area=Area.THU_TUC, relevant_only=True) == ["2"]
    assert found(agency="BYT") == []


def test_the_days_on_which_an_outlet_first_carried_a_story_of_the_agency(house):
    day = timedelta(days=1)
    first, other_outlet = put(house, 1), put(house, 2, "bao_hai", DAY + 2 * day)
    again = put(house, 3, at=DAY + 3 * day)
    as_one_story(house, first, other_outlet, again)
    put(house, 4, "cong_bnv", DAY + 4 * day)
    tag(house, put(house, 5, at=DAY + 5 * day), (Area.SO,), BNV=Role.MENTION, BTC=Role.FOCUS)
    with reading(house.engine) as connection:
        days = story_days(connection, *WEEK, {"BNV"})
        assert [found.day for found in days] == [DAY.day, DAY.day + 2]
        assert story_days(connection, *WEEK, {"BNV"}, Area.BO_MAY) == []
        assert [found.day for found in story_days(connection, *WEEK, {"BTC"}, Area.SO)] == [8]
