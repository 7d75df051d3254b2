"""One writer, one clock: whoever changes the database holds the lock of its home folder."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import StorageError, os_reason


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Hold the writer's lock; raises `StorageError` naming the process that holds it.

    The lock belongs to the process: the system releases it however the process ends.
    """
    busy = (
        "Một lượt diembao khác (tiến trình {pid}) đang ghi vào {home}. "
        "Đợi lượt đó xong rồi chạy lại."
    )
    with _held(home, "writer.lock", busy):
        yield


@contextmanager
def clock_lock(home: Path) -> Iterator[None]:
    """Hold the clock's lock: two clocks on one home would run every job twice."""
    busy = (
        "Lịch của {home} đang chạy ở tiến trình {pid}. Chỉ một lịch được chạy cho một thư mục nhà; "
        "dừng lịch kia trước, hoặc dùng “diembao schedule --once VIỆC”."
    )
    with _held(home, "clock.lock", busy):
        yield


@contextmanager
def alert_lock(home: Path) -> Iterator[None]:
    """Hold the lock of alerts: two at once would tell people the same thing twice."""
    busy = "Một lượt cảnh báo khác (tiến trình {pid}) đang chạy ở {home}. Đợi lượt đó xong."
    with _held(home, "alerts.lock", busy):
        yield


@contextmanager
def backup_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder of backups."""
    busy = "Một lượt sao lưu khác (tiến trình {pid}) đang ghi vào {home}. Đợi lượt đó xong."
    with _held(folder, ".backup.lock", busy):
        yield


@contextmanager
def _held(home: Path, name: str, busy: str) -> Iterator[None]:
    path = home / name
    try:
        stream = path.open("a+", encoding="ascii")
    except OSError as error:
        raise StorageError(
            f"Không ghi được {path}: {os_reason(error)}. Cấp quyền ghi cho thư mục {home}."
        ) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            pid = stream.read().strip() or "?"
            raise StorageError(busy.format(pid=pid, home=home)) from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def is_writable(home: Path) -> bool:
    """Whether a file of the home folder can be written now."""
    try:
        with tempfile.TemporaryFile(dir=home) as stream:
            stream.write(b"ok")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        return False
    return True
