"""Archives read back: the responses of a WARC file, in order, and where the damage is if any."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from crawlers.bodies import decoded_body
from crawlers.gzip_members import ByteSource, Damaged
from crawlers.revisits import EarlierBodies
from crawlers.warc_records import (
    RecordHead,
    WarcRecord,
    grouped,
    opened,
    pass_end,
    read_block,
    read_head,
    skip_block,
    split_http,
)
from domain.errors import ArchiveError
from domain.records import ArchiveRef, RawPage

Wanted = Callable[[str], bool]
#: The records whose blocks are looked into; what others hold is passed over.
_READ_KINDS = frozenset({"response", "revisit", "metadata"})
_FOREIGN = "foreign"


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
    #: Whether the archive says that the address gave what it had given before; the body is that of
    #: the earlier record.
    unchanged: bool = False

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
        self,
        path: Path,
        offset: int,
        *,
        on_note: Callable[[ArchivedNote], None] | None,
        on_record: Callable[[WarcRecord], None] | None,
        wanted: Wanted | None,
    ) -> None:
        self.path = path
        self._on_note = on_note
        self._on_record = on_record
        self._wanted = wanted
        #: Where redirects of wanted addresses lead: wanted too, on whatever host they are.
        self._followed: set[str] = set()
        self._earlier = EarlierBodies(path, offset)
        #: Records that are no HTTP response, by WARC-Type, or by what they lack; "foreign" are
        #: those of addresses not wanted.
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
        with opened(self.path, self.offset) as file:
            try:
                yield from self._read_records(ByteSource(file, self.offset))
            except (Damaged, OSError) as error:
                raise self._damage(str(error)) from error

    def _read_records(self, source: ByteSource) -> Generator[ArchivedResponse, None, None]:
        while not source.at_end():
            head = read_head(source)
            foreign = self._is_foreign(head)
            block = self._block(source, head, foreign)
            truncation = pass_end(source)
            self.records += 1
            record = WarcRecord(head=head, block=block, offset=self.offset, end=source.position)
            if self._on_record is not None:
                self._on_record(record)
            response = None if foreign else self._response(record)
            if response is not None:
                yield response
            if truncation is not None:
                raise truncation
            self.offset = record.end

    def _is_foreign(self, head: RecordHead) -> bool:
        """Whether a response is of no use to whoever reads; it is counted."""
        if self._wanted is None or not head.is_http:
            return False
        if head.url in self._followed or self._wanted(head.url):
            return False
        self._earlier.add(head, self.offset)
        self.skipped[_FOREIGN] += 1
        return True

    def _block(self, source: ByteSource, head: RecordHead, foreign: bool) -> bytes | None:
        if self._on_record is None and (foreign or head.kind not in _READ_KINDS):
            if not (foreign and source.skip_member()):
                skip_block(source, head)
            return None
        return read_block(source, head)

    def _response(self, record: WarcRecord) -> ArchivedResponse | None:
        head = record.head
        if head.kind == "metadata" and record.block is not None:
            self._note(head, record.block)
        http, sent = self._http(record)
        fetched_at = _moment(head.date)
        if http is None or fetched_at is None:
            return None
        raw = self._sent(record, http.headers, sent)
        if raw is None:
            self.skipped["revisit"] += 1
            return None
        fields, sent = raw
        body, fault = decoded_body(sent, fields)
        status = int(http.get_statuscode())
        location = _location(head.url, http.get_header("Location")) if 300 <= status < 400 else ""
        if location and self._wanted is not None:
            self._followed.add(location)
        return ArchivedResponse(
            url=head.url,
            fetched_at=fetched_at,
            status=status,
            content_type=http.get_header("Content-Type") or "",
            body=body,
            offset=record.offset,
            sha256=hashlib.sha256(body).hexdigest(),
            location=location,
            fault=_cut(head) or fault,
            unchanged=head.kind == "revisit",
        )

    def _http(self, record: WarcRecord) -> tuple[Any, bytes]:
        """The HTTP head of a response and what follows it; None, and counted, where it is none."""
        head, block = record.head, record.block
        http, sent = split_http(block) if head.is_http and block is not None else (None, b"")
        if not head.is_http:
            self.skipped[head.kind or "không rõ loại"] += 1
        elif block is None:
            self.skipped["response quá lớn"] += 1
        elif http is None:
            self.skipped["response thiếu HTTP"] += 1
        elif _moment(head.date) is None:
            self.skipped["response thiếu ngày"] += 1
        return http, sent

    def _sent(self, record: WarcRecord, fields: Any, sent: bytes) -> tuple[Any, bytes] | None:
        """A body as sent with the fields that say how it is coded: a revisit's stand earlier."""
        if record.head.kind == "revisit":
            return self._earlier.find(record.head)
        self._earlier.add(record.head, record.offset)
        return fields, sent

    def _note(self, head: RecordHead, block: bytes) -> None:
        noted_at = _moment(head.date)
        if self._on_note is None or noted_at is None:
            return
        self._on_note(
            ArchivedNote(
                url=head.url,
                noted_at=noted_at,
                content_type=head.field("Content-Type"),
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
            f"Tệp lưu trữ {self.path} hỏng ở byte {grouped(self.offset)}: {reason}. "
            f"Đã đọc được {grouped(self.records)} bản ghi. Chép hoặc tải lại tệp rồi chạy lại; "
            "phần đã đọc không bị nhập hai lần."
        )


def read_archive(
    path: Path,
    *,
    offset: int = 0,
    on_note: Callable[[ArchivedNote], None] | None = None,
    on_record: Callable[[WarcRecord], None] | None = None,
    wanted: Wanted | None = None,
) -> ArchiveReading:
    """The HTTP responses of a WARC file (plain or gzip), from the record at `offset` on.

    `on_note` is given each ``metadata`` record met on the way, in its place among the responses;
    `on_record` every record, with its block. Responses of addresses that are not `wanted` are
    passed over without being held or, where the next record is in sight, inflated: damage within
    them may go unseen.

    Raises `ArchiveError` where the file is missing or no WARC; where it is damaged or cut, the
    same error comes after everything that stands before the damage.
    """
    return ArchiveReading(path, offset, on_note=on_note, on_record=on_record, wanted=wanted)


def _moment(written: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _location(url: str, written: str | None) -> str:
    return urljoin(url, written.strip()) if written else ""


def _cut(head: RecordHead) -> str:
    """What is said of a body that the archive itself cut."""
    reason = head.field("WARC-Truncated")
    return f"kho lưu trữ chỉ giữ một phần trang (WARC-Truncated: {reason})" if reason else ""
