"""What is missing or not known, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from domain.codes import AREA_NAMES
from domain.figures import CellState, MonthReport
from reports.sentences.names import listed
from reports.sentences.overview import press_lines
from reports.tables.areas import areas_without_story
from reports.tables.summary import unknowns
from reports.vietnamese import number


def gaps(report: MonthReport) -> Iterator[str]:
    """What has no story, what was not observed, what cannot be said: a sentence each."""
    empty = [line for line in report.figures.coverage.lines if line.state is CellState.EMPTY]
    unknown = [line for line in report.figures.coverage.lines if line.state is CellState.UNKNOWN]
    if empty:
        yield (
            f"{number(len(empty))} cơ quan quan sát đủ mà không có câu chuyện nào: "
            f"{listed([line.name for line in empty])}."
        )
    if unknown:
        yield (
            f"{number(len(unknown))} cơ quan không rõ có tin hay không, vì quan sát chưa đủ: "
            f"{listed([line.name for line in unknown])}."
        )
    areas = areas_without_story(report)
    if areas:
        yield f"Lĩnh vực không có tin, bài: {listed([AREA_NAMES[area] for area in areas])}."
    silent = [
        outlet.name
        for outlet in report.figures.observation.outlets
        if outlet.sources and not outlet.sources_observed
    ]
    if silent:
        yield (
            f"{number(len(silent))} cơ quan báo chí, cổng thông tin không quan sát được ngày nào: "
            f"{listed(silent)}."
        )
    quiet = [line.name for line in press_lines(report) if line.articles and not line.placements]
    if quiet:
        yield (
            f"{number(len(quiet))} cơ quan báo chí đọc được mà không có tin, bài về cải cách hành "
            f"chính: {listed(quiet)}."
        )
    yield from unknowns(report)
