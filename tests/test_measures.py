"""Figures: what counts, what is unknown, and what must never change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import Area, DatePrecision
from domain.figures import CellState, Group, MonthFigures, Status
from domain.periods import month
from domain.records import ArticleRow, SourceDay
from measures.month import listed_rows
from measures.timing import Moment, moment_of
from reports.json import plain
from tests.small_press import JULY, OUTLETS, REGISTER, at, figures, row, watched

HOURS = timedelta(hours=1)


def state(found: MonthFigures, agency: str, area: Area) -> tuple[CellState, int, int]:
    line = next(line for line in found.coverage.lines if line.id == agency)
    cell = next(cell for cell in line.cells if cell.area is area)
    return cell.state, cell.counts.stories, cell.counts.placements


def every_day(outlet: str) -> list[tuple[str, date]]:
    return [(outlet, day) for day in JULY.each_day()]


# --- coverage


@pytest.mark.parametrize(
    ("outlets", "counted"),
    [
        (["bao_a"], (CellState.COVERED, 1, 1)),
        (["bao_a", "bao_b", "bao_a"], (CellState.COVERED, 1, 3)),
        (["cong_bnv"], (CellState.EMPTY, 0, 0)),  # the ministry's own voice is not coverage
        (["tong_hop"], (CellState.EMPTY, 0, 0)),  # an echo is not coverage
        ([], (CellState.EMPTY, 0, 0)),
    ],
)
def test_a_cell_counts_stories_and_placements_of_the_press_apart(outlets, counted):
    rows = [row(n, outlet, f"0{n + 1}/07 08:00", story_id=7) for n, outlet in enumerate(outlets)]
    assert state(figures(rows), "BNV", Area.THU_TUC) == counted


def test_own_voice_and_echoes_are_counted_beside_the_press():
    rows = [row(n, outlet, "01/07 08:00") for n, outlet in enumerate(["cong_bnv", "tong_hop"])]
    counts = figures(rows).totals.counts
    assert (counts.stories, counts.portal, counts.aggregator) == (0, 1, 1)


@pytest.mark.parametrize(
    ("agency", "silent", "expected"),
    [
        ("BNV", [], CellState.EMPTY),
        ("BNV", every_day("bao_a"), CellState.UNKNOWN),
        # A province's panel has its own paper in it, a ministry's has not.
        ("P34:hue", every_day("bao_hue"), CellState.UNKNOWN),
        ("BNV", every_day("bao_hue"), CellState.EMPTY),
        # A silent portal hides nothing that the press said.
        ("BNV", every_day("cong_bnv"), CellState.EMPTY),
    ],
)
def test_an_empty_cell_is_zero_only_where_its_panel_was_observed(agency, silent, expected):
    found = figures([], watched(silent=silent))
    assert state(found, agency, Area.SO)[0] is expected


def test_a_source_that_was_never_asked_is_not_observed():
    polls = [day for day in watched() if day.outlet_id != "bao_a"]
    found = figures([], polls)
    assert state(found, "BNV", Area.SO)[0] is CellState.UNKNOWN
    assert (found.observation.press.sources_observed, found.observation.press.sources) == (3, 4)


def test_a_covered_cell_stays_covered_whatever_was_not_observed():
    found = figures([row(1, "bao_a", "01/07 08:00")], [])
    assert state(found, "BNV", Area.THU_TUC)[0] is CellState.COVERED


def test_completeness_is_a_range_where_cells_are_unknown():
    unknown = figures([row(1, "bao_a", "01/07 08:00")], []).coverage.completeness[Group.MINISTRY]
    assert (unknown.covered, unknown.empty, unknown.all) == (1, 0, 17 * 7)
    assert (unknown.low, unknown.high) == (1 / 119, 1.0)


def test_agencies_are_those_of_the_end_of_the_period():
    lines = figures([]).coverage
    assert len(lines.of(Group.MINISTRY)) == 17
    assert len(lines.of(Group.PROVINCE)) == 34


def test_a_merged_province_counts_for_its_heir():
    rows = [row(1, "bao_a", "01/07 08:00", focus=("P63:ha_giang",))]
    assert state(figures(rows), "P34:tuyen_quang", Area.THU_TUC)[0] is CellState.COVERED


def test_two_merged_units_equal_their_heir():
    def story(n: int, agency: str) -> ArticleRow:
        return row(n, "bao_a", "01/07 08:00", focus=(agency,))

    apart = figures([story(1, "P63:ha_giang"), story(2, "P63:tuyen_quang")])
    together = figures([story(1, "P34:tuyen_quang"), story(2, "P34:tuyen_quang")])
    assert apart.coverage == together.coverage


def test_articles_off_the_subject_or_outside_the_period_are_not_counted():
    rows = [
        row(1, "bao_a", "14/06 23:59"),
        row(2, "bao_a", "15/06 00:00"),
        row(3, "bao_a", "14/07 23:59"),
        row(4, "bao_a", "15/07 00:00"),
        row(5, "bao_a", "01/07 08:00", relevant=False),
    ]
    totals = figures(rows).totals
    assert (totals.articles, totals.counts.placements) == (3, 2)
    assert [line.article_id for line in listed_rows(rows, REGISTER, JULY)] == [2, 3]


def test_one_agency_is_measured_alone():
    rows = [
        row(1, "bao_a", "01/07 08:00"),
        row(2, "bao_b", "01/07 09:00", focus=("BTC",), mention=("BNV",)),
    ]
    found = figures(rows, agency="BNV")
    assert found.scope == "Bộ Nội vụ"
    assert [line.id for line in found.coverage.lines] == ["BNV"]
    assert (found.totals.articles, found.totals.counts.placements) == (2, 1)


# --- an empty period


def test_a_period_that_nobody_observed_gives_no_figure():
    found = figures([], [])
    totals = found.totals
    for figure in (
        totals.stories,
        totals.placements,
        totals.reprint_ratio,
        found.timing.second.median_hours,
        found.pick_up.share,
        found.pick_up.share_72h,
        found.pick_up.median_hours,
    ):
        assert figure.value is None
        assert figure.status is not Status.OK
    assert found.coverage.overall.status is Status.NOT_OBSERVED
    assert found.coverage.overall.low is None
    assert all(line.status is Status.NOT_OBSERVED for line in found.pick_up.lines)


def test_a_well_observed_period_without_a_story_is_zero():
    found = figures([])
    assert found.totals.stories.value == 0
    assert found.coverage.overall.high == 0.0


# --- observation


def test_gaps_are_named_by_outlet_and_days():
    silent = [("bao_a", date(2026, 6, 20)), ("bao_a", date(2026, 6, 21))]
    (gap,) = (
        gap for outlet in figures([], watched(silent=silent)).observation.outlets
        for gap in outlet.gaps
    )  # fmt: skip
    assert (gap.outlet_name, gap.start, gap.end) == ("Báo A", date(2026, 6, 20), date(2026, 6, 21))


def test_a_big_outlet_weighs_more_than_a_small_one():
    june = [row(n, "bao_a", "01/06 08:00") for n in range(1, 90)]
    june += [row(n, outlet, "01/06 08:00") for n, outlet in ((91, "bao_b"), (92, "bao_c"))]
    polls = watched(JULY.previous())
    small = figures([], polls + watched(silent=every_day("bao_c")), previous_rows=june)
    big = figures([], polls + watched(silent=every_day("bao_a")), previous_rows=june)
    assert state(small, "BNV", Area.SO)[0] is CellState.EMPTY
    assert state(big, "BNV", Area.SO)[0] is CellState.UNKNOWN


# --- timing


def test_lags_are_between_distinct_outlets():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "bao_a", "01/07 08:30", story_id=1),
        row(3, "tong_hop", "01/07 08:40", story_id=1),
        row(4, "bao_b", "01/07 10:00", story_id=1),
        row(5, "bao_c", "02/07 08:00", story_id=1),
    ]
    (story,) = figures(rows).timing.stories
    assert (story.outlet_name, story.outlets, story.placements) == ("Báo A", 3, 4)
    assert (story.second_outlet, story.second.low, story.third.low) == (
        "Báo B",
        2 * HOURS,
        24 * HOURS,
    )


def test_a_time_known_to_the_day_gives_bounds():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "bao_b", "01/07 00:00", story_id=1, date_precision=DatePrecision.DAY,
            first_seen_at=at("01/07 20:00")),
    ]  # fmt: skip
    timing = figures(rows).timing
    (story,) = timing.stories
    assert not story.second.is_exact
    assert (story.second.low, story.second.high) == (timedelta(), 12 * HOURS)
    assert (timing.second.exact, timing.second.bounded) == (0, 1)


def test_a_story_with_an_outlet_without_a_date_has_no_lag_and_is_counted_apart():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "bao_b", "01/07 09:00", story_id=1, date_precision=DatePrecision.UNKNOWN),
    ]
    timing = figures(rows).timing
    assert timing.stories[0].second is None
    assert (timing.second.exact, timing.second.undated) == (0, 1)


def test_the_median_is_over_stories_that_reached_a_second_outlet_with_n():
    rows = [
        row(2 * n + k, outlet, f"0{n}/07 {8 + k * n:02}:00", story_id=n)
        for n in range(1, 6)
        for k, outlet in enumerate(("bao_a", "bao_b"))
    ] + [row(99, "bao_c", "03/07 08:00")]
    second = figures(rows).timing.second
    assert (second.median_hours.value, second.median_hours.n) == (3.0, 5)
    assert (second.not_reached, second.stories) == (1, 6)


def test_too_few_stories_give_no_median():
    rows = [
        row(n, outlet, f"01/07 0{n}:00", story_id=1) for n, outlet in ((1, "bao_a"), (2, "bao_b"))
    ]
    assert figures(rows).timing.second.median_hours.status is Status.NOT_ENOUGH


def test_a_story_begun_before_the_period_is_not_a_story_of_it():
    rows = [row(2, "bao_b", "16/06 08:00", story_id=1)]
    timing = figures(rows, previous_rows=[row(1, "bao_a", "14/06 08:00", story_id=1)]).timing
    assert (timing.stories, timing.begun_before) == ((), 1)


def test_first_to_report_needs_a_sure_first_of_two():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "bao_b", "01/07 09:00", story_id=1),
        row(3, "bao_c", "01/07 08:00", story_id=2),
        row(4, "bao_a", "02/07 00:00", story_id=3, date_precision=DatePrecision.DAY,
            first_seen_at=at("02/07 21:00")),
        row(5, "bao_b", "02/07 09:00", story_id=3),
    ]  # fmt: skip
    first = {line.name: line.first for line in figures(rows).totals.by_outlet}
    assert (first["Báo A"], first["Báo B"], first["Báo C"]) == (1, 0, 0)


# --- releases of portals


def test_a_release_is_picked_up_by_the_press_alone():
    rows = [
        row(1, "cong_bnv", "01/07 08:00", story_id=1),
        row(2, "tong_hop", "01/07 09:00", story_id=1),
        row(3, "bao_a", "02/07 08:00", story_id=1),
        row(4, "cong_bnv", "03/07 08:00", story_id=2),
        row(5, "tong_hop", "03/07 09:00", story_id=2),
    ]
    pick_up = figures(rows).pick_up
    taken, left = pick_up.releases
    assert (taken.outlets, taken.first_outlet, taken.lag.low) == (1, "Báo A", 24 * HOURS)
    assert not left.is_picked_up
    assert (pick_up.share.k, pick_up.share.n, pick_up.share_72h.value) == (1, 2, 0.5)


def test_press_before_the_portal_is_said_and_counts_as_no_lag():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "cong_bnv", "02/07 08:00", story_id=1),
    ]
    (release,) = figures(rows).pick_up.releases
    assert release.before
    assert release.lag.high == timedelta()


def test_an_agency_without_an_observed_portal_is_not_observed():
    lines = {line.agency: line for line in figures([]).pick_up.lines}
    assert (lines["BNV"].status, lines["BNV"].released) == (Status.OK, 0)
    assert (lines["BTC"].status, lines["BTC"].released) == (Status.NOT_OBSERVED, None)
    assert figures([]).pick_up.agencies_with_source == 1


def test_a_release_of_the_last_three_days_is_not_yet_due():
    rows = [row(1, "cong_bnv", "13/07 08:00")]
    pick_up = figures(rows).pick_up
    assert (pick_up.share.n, pick_up.share_72h.n) == (1, 0)
    assert pick_up.share_72h.value is None


# --- against the period before


def changes(found: MonthFigures) -> dict[str, tuple[Any, Any, Status]]:
    return {change.id: (change.now, change.before, change.status) for change in found.changes}


def test_change_is_given_only_where_both_periods_have_the_figure():
    rows, june = [row(1, "bao_a", "01/07 08:00")], [row(2, "bao_a", "01/06 08:00")]
    both = watched(JULY.previous()) + watched()
    assert changes(figures(rows, both, previous_rows=june))["stories"] == (1, 1, Status.OK)
    assert changes(figures(rows, both))["stories"] == (1, None, Status.NOT_APPLICABLE)
    alone = changes(figures(rows, watched(), previous_rows=[]))
    assert alone["stories"] == (1, None, Status.NOT_OBSERVED)


def test_a_trend_over_the_merging_of_provinces_stands_under_the_heir():
    july_2025 = month("2025-07")  # 15/06/2025-14/07/2025, the merging in the middle
    before = replace(
        row(1, "bao_a", "01/06 08:00", focus=("P63:ha_giang",)),
        published_at=at("01/06 08:00").replace(year=2025),
    )
    found = figures(
        [], watched(july_2025.previous()) + watched(july_2025), period=july_2025,
        previous_rows=[before], agency="P63:ha_giang",
    )  # fmt: skip
    assert found.scope == "Tỉnh Tuyên Quang"
    assert changes(found)["stories"] == (0, 1, Status.OK)


# --- what must never change a figure

PLACES = st.sampled_from(["bao_a", "bao_b", "bao_c", "bao_hue", "cong_bnv", "tong_hop"])
PRECISIONS = st.sampled_from([DatePrecision.MINUTE, DatePrecision.DAY, DatePrecision.UNKNOWN])
AGENCIES = st.lists(
    st.sampled_from(["BNV", "BTC", "P34:hue", "P63:ha_giang"]), max_size=2, unique=True
)


@st.composite
def presses(draw: st.DrawFn) -> list[ArticleRow]:
    """A month of up to twelve placements of up to four stories."""
    return [
        replace(
            row(n, draw(PLACES), "15/06 00:00", story_id=draw(st.integers(1, 4))),
            published_at=at("15/06 00:00") + timedelta(minutes=draw(st.integers(0, 43_000))),
            first_seen_at=at("15/06 00:00") + timedelta(minutes=draw(st.integers(0, 43_000))),
            date_precision=draw(PRECISIONS),
            areas=tuple(draw(st.lists(st.sampled_from(list(Area)), max_size=2, unique=True))),
            focus=tuple(draw(AGENCIES)),
            relevant=draw(st.booleans()),
            is_original=draw(st.booleans()),
        )
        for n in range(1, draw(st.integers(0, 12)) + 1)
    ]


OUTAGES = st.lists(st.tuples(PLACES, st.sampled_from(list(JULY.each_day()))), max_size=60)


@settings(max_examples=40, deadline=None)
@given(presses(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_polls_never_matters(rows, chance):
    polls: list[SourceDay] = watched()
    shuffled, mixed = list(rows), list(polls)
    chance.shuffle(shuffled)
    chance.shuffle(mixed)
    assert figures(shuffled, mixed) == figures(rows, polls)


@settings(max_examples=40, deadline=None)
@given(presses(), OUTAGES, OUTAGES)
def test_an_outage_never_turns_unknown_into_zero_nor_lowers_the_upper_bound(rows, outages, more):
    before = figures(rows, watched(silent=outages))
    after = figures(rows, watched(silent=[*outages, *more]))
    for was, now in zip(before.coverage.lines, after.coverage.lines, strict=True):
        for old, new in zip(was.cells, now.cells, strict=True):
            assert new.state is old.state or (old.state, new.state) == (
                CellState.EMPTY,
                CellState.UNKNOWN,
            )
    if before.coverage.overall.high is not None and after.coverage.overall.high is not None:
        assert after.coverage.overall.high >= before.coverage.overall.high


def test_a_text_seen_as_its_day_began_was_out_by_then():
    known = replace(row(1, "bao_a", "15/06 00:00"), date_precision=DatePrecision.DAY)
    moment = moment_of(replace(known, first_seen_at=at("15/06 00:00")))
    assert moment == Moment(low=at("15/06 00:00"), high=at("15/06 00:00"))


@settings(max_examples=60, deadline=None)
@given(presses(), st.data())
def test_a_later_copy_in_the_same_outlet_changes_no_story_figure(rows, data):
    if not rows:
        return
    copied = data.draw(st.sampled_from(rows))
    # Later in both: published after all others, and first seen after all others.
    last = max(known.published_at for known in rows)
    seen = max(last, *(known.first_seen_at for known in rows)) + HOURS
    copy = replace(
        copied, article_id=99, url="https://copy.test/", published_at=last, first_seen_at=seen
    )
    assert story_figures([*rows, copy]) == story_figures(rows)


def story_figures(rows: Sequence[ArticleRow]) -> object:
    found = figures(rows)
    cells = [
        (line.id, line.state, line.counts.stories, cell.area, cell.state, cell.counts.stories)
        for line in found.coverage.lines
        for cell in line.cells
    ]
    stories = [replace(story, placements=0) for story in found.timing.stories]
    first = [line.first for line in found.totals.by_outlet]
    return (
        cells, found.coverage.overall, found.totals.counts.stories, stories,
        found.timing.second, found.timing.third, found.pick_up, first,
    )  # fmt: skip


def test_every_definition_says_how_it_is_counted_and_where_that_comes_from():
    for definition in figures([]).definitions:
        assert "Nguồn:" in definition.text
        assert ">>>" not in definition.text


def test_figures_are_plain_data():
    assert isinstance(plain(figures([row(1, "bao_a", "01/07 08:00")])), dict)


def test_an_undeclared_outlet_is_listed_and_not_counted_as_a_source():
    stranger = replace(row(1, "bao_a", "01/07 08:00"), outlet_id="la", outlet_name="Báo lạ")
    found = figures([stranger])
    assert [line.name for line in found.totals.by_outlet if line.articles] == ["Báo lạ"]
    assert found.observation.press.sources == sum(
        len(outlet.sources) for outlet in OUTLETS if outlet.id.startswith("bao_")
    )
