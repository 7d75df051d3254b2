"""Report files: read back as an officer's programs read them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from pyarrow import parquet  # type: ignore[import-untyped]

from domain.codes import DatePrecision
from domain.errors import UsageError
from domain.figures import MonthReport
from domain.periods import Window, between, month
from domain.records import ArticleRow
from reports.cells import CUT_MARK
from reports.csv import inert, intact
from reports.formats import FORMATS, writer
from reports.names import file_name
from reports.sheets import listing
from tests.small_press import JULY, figures, month_report, row, watched

SHEETS = [
    "Tổng hợp",
    "1 Lĩnh vực",
    "2 Bộ, ngành x lĩnh vực",
    "3 Địa phương x lĩnh vực",
    "4 Cơ quan báo chí",
    "5 Kịp thời",
    "6 Danh mục bài",
    "7 Phản ánh, phê bình",
    "8 Ngoài báo chí",
    "9 Phương pháp",
    "Theo ngày",
    "Thông tin cổng TTĐT",
    "Cổng TTĐT theo cơ quan",
    "Nổi bật",
    "Cụm từ",
]

HOSTILE = [
    '=HYPERLINK("http://xau.test","bấm")',
    "+84 24 1234 5678",
    "@x",
    "-1+1",
    "<r>không phải định dạng</r>",
    "_x0041_ không phải chữ A",
    "mở \u202eđảo\u202c chiều",
    "emoji 🏛️ và dấu & < > ' \"",
    "  khoảng trắng hai đầu  ",
]


def written(report: MonthReport, form: str) -> bytes:
    stream = io.BytesIO()
    FORMATS[form](report, stream)
    return stream.getvalue()


def opened(report: MonthReport) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))


def table(sheet: Any, header: int = 1) -> list[dict[str, Any]]:
    """The rows below a header, as the cells' values by heading."""
    names = [cell.value for cell in sheet[header]]
    return [
        dict(zip(names, values, strict=True))
        for values in sheet.iter_rows(header + 1, values_only=True)
    ]


def listed(rows: Sequence[ArticleRow]) -> list[dict[str, Any]]:
    return table(opened(month_report(rows))["6 Danh mục bài"])


def csv_rows(report: MonthReport) -> list[dict[str, str]]:
    text = written(report, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- the workbook


def test_one_sheet_a_table_each_with_header_frozen_filtered_and_repeated_in_print():
    book = opened(month_report([row(1, "bao_a", "01/07 08:00")]))
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes is not None, sheet.title
        assert sheet.auto_filter.ref is not None, sheet.title
        assert sheet.print_title_rows is not None, sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_the_list_has_its_headings_in_the_first_row():
    sheet = opened(month_report([]))["6 Danh mục bài"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:5] == ["STT", "Thời gian đăng", "Cơ quan báo chí", "Loại hình", "Tít"]
    assert headings[-1] == "Mã lưu trữ (SHA-256)"


def test_a_row_of_the_list_reads_in_vietnamese_with_real_date_and_link():
    (line,) = listed([row(1, "bao_a", "01/07 08:05")])
    assert line["STT"] == 1
    assert line["Thời gian đăng"] == datetime(2026, 7, 1, 8, 5)  # noqa: DTZ001
    assert line["Cơ quan là chủ thể"] == "Bộ Nội vụ"
    assert line["Lĩnh vực"] == "Thủ tục hành chính"
    assert line["Gốc/đăng lại"] == "gốc"
    sheet = opened(month_report([row(1, "bao_a", "01/07 08:05")]))["6 Danh mục bài"]
    cell = next(cell for cell in sheet[2] if cell.value == "https://bao_a.test/bai-1.html")
    assert cell.hyperlink.target == "https://bao_a.test/bai-1.html"


@pytest.mark.parametrize(
    ("precision", "shown"),
    [
        (DatePrecision.SECOND, "dd/mm/yyyy hh:mm"),
        (DatePrecision.MINUTE, "dd/mm/yyyy hh:mm"),
        (DatePrecision.DAY, "dd/mm/yyyy"),  # an hour that nobody printed is not shown
    ],
)
def test_a_date_is_shown_as_finely_as_it_is_known(precision, shown):
    sheet = opened(month_report([row(1, "bao_a", "01/07 00:00", date_precision=precision)]))[
        "6 Danh mục bài"
    ]
    assert sheet["B2"].is_date
    assert sheet["B2"].number_format == shown


@pytest.mark.parametrize("headline", HOSTILE)
def test_a_hostile_headline_is_inert_and_intact(headline):
    sheet = opened(month_report([row(1, "bao_a", "01/07 08:00", headline=headline)]))[
        "6 Danh mục bài"
    ]
    cell = sheet["E2"]
    # A spreadsheet program reads "_x005F_" as "_": so it is written where "_x0041_" is meant.
    assert unescape(cell.value) == headline
    assert cell.data_type in {"s", "inlineStr"}


def test_no_cell_of_the_workbook_is_a_formula():
    rows = [
        row(n, "bao_a", "01/07 08:00", headline=text, description=text, section=text)
        for n, text in enumerate(HOSTILE)
    ]
    report = month_report(rows)
    assert not [
        (sheet.title, cell.coordinate)
        for sheet in opened(report)
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]


def test_control_characters_go_and_the_text_stays():
    (line,) = listed([row(1, "bao_a", "01/07 08:00", headline="Một\x00 cửa\x1b\x0b \ud83d\uffff")])
    assert line["Tít"] == "Một cửa "


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark():
    (line,) = listed([row(1, "bao_a", "01/07 08:00", headline="🏛" * 40_000)])
    assert line["Tít"].endswith(CUT_MARK)
    assert len(line["Tít"].encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a.test/" + "x" * 2_100,
        "internal:Sheet!A1",
    ],
)
def test_only_web_addresses_become_links(url):
    sheet = opened(month_report([row(1, "bao_a", "01/07 08:00", url=url)]))["6 Danh mục bài"]
    (cell,) = (cell for cell in sheet[2] if cell.value == url)
    assert cell.hyperlink is None


