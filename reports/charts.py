"""The charts of a report: what each shows of its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.codes import AREA_NAMES
from domain.figures import CellState, MonthReport
from reports.chart_kinds import (
    PAPER,
    NamedBar,
    Spec,
    TimePoint,
    TimeWords,
    bars_by_name,
    bars_in_time,
)
from reports.vietnamese import UNKNOWN_MARK, number

_DAY_WORDS: Final = TimeWords(
    stories="Câu chuyện", known="câu chuyện trong ngày", unknown="ngày không quan sát được"
)


def by_day(report: MonthReport) -> Spec:
    """Stories day by day; a day on which nothing was observed is marked, not drawn as 0."""
    points = [
        TimePoint(
            start=line.day,
            stories=line.counts.stories,
            is_known=line.observed_share > 0 or line.articles > 0,
        )
        for line in report.figures.totals.by_day
    ]
    return bars_in_time(points, _DAY_WORDS, PAPER)


def by_area(report: MonthReport) -> Spec:
    """Stories and placements by area; an area that is not known has a dash instead of a bar."""
    bars = [
        NamedBar(
            name=AREA_NAMES[line.area],
            kind=kind,
            count=found,
            label=UNKNOWN_MARK if line.state is CellState.UNKNOWN else number(found),
        )
        for line in report.figures.totals.by_area
        for kind, found in (
            ("Câu chuyện", line.counts.stories),
            ("Tin, bài", line.counts.placements),
        )
    ]
    # The names of the areas take room beside the bars: a narrower plot keeps the letters large.
    return bars_by_name(bars, PAPER, width=370, height=330)


#: Chart: (what it shows, how it is made). A new chart is one function and one line here.
CHARTS: Final[Mapping[str, tuple[str, Callable[[MonthReport], Spec]]]] = {
    "ngày": ("Câu chuyện về cải cách hành chính trên báo chí, theo ngày", by_day),
    "lĩnh vực": ("Câu chuyện và tin, bài trên báo chí, theo lĩnh vực", by_area),
}
