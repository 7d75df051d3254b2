"""Table 7: what the press criticises, and whether the agency answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.codes import TONE_NAMES
from domain.figures import MonthReport
from domain.highlights import Criticism
from reports.articles import names_of
from reports.values import Count, Heading, Link, Moment, Table, Value
from reports.vietnamese import number

NOT_ANSWERED = "chưa thấy phản hồi"
_HEADINGS = (
    Heading("STT", 6),
    Heading("Ngày", 17),
    Heading("Nội dung phản ánh", 52),
    Heading("Cơ quan báo chí", 20),
    Heading("Cơ quan được phản ánh", 26),
    Heading("Sắc thái", 12, is_printed=False),
    Heading("Số cơ quan báo chí", 10, short="Số báo"),
    Heading("Tình trạng phản hồi", 30),
    Heading("Thời gian đến phản hồi (giờ)", 12, short="Giờ đến phản hồi"),
    Heading("Địa chỉ bài phản ánh", 44, is_printed=False),
    Heading("Địa chỉ phản hồi", 44, is_printed=False),
)


def criticism(report: MonthReport) -> Table:
    """Every critical story of the period, the oldest first."""
    found = report.highlights.criticism
    answered = sum(1 for each in found if each.answer)
    return Table(
        number="7",
        title="Phản ánh, phê bình của báo chí",
        notes=(
            f"{number(len(found))} câu chuyện có nội dung phê bình; {number(answered)} có tin của "
            "cơ quan mà máy cho là phản hồi, tính đến hết kỳ. Sắc thái và phản hồi do máy gợi ý, "
            "cần người kiểm tra.",
        ),
        headings=_HEADINGS,
        rows=[_row(n, each, report) for n, each in enumerate(found, start=1)],
    )


def _row(n: int, each: Criticism, report: MonthReport) -> Sequence[Value]:
    story, answer = each.story, each.answer
    told = f"{answer.outlet_name}: {answer.headline}" if answer else NOT_ANSWERED
    return (
        Count(n),
        Moment(story.at, story.precision),
        story.headline,
        story.outlet_name,
        names_of(story.agencies, report.figures.names),
        TONE_NAMES[each.tone],
        Count(story.outlets),
        told,
        answer.after / timedelta(hours=1) if answer else None,
        Link(story.url),
        Link(answer.url) if answer else "",
    )
