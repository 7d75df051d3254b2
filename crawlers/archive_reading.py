"""Archives read back: the responses of a WARC file, in order, and where the damage is if any."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from crawlers.bodies import decoded_body
from crawlers.gzip_members import ByteSource, Damaged, Truncated
from domain.errors import ArchiveError, os_reason
from domain.records import ArchiveRef, RawPage

#: The largest block of one record that is held in memory.
_MAX_RECORD = 256 * 1024 * 1024
_PIECE = 1024 * 1024
_RECORD_END = b"\r\n\r\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedResponse:
    """This is one HTTP response as archived, its body decoded."""

    url: str
    #: The record's WARC-Date, aware.
    fetched_at: datetime
    status: int
    content_type: str
    body: bytes
    #: Bytes from the start of the file to the start of the record.
    offset: int
    #: SHA-256 of the body, in hexadecimal.
    sha256: str
    #: Where a redirect leads, absolute; "" where the response is none.
    location: str = ""
    #: Why the body is not what the site meant to send, in Vietnamese; "" where it is whole.
    fault: str = ""

    def as_page(self, path: str) -> RawPage:
        """The page that readers take; `path` names the archive file in its reference."""
        return RawPage(
            url=self.url,
            status=self.status,
            content_type=self.content_type,
            body=self.body,
            fetched_at=self.fetched_at,
            archive=ArchiveRef(path=path, offset=self.offset, sha256=self.sha256),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedNote:
    """This is a ``metadata`` record: what was noted of an address that gave no response."""

    url: str
    #: The record's WARC-Date, aware.
    noted_at: datetime
    content_type: str
    block: bytes
    #: Bytes from the start of the file to the start of the record.
    offset: int


class ArchiveReading(Iterator[ArchivedResponse]):
    """This gives the responses of one WARC file, and says what else it passed."""

    def __init__(
        self, path: Path, offset: int, on_note: Callable[[ArchivedNote], None] | None
    ) -> None:
        self.path = path
        self._on_note = on_note
        #: Records that are no HTTP response, by WARC-Type, or by what they lack.
        self.skipped: Counter[str] = Counter()
        #: Records read whole, of any type.
        self.records = 0
        #: Where the next record starts: reading can be taken up again here.
        self.offset = offset
        self._responses = self._read()

    def __next__(self) -> ArchivedResponse:
        return next(self._responses)

    def close(self) -> None:
        """Let go of the file before its end."""
        self._responses.close()

    def _read(self) -> Generator[ArchivedResponse, None, None]:
        with _opened(self.path, self.offset) as file:
            try:
                yield from self._read_records(ByteSource(file, self.offset))
            except (Damaged, OSError) as error:
                raise self._damage(str(error)) from error

    def _read_records(self, source: ByteSource) -> Generator[ArchivedResponse, None, None]:
        loader = ArcWarcRecordLoader(verify_http=False)
        while not source.at_end():
            record, block = _next_record(loader, source)
            truncation = _finish(source)
            self.records += 1
            response = self._response(record, block)
            if response is not None:
                yield response
            if truncation is not None:
                raise truncation
            self.offset = source.position

    def _response(self, record: Any, block: bytes | None) -> ArchivedResponse | None:
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "metadata" and block is not None:
            self._note(record, url, block)
        if record.rec_type != "response" or not url.startswith(("http://", "https://")):
            self.skipped[record.rec_type or "không rõ loại"] += 1
            return None
        if block is None:
            self.skipped["response quá lớn"] += 1
            return None
        fetched_at = _moment(record.rec_headers.get_header("WARC-Date"))
        head, raw_body = _split_http(block)
        if fetched_at is None or head is None:
            self.skipped["response thiếu ngày" if head else "response thiếu HTTP"] += 1
            return None
        body, fault = decoded_body(raw_body, head.headers)
        status = int(head.get_statuscode())
        return ArchivedResponse(
            url=url,
            fetched_at=fetched_at,
            status=status,
            content_type=head.get_header("Content-Type") or "",
            body=body,
            offset=self.offset,
            sha256=hashlib.sha256(body).hexdigest(),
            location=_location(url, head.get_header("Location")) if 300 <= status < 400 else "",
            fault=fault,
        )

    def _note(self, record: Any, url: str, block: bytes) -> None:
        noted_at = _moment(record.rec_headers.get_header("WARC-Date"))
        if self._on_note is None or noted_at is None:
            return
        self._on_note(
            ArchivedNote(
                url=url,
                noted_at=noted_at,
                content_type=record.rec_headers.get_header("Content-Type") or "",
                block=block,
                offset=self.offset,
            )
        )

    def _damage(self, reason: str) -> ArchiveError:
        if not self.records and not self.offset:
            return ArchiveError(
                f"{self.path} không phải tệp WARC đọc được: {reason}. "
                "Chỉ đúng tệp .warc hoặc .warc.gz rồi chạy lại."
            )
        return ArchiveError(
            f"Tệp lưu trữ {self.path} hỏng ở byte {_grouped(self.offset)}: {reason}. "
            f"Đã đọc được {_grouped(self.records)} bản ghi. Chép hoặc tải lại tệp rồi chạy lại; "
            "phần đã đọc không bị nhập hai lần."
        )


def read_archive(
    path: Path, *, offset: int = 0, on_note: Callable[[ArchivedNote], None] | None = None
) -> ArchiveReading:
    """The HTTP responses of a WARC file (plain or gzip), from the record at `offset` on.

    `on_note` is given each ``metadata`` record met on the way, in its place among the responses.

    Raises `ArchiveError` where the file is missing or no WARC; where it is damaged or cut, the
    same error comes after everything that stands before the damage.
    """
    return ArchiveReading(path, offset, on_note)


def _opened(path: Path, offset: int) -> BinaryIO:
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except FileNotFoundError as error:
        raise ArchiveError(f"Không có tệp lưu trữ {path}. Kiểm tra lại đường dẫn.") from error
    except OSError as error:
        raise ArchiveError(f"Không mở được tệp lưu trữ {path}: {os_reason(error)}.") from error
    if not size or offset > size:
        file.close()
        what = "rỗng" if not size else f"ngắn hơn byte {_grouped(offset)} đã đọc tới lần trước"
        raise ArchiveError(f"Tệp lưu trữ {path} {what}. Chép hoặc tải lại tệp rồi chạy lại.")
    return file


def _next_record(loader: Any, source: ByteSource) -> tuple[Any, bytes | None]:
    """The next record and its block; None for a block too large to hold."""
    try:
        record = loader.parse_record_stream(source, known_format="warc", no_record_parse=True)
    except (ArchiveLoadFailed, EOFError, UnicodeDecodeError) as error:
        raise Damaged("không thấy đầu bản ghi WARC ở chỗ phải có") from error
    length = _length(record.rec_headers.get_header("Content-Length"))
    too_large = length > _MAX_RECORD
    kept = []
    left = length
    while left:
        piece = record.raw_stream.read(min(left, _PIECE))
        if not piece:
            raise Truncated(f"tệp dừng giữa một bản ghi, thiếu {_grouped(left)} byte")
        left -= len(piece)
        if not too_large:
            kept.append(piece)
    return record, None if too_large else b"".join(kept)


def _length(written: str | None) -> int:
    if written is None or not written.strip().isdecimal():
        raise Damaged("đầu bản ghi WARC không có Content-Length đúng")
    return int(written)


def _finish(source: ByteSource) -> Truncated | None:
    """Pass the record's end; a record whose content is whole but whose end is cut is still read."""
    try:
        ends = source.skip_line_ends()
    except Truncated as cut:
        return cut
    if ends < len(_RECORD_END) and not source.compressed and source.at_end():
        return Truncated("tệp dừng ngay cuối một bản ghi")
    return None


def _moment(written: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _split_http(block: bytes) -> tuple[Any, bytes]:
    """The HTTP head, None where there is none, and the body as it was sent."""
    stream = BytesIO(block)
    try:
        head = StatusAndHeadersParser([], verify=False).parse(stream)
    except (StatusAndHeadersParserException, EOFError, UnicodeDecodeError):
        return None, b""
    is_http = head.protocol.startswith("HTTP/") and head.get_statuscode().isdecimal()
    return (head if is_http else None), stream.read()


def _location(url: str, written: str | None) -> str:
    return urljoin(url, written.strip()) if written else ""


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
