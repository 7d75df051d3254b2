"""A profile as JSON and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.figures import STATUS_NAMES, Status
from domain.qualities import QUALITY_NAMES, Compared, Measured, QualityFigure
from reports.vietnamese import UNKNOWN_MARK, number, observed, percent

_NAME_WIDTH = 44
_UNITS = {
    "hours": " giờ",
    "days": " ngày",
    "outlets": " báo",
    "stories": "",
    "placements": "",
    "per_month": " lần mỗi tháng",
}


def profile_json(measured: Measured, definitions: Mapping[str, str]) -> dict[str, Any]:
    """The profile for machines; a figure without a value is null with its status and reason."""
    return {
        "plan": measured.plan or None,
        "from": measured.period.start.isoformat(),
        "to": measured.period.end.isoformat(),
        "scope": {"agency": measured.agency or None, "area": measured.area or None},
        "observed": {
            "sources": measured.sources,
            "of": measured.sources_of,
            "share_of_days": measured.share_of_days,
        },
        "qualities": [
            {
                "id": each.id.value,
                "figures": [_figure_json(figure, definitions) for figure in each.figures],
            }
            for each in measured.qualities
        ],
        "versions": dict(measured.versions),
        "releases": {
            "agencies": measured.agencies_with_releases,
            "of": measured.agencies_of,
            "own": measured.has_releases,
        },
        "compared": {
            "previous": _compared_json(measured.previous),
            "year_before": _compared_json(measured.year_before),
        },
        "notes": list(measured.notes),
    }


def _compared_json(compared: Compared | None) -> dict[str, Any] | None:
    if compared is None:
        return None
    return {
        "from": compared.period.start.isoformat(),
        "to": compared.period.end.isoformat(),
        "observed": {
            "sources": compared.sources,
            "of": compared.sources_of,
            "share_of_days": compared.share_of_days,
        },
        "watched": compared.is_watched,
    }


def _figure_json(figure: QualityFigure, definitions: Mapping[str, str]) -> dict[str, Any]:
    corrected = figure.corrected
    return {
        "id": figure.id,
        "value": figure.value,
        "interval": list(figure.interval) if figure.interval else None,
        "n": figure.n,
        "k": figure.k,
        "unit": figure.unit,
        "status": figure.status.value,
        "target": figure.target,
        "met": figure.met,
        "corrected": {"value": corrected.value, "interval": list(corrected.interval)}
        if corrected
        else None,
        "definition": definitions.get(figure.id, figure.definition),
        "bounds": list(figure.bounds) if figure.bounds else None,
        "reason": figure.reason,
        "corrected_reason": figure.corrected_reason,
        "previous": figure.previous,
        "year_before": figure.year_before,
    }


def profile_lines(measured: Measured, names: Mapping[str, str], scope: str) -> Iterator[str]:
    """The profile as a person reads it."""
    yield f"Hồ sơ đo lường. {measured.period.title}. {scope}"
    plan = measured.plan or f"chưa có kế hoạch của năm {measured.period.end.year}"
    yield f"Kế hoạch: {plan}. Không có điểm tổng: mỗi yêu cầu đọc riêng."
    yield (
        f"Báo chí: {observed(measured.sources, measured.sources_of)}, "
        f"{percent(measured.share_of_days)} số ngày-nguồn."
    )
    yield releases_line(measured)
    yield from (f"Lưu ý: {note}" for note in measured.notes)
    for each in measured.qualities:
        yield ""
        yield QUALITY_NAMES[each.id].upper()
        for figure in each.figures:
            if figure.value is not None:
                yield from _figure_lines(figure, names.get(figure.id, figure.id), measured)
        yield from _missing_lines(each.figures, names)
    yield from _uncorrected_lines(measured, names)


def releases_line(measured: Measured) -> str:
    """Of how many agencies it is known what they release, and whether the one in scope is one."""
    told = f"{number(measured.agencies_with_releases)} trên {number(measured.agencies_of)} cơ quan"
    if measured.has_releases is None:
        return f"{told} có nguồn công bố."
    own = "có" if measured.has_releases else "chưa có"
    return f"Cơ quan này {own} nguồn công bố; cả nước: {told}."


def _missing_lines(figures: Sequence[QualityFigure], names: Mapping[str, str]) -> Iterator[str]:
    """Figures without a value, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for figure in figures:
        if figure.value is None:
            reasons.setdefault(_why(figure), []).append(names.get(figure.id, figure.id))
    for reason, listed in reasons.items():
        yield f"  Chưa có số, {reason}: {'; '.join(listed)}"


