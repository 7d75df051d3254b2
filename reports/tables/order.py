"""Which tables a report has, in the order in which a workbook shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.figures import MonthReport
from reports.tables import (
    activities,
    agencies,
    areas,
    criticism,
    highlights,
    method,
    outlets,
    summary,
    timing,
)
from reports.tables import quality as qualities
from reports.values import Table

AREA_SHEET: Final = "1 Lĩnh vực"
DAY_SHEET: Final = "Theo ngày"
#: The list of articles: table 6.
LIST_SHEET: Final = "6 Danh mục bài"


def sheets(report: MonthReport) -> Iterator[tuple[str, list[Table]]]:
    """Name of the sheet and its tables, the main one first; the list of articles is apart."""
    yield AREA_SHEET, [areas.by_area(report), areas.by_form(report), areas.by_tone(report)]
    for name, table in (
        ("2 Bộ, ngành x lĩnh vực", agencies.ministries(report)),
        ("3 Địa phương x lĩnh vực", agencies.provinces(report)),
    ):
        if table is not None:
            yield name, [table]
    yield "4 Cơ quan báo chí", [outlets.outlets(report)]
    timings = [timing.events(report), timing.stories(report)]
    yield "5 Kịp thời", timings if report.events else timings[::-1]
    yield LIST_SHEET, []
    yield "7 Phản ánh, phê bình", [criticism.criticism(report)]
    yield "8 Ngoài báo chí", [activities.activities(report)]
    yield "9 Phương pháp", [method.method(report)]
    quality = qualities.quality(report)
    if quality is not None:
        yield "Yêu cầu của kế hoạch", [quality]
    yield DAY_SHEET, [outlets.days(report)]
    yield "Thông tin cổng TTĐT", [timing.releases(report)]
    yield "Cổng TTĐT theo cơ quan", [timing.agencies(report)]
    yield "Nổi bật", [
        highlights.most_placed(report), highlights.results(report), highlights.first(report),
    ]  # fmt: skip
    yield "Cụm từ", [highlights.phrases(report)]


def tables(report: MonthReport) -> list[Table]:
    """Every table but the list of articles."""
    return [
        summary.changes(report),
        summary.completeness(report),
        *(table for _, found in sheets(report) for table in found),
    ]
