"""Outlets and days: what was carried, and what could be observed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.codes import OUTLET_KIND_NAMES, Level
from domain.figures import DayLine, Gap, MonthReport, OutletLine, OutletObservation
from reports.book import Book, Count, Heading, Moment, Share, Value
from reports.vietnamese import day

LEVEL_NAMES = {Level.NATIONAL: "Trung ương", Level.PROVINCIAL: "Địa phương"}

_OUTLETS = (
    Heading("STT", 6),
    Heading("Cơ quan báo chí, cổng thông tin", 34),
    Heading("Loại hình", 20),
    Heading("Cấp", 12),
    Heading("Số nguồn theo dõi", 9),
    Heading("Số nguồn quan sát được", 10),
    Heading("Tỷ lệ ngày-nguồn quan sát được", 12),
    Heading("Tin, bài đã đọc", 10),
    Heading("Tin, bài về CCHC", 10),
    Heading("Câu chuyện", 10),
    Heading("Đăng lại", 9),
    Heading("Số lần đăng đầu tiên", 10),
    Heading("Tin, bài gần nhất", 18),
    Heading("Những ngày không quan sát được", 44),
)
_DAYS = (
    Heading("Ngày", 14),
    Heading("Tỷ lệ nguồn báo chí quan sát được", 16),
    Heading("Tin, bài báo chí đã đọc", 14),
    Heading("Câu chuyện về CCHC", 14),
    Heading("Tin, bài về CCHC", 14),
    Heading("Trên cổng thông tin cơ quan", 16),
)


def write_outlets(book: Book, report: MonthReport) -> None:
    """Write what each outlet carried and how well it was observed."""
    sheet = book.sheet("Cơ quan báo chí", print_title=report.title)
    sheet.widths(_OUTLETS)
    sheet.line("Theo cơ quan báo chí và cổng thông tin", "title")
    sheet.line(
        "Số lần đăng đầu tiên: số câu chuyện của ít nhất hai cơ quan báo chí mà cơ quan này chắc "
        "chắn đăng trước. Nguồn không được hỏi hoặc không trả lời trong ngày là không quan sát "
        "được.",
        "note",
    )
    observed = {outlet.outlet_id: outlet for outlet in report.figures.observation.outlets}
    sheet.table(
        _OUTLETS,
        (
            _outlet(n, line, observed.get(line.outlet_id))
            for n, line in enumerate(report.figures.totals.by_outlet, start=1)
        ),
        is_main=True,
    )


def _outlet(n: int, line: OutletLine, observed: OutletObservation | None) -> Sequence[Value]:
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
        Moment(line.last_at) if line.last_at else "",
        gaps_text(observed.gaps) if observed else "không khai báo nguồn nào",
    )


def gaps_text(gaps: Sequence[Gap]) -> str:
    """Runs of days in words."""
    return "; ".join(
        day(gap.start) if gap.start == gap.end else f"{day(gap.start)}–{day(gap.end)}"
        for gap in gaps
    )


def write_days(book: Book, report: MonthReport) -> None:
    """Write the days of the period."""
    sheet = book.sheet("Theo ngày", print_title=report.title, is_one_page=True)
    sheet.widths(_DAYS)
    sheet.line("Theo ngày", "title")
    sheet.line("Ngày không có nguồn nào trả lời: số tin, bài là không rõ, không phải 0.", "note")
    first, last = sheet.table(_DAYS, map(_day, report.figures.totals.by_day), is_main=True)
    sheet.heat(first, last, 3, 3)


def _day(line: DayLine) -> Sequence[Value]:
    return (line.day, Share(line.observed_share), *_day_counts(line))


def _day_counts(line: DayLine) -> Iterator[Count]:
    is_known = line.observed_share > 0 or line.articles > 0
    for count in (line.articles, line.counts.stories, line.counts.placements):
        yield Count(count if is_known else None)
    yield Count(line.counts.portal or (0 if is_known else None))
