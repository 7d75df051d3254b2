"""An administrator adds an outlet from the page: checked like the shipped ones, watched at once."""

from __future__ import annotations

import pytest

from domain.outlets import read_outlet
from domain.users import Access
from pipeline.own_outlets import OutletsAnew
from storage.audit_trail import deeds
from storage.database import reading
from tests.web_house import add, visitor, web_house

FILLED = {
    "name": "Báo Ví Dụ Mới", "kind": "press", "level": "national", "governing_body": "Hội Ví dụ",
    "domain": "baovidumoi.vn", "url1": "https://baovidumoi.vn/rss/tin-moi.rss", "kind1": "feed",
}  # fmt: skip


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "an", Access.ADMINISTRATOR)
    add(found, "binh", Access.EDITOR)
    return found


@pytest.fixture
def guest(house):
    found = visitor(house)
    found.sign_in("an")
    return found


def test_an_added_outlet_is_watched_without_a_restart(house, guest):
    before = OutletsAnew(house)
    answer = guest.post("/outlets/new", FILLED)
    assert answer.status_code == 303, answer.text
    page = guest.get(answer.headers["location"]).text
    assert "Đã khai báo Báo Ví Dụ Mới" in page
    assert "diembao outlets check bao_vi_du_moi" in page
    assert "Báo Ví Dụ Mới" in guest.get("/outlets/bao_vi_du_moi").text
    watched = before.current().outlets["bao_vi_du_moi"]
    assert [source.url for source in watched.sources] == [FILLED["url1"]]
    assert watched.sources[0].certainty == "guessed"
    with reading(house.engine) as connection:
        assert any(deed.object == "bao_vi_du_moi" for _, deed in deeds(connection, limit=5))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"governing_body": ""}, "Ghi cơ quan chủ quản"),
        ({"level": "provincial"}, "Chọn tỉnh, thành phố"),
        ({"domain": "192.168.1.4", "url1": "http://192.168.1.4/rss"}, "mạng nội bộ"),
        ({"domain": "vnexpress.net", "url1": "https://vnexpress.net/rss/a.rss"}, "vnexpress"),
        ({"kind": "blog"}, "blog"),
        ({"url1": "ftp://baovidumoi.vn/a"}, "ftp"),
    ],
)
def test_what_cannot_be_declared_is_told_and_nothing_is_lost(house, guest, changed, said):
    answer = guest.post("/outlets/new", FILLED | changed)
    assert answer.status_code == 400, answer.text
    assert said in answer.text
    assert 'value="Báo Ví Dụ Mới"' in answer.text
    assert not list(house.own_outlets.glob("*"))


def test_a_name_that_looks_like_a_declaration_stays_a_name(house, guest):
    name = '"] [[domains]] host = "x.vn" #'
    assert guest.post("/outlets/new", FILLED | {"name": name}).status_code == 303
    (path,) = house.own_outlets.iterdir()
    outlet = read_outlet(path)
    assert outlet.name == name
    assert [domain.host for domain in outlet.domains] == ["baovidumoi.vn"]


def test_the_same_outlet_is_not_declared_twice(house, guest):
    guest.post("/outlets/new", FILLED)
    assert guest.post("/outlets/new", FILLED).status_code == 400
    assert len(list(house.own_outlets.iterdir())) == 1


def test_an_editor_adds_none(house):
    guest = visitor(house)
    guest.sign_in("binh")
    assert guest.get("/outlets/new").status_code == 403
    assert guest.post("/outlets/new", FILLED).status_code == 403
