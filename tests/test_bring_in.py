"""`diembao import`: articles kept elsewhere come in once, marked, and bad rows are named."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from domain.clock import VIETNAM
from domain.codes import Content, DatePrecision
from domain.errors import UsageError
from domain.outlets import OutletBook
from domain.settings import Settings
from pipeline.bring_in import bring_in
from pipeline.context import Context
from storage.database import connect, content_digest, database_url, reading
from storage.declared import register_outlet
from storage.forms import init_database
from storage.tables import articles, bodies
from storage.tables import versions as old_texts
from tests.fakes import outlet
from tests.stored_press import put

NOW = datetime(2026, 7, 20, 9, 0, tzinfo=VIETNAM)
OUTLETS = OutletBook([outlet("bao_mot", name="Báo Một (VietMot)"), outlet("bao_hai")])
HEAD = "Báo,Liên kết,Tít,Sapo,Ngày đăng\n"
GOOD = ',https://bao_mot.test/bai-1.html,"Cải cách, một bước","Sapo",03/07/2026 07:15\n'


@pytest.fixture
def house(tmp_path: Path) -> Context:
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    return Context(
        settings=Settings(), home=tmp_path, engine=engine, outlets=OUTLETS, clock=lambda: NOW
    )


def write(tmp_path: Path, text: str, name: str = "bai.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def run(house: Context, path: Path, outlet_id: str = "", **told: str):
    return bring_in(house, OUTLETS, path, outlet=outlet_id, told=told)


def stored(house: Context):
    with reading(house.engine) as connection:
        return connection.execute(select(articles).order_by(articles.c.url)).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_as_spreadsheets_save_it(tmp_path, house, encoding, delimiter):
    text = (HEAD + GOOD.replace("Cải cách, một", "Cải cách một")).replace(",", delimiter)
    done = run(house, write(tmp_path, text, encoding=encoding))
    assert (done.stored.new, done.errors) == (1, ())
    (row,) = stored(house)
    assert (row.outlet_id, row.origin, row.content) == ("bao_mot", "import", Content.FEED)
    assert row.published_at == datetime(2026, 7, 3, 7, 15, tzinfo=VIETNAM)
    assert (row.date_raw, row.date_precision) == ("03/07/2026 07:15", DatePrecision.MINUTE)


def test_a_second_import_adds_nothing(tmp_path, house):
    path = write(tmp_path, HEAD + GOOD)
    run(house, path)
    with reading(house.engine) as connection:
        before = content_digest(connection)
    done = run(house, path)
    assert (done.stored.new, done.stored.updated, done.stored.known) == (0, 0, 1)
    with reading(house.engine) as connection:
        assert content_digest(connection) == before


def test_articles_with_bodies_as_extract_writes_them(tmp_path, house):
    line = {
        "url": "https://bao_mot.test/bai-1.html?utm_source=zalo",
        "canonicalUrl": "https://bao_mot.test/bai-1.html",
        "headline": "Cải cách",
        "description": "Sapo",
        "articleBody": "Đoạn một.\n\nĐoạn hai.",
        "authors": ["Lan", "Hoa"],
        "datePublished": "2026-07-03T07:15:00+07:00",
    }
    path = write(tmp_path, json.dumps(line, ensure_ascii=False) + "\nkhông phải JSON\n", "a.jsonl")
    done = run(house, path)
    assert [str(error)[:23] for error in done.errors] == ["Dòng 2: không phải JSON"]
    (row,) = stored(house)
    assert (row.content, row.authors) == (Content.PAGE, ["Lan", "Hoa"])
    with reading(house.engine) as connection:
        assert connection.scalar(select(bodies.c.body)) == "Đoạn một.\nĐoạn hai."


def test_a_spreadsheet_with_a_title_above_its_headings(tmp_path, house):
    book = Workbook()
    for line in (
        ["Danh mục tin, bài tháng 7"],
        [],
        ["STT", "Báo", "Tên bài", "Ngày", "Link"],
        [1, "VietMot", "Cải cách", datetime(2026, 7, 3, tzinfo=VIETNAM).replace(tzinfo=None),
         "https://m.bao_mot.test/bai-1.html"],
    ):  # fmt: skip
        book.active.append(line)
    book.save(tmp_path / "bai.xlsx")
    done = run(house, tmp_path / "bai.xlsx")
    assert (done.stored.new, done.errors, done.unused) == (1, (), ("STT",))
    assert stored(house)[0].date_precision == DatePrecision.DAY


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",,Tít,,03/07/2026", "Dòng 3, cột “Liên kết”: để trống"),
        (",bai-2,Tít,,03/07/2026", "Dòng 3, cột “Liên kết”: “bai-2” không phải địa chỉ"),
        (",https://bao_mot.test/,Tít,,03/07/2026", "trang chủ"),
        (",https://bao_mot.test/2.html,,,03/07/2026", "Dòng 3, cột “Tít”: để trống"),
        (",https://bao_mot.test/2.html,Tít,,", "cột “Ngày đăng”: để trống: không rõ bài thuộc kỳ"),
        (",https://bao_mot.test/2.html,Tít,,hôm qua", "cột “Ngày đăng”: “hôm qua” không đúng cách"),
        (",https://bao_mot.test/2.html,Tít,,3 giờ trước", "Ghi ngày/tháng/năm như 28/07/2026"),
        (",https://bao_mot.test/2.html,Tít,,06/28/2026", "không có ngày 6 tháng 28 năm 2026. Ghi"),
        (",https://bao_mot.test/2.html,Tít,,31/02/2026", "không có ngày 31 tháng 2 năm 2026"),
        (",https://bao_mot.test/2.html,Tít,,21/07/2026", "“21/07/2026” ở tương lai"),
        (",https://bao_mot.test/2.html,Tít,,20/07/2026 11:00", "ở tương lai"),
        (",https://bao_mot.test/2.html,Tít,,03/07/0206", "trước khi có báo mạng"),
        (",https://bao_mot.test/2.html,Tít,,01/01/2030", "“01/01/2030” ở tương lai"),
        (",https://bao_mot.test/2.html,Tít,,07/2026", "“07/2026” không đúng cách ghi ngày"),
        (",https://bao_la.test/2.html,Tít,,03/07/2026", "không cơ quan báo chí nào đã khai báo"),
        ("Báo bao_hia,https://x.test/2.html,Tít,,03/07/2026", "Có phải “Báo bao_hai”?"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_go_in(tmp_path, house, row, said):
    last = GOOD.replace("bai-1", "bai-9")
    done = run(house, write(tmp_path, HEAD + GOOD + row + "\n" + last))
    assert [said in str(error) for error in done.errors] == [True], done.errors
    assert [each.url[-10:] for each in stored(house)] == ["bai-1.html", "bai-9.html"]


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("3/7/2026", "2026-07-03T00:00:00+07:00"),
        ("03-07-2026 7h15", "2026-07-03T07:15:00+07:00"),
        ("2026-07-03 07:15", "2026-07-03T07:15:00+07:00"),
        ("2026-07-03T00:15:30.250Z", "2026-07-03T07:15:30+07:00"),
        ("2026-07-03T09:15:00+0900", "2026-07-03T07:15:00+07:00"),
        ("20/07/2026", "2026-07-20T00:00:00+07:00"),
    ],
)
def test_a_day_is_read_as_written(tmp_path, house, written, at):
    run(house, write(tmp_path, HEAD + f",https://bao_mot.test/1.html,Tít,,{written}\n"))
    assert [each.published_at for each in stored(house)] == [datetime.fromisoformat(at)]


def test_a_row_that_repeats_another_is_named(tmp_path, house):
    again = ',https://bao_mot.test/bai-1.html?utm_source=x,"Tít khác",,04/07/2026\n'
    done = run(house, write(tmp_path, HEAD + GOOD + again))
    assert (done.stored.new, done.stored.updated, done.stored.known) == (1, 0, 0)
    assert [each.partition(" (")[0] for each in done.repeated] == ["Dòng 3: trùng với dòng 2"]
    assert stored(house)[0].headline == "Cải cách, một bước"


@pytest.mark.parametrize("written", ["bao_hai", "Báo bao_hai", "bao_hai.test", "BAO_HAI"])
def test_the_outlet_may_be_an_id_a_name_or_a_host(tmp_path, house, written):
    run(house, write(tmp_path, HEAD + f"{written},https://x.test/1.html,Tít,,03/07/2026\n"))
    assert [each.outlet_id for each in stored(house)] == ["bao_hai"]


def test_one_outlet_may_be_told_for_the_whole_file(tmp_path, house):
    path = write(tmp_path, HEAD + ",https://x.test/1.html,Tít,,03/07/2026\n")
    assert run(house, path, "bao_hai").stored.new == 1
    with pytest.raises(UsageError, match=r"“bao_ha”.*Có phải “bao_hai”"):
        run(house, path, "bao_ha")


def test_columns_may_be_told(tmp_path, house):
    path = write(tmp_path, "a,b,c\nhttps://bao_mot.test/1.html,Tít,03/07/2026\n")
    with pytest.raises(UsageError, match=r"thiếu cột: url .*Các cột đang có: a, b, c"):
        run(house, path)
    with pytest.raises(UsageError, match=r"mục “headlin”. Có phải “headline”"):
        run(house, path, b="headlin")
    assert run(house, path, a="url", b="headline", c="published_at").stored.new == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bai.xls", b"x", "lưu lại thành .xlsx"),
        ("bai.xlsx", b"x", "không phải sổ bảng tính"),
        ("bai.csv", "Tít,Liên kết".encode()[:3] + b"\xff\xfe", "không phải UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, house, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=said):
        run(house, tmp_path / name)


def test_an_empty_file_brings_nothing(tmp_path, house):
    assert run(house, write(tmp_path, "")).stored.new == 0
    assert run(house, write(tmp_path, HEAD)).stored.new == 0


def test_what_was_crawled_stays_as_the_outlet_gave_it(tmp_path, house):
    with house.engine.begin() as connection:
        register_outlet(connection, OUTLETS["bao_mot"])
    put(house, 1)
    done = run(house, write(tmp_path, HEAD + GOOD))
    assert (done.stored.new, done.stored.known) == (0, 1)
    (row,) = stored(house)
    assert (row.headline, row.origin) == ("Bộ Nội vụ công bố việc số 1", "crawl")


def test_a_corrected_file_corrects_what_came_from_it(tmp_path, house):
    run(house, write(tmp_path, HEAD + GOOD))
    later = Context(
        settings=Settings(), home=house.home, engine=house.engine, outlets=OUTLETS,
        clock=lambda: datetime(2026, 7, 21, tzinfo=VIETNAM),
    )  # fmt: skip
    done = run(later, write(tmp_path, HEAD + GOOD.replace("một bước", "hai bước")))
    assert (done.stored.new, done.stored.updated) == (0, 1)
    assert stored(house)[0].headline == "Cải cách, hai bước"
    with reading(house.engine) as connection:
        assert connection.scalar(select(old_texts.c.headline)) == "Cải cách, một bước"
