"""Agencies beside their group: drawn towards it where little is known, never ranked by chance."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli.measure import measure
from cli.measure_agencies import agencies_lines
from cli.words import speak_vietnamese
from domain.figures import Group
from measures.agency_index import FEWEST_IN_GROUP, AgencyIndex, places, shrunk
from measures.profile import opened_profile
from tests.small_press import JULY, row, watched
from tests.stored_press import open_house, put
from tests.test_profile import holdings


def told(counts: dict[str, int]) -> list[AgencyIndex]:
    """The table of a month in which each agency is the subject of so many stories."""
    rows, number = [], 0
    for agency, count in counts.items():
        for _ in range(count):
            number += 1
            rows.append(row(number, "bao_a", "01/07 08:00", story_id=number, focus=(agency,)))
    return list(opened_profile(holdings(rows), JULY, compared=False).indexes)


def of(lines: list[AgencyIndex], agency: str) -> AgencyIndex:
    return next(line for line in lines if line.agency == agency)


def test_what_little_is_known_of_is_drawn_towards_the_group():
    few, many = shrunk([0, 3, 3, 3], [2.25] * 4)[0], shrunk([0, 300, 300, 300], [225.0] * 4)[0]
    assert 0 < many.value < few.value < 1
    assert many.interval[1] < few.interval[1]


def test_agencies_that_chance_may_have_parted_share_a_place():
    lines = told({"BNV": 30, "BTC": 4, "BTP": 3})
    first, second, third = (of(lines, agency) for agency in ("BNV", "BTC", "BTP"))
    assert first.places == (1, 1)
    assert second.places[0] == third.places[0] == 2
    assert first.index.interval[0] > 1


def test_a_group_with_few_stories_is_not_compared():
    line = of(told({"BNV": FEWEST_IN_GROUP - 1}), "BNV")
    assert (line.stories, line.index, line.places) == (FEWEST_IN_GROUP - 1, None, None)
    assert "chưa so được" in "\n".join(agencies_lines([line], "Tháng 7"))


def test_an_agency_whose_panel_was_not_watched_has_no_index_and_its_group_no_places():
    rows = [row(n, "bao_a", "01/07 08:00", story_id=n, focus=("P34:da_nang",)) for n in range(40)]
    silent = [("bao_hue", day) for day in JULY.each_day()]
    held = holdings(rows, polls=watched(silent=silent))
    lines = list(opened_profile(held, JULY, compared=False).indexes)
    assert of(lines, "P34:hue").index is None
    assert of(lines, "P34:da_nang").index is not None
    # The silence of one that nobody could hear does not lower what the others are held against.
    assert of(lines, "P34:da_nang").expected == pytest.approx(40 / 33)
    assert all(line.places is None for line in lines if line.group is Group.PROVINCE)


def test_units_that_merged_count_once_for_their_heir():
    apart, together = ({"P63:ha_giang": 20, "P63:tuyen_quang": 20}, {"P34:tuyen_quang": 40})
    assert told(apart) == told(together)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [([], []), ([(0.0, 1.0)], [(1, 1)]), ([(1.0, 2.0), (2.5, 3.0)], [(2, 2), (1, 1)])],
)
def test_a_place_is_sure_only_where_intervals_part(intervals, expected):
    assert places(intervals) == expected


def test_the_command_prints_every_agency_and_no_rank_of_one(tmp_path):
    house = open_house(tmp_path)
    for number in range(3):
        put(house, number)

    class Home:
        def open(self):
            return house

    speak_vietnamese()  # the door does it first; the help of a command is said once

    def run(*options):
        asked = ["--from", "2026-07-01", "--to", "2026-07-31", "--by-agency", *options]
        return CliRunner().invoke(measure, asked, obj=Home())

    listed = json.loads(run("--json").output)["agencies"]
    assert len(listed) == 51
    assert next(each for each in listed if each["agency"] == "BNV")["stories"] == 3
    text = run().output
    assert "Bộ Nội vụ" in text
    assert "không xếp hạng" in text
    refused = run("--agency", "BNV")
    assert "không dùng cùng" in str(refused.exception)
