"""Đầy đủ: which agency x area cells the press covered, and which cannot be known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from domain.agencies import Agency
from domain.codes import Area
from domain.figures import (
    AgencyLine,
    Cell,
    CellState,
    Completeness,
    Counts,
    CoverageTable,
    Group,
    Observation,
    Status,
)
from domain.records import ArticleRow
from measures.observation import panel_of, panel_share
from measures.placements import count
from measures.scope import Scope


def cell_state(stories: int, panel: float, threshold: float) -> CellState:
    """Trạng thái của một ô cơ quan x lĩnh vực.

    Ô có ít nhất một câu chuyện báo chí mà cơ quan là chủ thể là ô “có tin”. Ô không có tin là 0 khi
    tỷ lệ quan sát được của nhóm báo đạt ngưỡng; dưới ngưỡng là “không rõ”, in dấu –.

    Nguồn: mục tiêu 5 (phản ánh đầy đủ), Quyết định 82/QĐ-BNV; nguyên tắc nêu rõ cái chưa biết của
    AMEC.

    >>> cell_state(1, panel=0.1, threshold=0.8)
    <CellState.COVERED: 'covered'>
    >>> cell_state(0, panel=0.9, threshold=0.8), cell_state(0, panel=0.7, threshold=0.8)
    (<CellState.EMPTY: 'empty'>, <CellState.UNKNOWN: 'unknown'>)
    """
    if stories:
        return CellState.COVERED
    return CellState.EMPTY if panel >= threshold else CellState.UNKNOWN


def completeness(states: Iterable[CellState]) -> Completeness:
    """Độ đầy đủ: tỷ lệ ô cơ quan x lĩnh vực có tin, là một khoảng khi còn ô không rõ.

    Công thức: từ (số ô có tin / số ô) đến ((số ô có tin + số ô không rõ) / số ô). Đếm theo câu
    chuyện: bài đăng lại không làm tăng. Cổng thông tin của cơ quan và trang tổng hợp không tính.

    Nguồn: mục tiêu 5 (phản ánh đầy đủ), Quyết định 82/QĐ-BNV.

    >>> cells = [CellState.COVERED, CellState.EMPTY, CellState.UNKNOWN, CellState.EMPTY]
    >>> half = completeness(cells)
    >>> half.low, half.high
    (0.25, 0.5)
    >>> completeness([CellState.UNKNOWN]).low is None
    True
    """
    found = Counter(states)
    known = found[CellState.COVERED] + found[CellState.EMPTY]
    status = Status.OK if known else Status.NOT_OBSERVED if found else Status.NOT_APPLICABLE
    return Completeness(
        covered=found[CellState.COVERED],
        empty=found[CellState.EMPTY],
        unknown=found[CellState.UNKNOWN],
        status=status,
    )


def coverage(rows: Sequence[ArticleRow], observation: Observation, scope: Scope) -> CoverageTable:
    """Coverage of the agencies that stood at the end of the period; `rows` are relevant, rolled up.

    An agency other than a ministry or a province has a line only where it is the scope.
    """
    by_agency: dict[str, list[ArticleRow]] = defaultdict(list)
    for row in rows:
        for agency_id in row.focus:
            by_agency[agency_id].append(row)
    lines = tuple(
        _line(listed, group, by_agency[listed.id], share, scope.threshold)
        for listed, group in agencies(scope)
        for share in [panel_share(panel_of(observation, listed.id, scope.register))]
    )
    return CoverageTable(
        lines=lines,
        completeness={
            group: completeness(_cells(line for line in lines if line.group is group))
            for group in Group
            if any(line.group is group for line in lines)
        },
        overall=completeness(_cells(lines)),
        agencies=completeness(line.state for line in lines),
    )


def agencies(scope: Scope) -> list[tuple[Agency, Group]]:
    """Ministries and provinces at the end of the period, others if asked; or the one agency."""
    day = scope.as_of
    listed = [(found, Group.MINISTRY) for found in scope.register.ministries(day)]
    listed += [(found, Group.PROVINCE) for found in scope.register.provinces(day)]
    if scope.under_government:
        listed += [(found, Group.OTHER) for found in scope.register.under_government(day)]
    if scope.agency is None:
        return listed
    chosen = [(found, group) for found, group in listed if found.id == scope.agency]
    return chosen or [(scope.register.get(scope.agency, day), Group.OTHER)]


def _cells(lines: Iterable[AgencyLine]) -> Iterable[CellState]:
    return (cell.state for line in lines for cell in line.cells)


def _line(
    listed: Agency, group: Group, rows: Sequence[ArticleRow], share: float, threshold: float
) -> AgencyLine:
    total = count(rows)
    by_area = {area: count(row for row in rows if area in row.areas) for area in Area}
    return AgencyLine(
        id=listed.id,
        name=listed.official_name,
        group=group,
        counts=total,
        state=cell_state(total.stories, share, threshold),
        panel_share=share,
        cells=tuple(_cell(area, found, share, threshold) for area, found in by_area.items()),
    )


def _cell(area: Area, found: Counts, share: float, threshold: float) -> Cell:
    return Cell(area=area, counts=found, state=cell_state(found.stories, share, threshold))
