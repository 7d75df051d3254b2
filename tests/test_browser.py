"""The pages in a real browser: what an officer does on the first day, by mouse and by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from domain.users import Access
from storage.search import index_pending
from tests.browser import at_browser, needs_axe, needs_chromium, served
from tests.stored_press import DAY, as_one_story, put
from tests.web_house import add, web_house

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    house = web_house(tmp_path_factory.mktemp("browser"))
    add(house, "an", Access.ADMINISTRATOR)
    add(house, "lan", Access.OFFICER, "BNV")
    numbers = [put(house, n, at=DAY + timedelta(hours=n)) for n in range(8)]
    copy = put(house, 20, "bao_hai", DAY + timedelta(hours=3), headline="Đăng lại bài số không")
    release = put(house, 21, "cong_bnv", DAY - timedelta(hours=1), headline="Thông cáo một cửa")
    as_one_story(house, numbers[0], copy, release)
    one_stop = put(house, 22, at=DAY + timedelta(days=1), headline="Bộ Nội vụ khen một cửa ở xã")
    later = put(house, 23, "bao_hai", DAY + timedelta(days=2), headline="Một cửa ở xã được khen")
    as_one_story(house, one_stop, later)
    put(house, 24, "cong_bnv", DAY + timedelta(days=3), headline="Thông cáo: một cửa liên thông")
    with house.engine.begin() as connection:
        index_pending(connection, limit=1_000)
    with served(house) as root:
        yield root


@pytest.fixture
def reader(root):
    with at_browser(root) as reader:
        reader.sign_in("an")
        yield reader
        assert reader.complaints == []


def test_search_filter_and_story(reader):
    reader.page.click("nav >> text=Tìm bài")
    reader.page.fill("input[name=q]", "cong bo")
    reader.page.press("input[name=q]", "Enter")
    reader.page.wait_for_selector("text=8 bài")
    reader.page.click("aside >> text=Báo bao_mot")
    reader.page.wait_for_url("**outlet=bao_mot**")
    reader.page.click("text=Bộ Nội vụ công bố việc số 0")
    reader.page.click("text=Câu chuyện và các lần đăng lại")
    assert "Đăng lại bài số không" in reader.text()
    assert "bản gốc" in reader.text()


def test_an_officer_asks_of_their_ministry_on_the_first_day(root):
    """What was written on one-stop service in July, who was first, what was not picked up."""
    with at_browser(root) as officer:
        officer.sign_in("lan")
        officer.page.click("nav >> text=Bộ Nội vụ")
        officer.page.click(".months >> text=07/2026")
        officer.page.wait_for_url("**month=2026-07**")
        officer.settled()
        officer.page.fill("input[name=q]", "một cửa")
        officer.page.press("input[name=q]", "Enter")
        officer.page.wait_for_selector("main .lead:has-text('một cửa')")
        answers = officer.page.inner_text(".answers")
        assert re.sub(r"\s+", " ", answers).strip() == (
            "2 câu chuyện tìm thấy trên báo chí Báo bao_mot đăng đầu nhiều nhất: 2 lần "
            "1/2 tin đã công bố mà báo chí chưa đăng"
        )
        officer.page.click(".answers >> text=chưa đăng")
        officer.page.click("text=Thông cáo: một cửa liên thông")
        assert "Thân bài." in officer.text()
        officer.page.go_back()
        officer.page.click("text=Bộ Nội vụ khen một cửa ở xã")
        assert "Một cửa ở xã được khen" in officer.text()
        assert officer.complaints == []


#: What the first page may weigh, with its style, scripts and icon.
HEAVIEST = 400_000


def test_the_first_page_is_light(root):
    with at_browser(root) as reader:
        reader.sign_in("an")
        answers = []
        reader.page.on("response", lambda answer: answers.append(answer))
        reader.page.context.new_cdp_session(reader.page).send("Network.setCacheDisabled",
                                                              {"cacheDisabled": True})  # fmt: skip
        reader.page.goto(f"{root}/", wait_until="networkidle")
        sizes = [each.request.sizes() for each in answers]
        assert len(sizes) > 1
        weight = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
        assert weight < HEAVIEST


def test_a_correction_changes_the_figure_at_once(reader):
    address = "/areas/thu_tuc?from=2026-07-01&to=2026-07-14"
    reader.go(address)
    before = reader.text()
    assert "việc số 5" not in before
    reader.go("/search?q=%22vi%E1%BB%87c+s%E1%BB%91+5%22")
    reader.page.click("text=Bộ Nội vụ công bố việc số 5")
    reader.page.check("#correct input[name=areas][value=thu_tuc]")
    reader.page.fill("#correct input[name=reason]", "Bài nói về thủ tục một cửa")
    reader.page.click("#correct button")
    reader.page.wait_for_selector("text=đã sửa")
    reader.go(address)
    assert "việc số 5" in reader.text()


def test_a_report_is_made_and_downloaded(reader, tmp_path):
    reader.page.click("nav >> text=Báo cáo")
    reader.page.fill("input[name=month]", "2026-07")
    reader.page.click("main form button")
    reader.page.wait_for_selector("text=Đã làm xong", timeout=60_000)
    with reader.page.expect_download() as waiting:
        reader.page.click("main table a[href^='/reports/']:has-text('.xlsx')")
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    assert "Tổng hợp" in load_workbook(kept, read_only=True).sheetnames


def test_the_queue_is_worked_by_keyboard(reader):
    reader.go("/review")
    reader.page.click("text=Rút thêm bài")
    reader.page.wait_for_selector("article.review")
    first = reader.page.inner_text("article.review h2")
    waiting = reader.page.inner_text("main .lead")
    reader.page.keyboard.press("1")
    expect(reader.page.locator("main .lead")).not_to_have_text(waiting, use_inner_text=True)
    reader.page.keyboard.press("z")
    expect(reader.page.locator("main .lead")).to_have_text(waiting, use_inner_text=True)
    assert first in reader.text()


def test_the_language_is_switched_and_stays(reader):
    reader.page.click("text=English")
    reader.page.wait_for_selector("nav >> text=Search")
    reader.go("/map")
    assert reader.page.get_attribute("html", "lang") == "en"
    reader.page.click("text=Tiếng Việt")
    reader.page.wait_for_selector("nav >> text=Bản đồ")


PAGES = (
    "/", "/search?q=viec", "/agencies", "/agencies/BNV", "/areas", "/areas/so", "/map",
    "/events", "/feedback", "/alerts", "/review", "/reports", "/outlets", "/outlets/bao_mot",
    "/outlets/new", "/articles/new", "/runs", "/admin", "/password",
)  # fmt: skip


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_a_reader_out(root, scheme):
    faults = {}
    with at_browser(root, scheme=scheme) as reader:
        reader.go("/login")
        faults["/login"] = reader.faults()
        reader.sign_in("an")
        for path in (*PAGES, *stories_and_articles(reader)):
            reader.go(path)
            faults[path] = reader.faults()
        assert reader.complaints == []
    assert {path: found for path, found in faults.items() if found} == {}


def stories_and_articles(reader):
    reader.go("/search?q=&all=1")
    article = reader.page.get_attribute("ol.stories a", "href")
    reader.go(article)
    return article, reader.page.get_attribute("a[href^='/stories/']", "href")


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_no_page_is_wider_than_its_window(root, width):
    wide = {}
    with at_browser(root, width=width) as reader:
        reader.sign_in("an")
        for path in (*PAGES, *stories_and_articles(reader)):
            reader.go(path)
            wide[path] = reader.page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in wide.items() if found > width} == {}


def test_everything_is_reached_by_the_tab_key(reader):
    reader.go("/search?q=viec")
    reached = set()
    for _ in range(80):
        reader.page.keyboard.press("Tab")
        reached.add(reader.page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
    assert any("skip" in each for each in reached)
    assert any('name="q"' in each for each in reached)
    assert any("/articles/" in each for each in reached)


def test_an_administrator_adds_an_outlet(tmp_path):
    house = web_house(tmp_path)
    add(house, "an", Access.ADMINISTRATOR)
    with served(house) as root, at_browser(root) as reader:
        reader.sign_in("an")
        declare_an_outlet(reader)
        assert reader.complaints == []


def declare_an_outlet(reader):
    reader.go("/outlets")
    reader.page.click("text=Thêm nơi đăng")
    reader.page.fill("input[name=name]", "Báo Thử Trình Duyệt")
    reader.page.fill("input[name=governing_body]", "Hội Ví dụ")
    reader.page.fill("input[name=domain]", "baothutrinhduyet.vn")
    reader.page.fill("input[name=url1]", "https://baothutrinhduyet.vn/rss")
    reader.page.click("main form button")
    reader.page.wait_for_selector("text=Đã khai báo Báo Thử Trình Duyệt")
    assert "Báo Thử Trình Duyệt" in reader.text()
