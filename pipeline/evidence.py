"""The evidence pack: what a report is made of, with the archived pages, and proof that it is whole.

A pack is a zip. Pages go into it one after the other: a year's take no more memory than a day's.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from domain.agencies import AgencyRegister
from domain.errors import ArchiveError
from domain.figures import MonthReport
from domain.periods import Period
from pipeline.context import Context
from pipeline.files import write_whole
from pipeline.measure import month_report
from reports.articles import article_code
from reports.csv import inert
from reports.formats import FORMATS
from reports.names import file_name
from reports.vietnamese import local
from storage.archive_cutting import earlier_record, record_pieces
from storage.database import reading
from storage.evidence import CapturePlace, capture_places
from storage.runs import record_export

FORMAT: Final = "diembao-evidence-1"
MANIFEST: Final = "manifest.json"
ITEMS: Final = "danh-muc.csv"
CAPTURES: Final = "ban-chup.csv"
PAGES: Final = "trang-luu.warc.gz"
FIGURES: Final = "so-lieu.json"
README: Final = "DOC-TRUOC.txt"
#: The kind under which a pack stands in the table of exports.
KIND: Final = "evidence"
#: Column of `CAPTURES`.
CODE, WHERE, LENGTH, DIGEST, NOTE = (
    "Mã bài",
    "Vị trí trong trang-luu.warc.gz",
    "Số byte",
    "SHA-256 nội dung trang",
    "Ghi chú",
)
_CAPTURE_HEADINGS: Final = (CODE, "Địa chỉ trang", "Thời gian chụp", WHERE, LENGTH, DIGEST, NOTE)
_NO_CAPTURE: Final = "không có bản chụp: bài nhập từ tệp hoặc nhập tay"
_WORDS: Final = """\
GÓI TÀI LIỆU KIỂM CHỨNG

{title}
Dữ liệu đọc đến {made}. Gói không ghi giờ lập: cùng dữ liệu thì gói giống nhau từng byte.

danh-muc.csv        danh mục tin, bài: cơ quan báo chí, thời gian, địa chỉ, thể loại, lĩnh vực,
                    cơ quan, gốc hay đăng lại, mã băm của bản chụp
ban-chup.csv        bản chụp của từng bài nằm ở byte nào của tệp trang-luu.warc.gz
trang-luu.warc.gz   các trang như báo đã trả về (chuẩn WARC, mở được bằng mọi phần mềm đọc WARC)
so-lieu.json        số liệu, định nghĩa, phiên bản
manifest.json       mã SHA-256 của từng tệp

Kiểm tra: diembao evidence verify TỆP.zip. Không có chương trình: giải nén rồi so mã băm từng tệp
(lệnh sha256sum, hoặc Get-FileHash của Windows) với manifest.json.

Bản quyền các trang thuộc cơ quan báo chí; gói chỉ dùng để kiểm chứng.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """This is a pack that was made."""

    path: Path
    #: SHA-256 of the zip: whoever has it can tell that nothing in the pack was exchanged.
    sha256: str
    report: MonthReport
    #: Archived records in it, and the articles whose record could not be had, with the reason.
    pages: int
    missing: tuple[tuple[str, str], ...]
    #: The pack of an earlier day with other content, which was left as it is; None: there is none.
    earlier: Path | None = None


def make_pack(
    context: Context,
    register: AgencyRegister,
    period: Period,
    folder: Path,
    *,
    agency: str | None = None,
) -> Pack:
    """Write the pack of a period; it appears whole or not at all.

    A pack that is there with other content stays: its code may stand in a letter already.
    """
    report = month_report(context, register, period, agency=agency)
    made_at = report.generated_at
    # The time in the pack is that of its data, so equal data gives equal bytes.
    report = replace(report, generated_at=_read_until(report))
    with reading(context.engine) as connection:
        places = capture_places(connection, [row.article_id for row in report.rows])
    path = folder / f"kiem-chung_{file_name(report, 'zip')}"
    writing = _Writing(context, report, places)
    aside = path.with_name(f".{path.name}.new")
    digest = write_whole(aside, writing.write)
    path, earlier = _put_beside(aside, path, digest)
    with context.engine.begin() as connection:
        record_export(
            connection,
            kind=KIND,
            period=period.title,
            scope=report.figures.scope,
            path=str(path),
            sha256=digest,
            rows=len(report.rows),
            versions=dict(report.versions),
            made_at=made_at,
        )
    return Pack(
        path=path,
        earlier=earlier,
        sha256=digest,
        report=report,
        pages=writing.pages,
        missing=tuple(writing.missing),
    )


def _read_until(report: MonthReport) -> datetime:
    """When the newest article of the report was first seen; the end of the period without one."""
    seen = [row.first_seen_at for row in report.rows]
    return max(seen, default=report.figures.period.bounds()[1])


def _put_beside(aside: Path, path: Path, digest: str) -> tuple[Path, Path | None]:
    """Give a pack its name, a numbered one where another pack has it; and the last such pack."""
    earlier: Path | None = None
    for number in count(1):
        name = path if number == 1 else path.with_stem(f"{path.stem}_lan-{number}")
        if name.exists():
            with name.open("rb") as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                    earlier = name
                    continue
        aside.replace(name)
        return name, earlier
    raise AssertionError("unreachable")


