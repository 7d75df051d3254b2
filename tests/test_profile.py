"""The profile: what its figures say, what they refuse to say, and what must never change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import Area, DatePrecision
from domain.events import EventKind, EventRow, EventState, OfficialEvent
from domain.figures import Status
from domain.holidays import read_calendar
from domain.periods import between, month
from domain.proposals import parse_proposals, proposals_text, read_proposals
from domain.qualities import Measured, QualityFigure
from domain.records import ArticleRow, SourceDay
from measures.cells import Absence
from measures.correction import Checked
from measures.profile import (
    AGENCY_TAG,
    AREA_TAG,
    CELL_TAG,
    CRITICAL_TAG,
    RELEVANT_TAG,
    Holdings,
    opened_profile,
    profile,
)
from reports.profile import profile_json, profile_lines
from tests.small_press import JULY, OUTLETS, REGISTER, at, row, watched
from tests.test_measures import OUTAGES, every_day, presses

HOUR = timedelta(hours=1)


def event(number: int, when: str, *stories: int, **changes: Any) -> EventRow:
    """A confirmed document of the Ministry of Home Affairs, with the stories that report it."""
    known = OfficialEvent(
        id=number,
        kind=EventKind.DOCUMENT,
        agency_id="BNV",
        title=f"Văn bản {number}",
        at=at(when),
        precision=DatePrecision.MINUTE,
        areas=(Area.THU_TUC,),
        state=EventState.CONFIRMED,
    )
    return EventRow(event=replace(known, **changes), stories=stories)


def holdings(
    rows: Sequence[ArticleRow] = (),
    events: Sequence[EventRow] = (),
    polls: Sequence[SourceDay] | None = None,
    **changes: Any,
) -> Holdings:
    return Holdings(
        rows=rows,
        source_days=watched() if polls is None else polls,
        events=events,
        register=REGISTER,
        outlets=OUTLETS,
        calendar=read_calendar(),
        proposals=changes.pop("proposals", read_proposals(REGISTER)),
        threshold=0.8,
        **changes,
    )


def measured(
    rows: Sequence[ArticleRow] = (),
    events: Sequence[EventRow] = (),
    polls: Sequence[SourceDay] | None = None,
    *,
    agency: str | None = None,
    area: Area | None = None,
    **changes: Any,
) -> Measured:
    held = holdings(rows, events, polls, **changes)
    return profile(held, JULY, plan="bnv-2026", agency=agency, area=area, compared=False)


def figures(found: Measured) -> dict[str, QualityFigure]:
    return {figure.id: figure for each in found.qualities for figure in each.figures}


def one(figure_id: str, *given_rows: Any, **options: Any) -> QualityFigure:
    return figures(measured(*given_rows, **options))[figure_id]


# --- timeliness

NINE = "01/07 09:00"


def carried(hours: Sequence[float]) -> tuple[list[ArticleRow], list[EventRow]]:
    """One event for each lag; a negative lag is before the event, infinity is never."""
    rows, events = [], []
    for number, lag in enumerate(hours, 1):
        events.append(event(number, NINE, number))
        if lag != float("inf"):
            told = row(number, "bao_a", NINE, story_id=number)
            rows.append(replace(told, published_at=at(NINE) + lag * HOUR))
    return rows, events


def test_events_that_nobody_carried_count_in_every_share_and_in_the_median():
    rows, events = carried([1, 2, 5, 30, 80, 200, *[float("inf")] * 6])
    found = figures(measured(rows, events))
    assert (found["timely.within_72h"].k, found["timely.within_72h"].n) == (4, 12)
    assert (found["timely.within_24h"].k, found["timely.uncovered"].k) == (3, 6)
    # Six of twelve: the curve reaches one half with the slowest of the covered.
    assert found["timely.first_median"].value == 200.0
    assert found["timely.first_median"].interval[1] is None


def test_a_median_that_the_curve_does_not_reach_is_not_reached():
    rows, events = carried([1, 2, *[float("inf")] * 10])
    figure = one("timely.first_median", rows, events)
    assert (figure.status, figure.value) == (Status.NOT_REACHED, None)
    assert "hơn 13,6 ngày quan sát" in figure.reason


def test_the_press_before_the_event_is_told_and_counts_as_no_lag():
    rows, events = carried([-5, *[1.0] * 9])
    found = figures(measured(rows, events))
    assert found["timely.before"].k == 1
    assert found["timely.within_24h"].k == 10


def test_an_event_known_to_the_day_gives_bounds():
    rows, _ = carried([30.0] * 10)
    events = [event(n, "01/07 00:00", n, precision=DatePrecision.DAY) for n in range(1, 11)]
    figure = one("timely.within_24h", rows, events)
    # 39 hours after midnight, 15 hours after the day's last minute.
    assert (figure.value, figure.bounds) == (0.0, (0.0, 1.0))
    assert one("timely.first_median", rows, events).bounds is not None


def test_an_event_carried_on_its_own_day_was_not_carried_before_it():
    rows, _ = carried([0.0] * 10)
    events = [event(n, "01/07 00:00", n, precision=DatePrecision.DAY) for n in range(1, 11)]
    found = figures(measured(rows, events))
    assert found["timely.before"].k == 0
    assert found["timely.within_24h"].value == 1.0


def test_what_was_not_watched_is_not_called_late():
    days = [(outlet, day) for outlet in ("bao_a", "bao_b", "bao_c", "bao_hue")
            for day in (date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3))]  # fmt: skip
    _, events = carried([float("inf")] * 10)
    seen, unseen = one("timely.within_72h", (), events), one(
        "timely.within_72h", (), events, watched(silent=days)
    )  # fmt: skip
    assert (seen.bounds, unseen.bounds) == (None, (0.0, 1.0))
    assert unseen.interval[1] == 1.0


def test_a_period_that_is_not_over_ends_now():
    _, events = carried([float("inf")] * 10)
    events.append(event(11, "10/07 08:00", kind=EventKind.MILESTONE))
    later = figures(measured((), events, now=at("03/07 09:00")))
    assert later["timely.within_72h"].n == 0
    assert (later["timely.within_24h"].k, later["complete.events"].n) == (0, 10)
    assert "hơn 2,0 ngày" in later["timely.first_median"].reason


def test_working_days_pass_over_the_weekend():
    # 03/07/2026 is a Friday: the third working day after it is Wednesday.
    rows = [row(n, "bao_a", "08/07 10:00", story_id=n) for n in range(1, 7)]
    events = [event(n, "03/07 16:00", n) for n in range(1, 7)]
    found = figures(measured(rows, events))
    assert found["timely.working_3d"].value == 1.0
    assert found["timely.within_72h"].value == 0.0


@pytest.mark.parametrize(
    ("day", "works"),
    [("2026-02-16", False), ("2026-02-20", False), ("2026-02-23", True), ("2026-09-02", False),
     ("2026-07-04", False), ("2026-07-06", True)],
)  # fmt: skip
def test_the_calendar_knows_tet_and_weekends(day, works):
    assert read_calendar().is_working(date.fromisoformat(day)) is works


# --- completeness


def test_only_confirmed_events_are_a_denominator():
    events = [
        event(1, NINE, 1),
        event(2, NINE, state=EventState.PROPOSED),
        event(3, NINE, state=EventState.REJECTED),
    ]
    figure = one("complete.events", [row(1, "bao_a", "02/07 08:00")], events)
    assert (figure.k, figure.n) == (1, 1)
    assert "1 sự kiện đề xuất" in figure.reason


def test_without_an_event_completeness_is_not_a_hundred_percent():
    assert one("complete.events").status is Status.NOT_APPLICABLE
    assert one("complete.events", agency="BTC").status is Status.NOT_OBSERVED


@pytest.mark.parametrize(
    ("cell", "absence"),
    [
        (("BNV", Area.THU_TUC), None),
        (("BNV", Area.SO), Absence.RELEASED_NOT_COVERED),
        (("BNV", Area.THE_CHE), Absence.NOT_RELEASED),
        (("BTC", Area.SO), Absence.NO_RELEASE_SOURCE),
        (("P34:hue", Area.SO), Absence.NOT_OBSERVED),
    ],
)
def test_every_empty_cell_says_why(cell, absence):
    held = holdings(
        [row(1, "bao_a", "01/07 08:00")],
        [event(1, NINE, areas=(Area.SO,))],
        watched(silent=every_day("bao_hue")),
    )
    lines = {(line.agency, line.area): line for line in opened_profile(held, JULY).cells}
    assert lines[cell].absence is absence


def test_a_cell_outside_the_mask_is_not_missed():
    text = proposals_text() + '\n[[exceptions]]\nagency = "BNV"\nareas = ["thu_tuc"]\n'
    before, _, weights = text.partition("[weights.chi_dao]")
    tail = weights.rindex("[[exceptions]]")
    text = before + weights[tail:] + "\n[weights.chi_dao]" + weights[:tail]
    own = parse_proposals(text, "thử", REGISTER)
    figure = one("complete.cells", [row(1, "bao_a", "01/07 08:00")], agency="BNV", proposals=own)
    assert (figure.k, figure.n) == (1, 1)


def test_a_profile_that_uses_proposals_says_that_nobody_approved_them():
    found = figures(measured([row(1, "bao_a", "01/07 08:00")]))
    assert "chưa được phê duyệt" in found["complete.cells"].reason


# --- intervals, targets, correction


def test_no_interval_where_none_is_valid_and_the_reason_is_told():
    rows = [row(n, "bao_a", f"{n:02}/07 08:00") for n in range(1, 13)]
    found = figures(measured(rows))
    for figure_id in ("regular.longest_gap", "regular.burstiness", "regular.campaign"):
        assert found[figure_id].value is not None
        assert (found[figure_id].interval, bool(found[figure_id].reason)) == (None, True)


def test_a_target_is_met_only_where_an_officer_entered_one():
    rows, events = carried([1.0] * 10)
    assert one("timely.within_72h", rows, events).met is None
    targets = {"timely.within_72h": 0.9, "timely.first_median": 0.5}
    found = figures(measured(rows, events, targets=targets))
    assert (found["timely.within_72h"].met, found["timely.first_median"].met) == (True, False)


def test_criticism_is_shown_and_never_scored():
    rows = [row(n, "bao_a", "01/07 08:00", tone="phe_phan") for n in range(1, 11)]
    figure = one("diverse.critical", rows, targets={"diverse.critical": 0.1})
    assert (figure.k, figure.target, figure.met) == (10, None, None)


def test_the_taggers_errors_are_carried_into_shares_counts_and_cells():
    rows = [row(n, "bao_a", "01/07 08:00", tone="phe_phan") for n in range(1, 11)]
    half = [Checked(predicted=True, true=n % 2 == 0) for n in range(60)]
    none = [Checked(predicted=False, true=False) for _ in range(60)]
    found = figures(
        measured(
            rows,
            audit={
                CRITICAL_TAG: half + none,
                CELL_TAG: half,
                AGENCY_TAG: half,
                AREA_TAG: half,
                RELEVANT_TAG: half,
            },
        )
    )
    assert found["diverse.critical"].corrected.value == 0.5
    assert found["context.stories"].corrected.value == 5.0
    # Ten findings, each as likely wrong as right: one of them is almost surely true.
    assert round(found["complete.cells"].corrected.value * 357, 2) == 1.0
    assert round(found["complete.agencies"].corrected.value * 51, 2) == 1.0
    assert round(found["complete.areas"].corrected.value * 7, 2) == 1.0
    assert found["regular.longest_gap"].corrected is None


def test_without_an_audit_nothing_is_corrected_and_the_reason_is_told():
    rows = [row(n, "bao_a", "01/07 08:00") for n in range(1, 11)]
    figure = one("diverse.critical", rows)
    assert (figure.corrected, figure.corrected_reason) == (None, "chưa có đủ mẫu kiểm tra")
    for other in figures(measured(rows)).values():
        assert (other.value is None) or other.corrected or other.corrected_reason, other.id


# --- scope, comparison, an empty period


def test_a_profile_stands_beside_the_period_before_and_a_year_before():
    rows = [row(n, "bao_a", "01/07 08:00") for n in range(1, 4)]
    rows += [row(9, "bao_a", "01/06 08:00")]
    past = replace(
        row(10, "bao_a", "01/07 08:00"), published_at=at("01/07 08:00").replace(year=2025)
    )
    polls = [*watched(), *watched(JULY.previous()), *watched(JULY.year_before())]
    found = profile(holdings([*rows, past], polls=polls), JULY, plan="x", agency="BNV")
    stories = figures(found)["context.stories"]
    assert (stories.value, stories.previous, stories.year_before) == (3.0, 1.0, 1.0)
    assert any("01/07/2025" in note for note in found.notes)


def test_a_trend_is_read_on_the_papers_watched_all_along():
    rows = [row(1, "bao_a", "01/07 08:00"), row(2, "bao_b", "01/07 08:00")]
    rows += [row(3, "bao_a", "01/06 08:00")]
    june = watched(JULY.previous(), silent=[("bao_b", day) for day in JULY.previous().each_day()])
    found = figures(profile(holdings(rows, polls=[*watched(), *june]), JULY, plan="x"))
    assert (found["context.placements"].value, found["context.placements"].previous) == (2, 1)
    assert (found["context.continuing"].value, found["context.continuing"].previous) == (1, 1)


def test_the_units_that_merged_count_for_their_heir():
    def told(n: int, agency: str) -> ArticleRow:
        return row(n, "bao_a", "01/07 08:00", focus=(agency,))

    apart = measured([told(1, "P63:ha_giang"), told(2, "P63:tuyen_quang")])
    together = measured([told(1, "P34:tuyen_quang"), told(2, "P34:tuyen_quang")])
    assert apart == together
    assert measured([told(1, "P63:ha_giang")], agency="P63:ha_giang").agency == "P34:tuyen_quang"


def test_an_area_is_measured_alone():
    rows = [row(1, "bao_a", "01/07 08:00"), row(2, "bao_a", "01/07 08:00", areas=(Area.SO,))]
    found = figures(measured(rows, area=Area.SO))
    assert found["context.stories"].value == 1.0
    assert found["complete.cells"].n == 51
    assert found["complete.areas"].status is Status.NOT_APPLICABLE


def test_agencies_under_the_government_are_an_option():
    held = holdings([row(1, "bao_a", "01/07 08:00")])
    found = profile(held, JULY, plan="x", compared=False, under_government=True)
    assert found.agencies_of == 51 + len(REGISTER.under_government(JULY.end))


@pytest.mark.parametrize("polls", [[], None])
def test_no_figure_comes_from_an_empty_period_but_true_zeros(polls):
    found = measured(polls=polls)
    told = {key: one.value for key, one in figures(found).items() if one.value is not None}
    if polls == []:
        assert told == {}
    else:
        assert set(told) <= {
            "complete.cells", "complete.agencies", "complete.areas", "complete.aspects",
            "complete.owned", "regular.weeks", "regular.longest_gap", "context.stories",
            "context.placements", "context.continuing",
        }  # fmt: skip
        assert all(not value for key, value in told.items() if key != "regular.longest_gap")


def test_a_figure_without_a_value_keeps_its_unit():
    told = [row(n, "bao_a", f"{1 + n % 14:02}/07 08:00") for n in range(1, 61)]
    full, empty = figures(measured(told)), figures(measured())
    units = {key: (one.unit, empty[key].unit) for key, one in full.items() if one.value is not None}
    assert units["audience.similarity"] == ("index", "index")
    assert [key for key, (valued, absent) in units.items() if valued != absent] == []


# --- what must never change a figure


@st.composite
def registers(draw: st.DrawFn) -> list[EventRow]:
    """Up to twelve events, some of them reported."""
    return [
        event(
            n,
            "15/06 00:00",
            *draw(st.lists(st.integers(1, 4), max_size=2, unique=True)),
            at=at("15/06 00:00") + timedelta(minutes=draw(st.integers(0, 43_000))),
            precision=draw(st.sampled_from([DatePrecision.MINUTE, DatePrecision.DAY])),
            agency_id=draw(st.sampled_from(["BNV", "P34:hue"])),
        )
        for n in range(1, draw(st.integers(0, 12)) + 1)
    ]


@settings(max_examples=25, deadline=None)
@given(presses(), registers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_events_and_polls_never_matters(rows, events, chance):
    shuffled, mixed, polls = list(rows), list(events), watched()
    for each in (shuffled, mixed, polls):
        chance.shuffle(each)
    assert measured(shuffled, mixed, polls) == measured(rows, events)


@settings(max_examples=25, deadline=None)
@given(presses(), registers(), st.data())
def test_a_later_copy_in_the_same_outlet_changes_no_story_figure(rows, events, data):
    if not rows:
        return
    copied = data.draw(st.sampled_from(rows))
    last = max(known.published_at for known in rows)
    seen = max(last, *(known.first_seen_at for known in rows)) + HOUR
    copy = replace(
        copied, article_id=99, url="https://copy.test/", published_at=last, first_seen_at=seen
    )

    def of_stories(found: Measured) -> dict[str, object]:
        placed = {
            "context.placements", "context.attention", "context.reprint_ratio",
            "context.continuing",
        }  # fmt: skip
        return {
            key: replace(figure, rows=()) for key, figure in figures(found).items()
            if key not in placed
        }  # fmt: skip

    before, after = measured(rows, events), measured([*rows, copy], events)
    assert of_stories(before) == of_stories(after)
    if copy.relevant and copy.outlet_id.startswith("bao_"):
        now, then = (figures(found)["context.placements"].value for found in (after, before))
        assert now == (then or 0) + 1


@settings(max_examples=25, deadline=None)
@given(presses(), registers(), OUTAGES, OUTAGES)
def test_an_outage_never_lowers_an_upper_bound_of_completeness(rows, events, outages, more):
    before = figures(measured(rows, events, watched(silent=outages)))
    after = figures(measured(rows, events, watched(silent=[*outages, *more])))
    for figure_id in ("complete.cells", "complete.agencies", "complete.events"):
        was, now = before[figure_id], after[figure_id]
        if was.value is None or now.value is None:
            continue
        assert (now.k, now.n) == (was.k, was.n)
        assert (now.bounds or (0, now.value))[1] >= (was.bounds or (0, was.value))[1]
        assert now.interval[1] >= was.interval[1] - 1e-12


@settings(max_examples=25, deadline=None)
@given(presses(), registers())
def test_every_value_lies_in_its_interval_and_every_gap_has_a_reason(rows, events):
    for figure in figures(measured(rows, events)).values():
        if figure.value is None:
            assert figure.status is not Status.OK
            assert figure.reason
        elif figure.interval is None:
            assert figure.reason
        else:
            low, high = figure.interval
            assert low - 1e-9 <= figure.value
            assert high is None or figure.value <= high + 1e-9


def test_weeks_and_gaps_of_a_known_month():
    july = month("2026-07")
    rows = [row(1, "bao_a", "16/06 08:00"), row(2, "bao_a", "20/06 08:00")]
    found = figures(measured(rows))
    assert found["regular.weeks"].k == 1
    assert found["regular.longest_gap"].value == (july.end - date(2026, 6, 20)).days
    assert between(july.start, july.end).days == 30


def test_the_answer_to_criticism_is_an_event_of_the_agency_after_it():
    rows = [
        row(n, "bao_a", "01/07 08:00", story_id=n, tone="phe_phan", focus=("BNV",))
        for n in range(1, 13)
    ]
    answered = [event(n, "02/07 08:00", n) for n in range(1, 9)]
    figure = one("context.answer_median", rows, answered)
    assert (figure.value, figure.k, figure.n) == (24.0, 8, 12)


def test_moments_are_vietnamese():
    assert at(NINE) == datetime.fromisoformat("2026-07-01T09:00:00+07:00")


def test_a_year_that_nobody_watched_is_not_a_year_without_news():
    rows = [row(n, "bao_a", "01/07 08:00") for n in range(1, 4)]
    polls = [*watched(), *watched(JULY.previous())]
    found = figures(profile(holdings(rows, polls=polls), JULY, plan="x", agency="BNV"))
    for figure_id in ("context.continuing", "context.stories", "context.placements"):
        assert (found[figure_id].previous, found[figure_id].year_before) == (0.0, None)


# --- what stands beside the figures


@pytest.mark.parametrize(
    ("last", "every", "told"),
    [
        # News once in three days: ten silent days are many, eight are not.
        ("04/07 09:00", 3, ["Im lặng 10 ngày tính đến hết kỳ; 12 tháng qua thường 3 ngày có tin"]),
        ("06/07 09:00", 3, []),
        # News once in three weeks.
        ("18/06 09:00", 21, []),
        # No year is stored: only a whole month of silence is told.
        ("18/06 09:00", 0, []),
    ],
)
def test_silence_is_told_against_what_is_usual(last, every, told):
    end = JULY.end
    year = [end - timedelta(days=n) for n in range(30, 365, every)] if every else []
    found = measured([row(1, "bao_a", last)], agency="BNV", year_days=year)
    notes = [note for note in found.notes if note.startswith("Im lặng")]
    assert [note[: len(words)] for note, words in zip(notes, told, strict=True)] == told


def test_an_article_that_repeats_the_portal_whole_reuses_all_of_it():
    rows = [
        replace(row(n, "bao_a", "02/07 09:00"), headline="Tít khác hẳn của bài", description="",
                portal_text_id=100 + n if n <= 3 else 999)
        for n in range(1, 7)
    ]  # fmt: skip
    events = [
        event(n, NINE, n, text="Bộ Nội vụ công bố danh mục thủ tục", article_id=100 + n)
        for n in range(1, 7)
    ]
    assert one("context.text_reuse", rows, events).value == 0.5
    # Whatever portal it is: three repeat this one, three another.
    assert one("context.portal_text", rows).value == 1.0
    plain = [replace(each, portal_text_id=None) for each in rows]
    assert one("context.portal_text", plain).value == 0.0


def test_no_portal_watched_no_word_on_repeated_portals():
    polls = [each for each in watched() if each.outlet_id != "cong_bnv"]
    rows = [row(n, "bao_a", "02/07 09:00") for n in range(1, 7)]
    assert one("context.portal_text", rows, (), polls).status is Status.NOT_OBSERVED


# --- the periods compared with, releases, a promised frequency


def test_a_period_that_was_poorly_observed_is_told_beside_its_numbers():
    rows = [row(n, "bao_a", "01/07 08:00") for n in range(1, 4)]
    rows += [row(9, "bao_a", "01/06 08:00")]
    june = JULY.previous()
    silent = [(outlet, day) for outlet in ("bao_a", "bao_hue") for day in june.each_day()]
    polls = [*watched(), *watched(june, silent=silent)]
    found = profile(holdings(rows, polls=polls), JULY, plan="x", agency="BNV")
    assert (found.previous.is_watched, found.year_before.is_watched) == (False, False)
    assert found.previous.share_of_days == 0.5
    notes = "\n".join(found.notes)
    assert "Kỳ trước (15/05/2026–14/06/2026) mới quan sát được 2 trên 4 nguồn, 50%" in notes
    assert "Cùng kỳ năm trước (15/06/2025–14/07/2025) không quan sát được nguồn nào" in notes
    told = "\n".join(profile_lines(found, {}, "Bộ Nội vụ"))
    assert "kỳ trước 14,3% (chỉ quan sát được 50,0%), cùng kỳ năm trước –" in told
    compared = profile_json(found, {})["compared"]
    assert compared["previous"]["watched"] is False
    assert compared["year_before"]["observed"]["sources"] == 0


def test_agencies_with_a_release_source_are_those_of_the_country_whatever_the_scope():
    for agency, own in ((None, None), ("BNV", True), ("BTC", False)):
        found = measured(agency=agency)
        assert (found.agencies_with_releases, found.agencies_of, found.has_releases) == (1, 51, own)
    told = measured(agency="BTC", announcing={"BTC"})
    assert (told.agencies_with_releases, told.has_releases) == (2, True)


@pytest.mark.parametrize(
    ("days", "value", "met"),
    [
        (["16/06", "24/06", "01/07", "10/07"], 4.0, True),
        # Four numbers in one week are not four numbers a month.
        (["16/06", "17/06", "18/06", "19/06"], 1.0, False),
    ],
)
def test_a_promised_frequency_is_kept_only_where_no_stretch_is_empty(days, value, met):
    rows = [row(n, "bao_a", f"{day} 08:00") for n, day in enumerate(days, 1)]
    figure = one("regular.promised", rows, targets={"regular.promised": 4.0})
    assert (figure.value, figure.target, figure.met, figure.unit) == (value, 4.0, met, "per_month")
    assert one("regular.promised", rows).status is Status.NOT_APPLICABLE
