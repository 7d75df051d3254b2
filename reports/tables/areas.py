"""Table 1: the press by area, by form and kind of item, by tone."""

from __future__ import annotations

from collections.abc import Sequence

from domain.breakdown import BreakdownLine, Split
from domain.codes import AREA_NAMES, FORM_NAMES, TONE_NAMES, Area
from domain.figures import CellState, CodeLine, Counts, MonthReport, Tally
from reports.values import Count, Heading, Share, Table, Value
from reports.vietnamese import UNKNOWN_MARK, percent

NO_AREA = "Chưa rõ lĩnh vực"
ITEM_NAMES = {
    "video": "Trong đó: video",
    "photo": "Trong đó: ảnh",
    "infographic": "Trong đó: đồ họa thông tin",
    "phong_su": "Trong đó: phóng sự (theo cách gọi của tòa soạn)",
}
_SPLIT = (
    Heading("Gốc, báo trung ương", 10, short="Gốc TW"),
    Heading("Gốc, báo địa phương", 10, short="Gốc ĐP"),
    Heading("Đăng lại, báo trung ương", 10, short="Đăng lại TW"),
    Heading("Đăng lại, báo địa phương", 10, short="Đăng lại ĐP"),
    Heading("Tỷ lệ trong tổng số tin, bài", 10, short="Tỷ lệ"),
    Heading("Tin, bài kỳ trước", 10, short="Kỳ trước"),
    Heading("Chênh lệch với kỳ trước", 10, short="Chênh lệch"),
)
_OWNED = (
    Heading("Trên cổng thông tin cơ quan", 14, is_printed=False),
    Heading("Trên trang tổng hợp", 13, is_printed=False),
)
_COUNTS = (
    Heading("Câu chuyện", 12),
    Heading("Tin, bài báo chí", 12, short="Tin, bài"),
)


def legend(report: MonthReport) -> str:
    """What 0 and the dash mean, with the threshold used."""
    return (
        f"0: quan sát đủ mà không có tin. {UNKNOWN_MARK}: không rõ, vì tỷ lệ quan sát được dưới "
        f"{percent(report.figures.observed_share)}."
    )


def by_area(report: MonthReport) -> Table:
    """Stories and placements by area."""
    lines = {line.code: line for line in report.breakdown.by_area} if report.breakdown else {}
    rows = [
        _row(
            n,
            AREA_NAMES[line.area],
            line.counts,
            lines.get(line.area),
            report,
            is_known=line.state is not CellState.UNKNOWN,
        )
        for n, line in enumerate(report.figures.totals.by_area, start=1)
    ]
    return Table(
        number="1",
        title="Thông tin báo chí theo lĩnh vực cải cách hành chính",
        notes=(
            f"{legend(report)} Một câu chuyện có thể thuộc nhiều lĩnh vực nên các dòng không cộng "
            "lại.",
        ),
        headings=(Heading("STT", 6), Heading("Lĩnh vực", 38), *_COUNTS, *_SPLIT, *_OWNED),
        rows=rows,
    )


def by_form(report: MonthReport) -> Table:
    """Stories and placements by form, and how many of them are videos, pictures, reportages."""
    found = report.breakdown
    lines = {line.code: line for line in found.by_form} if found else {}
    rows: list[Sequence[Value]] = [
        _code(n, FORM_NAMES[line.code], line, lines.get(line.code), report)
        for n, line in enumerate(report.figures.totals.by_form, start=1)
    ]
    for line in found.by_item if found else ():
        all_placements = line.split.all if _is_known(report) else None
        rows.append(
            (
                "",
                ITEM_NAMES[line.code],
                "",
                Count(all_placements),
                *_split(line, report, is_known=_is_known(report)),
                "",
                "",
            )
        )
    return Table(
        number="1.2",
        title="Theo thể loại",
        headings=(Heading("STT", 6), Heading("Thể loại", 38), *_COUNTS, *_SPLIT, *_OWNED),
        rows=rows,
    )


def by_tone(report: MonthReport) -> Table:
    """Stories and placements by tone."""
    rows: list[Sequence[Value]] = []
    for n, line in enumerate(report.figures.totals.by_tone, start=1):
        stories, placements, *owned = _counts(line.counts, report, is_known=_is_known(report))
        rows.append((Count(n), TONE_NAMES[line.code], stories, placements, *owned))
    return Table(
        number="1.3",
        title="Theo sắc thái",
        notes=(
            "Các tin, bài của một câu chuyện có thể khác sắc thái nên số câu chuyện của các dòng "
            "không cộng lại.",
        ),
        headings=(Heading("STT", 6), Heading("Sắc thái", 38), *_COUNTS, *_OWNED),
        rows=rows,
    )


def _code(
    n: int, name: str, line: CodeLine, split: BreakdownLine | None, report: MonthReport
) -> Sequence[Value]:
    return _row(n, name, line.counts, split, report, is_known=_is_known(report))


def _is_known(report: MonthReport) -> bool:
    return report.figures.totals.placements.value is not None


def _row(
    n: int,
    name: str,
    counts: Counts,
    line: BreakdownLine | None,
    report: MonthReport,
    *,
    is_known: bool,
) -> Sequence[Value]:
    stories, placements, *owned = _counts(counts, report, is_known=is_known)
    split = _split(line, report, is_known=is_known)
    return (Count(n), name, stories, placements, *split, *owned)


def _counts(counts: Counts, report: MonthReport, *, is_known: bool) -> list[Count]:
    return [
        Count(counts.stories if is_known else None),
        Count(counts.placements if is_known else None),
        *owned(counts, report),
    ]


def owned(counts: Counts, report: MonthReport) -> list[Count]:
    """What stood on portals and on aggregators; 0 only where they were observed well enough."""
    observation = report.figures.observation
    return [
        _owned(counts.portal, observation.portals, report),
        _owned(counts.aggregator, observation.aggregators, report),
    ]


def _owned(found: int, observed: Tally, report: MonthReport) -> Count:
    is_known = found > 0 or observed.share >= report.figures.observed_share
    return Count(found if is_known else None)


def _split(line: BreakdownLine | None, report: MonthReport, *, is_known: bool) -> tuple[Value, ...]:
    if line is None or not is_known:
        return (None,) * len(_SPLIT)
    split: Split = line.split
    placements = report.figures.totals.counts.placements
    before = line.before if _compares(report) else None
    return (
        Count(split.original_national),
        Count(split.original_local),
        Count(split.reprint_national),
        Count(split.reprint_local),
        Share(split.all / placements if placements else None),
        Count(before),
        Count(None if before is None else split.all - before),
    )


def _compares(report: MonthReport) -> bool:
    """Whether placements of the period before are known: they, or enough of it, were observed."""
    found = next((each for each in report.figures.changes if each.id == "placements"), None)
    return found is not None and found.before is not None


def areas_without_story(report: MonthReport) -> list[Area]:
    """The areas in which nothing was found though enough was observed."""
    return [line.area for line in report.figures.totals.by_area if line.state is CellState.EMPTY]
