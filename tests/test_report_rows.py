"""What a report reads from the database: the same numbers as from every row, and less of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from domain.agencies import read_register
from domain.feedback import FeedbackState, FeedbackStep
from domain.periods import between, month
from measures.month import measure_month
from pipeline.context import Context
from pipeline.measure import month_report
from storage.database import reading
from storage.feedback import add_step
from storage.rows import article_rows, outlet_days, source_days, statements
from storage.tables import article_agencies, articles, polls, sources
from tests.stored_press import DAY, NOW, WEEK, as_one_story, open_house, put

REGISTER = read_register()
PERIOD = between(date(2026, 7, 1), date(2026, 7, 14))


@pytest.fixture
def house(tmp_path: Path) -> Context:
    held = open_house(tmp_path)
    for number in range(12):
        outlet_id = ("bao_mot", "bao_hai", "cong_bnv")[number % 3]
        at = DAY + timedelta(days=number % 5 - 2 if number < 8 else -10)
        put(held, number, outlet_id, at, relevant=number % 2 == 0)
    return held


def test_counting_what_is_off_the_subject_gives_the_figures_of_reading_it(house):
    since, until = PERIOD.bounds()
    earlier, _ = PERIOD.previous().bounds()
    with reading(house.engine) as connection:
        days = source_days(connection, earlier, until)
        whole = [article_rows(connection, *span) for span in ((since, until), (earlier, since))]
        told = [
            article_rows(connection, *span, whole_stories=True)
            for span in ((since, until), (earlier, since))
        ]
        read = outlet_days(connection, earlier, until)
    asked = (days, REGISTER, PERIOD, house.outlets, house.settings.measure)
    every = measure_month(whole[0], *asked, previous_rows=whole[1])
    counted = measure_month(told[0], *asked, previous_rows=told[1], read=read)
    assert len(told[0]) < len(whole[0]) and every.totals.articles > 0
    assert counted == every


def test_a_story_that_an_off_subject_text_began_is_not_new_in_the_period(house):
    midnight, _ = PERIOD.bounds()
    first = put(house, 70, "bao_hai", midnight - timedelta(minutes=1), relevant=False)
    later = put(house, 71, "bao_mot", midnight)
    story = as_one_story(house, first, later)
    timing = month_report(house, REGISTER, PERIOD).figures.timing
    assert story not in {line.story_id for line in timing.stories}
    assert timing.begun_before == 1


def test_all_texts_of_a_relevant_story_are_read(house):
    with reading(house.engine) as connection:
        told = article_rows(connection, *WEEK, whole_stories=True)
        every = article_rows(connection, *WEEK)
    stories = {row.story_id for row in every if row.relevant}
    assert {row.article_id for row in told} == {
        row.article_id for row in every if row.relevant or row.story_id in stories
    }


def test_what_agencies_may_have_said_comes_with_their_portals(house):
    with reading(house.engine) as connection:
        said = list(statements(connection, *WEEK, agencies=["BTC"], portals=["cong_bnv"]))
    assert said and {row.outlet_id for row in said} == {"cong_bnv"}


@pytest.mark.parametrize(
    ("period", "agency", "said"),
    [
        (month("2025-03"), "BKHDT", "Bộ Kế hoạch và Đầu tư (đến hết ngày 28/02/2025)"),
        # Whoever asks for the heir is told of what went into it in that month.
        (month("2025-03"), "BTC", "Bộ Kế hoạch và Đầu tư (đến hết ngày 28/02/2025)"),
        (month("2026-07"), "BKHDT", "Số liệu của Bộ Tài chính gồm cả"),
        (month("2026-07"), "BTC", ""),
        (month("2026-07"), None, ""),
    ],
)
def test_a_report_names_the_agencies_that_were_merged_into_its_own(house, period, agency, said):
    note = month_report(house, REGISTER, period, agency=agency).scope_note
    assert said in note
    assert bool(note) is bool(said)


def test_what_people_recorded_of_an_answer_stands_in_the_report(house):
    number = put(house, 90, "bao_mot", DAY, headline="Dân chờ cả buổi ở một cửa")
    with house.engine.begin() as connection:
        connection.execute(update(articles).where(articles.c.id == number).values(tone="phe_phan"))
        add_step(
            connection,
            FeedbackStep(
                article_id=number,
                agency_id="BNV",
                state=FeedbackState.ASSIGNED,
                person="Nguyễn Thị Lan",
                deadline=date(2026, 7, 10),
                author="Lan",
                at=NOW,
            ),
        )
    found = month_report(house, REGISTER, PERIOD, agency="BNV").highlights.criticism
    (step,) = [each.feedback[0].last for each in found if each.feedback]
    assert step.person == "Nguyễn Thị Lan"


def test_steps_of_agencies_that_became_one_are_one_answer(house):
    """Else the heir stands twice in a row: once as asked to answer, once as having answered."""
    number = put(house, 91, "bao_mot", DAY, headline="Vốn đầu tư công chậm, dân chờ")
    with house.engine.begin() as connection:
        connection.execute(update(articles).where(articles.c.id == number).values(tone="phe_phan"))
        connection.execute(
            insert(article_agencies),
            [
                {"article_id": number, "agency_id": agency, "role": "focus"}
                for agency in ("BKHDT", "BTC")
            ],
        )
        step = FeedbackStep(
            article_id=number, agency_id="BTC", state=FeedbackState.ANSWERED,
            note="đã trả lời trên cổng", author="Lan", at=NOW,
        )  # fmt: skip
        asked = replace(
            step, agency_id="BKHDT", state=FeedbackState.ASSIGNED, person="Lan",
            at=NOW - timedelta(days=1),
        )  # fmt: skip
        add_step(connection, step)
        add_step(connection, asked)
    for agency in (None, "BTC"):
        found = month_report(house, REGISTER, PERIOD, agency=agency).highlights.criticism
        (answer,) = [one for each in found for one in each.feedback]
        assert (answer.agency_id, answer.state) == ("BTC", FeedbackState.ANSWERED)


@pytest.mark.parametrize(("outcome", "told"), [("ok", 0), ("timeout", None)])
def test_a_year_ago_in_which_no_poll_was_answered_is_not_a_year_ago_without_news(
    house, outcome, told
):
    with house.engine.begin() as connection:
        source = connection.scalar(select(sources.c.id).limit(1))
        connection.execute(
            insert(polls).values(
                source_id=source, at=DAY - timedelta(days=365), outcome=outcome, items=0
            )
        )
    assert month_report(house, REGISTER, PERIOD).breakdown.year_before_stories == told
