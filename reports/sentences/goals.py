"""How the goals of the plan were met, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from domain.figures import Group, LagSummary, MonthReport
from domain.qualities import QUALITY_NAMES, QualityFigure
from reports.printed import words
from reports.sentences.overview import is_known
from reports.tables.agencies import completeness_line
from reports.tables.quality import name_of, typed
from reports.tables.timing import summary_line
from reports.vietnamese import number

#: Figures of a quality told in the text; the table holds all of them.
_FIGURES: Final = 4


def goals(report: MonthReport) -> Iterator[str]:
    """Each goal in a sentence: its first figures, and how many are not known."""
    if report.measured is None:
        coverage = report.figures.coverage
        found = [coverage.completeness[group] for group in Group if group in coverage.completeness]
        yield f"Đầy đủ. {completeness_line(found)}"
    timing = report.figures.timing
    if report.events:
        yield f"Kịp thời: {_events(report)}"
    yield f"Lan tỏa giữa các báo: {_spread(timing.second, is_known=is_known(report))}"
    for profile in report.measured.qualities if report.measured else ():
        told = [_figure(report, each) for each in profile.figures if each.value is not None]
        missing = sum(each.value is None for each in profile.figures)
        left = f" {number(missing)} chỉ tiêu chưa có số." if missing else ""
        if told:
            yield f"{QUALITY_NAMES[profile.id]}: {'; '.join(told[:_FIGURES])}.{left}"
        else:
            yield f"{QUALITY_NAMES[profile.id]}: chưa chỉ tiêu nào đủ số liệu."


def _spread(summary: LagSummary, *, is_known: bool) -> str:
    """How soon a second outlet carried the stories; what is nothing is not counted out."""
    if not is_known:
        return "không rõ, vì quan sát chưa đủ."
    if not summary.stories:
        return "không có câu chuyện nào bắt đầu trong kỳ."
    if summary.not_reached == summary.stories:
        return (
            f"chưa câu chuyện nào trong {number(summary.stories)} câu chuyện bắt đầu trong kỳ được "
            "cơ quan báo chí thứ hai đăng."
        )
    line = summary_line(summary, "thứ hai")
    return f"{line[:1].lower()}{line[1:]}"


def _events(report: MonthReport) -> str:
    """What became of the confirmed events; proposals are told, and count for nothing."""
    confirmed = [each for each in report.events if each.is_confirmed]
    proposed = len(report.events) - len(confirmed)
    told = "Chưa có sự kiện chính thức nào của kỳ được duyệt."
    if confirmed:
        carried = sum(each.outlets > 0 for each in confirmed)
        prompt = sum(each.within[1] > 0 for each in confirmed)
        told = (
            f"Trong {number(len(confirmed))} sự kiện chính thức đã duyệt của kỳ, thấy báo chí đăng "
            f"{number(carried)}, trong đó {number(prompt)} chắc chắn trong 72 giờ."
        )
    if proposed:
        told += f" {number(proposed)} sự kiện là đề xuất, chưa duyệt, không tính (Bảng 5)."
    return told


def _figure(report: MonthReport, figure: QualityFigure) -> str:
    value = words(typed(figure.value, figure.unit))
    unit = {"hours": " giờ", "days": " ngày"}.get(figure.unit, "")
    ground = f" ({number(figure.k)} trên {number(figure.n)})" if figure.k is not None else ""
    name = name_of(report, figure)
    return f"{name[:1].lower()}{name[1:]}: {value}{unit}{ground}"
