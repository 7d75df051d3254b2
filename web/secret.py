"""The secret that signs cookies: made at the first start, kept in the home folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from domain.errors import StorageError, os_reason

_NAME: Final = "web.secret"
_BYTES: Final = 32


def read_secret(home: Path) -> bytes:
    """The installation's secret, made where there is none; only its owner may read it."""
    path = home / _NAME
    try:
        if not path.exists():
            # Written aside first: a reader never sees half of it, a second maker overwrites none.
            part = home / f"{_NAME}.{os.getpid()}"
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as out:
                out.write(secrets.token_bytes(_BYTES))
            try:
                os.link(part, path)
            except FileExistsError:
                pass  # another process was quicker: its secret holds
            finally:
                part.unlink()
        secret = path.read_bytes()
    except OSError as error:
        raise StorageError(
            f"Không đọc hoặc ghi được {path}: {os_reason(error)}. Cấp quyền cho thư mục {home}."
        ) from error
    if len(secret) < _BYTES:
        raise StorageError(
            f"Tệp {path} đã hỏng. Xóa tệp đó rồi chạy lại; mọi người sẽ phải đăng nhập lại."
        )
    return secret
