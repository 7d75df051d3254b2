"""What the figures give reason to propose, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from domain.codes import AREA_NAMES
from domain.figures import CellState, MonthReport
from reports.answers import Standing, standing, today
from reports.sentences.names import listed
from reports.tables.areas import areas_without_story
from reports.vietnamese import number, percent


def proposals(report: MonthReport) -> Iterator[str]:
    """What somebody has to do by the figures, the most pressing first."""
    yield from _answers(report)
    yield from _silence(report)
    late = sum(each.is_confirmed and not each.outlets for each in report.events)
    if late:
        yield f"Xem lại {number(late)} sự kiện chính thức chưa thấy báo chí đăng (Bảng 5)."
    press = report.figures.observation.press
    if press.sources_observed < press.sources:
        yield (
            f"Kiểm tra {number(press.sources - press.sources_observed)} nguồn báo chí không quan "
            "sát được (Bảng 4)."
        )
    elif press.sources and press.share < report.figures.observed_share:
        yield (
            f"Kiểm tra các nguồn báo chí có ngày không quan sát được: kỳ này chỉ quan sát được "
            f"{percent(press.share)} số ngày-nguồn (Bảng 4)."
        )
    behind = sum(
        1
        for each in report.activities
        if each.planned and each.done is not None and each.done < each.planned
    )
    if behind:
        yield f"Hoàn thành {number(behind)} hoạt động ngoài báo chí còn dưới kế hoạch (Bảng 8)."


_ANSWERS = {
    Standing.OVERDUE: "Trả lời {n} phản ánh đã giao mà quá hạn",
    Standing.UNANSWERED: "Kiểm tra, trả lời {n} câu chuyện phê bình chưa thấy phản hồi",
    Standing.SUGGESTED: "Xác nhận phản hồi do máy so tiêu đề của {n} câu chuyện phê bình",
}


def _answers(report: MonthReport) -> Iterator[str]:
    names = report.figures.names
    for state, told in _ANSWERS.items():
        found = [
            each
            for each in report.highlights.criticism
            if each.story.agencies and standing(each, today(report)) is state
        ]
        if found:
            agencies = dict.fromkeys(
                names.get(agency, agency) for each in found for agency in each.story.agencies
            )
            yield (
                f"{told.format(n=number(len(found)))} (Bảng 7); cơ quan được phản ánh: "
                f"{listed(list(agencies))}."
            )
    nobody = sum(
        not each.story.agencies and standing(each, today(report)) in _ANSWERS
        for each in report.highlights.criticism
    )
    if nobody:
        yield f"Xác định cơ quan được phản ánh của {number(nobody)} câu chuyện phê bình (Bảng 7)."


def _silence(report: MonthReport) -> Iterator[str]:
    figures = report.figures
    areas = areas_without_story(report)
    if areas and figures.agency:
        names = listed([AREA_NAMES[area] for area in areas])
        yield f"Cung cấp thông tin cho báo chí về lĩnh vực chưa có tin, bài: {names}."
    empty = sum(line.state is CellState.EMPTY for line in figures.coverage.lines)
    if empty and not figures.agency:
        yield (
            f"Đề nghị {number(empty)} cơ quan chưa có câu chuyện nào trên báo chí rà soát việc "
            "cung cấp thông tin (Bảng 2, Bảng 3)."
        )
