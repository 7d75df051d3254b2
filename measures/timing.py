"""Kịp thời: how long a story took from its first outlet to the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median
from typing import Final

from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.figures import Figure, Lag, LagSummary, Status, StoryTiming, Timing
from domain.periods import Period
from domain.records import ArticleRow
from measures.placements import by_story, is_press, order

#: Below this a median is the tale of one or two stories.
MINIMUM_FOR_MEDIAN: Final = 5
TO_THE_MINUTE = frozenset({DatePrecision.SECOND, DatePrecision.MINUTE})
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """This is a time known between two ends, both included."""

    low: datetime
    high: datetime


def moment_of(row: ArticleRow) -> Moment | None:
    """When the placement was published, as far as that is known; None if not even to the day."""
    if row.published_at is None:
        return None
    if row.date_precision in TO_THE_MINUTE:
        return Moment(low=row.published_at, high=row.published_at)
    if row.date_precision is not DatePrecision.DAY:
        return None
    day = row.published_at.astimezone(VIETNAM).date()
    low = datetime.combine(day, time(), tzinfo=VIETNAM)
    high = datetime.combine(day, time(23, 59), tzinfo=VIETNAM)
    # It was out when it was seen; that may be long before midnight.
    return Moment(low=low, high=max(low, min(high, row.first_seen_at)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """This is an outlet that carried a story, by its first dated text."""

    row: ArticleRow
    moment: Moment | None


def carriers(rows: Iterable[ArticleRow]) -> list[Carrier]:
    """Each outlet of a story once, first to last; those without a date come after.

    A later copy in the same outlet changes nothing.
    """
    dated: dict[str, Carrier] = {}
    undated: dict[str, Carrier] = {}
    for row in sorted(rows, key=order):
        moment = moment_of(row)
        if moment is None:
            undated.setdefault(row.outlet_id, Carrier(row=row, moment=None))
            continue
        held = dated.get(row.outlet_id)
        if held is None or held.moment is None:
            dated[row.outlet_id] = Carrier(row=row, moment=moment)
        else:
            earliest = Moment(
                low=min(moment.low, held.moment.low), high=min(moment.high, held.moment.high)
            )
            dated[row.outlet_id] = Carrier(row=held.row, moment=earliest)
    rest = [undated[outlet] for outlet in sorted(undated.keys() - dated.keys())]
    return sorted(dated.values(), key=_first_to_last) + rest


def _first_to_last(carrier: Carrier) -> tuple[datetime, datetime, str]:
    assert carrier.moment is not None
    return carrier.moment.low, carrier.moment.high, carrier.row.outlet_id


def kth_lag(moments: Sequence[Moment], k: int) -> Lag | None:
    """Độ trễ: thời gian từ cơ quan báo chí đầu tiên đến cơ quan báo chí khác thứ k đăng lại.

    Công thức: thời điểm sớm thứ k trừ thời điểm sớm nhất, mỗi cơ quan báo chí tính lần đăng đầu.
    Thời điểm chỉ biết đến ngày là khoảng 00:00–23:59 của ngày đó, cho độ trễ một khoảng.

    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV.

    >>> noon = datetime(2026, 7, 1, 12, tzinfo=VIETNAM)
    >>> exact = [Moment(low=noon + n * _HOUR, high=noon + n * _HOUR) for n in (0, 2, 5)]
    >>> kth_lag(exact, 2).low, kth_lag(exact, 3).low, kth_lag(exact, 4)
    (datetime.timedelta(seconds=7200), datetime.timedelta(seconds=18000), None)
    """
    if len(moments) < k:
        return None
    kth_low = sorted(moment.low for moment in moments)[k - 1]
    first_high = min(moment.high for moment in moments)
    longest = max(_spread(index, moments, k) for index in range(len(moments)))
    return Lag(low=max(timedelta(), kth_low - first_high), high=longest)


def _spread(first: int, moments: Sequence[Moment], k: int) -> timedelta:
    """From first to k-th if one outlet was as early as can be and all others as late as can be."""
    times = sorted(
        moment.low if index == first else moment.high for index, moment in enumerate(moments)
    )
    return times[k - 1] - times[0]


def is_surely_first(story: Sequence[Carrier]) -> bool:
    """Whether the first of at least two outlets is first whatever the inexact times were."""
    moments = [carrier.moment for carrier in story]
    if len(moments) < 2 or None in moments:
        return False
    first, *later = [moment for moment in moments if moment is not None]
    return all(first.high < moment.low for moment in later)


def timing(rows: Sequence[ArticleRow], counted: Iterable[int], period: Period) -> Timing:
    """The timeliness of the `counted` stories that the press first carried in the period.

    `rows` are all known placements; those after the period are not looked at, so that a story of
    its last days may still be waiting for its second outlet.
    """
    _, after = period.bounds()
    wanted = set(counted)
    placements = by_story(
        row for row in rows if row.story_id in wanted and is_press(row) and row.counted_at < after
    )
    stories = [
        _story(story_id, carriers(found), len(found)) for story_id, found in placements.items()
    ]
    begun = [story for story in stories if period.contains(story.first_at)]
    begun.sort(key=lambda story: (story.first_at, story.story_id))
    return Timing(
        stories=tuple(begun),
        second=summarise(2, begun),
        third=summarise(3, begun),
        begun_before=len(stories) - len(begun),
    )


def _story(story_id: int, found: Sequence[Carrier], placements: int) -> StoryTiming:
    moments = [carrier.moment for carrier in found if carrier.moment is not None]
    undated = len(found) - len(moments)
    first = found[0].row
    return StoryTiming(
        story_id=story_id,
        headline=first.headline,
        url=first.url,
        outlet_id=first.outlet_id,
        outlet_name=first.outlet_name,
        first_at=first.counted_at,
        precision=first.date_precision if moments else DatePrecision.UNKNOWN,
        outlets=len(found),
        placements=placements,
        undated=undated,
        second_outlet=found[1].row.outlet_name if len(found) > 1 else "",
        second=None if undated else kth_lag(moments, 2),
        third=None if undated else kth_lag(moments, 3),
    )


def summarise(k: int, stories: Sequence[StoryTiming]) -> LagSummary:
    """Độ trễ trung vị đến cơ quan báo chí thứ k, trên các câu chuyện có giờ đăng rõ đến phút.

    Câu chuyện chưa có đủ k cơ quan báo chí đến hết kỳ được đếm riêng, không coi là nhanh. Câu
    chuyện chỉ biết ngày cho cận dưới và cận trên của trung vị; câu chuyện có báo không rõ ngày để
    ngoài. Dưới 5 câu chuyện không tính trung vị.

    Nguồn: mục tiêu 5 (phản ánh kịp thời), Quyết định 82/QĐ-BNV; số trung vị, vì vài câu chuyện rất
    chậm làm lệch số trung bình.

    >>> summarise(2, []).median_hours.status
    <Status.NOT_ENOUGH: 'not_enough'>
    """
    reached = [story for story in stories if story.outlets >= k]
    lags = [lag for story in reached if (lag := story.second if k == 2 else story.third)]
    exact = [lag.low / _HOUR for lag in lags if lag.is_exact]
    return LagSummary(
        outlets=k,
        median_hours=median_figure(f"timely.outlet_{k}", exact, _bounds(lags, len(exact))),
        stories=len(stories),
        exact=len(exact),
        bounded=len(lags) - len(exact),
        undated=len(reached) - len(lags),
        not_reached=len(stories) - len(reached),
    )


def _bounds(lags: Sequence[Lag], exact: int) -> tuple[float, float] | None:
    if len(lags) == exact or len(lags) < MINIMUM_FOR_MEDIAN:
        return None
    return median(lag.low / _HOUR for lag in lags), median(lag.high / _HOUR for lag in lags)


def median_figure(
    figure_id: str, hours: Sequence[float], bounds: tuple[float, float] | None = None
) -> Figure:
    """The median of exact lags, in hours; without a value below the minimum number.

    >>> median_figure("timely.outlet_2", [1.0, 2.0, 3.0, 4.0, 50.0]).value
    3.0
    """
    enough = len(hours) >= MINIMUM_FOR_MEDIAN
    return Figure(
        id=figure_id,
        unit="hours",
        value=median(hours) if enough else None,
        status=Status.OK if enough else Status.NOT_ENOUGH,
        n=len(hours),
        bounds=bounds,
    )
