"""What must be read beside a profile: breaks, gaps in watching, tables that nobody approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from domain.holidays import Calendar
from domain.proposals import Proposals
from domain.qualities import Compared
from domain.written import number
from measures import regularity
from measures.ground import Ground

#: The periods compared with, in the order of a profile.
COMPARED_NAMES: Final = ("Kỳ trước", "Cùng kỳ năm trước")
#: Days on which the agencies or the press changed: figures on both sides are not alike.
BREAKS: Final = {
    date(2025, 3, 1): "sắp xếp bộ, ngành",
    date(2025, 7, 1): "sắp xếp tỉnh, thành và báo, đài địa phương",
}


def remarks(
    ground: Ground,
    proposals: Proposals,
    calendar: Calendar,
    year_days: Sequence[date] = (),
    past: Sequence[Compared | None] = (),
) -> list[str]:
    """Lưu ý in kèm hồ sơ: phần không quan sát được, mốc ngắt, bảng chưa phê duyệt, im lặng."""
    period, press = ground.period, ground.observation.press
    notes = []
    if press.share < ground.scope.threshold:
        notes.append(
            f"Chỉ quan sát được {press.share:.0%} số ngày-nguồn: ô không có tin là không rõ."
        )
    notes += _poorly_compared(past)
    for day, what in BREAKS.items():
        if period.year_before().start < day <= period.end:
            notes.append(f"Mốc ngắt {day:%d/%m/%Y} ({what}): số trước và sau mốc khó so với nhau.")
    if not proposals.approved:
        notes.append(f"Ô cần có tin và trọng số đối tượng: {proposals.note}.")
    if not calendar.knows(period.end.year):
        notes.append(f"Chưa có lịch nghỉ lễ, Tết năm {period.end.year}: chỉ trừ cuối tuần.")
    notes += _quiet(regularity.silence(ground), regularity.usual_wait(year_days))
    return notes


def _poorly_compared(past: Sequence[Compared | None]) -> Iterator[str]:
    """Kỳ đem so mà không quan sát được đủ: số của kỳ ấy có thể thấp vì chưa đọc hết."""
    for name, period in zip(COMPARED_NAMES, past, strict=False):
        if period is None or period.is_watched:
            continue
        when = f"{name} ({period.period.start:%d/%m/%Y}–{period.period.end:%d/%m/%Y})"
        if not period.sources:
            yield (
                f"{when} không quan sát được nguồn nào: số của kỳ ấy, nếu có, chỉ là phần tình cờ "
                "đọc được, không so được với kỳ này."
            )
        else:
            yield (
                f"{when} mới quan sát được {period.sources} trên {period.sources_of} nguồn, "
                f"{period.share_of_days:.0%} số ngày-nguồn: số của kỳ ấy có thể thấp vì chưa đọc "
                "đủ, không so được với kỳ này."
            )


def _quiet(days: int | None, usual: float | None) -> Iterator[str]:
    """Im lặng: hơn 30 ngày, hoặc hơn 3 lần khoảng cách thường thấy của 12 tháng."""
    if days is None:
        return
    if usual is not None and days > regularity.SILENCE_TIMES * usual:
        written = number(usual, 0 if usual.is_integer() else 1)
        usually = f"12 tháng qua thường {written} ngày có tin một lần"
        yield f"Im lặng {days} ngày tính đến hết kỳ; {usually}."
    elif days > regularity.SILENCE_DAYS:
        yield f"Im lặng {days} ngày tính đến hết kỳ."
