"""One period beside the one before."""

from __future__ import annotations

from typing import Final

from domain.figures import Change, Completeness, MonthFigures, Status

_NAMES: Final = (
    ("observed", "Tỷ lệ ngày-nguồn báo chí quan sát được", "share"),
    ("articles", "Tin, bài báo chí đã đọc", "placements"),
    ("stories", "Câu chuyện về cải cách hành chính", "stories"),
    ("placements", "Tin, bài về cải cách hành chính", "placements"),
    ("reprint_ratio", "Tỷ lệ đăng lại", "share"),
    ("complete.low", "Độ đầy đủ, cận dưới", "share"),
    ("complete.high", "Độ đầy đủ, cận trên", "share"),
    ("timely.outlet_2", "Độ trễ trung vị đến báo thứ hai (giờ)", "hours"),
    ("picked_up", "Tỷ lệ tin của cổng thông tin được báo chí đăng", "share"),
)


def compare(now: MonthFigures, before: MonthFigures | None) -> tuple[Change, ...]:
    """So với kỳ trước: hai số đứng cạnh nhau, chỉ tính chênh lệch khi cả hai kỳ đều có số.

    Số tin, bài tăng giảm theo số nguồn quan sát được: tỷ lệ quan sát của hai kỳ in cùng bảng, chênh
    lệch chỉ đọc được khi hai tỷ lệ gần nhau.

    Nguồn: nguyên tắc chỉ so các kỳ cùng độ dài và cùng cách quan sát của AMEC.
    """
    present = _values(now)
    past = _values(before) if before else {}
    return tuple(
        Change(
            id=change_id,
            name=name,
            unit=unit,
            now=present[change_id],
            before=past.get(change_id),
            status=_status(present[change_id], past.get(change_id), before),
        )
        for change_id, name, unit in _NAMES
    )


def _values(figures: MonthFigures) -> dict[str, float | None]:
    totals = figures.totals
    complete: Completeness = figures.coverage.overall
    observed = figures.observation.press
    return {
        "observed": observed.share if observed.source_days else None,
        "articles": totals.articles if observed.source_days_observed or totals.articles else None,
        "stories": totals.stories.value,
        "placements": totals.placements.value,
        "reprint_ratio": totals.reprint_ratio.value,
        "complete.low": complete.low,
        "complete.high": complete.high,
        "timely.outlet_2": figures.timing.second.median_hours.value,
        "picked_up": figures.pick_up.share.value,
    }


def _status(now: float | None, past: float | None, before: MonthFigures | None) -> Status:
    if before is None:
        return Status.NOT_APPLICABLE
    return Status.NOT_OBSERVED if now is None or past is None else Status.OK
