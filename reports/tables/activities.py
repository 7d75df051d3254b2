"""Table 8: activities outside the press, planned and done."""

from __future__ import annotations

from collections.abc import Sequence

from domain.activities import ACTIVITY_NAMES, Activity
from domain.figures import MonthReport
from reports.values import Count, Heading, Share, Table, Value
from reports.vietnamese import day

_HEADINGS = (
    Heading("STT", 6),
    Heading("Hình thức", 22),
    Heading("Nội dung", 46),
    Heading("Cơ quan thực hiện", 26),
    Heading("Thời gian", 24),
    Heading("Đơn vị tính", 12),
    Heading("Kế hoạch", 10),
    Heading("Thực hiện", 10),
    Heading("Mức hoàn thành", 11),
    Heading("Ghi chú", 30, is_printed=False),
    Heading("Người nhập", 18, is_printed=False),
)


def activities(report: MonthReport) -> Table:
    """What people entered for the period, in order of time."""
    return Table(
        number="8",
        title="Hoạt động tuyên truyền ngoài báo chí",
        notes=(
            "Do người nhập; máy không kiểm chứng. Mức hoàn thành = thực hiện / kế hoạch, để trống "
            "khi kế hoạch không nêu số.",
        ),
        headings=_HEADINGS,
        rows=[_row(n, each, report) for n, each in enumerate(report.activities, start=1)],
    )


def _row(n: int, each: Activity, report: MonthReport) -> Sequence[Value]:
    names = report.figures.names
    share = each.done / each.planned if each.planned and each.done is not None else None
    days = day(each.first_day)
    if each.last_day != each.first_day:
        days = f"{days}–{day(each.last_day)}"
    return (
        Count(n),
        ACTIVITY_NAMES[each.kind],
        each.title,
        names.get(each.agency_id, each.agency_id),
        days,
        each.unit,
        Count(each.planned),
        Count(each.done),
        Share(share),
        each.note,
        each.author,
    )
