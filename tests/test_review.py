"""The review queue: drawn, decided in a spreadsheet, read back; decisions outlive every model."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from cli.training import joined
from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM
from domain.codes import Area, Role
from domain.errors import UsageError
from domain.outlets import OutletBook
from domain.periods import Window, month
from domain.records import AgencyTag, Evidence, Finding
from domain.review import NameProposal, Reason
from domain.settings import Settings
from nlp.labelled import read_labelled
from pipeline.context import Context
from pipeline.decisions import Taken, import_decisions
from pipeline.review import audit, export_queue, write_gold
from pipeline.unknown_names import known_proposals, mark_names
from storage.database import connect, database_url
from storage.declared import register_outlet
from storage.findings import store_findings
from storage.forms import init_database
from storage.intake import store_articles
from storage.name_proposals import keep_proposals
from storage.rows import article_rows
from storage.tables import article_areas, articles, corrections, review_items
from tests.fakes import outlet
from tests.test_cli import Said, diembao
from tests.test_storage import incoming

NOW = datetime(2026, 7, 20, 8, 0, tzinfo=VIETNAM)
ARTICLES = 60


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Sixty tagged articles: twenty flagged, ten nearly so, the rest far from it."""
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    with engine.begin() as connection:
        register_outlet(connection, outlet("bao_mot"))
        store_articles(connection, [incoming(connection, n) for n in range(ARTICLES)])
        numbers = sorted(connection.scalars(select(articles.c.id)))
        store_findings(connection, [finding(number, n) for n, number in enumerate(numbers)])
    return Context(
        settings=Settings(), home=tmp_path, engine=engine, outlets=OutletBook([]),
        clock=lambda: NOW,
    )  # fmt: skip


def finding(number: int, n: int, version: str = "m1") -> Finding:
    relevance = 0.5 + n / 50 if n < 20 else 0.3 if n < 30 else 0.01
    relevant = n < 20
    return Finding(
        id=str(number),
        model_version=version,
        relevance=relevance,
        relevant=relevant,
        areas={Area.THU_TUC: 0.8} if relevant else {},
        agencies=(
            AgencyTag(
                id="BNV",
                role=Role.FOCUS,
                evidence=(Evidence(part="title", start=0, end=9, words="Bộ Nội vụ"),),
            ),
        ),
        form="tin",
        tone="trung_tinh",
        audience="chung",
        aspect="trien_khai" if relevant else "na",
        evidence={Area.THU_TUC: (Evidence(part="title", start=0, end=7, words="thủ tục"),)}
        if relevant
        else {},
    )


