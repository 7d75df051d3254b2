"""The pages: what they show, corrections in place, reports, review, events."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from domain.codes import DatePrecision
from domain.events import EventKind, EventState, OfficialEvent
from domain.review import Drawn, Reason
from domain.users import Access
from storage.audit_trail import deeds
from storage.database import reading
from storage.events import add_events, list_events
from storage.findings import current_finding
from storage.review import decided, put_in_queue
from storage.search import index_pending
from storage.tables import articles, bodies, corrections, exports
from tests.stored_press import DAY, NOW, as_one_story, put
from tests.web_house import add, visitor, web_house
from web.languages import NAMES, translations
from web.passages import asked_phrases, copied_share, copied_spans, found_spans, marked

MONTH = "from=2026-06-15&to=2026-07-14"
TEMPLATES = Path(__file__).parents[1] / "web" / "templates"


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "bien", Access.EDITOR)
    add(found, "doc", Access.READER)
    add(found, "bnv", Access.OFFICER, "BNV")
    add(found, "btc", Access.OFFICER, "BTC")
    return found


@pytest.fixture
def editor(house):
    guest = visitor(house)
    guest.sign_in("bien")
    return guest


def indexed(house):
    with house.engine.begin() as connection:
        index_pending(connection, limit=100)


def form_of(guest, number, **changed):
    """The correction form as it stands, with some fields changed."""
    page = guest.get(f"/articles/{number}").text
    fields = {
        "seen": re.search(r'name="seen" value="([^"]*)"', page)[1],
        "areas": re.findall(r'name="areas" value="(\w+)" checked', page),
        "reason": "đọc cả bài",
    }
    if re.search(r'name="relevant" value="1" checked', page):
        fields["relevant"] = "1"
    form = page[page.index('id="correct"') :]
    for name, body in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        fields[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', body)[1]
    return {key: value for key, value in {**fields, **changed}.items() if value is not None}


def test_a_story_shows_who_printed_it_and_what_was_copied(house, editor):
    first = put(house, 1, headline="Bộ Nội vụ mở một cửa")
    copy = put(house, 2, "bao_hai", DAY + timedelta(hours=3), headline="Mở một cửa ở Bộ Nội vụ")
    words = "Từ hôm nay người dân nộp hồ sơ tại một nơi duy nhất và nhận kết quả tại nhà."
    with house.engine.begin() as connection:
        for number in (first, copy):
            connection.execute(
                bodies.update().where(bodies.c.article_id == number).values(body=words)
            )
    story = as_one_story(house, first, copy)
    page = editor.get(f"/stories/{story}").text
    assert "2 báo, 2 tin, bài" in page
    assert page.index("Báo bao_mot") < page.index("Báo bao_hai")
    assert "<mark>Từ hôm nay người dân nộp hồ sơ" in page
    assert "03/07/2026 03:00" in page


@pytest.mark.parametrize("path", ["/stories/99", "/articles/99", "/events/99", "/reports/99",
                                  "/outlets/khong_co", "/articles/x", "/articles/-1",
                                  f"/articles/{10**30}"])  # fmt: skip
def test_what_is_not_there_is_said_plainly(editor, path):
    answer = editor.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_search_finds_with_and_without_diacritics_and_counts_its_filters(house, editor):
    put(house, 1, headline="Sắp xếp đề án một cửa")
    put(house, 2, headline="Sắp tới, nhiều đề án được xếp lại", at=DAY + timedelta(days=1))
    put(house, 3, headline="Chuyện khác hẳn", relevant=False)
    indexed(house)
    for asked, total in (("sap xep", 2), ("“sắp”", 2), ('"sắp xếp"', 1), ("chuyện khác", 0)):
        page = editor.get("/search", params={"q": asked}).text
        assert f'<p class="lead" role="status">{total} bài</p>' in page, asked
    assert "1 bài" in editor.get("/search", params={"q": "chuyen", "all": "1"}).text
    page = editor.get("/search", params={"q": "sap"}).text
    assert "<mark>Sắp</mark> xếp" in page
    assert re.search(r'area=so">Chính phủ điện tử, Chính phủ số</a> <span class="count">2<', page)
    assert "0 bài" in editor.get("/search?q=sap&area=the_che").text
    assert "1 bài" in editor.get("/search?q=sap&from=04/07/2026").text


def test_an_hour_that_was_not_printed_is_not_shown(house, editor):
    put(house, 1)
    with house.engine.begin() as connection:
        connection.execute(articles.update().values(date_precision=DatePrecision.DAY))
    indexed(house)
    assert re.search(r">03/07/2026</time>", editor.get("/search").text)


def test_words_asked_with_diacritics_are_marked_with_the_same_ones(house, editor):
    put(house, 1, headline="Bộ phận một cửa của xã")
    put(house, 2, headline="Kế hoạch một năm của tỉnh", at=DAY + timedelta(days=1))
    indexed(house)
    page = editor.get("/search", params={"q": "một cửa"}).text
    assert "<mark>cửa</mark>" in page
    assert "<mark>của</mark>" not in page
    assert "<mark>của</mark>" in editor.get("/search", params={"q": "mot cua"}).text


def test_files_of_the_pages_are_kept_until_they_change(editor):
    path = re.search(r'href="(/static/diembao.css[^"]+)"', editor.get("/").text)[1]
    assert "immutable" in editor.get(path).headers["cache-control"]


def test_older_results_follow_page_by_page_and_none_twice(house, editor):
    for number in range(45):
        put(house, number, at=DAY + timedelta(minutes=number))
    indexed(house)
    seen, path = [], "/search"
    while path:
        page = editor.get(path).text
        seen += re.findall(r'<li><a href="/articles/(\d+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older and older[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 45


def test_a_search_is_kept_under_a_name_and_dropped(house, editor):
    editor.post("/search/save", {"name": "một cửa", "query": "q=mot+cua"}, at="/search")
    page = editor.get("/search").text
    assert '<a href="/search?q=mot+cua">một cửa</a>' in page
    number = re.search(r'name="id" value="(\d+)"', page)[1]
    other = visitor(house)
    other.sign_in("doc")
    assert "một cửa</a>" not in other.get("/search").text
    other.post("/search/forget", {"id": number})
    assert "một cửa</a>" in editor.get("/search").text
    editor.post("/search/forget", {"id": number})
    assert "một cửa</a>" not in editor.get("/search").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-13-01", "không phải ngày"),
        ("from=hom+nay", "không phải ngày"),
        ("from=1999-01-01&to=1999-01-02", "nằm ngoài những năm theo dõi"),
        ("from=2026-07-02&to=2026-07-01", "Đổi chỗ hai ngày"),
        ("from=2020-01-01&to=2026-01-01", "không quá 400 ngày"),
        ("agency=BNVV", "BNVV"),
        ("area=thu-tuc", "Có phải “thu_tuc”?"),
        ("month=2026-7", "Viết năm-tháng"),
    ],
)
def test_a_question_that_cannot_be_meant_is_told_what_is_wrong(editor, query, said):
    answer = editor.get(f"/?{query}")
    assert answer.status_code == 400
    assert said in answer.text


def test_a_correction_counts_at_once_and_is_seen(house, editor):
    number = put(house, 1)
    indexed(house)

    def stories(area):
        page = editor.get(f"/areas/{area}?{MONTH}").text
        return int(re.search(r"(\d+) câu chuyện trong kỳ", page)[1])

    assert (stories("so"), stories("the_che")) == (1, 0)
    fields = form_of(editor, number, areas=["the_che"])
    assert editor.post(f"/articles/{number}/correct", fields).status_code == 303
    assert (stories("so"), stories("the_che")) == (0, 1)
    page = editor.get(f"/articles/{number}").text
    assert "đã sửa" in page
    assert "bien: Lĩnh vực → Thể chế (đọc cả bài)" in page
    assert "1 bài" in editor.get("/search?area=the_che").text
    assert "0 bài" in editor.get("/search?area=so").text
    with reading(house.engine) as connection:
        trail = [deed for _, deed in deeds(connection, limit=1)]
    assert (trail[0].who, trail[0].action, trail[0].detail) == ("bien", "correct", "areas")


def test_only_what_was_changed_is_kept_as_a_correction(house, editor):
    number = put(house, 1)
    fields = form_of(editor, number, tone="phe_phan", **{"agency:BNV": "mention"})
    editor.post(f"/articles/{number}/correct", fields)
    with reading(house.engine) as connection:
        kept = connection.execute(select(corrections.c.field, corrections.c.value)).all()
    assert sorted(map(tuple, kept)) == [("agencies", {"BNV": "mention"}), ("tone", "phe_phan")]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": " "}, "Ghi lý do"),
        ({}, "Chưa có nhãn nào được sửa"),
        ({"areas": []}, "ít nhất một lĩnh vực"),
        ({"areas": ["khac"]}, "Không có lĩnh vực"),
        ({"tone": "vui"}, "Không có sắc thái"),
        ({"add_agency": "KHONG"}, "Không có cơ quan"),
        ({"agency:BNV": "chief"}, "Không có vai trò"),
        ({"seen": "v0 0"}, "vừa sửa bài này"),
    ],
)
def test_a_correction_that_cannot_be_meant_changes_nothing(house, editor, changed, said):
    number = put(house, 1)
    answer = editor.post(f"/articles/{number}/correct", form_of(editor, number, **changed))
    assert answer.status_code == 400
    assert said in answer.text
    with reading(house.engine) as connection:
        assert connection.execute(select(corrections)).all() == []


@pytest.mark.parametrize(
    ("name", "changed", "status"),
    [
        ("bnv", {"tone": "phe_phan"}, 303),
        ("bnv", {"agency:BNV": ""}, 303),
        ("bnv", {"add_agency": "BTC"}, 403),
        ("btc", {"tone": "phe_phan"}, 403),
        ("doc", {"tone": "phe_phan"}, 403),
    ],
)
def test_an_officer_corrects_what_names_their_agency_and_nothing_else(
    house, editor, name, changed, status
):
    number = put(house, 1)
    fields = form_of(editor, number, **changed)
    guest = visitor(house)
    guest.sign_in(name)
    assert guest.post(f"/articles/{number}/correct", fields).status_code == status
    shown = guest.get(f"/articles/{number}").text
    assert ('id="correct"' in shown) == (name == "bnv" and changed.get("agency:BNV") != "")
    with reading(house.engine) as connection:
        assert bool(connection.execute(select(corrections)).all()) == (status == 303)
        actions = [deed.action for _, deed in deeds(connection, limit=1)]
    assert actions == ["correct" if status == 303 else "refused"]


def test_the_queue_is_worked_off_and_a_decision_is_taken_back(house, editor):
    numbers = sorted(put(house, number) for number in range(3))
    with house.engine.begin() as connection:
        put_in_queue(
            connection,
            [
                Drawn(article_id=number, reason=Reason.AUDIT, drawn_at=NOW, model_version="v1",
                      weight=1.0)
                for number in numbers
            ],
        )  # fmt: skip
    assert "3 bài chờ duyệt" in editor.get("/review").text
    editor.post("/review", {"article": numbers[0], "verdict": "irrelevant"}, at="/review")
    editor.post("/review", {"article": numbers[1], "verdict": "right"}, at="/review")
    page = editor.get("/review").text
    assert "1 bài chờ duyệt" in page
    assert f'href="/articles/{numbers[2]}"' in page
    with reading(house.engine) as connection:
        assert decided(connection)[numbers[0]]["relevant"] is False
        assert (
            connection.scalar(select(articles.c.relevant).where(articles.c.id == numbers[0])) == 0
        )
    editor.post("/review/undo", {"article": numbers[0]}, at="/review")
    assert "2 bài chờ duyệt" in editor.get("/review").text
    with reading(house.engine) as connection:
        assert (
            connection.scalar(select(articles.c.relevant).where(articles.c.id == numbers[0])) == 1
        )
        assert set(decided(connection)) == {numbers[1]}
        assert current_finding(connection, numbers[0]).relevant


def test_a_decision_changed_and_one_put_off(house, editor):
    number = put(house, 1)
    drawn = Drawn(article_id=number, reason=Reason.UNCERTAIN, drawn_at=NOW, model_version="v1")
    with house.engine.begin() as connection:
        put_in_queue(connection, [drawn])
    later = editor.post("/review", {"article": number, "verdict": "skip"}, at="/review")
    assert later.headers["location"] == f"/review?after={number}"
    fields = {
        "article": number, "verdict": "changed", "relevant": "1", "areas": ["the_che"],
        "agency:BNV": "focus", "form": "tin", "tone": "trung_tinh", "audience": "chung",
        "aspect": "ket_qua",
    }  # fmt: skip
    bad = editor.post("/review", {**fields, "areas": []}, at="/review")
    assert bad.status_code == 400
    assert editor.post("/review", fields, at="/review").status_code == 303
    with reading(house.engine) as connection:
        assert decided(connection)[number]["areas"] == ["the_che"]


def test_events_are_decided_by_those_they_are_of(house, editor):
    event = OfficialEvent(kind=EventKind.DOCUMENT, agency_id="BNV", title="Quyết định một cửa",
                          at=DAY, precision=DatePrecision.DAY, number="82/QĐ-BNV")  # fmt: skip
    with house.engine.begin() as connection:
        (number,) = add_events(connection, [event], now=NOW)
    assert "82/QĐ-BNV" in editor.get(f"/events?{MONTH}").text
    other = visitor(house)
    other.sign_in("btc")
    assert other.post(f"/events/{number}", {"state": "da_duyet"}).status_code == 403
    mine = visitor(house)
    mine.sign_in("bnv")
    assert mine.post(f"/events/{number}", {"state": "da_duyet"}).status_code == 303
    with reading(house.engine) as connection:
        (found,) = list_events(connection, ids=[number])
    assert (found.state, found.decided_by) == (EventState.CONFIRMED, "bnv")
    story = put(house, 1)
    assert (
        editor.post(f"/events/{number}/link", {"story": story, "reports": "1"}).status_code == 303
    )
    assert "người duyệt: có nói về sự kiện" in editor.get(f"/events/{number}").text
    assert editor.post(f"/events/{number}/link", {"story": "x", "reports": "1"}).status_code == 400


def test_a_report_is_made_downloaded_and_remembered(house, editor):
    put(house, 1)
    fields = {"month": "2026-07", "window": "bao-cao", "agency": "BNV", "format": ["csv"]}
    assert editor.post("/reports", fields).headers["location"] == "/reports?made=1"
    page = editor.get("/reports").text
    path, name = re.search(r'href="(/reports/\d+)">([^<]+\.csv)<', page).groups()
    answer = editor.get(path)
    assert answer.status_code == 200
    assert name in answer.headers["content-disposition"]
    assert "Bộ Nội vụ công bố việc số 1" in answer.content.decode("utf-8-sig")
    reader = visitor(house)
    reader.sign_in("doc")
    assert reader.get(path).status_code == 200
    assert reader.post("/reports", fields).status_code == 403
    with reading(house.engine) as connection:
        actions = {deed.action for _, deed in deeds(connection, limit=10)}
    assert {"report", "download"} <= actions


@pytest.mark.parametrize(
    "changed", [{"month": "7/2026"}, {"window": "nam"}, {"format": []}, {"format": ["exe"]},
                {"agency": "../../x"}],
)  # fmt: skip
def test_a_report_that_cannot_be_made_is_told_why(editor, changed):
    fields = {"month": "2026-07", "window": "lich", "agency": "", "format": ["csv"], **changed}
    answer = editor.post("/reports", fields)
    assert answer.status_code == 400
    assert 'class="problem"' in answer.text


@pytest.mark.parametrize(
    "path", ["web.secret", "diembao.sqlite", "reports/../web.secret", "/etc/passwd"]
)
def test_no_file_outside_the_reports_is_handed_out(house, editor, path):
    (house.home / "web.secret").write_text("secret")
    house.report_folder.mkdir(exist_ok=True)
    place = path if path.startswith("/") else str(house.home / path)
    with house.engine.begin() as connection:
        made = connection.execute(
            insert(exports).values(kind="csv", period="", scope="", path=place, sha256="", rows=0,
                                   versions={}, made_at=NOW)
        ).inserted_primary_key  # fmt: skip
    assert editor.get(f"/reports/{made[0]}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/reports/..%2f..%2fweb.secret",
    ],
)
def test_no_path_leads_out_of_the_files_meant(editor, path):
    assert editor.get(path).status_code == 404


def test_figures_open_to_their_rows(house, editor):
    number = put(house, 1)
    page = editor.get(f"/figures/context.stories?{MONTH}").text
    assert f'href="/articles/{number}"' in page
    cells = editor.get(f"/figures/complete.cells?{MONTH}&agency=BNV").text
    assert "Chính phủ điện tử, Chính phủ số" in cells
    assert editor.get("/figures/khong.co").status_code == 400


def test_a_page_of_one_area_lists_its_stories_alone(house, editor):
    put(house, 1)
    path = f"/agencies/BNV?{MONTH}"
    for asked, found in (("", 1), ("&area=so", 1), ("&area=the_che", 0)):
        page = editor.get(f"{path}{asked}").text
        assert f"<strong>{found}</strong> câu chuyện tìm thấy trên báo chí" in page, asked


def test_an_agency_is_asked_for_what_was_written_with_some_words(house, editor):
    first = put(house, 1, headline="Bộ Nội vụ khen bộ phận một cửa ở xã")
    copy = put(house, 2, "bao_hai", DAY + timedelta(hours=3), headline="Tin vắn buổi chiều")
    as_one_story(house, first, copy)
    put(house, 3, headline="Bộ Nội vụ mở cửa một ngày")
    put(house, 4, "cong_bnv", headline="Thông cáo: một cửa liên thông")
    put(house, 5, "cong_bnv", headline="Thông cáo khác")
    indexed(house)
    page = editor.get("/agencies/BNV", params={"month": "2026-07", "q": "một cửa"}).text
    assert "<strong>1</strong> câu chuyện tìm thấy trên báo chí" in page
    assert "sớm nhất: Báo bao_mot" in page
    assert "2 báo, 2 tin, bài" in page
    assert "<strong>1/1</strong> tin đã công bố mà báo chí chưa đăng" in page
    assert "một cửa liên thông" in page
    assert "Thông cáo khác" not in page
    assert "mở cửa một ngày" not in page
    assert "Đầy đủ" not in page  # the plan's figures count all stories
    assert "mở cửa một ngày" in editor.get("/agencies/BNV?month=2026-07").text
    answer = editor.get("/agencies/BNV", params={"q": "“!”"})
    assert answer.status_code == 400
    assert "không có chữ hoặc số nào để tìm" in answer.text


def test_an_officer_has_their_agency_on_every_page(house):
    for name, own in (("bnv", True), ("doc", False)):
        guest = visitor(house)
        guest.sign_in(name)
        assert ('class="own" href="/agencies/BNV"' in guest.get("/").text) is own


def test_a_month_near_the_one_shown_is_a_link_away(editor):
    page = editor.get("/agencies/BNV?month=2026-01&area=so&q=xã").text
    links = re.findall(r'href="\?([^"]+)"[^>]*>(\d\d/\d{4})</a>', page)
    assert [written for _, written in links] == [
        "10/2025", "11/2025", "12/2025", "01/2026", "02/2026",
    ]  # fmt: skip
    assert links[0][0] == "q=x%C3%A3&amp;agency=BNV&amp;area=so&amp;month=2025-10"
    assert 'aria-current="true">01/2026' in page


def test_what_was_not_observed_is_a_dash_and_not_a_zero(house, editor):
    put(house, 1)
    page = editor.get(f"/agencies/BNV?{MONTH}").text
    week = page[page.index('<table class="heat">') :]
    assert ">–</td>" in week
    assert ">0</td>" not in week[: week.index("</table>")]


def test_the_map_has_the_provinces_of_its_day(editor):
    assert editor.get(f"/map?{MONTH}").text.count("<rect") == 34
    assert editor.get("/map?from=2025-06-01&to=2025-06-30").text.count("<rect") == 63


def test_every_text_of_the_pages_is_there_in_english():
    told = translations("en")
    asked = set()
    for template in TEMPLATES.glob("*.html"):
        asked |= set(re.findall(r'\b_\("((?:[^"\\]|\\.)*)"', template.read_text("utf-8")))
        asked |= set(re.findall(r"\b_\('((?:[^'\\]|\\.)*)'", template.read_text("utf-8")))
    asked |= {name for names in NAMES.values() for name in names.values()}
    missing = {text for text in asked if told.gettext(text) == text}
    assert missing == set()


def test_the_compiled_catalogue_is_that_of_the_text():
    from babel.messages.pofile import read_po

    folder = TEMPLATES.parent / "locale" / "en" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as stream:
        written = {each.id: each.string for each in read_po(stream) if each.id}
    told = translations("en")
    assert {text: told.gettext(text) for text in written} == written


def test_marks_and_copies():
    assert str(marked("a <b> c", [(2, 5)])) == "a <mark>&lt;b&gt;</mark> c"
    text = "Đề án một cửa"
    assert found_spans(text, asked_phrases("de an", text)) == [(0, 2), (3, 5)]
    assert found_spans(text, asked_phrases('"án một"', text)) == [(3, 9)]
    one = "Từ hôm nay người dân nộp hồ sơ tại một nơi."
    other = "Theo đó, từ hôm nay người dân nộp hồ sơ ở xã."
    spans = copied_spans(one, other)
    assert other[spans[0][0] : spans[-1][1]] == "từ hôm nay người dân nộp hồ sơ"
    assert copied_share(one, one) == pytest.approx(42 / 43)
    assert copied_share(one, "Chuyện hoàn toàn khác, không chung một chữ nào cả.") == 0
    assert copied_share(one, "ngắn") is None
