"""Kịp thời: how soon the press carried what was released, events not covered included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from domain.clock import VIETNAM
from domain.figures import Status
from domain.holidays import Calendar
from domain.qualities import QualityFigure
from domain.written import number
from measures.intervals import share_interval
from measures.outcomes import Outcome
from measures.shares import absent, share
from measures.survival import Curve, Reached, curve, reached

#: From here on the interval of a median holds.
FEWEST_FOR_MEDIAN: Final = 10
#: From here on that of a P90 does.
FEWEST_FOR_P90: Final = 20
WORKING_DAYS: Final = 3
SPANS: Final = {
    "timely.within_72h": timedelta(hours=72),
    "timely.within_24h": timedelta(hours=24),
    "timely.within_7d": timedelta(days=7),
}
#: Figure: (k-th outlet, share of the events).
WAITS: Final = {
    "timely.first_median": (1, 0.5),
    "timely.first_p90": (1, 0.9),
    "timely.third_median": (3, 0.5),
    "timely.third_p90": (3, 0.9),
}


def within(
    figure_id: str, span: timedelta, found: Sequence[Outcome], threshold: float
) -> QualityFigure:
    """Tỷ lệ sự kiện, thông cáo được ít nhất một cơ quan báo chí đăng trong thời hạn.

    Công thức: số sự kiện chắc chắn được đăng trong thời hạn / số sự kiện đã đủ thời hạn khi hết kỳ.
    Giờ chỉ biết đến ngày cho một khoảng; sự kiện chưa thấy đăng mà thời hạn rơi vào những ngày
    không quan sát được đủ báo chí thì vào cận trên. Báo đăng trước khi công bố tính là 0 giờ.

    Đại lượng: xác suất một sự kiện như của kỳ này được đăng trong thời hạn.
    Bất định: quá trình đưa tin, giờ chỉ biết đến ngày, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ, cận dưới từ số chắc chắn, cận trên từ số có thể.
    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import lags
    >>> found = within("timely.within_72h", timedelta(hours=72), lags(2, 30, 80, None, None), 0.8)
    >>> found.value, [round(end, 2) for end in found.interval]
    (0.4, [0.05, 0.85])
    """
    due = [outcome for outcome in found if outcome.is_due(span)]
    open_ones = [outcome for outcome in due if not outcome.is_possibly_within(span, threshold)]
    return share(
        figure_id,
        sum(outcome.is_surely_within(span) for outcome in due),
        len(due),
        possible=len(due) - len(open_ones),
        missed=sum(outcome.unwatched(span) for outcome in open_ones),
        rows=[outcome.id for outcome in due],
    )


def working_days(
    found: Sequence[Outcome], threshold: float, calendar: Calendar, end_days: int = WORKING_DAYS
) -> QualityFigure:
    """Tỷ lệ sự kiện được đăng trong 3 ngày làm việc, không tính cuối tuần và ngày nghỉ lễ, Tết.

    Công thức: số sự kiện được đăng chậm nhất vào ngày làm việc thứ ba sau ngày công bố / số sự kiện
    đã qua ngày ấy khi hết kỳ.

    Đại lượng: xác suất một sự kiện như của kỳ này được đăng trong 3 ngày làm việc.
    Bất định: quá trình đưa tin, giờ chỉ biết đến ngày, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV; lịch nghỉ lễ, Tết hằng năm.

    >>> from domain.holidays import read_calendar
    >>> from measures.examples import lags
    >>> working_days(lags(2, 30, 200, None, None), 0.8, read_calendar()).value
    0.4
    """
    sure = possible = 0
    missed = 0.0
    due = []
    for outcome in found:
        day = outcome.at.low.astimezone(VIETNAM).date()
        last = calendar.after(day, end_days)
        limit = datetime.combine(last + timedelta(days=1), time(), tzinfo=VIETNAM) - outcome.at.low
        if not outcome.is_due(limit - (outcome.at.high - outcome.at.low)):
            continue
        due.append(outcome.id)
        sure += outcome.first is not None and outcome.first.high < limit
        if outcome.is_possibly_within(limit, threshold):
            possible += 1
        else:
            missed += outcome.unwatched(limit)
    return share("timely.working_3d", sure, len(due), possible=possible, missed=missed, rows=due)


def uncovered(found: Sequence[Outcome], threshold: float) -> QualityFigure:
    """Tỷ lệ sự kiện đến hết kỳ chưa cơ quan báo chí nào đăng; luôn đọc cùng với độ trễ.

    Công thức: số sự kiện chưa được đăng / số sự kiện của kỳ; cận dưới bỏ ra những sự kiện rơi vào
    ngày không quan sát được đủ báo chí.

    Đại lượng: tỷ lệ sự kiện của kỳ chưa được đăng khi hết kỳ.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import lags
    >>> uncovered(lags(2, 30, 80, None, None), 0.8).value
    0.4
    """
    none = [outcome for outcome in found if not outcome.is_covered]
    parts = [outcome.unwatched(outcome.followed) for outcome in none]
    sure = [part for part in parts if part <= 1 - threshold]
    figure = share(
        "timely.uncovered",
        len(sure),
        len(found),
        possible=len(none),
        rows=[outcome.id for outcome in found],
    )
    if figure.interval is None or not sum(sure):
        return figure
    # Some of those called uncovered may stand in the part of the press that was not watched.
    low, _ = share_interval(max(0.0, len(sure) - sum(sure)), len(found))
    return replace(figure, interval=(low, figure.interval[1]))


def before(found: Sequence[Outcome]) -> QualityFigure:
    """Tỷ lệ sự kiện mà báo chí đã đăng trước khi công bố (dự thảo, lấy ý kiến, rò rỉ).

    Công thức: số sự kiện chắc chắn được đăng trước giờ công bố (chỉ biết ngày thì trước 00:00 ngày
    ấy) / số sự kiện. Khi tính độ trễ những sự kiện này là 0 giờ.

    Đại lượng: xác suất một sự kiện được đăng trước khi công bố.
    Bất định: quá trình đưa tin.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import lags
    >>> before(lags(0, 2, 30, None, None)).value
    0.0
    """
    rows = [outcome.id for outcome in found]
    return share("timely.before", sum(each.before for each in found), len(found), rows=rows)


def waiting_time(figure_id: str, found: Sequence[Outcome]) -> QualityFigure:
    """Thời gian từ khi công bố đến khi cơ quan báo chí thứ k đăng: trung vị và phân vị 90.

    Công thức: điểm mà đường Kaplan–Meier xuống tới 50% (10%). Sự kiện chưa được đăng là còn chờ đến
    hết kỳ, không bị bỏ ra; từ ngày đầu tiên không quan sát được đủ báo chí thì thôi theo dõi. Giờ
    chỉ biết đến ngày cho hai đường, sớm nhất và muộn nhất: số in ra là của đường muộn nhất.

    Đại lượng: trung vị (phân vị 90) của thời gian chờ trong quá trình đưa tin, kể cả sự kiện không
    bao giờ được đăng.
    Bất định: quá trình đưa tin và giờ chỉ biết đến ngày.
    Cách tính: Kaplan–Meier; khoảng Brookmeyer–Crowley trên thang ln(−ln S).
    Nguồn: Kaplan và Meier (1958); Brookmeyer và Crowley (1982).

    >>> from measures.examples import lags
    >>> waiting_time("timely.first_median", lags(1, 2, 3, 4, 5, 6, *[None] * 4)).value
    5.0
    >>> waiting_time("timely.first_median", lags(1, 2, 3, 4, *[None] * 6)).status
    <Status.NOT_REACHED: 'not_reached'>
    """
    outlets, part = WAITS[figure_id]
    rows = [outcome.id for outcome in found]
    came = sum(outcome.lag(outlets) is not None for outcome in found)
    minimum = FEWEST_FOR_MEDIAN if part <= 0.5 else FEWEST_FOR_P90
    if len(found) < minimum:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {len(found)} sự kiện, cần ít nhất {minimum}",
            unit="hours", n=len(found), k=came, rows=rows,
        )  # fmt: skip
    late = curve([outcome.wait(outlets, latest=True) for outcome in found])
    early = curve([outcome.wait(outlets, latest=False) for outcome in found])
    return time_figure(figure_id, late, early, part, n=len(found), k=came, rows=rows)


def time_figure(
    figure_id: str, late: Curve, early: Curve, part: float, *, n: int, k: int, rows: Sequence[int]
) -> QualityFigure:
    """The time by which a part came, or by how much it is not reached."""
    latest, earliest = reached(late, part), reached(early, part)
    if latest.hours is None:
        return absent(
            figure_id, Status.NOT_REACHED, _not_reached(late, earliest),
            unit="hours", n=n, k=k, rows=rows,
        )  # fmt: skip
    low = earliest.low if earliest.low is not None else earliest.hours or 0.0
    return QualityFigure(
        id=figure_id,
        unit="hours",
        status=Status.OK,
        value=latest.hours,
        interval=(min(low, latest.hours), latest.high),
        n=n,
        k=k,
        bounds=_bounds(earliest, latest),
        reason="" if latest.high is not None else "cận trên của khoảng chưa quan sát tới",
        definition=figure_id,
        rows=tuple(rows),
    )


def _bounds(earliest: Reached, latest: Reached) -> tuple[float, float] | None:
    if earliest.hours is None or latest.hours is None or earliest.hours == latest.hours:
        return None
    return earliest.hours, latest.hours


def _not_reached(late: Curve, earliest: Reached) -> str:
    days = number(late.longest / 24, 1)
    if earliest.hours is not None:
        return f"giờ chỉ biết đến ngày: từ {number(earliest.hours, 1)} giờ, có thể hơn {days} ngày"
    return f"hơn {days} ngày quan sát"
