"""Đầy đủ: how many of the events that happened outside the press were carried by it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.figures import Status
from domain.qualities import QualityFigure
from measures.ground import Ground, released_by
from measures.outcomes import Outcome
from measures.shares import absent, share


def covered_events(found: Sequence[Outcome], ground: Ground) -> QualityFigure:
    """Tỷ lệ sự kiện, văn bản, thông cáo, mốc kế hoạch được ít nhất một cơ quan báo chí đăng.

    Công thức: số sự kiện được đăng / số sự kiện đã duyệt trong sổ sự kiện của kỳ. Sự kiện chưa thấy
    đăng mà báo chí không được quan sát đủ thì vào cận trên. Kỳ không có sự kiện nào thì không áp
    dụng, không phải 100%.

    Đại lượng: xác suất một sự kiện như của kỳ này được báo chí đăng trước khi hết kỳ.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phối hợp, chia sẻ thông tin, phản ánh đầy đủ), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import ground, lags
    >>> found = covered_events(lags(2, 30, None), ground())
    >>> found.k, found.n
    (2, 3)
    """
    figure_id = "complete.events"
    if not found:
        return no_events(figure_id, ground)
    threshold = ground.scope.threshold
    covered = sum(outcome.is_covered for outcome in found)
    parts = [each.unwatched(each.followed) for each in found if not each.is_covered]
    unknown = sum(part > 1 - threshold for part in parts)
    return share(
        figure_id,
        covered,
        len(found),
        possible=covered + unknown,
        missed=sum(part for part in parts if part <= 1 - threshold),
        rows=[outcome.id for outcome in found],
        minimum=1,
        reason=_waiting(ground),
    )


def _waiting(ground: Ground) -> str:
    waiting = len(ground.proposed)
    return f"còn {waiting} sự kiện đề xuất chưa duyệt, không tính" if waiting else ""


def no_events(figure_id: str, ground: Ground, unit: str = "share") -> QualityFigure:
    """Without events: nothing happened where a release source was watched, else nobody knows."""
    if ground.proposed:
        return absent(figure_id, Status.NOT_ENOUGH, _waiting(ground), unit=unit)
    if released_by(ground):
        return absent(
            figure_id, Status.NOT_APPLICABLE, "kỳ này không có sự kiện nào trong sổ", unit=unit
        )
    return absent(
        figure_id,
        Status.NOT_OBSERVED,
        "không có sự kiện trong sổ và chưa quan sát được nguồn công bố nào",
        unit=unit,
    )
