"""The Word report: the decree's layout, the numbers of the other formats, officers' templates."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from pyarrow import parquet  # type: ignore[import-untyped]

from domain.activities import Activity, ActivityKind
from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.errors import UsageError
from domain.figures import MonthReport, Status
from domain.highlights import EventLine
from domain.periods import month
from domain.qualities import Measured, QualityFigure, QualityId, QualityProfile
from domain.settings import AgencySettings
from reports.document import appendices
from reports.document.page import APPENDIX
from reports.document.table import NO_ROW
from reports.formats import FORMATS
from reports.printed import words
from reports.tables.order import tables
from reports.values import Count, Points, Ratio, Share
from reports.wording import REPORT_PAGE, REPORT_TEXT, shipped
from tests.small_press import JULY, OUTLETS, month_report, row, watched

NUMBERS = (Count, Points, Ratio, Share, int, float)
OFFICE = AgencySettings(
    co_quan_chu_quan="UBND tỉnh Bắc Ninh",
    co_quan_ban_hanh="Sở Nội vụ",
    ky_hieu="BC-SNV",
    dia_danh="Bắc Ninh",
    noi_nhan=("UBND tỉnh", "Bộ Nội vụ"),
)
ACTIVITY = Activity(
    agency_id="BNV",
    kind=ActivityKind.TRAINING,
    title="Tập huấn phóng viên",
    first_day=date(2026, 6, 20),
    last_day=date(2026, 6, 21),
    planned=100,
    done=80,
    unit="lượt người",
)


MEASURED = Measured(
    plan="bnv-2026",
    period=JULY,
    agency="",
    area="",
    sources=4,
    sources_of=4,
    share_of_days=0.9,
    agencies_with_releases=1,
    agencies_of=51,
    qualities=(
        QualityProfile(
            id=QualityId.DIVERSE,
            figures=(
                QualityFigure(id="diverse.areas", unit="index", status=Status.OK, value=0.987, n=24,
                              interval=(0.9, 1.0), previous=-0.001),
                QualityFigure(id="timely.within_72h", unit="share", status=Status.OK, value=0.125,
                              n=8, k=1, interval=(0.02, None)),
                QualityFigure(id="timely.median", unit="hours", status=Status.NOT_REACHED,
                              value=None, n=8),
            ),
        ),
    ),
    notes=("Ghi chú của hồ sơ.",),
)  # fmt: skip


def rich(**changes: Any) -> MonthReport:
    rows = [
        row(
            n,
            ("bao_a", "bao_b", "bao_hue")[n % 3],
            f"{1 + n % 9:02}/07 08:{n:02}",
            story_id=n // 2 * 2,
            is_original=n % 2 == 0,
            tone="phe_phan" if n % 8 == 0 else "tich_cuc",
            aspect="ket_qua",
            media="video" if n == 3 else "text",
        )
        for n in range(24)
    ]
    found = month_report(rows, watched(silent=[("bao_a", date(2026, 7, 3))]))
    return replace(found, office=OFFICE, activities=(ACTIVITY,), measured=MEASURED, **changes)


def written(report: MonthReport, form: str) -> bytes:
    stream = io.BytesIO()
    FORMATS[form](report, stream)
    return stream.getvalue()


def opened(report: MonthReport) -> Any:
    return docx.Document(io.BytesIO(written(report, "docx")))


def body(document: Any) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def everything(document: Any) -> str:
    return "\n".join(node.text or "" for node in document.element.iter(qn("w:t")))


@pytest.fixture(scope="module")
def report() -> MonthReport:
    return rich()


@pytest.fixture(scope="module")
def document(report: MonthReport) -> Any:
    return opened(report)


# --- the layout of Nghị định 30/2020/NĐ-CP


def test_page_and_margins_are_the_decrees(document):
    for section in document.sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20


def test_the_page_number_stands_in_the_top_margin_and_not_on_the_first_page(document):
    (section,) = document.sections
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


def test_every_letter_is_times_new_roman(document):
    fonts = {
        node.get(qn(f"w:{script}"))
        for style in ("Normal", "Header", "Title", "Heading 1", "Heading 2", "Caption", APPENDIX)
        for node in document.styles[style].element.iter(qn("w:rFonts"))
        for script in ("ascii", "hAnsi", "cs")
    }
    assert fonts == {"Times New Roman"}
    assert not [node for node in document.element.iter(qn("w:rFonts"))]
    assert not document.styles.element.xpath("//w:lang[@w:val!='vi-VN']")


def test_text_is_13_or_14_points(document):
    for name in ("Normal", "Title", "Heading 1", "Heading 2", APPENDIX):
        assert document.styles[name].font.size.pt in {13.0, 14.0}, name


def test_every_table_repeats_its_header_and_keeps_its_rows_whole(document):
    data = [table for table in document.tables if table._tbl.xpath(".//w:tblHeader")]
    # The head and the foot are laid out in tables of one row.
    assert len(document.tables) - len(data) == 2
    for table in data:
        assert table.rows[0]._tr.xpath(".//w:tblHeader")
        assert all(line._tr.xpath(".//w:cantSplit") for line in table.rows)
        width = sum(int(node.get(qn("w:w"))) for node in table._tbl.xpath(".//w:gridCol"))
        assert width / 1440 * 25.4 <= 166


def test_sections_and_appendices_are_headings(document):
    named = {
        style: [each.text for each in document.paragraphs if each.style.name == style]
        for style in ("Heading 1", APPENDIX)
    }
    assert [text.split(".")[0] for text in named["Heading 1"]] == ["I", "II", "III", "IV", "V"]
    assert named[APPENDIX][:2] == ["Phụ lục I", "Phụ lục II"]
    assert document.styles[APPENDIX].base_style.name == "Heading 1"


def test_no_heading_or_caption_is_left_at_the_foot_of_a_page(document):
    for name in ("Heading 1", "Heading 2", "Caption", APPENDIX):
        assert document.styles[name].paragraph_format.keep_with_next, name


def test_it_is_a_draft_without_number_and_signature(document):
    text = everything(document)
    assert "DỰ THẢO" in text
    assert "Số: ……/BC-SNV" in text
    assert "Bắc Ninh, ngày …… tháng …… năm 2026" in text
    assert {"UBND TỈNH BẮC NINH", "SỞ NỘI VỤ"} <= set(text.splitlines())
    assert "- Bộ Nội vụ;" in text


def test_an_office_that_is_not_named_prints_as_dots():
    text = everything(opened(replace(rich(), office=AgencySettings())))
    assert "Số: ……/BC-……" in text
    assert "……, ngày …… tháng …… năm 2026" in text


def test_charts_are_pictures_with_words_for_those_who_do_not_see(document):
    assert len(document.inline_shapes) == 2
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert all(text.startswith("Biểu đồ: ") for text in described)


def test_it_holds_nothing_of_the_machine_it_was_made_on(document):
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created == datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)


# --- the numbers


def docx_tables(document: Any) -> dict[str, list[list[str]]]:
    """The rows of each table below its caption."""
    found: dict[str, list[list[str]]] = {}
    caption = ""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            paragraph = docx.text.paragraph.Paragraph(element, document)
            if paragraph.style.name == "Caption":
                caption = paragraph.text
        elif element.tag == qn("w:tbl") and element.xpath(".//w:tblHeader"):
            table = docx.table.Table(element, document)
            found[caption] = [[cell.text for cell in line.cells] for line in table.rows[1:]]
    return found


def xlsx_tables(report: MonthReport) -> dict[str, list[Sequence[Any]]]:
    """The rows of each table below its title on a sheet."""
    book = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))
    found: dict[str, list[Sequence[Any]]] = {}
    for table in tables(report):
        for sheet in book:
            lines = list(sheet.iter_rows(values_only=True))
            at = next((n for n, line in enumerate(lines) if line[0] == table.name), None)
            if at is None:
                continue
            head = next(
                n for n in range(at, len(lines)) if lines[n][0] == table.headings[0].text
                and lines[n][1] == table.headings[1].text
            )  # fmt: skip
            width = len(table.headings)
            body = lines[head + 1 : head + 1 + max(len(table.rows), 1)]
            found[table.name] = [line[:width] for line in body]
    return found


def on_paper_line(lines: list[list[str]], n: int, table: Any) -> list[str] | None:
    """The line of a table in the document; None where it is not printed."""
    if table.headings[0].text != "STT" or table.number.startswith("1"):
        return lines[n] if lines else None
    return next((line for line in lines if line[0] == words(table.rows[n][0])), None)


def test_every_number_is_the_same_in_word_excel_and_json():
    report = rich(events=(CONFIRMED, PROPOSED))
    document = opened(report)
    on_paper, on_sheets = docx_tables(document), xlsx_tables(report)
    in_json = {
        (f"Bảng {each['number']}. " if each["number"] else "") + each["title"]: each["rows"]
        for each in json.loads(written(report, "json"))["tables"]
    }
    compared = 0
    for table in tables(report):
        assert table.name in in_json
        shown = [n for n, heading in enumerate(table.headings) if heading.is_printed]
        for n, values in enumerate(table.rows):
            for place, value in enumerate(values):
                if not isinstance(value, NUMBERS) and value is not None:
                    continue
                plain = value.value if isinstance(value, Count | Points | Ratio | Share) else value
                assert in_json[table.name][n][place] == plain
                if table.name in on_sheets:
                    cell = on_sheets[table.name][n][place]
                    assert cell == ("–" if plain is None else pytest.approx(plain))
                line = on_paper_line(on_paper.get(table.name, []), n, table)
                if line and place in shown:
                    assert line[shown.index(place)] == words(value)
                    compared += 1
    assert compared > 500
    assert set(on_sheets) == {table.name for table in tables(report)}
    printed = {table.number for table in tables(report) if table.name in on_paper}
    assert {"1", "1.2", "1.3", "2", "3", "4", "5", "5.2", "7", "8", "9"} <= printed


def test_the_list_of_articles_is_the_same_in_every_format(report, document):
    names = {"Tít": 3, "Cơ quan là chủ thể": 4, "Lĩnh vực": 5, "Gốc/đăng lại": 6}
    paper = docx_tables(document)["Bảng 6. Danh mục tin, bài"]
    text = written(report, "csv").decode("utf-8-sig")
    in_csv = list(csv.DictReader(io.StringIO(text, newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))["6 Danh mục bài"]
    head = [cell.value for cell in sheet[1]]
    on_sheet = [dict(zip(head, line, strict=True)) for line in sheet.iter_rows(2, values_only=True)]
    in_json = json.loads(written(report, "json"))["rows"]
    in_parquet = parquet.read_table(io.BytesIO(written(report, "parquet"))).to_pylist()
    assert len(report.rows) == 24
    assert {len(each) for each in (paper, in_csv, on_sheet, in_json, in_parquet)} == {24}
    for n in range(24):
        for name, place in names.items():
            assert paper[n][place] == in_csv[n][name] == (on_sheet[n][name] or "")
        assert paper[n][1] == in_csv[n]["Thời gian đăng"]
        assert paper[n][1] == f"{on_sheet[n]['Thời gian đăng']:%d/%m/%Y %H:%M}"
        assert in_csv[n]["Tít"] == in_json[n]["headline"] == in_parquet[n]["headline"]
        assert in_csv[n]["Địa chỉ"] == in_json[n]["url"] == in_parquet[n]["url"]


def test_the_sentences_tell_the_numbers_of_the_figures(report, document):
    counts = report.figures.totals.counts
    told = re.search(
        r"Báo chí có (\d+) câu chuyện về cải cách hành chính với (\d+) tin, bài "
        r"\((\d+) bài gốc, (\d+) bài đăng lại\)",
        body(document),
    )
    assert told is not None
    assert [int(number) for number in told.groups()] == [
        counts.stories,
        counts.placements,
        report.figures.totals.originals,
        report.figures.totals.reprints,
    ]
    assert "3 câu chuyện có nội dung phê bình" in body(document)


def test_the_profile_is_printed_and_what_has_no_value_says_why(report, document):
    text = body(document)
    assert "Đa chiều: diverse.areas: 0,99; timely.within_72h: 12,5% (1 trên 8)." in text
    assert "1 chỉ tiêu chưa có số." in text
    assert "Ghi chú của hồ sơ." in text
    sheet = openpyxl.load_workbook(io.BytesIO(written(report, "xlsx")))["Yêu cầu của kế hoạch"]
    assert "chưa đạt tới" in [cell.value for line in sheet.iter_rows() for cell in line]


def test_the_list_in_word_says_how_much_of_it_is_shown(monkeypatch, report):
    monkeypatch.setattr(appendices, "MOST_LISTED", 5)
    found = opened(report)
    assert "5 tin, bài đầu trong số 24" in body(found)
    assert len(docx_tables(found)["Bảng 6. Danh mục tin, bài"]) == 5


def test_what_paper_leaves_out_is_counted():
    rows = [row(1, "bao_a", "01/07 08:00"), row(2, "bao_b", "02/07 08:00")]
    text = body(opened(month_report(rows, [])))
    assert "4 cơ quan không quan sát được ngày nào không in ở đây" in text
    assert "2 câu chuyện chỉ một cơ quan báo chí đăng không in ở đây" in text


def test_a_short_table_is_not_torn_by_the_end_of_a_page(document):
    (short,) = (
        table for table in document.tables if table.rows[0].cells[0].text == "Chỉ tiêu"
        and table.rows[0].cells[1].text == "Từ"
    )  # fmt: skip
    kept = [bool(line._tr.xpath(".//w:keepNext")) for line in short.rows]
    assert kept == [True] * (len(kept) - 1) + [False]


def test_equal_reports_give_equal_text(report):
    first, second = (written(report, "docx") for _ in range(2))
    assert everything(docx.Document(io.BytesIO(first))) == everything(
        docx.Document(io.BytesIO(second))
    )


# --- months at the edge


def edge_reports() -> Iterator[Any]:
    half = watched(silent=[(each.id, date(2026, 7, d)) for each in OUTLETS for d in range(1, 15)])
    old = {"period": month("2025-03")}
    yield pytest.param(month_report([]), "không thấy tin, bài nào", id="empty and observed")
    yield pytest.param(month_report([], []), "là không rõ", id="before the first crawl")
    yield pytest.param(
        month_report([], []),
        "không đọc được tin, bài nào",
        id="before the first crawl, what was read",
    )
    yield pytest.param(
        month_report([], []),
        "Không rõ câu chuyện nào được nhiều báo đăng",
        id="before the first crawl, what stands out",
    )
    yield pytest.param(
        month_report([], half), "chỉ quan sát được 53,3% số ngày-nguồn", id="half, proposed"
    )
    yield pytest.param(
        replace(month_report([], []), scope_note="Số liệu của Bộ Tài chính gồm cả cơ quan cũ."),
        "gồm cả cơ quan cũ",
        id="merged agencies",
    )
    yield pytest.param(month_report([], half), "dưới ngưỡng", id="half observed")
    yield pytest.param(month_report([], [], agency="BNV"), "là không rõ", id="one ministry")
    yield pytest.param(
        month_report([], [], agency="BKHDT", **old), "Bộ Tài chính", id="abolished in mid-month"
    )
    yield pytest.param(
        month_report([row(1, "bao_a", "01/07 08:00")]),
        "Thể chế: không có tin, bài trên báo chí",
        id="an area without a story",
    )


@pytest.mark.parametrize(("edge", "said"), list(edge_reports()))
def test_a_month_at_the_edge_is_a_readable_report(edge, said):
    found = opened(edge)
    text = body(found)
    assert said in text
    assert not re.search(r"None|nan|\{\{|\}\}|\[bảng|\[biểu đồ|\(\)|  ", text)
    assert all(rows for rows in docx_tables(found).values())


def test_a_table_without_rows_says_so():
    assert docx_tables(opened(month_report([])))[
        "Bảng 8. Hoạt động tuyên truyền ngoài báo chí"
    ] == [[NO_ROW] * 9]


# --- what outlets wrote


@pytest.mark.parametrize(
    "headline",
    [
        '=HYPERLINK("http://xau.test","bấm")',
        "+84 24 1234",
        "@x",
        "<w:p>& ]]> {{ ky.ten }} {% raw %}",
        "mở \u202eđảo\u202c chiều",
        "x" * 40_000,
        "# Không phải mục",
        "Một dòng\n[bảng: so sánh]\n# Hai",
        "[bảng: so sánh]",
    ],
)
def test_a_hostile_headline_is_text_in_the_document(headline):
    rows = [row(n, name, "01/07 08:00", story_id=1, headline=headline, tone="phe_phan")
            for n, name in ((1, "bao_a"), (2, "bao_b"))]  # fmt: skip
    found = opened(month_report(rows))
    listed = docx_tables(found)["Bảng 6. Danh mục tin, bài"]
    assert listed[0][3][:30_000] == headline[:30_000]
    assert len(found.inline_shapes) == 2
    assert len([each for each in found.paragraphs if each.style.name == "Heading 1"]) == 5
    assert [text for text in body(found).splitlines() if text == headline] == []


def test_control_characters_do_not_break_the_document():
    found = opened(month_report([row(1, "bao_a", "01/07 08:00", headline="Một\x00 cửa\x1b\ud83d")]))
    assert docx_tables(found)["Bảng 6. Danh mục tin, bài"][0][3] == "Một cửa"


# --- templates


def own(name: str, text: str | bytes) -> dict[str, bytes]:
    return {name: text if isinstance(text, bytes) else text.encode()}


def test_an_officers_wording_is_used():
    found = opened(rich(templates=own(REPORT_TEXT, "# I. MỤC RIÊNG\nKỳ {{ ky.tu }}: xong.\n")))
    assert [each.text for each in found.paragraphs if each.style.name == "Heading 1"] == [
        "I. MỤC RIÊNG"
    ]
    assert "Kỳ 15/06/2026: xong." in body(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ kyy.tu }}", "không có trường “kyy”|“kyy”"),
        ("{% if false %}{{ ky.tuu }}{% endif %}", "“tuu”"),
        ("{% for tin in phe_binh.tin %}{{ tin.titt }}{% endfor %}", "“titt”"),
        ("dòng một\n{% if ky %}", "viết sai cú pháp"),
        ("dòng một\n{% fro x %}", "dòng 2: viết sai cú pháp ở “{% fro x %}”. Sửa"),
        ("[bảng: lạ]", "“lạ”"),
        ("[biểu đồ: lạ]", "“lạ”"),
        ("{{ ky.__class__.__mro__ }}", "Mẫu bao-cao.j2"),
    ],
)
def test_a_wrong_template_is_named_with_what_is_wrong(text, said):
    with pytest.raises(UsageError, match=said):
        written(rich(templates=own(REPORT_TEXT, text)), "docx")


def changed_page(change: Any) -> bytes:
    page = docx.Document(io.BytesIO(shipped(REPORT_PAGE)))
    change(page)
    stream = io.BytesIO()
    page.save(stream)
    return stream.getvalue()


def test_a_field_that_word_split_over_several_runs_is_still_filled():
    def split(page: Any) -> None:
        place = page.paragraphs[0].insert_paragraph_before("")
        for part in ("Ký hiệu: {{ ky", "_hieu", " }}."):
            place.add_run(part)

    found = opened(rich(templates=own(REPORT_PAGE, changed_page(split))))
    assert "Ký hiệu: BC-SNV." in body(found)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (changed_page(lambda page: page.add_paragraph("{{ ky_hieuu }}")), "“ky_hieuu”"),
        (changed_page(lambda page: [each._p.getparent().remove(each._p)
                                    for each in page.paragraphs if "noi_dung" in each.text]),
         "không có đoạn"),
        (b"not a document", "không phải tệp Word"),
    ],
    ids=["unknown field", "no place for the text", "no document"],
)  # fmt: skip
def test_a_wrong_word_template_is_named(page, said):
    with pytest.raises(UsageError, match=said):
        written(rich(templates=own(REPORT_PAGE, page)), "docx")


def test_the_report_is_made_at_the_hour_that_was_handed_in():
    late = datetime(2027, 1, 2, 23, 0, tzinfo=VIETNAM)
    assert "năm 2027" in everything(opened(replace(rich(), generated_at=late)))


# --- official events


def event(*, is_confirmed: bool, outlets: int = 0) -> EventLine:
    moment = datetime(2026, 7, 1, 8, tzinfo=VIETNAM)
    return EventLine(
        number="1/NQ-CP",
        title="Nghị quyết về cải cách hành chính",
        agency="BNV",
        at=moment,
        precision=DatePrecision.MINUTE,
        is_confirmed=is_confirmed,
        first_outlet="Báo A" if outlets else "",
        first_at=moment if outlets else None,
        first_precision=DatePrecision.MINUTE,
        hours=(0.0, 0.0) if outlets else None,
        within=(outlets, outlets, outlets),
        outlets=outlets,
    )


PROPOSED, CONFIRMED, CARRIED = (
    event(is_confirmed=False),
    event(is_confirmed=True),
    event(is_confirmed=True, outlets=2),
)


@pytest.mark.parametrize(
    ("events", "said", "unsaid"),
    [
        (
            (PROPOSED, PROPOSED),
            "Chưa có sự kiện chính thức nào của kỳ được duyệt. 2 sự kiện là đề xuất, chưa duyệt",
            "Xem lại",
        ),
        (
            (PROPOSED, CONFIRMED, CARRIED),
            "Trong 2 sự kiện chính thức đã duyệt của kỳ, thấy báo chí đăng 1",
            "Xem lại 2",
        ),
        ((CONFIRMED,), "Xem lại 1 sự kiện chính thức chưa thấy báo chí đăng", "đề xuất, chưa"),
    ],
)
def test_only_confirmed_events_count_and_proposals_are_told_as_such(events, said, unsaid):
    text = body(opened(rich(events=events))).split("Phụ lục I")[0]
    assert said in text and unsaid not in text


@pytest.mark.parametrize(
    ("line", "polls", "printed"),
    [
        (PROPOSED, None, "–"),
        (CONFIRMED, None, "0"),
        (CONFIRMED, [], "–"),
        (CARRIED, [], "2"),
    ],
)
def test_no_outlet_is_printed_as_0_only_where_that_is_known(line, polls, printed):
    found = replace(month_report([row(1, "bao_a", "01/07 08:00")], polls), events=(line,))
    (table,) = (each for each in tables(found) if each.number == "5")
    at = [heading.text for heading in table.headings].index("Số báo trong 24 giờ")
    assert [words(value) for value in table.rows[0][at : at + 4]] == [printed] * 4


def test_a_difference_of_shares_is_in_points(report):
    (table,) = (each for each in tables(report) if each.title.startswith("Số liệu chung"))
    differences = {line[0]: line[3] for line in table.rows if isinstance(line[1], Share)}
    assert differences and all(isinstance(value, Points) for value in differences.values())


def test_the_table_of_tones_says_that_its_lines_do_not_add_up(report):
    (table,) = (each for each in tables(report) if each.number == "1.3")
    assert "không cộng lại" in table.notes[0]


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_headline_of_40000_signs_with_marks_of_direction_breaks_no_format(form):
    headline = "=Mở \u202eđảo\u202c\x07 " + "chữ " * 10_000
    rows = [
        row(1, "bao_a", "01/07 08:00", headline=headline, tone="phe_phan", aspect="ket_qua"),
        row(2, "bao_b", "01/07 09:00", headline=headline, story_id=1, is_original=False),
    ]
    made = written(month_report(rows), form)
    assert made
    if form == "docx":
        text = everything(docx.Document(io.BytesIO(made)))
        assert "=Mở \u202eđảo\u202c chữ" in text and "\x07" not in text
    if form == "json":
        assert json.loads(made)["rows"][0]["headline"] == headline
