"""Files that appear under their name when whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from domain.errors import DiembaoError, os_reason


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> str:
    """Let `write` fill a file beside `path`, then give it its name; the SHA-256 of its bytes.

    Raises `DiembaoError` naming the file where the folder cannot be written or the disk is full.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        if part.exists():
            part.unlink()
        raise DiembaoError(
            f"Không ghi được {path}: {os_reason(error)}. "
            "Kiểm tra quyền ghi và dung lượng đĩa, hoặc chọn thư mục khác."
        ) from error
    except BaseException:
        # Whoever fills the file may fail for reasons of its own: nothing half made stays behind.
        part.unlink(missing_ok=True)
        raise
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
