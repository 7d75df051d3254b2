"""One writer: whoever changes the database holds the lock of its home folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import StorageError, os_reason


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Hold the writer's lock; raises `StorageError` naming the process that holds it.

    The lock belongs to the process: the system releases it however the process ends.
    """
    path = home / "writer.lock"
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
            raise StorageError(
                f"Một lượt diembao khác (tiến trình {stream.read().strip() or '?'}) đang ghi vào "
                f"{home}. Đợi lượt đó xong rồi chạy lại."
            ) from error
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
