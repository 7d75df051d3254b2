"""Press feedback on the pages: who answers a criticism, until when, and what is overdue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, insert, select, update

from domain.errors import UsageError
from domain.feedback import FeedbackState, FeedbackStep
from domain.users import Access
from storage.database import reading
from storage.feedback import add_step, feedback_items, feedback_of_stories
from storage.tables import article_agencies, articles, audit_trail
from tests.stored_press import DAY, NOW, WEEK, as_one_story, put
from tests.web_house import Hands, add, visitor, web_house, with_clock

MONTH = "from=2026-06-15&to=2026-07-14"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "an", Access.EDITOR)
    add(found, "lan", Access.OFFICER, "BNV")
    add(found, "tai", Access.OFFICER, "BTC")
    return found


def criticise(house, number, *args, tone="phe_phan", **given):
    article = put(house, number, *args, **given)
    with house.engine.begin() as connection:
        connection.execute(update(articles).where(articles.c.id == article).values(tone=tone))
    return article


def said(article, state=FeedbackState.ASSIGNED, **given):
    values = {"person": "Vụ Cải cách hành chính", "author": "an", "at": NOW} | given
    return FeedbackStep(article_id=article, agency_id="BNV", state=state, **values)


def items(house, **given):
    with reading(house.engine) as connection:
        return feedback_items(connection, *WEEK, **given)


def signed_in(house, name):
    found = visitor(house)
    found.sign_in(name)
    return found


def test_every_criticism_of_the_press_is_an_item_that_is_new(house):
    critical = criticise(house, 1)
    criticise(house, 2, "cong_bnv")  # an agency's own voice criticises nobody
    put(house, 3)
    criticise(house, 4, relevant=False)
    (item,) = items(house)
    assert (item.article_id, item.feedback.state) == (critical, FeedbackState.NEW)


def test_copies_of_one_story_are_one_item(house):
    first, copy = criticise(house, 1), criticise(house, 2, "bao_hai", DAY + timedelta(hours=2))
    as_one_story(house, first, copy)
    (item,) = items(house)
    assert (item.article_id, item.outlets, item.articles) == (first, 2, 2)


def test_a_step_follows_its_article_into_another_story(house):
    first, copy = criticise(house, 1), criticise(house, 2, "bao_hai", DAY + timedelta(hours=2))
    with house.engine.begin() as connection:
        add_step(connection, said(copy))
    story = as_one_story(house, first, copy)
    (item,) = items(house)
    assert item.feedback.state is FeedbackState.ASSIGNED
    with reading(house.engine) as connection:
        (told,) = feedback_of_stories(connection, [story])[story]
        assert feedback_of_stories(connection, [story], until=NOW) == {}
    assert told.last is not None
    assert told.last.article_id == copy


def test_two_agencies_answer_for_themselves(house):
    article = criticise(house, 1)
    with house.engine.begin() as connection:
        row = {"article_id": article, "agency_id": "BTC", "role": "focus", "via_legacy_name": False}
        connection.execute(insert(article_agencies).values(row))
        add_step(connection, said(article))
    states = {each.feedback.agency_id: each.feedback.state for each in items(house)}
    assert states == {"BNV": FeedbackState.ASSIGNED, "BTC": FeedbackState.NEW}


@pytest.mark.parametrize(
    ("state", "deadline", "overdue"),
    [
        (FeedbackState.ASSIGNED, date(2026, 7, 19), True),
        (FeedbackState.ASSIGNED, date(2026, 7, 20), False),  # the last day is still in time
        (FeedbackState.ASSIGNED, None, False),
        (FeedbackState.ANSWERED, date(2026, 7, 1), False),
        (FeedbackState.NOT_FEEDBACK, date(2026, 7, 1), False),
    ],
)
def test_what_is_open_beyond_its_deadline_is_overdue(house, state, deadline, overdue):
    article = criticise(house, 1)
    with house.engine.begin() as connection:
        add_step(connection, said(article, state, deadline=deadline, note="qua công văn"))
    guest = signed_in(house, "an")
    page = guest.get(f"/feedback?{MONTH}&state=qua_han").text
    assert (f"/feedback/{article}/BNV" in page) is overdue


def test_an_officer_gives_it_to_somebody_and_records_the_answer(house):
    article = criticise(house, 1)
    guest = signed_in(house, "lan")
    path = f"/feedback/{article}/BNV"
    assert path in guest.get(f"/feedback?{MONTH}&state=moi&agency=BNV").text
    given = {"seen": "0", "state": "da_giao", "person": "Chị Hoa", "deadline": "2026-07-25"}
    assert guest.post(path, given, at=path).status_code == 303
    page = guest.get(f"/feedback?{MONTH}").text
    assert "Chị Hoa" in page
    assert "25/07/2026" in page
    answer = "https://moha.gov.vn/tra-loi"
    given = {"seen": "1", "state": "da_phan_hoi", "answer_url": answer}
    assert guest.post(path, given, at=path).status_code == 303
    history = guest.get(path).text
    assert "Chị Hoa" in history
    assert answer in history
    with reading(house.engine) as connection:
        deeds = connection.scalars(
            select(audit_trail.c.detail).where(audit_trail.c.action == "feedback")
        ).all()
    assert deeds == ["da_giao", "da_phan_hoi"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"state": "da_giao"}, "người được giao"),
        ({"state": "da_phan_hoi"}, "đường dẫn tới phản hồi"),
        ({"state": "khong_phai"}, "lý do"),
        ({"state": "da_phan_hoi", "answer_url": "javascript:alert(1)"}, "https://"),
        ({"state": "xong"}, "Không có tình trạng"),
        ({"state": "da_giao", "person": "Hoa", "deadline": "31/02/2026"}, "không phải ngày"),
        ({"state": "da_giao", "person": "Hoa", "seen": "4"}, "Có người vừa ghi"),
    ],
)
def test_a_step_that_says_too_little_is_refused_and_told(house, given, told):
    path = f"/feedback/{criticise(house, 1)}/BNV"
    answer = signed_in(house, "an").post(path, {"seen": "0"} | given, at=path)
    assert answer.status_code == 400
    assert told in answer.text
    assert items(house)[0].feedback.steps == ()


def test_of_people_who_write_in_the_same_instant_one_is_kept(house):
    article = criticise(house, 1)
    together = Barrier(4)

    def write(number: int) -> bool:
        together.wait()
        try:
            with house.engine.begin() as connection:
                add_step(connection, said(article, person=f"Người {number}"), after=0)
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(4) as people:
        kept = list(people.map(write, range(4)))
    assert kept.count(True) == 1
    assert len(items(house)[0].feedback.steps) == 1


def test_another_agencys_officer_may_look_and_not_write(house):
    path = f"/feedback/{criticise(house, 1)}/BNV"
    guest = signed_in(house, "tai")
    assert "Ghi bước tiếp theo" not in guest.get(path).text
    given = {"seen": "0", "state": "khong_phai", "note": "bài nói về bộ khác"}
    assert guest.post(path, given).status_code == 403
    assert items(house)[0].feedback.steps == ()


def test_a_form_of_elsewhere_or_after_signing_out_does_nothing(house):
    path = f"/feedback/{criticise(house, 1)}/BNV"
    guest = signed_in(house, "an")
    given = {"seen": "0", "state": "khong_phai", "note": "x"}
    assert guest.client.post(path, data=given | {"csrf": "0" * 64}).status_code == 403
    token = guest.token(path)
    guest.post("/logout")
    assert guest.client.post(path, data=given | {"csrf": token}).status_code in (303, 403)
    assert items(house)[0].feedback.steps == ()


def test_what_people_and_the_press_write_runs_nowhere(house):
    article = criticise(house, 1, headline=f"{SCRIPT} một cửa")
    with house.engine.begin() as connection:
        add_step(connection, said(article, person=SCRIPT, note=SCRIPT))
    guest = signed_in(house, "an")
    for path in (f"/feedback?{MONTH}", f"/feedback/{article}/BNV"):
        assert SCRIPT not in guest.get(path).text


@pytest.mark.parametrize("value", ["' OR 1=1 --", "\x00", "%00", "{{7*7}}", SCRIPT, "é" * 500])
@pytest.mark.parametrize("name", ["state", "agency", "from", "to", "month"])
def test_no_parameter_is_taken_for_a_command(house, name, value):
    answer = signed_in(house, "an").get("/feedback", params={name: value})
    assert 400 <= answer.status_code < 500
    assert SCRIPT not in answer.text


@pytest.mark.parametrize("path", ["/feedback/1/BNV", "/feedback/x/BNV", "/feedback/1/%27%20OR",
                                  "/feedback/99999999999999999999/BNV"])  # fmt: skip
def test_an_unknown_item_is_not_found(house, path):
    assert signed_in(house, "an").get(path).status_code == 404


def test_a_criticism_that_was_corrected_away_is_no_item_any_more(house):
    article = criticise(house, 1)
    with house.engine.begin() as connection:
        connection.execute(delete(article_agencies).where(article_agencies.c.article_id == article))
    assert items(house) == []


def test_the_page_speaks_english(house):
    criticise(house, 1)
    guest = signed_in(house, "an")
    guest.post("/language", {"language": "en"})
    page = guest.get(f"/feedback?{MONTH}").text
    assert "Answers to the press" in page
    assert "overdue" in page


def test_a_day_later_the_deadline_has_passed(house):
    clock = Hands()
    article = criticise(house, 1)
    with house.engine.begin() as connection:
        add_step(connection, said(article, deadline=date(2026, 7, 20)))
    guest = signed_in(with_clock(house, clock), "an")
    path = f"/feedback/{article}/BNV"
    assert "quá hạn" not in guest.get(path).text
    clock.pass_by(hours=16)
    guest.sign_in("an")
    assert "quá hạn" in guest.get(path).text
