"""The archive: responses as they came, in WARC segments that appear under their name when whole.

A segment is written as ``….warc.gz.part`` and renamed when closed. What no response could tell
(a name that does not resolve, a refusal by robots.txt) is kept as a ``metadata`` record, so that
the database can be made anew from the archive alone.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from domain.clock import Clock

PART = ".part"
OUTCOME_TYPE = "application/vnd.diembao.outcome+json"


class SegmentWriter:
    """This writes responses and outcomes into segments of one folder."""

    def __init__(self, folder: Path, *, max_bytes: int, clock: Clock) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._stream: IO[bytes] | None = None
        self._writer: WARCWriter | None = None
        self._path: Path | None = None

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
        http = StatusAndHeaders(str(status), list(headers), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": _warc_date(fetched_at)},
        )
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
    ) -> None:
        """Archive why there is no response."""
        writer = self._open()
        said = {
            "source_kind": source_kind,
            "outlet_id": outlet_id,
            "outcome": outcome,
            "detail": detail,
        }
        record = writer.create_warc_record(
            url,
            "metadata",
            payload=io.BytesIO(json.dumps(said, ensure_ascii=False).encode()),
            warc_content_type=OUTCOME_TYPE,
            warc_headers_dict={"WARC-Date": _warc_date(at)},
        )
        self._put(record)

    def close(self) -> None:
        """Close the segment and give it its name."""
        if self._stream is None or self._path is None:
            return
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._path.rename(self._path.with_name(self._path.name.removesuffix(PART)))
        self._stream = self._writer = self._path = None

    def _open(self) -> WARCWriter:
        if self._writer is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._free_path()
            self._stream = self._path.open("xb")
            self._writer = WARCWriter(self._stream, gzip=True, warc_version="1.1")
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
        self._writer.write_record(record)
        # The writer puts the block into a temporary file to take its digest, and leaves it open.
        record.raw_stream.close()
        if self._stream.tell() >= self._max_bytes:
            self.close()


def segments(folder: Path) -> list[Path]:
    """The whole segments of the archive, oldest first."""
    return sorted(folder.glob("*.warc.gz"))


def left_open(folder: Path) -> list[Path]:
    """Segments whose writer was killed, oldest first."""
    return sorted(folder.glob(f"*.warc.gz{PART}"))


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
    return name


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