class Sheet:
    """This is the queue's workbook as an officer has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = load_workbook(path)
        self.raw: Any = self.book.worksheets[0]
        self.headings = [cell.value for cell in self.raw[1]]

    def __len__(self) -> int:
        return int(self.raw.max_row) - 1

    def cell(self, row: int, heading: str) -> Any:
        return self.raw.cell(row, self.headings.index(heading) + 1)

    def first(self, heading: str, value: str) -> int:
        """The first row with a value in a column."""
        return next(r for r in range(2, len(self) + 2) if self.cell(r, heading).value == value)

    def set(self, row: int, **values: Any) -> None:
        names = {"decision": "Quyết định", "relevant": "Liên quan", "focus": "Cơ quan chủ thể",
                 "mention": "Cơ quan được nhắc", "tone": "Sắc thái", "number": "Mã bài",
                 "procedures": "Thủ tục hành chính", "units": "Tổ chức bộ máy"}  # fmt: skip
        for name, value in values.items():
            self.cell(row, names[name]).value = value

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def exported(context: Context, register: AgencyRegister, count: int = 20, **more: Any) -> Sheet:
    path = context.home / "duyet.xlsx"
    export_queue(context, register, path, count=count, **more)
    return Sheet(path)


def imported(context: Context, register: AgencyRegister, sheet: Sheet) -> Taken:
    return import_decisions(context, register, sheet.save(), author="Lan")


def tags_of(context: Context, number: int) -> Any:
    with context.engine.begin() as connection:
        rows = article_rows(connection, NOW - timedelta(days=90), NOW)
    return next(row for row in rows if row.article_id == number)


def test_the_queue_mixes_doubt_with_a_random_sample_and_nothing_twice(context, register):
    sheet = exported(context, register)
    reasons = [sheet.cell(r, "Lý do").value for r in range(2, 22)]
    assert len(sheet) == 20
    assert reasons.count("Kiểm tra ngẫu nhiên") == 10
    assert reasons.count("Máy không chắc") == 10
    assert reasons != sorted(reasons)
    assert len({sheet.cell(r, "Mã bài").value for r in range(2, 22)}) == 20


def test_weights_stand_for_the_whole_press(context, register):
    exported(context, register)
    with context.engine.begin() as connection:
        drawn = list(connection.execute(select(review_items)))
    random_ones = [row for row in drawn if row.reason == Reason.AUDIT]
    assert sum(row.weight for row in random_ones) == pytest.approx(ARTICLES)
    assert all(row.weight is None for row in drawn if row.reason == Reason.UNCERTAIN)


def test_a_row_shows_what_is_needed_and_offers_the_codes(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    assert sheet.cell(row, "Thủ tục hành chính").value == "Có"
    assert sheet.cell(row, "Tổ chức bộ máy").value == "Không"
    assert sheet.cell(row, "Cơ quan chủ thể").value == "Bộ Nội vụ"
    assert sheet.cell(row, "Căn cứ của máy").value == (
        "Thủ tục hành chính: thủ tục\nBộ Nội vụ: Bộ Nội vụ"
    )
    assert sheet.cell(row, "Địa chỉ").value.startswith("https://bao_mot.test/")
    assert len(sheet.raw.data_validations.dataValidation) == 2 + len(Area) + 4
    assert sheet.book.sheetnames == ["Duyệt", "Hướng dẫn", "Giá trị nhãn", "Cơ quan"]


def test_what_is_undecided_comes_again_before_anything_new_is_drawn(context, register):
    first = exported(context, register)
    numbers = {first.cell(r, "Mã bài").value for r in range(2, 22)}
    again = exported(context, register)
    assert {again.cell(r, "Mã bài").value for r in range(2, 22)} == numbers
    for row in range(2, 12):
        again.set(row, decision="Đúng")
    imported(context, register, again)
    third = exported(context, register)
    later = {third.cell(r, "Mã bài").value for r in range(2, 22)}
    assert len(later) == 20 and len(later & numbers) == 10


def test_a_confirmation_without_a_change_counts_and_outlives_the_next_model(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    number = int(sheet.cell(row, "Mã bài").value)
    sheet.set(row, decision="Đúng")
    done = imported(context, register, sheet)
    assert (done.new, done.known, done.undecided, done.errors) == (1, 0, 19, ())
    with context.engine.begin() as connection:
        store_findings(connection, [finding(number, 59, version="m2")])
    assert tags_of(context, number).relevant
    assert tags_of(context, number).areas == (Area.THU_TUC,)


def test_a_change_without_a_decision_is_a_decision(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    number = int(sheet.cell(row, "Mã bài").value)
    sheet.set(
        row, units="Có", procedures="Không", focus="Bộ Tài chính", mention="bnv; Tỉnh Nghệ An",
        tone="Phê phán",
    )  # fmt: skip
    assert imported(context, register, sheet).new == 1
    found = tags_of(context, number)
    assert found.areas == (Area.BO_MAY,)
    assert (found.focus, set(found.mention)) == (("BTC",), {"BNV", "P34:nghe_an"})
    assert (found.tone, found.corrected) == ("phe_phan", True)


def test_not_relevant_takes_the_areas_with_it(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    number = int(sheet.cell(row, "Mã bài").value)
    sheet.set(row, relevant="Không")
    assert imported(context, register, sheet).errors == ()
    found = tags_of(context, number)
    assert (found.relevant, found.areas, found.aspect) == (False, (), "na")
    with context.engine.begin() as connection:
        left = connection.scalars(
            select(article_areas.c.area).where(article_areas.c.article_id == number)
        )
        assert list(left) == []


def test_a_second_import_changes_nothing_and_a_new_mind_does(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    sheet.set(row, decision="Đúng")
    imported(context, register, sheet)

    def kept() -> int:
        with context.engine.begin() as connection:
            return len(list(connection.execute(select(corrections))))

    before = kept()
    again = imported(context, register, sheet)
    assert (again.new, again.known, kept()) == (0, 1, before)
    sheet.set(row, tone="Tích cực")
    assert imported(context, register, sheet).new == 1
    assert tags_of(context, int(sheet.cell(row, "Mã bài").value)).tone == "tich_cuc"


FAULTS = {
    "a relevant article without an area": (
        {"procedures": "Không"}, "Liên quan", "cần ít nhất một lĩnh vực"),
    "an agency that is none": (
        {"focus": "Bộ Nội vu cũ"}, "Cơ quan chủ thể", "Không có cơ quan “Bộ Nội vu cũ”"),
    "a tone that is none": ({"tone": "Vui"}, "Sắc thái", "Không có giá trị “Vui”"),
    "neither yes nor no": ({"relevant": "Có lẽ"}, "Liên quan", "chỉ nhận Có hoặc Không"),
    "a decision that is none": ({"decision": "Ừ"}, "Quyết định", "không có trong danh sách"),
    "a number of another article": ({"number": "12"}, "Mã bài", "không có bài “12”"),
    "a number that is none": ({"number": "=1+1"}, "Mã bài", "trong hàng đợi"),
    "a number without end": ({"number": "9" * 40}, "Mã bài", "trong hàng đợi"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "column", "told"), FAULTS.values(), ids=FAULTS)
def test_a_row_that_cannot_be_used_is_named_and_the_others_are_taken(
    context, register, change, column, told
):
    sheet = exported(context, register)
    bad = sheet.first("Liên quan", "Có")
    good = sheet.first("Liên quan", "Không")
    sheet.set(bad, **change)
    sheet.set(good, decision="Đúng")
    done = imported(context, register, sheet)
    assert done.new == 1
    (error,) = done.errors
    assert (error.number, error.column) == (bad, column)
    assert told in error.reason
    again = exported(context, register)
    assert len(again) == 20


def test_a_row_twice_is_told(context, register):
    sheet = exported(context, register)
    first, second = 2, 3
    sheet.set(first, decision="Đúng")
    sheet.set(second, decision="Đúng", number=sheet.cell(first, "Mã bài").value)
    done = imported(context, register, sheet)
    assert done.new == 1 and "đã có ở một dòng trên" in done.errors[0].reason


def test_a_workbook_that_is_none_and_a_lost_column_are_usage_errors(context, register, tmp_path):
    other = tmp_path / "khac.xlsx"
    other.write_bytes(b"no workbook")
    with pytest.raises(UsageError, match=r"khac\.xlsx"):
        import_decisions(context, register, other, author="")
    sheet = exported(context, register)
    sheet.raw.delete_cols(sheet.headings.index("Mã bài") + 1)
    with pytest.raises(UsageError, match="Mã bài"):
        imported(context, register, sheet)


def test_without_the_hidden_column_decisions_are_still_read(context, register):
    sheet = exported(context, register)
    row = sheet.first("Liên quan", "Có")
    sheet.set(row, tone="Phê phán")
    sheet.raw.delete_cols(sheet.headings.index("Nhãn của máy") + 1)
    done = imported(context, register, sheet)
    assert (done.new, done.undecided, done.errors) == (1, 19, ())


def test_formulas_in_a_headline_stay_text(context, register):
    with context.engine.begin() as connection:
        connection.execute(articles.update().values(headline="=HYPERLINK(1)"))
    sheet = exported(context, register)
    assert sheet.cell(2, "Tít").data_type == "s"


def test_only_a_month(context, register):
    july = month("2026-07", Window.BAO_CAO)
    assert len(exported(context, register, period=july)) == 20
    sheet = exported(context, register, period=month("2025-01", Window.BAO_CAO))
    assert sheet.cell(2, "Mã bài").value in (None, "")


def test_more_than_there_is(context, register):
    assert len(exported(context, register, count=500)) == ARTICLES


def test_nothing_tagged_is_said(tmp_path, register):
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    empty = Context(
        settings=Settings(), home=tmp_path, engine=engine, outlets=OutletBook([]),
        clock=lambda: NOW,
    )  # fmt: skip
    with pytest.raises(UsageError, match="diembao tag"):
        export_queue(empty, register, tmp_path / "a.xlsx", count=5)


def test_decisions_become_labels_that_training_reads(context, register, tmp_path):
    sheet = exported(context, register)
    sure = sheet.first("Liên quan", "Có")
    sheet.set(sure, decision="Đúng", tone="Chưa rõ")
    sheet.set(sheet.first("Liên quan", "Không"), decision="Đúng")
    imported(context, register, sheet)
    path = tmp_path / "gold.jsonl"
    assert write_gold(context, path) == 2
    found = {one.relevant: one for one in read_labelled(path)}
    assert found[True].topics == ("thu_tuc",)
    assert (found[True].focus, found[True].tone, found[True].form) == (("BNV",), "", "tin")
    assert found[False].topics == () and found[False].aspect == "na"


def test_what_was_decided_replaces_a_label_of_the_same_address(tmp_path):
    old, new = tmp_path / "nhan.jsonl", tmp_path / "duyet.jsonl"
    old.write_text('{"id": 1, "url": "a", "v": 1}\n{"id": 2, "url": "b"}\n', encoding="utf-8")
    new.write_text('{"id": "review-9", "url": "a", "v": 2}\n', encoding="utf-8")
    whole = joined(old, [new], tmp_path)
    assert whole.name == "nhan.jsonl+duyet.jsonl"
    rows = [json.loads(line) for line in whole.read_text(encoding="utf-8").splitlines()]
    assert [(row["url"], row.get("v")) for row in rows] == [("a", 2), ("b", None)]
    assert joined(old, [], tmp_path) == old
    new.write_text("hong\n", encoding="utf-8")
    with pytest.raises(UsageError, match="dòng 1"):
        joined(old, [new], tmp_path)


def test_the_audit_speaks_for_the_model_it_was_drawn_under(context, register):
    sheet = exported(context, register)
    for row in range(2, 22):
        sheet.set(row, decision="Đúng")
    wrong = next(
        r
        for r in range(2, 22)
        if sheet.cell(r, "Lý do").value == "Kiểm tra ngẫu nhiên"
        and sheet.cell(r, "Liên quan").value == "Có"
    )
    sheet.set(wrong, relevant="Không")
    imported(context, register, sheet)
    (report,), changes = audit(context)
    assert report.model_version == "m1" and changes == []
    assert report.articles == 10
    assert report.stands_for == pytest.approx(ARTICLES)
    precision = report.relevance.precision
    assert precision.value is not None and precision.value < 1
    with context.engine.begin() as connection:
        numbers = sorted(connection.scalars(select(articles.c.id)))
        store_findings(connection, [finding(x, n, "m2") for n, x in enumerate(numbers)])
    again = exported(context, register)
    for row in range(2, 22):
        again.set(row, decision="Đúng")
    imported(context, register, again)
    (newer, older), changes = audit(context)
    assert (newer.model_version, older.model_version) == ("m2", "m1")
    assert older == report
    assert {one.code for one in changes} >= {"relevant", "form"}


def test_a_name_once_refused_is_not_proposed_again(context):
    with context.engine.begin() as connection:
        example = connection.scalar(select(articles.c.id).limit(1))
        assert example is not None
        found = [
            NameProposal(name="Cục Ví dụ", articles=3, example_id=example, words="Cục Ví dụ nói."),
            NameProposal(name="Viện Ví dụ", articles=5, example_id=example, words="Viện Ví dụ."),
        ]
        keep_proposals(connection, found, NOW)
    assert [one.name for one in known_proposals(context)] == ["Viện Ví dụ", "Cục Ví dụ"]
    mark_names(context, ["Viện Ví dụ"], state="no")
    with context.engine.begin() as connection:
        keep_proposals(connection, found, NOW)
    assert [one.name for one in known_proposals(context)] == ["Cục Ví dụ"]
    with pytest.raises(UsageError, match="Cục Ví dụ"):
        mark_names(context, ["Cục Ví du"], state="no")


def called(context: Context, *arguments: object) -> Said:
    config = context.home / "config.toml"
    config.write_text("", encoding="utf-8")
    return diembao("--config", config, "--home", context.home, "review", *arguments)


def test_the_commands_one_after_the_other(context, tmp_path):
    path = tmp_path / "q.xlsx"
    assert "đuôi .xlsx" in called(context, "export", tmp_path / "q.xls").err
    assert "Chưa có bài kiểm tra ngẫu nhiên nào" in called(context, "report").out
    said = called(context, "export", path, "--n", 10)
    assert (said.status, said.err) == (0, "")
    assert "10 bài chờ duyệt" in said.out and "5 kiểm tra ngẫu nhiên" in said.out
    sheet = Sheet(path)
    for row in range(2, 11):
        sheet.set(row, decision="Đúng")
    sheet.set(11, tone="Vui")
    sheet.save()
    said = called(context, "import", path, "--by", "Lan")
    assert said.status == 1
    assert "9 quyết định mới" in said.out and "1 dòng có lỗi" in said.out
    assert "Dòng 11, cột “Sắc thái”: Không có giá trị “Vui”" in said.err
    told = called(context, "report").out
    assert "Mô hình m1:" in told and "Liên quan: độ chính xác" in told and "Fay–Feuer" in told
    found = json.loads(called(context, "report", "--json").out)
    assert found["versions"][0]["model_version"] == "m1" and found["drift"] == []
    assert "9 bài đã duyệt" in called(context, "gold", "--out", tmp_path / "g.jsonl").out
    assert "Không có tên lạ" in called(context, "names", "--n", 0).out
    assert json.loads(called(context, "names", "--n", 0, "--json").out) == []


def test_doubt_is_of_relevance_and_of_areas(context, register):
    with context.engine.begin() as connection:
        numbers = sorted(connection.scalars(select(articles.c.id)))
        torn = replace(finding(numbers[19], 19), scores={"areas": {"bo_may": 0.51}})
        store_findings(connection, [torn])
    exported(context, register)
    with context.engine.begin() as connection:
        asked = set(connection.scalars(select(review_items.c.article_id)))
    # Number 0 lies nearest to the line of relevance, number 19 farthest, but torn between areas.
    assert {numbers[0], numbers[19]} <= asked
