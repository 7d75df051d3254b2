"""The operator's own declarations: their rules, and what happens when their folder goes wrong."""

from __future__ import annotations

import pytest

from domain.agencies import read_register
from domain.outlet_rules import faults_of
from domain.outlets import OutletBook
from domain.settings import Settings
from domain.users import Access
from pipeline.opening import at_home, watched_outlets
from pipeline.own_outlets import NewOutlet, OutletsAnew, checked_outlet, keep_outlet
from tests.stored_press import NOW
from tests.web_house import add, visitor, web_house

REGISTER = read_register()
TOLD = NewOutlet(
    name="Báo Thử", kind="press", level="national", governing_body="Hội Ví dụ",
    domain="baothu.vn", sources=(("https://baothu.vn/rss", "feed"),),
)  # fmt: skip


@pytest.fixture
def house(tmp_path):
    return web_house(tmp_path)


def added(house):
    return keep_outlet(house, checked_outlet(house, REGISTER, TOLD))


def test_every_shipped_declaration_keeps_the_rules():
    book = watched_outlets(Settings())
    wrong = {
        each.id: faults
        for each in book
        if (faults := faults_of(each, _without(book, each.id), REGISTER, NOW.date()))
    }
    assert len(book) > 100
    assert wrong == {}


def _without(book, outlet_id):
    return OutletBook(each for each in book if each.id != outlet_id)


def test_a_deleted_file_is_no_longer_watched(house):
    watched = OutletsAnew(house)
    path = added(house)
    assert "bao_thu" in watched.current().outlets
    path.unlink()
    assert "bao_thu" not in watched.current().outlets


def test_an_own_outlet_is_watched_though_the_settings_name_others(house):
    added(house)
    crawl = Settings().crawl.model_copy(update={"outlets": ("vnexpress",)})
    settings = at_home(Settings(crawl=crawl), house.home)
    assert {each.id for each in watched_outlets(settings)} == {"vnexpress", "bao_thu"}


def test_an_own_declaration_stands_in_for_the_shipped_one(house):
    path = added(house)
    text = path.read_text(encoding="utf-8").replace('"bao_thu"', '"vnexpress"')
    path.write_text(text, encoding="utf-8")
    assert watched_outlets(at_home(Settings(), house.home))["vnexpress"].name == "Báo Thử"


def test_a_file_written_badly_leaves_the_outlets_as_they_were(house, caplog):
    watched = OutletsAnew(house)
    added(house)
    assert "bao_thu" in watched.current().outlets
    bad = house.own_outlets / "hong.toml"
    bad.write_text("id = [", encoding="utf-8")
    for _ in range(3):
        assert "bao_thu" in watched.current().outlets
    assert "hong.toml" in watched.problem
    assert len(caplog.records) == 1
    bad.unlink()
    assert "bao_thu" in watched.current().outlets
    assert watched.problem == ""


def test_a_folder_that_cannot_be_opened_takes_no_page_away(house, caplog):
    add(house, "an", Access.ADMINISTRATOR)
    guest = visitor(house)
    guest.sign_in("an")
    house.own_outlets.write_text("not a folder", encoding="utf-8")
    assert guest.get("/outlets/bao_mot").status_code == 200
    assert guest.get("/outlets").status_code == 200
    assert OutletsAnew(house).current().outlets is house.outlets
    assert any(str(house.own_outlets) in record.said for record in caplog.records)
