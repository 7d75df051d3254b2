"""Answers to criticism: what people recorded counts before what headlines suggest."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import openpyxl
import pytest

from domain.feedback import Feedback, FeedbackState, FeedbackStep
from domain.figures import MonthReport
from reports.answers import Standing, standing, today
from reports.formats import FORMATS
from tests.small_press import at, month_report, row

CRITICAL = row(1, "bao_a", "01/07 08:00", headline="Dân chờ cả buổi ở một cửa", tone="phe_phan")
SUGGESTED = row(
    2, "bao_b", "02/07 10:00", headline="Bộ trả lời việc dân chờ cả buổi ở một cửa", story_id=2
)


def step(state: FeedbackState, **told: Any) -> FeedbackStep:
    fields = {"article_id": 1, "agency_id": "BNV", "author": "Lan", "at": at("03/07 08:00")}
    return FeedbackStep(state=state, **{**fields, **told})


def told(*steps: FeedbackStep, is_suggested: bool = False) -> MonthReport:
    """A report on one criticism, as people spoke of it."""
    report = month_report([CRITICAL, *([SUGGESTED] if is_suggested else [])])
    (found,) = report.highlights.criticism
    feedback = (Feedback(story_id=1, agency_id="BNV", steps=steps),) if steps else ()
    held = replace(report.highlights, criticism=(replace(found, feedback=feedback),))
    return replace(report, highlights=held)


ASSIGNED = step(FeedbackState.ASSIGNED, person="Nguyễn Thị Lan", deadline=date(2030, 1, 5))
LATE = step(FeedbackState.ASSIGNED, person="Nguyễn Thị Lan", deadline=date(2026, 7, 5))
ANSWERED = step(FeedbackState.ANSWERED, answer_url="https://bnv.test/tra-loi", note="đã trả lời")
DISMISSED = step(FeedbackState.NOT_FEEDBACK, note="chỉ nêu ý kiến")


@pytest.mark.parametrize(
    ("report", "stands", "cell", "proposed"),
    [
        (told(), Standing.UNANSWERED, "chưa thấy phản hồi", "Kiểm tra, trả lời 1 câu chuyện"),
        (told(is_suggested=True), Standing.SUGGESTED,
         "theo tiêu đề, chưa được xác nhận: Báo B", "Xác nhận phản hồi"),
        (told(ASSIGNED), Standing.ASSIGNED, "đã giao Nguyễn Thị Lan; hạn 05/01/2030", ""),
        (told(LATE), Standing.OVERDUE, "hạn 05/07/2026, quá hạn", "đã giao mà quá hạn"),
        # Whoever looked knows better than the headlines.
        (told(ASSIGNED, ANSWERED, is_suggested=True), Standing.ANSWERED, "đã phản hồi", ""),
        (told(DISMISSED), Standing.DISMISSED, "không cần phản hồi: chỉ nêu ý kiến", ""),
        (told(DISMISSED, step(FeedbackState.NEW)), Standing.UNANSWERED,
         "chưa thấy phản hồi", "Kiểm tra, trả lời"),
    ],
    ids=["nobody spoke", "suggested", "assigned", "late", "answered", "dismissed", "opened again"],
)  # fmt: skip
def test_a_criticism_stands_as_people_said_of_it(report, stands, cell, proposed):
    (found,) = report.highlights.criticism
    assert standing(found, today(report)) is stands
    sheet = _sheet(report)
    assert cell in sheet["Tình trạng phản hồi"]
    text = _text(report)
    assert proposed in text
    if not proposed:
        assert "Kiểm tra, trả lời" not in text and "quá hạn" not in text


def test_who_answers_until_when_and_where_stand_in_columns_of_their_own():
    line = _sheet(told(LATE, replace(ANSWERED, person="Nguyễn Thị Lan", deadline=LATE.deadline)))
    assert line["Người được giao trả lời"] == "Nguyễn Thị Lan"
    assert line["Hạn trả lời"].date() == date(2026, 7, 5)
    assert line["Địa chỉ phản hồi"] == "https://bnv.test/tra-loi"


def test_a_time_to_answer_is_told_only_of_what_the_headlines_suggest():
    name = "Thời gian đến phản hồi theo tiêu đề (giờ)"
    assert _sheet(told(is_suggested=True))[name] == 26
    assert _sheet(told(ANSWERED, is_suggested=True))[name] == "–"


def _sheet(report: MonthReport) -> dict[str, Any]:
    stream = io.BytesIO()
    FORMATS["xlsx"](report, stream)
    sheet = openpyxl.load_workbook(stream)["7 Phản ánh, phê bình"]
    head, line = list(sheet.iter_rows(3, 4, values_only=True))
    return dict(zip(head, line, strict=True))


def _text(report: MonthReport) -> str:
    stream = io.BytesIO()
    FORMATS["docx"](report, stream)
    found = docx.Document(io.BytesIO(stream.getvalue()))
    return "\n".join(paragraph.text for paragraph in found.paragraphs)
