"""Checking the archive: every record whole, as its sums, its index and the database say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawlers.archive_reading import read_archive
from crawlers.warc_records import WarcRecord, wrong_digest
from domain.errors import ArchiveError
from pipeline.context import Context
from storage.archive import left_open, segments
from storage.archive_index import (
    SUFFIX,
    IndexEntry,
    PageReference,
    archive_paths,
    index_path,
    make_index,
    pages_of,
    read_index,
)
from storage.database import reading

_RESTORE = "Chép lại tệp này từ bản sao lưu rồi kiểm tra lại; các bản ghi khác vẫn đọc được."
_BRING_BACK = "Chép lại tệp này từ bản sao lưu vào đúng chỗ rồi kiểm tra lại."
_SAME_DAY = "Phục hồi tệp này và cơ sở dữ liệu từ cùng một bản sao lưu."


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """This is one thing wrong with a file of the archive, in Vietnamese."""

    #: Bytes from the start of the file; None where the file as a whole is meant.
    offset: int | None
    problem: str
    advice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedFile:
    """This is what the check of one file found."""

    #: The file as the database names it, from the home folder on.
    path: str
    records: int
    #: Pages of the database whose bytes were looked up in it.
    pages: int
    faults: tuple[Fault, ...]
    #: Whether the index was missing and has been made.
    index_made: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verification:
    """This is what the check of the whole archive found."""

    files: tuple[CheckedFile, ...]
    #: Segments still being written, or left by a killed run: the next run takes them up.
    left_open: tuple[str, ...]
    #: Files outside the archive that the database names (replays): they are not looked at.
    outside: tuple[str, ...]

    @property
    def faults(self) -> int:
        """How many things are wrong."""
        return sum(len(file.faults) for file in self.files)


def verify(context: Context) -> Verification:
    """Read the whole archive and compare it with its indexes and the database.

    Nothing is changed but a missing index, which is made where its segment is without fault.
    """
    # What the database names is asked first: a segment that a crawl closes meanwhile is no gap.
    with reading(context.engine) as connection:
        named = archive_paths(connection)
    folder, home = context.archive_folder, context.home
    inside = f"{folder.relative_to(home).as_posix()}/"
    found = {path.relative_to(home).as_posix(): path for path in segments(folder)}
    indexed = {
        path.relative_to(home).as_posix().removesuffix(SUFFIX)
        for path in folder.glob(f"*.warc.gz{SUFFIX}")
    }
    ours = {path for path in named if path.startswith(inside)}
    files = []
    for number, shown in enumerate(all_paths := sorted({*found, *indexed, *ours})):
        context.progress("Kiểm tra kho lưu trữ", number, len(all_paths))
        with reading(context.engine) as connection:
            pages = pages_of(connection, shown)
        path = found.get(shown)
        files.append(_SegmentCheck(path, shown, pages).run() if path else _missing(shown, pages))
    context.progress("Kiểm tra kho lưu trữ", len(all_paths), len(all_paths))
    return Verification(
        files=tuple(files),
        left_open=tuple(path.relative_to(home).as_posix() for path in left_open(folder)),
        outside=tuple(sorted(named - ours)),
    )


def _missing(shown: str, pages: Sequence[PageReference]) -> CheckedFile:
    lost = f"; {len(pages)} trang trong cơ sở dữ liệu trỏ tới tệp này" if pages else ""
    fault = Fault(offset=None, problem=f"không còn tệp này{lost}", advice=_BRING_BACK)
    return CheckedFile(path=shown, records=0, pages=len(pages), faults=(fault,))


class _SegmentCheck:
    """This checks one segment in one reading; behind damage it goes on where the index says."""

    def __init__(self, path: Path, shown: str, pages: Sequence[PageReference]) -> None:
        self._path = path
        self._shown = shown
        self._pages = pages
        self._faults: list[Fault] = []
        #: Records read, as an index would have them: offset -> (length, address, digest).
        self._records: dict[int, tuple[int, str, str]] = {}
        self._bodies: dict[int, str] = {}
        self._damaged: set[int] = set()

    def run(self) -> CheckedFile:
        """Read it to its end and say what is wrong with it."""
        entries = self._index()
        self._walk(entries or [])
        if entries is not None:
            self._compare_index(entries)
        self._compare_pages()
        missing = not index_path(self._path).exists()
        if index_made := missing and not self._faults:
            make_index(self._path)
        return CheckedFile(
            path=self._shown,
            records=len(self._records),
            pages=len(self._pages),
            faults=tuple(self._faults),
            index_made=index_made,
        )

    def _index(self) -> list[IndexEntry] | None:
        try:
            return read_index(self._path)
        except ValueError:
            self._fault(None, "chỉ mục đi kèm không đọc được", self._renew_index())
            return None

    def _renew_index(self) -> str:
        return f"Xóa tệp {self._shown}{SUFFIX} rồi kiểm tra lại: chỉ mục được dựng lại."

    def _walk(self, entries: Sequence[IndexEntry]) -> None:
        size = self._path.stat().st_size
        start: int | None = 0
        while start is not None:
            records = read_archive(self._path, offset=start, on_record=self._take_record)
            try:
                for response in records:
                    self._bodies[response.offset] = response.sha256
            except ArchiveError as error:
                self._damaged.add(records.offset)
                self._fault(records.offset, str(error.__cause__ or error), _RESTORE)
                places = (entry.offset for entry in entries)
                later = (place for place in places if records.offset < place < size)
                start = next(later, None)
            else:
                start = None

    def _take_record(self, record: WarcRecord) -> None:
        head = record.head
        self._records[record.offset] = (
            record.end - record.offset,
            head.url.replace(" ", "%20"),
            head.field("WARC-Payload-Digest"),
        )
        if field := wrong_digest(record):
            self._fault(record.offset, f"nội dung của {head.url} không đúng {field}", _RESTORE)

    def _compare_index(self, entries: Sequence[IndexEntry]) -> None:
        told = {entry.offset: (entry.length, entry.url, entry.digest) for entry in entries}
        lost = sorted(told.keys() - self._records.keys() - self._damaged)
        if lost:
            self._fault(lost[0], f"thiếu {len(lost)} bản ghi có trong chỉ mục", _RESTORE)
        wrong = [place for place, said in self._records.items() if told.get(place) != said]
        # Where the file is damaged, its index is the witness and not the accused.
        if wrong and not self._damaged and not lost:
            self._fault(wrong[0], "chỉ mục không khớp với tệp", self._renew_index())

    def _compare_pages(self) -> None:
        gone = [page for page in self._pages if page.offset not in self._bodies]
        changed = [
            page
            for page in self._pages
            if self._bodies.get(page.offset, page.sha256) != page.sha256
        ]
        for pages, problem in (
            (gone, "trang trong cơ sở dữ liệu không còn bản ghi đọc được"),
            (changed, "trang có nội dung khác với khi được đọc vào cơ sở dữ liệu"),
        ):
            if pages:
                first = pages[0]
                said = f"{len(pages)} {problem}, đầu tiên là {first.url}"
                self._fault(first.offset, said, _SAME_DAY)

    def _fault(self, offset: int | None, problem: str, advice: str) -> None:
        self._faults.append(Fault(offset=offset, problem=problem, advice=advice))