def _uncorrected_lines(measured: Measured, names: Mapping[str, str]) -> Iterator[str]:
    """Figures that the tagger's errors stand in, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for each in measured.qualities:
        for figure in each.figures:
            if figure.corrected_reason:
                name = names.get(figure.id, figure.id)
                reasons.setdefault(figure.corrected_reason, []).append(name)
    if reasons:
        yield ""
        yield "CHƯA HIỆU CHỈNH SAI SỐ GẮN NHÃN"
    for reason, listed in reasons.items():
        yield f"  {reason[:1].upper()}{reason[1:]}: {'; '.join(listed)}"


def _why(figure: QualityFigure) -> str:
    status = STATUS_NAMES[figure.status]
    return f"{status} ({figure.reason})" if figure.reason else status


def _figure_lines(figure: QualityFigure, name: str, measured: Measured) -> Iterator[str]:
    yield f"  {name:<{_NAME_WIDTH}} {_value(figure)}"
    details = list(_details(figure, measured))
    if details:
        yield f"      {'; '.join(details)}"


def _value(figure: QualityFigure) -> str:
    parts = [shown(figure.value, figure.unit)]
    if figure.interval:
        low, high = figure.interval
        parts.append(f"[{shown(low, figure.unit)}; {shown(high, figure.unit)}]")
    if figure.k is not None:
        parts.append(f"{number(figure.k)}/{number(figure.n)}")
    elif figure.n:
        parts.append(f"n = {number(figure.n)}")
    return "  ".join(parts)


def _details(figure: QualityFigure, measured: Measured) -> Iterator[str]:
    if figure.bounds:
        low, high = figure.bounds
        yield f"chưa biết hết: {shown(low, figure.unit)} đến {shown(high, figure.unit)}"
    if figure.corrected:
        low, high = figure.corrected.interval
        value = shown(figure.corrected.value, figure.unit)
        yield (
            f"hiệu chỉnh sai số gắn nhãn {value} "
            f"[{shown(low, figure.unit)}; {shown(high, figure.unit)}]"
        )
    if figure.target is not None:
        outcome = {True: "đạt", False: "chưa đạt", None: "chưa biết"}[figure.met]
        yield f"chỉ tiêu {shown(figure.target, figure.unit)}: {outcome}"
    if figure.previous is not None or figure.year_before is not None:
        before = _past(figure.previous, figure.unit, measured.previous)
        yield f"kỳ trước {before}, cùng kỳ năm trước " + _past(
            figure.year_before, figure.unit, measured.year_before
        )
    if figure.reason and figure.status is Status.OK:
        yield figure.reason


def _past(value: float | None, unit: str, compared: Compared | None) -> str:
    """A number of a period compared with, and how little of it was observed where that is so."""
    told = shown(value, unit)
    if value is None or compared is None or compared.is_watched:
        return told
    return f"{told} (chỉ quan sát được {percent(compared.share_of_days)})"


def shown(value: float | None, unit: str) -> str:
    """A number in its unit, or the unknown mark.

    >>> shown(0.125, "share"), shown(26.5, "hours"), shown(None, "days")
    ('12,5%', '26,5 giờ', '–')
    """
    if value is None:
        return UNKNOWN_MARK
    if unit == "share":
        return percent(value)
    if unit == "index":
        return number(value, 2)
    digits = 0 if float(value).is_integer() and unit != "hours" else 1
    return f"{number(value, digits)}{_UNITS.get(unit, '')}"