def test_links_beyond_the_number_excel_takes_are_plain_text(monkeypatch):
    monkeypatch.setattr("reports.book.MOST_LINKS", 2)
    monkeypatch.setattr(listing, "MOST_LINKS", 2)
    sheet = opened(month_report([row(n, "bao_a", "01/07 08:00") for n in range(3)]))[
        "6 Danh mục bài"
    ]
    links = [cell.hyperlink is not None for line in sheet.iter_rows(2, 4) for cell in line
             if str(cell.value).startswith("https://")]  # fmt: skip
    assert links == [True, True, False]
    assert "Excel chỉ nhận 2 liên kết" in sheet.cell(6, 1).value


def test_an_agency_map_prints_zero_as_0_and_unknown_as_a_dash():
    rows = [row(1, "bao_a", "01/07 08:00")]
    seen = table(opened(month_report(rows))["2 Bộ, ngành x lĩnh vực"], header=4)
    blind = table(opened(month_report(rows, []))["2 Bộ, ngành x lĩnh vực"], header=4)
    ministry = next(line for line in seen if line["Cơ quan"] == "Bộ Nội vụ")
    assert (ministry["Thủ tục hành chính"], ministry["Thể chế"]) == (1, 0)
    ministry = next(line for line in blind if line["Cơ quan"] == "Bộ Nội vụ")
    assert (ministry["Thủ tục hành chính"], ministry["Thể chế"]) == (1, "–")


def test_the_maps_hold_all_agencies_and_are_coloured():
    book = opened(month_report([]))
    for name, agencies in (("2 Bộ, ngành x lĩnh vực", 17), ("3 Địa phương x lĩnh vực", 34)):
        assert len(table(book[name], header=4)) == agencies
        assert book[name].conditional_formatting


def test_the_summary_says_window_scope_observation_and_has_a_native_chart():
    report = month_report(
        [row(1, "bao_a", "01/07 08:00")], watched(silent=[("bao_a", date(2026, 7, 1))])
    )
    sheet = opened(report)["Tổng hợp"]
    words = "\n".join(str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value)
    assert "từ 15/06/2026 đến 14/07/2026" in words
    assert "Toàn quốc" in words
    assert "quan sát được 4 trên 4 nguồn" in words
    with zipfile.ZipFile(io.BytesIO(written(report, "xlsx"))) as parts:
        assert "xl/charts/chart1.xml" in parts.namelist()


@pytest.mark.parametrize(
    ("polls", "shown"), [([], "–"), (None, 0)], ids=["not observed", "observed"]
)
def test_an_empty_month_is_a_readable_report(polls, shown):
    book = opened(month_report([], polls))
    assert book.sheetnames == SHEETS
    assert book["6 Danh mục bài"]["B2"].value == "Không có dòng nào."
    lines = {line[0]: line[1] for line in book["Tổng hợp"].iter_rows(values_only=True)}
    assert lines["Câu chuyện về cải cách hành chính"] == shown
    assert lines["Ô bộ, ngành x lĩnh vực có tin"] == shown


def test_a_report_on_one_ministry_has_no_map_of_provinces():
    assert "3 Địa phương x lĩnh vực" not in opened(month_report([], agency="BNV")).sheetnames


