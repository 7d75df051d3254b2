"""Stories and areas, as the text names them."""

from __future__ import annotations

from domain.codes import AREA_NAMES
from domain.figures import AreaLine, CellState, MonthReport
from domain.highlights import Headline
from reports.cells import printable
from reports.sentences.names import one_line
from reports.vietnamese import moment, number, percent, quoted


def story(found: Headline) -> dict[str, str]:
    """A story as fields."""
    return {
        "tit": one_line(found.headline),
        "bao": printable(found.outlet_name),
        "luc": moment(found.at, found.precision),
        "so_bao": number(found.outlets),
        "so_tin": number(found.placements),
        "dia_chi": found.url,
    }


def area(report: MonthReport, line: AreaLine) -> dict[str, str]:
    """An area as fields: how much there is of it, and its stories."""
    placements = report.figures.totals.counts.placements
    if line.state is CellState.UNKNOWN:
        told = "không rõ, vì quan sát chưa đủ."
    elif line.state is CellState.EMPTY:
        told = "không có tin, bài trên báo chí."
    else:
        share = percent(line.counts.placements / placements) if placements else ""
        told = (
            f"{number(line.counts.stories)} câu chuyện, {number(line.counts.placements)} tin, bài "
            f"({share} số tin, bài của kỳ)."
        )
    named = dict(report.highlights.by_area).get(line.area, ())
    return {
        "ten": AREA_NAMES[line.area],
        "cau": told,
        "tin": "; ".join(
            f"{quoted(one_line(story.headline))} ({printable(story.outlet_name)})"
            for story in named[:2]
        ),
    }
