"""Table 7: what the press criticises, and how its answer stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.codes import TONE_NAMES
from domain.figures import MonthReport
from domain.highlights import Criticism
from reports.answers import Standing, address, counted, deadline, people, standing, today, told
from reports.articles import names_of
from reports.values import Count, Heading, Link, Moment, Table, Value

_HEADINGS = (
    Heading("STT", 6),
    Heading("Ngày", 17),
    Heading("Nội dung phản ánh", 52),
    Heading("Cơ quan báo chí", 20),
    Heading("Cơ quan được phản ánh", 26),
    Heading("Sắc thái", 12, is_printed=False),
    Heading("Số cơ quan báo chí", 10, short="Số báo"),
    Heading("Tình trạng phản hồi", 38),
    Heading("Thời gian đến phản hồi theo tiêu đề (giờ)", 12, short="Giờ đến phản hồi"),
    Heading("Người được giao trả lời", 22, is_printed=False),
    Heading("Hạn trả lời", 14, is_printed=False),
    Heading("Địa chỉ bài phản ánh", 44, is_printed=False),
    Heading("Địa chỉ phản hồi", 44, is_printed=False),
)
_NOTE = (
    "Sắc thái do máy gợi ý. Tình trạng do người ghi; chỗ ghi “theo tiêu đề, chưa được xác nhận” là "
    "do máy so tiêu đề các tin, bài đến hết kỳ, cần người kiểm tra."
)


def criticism(report: MonthReport) -> Table:
    """Every critical story of the period, the oldest first."""
    found = report.highlights.criticism
    counts = counted(found, today(report))
    return Table(
        number="7",
        title="Phản ánh, phê bình của báo chí",
        notes=(f"{counts} {_NOTE}" if counts else _NOTE,),
        headings=_HEADINGS,
        rows=[_row(n, each, report) for n, each in enumerate(found, start=1)],
    )


def _row(n: int, each: Criticism, report: MonthReport) -> Sequence[Value]:
    story = each.story
    is_suggested = standing(each, today(report)) is Standing.SUGGESTED
    answer = each.answer if is_suggested else None
    url = address(each)
    return (
        Count(n),
        Moment(story.at, story.precision),
        story.headline,
        story.outlet_name,
        names_of(story.agencies, report.figures.names),
        TONE_NAMES[each.tone],
        Count(story.outlets),
        told(each, report.figures.names, today(report)),
        answer.after / timedelta(hours=1) if answer else None,
        people(each),
        deadline(each) or "",
        Link(story.url),
        Link(url) if url else "",
    )
