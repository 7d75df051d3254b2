"""The index beside each whole segment (``….warc.gz.cdxj``), and what the database says of it.

One line a record, sorted: address, time in 14 digits, and JSON with the record's place. The key is
the address as it is, not reordered by host. An index holds nothing that its segment does not say:
it can be deleted, and is made anew by `make_index`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, union
from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from storage.tables import archives, pages

SUFFIX = ".cdxj"
_ASIDE = ".aside"
_NOT_DIGITS = re.compile(r"\D")
_REVISIT = "warc/revisit"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class IndexEntry:
    """This is one line of an index: where the record of an address lies in its segment."""

    url: str
    #: WARC-Date in 14 digits, UTC.
    stamp: str
    #: Bytes from the start of the segment to the record, and of the record as compressed.
    offset: int
    length: int
    #: HTTP status; "" where the record is no response.
    status: str
    digest: str
    mime: str

    def as_line(self) -> str:
        """The entry as it stands in the file."""
        place = {
            "offset": self.offset,
            "length": self.length,
            "status": self.status,
            "digest": self.digest,
            "mime": self.mime,
        }
        address = self.url.replace(" ", "%20")
        return f"{address} {self.stamp} {json.dumps(place, ensure_ascii=False)}\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReference:
    """This is what the database keeps of one archived page."""

    url: str
    offset: int
    sha256: str


def index_path(segment: Path) -> Path:
    """Where the index of a segment lies."""
    return segment.with_name(segment.name + SUFFIX)


def entry_of(record: ArcWarcRecord, offset: int, length: int) -> IndexEntry:
    """The line of a record that lies at `offset`."""
    headers, http = record.rec_headers, record.http_headers
    mime = (http or headers).get_header("Content-Type") or ""
    return IndexEntry(
        url=headers.get_header("WARC-Target-URI") or "",
        stamp=_NOT_DIGITS.sub("", headers.get_header("WARC-Date") or "")[:14],
        offset=offset,
        length=length,
        status=http.get_statuscode() if http else "",
        digest=headers.get_header("WARC-Payload-Digest") or "",
        mime=_REVISIT if record.rec_type == "revisit" else mime.partition(";")[0].strip(),
    )


def write_index(segment: Path, entries: Iterable[IndexEntry]) -> Path:
    """Write the index of a segment; it appears under its name when whole."""
    path = index_path(segment)
    aside = path.with_name(path.name + _ASIDE)
    with aside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(entry.as_line() for entry in sorted(entries))
    aside.replace(path)
    return path


def make_index(segment: Path) -> Path:
    """Read a whole segment and write its index."""
    entries = []
    with segment.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            # The length is known once the record has been read, and with it its last HTTP header.
            offset = records.get_record_offset()
            entries.append(entry_of(record, offset, records.get_record_length()))
    return write_index(segment, entries)


def read_index(segment: Path) -> list[IndexEntry] | None:
    """The index of a segment by place; None where there is none.

    Raises `ValueError` where the file is no index.
    """
    try:
        text = index_path(segment).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return sorted(map(_entry, text.splitlines()), key=lambda entry: entry.offset)


def _entry(line: str) -> IndexEntry:
    address, stamp, place = line.split(" ", 2)
    try:
        return IndexEntry(url=address, stamp=stamp, **json.loads(place))
    except TypeError as error:
        raise ValueError(f"not a line of an index: {line[:80]}") from error


def archive_paths(connection: Connection) -> set[str]:
    """Every archive file that the database names, as it names it."""
    named = union(select(pages.c.archive_path), select(archives.c.path))
    return set(connection.scalars(named)) - {""}


def pages_of(connection: Connection, archive_path: str) -> list[PageReference]:
    """The pages whose bytes lie in one archive file, by place."""
    rows = connection.execute(
        select(pages.c.url, pages.c.archive_offset, pages.c.sha256)
        .where(pages.c.archive_path == archive_path)
        .order_by(pages.c.archive_offset)
    )
    return [PageReference(url=url, offset=offset, sha256=sha) for url, offset, sha in rows]
