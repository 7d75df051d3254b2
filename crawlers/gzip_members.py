"""A gzip file read member by member, where damage is an error and never a silent end."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from isal import isal_zlib

#: Bytes read from disk at a time, and the longest line that is waited for.
_BLOCK = 64 * 1024
_LONGEST_LINE = 64 * 1024
#: The stubs of the package take the class for an instance of it.
_BROKEN = cast(type[Exception], isal_zlib.IsalError)
MAGIC = b"\x1f\x8b"
_MEMBER = MAGIC + b"\x08"
_RECORD = b"WARC/"
#: Compressed bytes that show whether a member holds a record, and how far one is looked for.
_SAMPLE = 1024
_FURTHEST = 16 * 1024 * 1024
#: Text inflated for the sake of a line: the head of a record, and little of its block.
_LINES = 8 * 1024


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
        self._inflate: Any | None = None
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

    def skip(self, length: int) -> int:
        """Pass over at most `length` bytes without holding them; how many there were."""
        left = length
        while left and (self._text or self._fill()):
            passed = min(left, len(self._text))
            del self._text[:passed]
            left -= passed
        return length - left

    def skip_member(self) -> bool:
        """Pass over the rest of a gzip member without inflating it; its sum is not looked at.

        False, and nothing is passed, where no next record is in sight: at the end of a file, or in
        a file that is not compressed record by record.
        """
        begin = 0
        while self._inflate is not None:
            found = self._raw.find(_MEMBER, begin)
            if 0 <= found <= len(self._raw) - _SAMPLE:
                if _holds_record(self._raw[found : found + _SAMPLE]):
                    self._at += found
                    self._raw = self._raw[found:]
                    self._text.clear()
                    self._inflate = None
                    return True
                begin = found + 1
                continue
            begin = found if found >= 0 else max(0, len(self._raw) - len(_MEMBER) + 1)
            more = self._file.read(_BLOCK) if len(self._raw) < _FURTHEST else b""
            if not more:
                return False
            self._raw += more
        return False

    def readline(self, length: int | None = None) -> bytes:
        """One line with its end, or what is left; a line without end is cut at `_LONGEST_LINE`."""
        limit = _LONGEST_LINE if length is None else length
        while (
            (end := self._text.find(b"\n")) < 0 and len(self._text) < limit and self._fill(_LINES)
        ):
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
        if length >= len(self._text):
            taken = bytes(self._text)
            self._text.clear()
            return taken
        with memoryview(self._text) as text:
            taken = bytes(text[:length])
        del self._text[:length]
        return taken

    def _peek(self, length: int) -> bytes:
        if len(self._raw) < length:
            self._raw += self._file.read(_BLOCK)
        return self._raw[:length]

    def _fill(self, most: int = 0) -> bool:
        """Add to the text, at most so many bytes (0: as come); False where no more comes."""
        block = self._peek(1) and self._raw
        if not block and self._inflate is None:
            return False
        self._raw = b""
        if not self.compressed:
            self._at += len(block)
            self._text += block
            return True
        return self._inflate_block(block, most)

    def _inflate_block(self, block: bytes, most: int) -> bool:
        if self._inflate is None:
            self._inflate = isal_zlib.decompressobj(wbits=31)
        try:
            text = self._inflate.decompress(block, most)
        except _BROKEN as error:
            raise Damaged(f"dữ liệu nén hỏng ({error})") from error
        # Without a block, this was what the last one still held back.
        if not (block or text or self._inflate.eof):
            raise Truncated("tệp dừng giữa một bản ghi nén")
        self._text += text
        left = self._inflate.unused_data or self._inflate.unconsumed_tail
        self._raw = left
        self._at += len(block) - len(left)
        if self._inflate.eof:
            self._inflate = None
        return True


def _holds_record(sample: bytes) -> bool:
    try:
        text = isal_zlib.decompressobj(wbits=31).decompress(sample, len(_RECORD))
    except _BROKEN:
        return False
    return text == _RECORD
