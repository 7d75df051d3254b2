"""A gzip file read member by member, where damage is an error and never a silent end."""

from __future__ import annotations

import zlib
from typing import BinaryIO

#: Bytes read from disk at a time, and the longest line that is waited for.
_BLOCK = 64 * 1024
_LONGEST_LINE = 64 * 1024
MAGIC = b"\x1f\x8b"


class Damaged(Exception):
    """The bytes do not decompress, or their sum is wrong."""


class Truncated(Damaged):
    """The file ends in the middle of something."""


class ByteSource:
    """This reads a file's bytes, inflating where they are gzip; it knows where it stands.

    `read` and `readline` are what a record parser asks for. `position` is the offset, in the file
    as it lies on disk, of the next byte (plain) or of the next member's start (gzip, between two
    members).
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._raw = b""
        self._at = offset
        self._text = bytearray()
        self._inflate: zlib._Decompress | None = None
        file.seek(offset)
        self.compressed = self._peek(2) == MAGIC

    @property
    def position(self) -> int:
        """Where the next unread byte lies on disk."""
        return self._at if self.compressed else self._at - len(self._text)

    def at_end(self) -> bool:
        """Whether nothing is left to read."""
        return not self._text and self._inflate is None and not self._peek(1)

    def read(self, length: int) -> bytes:
        """At most `length` bytes, fewer only at the end of the file."""
        while len(self._text) < length and self._fill():
            pass
        return self._take(length)

    def readline(self, length: int | None = None) -> bytes:
        """One line with its end, or what is left; a line without end is cut at `_LONGEST_LINE`."""
        limit = _LONGEST_LINE if length is None else length
        while (end := self._text.find(b"\n")) < 0 and len(self._text) < limit and self._fill():
            pass
        return self._take(limit if end < 0 else min(end + 1, limit))

    def skip_line_ends(self) -> int:
        """Pass the line ends that close a record, within its gzip member; how many bytes."""
        skipped = 0
        while self._text or (not self._between_members() and self._fill()):
            # A block may hold the end of the compressed data alone, and so give no text.
            if self._text and self._text[0] not in b"\r\n":
                break
            skipped += len(self._take(1))
        return skipped

    def _between_members(self) -> bool:
        return self.compressed and self._inflate is None

    def _take(self, length: int) -> bytes:
        taken = bytes(self._text[:length])
        del self._text[:length]
        return taken

    def _peek(self, length: int) -> bytes:
        if len(self._raw) < length:
            self._raw += self._file.read(_BLOCK)
        return self._raw[:length]

    def _fill(self) -> bool:
        """Add to the text; False where no more comes."""
        block = self._peek(1) and self._raw
        if not block:
            if self._inflate is not None:
                raise Truncated("tệp dừng giữa một bản ghi nén")
            return False
        self._raw = b""
        if not self.compressed:
            self._at += len(block)
            self._text += block
            return True
        return self._inflate_block(block)

    def _inflate_block(self, block: bytes) -> bool:
        if self._inflate is None:
            self._inflate = zlib.decompressobj(wbits=31)
        try:
            self._text += self._inflate.decompress(block)
        except zlib.error as error:
            raise Damaged(f"dữ liệu nén hỏng ({error})") from error
        left = self._inflate.unused_data
        self._raw = left
        self._at += len(block) - len(left)
        if self._inflate.eof:
            self._inflate = None
        return True
