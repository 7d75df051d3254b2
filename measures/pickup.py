"""What agencies released on their portals, and how much of it the press took up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from domain.agencies import Agency
from domain.codes import DatePrecision, OutletKind
from domain.figures import Figure, Lag, Observation, PickUp, PickUpLine, Release, Status
from domain.records import ArticleRow
from measures.observation import tally
from measures.placements import by_story, is_press
from measures.scope import Scope
from measures.timing import Carrier, Moment, carriers, median_figure

PROMPT: Final = timedelta(hours=72)
_NONE: Final = timedelta()
_HOUR: Final = timedelta(hours=1)


def prompt_share(lags: Sequence[tuple[timedelta, timedelta] | None]) -> Figure:
    """Tỷ lệ tin, bài trên cổng thông tin cơ quan được báo chí đăng trong 72 giờ.

    Công thức: số tin được ít nhất một cơ quan báo chí đăng trong 72 giờ / số tin đã công bố đủ 72
    giờ trước khi hết kỳ. Báo đăng trước cổng tính là 0 giờ. Giờ chỉ biết đến ngày cho một khoảng:
    chỉ những tin chắc chắn trong 72 giờ được đếm vào tử số, cận trên đếm cả những tin có thể.

    Nguồn: mục tiêu 5 (phối hợp, chia sẻ thông tin, phản ánh kịp thời), Quyết định 82/QĐ-BNV.

    >>> day = timedelta(days=1)
    >>> share = prompt_share([(day, day), (4 * day, 4 * day), (2 * day, 4 * day), None])
    >>> share.value, share.bounds
    (0.25, (0.25, 0.5))
    """
    n = len(lags)
    sure = sum(1 for lag in lags if lag is not None and lag[1] <= PROMPT)
    possible = sum(1 for lag in lags if lag is not None and lag[0] <= PROMPT)
    return Figure(
        id="context.picked_up_72h",
        unit="share",
        value=sure / n if n else None,
        status=Status.OK if n else Status.NOT_ENOUGH,
        n=n,
        k=sure,
        bounds=(sure / n, possible / n) if possible > sure else None,
    )


def picked_up_share(picked_up: int, released: int) -> Figure:
    """Tỷ lệ tin, bài trên cổng thông tin cơ quan được báo chí đăng, tính đến hết kỳ.

    Công thức: số tin có câu chuyện trùng với ít nhất một tin, bài báo chí / số tin đã công bố. Tin
    công bố những ngày cuối kỳ có thể còn được đăng sau kỳ.

    Nguồn: mục tiêu 5 (phối hợp, chia sẻ thông tin), Quyết định 82/QĐ-BNV.

    >>> picked_up_share(0, 0).status
    <Status.NOT_ENOUGH: 'not_enough'>
    """
    return Figure(
        id="context.picked_up",
        unit="share",
        value=picked_up / released if released else None,
        status=Status.OK if released else Status.NOT_ENOUGH,
        n=released,
        k=picked_up,
    )


def pick_up(
    rows: Sequence[ArticleRow],
    listed: Sequence[Agency],
    observation: Observation,
    scope: Scope,
) -> PickUp:
    """The releases of the period, and their press placements up to its end.

    `rows` are all known placements; `listed` are the agencies of the scope.
    """
    _, after = scope.period.bounds()
    known = [row for row in rows if row.counted_at < after]
    found = [
        release
        for release in releases(known, scope)
        if scope.agency is None or release.agency == scope.agency
    ]
    lines = tuple(_line(one, found, observation, scope) for one in listed)
    taken = [release for release in found if release.is_picked_up]
    exact = [release.lag.low / _HOUR for release in taken if release.lag and release.lag.is_exact]
    watched = [release for release in found if after - release.released_at >= PROMPT]
    return PickUp(
        releases=tuple(found),
        lines=lines,
        agencies_with_source=sum(line.has_source for line in lines),
        agencies=len(lines),
        share=picked_up_share(len(taken), len(found)),
        share_72h=prompt_share([_ends(release) for release in watched]),
        median_hours=median_figure("timely.release_to_press", exact),
    )


def releases(rows: Sequence[ArticleRow], scope: Scope) -> list[Release]:
    """Each relevant story of each portal once, first released first."""
    owned = by_story(row for row in rows if row.outlet_kind is OutletKind.PORTAL and row.relevant)
    press = by_story(row for row in rows if is_press(row) and row.story_id in owned)
    found = [
        _release(carrier, carriers(press.get(story_id, ())), owner)
        for story_id, placements in owned.items()
        for carrier in carriers(placements)
        if scope.period.contains(carrier.row.counted_at)
        for owner in [_owner(carrier.row, scope)]
    ]
    return sorted(found, key=lambda release: (release.released_at, release.article_id))


def _owner(row: ArticleRow, scope: Scope) -> str:
    owner = scope.outlets[row.outlet_id].agency if row.outlet_id in scope.outlets else ""
    return scope.heir(owner) if owner else ""


def _release(portal: Carrier, press: Sequence[Carrier], agency: str) -> Release:
    first = press[0] if press else None
    return Release(
        article_id=portal.row.article_id,
        story_id=portal.row.story_id,
        agency=agency,
        portal_id=portal.row.outlet_id,
        portal_name=portal.row.outlet_name,
        headline=portal.row.headline,
        url=portal.row.url,
        released_at=portal.row.counted_at,
        precision=portal.row.date_precision,
        outlets=len(press),
        first_outlet=first.row.outlet_name if first else "",
        first_url=first.row.url if first else "",
        first_at=first.row.counted_at if first else None,
        first_precision=first.row.date_precision if first else DatePrecision.UNKNOWN,
        lag=_lag(portal.moment, press),
        before=_is_before(portal.moment, first.moment if first else None),
    )


def _lag(released: Moment | None, press: Sequence[Carrier]) -> Lag | None:
    moments = [carrier.moment for carrier in press if carrier.moment is not None]
    if released is None or not moments or len(moments) < len(press):
        return None
    low = min(moment.low for moment in moments) - released.high
    high = min(moment.high for moment in moments) - released.low
    return Lag(low=max(_NONE, low), high=max(_NONE, high))


def _is_before(released: Moment | None, first: Moment | None) -> bool:
    return released is not None and first is not None and first.high < released.low


def _ends(release: Release) -> tuple[timedelta, timedelta] | None:
    if not release.is_picked_up:
        return None
    return (release.lag.low, release.lag.high) if release.lag else (_NONE, timedelta.max)


def _line(
    listed: Agency,
    found: Iterable[Release],
    observation: Observation,
    scope: Scope,
) -> PickUpLine:
    own = [release for release in found if release.agency == listed.id]
    portals = {
        outlet.id
        for outlet in scope.outlets
        if outlet.kind is OutletKind.PORTAL
        and outlet.agency
        and scope.heir(outlet.agency) == listed.id
    }
    watched = tally(outlet for outlet in observation.outlets if outlet.outlet_id in portals)
    is_known = bool(own) or (watched.sources > 0 and watched.share >= scope.threshold)
    prompt = [ends for release in own if (ends := _ends(release)) and ends[1] <= PROMPT]
    return PickUpLine(
        agency=listed.id,
        name=listed.official_name,
        has_source=bool(own) or watched.sources_observed > 0,
        status=Status.OK if is_known else Status.NOT_OBSERVED,
        released=len(own) if is_known else None,
        picked_up=sum(release.is_picked_up for release in own) if is_known else None,
        within_72h=len(prompt) if is_known else None,
    )
