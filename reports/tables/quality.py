"""The profile of the plan's qualities, figure by figure."""

from __future__ import annotations

from collections.abc import Sequence

from domain.figures import STATUS_NAMES, MonthReport, Status
from domain.qualities import QUALITY_NAMES, QualityFigure, QualityId
from reports.values import Count, Heading, Ratio, Share, Table, Value
from reports.vietnamese import number

_HEADINGS = (
    Heading("Yêu cầu", 20),
    Heading("Chỉ tiêu", 50),
    Heading("Đơn vị", 10, is_printed=False),
    Heading("Kỳ này", 12),
    Heading("Khoảng tin cậy 95 %, từ", 12, short="95 %, từ"),
    Heading("Khoảng tin cậy 95 %, đến", 12, short="95 %, đến"),
    Heading("Số đạt (k)", 9, short="k"),
    Heading("Trên (n)", 9, short="n"),
    Heading("Kỳ trước", 12),
    Heading("Cùng kỳ năm trước", 12, is_printed=False),
    Heading("Chỉ tiêu đặt ra", 12, is_printed=False),
    Heading("Vì sao không có số, không có khoảng", 60, is_printed=False),
)
UNIT_NAMES = {
    "share": "%",
    "hours": "giờ",
    "days": "ngày",
    "stories": "câu chuyện",
    "placements": "tin, bài",
    "sources": "nguồn",
    "outlets": "báo",
    "index": "chỉ số",
    "per_month": "lần/tháng",
}


def quality(report: MonthReport) -> Table | None:
    """Every figure of the profile; None where no profile was handed in."""
    measured = report.measured
    if measured is None:
        return None
    return Table(
        number="",
        title="Các yêu cầu của kế hoạch: đầy đủ, kịp thời, đúng đối tượng, thường xuyên, đa chiều",
        notes=(
            f"Quan sát {number(measured.sources)} trên {number(measured.sources_of)} nguồn; cơ "
            f"quan có nguồn công bố: {number(measured.agencies_with_releases)} trên "
            f"{number(measured.agencies_of)}. Không cộng các chỉ tiêu thành một điểm.",
            *measured.notes,
        ),
        headings=_HEADINGS,
        rows=[
            _row(profile.id, figure, report)
            for profile in measured.qualities
            for figure in profile.figures
        ],
    )


def name_of(report: MonthReport, figure: QualityFigure) -> str:
    """The figure's Vietnamese name, its id where it has none."""
    return report.figure_names.get(figure.id, figure.id)


def _row(quality_id: QualityId, figure: QualityFigure, report: MonthReport) -> Sequence[Value]:
    low, high = figure.interval or (None, None)
    reason = figure.reason or ("" if figure.status is Status.OK else STATUS_NAMES[figure.status])
    return (
        QUALITY_NAMES[quality_id],
        name_of(report, figure),
        UNIT_NAMES.get(figure.unit, figure.unit),
        typed(figure.value, figure.unit),
        typed(low, figure.unit),
        typed(high, figure.unit),
        Count(figure.k),
        Count(figure.n),
        typed(figure.previous, figure.unit),
        typed(figure.year_before, figure.unit),
        typed(figure.target, figure.unit),
        reason,
    )


def typed(value: float | None, unit: str) -> Value:
    """A number as its unit shows it."""
    if value is None or unit == "share":
        return Share(value)
    if unit == "index":
        return Ratio(value)
    if unit in {"stories", "placements", "sources", "count"} and float(value).is_integer():
        return int(value)
    return float(value)
