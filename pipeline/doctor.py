"""The examination of an installation: what is well, what is not, and what to do about it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.clock import VIETNAM, Clock
from domain.codes import SourceState
from domain.errors import DiembaoError
from domain.settings import Settings
from domain.written import minute, number
from pipeline.backup_store import backups, made_at
from pipeline.context import Context
from pipeline.couriers import couriers
from pipeline.disk import TREND_DAYS, days_left, disk_state
from pipeline.export import check_formats
from pipeline.health import outlet_healths
from pipeline.jobs import planned_jobs
from pipeline.models import open_tagger
from pipeline.opening import open_context
from storage.archive import left_open
from storage.database import reading
from storage.health import poll_history
from storage.job_runs import BAD, newest_tries
from storage.lock import is_writable
from storage.notices import disk_trend, unsent
from storage.runs import last_started
from storage.snapshot import check_snapshot

_GB = 1_000_000_000
_LITTLE = 2 * _GB
#: A machine that is so far off tells wrong days.
_OLD_BACKUP = timedelta(days=2)
_OLD_POLL = timedelta(days=2)
_BUILT_IN = datetime(2026, 1, 1, tzinfo=VIETNAM)


class Grade(StrEnum):
    """This says how bad a finding is."""

    OK = "ổn"
    WARNING = "lưu ý"
    BAD = "hỏng"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """This is one finding, with what to do where it is not well."""

    about: str
    grade: Grade
    said: str
    remedy: str = ""


def _ok(about: str, said: str) -> Finding:
    return Finding(about=about, grade=Grade.OK, said=said)


def _warn(about: str, said: str, remedy: str) -> Finding:
    return Finding(about=about, grade=Grade.WARNING, said=said, remedy=remedy)


def _bad(about: str, said: str, remedy: str) -> Finding:
    return Finding(about=about, grade=Grade.BAD, said=said, remedy=remedy)


def examine(
    read: Callable[[], Settings], home: Path, *, clock: Clock, thorough: bool = False
) -> Iterator[Finding]:
    """Look at everything, in the order in which a trouble explains those after it.

    A thorough look reads the whole database.
    """
    try:
        settings = read()
    except DiembaoError as error:
        yield _bad("cấu hình", str(error), "Sửa tệp cấu hình rồi chạy lại.")
        return
    try:
        check_formats(settings.schedule.export_formats)
    except DiembaoError as error:
        yield _bad("cấu hình", str(error), "Sửa export_formats ở mục [schedule].")
    else:
        yield _ok("cấu hình", "đọc được, không mục nào viết sai")
    yield from _permissions(settings, home)
    if not home.is_dir():
        return
    yield _clock(clock)
    yield _models(settings)
    try:
        context = open_context(settings, home, clock=clock)
    except DiembaoError as error:
        yield _disk(home, [])
        yield _bad("cơ sở dữ liệu", str(error), "Làm theo lời nhắn trên rồi chạy lại.")
        return
    yield _database(context, thorough=thorough)
    with reading(context.engine) as connection:
        yield _disk(home, disk_trend(connection, TREND_DAYS))
    yield _time_of_rows(context)
    yield _archive(context)
    yield from _sources(context)
    yield from _jobs(context)
    yield _backups(context)
    yield _notices(context)


def _permissions(settings: Settings, home: Path) -> Iterator[Finding]:
    if not home.is_dir():
        yield _bad("quyền", f"chưa có thư mục nhà {home}", "Chạy “diembao init”.")
        return
    if not is_writable(home):
        yield _bad(
            "quyền",
            f"không ghi được vào {home}",
            f"Cấp quyền ghi cho người chạy diembao: chown -R diembao {home}; "
            "nếu đĩa chỉ cho đọc hoặc đã đầy thì sửa đĩa trước.",
        )
    foreign = [path for path in home.rglob("*") if not os.access(path, os.R_OK)]
    if foreign:
        yield _bad(
            "quyền",
            f"không đọc được {foreign[0]} và {len(foreign) - 1} tệp khác",
            f"Có lẽ do từng chạy bằng người dùng khác: chown -R diembao {home}.",
        )
    else:
        yield _ok("quyền", f"đọc, ghi được {home}")
    secret = settings.notices.smtp_password_file
    if secret and Path(secret).exists() and Path(secret).stat().st_mode & (stat.S_IRWXO):
        yield _warn("quyền", f"mọi người đều đọc được {secret}", f"chmod 600 {secret}")


def _clock(clock: Clock) -> Finding:
    now = clock()
    if now < _BUILT_IN:
        return _bad(
            "giờ máy", f"máy cho là {minute(now)}", "Bật đồng bộ giờ: timedatectl set-ntp true."
        )
    offset = ZoneInfo("Asia/Ho_Chi_Minh").utcoffset(now.replace(tzinfo=None))
    if offset != timedelta(hours=7):
        return _bad("giờ máy", "dữ liệu múi giờ bị sai", "Cài lại gói tzdata của hệ điều hành.")
    return _ok("giờ máy", f"{minute(now)}, giờ Việt Nam")


def _time_of_rows(context: Context) -> Finding:
    with reading(context.engine) as connection:
        newest = last_started(connection)
    if newest is not None and newest > context.clock() + timedelta(minutes=10):
        return _bad(
            "giờ máy",
            f"có lượt chạy ghi lúc {minute(newest)}, sau giờ máy hiện nay",
            "Giờ máy đang chậm hoặc từng bị nhanh: bật đồng bộ giờ (timedatectl set-ntp true).",
        )
    return _ok("giờ máy", "không lượt chạy nào ghi giờ tương lai")


def _models(settings: Settings) -> Finding:
    try:
        open_tagger(settings)
    except DiembaoError as error:
        return _bad("mô hình", str(error), "Sửa model_folder ở mục [tag], hoặc cài lại diembao.")
    return _ok("mô hình", "nạp được")


def _database(context: Context, *, thorough: bool) -> Finding:
    if context.engine.dialect.name != "sqlite":
        return _ok("cơ sở dữ liệu", "mở được, đúng phiên bản")
    path = Path(str(context.engine.url.database))
    size = f"{number(path.stat().st_size / _GB, 2)} GB"
    if not thorough:
        return _ok("cơ sở dữ liệu", f"mở được, đúng phiên bản, {size}")
    try:
        rows = check_snapshot(path)
    except DiembaoError as error:
        return _bad("cơ sở dữ liệu", str(error), "Phục hồi: diembao restore TỆP --replace.")
    return _ok("cơ sở dữ liệu", f"nguyên vẹn, {number(sum(rows.values()))} dòng, {size}")


def _disk(home: Path, trend: list[tuple[str, int]]) -> Finding:
    state = disk_state(home)
    said = f"còn {number(state.free / _GB, 1)} trên {number(state.total / _GB, 1)} GB"
    remedy = "Xem dọn được gì: diembao retention; chuyển bản sao lưu sang đĩa khác; hoặc thêm đĩa."
    left = days_left(trend)
    if left is not None:
        said += f", theo đà này đầy sau khoảng {number(left)} ngày"
    if state.free < _LITTLE:
        return _bad("đĩa", said, remedy)
    if left is not None and left < 30:
        return _warn("đĩa", said, remedy)
    return _ok("đĩa", said)


def _archive(context: Context) -> Finding:
    parts = left_open(context.archive_folder)
    if parts:
        return _ok("kho lưu trữ", f"{len(parts)} tệp đang ghi; lượt thu thập sau nhận tiếp")
    return _ok("kho lưu trữ", "không có tệp ghi dở; kiểm tra kỹ: diembao archive verify")


def _sources(context: Context) -> Iterator[Finding]:
    healths = outlet_healths(context)
    well = {SourceState.OK, SourceState.QUIET}
    new = [each for each in healths if each.state is SourceState.NEW]
    sick = [each for each in healths if each.state not in well and each not in new]
    if new:
        yield _warn(
            "nguồn tin", f"{len(new)} nơi chưa hỏi lần nào", "Chạy “diembao crawl” hoặc đợi lịch."
        )
    if sick:
        names = ", ".join(each.outlet_id for each in sick[:8])
        yield _warn(
            "nguồn tin",
            f"{len(sick)} trên {len(healths)} nơi không ổn: {names}{'…' if len(sick) > 8 else ''}",
            "Xem từng nơi và cách sửa: diembao outlets check.",
        )
    if count := len(healths) - len(new) - len(sick):
        yield _asked(context, f"{count} trên {len(healths)} nơi ổn")


def _asked(context: Context, said: str) -> Finding:
    """What is said of the sources, with when they were last asked: of old it says little."""
    now = context.clock()
    with reading(context.engine) as connection:
        histories = poll_history(connection, now - _OLD_POLL, now)
    at = max((each.last[0].at for each in histories.values() if each.last), default=None)
    if at is None:
        return _ok("nguồn tin", said)
    said = f"{said}, hỏi lần cuối lúc {minute(at)}"
    if now - at > _OLD_POLL:
        return _warn(
            "nguồn tin",
            f"{said}, {number((now - at).days)} ngày trước: nay ra sao là không rõ",
            "Chạy “diembao crawl”, hoặc xem lịch còn chạy không: systemctl status diembao.",
        )
    return _ok("nguồn tin", said)


def _jobs(context: Context) -> Iterator[Finding]:
    now = context.clock()
    with reading(context.engine) as connection:
        newest = newest_tries(connection)
    if not newest:
        yield _warn(
            "lịch", "chưa chạy lần nào", "Chạy “diembao schedule”, hoặc cài dịch vụ systemd."
        )
        return
    late = [
        job.name
        for job in planned_jobs(context.settings)
        if job.name not in newest
        or (newest[job.name].slot < job.slots.last(now) - timedelta(hours=1))
    ]
    if late:
        yield _bad(
            "lịch",
            f"không còn chạy: {', '.join(late)} đã lỡ lượt",
            "Xem dịch vụ còn chạy không: systemctl status diembao; chạy lại thì lượt lỡ được bù.",
        )
    for name, one in sorted(newest.items()):
        if one.state in BAD:
            yield _warn(
                "lịch",
                f"lượt cuối của {name} ({minute(one.slot)}) không xong: {one.error}",
                f"Sửa nguyên nhân rồi chạy: diembao schedule --once {name}.",
            )
    yield _ok("lịch", f"{sum(one.state == 'done' for one in newest.values())} việc vừa chạy xong")


def _backups(context: Context) -> Finding:
    configured = context.settings.backup.folder
    folder = Path(configured) if configured else context.home / "backups"
    found = backups(folder) if folder.is_dir() else []
    if not found:
        return _warn("sao lưu", f"chưa có bản nào trong {folder}", "Chạy “diembao backup”.")
    at = made_at(found[-1])
    if context.clock() - at > _OLD_BACKUP:
        return _warn(
            "sao lưu", f"bản cuối đã cũ: {minute(at)}", "Chạy “diembao backup”, xem vì sao lịch lỡ."
        )
    if folder.stat().st_dev == context.home.stat().st_dev:
        return _warn(
            "sao lưu",
            f"bản cuối {minute(at)}, nhưng nằm cùng đĩa với dữ liệu",
            "Đặt folder ở mục [backup] sang đĩa khác: hỏng đĩa thì mất cả hai.",
        )
    return _ok("sao lưu", f"{len(found)} bản, bản cuối {minute(at)}")


def _notices(context: Context) -> Finding:
    with reading(context.engine) as connection:
        waiting = unsent(connection)
    if not couriers(context.settings.notices):
        return _warn(
            "cảnh báo",
            "không gửi cho ai, chỉ ghi nhật ký",
            "Khai email_to và smtp_host, hoặc webhook_url, ở mục [notices].",
        )
    if waiting:
        return _bad(
            "cảnh báo",
            f"{len(waiting)} thư chưa gửi được",
            "Kiểm tra máy chủ thư ở mục [notices]; gửi thử: diembao doctor --send-test.",
        )
    return _ok("cảnh báo", "không thư nào còn chờ")
