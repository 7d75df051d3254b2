"""Thường xuyên, liên tục: active weeks, silences, bursts; an unwatched day is no silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from domain.figures import Status
from domain.periods import Period
from domain.qualities import QualityFigure
from measures.ground import Ground, Story
from measures.placements import day_of
from measures.shares import absent, share

#: Spec: fewer stories say nothing of bursts.
FEWEST_FOR_BURSTS: Final = 10
FEWEST_GAPS: Final = 10
FEWEST_FOR_CAMPAIGN: Final = 10
TOP_DAYS: Final = 3
#: A silence of more days is told.
SILENCE_DAYS: Final = 30
#: So is one of more than so many times the usual wait of the year.
SILENCE_TIMES: Final = 3
_WEEK: Final = 7
#: Days of a month, on the average.
_MONTH: Final = 365.25 / 12
#: A remainder of fewer days joins the last week.
_SHORTEST_WEEK: Final = 4


def weeks(period: Period) -> list[tuple[date, date]]:
    """The weeks of a period, from its first day on; a rest of under four days joins the last.

    >>> from domain.periods import month
    >>> [(last - first).days + 1 for first, last in weeks(month("2026-07"))]
    [7, 7, 7, 9]
    """
    found: list[tuple[date, date]] = []
    first = period.start
    while first <= period.end:
        last = min(first + timedelta(days=_WEEK - 1), period.end)
        if found and (last - first).days + 1 < _SHORTEST_WEEK:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
        first = last + timedelta(days=1)
    return found


def active_weeks(
    days: Collection[date], watched: Collection[date], period: Period
) -> QualityFigure:
    """Tỷ lệ tuần có ít nhất một câu chuyện.

    Công thức: số tuần có tin / số tuần của kỳ; tuần không có tin mà quá nửa số ngày không quan sát
    được đủ báo chí thì vào cận trên. Tuần tính từ ngày đầu kỳ, phần lẻ dưới 4 ngày nhập tuần cuối.

    Đại lượng: xác suất một tuần như của kỳ này có tin.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ.
    Nguồn: yêu cầu 1 (thường xuyên, liên tục), Quyết định 82/QĐ-BNV.

    >>> from domain.periods import month
    >>> july = month("2026-07")
    >>> active_weeks([date(2026, 6, 15), date(2026, 7, 14)], list(july.each_day()), july).value
    0.5
    """
    listed = weeks(period)
    active, unknown = _active(listed, days, watched)
    if unknown == len(listed):
        return absent(
            "regular.weeks", Status.NOT_OBSERVED, "không quan sát được đủ báo chí", n=len(listed)
        )
    return share("regular.weeks", active, len(listed), possible=active + unknown, minimum=1)


def slots(period: Period, per_month: float) -> list[tuple[date, date]]:
    """The stretches of a period in each of which a promise of so many times a month asks for one.

    >>> from domain.periods import month
    >>> [(last - first).days + 1 for first, last in slots(month("2026-07"), 4)]
    [7, 8, 7, 8]
    """
    count = max(1, round(period.days / _MONTH * per_month))
    edges = [period.days * place // count for place in range(count + 1)]
    return [
        (period.start + timedelta(days=first), period.start + timedelta(days=last - 1))
        for first, last in pairwise(edges)
        if last > first
    ]


def promised(
    days: Collection[date], watched: Collection[date], period: Period, per_month: float | None
) -> QualityFigure:
    """Số lần có tin mỗi tháng, rải đều như kế hoạch đã hứa; chỉ tính khi kế hoạch có ghi chỉ tiêu.

    Công thức: chỉ tiêu f lần mỗi tháng chia kỳ thành các quãng đều nhau, mỗi quãng phải có tin; số
    in ra là f × số quãng có tin / số quãng, nên chỉ đạt chỉ tiêu khi không quãng nào trống: bốn tin
    dồn vào một tuần chỉ là một lần. Quãng không có tin mà quá nửa số ngày không quan sát được đủ
    báo chí thì vào cận trên. Kế hoạch chưa ghi chỉ tiêu “regular.promised” thì không áp dụng.

    Đại lượng: f nhân xác suất một quãng như của kỳ này có tin.
    Bất định: quá trình đưa tin, và phần không quan sát được.
    Cách tính: khoảng của một tỷ lệ, nhân f.
    Nguồn: yêu cầu 1 (thường xuyên, liên tục), hình thức 2 (04 số mỗi tháng), Quyết định 82/QĐ-BNV.

    >>> from domain.periods import month
    >>> july = month("2026-07")
    >>> told = [date(2026, 6, 15), date(2026, 6, 16), date(2026, 7, 14)]
    >>> promised(told, list(july.each_day()), july, 4).value
    2.0
    >>> promised(told, list(july.each_day()), july, None).status
    <Status.NOT_APPLICABLE: 'not_applicable'>
    """
    figure_id = "regular.promised"
    if per_month is None or per_month <= 0:
        return absent(
            figure_id, Status.NOT_APPLICABLE, "kế hoạch chưa ghi chỉ tiêu số lần mỗi tháng",
            unit="per_month",
        )  # fmt: skip
    listed = slots(period, per_month)
    active, unknown = _active(listed, days, watched)
    if unknown == len(listed):
        return absent(
            figure_id, Status.NOT_OBSERVED, "không quan sát được đủ báo chí", unit="per_month",
            n=len(listed),
        )  # fmt: skip
    part = share(figure_id, active, len(listed), possible=active + unknown, minimum=1)
    low, high = part.interval or (0.0, 1.0)
    return replace(
        part,
        unit="per_month",
        value=per_month * active / len(listed),
        interval=(per_month * low, per_month * (high or 0.0)),
        bounds=part.bounds and (per_month * part.bounds[0], per_month * part.bounds[1]),
    )


def _active(
    stretches: Sequence[tuple[date, date]], days: Collection[date], watched: Collection[date]
) -> tuple[int, int]:
    """How many stretches have news, and how many were too little watched to say that they do not.

    >>> week = [(date(2026, 7, 1), date(2026, 7, 7))]
    >>> _active(week, [], [date(2026, 7, 1)])
    (0, 1)
    """
    seen, open_days = set(days), set(watched)
    active = unknown = 0
    for first, last in stretches:
        stretch = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if not seen.isdisjoint(stretch):
            active += 1
        elif sum(day in open_days for day in stretch) * 2 < len(stretch):
            unknown += 1
    return active, unknown


def gaps(days: Collection[date], watched: Collection[date], period: Period) -> list[int]:
    """Days of silence between days with a story and at both ends, days not watched left out.

    >>> from domain.periods import between
    >>> week = between(date(2026, 7, 1), date(2026, 7, 10))
    >>> seen, watched = [date(2026, 7, 3)], [day for day in week.each_day() if day.day != 5]
    >>> gaps(seen, watched, week)
    [2, 6]
    """
    seen, open_days = set(days), set(watched)
    found, silent = [], 0
    for day in period.each_day():
        if day in seen:
            found.append(silent)
            silent = 0
        elif day in open_days:
            silent += 1
    return [*found, silent]


def longest_gap(days: Collection[date], watched: Collection[date], period: Period) -> QualityFigure:
    """Khoảng lặng dài nhất: số ngày liền không có tin, kể cả đầu kỳ và cuối kỳ.

    Công thức: số ngày lớn nhất giữa hai ngày có tin, không đếm những ngày không quan sát được đủ
    báo chí. Khoảng ở hai đầu kỳ có thể còn dài hơn.

    Đại lượng: khoảng lặng dài nhất đã quan sát trong kỳ.
    Bất định: không nêu; số lớn nhất phụ thuộc độ dài kỳ và không có khoảng tin cậy hợp lệ.
    Cách tính: đếm.
    Nguồn: yêu cầu 1 (thường xuyên, liên tục), Quyết định 82/QĐ-BNV.

    >>> from domain.periods import between
    >>> week = between(date(2026, 7, 1), date(2026, 7, 10))
    >>> longest_gap([date(2026, 7, 3)], list(week.each_day()), week).value
    7.0
    """
    figure_id = "regular.longest_gap"
    if (unknown := _unwatched(figure_id, watched, period)) is not None:
        return unknown
    found = gaps(days, watched, period)
    return QualityFigure(
        id=figure_id, unit="days", status=Status.OK, value=float(max(found)), n=len(found),
        reason="số lớn nhất không có khoảng tin cậy hợp lệ", definition=figure_id,
    )  # fmt: skip


def _unwatched(figure_id: str, watched: Collection[date], period: Period) -> QualityFigure | None:
    """Where fewer than half of the days were watched, no silence can be told."""
    if 2 * len(watched) >= period.days:
        return None
    return absent(
        figure_id, Status.NOT_OBSERVED,
        f"chỉ {len(watched)} trên {period.days} ngày quan sát được đủ báo chí", unit="days",
    )  # fmt: skip


def p90_gap(days: Collection[date], watched: Collection[date], period: Period) -> QualityFigure:
    """Khoảng lặng, phân vị 90: chín phần mười các khoảng giữa hai ngày có tin không dài hơn số này.

    Công thức: phân vị 90% của các khoảng lặng, kể cả hai khoảng ở hai đầu kỳ; không đếm những ngày
    không quan sát được đủ báo chí.

    Đại lượng: phân vị 90% của các khoảng lặng đã quan sát trong kỳ.
    Bất định: không nêu; các khoảng lặng nối nhau phụ thuộc nhau, hai khoảng đầu và cuối bị cắt.
    Cách tính: đếm.
    Nguồn: yêu cầu 1 (thường xuyên, liên tục), Quyết định 82/QĐ-BNV.

    >>> from domain.periods import between
    >>> july = between(date(2026, 7, 1), date(2026, 7, 31))
    >>> told = [date(2026, 7, day) for day in range(1, 31, 3)]
    >>> p90_gap(told, list(july.each_day()), july).value
    2.0
    """
    figure_id = "regular.p90_gap"
    if (unknown := _unwatched(figure_id, watched, period)) is not None:
        return unknown
    found = sorted(gaps(days, watched, period))
    if len(found) < FEWEST_GAPS:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {len(found)} khoảng, cần ít nhất {FEWEST_GAPS}", unit="days", n=len(found),
        )  # fmt: skip
    value = found[-(-9 * len(found) // 10) - 1]
    return QualityFigure(
        id=figure_id, unit="days", status=Status.OK, value=float(value), n=len(found),
        reason="các khoảng lặng phụ thuộc nhau: không có khoảng tin cậy hợp lệ",
        definition=figure_id,
    )  # fmt: skip


def burstiness(times: Sequence[datetime], rows: Sequence[int] = ()) -> QualityFigure:
    """Độ dồn cục B: −1 là đều như đồng hồ, 0 là ngẫu nhiên, gần 1 là dồn vào vài đợt.

    Công thức: B = (σ − μ) / (σ + μ) của thời gian giữa hai câu chuyện liền nhau.

    Đại lượng: B của các câu chuyện đã quan sát trong kỳ.
    Bất định: không nêu; khoảng tin cậy phụ thuộc dạng phân phối của thời gian chờ, vốn không biết:
    thử trên thế giới giả lập có đuôi nặng, khoảng 95% chỉ phủ 65–85%.
    Cách tính: đếm.
    Nguồn: Goh và Barabási (2008).

    >>> day = datetime(2026, 7, 1)
    >>> burstiness([day + timedelta(days=n) for n in range(10)]).value
    -1.0
    >>> burstiness([day + timedelta(days=n) for n in range(9)]).status
    <Status.NOT_ENOUGH: 'not_enough'>
    """
    figure_id = "regular.burstiness"
    if len(times) < FEWEST_FOR_BURSTS:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {len(times)} câu chuyện, cần ít nhất {FEWEST_FOR_BURSTS}",
            unit="index", n=len(times), rows=rows,
        )  # fmt: skip
    ordered = sorted(times)
    spans = np.array([(b - a).total_seconds() for a, b in pairwise(ordered)])
    if not spans.any():
        return absent(
            figure_id, Status.NOT_APPLICABLE, "mọi câu chuyện cùng một lúc",
            unit="index", n=len(times), rows=rows,
        )  # fmt: skip
    spread, mean = float(spans.std()), float(spans.mean())
    return QualityFigure(
        id=figure_id, unit="index", status=Status.OK, value=(spread - mean) / (spread + mean),
        n=len(times), reason="dạng phân phối không biết: không có khoảng tin cậy hợp lệ",
        definition=figure_id, rows=tuple(rows),
    )  # fmt: skip


def campaign(stories: Sequence[Story]) -> QualityFigure:
    """Tỷ lệ chiến dịch: phần câu chuyện rơi vào ba ngày nhiều tin nhất.

    Công thức: số câu chuyện của ba ngày nhiều nhất / số câu chuyện, mỗi câu chuyện tính vào ngày
    đăng đầu tiên.

    Đại lượng: phần tin dồn vào ba ngày cao điểm đã quan sát.
    Bất định: không nêu; ba ngày được chọn sau khi nhìn số liệu nên không có khoảng tin cậy hợp lệ.
    Cách tính: đếm.
    Nguồn: yêu cầu 1 (thường xuyên, liên tục), Quyết định 82/QĐ-BNV.

    >>> from measures.examples import stories, text
    >>> from measures.ground import stories_of
    >>> told = [text(n, day=1 if n <= 5 else n) for n in range(1, 11)]
    >>> campaign(stories_of(told)).value
    0.7
    """
    figure_id = "regular.campaign"
    rows = [story.rows[0].article_id for story in stories]
    n = len(stories)
    if n < FEWEST_FOR_CAMPAIGN:
        return absent(
            figure_id, Status.NOT_ENOUGH,
            f"mới có {n} câu chuyện, cần ít nhất {FEWEST_FOR_CAMPAIGN}", n=n, rows=rows,
        )  # fmt: skip
    daily = Counter(day_of(story.rows[0]) for story in stories)
    top = sum(sorted(daily.values(), reverse=True)[:TOP_DAYS])
    return QualityFigure(
        id=figure_id, unit="share", status=Status.OK, value=top / n, n=n, k=top,
        reason="ba ngày được chọn theo số liệu: không có khoảng tin cậy hợp lệ",
        definition=figure_id, rows=tuple(rows),
    )  # fmt: skip


def story_days(ground: Ground) -> list[date]:
    """The days on which an outlet first carried a story; its later copies make no news."""
    firsts: dict[tuple[int, str], date] = {}
    for story in ground.stories:
        for row in story.rows:
            firsts.setdefault((story.id, row.outlet_id), day_of(row))
    return sorted(set(firsts.values()))


def silence(ground: Ground) -> int | None:
    """Watched days since the last story, to the period's end; None where none was watched."""
    watched = ground.watched_days()
    if not watched:
        return None
    return gaps(story_days(ground), watched, ground.period)[-1]


def usual_wait(days: Collection[date]) -> float | None:
    """Từ một ngày có tin đến ngày có tin kế tiếp thường bao nhiêu ngày: trung vị của một năm.

    Trung vị ít bị một đợt không quan sát được kéo đi; đợt ấy chỉ làm số này lớn lên, tức báo im
    lặng muộn hơn. Dưới 10 khoảng thì không có.

    >>> usual_wait([date(2026, 1, day) for day in range(1, 32, 3)])
    3.0
    >>> usual_wait([date(2026, 1, 1), date(2026, 3, 1)]) is None
    True
    """
    waits = [(later - sooner).days for sooner, later in pairwise(sorted(set(days)))]
    return float(median(waits)) if len(waits) >= FEWEST_GAPS else None
