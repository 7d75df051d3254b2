"""The jobs of the timetable: which there are, when their turn is, how long they may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.errors import UsageError
from domain.settings import Settings
from domain.validation import unknown
from pipeline.jobs_slots import Daily, Every, Slots, clock_time

_MONDAY, _SUNDAY = 0, 6
#: Beyond the limit of a crawl: storing what came last.
_AFTER_CRAWL = timedelta(minutes=30)
#: Name -> what it does, in the order in which jobs that are due together are run: what is counted
#: and reported comes after what collects.
JOBS: Mapping[str, str] = {
    "backup": "sao lưu cơ sở dữ liệu, kho lưu trữ và cấu hình",
    "self_check": "tự kiểm việc đọc trang của từng cơ quan báo chí",
    "crawl": "thu thập từ mọi nguồn tin",
    "tag": "gắn nhãn, gộp tin trùng",
    "measure": "tính số liệu của kỳ đang chạy",
    "digest": "làm điểm báo trong ngày",
    "export": "xuất báo cáo của tháng vừa khép lại",
    "audit": "rút mẫu rà soát ngẫu nhiên",
    "retention": "dọn trang thô đã cũ mà không số liệu nào dựa vào",
    "watch": "xem nguồn tin nào mất tín hiệu, đĩa còn đủ không; gửi cảnh báo",
    "weekly": "gửi thư “mọi việc ổn” kèm số liệu trong tuần",
    "alerts": "tìm và gửi cảnh báo mà từng người dùng đã chọn",
    "poll": "hỏi những nguồn tin đã đến lượt",
}
#: Name -> the function that does it; loaded where it is done.
WORK: Mapping[str, str] = {
    "backup": "pipeline.jobs_keeping:back_up",
    "self_check": "pipeline.jobs_keeping:self_check",
    "crawl": "pipeline.jobs_collecting:crawl",
    "tag": "pipeline.jobs_collecting:tag",
    "measure": "pipeline.jobs_reporting:measure",
    "digest": "pipeline.jobs_reporting:digest",
    "export": "pipeline.jobs_reporting:export_closed_month",
    "audit": "pipeline.jobs_reporting:draw_audit",
    "retention": "pipeline.jobs_keeping:retain",
    "watch": "pipeline.jobs_keeping:watch",
    "weekly": "pipeline.jobs_keeping:weekly",
    "alerts": "pipeline.jobs_reporting:alert",
    "poll": "pipeline.jobs_collecting:poll",
}
#: Jobs whose setting is an interval in minutes.
FREQUENT = ("watch", "alerts", "poll")
#: Jobs that a person waits for once a month: their newest tries are never forgotten.
MONTHLY = ("export", "audit")


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedJob:
    """This is a job with its place in the timetable."""

    name: str
    slots: Slots
    #: A slot later than this is given up; None: it is made up for however late.
    grace: timedelta | None
    #: Whoever takes longer is ended.
    limit: timedelta
    #: Whether a slot that failed is tried again before the next one.
    tried_again: bool = True

    @property
    def tolerance(self) -> timedelta:
        """A slot that was run and lies further ahead than this was run by a wrong clock."""
        if isinstance(self.slots, Every):
            return timedelta(minutes=2 * self.slots.minutes)
        return timedelta(hours=2)


def known_job(name: str) -> str:
    """The name of a job; an unknown one is a `UsageError` naming those there are."""
    if name not in JOBS:
        raise UsageError(f"{unknown('việc', name, JOBS)} Các việc: {', '.join(JOBS)}.")
    return name


def planned_jobs(settings: Settings) -> list[PlannedJob]:
    """The jobs that the settings give an hour or an interval, in the order of `JOBS`."""
    return [
        PlannedJob(
            name=name,
            slots=slots,
            grace=_grace(settings, slots),
            limit=_limit(settings, name),
            tried_again=isinstance(slots, Daily),
        )
        for name in JOBS
        if (slots := _slots(settings, name)) is not None
    ]


def _slots(settings: Settings, name: str) -> Slots | None:
    schedule = settings.schedule
    if name in FREQUENT:
        minutes: int = getattr(schedule, f"{name}_minutes")
        return Every(minutes=minutes) if minutes else None
    written: str = getattr(schedule, name)
    if not written:
        return None
    return Daily(
        at=clock_time(written),
        zone=ZoneInfo(schedule.timezone),
        weekday={"retention": _SUNDAY, "weekly": _MONDAY}.get(name),
        day_of_month=schedule.export_day if name in MONTHLY else None,
    )


def _grace(settings: Settings, slots: Slots) -> timedelta | None:
    if isinstance(slots, Every) or slots.weekday is not None or slots.day_of_month is not None:
        return None
    return timedelta(hours=settings.schedule.grace_hours)


def _limit(settings: Settings, name: str) -> timedelta:
    limit = timedelta(minutes=settings.schedule.limit_minutes)
    if name in ("crawl", "poll"):
        return max(limit, timedelta(minutes=settings.crawl.max_minutes) + _AFTER_CRAWL)
    return limit
