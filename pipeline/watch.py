"""Looking around: which source went dark, how long the disk lasts; and the weekly word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from domain.clock import VIETNAM
from domain.codes import SourceState
from domain.health import OutletHealth
from domain.written import number
from pipeline.context import Context
from pipeline.disk import TREND_DAYS, DiskState, days_left, disk_state
from pipeline.health import outlet_healths
from pipeline.notices import Notice, over, send_waiting, tell
from storage.database import reading
from storage.job_runs import BAD, JobTry, recent_tries
from storage.notices import disk_trend, keep_disk_reading, lasting_keys
from storage.rows import totals

_DARK = frozenset(
    {SourceState.FAILING, SourceState.BLOCKED, SourceState.ROTTING, SourceState.EMPTY}
)
#: One failed poll is no darkness.
_DARK_FOR = timedelta(hours=24)
_GB = 1_000_000_000
#: More outlets than this in the dark at once are told in one notice.
_FEW = 5


def look_around(context: Context) -> None:
    """Tell what went wrong with sources and disk, and hand over what still waits."""
    _look_at_sources(context)
    _look_at_disk(context)
    send_waiting(context)


def _look_at_sources(context: Context) -> None:
    now = context.clock()
    dark = [
        health
        for health in outlet_healths(context)
        if health.state in _DARK and health.since is not None and now - health.since >= _DARK_FOR
    ]
    keys = {f"source:{health.outlet_id}" for health in dark}
    with reading(context.engine) as connection:
        lasting = lasting_keys(connection, "source") - {_MANY}
    over(context, sorted(lasting - keys))
    if len(dark) > _FEW:
        _tell_of_many(context, dark)
        return
    over(context, [_MANY])
    for health in dark:
        name = context.outlets[health.outlet_id].name
        said = " ".join((*health.evidence, *health.remedy))
        key = f"source:{health.outlet_id}"
        tell(
            context,
            Notice(kind="source", key=key, subject=f"Nguồn tin mất tín hiệu: {name}", text=said),
        )


_MANY = "source:*"


def _tell_of_many(context: Context, dark: Sequence[OutletHealth]) -> None:
    lines = [f"- {context.outlets[health.outlet_id].name}: {health.evidence[0]}" for health in dark]
    said = "Xem từng nơi và cách sửa: “diembao outlets check”."
    if all(health.state is SourceState.FAILING for health in dark):
        said = (
            "Nhiều nguồn cùng không trả lời thường là do mạng của chính máy này: kiểm tra mạng, "
            "máy chủ trung gian ([crawl] proxy) trước. " + said
        )
    text = "\n".join((said, *lines))
    subject = f"{len(lines)} cơ quan báo chí, cổng thông tin mất tín hiệu"
    tell(context, Notice(kind="source", key=_MANY, subject=subject, text=text))


def _look_at_disk(context: Context) -> None:
    state = disk_state(context.home)
    day = context.clock().astimezone(VIETNAM).date().isoformat()
    with context.engine.begin() as connection:
        keep_disk_reading(connection, day, free=state.free, used=state.used)
        trend = disk_trend(connection, TREND_DAYS)
    left = days_left(trend)
    if left is None or left > context.settings.notices.disk_days:
        over(context, ["disk"])
        return
    tell(context, Notice(kind="disk", key="disk", subject="Đĩa sắp đầy", text=_full(state, left)))


def _full(state: DiskState, left: float) -> str:
    return (
        f"Đĩa của thư mục nhà còn {number(state.free / _GB, 1)} GB và theo đà những ngày qua sẽ "
        f"đầy sau khoảng {number(left, 1)} ngày. Chạy “diembao retention” để xem dọn được gì, "
        "chuyển bản sao lưu sang đĩa khác, hoặc thêm đĩa."
    )


def weekly_word(context: Context, *, since: datetime) -> None:
    """The word that all is well, or what is not: silence is not the good news."""
    now = context.clock()
    with reading(context.engine) as connection:
        tries = recent_tries(connection, since)
        stored = totals(connection)
        trend = disk_trend(connection, TREND_DAYS)
    states = Counter(health.state for health in outlet_healths(context))
    bad = [one for one in tries if one.state in BAD or one.state == "missed"]
    week = f"{since.astimezone(VIETNAM):%d/%m}–{now.astimezone(VIETNAM):%d/%m/%Y}"
    subject = "Mọi việc ổn" if not bad else f"Tuần qua có {len(bad)} lượt không thành"
    lines = [
        f"Tuần {week}.",
        f"Các lượt chạy: {number(sum(one.state == 'done' for one in tries))} xong, "
        f"{number(len(bad))} không thành.",
        *_troubles(bad),
        f"Trong kho: {number(stored['articles'])} bài, {number(stored['relevant'])} bài liên quan, "
        f"{number(stored['stories'])} câu chuyện.",
        "Nguồn tin: " + _sources(states) + ".",
        _disk_line(context, trend),
    ]
    tell(
        context,
        Notice(
            kind="weekly",
            key=f"weekly:{now.astimezone(VIETNAM).date().isoformat()}",
            subject=f"{subject}, tuần {week}",
            text="\n".join(lines),
        ),
    )


def _troubles(bad: Iterable[JobTry]) -> list[str]:
    counted = Counter(one.job for one in bad)
    return [f"- {job}: {times} lượt không thành" for job, times in sorted(counted.items())]


def _sources(states: Counter[SourceState]) -> str:
    well = states[SourceState.OK] + states[SourceState.QUIET]
    dark = sum(states[state] for state in _DARK)
    return f"{well} trên {states.total()} hoạt động, {dark} mất tín hiệu"


def _disk_line(context: Context, trend: list[tuple[str, int]]) -> str:
    left = days_left(trend)
    soon = "" if left is None else f", theo đà này đầy sau khoảng {number(left)} ngày"
    return f"Đĩa: còn {number(disk_state(context.home).free / _GB, 1)} GB{soon}."
