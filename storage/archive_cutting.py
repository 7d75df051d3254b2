"""Single records cut out of archive files as they stand, byte for byte, in pieces."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from domain.errors import ArchiveError
from storage.archive_index import read_index

_PIECE: Final = 1 << 16
_GZIP: Final = 31
#: The head of a record is no longer than this.
_LONGEST_HEAD: Final = 1 << 16
_MAGIC: Final = b"\x1f\x8b"
_NOT_DIGITS = re.compile(r"\D")


def record_pieces(path: Path, offset: int) -> Iterator[bytes]:
    """The record at `offset` as one gzip member, whatever the file keeps it as.

    Raises `ArchiveError` where no whole record stands there.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            is_packed = file.read(2) == _MAGIC
            file.seek(offset)
            yield from _member(file, path, offset) if is_packed else _packed(file, path, offset)
    except (OSError, zlib.error) as error:
        raise _no_record(path, offset, str(error)) from error


def _member(file: BinaryIO, path: Path, offset: int) -> Iterator[bytes]:
    """A gzip member copied as it is; its own check sum is read on the way."""
    inflate = zlib.decompressobj(_GZIP)
    while not inflate.eof:
        piece = file.read(_PIECE)
        if not piece:
            raise _no_record(path, offset, "tệp hết giữa chừng")
        waiting = piece
        while waiting and not inflate.eof:
            inflate.decompress(waiting, _PIECE)
            waiting = inflate.unconsumed_tail
        yield piece[: len(piece) - len(inflate.unused_data)]


def _packed(file: BinaryIO, path: Path, offset: int) -> Iterator[bytes]:
    """A record of a plain file, packed in pieces."""
    head = _head(file, path, offset)
    length = int(_field(head, "Content-Length") or 0)
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    yield packer.compress(head)
    left = length + len(b"\r\n\r\n")
    while left > 0:
        piece = file.read(min(left, _PIECE))
        if not piece:
            raise _no_record(path, offset, "tệp hết giữa chừng")
        left -= len(piece)
        yield packer.compress(piece)
    yield packer.flush()


def _head(file: BinaryIO, path: Path, offset: int) -> bytes:
    lines: list[bytes] = []
    size = 0
    while size < _LONGEST_HEAD:
        line = file.readline(_LONGEST_HEAD)
        lines.append(line)
        size += len(line)
        if line in {b"\r\n", b"\n"}:
            return b"".join(lines)
        if not line:
            break
    raise _no_record(path, offset, "không có phần đầu của bản ghi WARC")


def earlier_record(path: Path, offset: int) -> int | None:
    """Where the body of a ``revisit`` stands in the same file; None for any other record.

    Raises `ArchiveError` where the file's index does not name it.
    """
    head = _read_head(path, offset)
    if _field(head, "WARC-Type") != "revisit":
        return None
    url = _field(head, "WARC-Refers-To-Target-URI")
    stamp = _NOT_DIGITS.sub("", _field(head, "WARC-Refers-To-Date"))[:14]
    for entry in read_index(path) or ():
        if (entry.url, entry.stamp) == (url, stamp) and entry.mime != "warc/revisit":
            return entry.offset
    raise _no_record(path, offset, "bản ghi trỏ về một bản ghi trước không tìm thấy")


def _read_head(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            if file.read(2) != _MAGIC:
                file.seek(offset)
                return _head(file, path, offset)
            file.seek(offset)
            with gzip.GzipFile(fileobj=file) as plain:
                return _head(plain, path, offset)  # type: ignore[arg-type]
    except (OSError, zlib.error, EOFError) as error:
        raise _no_record(path, offset, str(error)) from error


def _field(head: bytes, name: str) -> str:
    for line in head.decode("utf-8", errors="replace").splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() == name.lower():
            return value.strip()
    return ""


def _no_record(path: Path, offset: int, reason: str) -> ArchiveError:
    return ArchiveError(
        f"Không cắt được bản ghi ở byte {offset} của {path}: {reason}. Kiểm tra bằng diembao "
        "archive verify rồi chép lại tệp từ bản sao lưu."
    )