@dataclass(slots=True)
class _File:
    """This is a file of the pack as it is written: its bytes are counted and hashed."""

    stream: IO[bytes]
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.digest.update(data)
        return self.stream.write(data)

    def flush(self) -> None:
        self.stream.flush()

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    @property
    def closed(self) -> bool:
        return False


class _Writing:
    """This writes one pack."""

    def __init__(
        self, context: Context, report: MonthReport, places: dict[int, CapturePlace]
    ) -> None:
        self._context = context
        self._report = report
        self._places = places
        self._files: list[dict[str, object]] = []
        #: (archive file, offset) -> (offset in the pack, bytes), of every record written.
        self._written: dict[tuple[str, int], tuple[int, int]] = {}
        self.missing: list[tuple[str, str]] = []

    @property
    def pages(self) -> int:
        """How many records the pack holds."""
        return len(self._written)

    def write(self, stream: BinaryIO) -> None:
        """Write the zip: the manifest comes last, when everything else is known."""
        with ZipFile(stream, "w") as pack:
            self._add(pack, README, self._words)
            self._add(pack, ITEMS, lambda out: FORMATS["csv"](self._report, out))
            self._add(pack, FIGURES, lambda out: FORMATS["json"](self._report, out))
            captures = io.StringIO(newline="")
            self._add(pack, PAGES, lambda out: self._cut(out, captures))
            self._add(pack, CAPTURES, lambda out: _put(out, captures))
            with _entry(pack, MANIFEST, self._report.generated_at) as out:
                out.write(self._manifest())

    def _add(self, pack: ZipFile, name: str, write: Callable[[BinaryIO], None]) -> None:
        with _entry(pack, name, self._report.generated_at) as stream:
            out = _File(stream)
            write(cast(BinaryIO, out))
        self._files.append({"name": name, "bytes": out.size, "sha256": out.digest.hexdigest()})

    def _words(self, out: BinaryIO) -> None:
        made = f"{local(self._report.generated_at):%d/%m/%Y %H:%M}"
        out.write(_WORDS.format(title=self._report.title, made=made).encode("utf-8-sig"))

    def _cut(self, out: BinaryIO, captures: io.StringIO) -> None:
        table = csv.writer(captures, lineterminator="\r\n")
        table.writerow(_CAPTURE_HEADINGS)
        counted = cast(_File, out)
        rows = self._report.rows
        for done, row in enumerate(rows, start=1):
            place = self._places.get(row.article_id)
            if place is None:
                self._miss(table, article_code(row), row.url, _NO_CAPTURE)
                continue
            try:
                at, size = self._record(counted, place.archive_path, place.archive_offset)
            except ArchiveError as error:
                self._miss(table, article_code(row), place.url, str(error))
                continue
            when = local(place.fetched_at).isoformat()
            table.writerow((article_code(row), inert(place.url), when, at, size, place.sha256, ""))
            self._context.progress("Chép trang lưu", done, len(rows))

    def _record(self, out: _File, archive: str, offset: int) -> tuple[int, int]:
        """Where a record stands in the pack: written now, with the one it refers to before it."""
        if (archive, offset) not in self._written:
            path = self._path(archive)
            earlier = earlier_record(path, offset)
            if earlier is not None:
                self._record(out, archive, earlier)
            # A record that cannot be read to its end must leave nothing in the pack.
            pieces = list(record_pieces(path, offset))
            start = out.size
            for piece in pieces:
                out.write(piece)
            self._written[archive, offset] = (start, out.size - start)
        return self._written[archive, offset]

    def _path(self, archive: str) -> Path:
        """The project's own archive is named from the home folder, a replayed file as it was."""
        own = self._context.home / archive
        return own if own.exists() else Path(archive)

    def _miss(self, table: Any, code: str, url: str, reason: str) -> None:
        self.missing.append((code, reason))
        table.writerow((code, inert(url), "", "", "", "", inert(reason)))

    def _manifest(self) -> bytes:
        report = self._report
        period = report.figures.period
        said = {
            "format": FORMAT,
            "title": report.title,
            "scope": {"agency": report.figures.agency, "name": report.figures.scope},
            "from": period.start.isoformat(),
            "to": period.end.isoformat(),
            "data_until": local(report.generated_at).isoformat(),
            "versions": dict(report.versions),
            "items": len(report.rows),
            "pages": self.pages,
            "items_without_page": len(self.missing),
            "files": self._files,
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


@contextmanager
def _entry(pack: ZipFile, name: str, made: datetime) -> Iterator[IO[bytes]]:
    """A file of the zip; its time is that of the report, so equal input gives equal bytes."""
    info = ZipInfo(name, local(made).timetuple()[:6])
    # Archived records are packed already.
    info.compress_type = ZIP_STORED if name == PAGES else ZIP_DEFLATED
    with pack.open(info, "w", force_zip64=True) as stream:
        yield stream


def _put(out: BinaryIO, text: io.StringIO) -> None:
    out.write(text.getvalue().encode("utf-8-sig"))


def listed(pack: Pack) -> Sequence[str]:
    """The articles whose page is not in the pack, in words."""
    return [f"{code}: {reason}" for code, reason in pack.missing]