def test_equal_reports_give_equal_sheets():
    report = month_report([row(1, "bao_a", "01/07 08:00")])
    first, second = (zipfile.ZipFile(io.BytesIO(written(report, "xlsx"))) for _ in range(2))
    with first, second:
        assert {name: first.read(name) for name in first.namelist()} == {
            name: second.read(name) for name in second.namelist()
        }


# --- CSV


def test_csv_is_utf8_with_bom_and_equal_bytes():
    report = month_report([row(1, "bao_a", "01/07 08:05")])
    assert written(report, "csv") == written(report, "csv")
    assert written(report, "csv").startswith("\ufeffSTT,Thời gian đăng,".encode())
    (line,) = csv_rows(report)
    assert line["Thời gian đăng"] == "01/07/2026 08:05"
    assert line["Thời gian đăng (ISO 8601)"] == "2026-07-01T08:05:00+07:00"
    assert line["Địa chỉ"] == "https://bao_a.test/bai-1.html"


@pytest.mark.parametrize("headline", HOSTILE)
def test_csv_text_is_inert_for_a_spreadsheet_and_intact_for_a_machine(headline):
    (line,) = csv_rows(month_report([row(1, "bao_a", "01/07 08:00", headline=headline)]))
    assert line["Tít"].lstrip()[0] not in "=+-@"
    assert intact(line["Tít"]) == headline


@pytest.mark.parametrize(
    "text",
    ["=1", "  =1", "\t=1", '"=1', "x;=1", 'x; "=1', "x\n=1", "＝1", "'=1"],
)
def test_a_formula_sleeps_wherever_a_locale_may_start_a_cell(text):
    assert "'=" in inert(text) or "'＝" in inert(text)


@given(st.text(alphabet="=+-@;'\" \t\nax＝", max_size=12))
def test_what_was_made_inert_can_be_made_whole(text):
    assert intact(inert(text)) == text


# --- JSON


def test_json_holds_codes_rows_and_figures_and_equal_bytes():
    report = month_report([row(1, "bao_a", "01/07 08:05", headline=HOSTILE[0] + "\udc80")])
    assert written(report, "json") == written(report, "json")
    found = json.loads(written(report, "json"))
    assert (found["report"]["from"], found["report"]["window"]) == ("2026-06-15", "bao-cao")
    assert found["rows"][0]["focus"] == ["BNV"]
    assert found["rows"][0]["areas"] == ["thu_tuc"]
    assert found["rows"][0]["headline"] == HOSTILE[0] + "\udc80"
    assert found["figures"]["coverage"]["overall"]["covered"] == 1
    assert found["figures"]["observation"]["press"]["sources"] == 4


def test_json_of_an_empty_month_has_no_value_where_nothing_is_known():
    found = json.loads(written(month_report([], []), "json"))
    assert found["rows"] == []
    assert found["figures"]["totals"]["stories"]["value"] is None
    assert found["figures"]["coverage"]["overall"]["low"] is None


