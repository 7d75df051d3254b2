"""Activities outside the press: entered by hand or from a file, printed in table 8."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.test_cli import Installation, house

__all__ = ["house"]

HEAD = ("Nội dung", "Hình thức", "Từ ngày", "Đến ngày", "Cơ quan", "Kế hoạch", "Thực hiện", "ĐVT")
GOOD = ("Tập huấn phóng viên", "Tập huấn", date(2026, 7, 2), date(2026, 7, 3), "Bộ Nội vụ", 100, 80,
        "lượt người")  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[openpyxl.Workbook]:
    yield openpyxl.Workbook()


def saved(book: openpyxl.Workbook, path: Path, *rows: tuple[object, ...]) -> Path:
    for line in (("KẾ HOẠCH NĂM 2026",), HEAD, *rows):
        book.active.append(line)
    book.save(path)
    return path


def test_a_sheet_is_brought_in_once_and_then_brought_up_to_date(house, sheet, tmp_path):
    path = saved(sheet, tmp_path / "hoat-dong.xlsx", GOOD)
    said = house("activities", "import", path, "--by", "Lan")
    assert (said.status, "Nhập 1 hoạt động mới, cập nhật 0; 0 dòng" in said.out) == (0, True)
    said = house("activities", "import", path, "--by", "Lan")
    assert "Nhập 0 hoạt động mới, cập nhật 1" in said.out
    listed = house("activities", "list")
    assert "thực hiện 80 trên 100 lượt người" in listed.out
    assert "1 hoạt động" in listed.out


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (0, "", "cột “Nội dung”: để trống"),
        (1, "múa lân", "“múa lân” không phải hình thức"),
        (2, "hôm qua", "“hôm qua” không phải ngày"),
        (2, None, "cột “Từ ngày”: để trống"),
        (3, date(2026, 7, 1), "trước ngày bắt đầu"),
        (4, "Bộ Lạ", "Bộ Lạ"),
        (5, "nhiều", "“nhiều” không phải số đếm"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_kept(
    house: Installation, sheet: openpyxl.Workbook, tmp_path: Path, place: int, value: object,
    said: str,
) -> None:  # fmt: skip
    bad = list(GOOD)
    bad[place] = value
    path = saved(sheet, tmp_path / "hoat-dong.xlsx", GOOD, tuple(bad))
    told = house("activities", "import", path, "--by", "Lan")
    assert told.status == 1
    assert "Dòng 4" in told.err
    assert said in told.err
    assert "Nhập 1 hoạt động mới" in told.out


def test_one_is_entered_and_taken_out_by_hand(house):
    added = ("activities", "add", "Hội nghị quán triệt", "--kind", "hoi_nghi", "--from",
             "20/06/2026", "--planned", "3", "--by", "Lan")  # fmt: skip
    assert "Đã nhập" in house(*added).out
    assert "Đã cập nhật" in house(*added, "--done", "2").out
    assert (
        "thực hiện 2 trên 3"
        in house("activities", "list", "--from", "2026-06-20", "--to", "2026-06-20").out
    )
    assert "0 hoạt động" in house("activities", "list", "--from", "2026-06-21").out
    assert "Đã bỏ hoạt động “Hội nghị quán triệt”" in house("activities", "remove", "1").out
    gone = house("activities", "remove", "1")
    assert (gone.status, "Không có hoạt động số 1" in gone.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "mua_lan", "--from", "2026-07-01"), "mua_lan"),
        (("--kind", "khac", "--from", "2026-07-02", "--to", "2026-07-01"), "trước ngày bắt đầu"),
        (("--kind", "khac", "--from", "2026-07-02", "--agency", "BNW"), "Có phải “BNV”?"),
    ],
)
def test_a_wrong_entry_is_refused(house, options, said):
    told = house("activities", "add", "Việc", *options, "--by", "Lan")
    assert told.status == 2
    assert said in told.err


def test_what_was_entered_stands_in_the_report_of_its_period(house, tmp_path):
    house("init")
    entry = ("--kind", "tap_huan", "--from", "13/07/2026", "--to", "16/07/2026", "--by", "Lan")
    house("activities", "add", "Tập huấn", *entry, "--planned", "10", "--done", "5")
    for month, held in (("2026-07", True), ("2026-08", True), ("2026-09", False)):
        said = house("export", "--month", month, "--format", "xlsx", "--out", tmp_path / month)
        assert said.status == 0, said.err
        (path,) = (tmp_path / month).iterdir()
        table = openpyxl.load_workbook(path)["8 Ngoài báo chí"]
        found = [line for line in table.iter_rows(values_only=True) if line[2] == "Tập huấn"]
        assert [line[8] for line in found] == ([0.5] if held else [])


# --- templates, which officers change beside it


def test_templates_are_copied_out_and_never_written_over_unasked(house, tmp_path):
    folder = tmp_path / "mau"
    said = house("templates", "export", folder)
    assert said.status == 0, said.err
    names = {"bao-cao.docx", "bao-cao.j2", "diem-bao.html", "diem-bao.typ"}
    assert {path.name for path in folder.iterdir()} == names
    again = house("templates", "export", folder)
    assert (again.status, "đã có" in again.err) == (2, True)
    assert house("templates", "export", folder, "--overwrite").status == 0


def test_a_changed_template_is_used_and_a_wrong_one_is_named(house, tmp_path):
    house("init")
    house("templates", "export", tmp_path / "mau")
    text = house.config.read_text(encoding="utf-8")
    house.config.write_text(f'{text}\n[report]\ntemplates_folder = "mau"\n', encoding="utf-8")
    made = ("digest", "--date", "2026-07-01", "--out", tmp_path / "diem-bao.html")
    page = tmp_path / "mau" / "diem-bao.html"
    page.write_text("<p>{{ title }} của Sở</p>", encoding="utf-8")
    assert house(*made).status == 0
    assert (tmp_path / "diem-bao.html").read_text("utf-8") == "<p>Điểm báo ngày 1/7/2026 của Sở</p>"
    page.write_text("<p>{{ tieu_de }}</p>", encoding="utf-8")
    said = house(*made)
    assert (said.status, "“tieu_de”" in said.err) == (2, True)
    # What stood there before is still whole.
    assert "của Sở" in (tmp_path / "diem-bao.html").read_text("utf-8")
    assert not list(tmp_path.glob(".*.part"))


def test_a_folder_of_templates_that_is_not_there_is_named(house, tmp_path):
    house("init")
    text = house.config.read_text(encoding="utf-8")
    house.config.write_text(f'{text}\n[report]\ntemplates_folder = "khong"\n', encoding="utf-8")
    said = house("digest", "--date", "2026-07-01", "--out", tmp_path / "a.html")
    assert (said.status, "Không có thư mục mẫu" in said.err) == (2, True)


# --- the windows of reports


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--period", "2026-quy-1"), "Quý I năm 2026 (15/12/2025–14/03/2026)"),
        (("--period", "2026-6-thang"), "15/12/2025–14/06/2026"),
        (("--period", "2026-quy-3"), "15/06/2026–14/09/2026"),
        (("--period", "2026-nam"), "15/12/2025–14/12/2026"),
        (("--from", "01/07/2026", "--to", "10/07/2026"), "Từ 01/07/2026 đến 10/07/2026"),
    ],
)
def test_a_report_of_every_window(house, tmp_path, options, said):
    house("init")
    told = house("export", *options, "--format", "docx,xlsx", "--out", tmp_path / "ra")
    assert told.status == 0, told.err
    assert said in told.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--period", "2026-quy-2"), "quy-2"),
        (("--period", "quy-1"), "Viết năm-kỳ"),
        (("--month", "2026-07", "--period", "2026-quy-1"), "đúng một cách"),
        (("--from", "2026-07-01"), "nêu cả hai ngày"),
        ((), "Thiếu tùy chọn '--month'"),
    ],
)
def test_a_window_named_wrongly_is_refused(house, tmp_path, options, said):
    told = house("export", *options, "--out", tmp_path)
    assert (told.status, said in told.err) == (2, True), told.err
