"""What the sources could show: 'observed N of M', source by day, with the gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from domain.agencies import AgencyRegister
from domain.codes import PRESS_KINDS, Level, OutletKind
from domain.figures import Gap, Observation, OutletObservation, Tally
from domain.outlets import Outlet, OutletBook
from domain.periods import Period
from domain.records import ArticleRow, SourceDay
from measures.placements import in_period

#: Every day of the period on which a source answered, by source, by outlet.
Answers = Mapping[str, Mapping[str, frozenset[date]]]


def answers(source_days: Iterable[SourceDay], period: Period) -> Answers:
    """The days of the period on which each source answered, or that a later list reached back to.

    A source that was asked and never answered stands with no day; one never asked is absent.
    """
    found: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    asked = {day.isoformat(): day for day in period.each_day()}
    for polled in source_days:
        if (day := asked.get(polled.day)) is not None:
            days = found[polled.outlet_id][polled.source_id]
            if polled.polls_ok > 0 or polled.caught_up:
                days.add(day)
    return {
        outlet: {source: frozenset(days) for source, days in sources.items()}
        for outlet, sources in found.items()
    }


def answers_within(
    watched: Mapping[str, Mapping[str, Mapping[date, bool]]], period: Period
) -> Answers:
    """As `answers`, from whether a source answered by day, by source, by outlet.

    >>> from domain.periods import between
    >>> told = {date(2026, 7, 1): True, date(2026, 7, 2): False, date(2026, 7, 9): True}
    >>> week = between(date(2026, 7, 2), date(2026, 7, 8))
    >>> answers_within({"bao": {"https://bao.test/rss": told}}, week)
    {'bao': {'https://bao.test/rss': frozenset()}}
    """
    days = list(period.each_day())
    found: dict[str, dict[str, frozenset[date]]] = {}
    for outlet, sources in watched.items():
        for source, told in sources.items():
            asked = [day for day in days if day in told]
            if asked:
                found.setdefault(outlet, {})[source] = frozenset(filter(told.get, asked))
    return found


def observe(
    source_days: Sequence[SourceDay],
    period: Period,
    outlets: OutletBook,
    usual: Mapping[str, float],
) -> Observation:
    """Mức độ quan sát: trong số nguồn phải theo dõi, bao nhiêu nguồn đã trả lời, bao nhiêu ngày.

    Công thức: số ngày-nguồn quan sát được / (số nguồn x số ngày của kỳ). Một ngày là quan sát được
    khi nguồn trả lời ít nhất một lần trong ngày, hoặc khi danh sách tải về sau đó còn liệt kê trọn
    ngày ấy. Ngày khác là không quan sát được. Báo chí và cổng thông tin tính riêng.

    Nguồn: Media Cloud (không nguồn tin nào phủ hết một trang báo); AMEC (công khai cách đo).
    """
    return observed(answers(source_days, period), period, outlets, usual)


def observed(
    answered: Answers, period: Period, outlets: OutletBook, usual: Mapping[str, float]
) -> Observation:
    """As `observe`, where the answers are known already."""
    days = list(period.each_day())
    seen = tuple(
        _outlet(outlet, answered.get(outlet.id, {}), days, usual.get(outlet.id))
        for outlet in sorted(outlets, key=lambda outlet: outlet.id)
    )
    return Observation(
        days=len(days),
        press=tally(outlet for outlet in seen if outlet.kind in PRESS_KINDS),
        portals=tally(outlet for outlet in seen if outlet.kind is OutletKind.PORTAL),
        aggregators=tally(outlet for outlet in seen if outlet.kind is OutletKind.AGGREGATOR),
        outlets=seen,
    )


def _outlet(
    outlet: Outlet,
    sources: Mapping[str, frozenset[date]],
    days: Sequence[date],
    usual_volume: float | None,
) -> OutletObservation:
    # A source that was polled under an address no longer declared was still to be watched.
    declared = len({source.url for source in outlet.sources} | sources.keys())
    answered = frozenset[date]().union(*sources.values())
    return OutletObservation(
        outlet_id=outlet.id,
        name=outlet.name,
        kind=outlet.kind,
        level=outlet.level,
        province=outlet.province,
        sources=declared,
        sources_observed=sum(1 for found in sources.values() if found),
        source_days=declared * len(days),
        source_days_observed=sum(map(len, sources.values())),
        usual_volume=usual_volume,
        gaps=tuple(
            Gap(outlet_id=outlet.id, outlet_name=outlet.name, start=start, end=end)
            for start, end in runs(day for day in days if day not in answered)
        ),
    )


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Consecutive days as (first, last).

    >>> runs([date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 5)])
    [(datetime.date(2026, 7, 1), datetime.date(2026, 7, 2)), \
(datetime.date(2026, 7, 5), datetime.date(2026, 7, 5))]
    """
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def tally(outlets: Iterable[OutletObservation]) -> Tally:
    """'Observed N of M' over some outlets."""
    watched = list(outlets)
    return Tally(
        outlets=len(watched),
        outlets_observed=sum(1 for outlet in watched if outlet.sources_observed),
        sources=sum(outlet.sources for outlet in watched),
        sources_observed=sum(outlet.sources_observed for outlet in watched),
        source_days=sum(outlet.source_days for outlet in watched),
        source_days_observed=sum(outlet.source_days_observed for outlet in watched),
    )


