"""Records of a WARC file, one by one: where each lies, what it holds, whether its sums agree."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawlers.gzip_members import ByteSource, Damaged, Truncated
from domain.errors import ArchiveError, os_reason

#: The largest block of one record that is held in memory.
_MAX_RECORD = 256 * 1024 * 1024
_RECORD_END = b"\r\n\r\n"
_BODY_START = b"\r\n\r\n"
_SUMS = ("sha1", "sha256", "md5")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordHead:
    """This is the head of a WARC record: its named fields, before its block is read."""

    headers: Any
    length: int

    @property
    def kind(self) -> str:
        """WARC-Type, "" where the record has none."""
        return self.field("WARC-Type")

    @property
    def url(self) -> str:
        """WARC-Target-URI, "" where the record has none."""
        return self.field("WARC-Target-URI").strip("<>")

    @property
    def date(self) -> str:
        """WARC-Date as written."""
        return self.field("WARC-Date")

    @property
    def is_http(self) -> bool:
        """Whether the record speaks of an answer of a web server."""
        return self.kind in {"response", "revisit"} and self.url.startswith(("http://", "https://"))

    def field(self, name: str) -> str:
        """A field's value as written, "" where there is none."""
        return self.headers.get_header(name) or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WarcRecord:
    """This is one record as it lies in a file."""

    head: RecordHead
    #: What follows the head; None where it was passed over or is too large to hold.
    block: bytes | None
    #: Bytes from the start of the file to the record, and to what follows it.
    offset: int
    end: int


def opened(path: Path, offset: int) -> BinaryIO:
    """The file, open; raises `ArchiveError` where it is missing, empty or ends before `offset`."""
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except FileNotFoundError as error:
        raise ArchiveError(f"Không có tệp lưu trữ {path}. Kiểm tra lại đường dẫn.") from error
    except OSError as error:
        raise ArchiveError(f"Không mở được tệp lưu trữ {path}: {os_reason(error)}.") from error
    if not size or offset > size:
        file.close()
        what = "rỗng" if not size else f"ngắn hơn byte {grouped(offset)} đã đọc tới lần trước"
        raise ArchiveError(f"Tệp lưu trữ {path} {what}. Chép hoặc tải lại tệp rồi chạy lại.")
    return file


def read_head(source: ByteSource) -> RecordHead:
    """The head of the next record; its block is what `source` gives next."""
    try:
        record = ArcWarcRecordLoader(verify_http=False).parse_record_stream(
            source, known_format="warc", no_record_parse=True
        )
    except (ArchiveLoadFailed, EOFError, UnicodeDecodeError) as error:
        raise Damaged("không thấy đầu bản ghi WARC ở chỗ phải có") from error
    headers = record.rec_headers
    return RecordHead(headers=headers, length=_length(headers.get_header("Content-Length")))


def read_block(source: ByteSource, head: RecordHead) -> bytes | None:
    """The block after a head; None for one too large to hold, which is passed over."""
    if head.length > _MAX_RECORD:
        skip_block(source, head)
        return None
    block = source.read(head.length)
    _check_whole(head.length - len(block))
    return block


def skip_block(source: ByteSource, head: RecordHead) -> None:
    """Pass over the block after a head, keeping nothing of it."""
    _check_whole(head.length - source.skip(head.length))


def _check_whole(missing: int) -> None:
    if missing:
        raise Truncated(f"tệp dừng giữa một bản ghi, thiếu {grouped(missing)} byte")


def _length(written: str | None) -> int:
    if written is None or not written.strip().isdecimal():
        raise Damaged("đầu bản ghi WARC không có Content-Length đúng")
    return int(written)


def pass_end(source: ByteSource) -> Truncated | None:
    """Pass the record's end; a record whose content is whole but whose end is cut is still read."""
    try:
        ends = source.skip_line_ends()
    except Truncated as cut:
        return cut
    if ends < len(_RECORD_END) and not source.compressed and source.at_end():
        return Truncated("tệp dừng ngay cuối một bản ghi")
    return None


def split_http(block: bytes) -> tuple[Any, bytes]:
    """The HTTP head, None where there is none, and the body as it was sent."""
    stream = BytesIO(block)
    try:
        head = StatusAndHeadersParser([], verify=False).parse(stream)
    except (StatusAndHeadersParserException, EOFError, UnicodeDecodeError):
        return None, b""
    is_http = head.protocol.startswith("HTTP/") and head.get_statuscode().isdecimal()
    return (head if is_http else None), stream.read()


def wrong_digest(record: WarcRecord) -> str:
    """The name of the first digest field that does not agree with the content, "" if none."""
    block, head = record.block, record.head
    if block is None:
        return ""
    if not _agrees(head.field("WARC-Block-Digest"), block):
        return "WARC-Block-Digest"
    # The payload of a revisit stands in another record.
    if head.kind == "revisit":
        return ""
    payload = block.partition(_BODY_START)[2] if head.is_http else block
    said = head.field("WARC-Payload-Digest")
    if _agrees(said, payload) or _agrees(said, _joined(payload)):
        return ""
    return "WARC-Payload-Digest"


def _joined(payload: bytes) -> bytes:
    """The payload without chunks: some archives take the digest so."""
    try:
        return bytes(ChunkedDataReader(BytesIO(payload), raise_exceptions=True).read())
    except ChunkedDataException:
        return payload


def _agrees(said: str, content: bytes) -> bool:
    """Whether content has the digest that is said of it (sha1:BASE32, sha256:hex); no word, yes."""
    name, _, value = said.partition(":")
    name = name.lower().replace("-", "")
    if name not in _SUMS or not value:
        return True
    digest = hashlib.new(name, content, usedforsecurity=False).digest()
    written = value.strip().lower()
    return written in {digest.hex(), base64.b32encode(digest).decode().lower()}


def grouped(number: int) -> str:
    """A number as Vietnamese writes it.

    >>> grouped(1234567)
    '1.234.567'
    """
    return f"{number:,}".replace(",", ".")
