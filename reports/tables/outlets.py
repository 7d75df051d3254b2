"""Table 4 and the days: what outlets carried, and what could be observed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.codes import OUTLET_KIND_NAMES, Level
from domain.figures import DayLine, Gap, MonthReport, OutletLine, OutletObservation
from reports.values import Count, Heading, Moment, Share, Table, Value
from reports.vietnamese import day

LEVEL_NAMES = {Level.NATIONAL: "Trung ương", Level.PROVINCIAL: "Địa phương"}

_OUTLETS = (
    Heading("STT", 6),
    Heading("Cơ quan báo chí, cổng thông tin", 34),
    Heading("Loại hình", 20),
    Heading("Cấp", 12, is_printed=False),
    Heading("Số nguồn theo dõi", 9, is_printed=False),
    Heading("Số nguồn quan sát được", 10, is_printed=False),
    Heading("Tỷ lệ ngày-nguồn quan sát được", 12, short="Quan sát được"),
    Heading("Tin, bài đã đọc", 10, short="Đã đọc"),
    Heading("Tin, bài về CCHC", 10, short="Về CCHC"),
    Heading("Câu chuyện", 10),
    Heading("Đăng lại", 9),
    Heading("Số lần đăng đầu tiên", 10, short="Đăng đầu tiên"),
    Heading("Chuyên mục CCHC", 12, is_printed=False),
    Heading("Tin, bài gần nhất", 18, is_printed=False),
    Heading("Những ngày không quan sát được", 44, is_printed=False),
)
_DAYS = (
    Heading("Ngày", 14),
    Heading("Tỷ lệ nguồn báo chí quan sát được", 16),
    Heading("Tin, bài báo chí đã đọc", 14),
    Heading("Câu chuyện về CCHC", 14),
    Heading("Tin, bài về CCHC", 14),
    Heading("Trên cổng thông tin cơ quan", 16),
)
_COLUMN_WORDS = ("cải cách hành chính", "cải cách thủ tục", "cchc")


def outlets(report: MonthReport) -> Table:
    """What each outlet carried and how well it was observed."""
    observed = {outlet.outlet_id: outlet for outlet in report.figures.observation.outlets}
    columns = with_column(report)
    return Table(
        number="4",
        title="Theo cơ quan báo chí và cổng thông tin",
        notes=(
            "Số lần đăng đầu tiên: số câu chuyện của ít nhất hai cơ quan báo chí mà cơ quan này "
            "chắc chắn đăng trước. Chuyên mục CCHC: có tin, bài trong kỳ đặt ở chuyên mục mang tên "
            "cải cách hành chính. Nguồn không được hỏi hoặc không trả lời trong ngày là không "
            "quan sát được.",
        ),
        headings=_OUTLETS,
        rows=[
            _outlet(n, line, observed.get(line.outlet_id), line.outlet_id in columns)
            for n, line in enumerate(report.figures.totals.by_outlet, start=1)
        ],
    )


def with_column(report: MonthReport) -> set[str]:
    """The outlets that put an item of the period under a section named after the reform."""
    return {
        row.outlet_id
        for row in report.rows
        if row.section and any(word in row.section.casefold() for word in _COLUMN_WORDS)
    }


def _outlet(
    n: int, line: OutletLine, observed: OutletObservation | None, has_column: bool
) -> Sequence[Value]:
    is_known = line.articles > 0 or (observed is not None and observed.sources_observed > 0)
    counts = (line.articles, line.placements, line.stories, line.reprints, line.first)
    return (
        Count(n),
        line.name,
        OUTLET_KIND_NAMES[line.kind],
        LEVEL_NAMES[line.level],
        Count(observed.sources if observed else 0),
        Count(observed.sources_observed if observed else 0),
        Share(observed.share if observed and observed.sources else None),
        *(Count(count if is_known else None) for count in counts),
        "có" if has_column else "chưa thấy",
        Moment(line.last_at) if line.last_at else "",
        gaps_text(observed.gaps) if observed else "không khai báo nguồn nào",
    )


def gaps_text(gaps: Sequence[Gap]) -> str:
    """Runs of days in words."""
    return "; ".join(
        day(gap.start) if gap.start == gap.end else f"{day(gap.start)}–{day(gap.end)}"
        for gap in gaps
    )


def days(report: MonthReport) -> Table:
    """The days of the period."""
    return Table(
        number="",
        title="Theo ngày",
        notes=("Ngày không có nguồn nào trả lời: số tin, bài là không rõ, không phải 0.",),
        headings=_DAYS,
        rows=[_day(line) for line in report.figures.totals.by_day],
        heat=(3, 3),
    )


def _day(line: DayLine) -> Sequence[Value]:
    return (line.day, Share(line.observed_share), *_day_counts(line))


def _day_counts(line: DayLine) -> Iterator[Count]:
    is_known = line.observed_share > 0 or line.articles > 0
    for count in (line.articles, line.counts.stories, line.counts.placements):
        yield Count(count if is_known else None)
    yield Count(line.counts.portal or (0 if is_known else None))
