"""Tables 2 and 3: agencies by area, ministries and provinces apart."""

from __future__ import annotations

from collections.abc import Sequence

from domain.codes import AREA_NAMES, Area
from domain.figures import AgencyLine, Cell, CellState, Completeness, Group, MonthReport
from reports.tables.areas import legend, owned
from reports.values import Count, Heading, Share, Table, Value
from reports.vietnamese import number, share_range

AREA_SHORT = {
    Area.CHI_DAO: "Chỉ đạo",
    Area.THE_CHE: "Thể chế",
    Area.THU_TUC: "Thủ tục",
    Area.BO_MAY: "Bộ máy",
    Area.CONG_VU: "Công vụ",
    Area.TAI_CHINH: "Tài chính công",
    Area.SO: "Chính phủ số",
}
_HEADINGS = (
    Heading("STT", 6),
    Heading("Cơ quan", 32),
    *(Heading(AREA_NAMES[area], 12, short=AREA_SHORT[area]) for area in Area),
    Heading("Câu chuyện", 12, short="Cộng: câu chuyện"),
    Heading("Tin, bài báo chí", 12, short="Cộng: tin, bài"),
    Heading("Trên cổng thông tin cơ quan", 14, is_printed=False),
    Heading("Trên trang tổng hợp", 13, is_printed=False),
    *(
        Heading(f"Tin, bài: {AREA_NAMES[area]}", 12, is_folded=True, is_printed=False)
        for area in Area
    ),
    Heading("Tỷ lệ quan sát được", 11, is_printed=False),
)


def ministries(report: MonthReport) -> Table | None:
    """The ministries by area, with another agency where it is the scope."""
    return _table(report, "2", "Bộ, ngành x lĩnh vực", Group.MINISTRY, Group.OTHER)


def provinces(report: MonthReport) -> Table | None:
    """The provinces by area."""
    return _table(report, "3", "Địa phương x lĩnh vực", Group.PROVINCE)


def _table(report: MonthReport, number_: str, title: str, *groups: Group) -> Table | None:
    table = report.figures.coverage
    lines = [line for group in groups for line in table.of(group)]
    if not lines and report.figures.agency is not None:
        return None
    found = [table.completeness[group] for group in groups if group in table.completeness]
    return Table(
        number=number_,
        title=title,
        notes=(
            completeness_line(found),
            f"{legend(report)} Mỗi ô là số câu chuyện trên báo chí mà cơ quan là chủ thể.",
        ),
        headings=_HEADINGS,
        rows=[_row(n, line, report) for n, line in enumerate(lines, start=1)],
        heat=(2, 1 + len(Area)),
    )


def completeness_line(found: Sequence[Completeness]) -> str:
    """How many cells are covered, in one sentence for each group."""
    parts = [
        f"Độ đầy đủ: {share_range(one.low, one.high, one.status)} "
        f"({number(one.covered)} ô có tin, {number(one.empty)} ô không có tin, "
        f"{number(one.unknown)} ô không rõ, trên {number(one.all)} ô)."
        for one in found
    ]
    return " ".join(parts) or "Không có cơ quan nào trong phạm vi báo cáo."


def _row(n: int, line: AgencyLine, report: MonthReport) -> Sequence[Value]:
    is_known = line.state is not CellState.UNKNOWN
    return (
        Count(n),
        line.name,
        *(Count(cell.counts.stories if _is_known(cell) else None) for cell in line.cells),
        Count(line.counts.stories if is_known else None),
        Count(line.counts.placements if is_known else None),
        *owned(line.counts, report),
        *(Count(cell.counts.placements if _is_known(cell) else None) for cell in line.cells),
        Share(line.panel_share),
    )


def _is_known(cell: Cell) -> bool:
    return cell.state is not CellState.UNKNOWN
