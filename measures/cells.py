"""Đầy đủ: which agency x area cells the press covered, as figures of the profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.codes import Area, OutletKind
from domain.figures import Cell, CellState, Status
from domain.qualities import QualityFigure
from measures.coverage import cell_state, coverage
from measures.ground import Ground, released_by
from measures.shares import absent, share

BOTH_ASPECTS: Final = ("trien_khai", "ket_qua")

Applicable = Callable[[str, Area], bool]


class Absence(StrEnum):
    """This says why a cell has no story."""

    #: The mask does not ask for news of the agency in the area.
    NOT_EXPECTED = "not_expected"
    #: The agency's release source was watched and released nothing in the area.
    NOT_RELEASED = "not_released"
    RELEASED_NOT_COVERED = "released_not_covered"
    #: The press was not watched well enough, or the agency has no release source.
    NOT_OBSERVED = "not_observed"
    #: The press was watched; whether anything was released is not known.
    NO_RELEASE_SOURCE = "no_release_source"


ABSENCE_NAMES = {
    Absence.NOT_EXPECTED: "không thuộc ô cần có tin",
    Absence.NOT_RELEASED: "cơ quan không công bố gì trong lĩnh vực này",
    Absence.RELEASED_NOT_COVERED: "có công bố, báo chí không đăng",
    Absence.NOT_OBSERVED: "không quan sát được đủ báo chí",
    Absence.NO_RELEASE_SOURCE: "báo chí không có tin; chưa có nguồn công bố để đối chiếu",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CellLine:
    """This is one cell with what it holds, or why it holds nothing."""

    agency: str
    name: str
    area: Area
    state: CellState
    stories: int
    absence: Absence | None
    #: Observed share of the press that may be expected to cover it.
    watched: float = 1.0
    #: Ids of the articles in it.
    rows: tuple[int, ...] = ()


def cell_lines(ground: Ground, applicable: Applicable) -> list[CellLine]:
    """Every cell of the scope; those outside the mask only to say that they are."""
    releasing = released_by(ground)
    released = {
        (row.event.agency_id, area)
        for row in (*ground.events, *ground.proposed)
        for area in row.event.areas
    }
    held: dict[tuple[str, Area], list[int]] = defaultdict(list)
    for story in ground.stories:
        for row in story.rows:
            for agency in row.focus:
                for area in row.areas:
                    held[agency, area].append(row.article_id)
    table = coverage(ground.rows, ground.observation, ground.scope)
    return [
        CellLine(
            agency=line.id,
            name=line.name,
            area=cell.area,
            state=cell.state,
            stories=cell.counts.stories,
            absence=_absence(
                cell,
                expected=applicable(line.id, cell.area),
                releasing=line.id in releasing,
                released=(line.id, cell.area) in released,
            ),
            watched=line.panel_share,
            rows=tuple(held[line.id, cell.area]),
        )
        for line in table.lines
        for cell in line.cells
        if ground.area in (None, cell.area)
    ]


def _absence(cell: Cell, *, expected: bool, releasing: bool, released: bool) -> Absence | None:
    """Vì sao một ô không có tin; ô có tin thì không có lý do."""
    if cell.state is CellState.COVERED:
        return None
    if not expected:
        return Absence.NOT_EXPECTED
    if cell.state is CellState.UNKNOWN:
        return Absence.NOT_OBSERVED
    if released:
        return Absence.RELEASED_NOT_COVERED
    return Absence.NOT_RELEASED if releasing else Absence.NO_RELEASE_SOURCE


def covered_cells(lines: Sequence[CellLine], applicable: Applicable) -> QualityFigure:
    """Tỷ lệ ô cơ quan x lĩnh vực có ít nhất một câu chuyện báo chí mà cơ quan là chủ thể.

    Công thức: số ô có tin / số ô cần có tin; cận trên cộng thêm các ô không rõ vì không quan sát
    được đủ báo chí. Cơ quan là cơ quan có mặt ngày cuối kỳ; cơ quan đã nhập vào thì tính cho cơ
    quan kế thừa. Cổng thông tin của cơ quan và trang tổng hợp không tính.

    Đại lượng: tỷ lệ ô được báo chí nói đến trong một kỳ như kỳ này.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ, cận dưới từ ô có tin, cận trên từ ô có tin và ô không rõ; các ô
    không đều nhau nên khoảng rộng hơn mức cần thiết.
    Nguồn: mục tiêu 5 (phản ánh đầy đủ), Quyết định 82/QĐ-BNV.

    >>> from dataclasses import replace
    >>> line = CellLine(
    ...     agency="BNV", name="Bộ Nội vụ", area=Area.SO, state=CellState.COVERED, stories=1,
    ...     absence=None,
    ... )
    >>> lines = [line, *(replace(line, state=state) for state in list(CellState)[1:])]
    >>> found = covered_cells(lines, lambda agency, area: True)
    >>> found.k, found.n, [round(end, 2) for end in found.bounds]
    (1, 3, [0.33, 0.67])
    """
    figure_id = "complete.cells"
    asked = [line for line in lines if applicable(line.agency, line.area)]
    return _range(figure_id, asked, "không có ô nào cần có tin")


def _range(figure_id: str, asked: Sequence[CellLine], none: str) -> QualityFigure:
    if not asked:
        return absent(figure_id, Status.NOT_APPLICABLE, none)
    rows = sorted({row for line in asked for row in line.rows})
    return _states(
        figure_id, [line.state for line in asked], [line.watched for line in asked], rows
    )


def _states(
    figure_id: str, states: Sequence[CellState], watched: Sequence[float], rows: Iterable[int]
) -> QualityFigure:
    """The share of covered states. An empty one may have been missed where little was unwatched."""
    covered, unknown = states.count(CellState.COVERED), states.count(CellState.UNKNOWN)
    if unknown == len(states):
        return absent(
            figure_id, Status.NOT_OBSERVED, "không quan sát được đủ báo chí", n=len(states)
        )
    pairs = zip(states, watched, strict=True)
    return share(
        figure_id,
        covered,
        len(states),
        possible=covered + unknown,
        missed=sum(1 - part for state, part in pairs if state is CellState.EMPTY),
        rows=rows,
        minimum=1,
    )


def covered_agencies(ground: Ground) -> QualityFigure:
    """Tỷ lệ cơ quan có ít nhất một câu chuyện báo chí mà mình là chủ thể.

    Công thức: số cơ quan có tin / số bộ, ngành, địa phương có mặt ngày cuối kỳ; cận trên cộng thêm
    các cơ quan không rõ.

    Đại lượng: tỷ lệ cơ quan được báo chí nói đến trong một kỳ như kỳ này.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (tại các bộ, ngành, địa phương), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> found = covered_agencies(ground(text(1), text(2, focus=("BTC",))))
    >>> found.k, found.n
    (2, 51)
    """
    figure_id = "complete.agencies"
    if ground.scope.agency is not None:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính trên nhiều cơ quan")
    table = coverage(ground.rows, ground.observation, ground.scope)
    return _states(
        figure_id,
        [line.state for line in table.lines],
        [line.panel_share for line in table.lines],
        _ids(ground, lambda focus: bool(focus)),
    )


def covered_areas(ground: Ground) -> QualityFigure:
    """Tỷ lệ lĩnh vực có ít nhất một câu chuyện báo chí.

    Công thức: số lĩnh vực có tin / 7; cận trên cộng thêm các lĩnh vực không rõ.

    Đại lượng: tỷ lệ lĩnh vực được báo chí nói đến trong một kỳ như kỳ này.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: Nghị quyết 76/NQ-CP (các nội dung cải cách); mục tiêu 5, Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> covered_areas(ground(text(1), text(2, areas=(Area.SO, Area.BO_MAY)))).k
    3
    """
    figure_id = "complete.areas"
    if ground.area is not None:
        return absent(figure_id, Status.NOT_APPLICABLE, "chỉ tính trên nhiều lĩnh vực")
    states = [
        cell_state(
            sum(area in story.areas for story in ground.stories),
            ground.panel,
            ground.scope.threshold,
        )
        for area in Area
    ]
    rows = [row.article_id for story in ground.stories for row in story.rows if row.areas]
    return _states(figure_id, states, [ground.panel] * len(states), rows)


def both_aspects(ground: Ground) -> QualityFigure:
    """Tỷ lệ cơ quan có cả tin về tình hình triển khai và tin về kết quả.

    Công thức: số cơ quan có ít nhất một câu chuyện “triển khai” và một câu chuyện “kết quả” / số cơ
    quan. Cơ quan còn thiếu một mặt mà không quan sát được đủ báo chí thì vào cận trên.

    Đại lượng: tỷ lệ cơ quan được phản ánh đủ hai mặt trong một kỳ như kỳ này.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (tình hình triển khai và kết quả), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, text
    >>> both_aspects(ground(text(1), text(2, aspect="ket_qua"), text(3, focus=("BTC",)))).k
    1
    """
    figure_id = "complete.aspects"
    aspects: dict[str, set[str]] = defaultdict(set)
    for story in ground.stories:
        for row in story.rows:
            for agency in row.focus:
                aspects[agency].add(row.aspect)
    table = coverage((), ground.observation, ground.scope)
    states = [
        CellState.COVERED if aspects[line.id].issuperset(BOTH_ASPECTS) else line.state
        for line in table.lines
    ]
    rows = [
        row.article_id
        for story in ground.stories
        for row in story.rows
        if row.focus and row.aspect in BOTH_ASPECTS
    ]
    return _states(figure_id, states, [line.panel_share for line in table.lines], rows)


def owned_cells(ground: Ground, applicable: Applicable) -> QualityFigure:
    """Tỷ lệ ô mà chính cơ quan tự đăng trên cổng thông tin của mình; không phải báo chí đưa tin.

    Công thức: số ô có ít nhất một tin trên cổng của cơ quan / số ô của các cơ quan có cổng quan sát
    được. Cơ quan chưa có cổng quan sát được nằm ngoài mẫu số.

    Đại lượng: tỷ lệ ô cơ quan tự công bố trong kỳ.
    Bất định: không nêu; đây là số đếm trên các cổng đã quan sát.
    Cách tính: đếm.
    Nguồn: nguyên tắc tách kênh của mình và kênh báo chí (AMEC).

    >>> from measures.examples import ground, text
    >>> found = owned_cells(ground(text(1, "cong_bnv")), lambda agency, area: True)
    >>> found.k, found.n
    (1, 7)
    """
    figure_id = "complete.owned"
    releasing = released_by(ground)
    owners = {
        outlet.id: ground.scope.heir(outlet.agency)
        for outlet in ground.scope.outlets
        if outlet.kind is OutletKind.PORTAL and outlet.agency
    }
    asked = {
        (agency.id, area)
        for agency, _ in ground.listed
        for area in Area
        if agency.id in releasing and ground.area in (None, area) and applicable(agency.id, area)
    }
    own = [row for row in ground.rows if row.outlet_id in owners]
    held = {(owners[row.outlet_id], area) for row in own for area in row.areas} & asked
    if not asked:
        return absent(
            figure_id, Status.NOT_OBSERVED, "chưa cơ quan nào có nguồn công bố quan sát được"
        )
    return QualityFigure(
        id=figure_id, unit="share", status=Status.OK, value=len(held) / len(asked), n=len(asked),
        k=len(held), reason="số đếm, không phải ước lượng", definition=figure_id,
        rows=tuple(row.article_id for row in own),
    )  # fmt: skip


def _ids(ground: Ground, wanted: Callable[[Iterable[str]], bool]) -> list[int]:
    return [row.article_id for story in ground.stories for row in story.rows if wanted(row.focus)]
