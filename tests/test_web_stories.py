"""Stories corrected in place: moved, parted, named the original, taken back, two at once told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.users import Access
from pipeline.group import group
from storage.audit_trail import deeds
from storage.database import reading
from storage.tables import bodies
from storage.versions import data_version
from tests.stored_press import DAY, put
from tests.test_copies import STORY
from tests.web_house import add, visitor, web_house
from web.visits import LANGUAGE_COOKIE


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "bien", Access.EDITOR)
    add(found, "doc", Access.READER)
    add(found, "bnv", Access.OFFICER, "BNV")
    add(found, "btc", Access.OFFICER, "BTC")
    return found


def signed_in(house, name):
    guest = visitor(house)
    guest.sign_in(name)
    return guest


@pytest.fixture
def editor(house):
    return signed_in(house, "bien")


@pytest.fixture
def press(house):
    """A story of two, and one article alone."""
    first, copy = put(house, 1), put(house, 2, "bao_hai", DAY + timedelta(hours=3))
    alone = put(house, 3, at=DAY + timedelta(days=1), headline="Chuyện khác")
    with house.engine.begin() as connection:
        connection.execute(
            update(bodies)
            .where(bodies.c.article_id.in_((first, copy)))
            .values(body="\n".join(STORY))
        )
    group(house)
    return first, copy, alone


def seen(guest, number):
    page = guest.get(f"/articles/{number}").text
    return re.search(r'name="seen" value="([^"]*)"', page[page.index('id="story"') :])[1]


def said(guest, number, how, **fields):
    given = {"seen": seen(guest, number), "reason": "đọc cả hai bài"}
    return guest.post(f"/articles/{number}/story", {**given, "how": how, **fields})


def story_of(guest, number):
    return re.search(r'href="/stories/(\d+)"', guest.get(f"/articles/{number}").text)[1]


def test_an_article_is_moved_shown_as_corrected_and_stays(house, editor, press):
    first, copy, alone = press
    with reading(house.engine) as connection:
        before = data_version(connection)
    answer = said(editor, copy, "join", target="https://bao_mot.test/bai-3.html?utm_source=x")
    assert answer.status_code == 303
    group(house)
    assert story_of(editor, copy) == story_of(editor, alone) != story_of(editor, first)
    page = editor.get(f"/articles/{copy}").text
    assert "đã sửa" in page and "(đọc cả hai bài)" in page
    assert f"cùng câu chuyện với bài số {alone}" in page
    story = editor.get(f"/stories/{story_of(editor, copy)}").text
    assert "2 báo, 2 tin, bài" in story and f"bài số {copy}" in story
    with reading(house.engine) as connection:
        assert data_version(connection) != before, "figures are worked out anew"
        assert ("correct", f"article {copy}", "story join") in [
            (deed.action, deed.object, deed.detail) for _, deed in deeds(connection, limit=5)
        ]


def headline_of_story(guest, number):
    return re.search("<h1>(.*?)</h1>", guest.get(f"/stories/{story_of(guest, number)}").text)[1]


def test_an_original_is_named_and_taken_back(house, editor, press):
    first, copy, _ = press
    assert headline_of_story(editor, first).endswith("số 1")
    assert said(editor, copy, "original").status_code == 303
    group(house)
    assert headline_of_story(editor, first).endswith("số 2")
    assert said(editor, copy, "not_original").status_code == 303
    assert headline_of_story(editor, first).endswith("số 1")
    history = editor.get(f"/articles/{copy}").text
    assert "→ là bản gốc của câu chuyện" in history
    assert "→ để máy chọn lại bản gốc" in history


def test_two_people_at_once_are_told(house, editor, press):
    first, copy, _ = press
    stale = seen(editor, copy)
    assert said(signed_in(house, "bnv"), first, "alone").status_code == 303
    answer = said(editor, copy, "alone", seen=stale)
    assert answer.status_code == 400 and "Câu chuyện vừa thay đổi" in answer.text


@pytest.mark.parametrize(
    ("how", "fields", "told"),
    [
        ("join", {"target": "https://khong.test/co.html"}, "Không có bài"),
        ("join", {"target": ""}, "Ghi địa chỉ hoặc số"),
        ("join", {"target": "<script>alert(1)</script>"}, "không phải địa chỉ"),
        ("alone", {"reason": " "}, "Ghi lý do sửa"),
        ("xoa", {}, "cách sửa"),
        ("machine", {}, "Chưa có ai chuyển"),
    ],
)
def test_what_cannot_be_meant_is_told_and_changes_nothing(house, editor, press, how, fields, told):
    _, copy, _ = press
    before = seen(editor, copy)
    answer = said(editor, copy, how, **fields)
    assert answer.status_code == 400 and told in answer.text
    assert "<script>alert" not in answer.text
    assert seen(editor, copy) == before


@pytest.mark.parametrize("who", ["doc", "btc"])
def test_a_story_of_another_agency_is_not_touched(house, editor, press, who):
    first, *_ = press
    guest = signed_in(house, who)
    assert 'id="story"' not in guest.get(f"/articles/{first}").text
    answer = guest.post(
        f"/articles/{first}/story",
        {"seen": seen(editor, first), "how": "alone", "reason": "thử"},
    )
    assert answer.status_code == 403
    assert editor.post("/articles/99/story", {"how": "alone"}).status_code == 404


def test_the_words_on_a_story_are_there_in_english(house, editor, press):
    _, copy, _ = press
    said(editor, copy, "alone")
    editor.client.cookies.set(LANGUAGE_COOKIE, "en")
    page = editor.get(f"/articles/{copy}").text
    assert "→ is a story of its own" in page
    assert "the machine group it again" in page