def usual_volumes(
    previous_rows: Iterable[ArticleRow], source_days: Iterable[SourceDay], previous: Period
) -> dict[str, float]:
    """Placements read on an observed day of the period before, by outlet.

    The period measured says nothing here: an outage must not make an outlet look small.
    """
    read = Counter(row.outlet_id for row in in_period(previous_rows, previous))
    return daily_volumes(read, source_days, previous)


def daily_volumes(
    read: Mapping[str, int], source_days: Iterable[SourceDay], period: Period
) -> dict[str, float]:
    """What was `read` of each outlet in a period, shared out over the days it was observed on."""
    return volumes_a_day(read, answers(source_days, period))


def volumes_a_day(read: Mapping[str, int], answered: Answers) -> dict[str, float]:
    """As `daily_volumes`, where the answers are known already."""
    return {
        outlet: read.get(outlet, 0) / len(seen)
        for outlet, sources in answered.items()
        if (seen := frozenset[date]().union(*sources.values()))
    }


def panel_share(panel: Iterable[OutletObservation]) -> float:
    """Tỷ lệ quan sát được của nhóm báo theo dõi một cơ quan, gia quyền theo lượng tin thường ngày.

    Công thức: Σ (lượng tin thường ngày x tỷ lệ ngày-nguồn quan sát được) / Σ lượng tin thường ngày.
    Lượng tin lấy từ kỳ trước; báo chưa biết lượng tin lấy trung bình các báo đã biết; không biết
    báo nào thì gia quyền theo số nguồn.

    Nguồn: Media Cloud (chuẩn hóa theo lượng tin thu thập được của từng báo).

    >>> panel_share([])
    0.0
    """
    watched = [outlet for outlet in panel if outlet.sources]
    weights = panel_weights(watched)
    total = sum(weights.values())
    seen = sum(weights[outlet.outlet_id] * outlet.share for outlet in watched)
    return seen / total if total else 0.0


def panel_weights(panel: Iterable[OutletObservation]) -> dict[str, float]:
    """How much each outlet of a panel weighs: its usual volume, by the rule of `panel_share`."""
    watched = [outlet for outlet in panel if outlet.sources]
    known = [outlet.usual_volume for outlet in watched if outlet.usual_volume]
    mean = sum(known) / len(known) if known else None
    return {
        outlet.outlet_id: outlet.sources if mean is None else outlet.usual_volume or mean
        for outlet in watched
    }


def panel_of(
    observation: Observation, agency: str | None, register: AgencyRegister
) -> list[OutletObservation]:
    """The press that may be expected to cover an agency: national outlets, a province's own."""
    press = [outlet for outlet in observation.outlets if outlet.kind in PRESS_KINDS]
    if agency is None:
        return press
    home = register.rolled_up(agency, date.max)
    return [
        outlet
        for outlet in press
        if outlet.level is Level.NATIONAL
        or (outlet.province and register.rolled_up(outlet.province, date.max) == home)
    ]
