"""The archive: responses as they came, in WARC segments that appear under their name when whole.

A segment is written as ``….warc.gz.part`` and renamed when closed; its index is laid beside it.
What no response could tell (a name that does not resolve, a refusal by robots.txt) is kept as a
``metadata`` record, so that the database can be made anew from the archive alone. A body that an
address gave already, in the same segment, is not kept twice: its record is a ``revisit`` that says
where the body stands.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from isal import isal_zlib
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from domain.clock import Clock
from storage.archive_index import IndexEntry, entry_of, make_index, write_index

PART = ".part"
OUTCOME_TYPE = "application/vnd.diembao.outcome+json"
#: A quarter of the time of zlib's level 4 for a fourteenth more bytes, measured on real pages.
_LEVEL = 3
_GZIP = 31


class _Members:
    """This is a stream in which whatever is written between two flushes becomes one gzip member."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)

    def write(self, data: bytes) -> None:
        self._out.write(self._deflate.compress(data))

    def flush(self) -> None:
        """End the member: the writer flushes once, at the end of a record."""
        self._out.write(self._deflate.flush())
        self._out.flush()
        self._deflate = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP)


class SegmentWriter:
    """This writes responses and outcomes into segments of one folder."""

    def __init__(self, folder: Path, *, max_bytes: int, clock: Clock) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._stream: IO[bytes] | None = None
        self._writer: WARCWriter | None = None
        self._path: Path | None = None
        self._entries: list[IndexEntry] = []
        #: Address -> (payload digest, WARC-Date) of its last body in the open segment.
        self._bodies: dict[str, tuple[str, str]] = {}

    def write_response(
        self,
        *,
        url: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        fetched_at: datetime,
    ) -> None:
        """Archive one response."""
        writer = self._open()
        date = _warc_date(fetched_at)
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            # With the length known, nothing is put aside in temporary files for the digests.
            length=len(body),
            http_headers=_http(status, headers),
            warc_headers_dict={"WARC-Date": date},
        )
        digest = record.rec_headers.get_header("WARC-Payload-Digest")
        held, held_since = self._bodies.get(url, ("", ""))
        if status == 200 and digest == held:
            record = writer.create_revisit_record(
                url,
                digest,
                url,
                held_since,
                http_headers=_http(status, headers),
                warc_headers_dict={"WARC-Date": date},
            )
        elif status == 200 and body:
            self._bodies[url] = (digest, date)
        self._put(record)

    def write_outcome(
        self,
        *,
        url: str,
        source_kind: str,
        outlet_id: str,
        outcome: str,
        detail: str,
        at: datetime,
        retry_after: datetime | None = None,
    ) -> None:
        """Archive why there is no response, and until when the site asks to be left alone."""
        writer = self._open()
        said = {
            "source_kind": source_kind,
            "outlet_id": outlet_id,
            "outcome": outcome,
            "detail": detail,
        }
        if retry_after is not None:
            said["retry_after"] = retry_after.isoformat()
        block = json.dumps(said, ensure_ascii=False).encode()
        record = writer.create_warc_record(
            url,
            "metadata",
            payload=io.BytesIO(block),
            length=len(block),
            warc_content_type=OUTCOME_TYPE,
            warc_headers_dict={"WARC-Date": _warc_date(at)},
        )
        self._put(record)

    def close(self) -> None:
        """Close the segment, give it its name and lay its index beside it."""
        if self._stream is None or self._path is None:
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        whole = self._path.rename(self._path.with_name(self._path.name.removesuffix(PART)))
        write_index(whole, self._entries)
        self._stream = self._writer = self._path = None
        self._entries, self._bodies = [], {}

    def _open(self) -> WARCWriter:
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._free_path()
            self._stream = self._path.open("xb")
            self._writer = WARCWriter(_Members(self._stream), gzip=False, warc_version="1.1")
        return self._writer

    def _free_path(self) -> Path:
        stamp = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%S")
        for number in range(10_000):
            path = self._folder / f"diembao-{stamp}-{number:04d}.warc.gz{PART}"
            if not path.exists() and not path.with_name(path.name.removesuffix(PART)).exists():
                return path
        raise FileExistsError(f"no free name for a segment in {self._folder}")

    def _put(self, record: ArcWarcRecord) -> None:
        assert self._writer is not None and self._stream is not None
        offset = self._stream.tell()
        try:
            self._writer.write_record(record)
        except BaseException:
            self._leave_open()
            raise
        self._entries.append(entry_of(record, offset, self._stream.tell() - offset))
        if self._stream.tell() >= self._max_bytes:
            self.close()

    def _leave_open(self) -> None:
        """A record was not written whole: leave the segment as a killed writer would.

        It never gets its name with half a record in it; what is whole of it is adopted.
        """
        assert self._stream is not None
        with suppress(OSError):  # the disk's complaint is being raised already
            self._stream.close()
        self._stream = self._writer = self._path = None
        self._entries, self._bodies = [], {}


def segments(folder: Path) -> list[Path]:
    """The whole segments of the archive, the parts of its workers included, oldest first."""
    return sorted(folder.glob("**/*.warc.gz"), key=lambda path: (path.name, path))


def left_open(folder: Path) -> list[Path]:
    """Segments whose writer was killed, oldest first."""
    return sorted(folder.glob(f"*.warc.gz{PART}"))


def all_left_open(folder: Path) -> list[Path]:
    """The same, those of its workers included."""
    return sorted(folder.glob(f"**/*.warc.gz{PART}"), key=lambda path: (path.name, path))


def adopt(part: Path, *, whole_bytes: int) -> Path | None:
    """Keep what is whole of a segment left open; None (and no file) where nothing is.

    `whole_bytes` is where the last whole record ends.
    """
    if whole_bytes == 0:
        part.unlink()
        return None
    os.truncate(part, whole_bytes)
    name = part.with_name(part.name.removesuffix(PART))
    part.rename(name)
    make_index(name)
    return name


def _http(status: int, headers: Sequence[tuple[str, str]]) -> StatusAndHeaders:
    return StatusAndHeaders(str(status), list(headers), protocol="HTTP/1.1")


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
