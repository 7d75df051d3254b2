"""Areas, and agencies by area: the heat maps of coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.codes import AREA_NAMES, FORM_NAMES, TONE_NAMES, Area
from domain.figures import (
    AgencyLine,
    Cell,
    CellState,
    CodeLine,
    Completeness,
    Counts,
    Group,
    MonthReport,
    Tally,
)
from reports.book import Book, Count, Heading, Share, Sheet, Value
from reports.vietnamese import UNKNOWN_MARK, number, percent, share_range

AREA_SHEET = "Lĩnh vực"
_LEGEND = f"0: quan sát đủ mà không có tin. {UNKNOWN_MARK}: không rõ, vì tỷ lệ quan sát được dưới "
_COUNTS = (
    Heading("Câu chuyện", 12),
    Heading("Tin, bài báo chí", 12),
    Heading("Trên cổng thông tin cơ quan", 14),
    Heading("Trên trang tổng hợp", 13),
)


def write_areas(book: Book, report: MonthReport) -> None:
    """Write stories and placements by area, form and tone."""
    totals = report.figures.totals
    sheet = book.sheet(AREA_SHEET, print_title=report.title, is_one_page=True)
    headings = (Heading("STT", 6), Heading("Lĩnh vực", 38), *_COUNTS)
    sheet.widths(headings)
    sheet.line("Thông tin báo chí theo lĩnh vực cải cách hành chính", "title")
    sheet.line(
        f"{legend(report)} Một câu chuyện có thể thuộc nhiều lĩnh vực nên các dòng không cộng lại.",
        "note",
    )
    sheet.table(
        headings,
        (
            (
                Count(n),
                AREA_NAMES[line.area],
                *_counts(line.counts, report, is_known=_is_known(line.state)),
            )
            for n, line in enumerate(totals.by_area, start=1)
        ),
        is_main=True,
    )
    _codes(sheet, report, "Thể loại", totals.by_form, FORM_NAMES)
    _codes(sheet, report, "Sắc thái", totals.by_tone, TONE_NAMES)


def _codes(
    sheet: Sheet,
    report: MonthReport,
    heading: str,
    lines: Sequence[CodeLine],
    names: dict[str, str],
) -> None:
    is_known = report.figures.totals.placements.value is not None
    sheet.skip()
    sheet.line(f"Theo {heading.lower()}", "heading")
    sheet.table(
        (Heading("STT", 6), Heading(heading, 38), *_COUNTS),
        (
            (Count(n), names[line.code], *_counts(line.counts, report, is_known=is_known))
            for n, line in enumerate(lines, start=1)
        ),
    )


def write_agencies(book: Book, report: MonthReport, name: str, *groups: Group) -> None:
    """Write one heat map of agencies by area; cells count stories, folded ones placements."""
    table = report.figures.coverage
    lines = [line for group in groups for line in table.of(group)]
    if not lines and report.figures.agency is not None:
        return
    sheet = book.sheet(name, print_title=report.title, is_one_page=True)
    headings = _agency_headings()
    sheet.widths(headings)
    sheet.line(name, "title")
    found = [table.completeness[group] for group in groups if group in table.completeness]
    sheet.line(_completeness_line(found), "plain")
    sheet.line(
        f"{legend(report)} Mỗi ô là số câu chuyện trên báo chí mà cơ quan là chủ thể; "
        "bấm dấu + trên các cột để xem số tin, bài.",
        "note",
    )
    first, last = sheet.table(
        headings, (_agency(n, line, report) for n, line in enumerate(lines, start=1)), is_main=True
    )
    sheet.heat(first, last, 2, 1 + len(Area))


def legend(report: MonthReport) -> str:
    """What 0 and the dash mean, with the threshold used."""
    return f"{_LEGEND}{percent(report.figures.observed_share)}."


def _completeness_line(found: Sequence[Completeness]) -> str:
    parts = [
        f"Độ đầy đủ: {share_range(one.low, one.high, one.status)} "
        f"({number(one.covered)} ô có tin, {number(one.empty)} ô không có tin, "
        f"{number(one.unknown)} ô không rõ, trên {number(one.all)} ô)."
        for one in found
    ]
    return " ".join(parts) or "Không có cơ quan nào trong phạm vi báo cáo."


def _agency_headings() -> list[Heading]:
    return [
        Heading("STT", 6),
        Heading("Cơ quan", 32),
        *(Heading(AREA_NAMES[area], 12) for area in Area),
        *_COUNTS,
        *(Heading(f"Tin, bài: {AREA_NAMES[area]}", 12, is_folded=True) for area in Area),
        Heading("Tỷ lệ quan sát được", 11),
    ]


def _agency(n: int, line: AgencyLine, report: MonthReport) -> Sequence[Value]:
    return (
        Count(n),
        line.name,
        *(Count(cell.counts.stories if _is_known(cell.state) else None) for cell in line.cells),
        *_counts(line.counts, report, is_known=_is_known(line.state)),
        *(Count(_placements(cell)) for cell in line.cells),
        Share(line.panel_share),
    )


def _placements(cell: Cell) -> int | None:
    return cell.counts.placements if _is_known(cell.state) else None


def _counts(counts: Counts, report: MonthReport, *, is_known: bool) -> Iterator[Count]:
    observation = report.figures.observation
    yield Count(counts.stories if is_known else None)
    yield Count(counts.placements if is_known else None)
    yield _owned(counts.portal, observation.portals, report)
    yield _owned(counts.aggregator, observation.aggregators, report)


def _owned(found: int, observed: Tally, report: MonthReport) -> Count:
    is_known = found > 0 or observed.share >= report.figures.observed_share
    return Count(found if is_known else None)


def _is_known(state: CellState) -> bool:
    return state is not CellState.UNKNOWN
