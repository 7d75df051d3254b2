"""Articles typed in by hand: tagged and counted at once, their scans kept safe, nothing guessed."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from domain.codes import OutletKind
from domain.users import Access
from pipeline.group import group
from reports.articles import DETAILS
from storage.audit_trail import deeds
from storage.database import reading
from storage.links import pending_pages
from storage.rows import article_rows
from storage.scans import MOST_SCAN_BYTES
from storage.tables import articles, outlets
from storage.versions import data_version
from tests.stored_press import DAY, NOW, WEEK, put
from tests.web_house import add, visitor, web_house
from web.guard import MOST_BYTES
from web.pages_byhand import FIELDS
from web.visits import LANGUAGE_COOKIE

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
FILLED = {
    "outlet_name": "Đài Phát thanh Tỉnh", "outlet_kind": "phat_thanh", "outlet_level": "provincial",
    "headline": "Bộ Nội vụ đơn giản hóa thủ tục hành chính ở bộ phận một cửa",
    "description": "Cải cách hành chính: người dân nộp hồ sơ một lần.",
    "body": "Bộ Nội vụ công bố cắt giảm thủ tục hành chính.\nNgười dân nộp hồ sơ trực tuyến.",
    "day": "03/07/2026", "hour": "19:00", "place": "Thời sự tối", "url": "",
}  # fmt: skip


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "bien", Access.EDITOR)
    add(found, "doc", Access.READER)
    add(found, "bnv", Access.OFFICER, "BNV")
    return found


@pytest.fixture
def editor(house):
    return signed_in(house, "bien")


def signed_in(house, name):
    guest = visitor(house)
    guest.sign_in(name)
    return guest


def typed(guest, scan=None, **changed):
    fields = {"csrf": guest.token("/password"), **FILLED, **changed}
    files = {"scan": scan} if scan else {"scan": ("", b"")}
    return guest.client.post("/articles/new", data=fields, files=files)


def stored(house):
    with reading(house.engine) as connection:
        return connection.execute(select(articles)).all()


def kept(house):
    folder = house.home / "attachments"
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_an_article_typed_in_is_tagged_grouped_and_told_as_such(house, editor):
    with reading(house.engine) as connection:
        before = data_version(connection)
    answer = typed(editor, ("trang 1.pdf", PDF))
    assert answer.status_code == 303
    page = editor.get(answer.headers["location"]).text
    (row,) = stored(house)
    assert row.origin == "manual" and row.relevant and row.tag_version and row.story_id == row.id
    assert "nhập tay" in page and "Thời sự tối" in page and "03/07/2026 19:00" in page
    assert "Đài Phát thanh Tỉnh" in page and "Mở bài trên báo" not in page
    with reading(house.engine) as connection:
        assert data_version(connection) != before
        assert [deed.action for _, deed in deeds(connection, limit=1)] == ["enter"]
        assert connection.scalar(select(outlets.c.kind).where(outlets.c.id == row.outlet_id)) == (
            OutletKind.BROADCASTER
        )
        assert pending_pages(connection, [row.outlet_id], NOW.replace(year=2000)) == {}
    assert "1 bài" in editor.get("/search", params={"q": "một cửa"}).text
    assert group(house) == 0


def test_the_list_of_a_report_says_that_it_was_typed_in(house, editor):
    typed(editor)
    put(house, 1)
    with reading(house.engine) as connection:
        rows = article_rows(connection, *WEEK)
    labels = next(each for each in DETAILS if each.heading == "Nhãn")
    assert {row.origin: labels.text(row, {}) for row in rows} == {
        "manual": "máy gắn, bài nhập tay",
        "crawl": "máy gắn",
    }


def test_a_scan_is_given_back_as_a_file_and_kept_once(house, editor):
    first = typed(editor, ("a.pdf", PDF)).headers["location"]
    second = typed(editor, ("b.html", PDF), headline="Chuyện khác về thủ tục").headers["location"]
    assert len(kept(house)) == 1 and re.fullmatch(r"[0-9a-f]{64}\.pdf", kept(house)[0])
    for place in (first, second):
        answer = editor.get(f"{place}/scan")
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert visitor(house).get(f"{first}/scan").status_code == 303, "only for who is signed in"


@pytest.mark.parametrize(
    ("scan", "told"),
    [
        (("bao.pdf", b"<html><script>alert(1)</script></html>"), "phải là tệp PDF"),
        (("bao.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"), "phải là tệp PDF"),
        (("../../x.png", b"\x89PNG"), "phải là tệp PDF"),
        (("to.pdf", PDF + b"\0" * (MOST_SCAN_BYTES - 10)), "lớn quá 20 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_scan_is_refused_and_the_form_keeps_what_was_typed(
    house, editor, scan, told
):
    answer = typed(editor, scan)
    assert answer.status_code == 400 and told in answer.text
    assert 'value="Thời sự tối"' in answer.text and "<script>alert" not in answer.text
    assert kept(house) == [] and stored(house) == []


def test_much_too_much_is_not_read_and_other_forms_stay_small(house, editor):
    for path, most in (("/articles/new", MOST_BYTES + MOST_SCAN_BYTES), ("/login", MOST_BYTES)):
        body = b"x" * (most + 1)
        answer = editor.client.post(path, content=body)
        assert answer.status_code == 413, path
    assert typed(editor, ("a.pdf", PDF + b"\0" * 5_000_000)).status_code == 303


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"day": ""}, "không rõ bài thuộc kỳ nào"),
        ({"day": "31/02/2026"}, "không có ngày 31 tháng 2"),
        ({"day": "21/07/2026"}, "ở tương lai"),
        ({"hour": "25:00"}, "không có giờ"),
        ({"headline": " "}, "Ghi tít"),
        ({"description": "", "body": ""}, "kèm bản chụp"),
        ({"outlet_name": ""}, "ghi tên báo, đài"),
        ({"outlet_kind": ""}, "Chọn loại"),
        ({"outlet_level": "x"}, "trung ương hay địa phương"),
        ({"outlet": "khong_co"}, "không còn"),
        ({"url": "javascript:alert(1)"}, "không phải địa chỉ"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_kept(house, editor, changed, told):
    answer = typed(editor, **changed)
    assert answer.status_code == 400 and told in answer.text
    assert stored(house) == []


def test_the_same_article_is_not_taken_twice(house, editor):
    put(house, 1)
    assert typed(editor).status_code == 303
    for changed in ({}, {"hour": "20:00"}, {"url": "https://bao_mot.test/bai-1.html?utm_source=x"}):
        answer = typed(editor, **changed)
        assert answer.status_code == 400 and "đã có trong cơ sở dữ liệu" in answer.text, changed
    assert len(stored(house)) == 2


def test_a_name_that_is_declared_is_that_outlet(house, editor):
    assert typed(editor, outlet_name="báo bao_hai", outlet_kind="", outlet_level="").is_redirect
    assert [row.outlet_id for row in stored(house)] == ["bao_hai"]


def test_a_copy_on_paper_joins_the_story_of_the_web(house, editor):
    text = "\n".join(f"Câu thứ {n} nói về thủ tục hành chính ở xã số {n * 7}." for n in range(40))
    first = typed(editor, body=text, outlet="bao_mot").headers["location"]
    second = typed(editor, body=text, outlet="bao_hai").headers["location"]
    assert first != second
    assert len({row.story_id for row in stored(house)}) == 1


def test_script_in_every_field_stays_text(house, editor):
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    wrong = {name: bad for name in FIELDS}
    page = typed(editor, **wrong).text
    assert "<script>alert" not in page and "<img src=x" not in page
    answer = typed(editor, outlet_name=bad, headline=bad, description=bad, body=bad, place=bad)
    assert answer.status_code == 303
    for path in (answer.headers["location"], "/search?q=alert", "/articles/new"):
        page = editor.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page, path


def test_only_officers_and_editors_bring_articles_in(house):
    assert typed(signed_in(house, "bnv")).status_code == 303
    reader = signed_in(house, "doc")
    assert reader.get("/articles/new").status_code == 403
    assert typed(reader, headline="Khác").status_code == 403
    assert reader.post("/articles/fetch", {"url": "https://bao_mot.test/x.html"}).status_code == 403
    without = visitor(house).client.post("/articles/new", data=FILLED)
    assert without.status_code == 303 and without.headers["location"].startswith("/login")
    assert len(stored(house)) == 1


def test_an_address_waits_for_the_next_crawl(house, editor):
    url = "https://bao_mot.test/bai-9.html"
    answer = editor.post("/articles/fetch", {"url": f"{url}?utm_source=zalo"})
    assert "Lượt thu thập tới sẽ tải" in answer.text
    editor.post("/articles/fetch", {"url": url})
    with reading(house.engine) as connection:
        assert pending_pages(connection, ["bao_mot"], DAY) == {"bao_mot": (url,)}
        assert deeds(connection, limit=1)[0][1].action == "fetch"
    held = put(house, 1)
    answer = editor.post("/articles/fetch", {"url": "https://bao_mot.test/bai-1.html"})
    assert answer.headers["location"] == f"/articles/{held}"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "Ghi địa chỉ"),
        ("https://ngoai.test/bai.html", "Nhập bài bằng tay"),
        ("https://bao_mot.test/", "không có dạng bài"),
        ("file:///etc/passwd", "không phải địa chỉ"),
        ("http://127.0.0.1/bai.html", "Nhập bài bằng tay"),
    ],
)
def test_an_address_that_no_crawl_would_fetch_is_told(house, editor, url, told):
    answer = editor.post("/articles/fetch", {"url": url})
    assert answer.status_code == 400 and told in answer.text
    with reading(house.engine) as connection:
        assert pending_pages(connection, ["bao_mot"], DAY) == {}


def test_the_form_is_there_in_english(house, editor):
    editor.client.cookies.set(LANGUAGE_COOKIE, "en")
    page = editor.get("/articles/new").text
    assert "Add an article" in page and "typed in by hand" in page
