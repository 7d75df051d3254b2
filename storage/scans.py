"""Scans of printed articles, kept by the SHA-256 of their content and never by their own name."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Final

from domain.errors import UsageError

#: A scan is no larger.
MOST_SCAN_BYTES: Final = 20_000_000
#: How files begin that are taken, with the ending that they are kept under.
_BEGINNINGS: Final = {
    b"%PDF-": "pdf",
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
}
MEDIA_TYPES: Final = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
_NAME: Final = re.compile(r"[0-9a-f]{64}\.(?:pdf|png|jpg)")


def keep_scan(folder: Path, content: bytes) -> str:
    """Keep a scan once, however often it comes; the name it is kept under.

    What is no PDF, PNG or JPEG by its content, or too large, is a `UsageError`.
    """
    if len(content) > MOST_SCAN_BYTES:
        raise UsageError("Bản chụp lớn quá 20 MB. Quét lại ở độ phân giải thấp hơn.")
    ending = next((end for head, end in _BEGINNINGS.items() if content.startswith(head)), None)
    if ending is None:
        raise UsageError("Bản chụp phải là tệp PDF, PNG hoặc JPEG; tệp này không phải.")
    name = f"{hashlib.sha256(content).hexdigest()}.{ending}"
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder / f".{secrets.token_hex(8)}"
        with whole.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        whole.replace(path)
    return name


def scan_at(folder: Path, name: str) -> Path | None:
    """Where a scan of that name lies; None where there is none."""
    path = folder / name
    return path if _NAME.fullmatch(name) and path.is_file() else None