def test_the_files_agree_on_the_numbers():
    report = month_report([row(n, "bao_a", "01/07 08:00", story_id=n // 2) for n in range(5)])
    counted = json.loads(written(report, "json"))["figures"]["totals"]["counts"]
    (line,) = (
        line
        for line in table(opened(report)["1 Lĩnh vực"], header=3)[:7]
        if line["Lĩnh vực"] == "Thủ tục hành chính"
    )
    assert counted["placements"] == line["Tin, bài báo chí"] == len(csv_rows(report)) == 5
    assert counted["stories"] == line["Câu chuyện"] == 3


# --- Parquet


def parquet_of(report: MonthReport) -> Any:
    return parquet.read_table(io.BytesIO(written(report, "parquet")))


def test_parquet_holds_codes_with_types():
    found = parquet_of(month_report([row(1, "bao_a", "01/07 08:05")]))
    (line,) = found.to_pylist()
    assert line["published_at"].isoformat() == "2026-07-01T08:05:00+07:00"
    assert (line["areas"], line["focus"]) == (["thu_tuc"], ["BNV"])
    assert found.schema.metadata[b"from"] == b"2026-06-15"
    assert len(found.to_pylist()) == 1


@pytest.mark.parametrize("headline", [*HOSTILE, "x" * 40_000, "một\x00hai\x1b"])
def test_parquet_keeps_every_text_as_it_was(headline):
    (line,) = parquet_of(
        month_report([row(1, "bao_a", "01/07 08:00", headline=headline)])
    ).to_pylist()
    assert line["headline"] == headline


def test_half_a_surrogate_pair_does_not_break_the_file():
    (line,) = parquet_of(
        month_report([row(1, "bao_a", "01/07 08:00", headline="một\ud83d")])
    ).to_pylist()
    assert line["headline"] == "một?"


def test_parquet_of_an_empty_month_has_its_columns():
    assert parquet_of(month_report([])).num_rows == 0


# --- tables


def test_table_one_parts_originals_from_reprints_and_press_by_level():
    rows = [
        row(1, "bao_a", "01/07 08:00", story_id=1),
        row(2, "bao_b", "01/07 09:00", story_id=1, is_original=False),
        row(3, "bao_hue", "01/07 10:00", story_id=1, is_original=False, media="video"),
        row(4, "bao_hue", "01/07 11:00", section="Phóng sự - Ký sự"),
        row(5, "cong_bnv", "01/07 11:00"),
    ]
    sheet = opened(month_report(rows))["1 Lĩnh vực"]
    line = next(each for each in table(sheet, 3) if each["Lĩnh vực"] == "Thủ tục hành chính")
    assert [
        line[name]
        for name in (
            "Gốc, báo trung ương",
            "Gốc, báo địa phương",
            "Đăng lại, báo trung ương",
            "Đăng lại, báo địa phương",
            "Tin, bài báo chí",
        )
    ] == [1, 1, 1, 1, 4]
    items = {each[1]: each[3] for each in sheet.iter_rows(values_only=True)}
    assert items["Trong đó: video"] == 1
    assert items["Trong đó: phóng sự (theo cách gọi của tòa soạn)"] == 1
    assert items["Trong đó: ảnh"] == 0


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"outlet_id": "cong_bnv", "headline": "Về việc dân chờ cả buổi ở bộ phận một cửa"}, True),
        ({"outlet_id": "bao_b", "headline": "Bộ trả lời việc dân chờ cả buổi ở một cửa"}, True),
        ({"outlet_id": "bao_b", "headline": "Dân chờ cả buổi ở bộ phận một cửa"}, False),
        ({"outlet_id": "cong_bnv", "headline": "Thi tuyển công chức"}, False),
        ({"outlet_id": "bao_b", "headline": "Bộ trả lời việc dân chờ cả buổi ở một cửa",
          "focus": ("BTC",)}, False),
    ],
    ids=["own portal", "press on the answer", "press again", "another matter", "another agency"],
)  # fmt: skip
def test_criticism_stands_with_its_answer_where_one_is_seen(answer, told):
    outlet = answer.pop("outlet_id")
    rows = [
        row(1, "bao_a", "01/07 08:00", headline="Dân chờ cả buổi ở bộ phận một cửa",
            tone="phe_phan"),
        row(2, outlet, "02/07 10:00", **answer),
    ]  # fmt: skip
    (line,) = table(opened(month_report(rows))["7 Phản ánh, phê bình"], 3)
    assert line["Thời gian đến phản hồi theo tiêu đề (giờ)"] == (26 if told else "–")
    assert (line["Tình trạng phản hồi"] == "chưa thấy phản hồi") is not told


def test_an_answer_before_the_criticism_answers_nothing():
    rows = [
        row(1, "bao_a", "03/07 08:00", headline="Dân chờ cả buổi ở một cửa", tone="phe_phan"),
        row(2, "cong_bnv", "02/07 10:00", headline="Dân chờ cả buổi ở một cửa"),
    ]
    (line,) = table(opened(month_report(rows))["7 Phản ánh, phê bình"], 3)
    assert line["Tình trạng phản hồi"] == "chưa thấy phản hồi"


# --- names and formats


@pytest.mark.parametrize(
    ("period", "agency", "name"),
    [
        (JULY, None, "bao-cao-thang-2026-07_15-06-2026_14-07-2026_toan-quoc"),
        (JULY, "BNV", "bao-cao-thang-2026-07_15-06-2026_14-07-2026_bo-noi-vu"),
        (
            month("2026-07", Window.LICH),
            None,
            "bao-cao-thang-2026-07_01-07-2026_31-07-2026_toan-quoc",
        ),
        (
            between(date(2026, 7, 1), date(2026, 7, 9)),
            None,
            "bao-cao-khoang_01-07-2026_09-07-2026_toan-quoc",
        ),
    ],
)
def test_a_file_is_named_by_period_window_and_scope(period, agency, name):
    report = month_report([], [], period=period, agency=agency)
    assert file_name(report, "xlsx") == f"{name}.xlsx"
    assert f"{period.start:%d/%m/%Y}" in report.title


def test_an_unknown_format_is_a_usage_error_that_lists_the_others():
    with pytest.raises(UsageError, match="Các định dạng có sẵn: xlsx, docx, csv, json"):
        writer("docs")


def test_figures_of_the_small_press_are_complete_enough_to_print():
    assert figures([]).coverage.overall.all == 51 * 7
