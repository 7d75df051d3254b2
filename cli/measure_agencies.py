"""Every ministry and province beside its group, as a table for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain.figures import Group
from domain.periods import Period
from measures.agency_index import FEWEST_IN_GROUP, AgencyIndex
from reports.vietnamese import UNKNOWN_MARK, number

_GROUP_NAMES = {
    Group.MINISTRY: "Bộ, ngành",
    Group.PROVINCE: "Địa phương",
    Group.OTHER: "Cơ quan thuộc Chính phủ",
}
_NAME_WIDTH = 44
_COLUMNS = (12, 11, 8, 16, 12)


def agencies_json(found: Sequence[AgencyIndex], period: Period) -> dict[str, Any]:
    """Every agency by itself; "index" and "places" are null where nothing can be said."""
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "agencies": [
            {
                "agency": each.agency,
                "group": each.group.value,
                "stories": each.stories,
                "expected": each.expected,
                "watched": each.is_watched,
                "index": each.index.value if each.index else None,
                "interval": list(each.index.interval) if each.index else None,
                "places": list(each.places) if each.places else None,
            }
            for each in found
        ],
    }


def agencies_lines(found: Sequence[AgencyIndex], title: str) -> Iterator[str]:
    """A line an agency, those most spoken of first; a place is a range, never a rank alone."""
    yield f"Cơ quan so với nhóm của mình. {title}"
    yield (
        "Chỉ số 1 là mức chung của nhóm; ít tin thì kéo về 1. Khoảng 95% chứa 1 là chưa khác mức "
        "chung. Chỗ đứng là một khoảng: hai cơ quan có khoảng chồng lên nhau thì không xếp hạng."
    )
    for group in Group:
        lines = [each for each in found if each.group is group]
        if lines:
            yield ""
            yield from _group_lines(group, lines)


def _group_lines(group: Group, lines: Sequence[AgencyIndex]) -> Iterator[str]:
    yield _line(
        _GROUP_NAMES[group], ("câu chuyện", "mức chung", "chỉ số", "khoảng 95%", "chỗ đứng")
    )
    for each in sorted(lines, key=lambda line: (-line.stories, line.name)):
        yield _line(each.name, _cells(each, len(lines)))
    whole = sum(each.stories for each in lines if each.is_watched)
    if whole < FEWEST_IN_GROUP:
        yield (
            f"  Phần quan sát đủ của nhóm mới có {number(whole)} câu chuyện, cần ít nhất "
            f"{FEWEST_IN_GROUP}: chưa so được các cơ quan với nhau."
        )
    if hidden := sum(not each.is_watched for each in lines):
        yield (
            f"  {number(hidden)} cơ quan không quan sát được đủ báo chí: không có chỉ số, và cả "
            "nhóm không có chỗ đứng."
        )


def _cells(each: AgencyIndex, most: int) -> Sequence[str]:
    stories = number(each.stories) if each.stories or each.is_watched else UNKNOWN_MARK
    expected = number(each.expected, 1) if each.expected else UNKNOWN_MARK
    if each.index is None:
        return stories, expected, UNKNOWN_MARK, UNKNOWN_MARK, UNKNOWN_MARK
    low, high = each.index.interval
    places = UNKNOWN_MARK
    if each.places and each.places != (1, most):
        first, last = each.places
        places = number(first) if first == last else f"{number(first)}–{number(last)}"
    return (
        stories,
        expected,
        number(each.index.value, 2),
        f"{number(low, 2)}–{number(high, 2)}",
        places,
    )


def _line(name: str, columns: Sequence[str]) -> str:
    cells = "".join(f"{column:>{width}}" for column, width in zip(columns, _COLUMNS, strict=True))
    return f"{name:<{_NAME_WIDTH}}{cells}"
