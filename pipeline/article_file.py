"""A file of articles kept elsewhere -> articles on their way in, and what is wrong row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawlers.addresses import canonical_address, is_home
from crawlers.dates import FIRST_YEAR, TOLERANCE
from domain.clock import VIETNAM
from domain.codes import Content
from domain.outlets import Outlet, OutletBook
from domain.records import PublishedTime
from domain.text import clean, clean_paragraphs, fold_for_search
from domain.validation import unknown
from pipeline.row_files import Columns, FileRow, RowError, as_written, match_columns, read_rows
from pipeline.row_times import written_time
from storage.incoming import Incoming

NAMES: Mapping[str, Sequence[str]] = {
    "url": ("địa chỉ", "liên kết", "đường dẫn", "link", "canonicalUrl"),
    "headline": ("tít", "tiêu đề", "tên bài", "đầu đề", "title"),
    "description": ("sapo", "tóm tắt", "mô tả", "summary"),
    "body": ("nội dung", "toàn văn", "thân bài", "articleBody", "text", "content"),
    "published_at": (
        "ngày đăng", "ngày", "thời gian", "ngày giờ đăng", "giờ đăng", "datePublished", "date",
    ),
    "outlet": ("báo", "cơ quan báo chí", "nguồn", "tên báo", "source", "outlet_id"),
    "section": ("chuyên mục", "mục"),
    "authors": ("tác giả", "author"),
    "credit": ("ghi nguồn", "theo"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFile:
    """This is what a file of articles gave."""

    articles: tuple[Incoming, ...]
    errors: tuple[RowError, ...]
    unused: tuple[str, ...]
    #: Rows that tell an article once more, and which row tells it first.
    repeated: tuple[str, ...] = ()


def read_article_file(
    path: Path, outlets: OutletBook, *, outlet: str, told: Mapping[str, str], now: datetime
) -> ArticleFile:
    """Read a file of articles; a bad row leaves the others good.

    `outlet` is the id of the outlet of every row, "" where the file or the address says it.
    """
    rows = read_rows(path, NAMES, told)
    columns = match_columns(
        rows, NAMES, required=("url", "headline", "published_at"), told=told, where=path
    )
    names = OutletNames(outlets)
    articles: list[Incoming] = []
    errors: list[RowError] = []
    repeated: list[str] = []
    first: dict[str, int] = {}
    for row in rows:
        if row.fault:
            errors.append(RowError(number=row.number, column="", reason=row.fault))
            continue
        reading = _RowReading(row, columns)
        incoming = _incoming(reading, names, outlet, now)
        errors += reading.errors
        if incoming is None:
            continue
        if (told_in := first.setdefault(incoming.url, row.number)) == row.number:
            articles.append(incoming)
        else:
            repeated.append(
                f"Dòng {row.number}: trùng với dòng {told_in} (cùng địa chỉ bài); chỉ nhập dòng "
                f"{told_in}."
            )
    return ArticleFile(
        articles=tuple(articles),
        errors=tuple(errors),
        unused=columns.unused,
        repeated=tuple(repeated),
    )


class _RowReading:
    """This reads the fields of one row and keeps what is wrong with them."""

    def __init__(self, row: FileRow, columns: Columns) -> None:
        self._row = row
        self._columns = columns
        self.errors: list[RowError] = []

    def text(self, field: str) -> str:
        """A field as one line of clean text."""
        return clean(self._columns.text(self._row, field))

    def value(self, field: str) -> Any:
        """A field as the file gives it."""
        return self._columns.value(self._row, field)

    def refuse(self, field: str, reason: str) -> None:
        """Keep that a field cannot be used."""
        self.errors.append(self._columns.error(self._row, field, reason))


def _incoming(row: _RowReading, names: OutletNames, outlet: str, now: datetime) -> Incoming | None:
    headline = row.text("headline")
    if not headline:
        row.refuse("headline", "để trống")
    url = _url(row)
    published = _published(row, now)
    outlet_id = outlet
    if not outlet_id and url:
        try:
            outlet_id = names.find(row.text("outlet"), url)
        except ValueError as error:
            row.refuse("outlet" if row.text("outlet") else "url", str(error))
    if row.errors or published is None:
        return None
    body = clean_paragraphs(str(row.value("body") or ""))
    return Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=None,
        page_id=None,
        captured_at=now,
        content=Content.PAGE if body else Content.FEED,
        headline=headline,
        description=row.text("description"),
        body=body,
        section=row.text("section"),
        authors=tuple(_authors(row.value("authors"))),
        credit=row.text("credit"),
        extractor="import" if body else "",
        published=published,
    )


def _url(row: _RowReading) -> str:
    written = row.text("url")
    if not written:
        row.refuse("url", "để trống")
        return ""
    try:
        url = canonical_address(written)
    except ValueError as error:
        row.refuse("url", str(error))
        return ""
    if is_home(url):
        row.refuse("url", f"“{written}” là trang chủ, không phải một bài")
        return ""
    return url


def _published(row: _RowReading, now: datetime) -> PublishedTime | None:
    written = as_written(row.value("published_at"))
    if not written:
        row.refuse("published_at", "để trống: không rõ bài thuộc kỳ nào")
        return None
    try:
        at, precision = written_time(written)
    except ValueError as error:
        row.refuse("published_at", str(error))
        return None
    today = now.astimezone(VIETNAM).date()
    if at.date() > today or at > now + TOLERANCE:
        row.refuse("published_at", f"“{written}” ở tương lai. Ghi ngày bài đã đăng")
        return None
    if at.year < FIRST_YEAR:
        row.refuse("published_at", f"“{written}” trước khi có báo mạng. Ghi ngày bài đã đăng")
        return None
    return PublishedTime(at=at, raw=written, precision=precision)


def _authors(value: Any) -> Iterator[str]:
    parts = value if isinstance(value, list) else re.split(r"[;\n]", str(value or ""))
    for part in parts:
        if name := clean(str(part)):
            yield name


class OutletNames:
    """This finds an outlet by its id, its name or its host, as people write them."""

    def __init__(self, outlets: OutletBook) -> None:
        self._outlets = outlets
        self._named: dict[str, Outlet] = {}
        for outlet in outlets:
            for written in (outlet.id, outlet.name, *re.split(r"[()]", outlet.name)):
                self._named.setdefault(_bare(written), outlet)

    def find(self, written: str, url: str) -> str:
        """The id of the outlet written in the row, else of the one whose address it is.

        A `ValueError` says why there is none.
        """
        if not written:
            owner = self._outlets.of_address(url)
            if owner is None:
                raise ValueError(
                    f"không cơ quan báo chí nào đã khai báo có địa chỉ “{url}”. Thêm cột “báo”, "
                    "dùng --outlet, hoặc khai báo cơ quan báo chí đó trước"
                )
            return owner.id
        by_host = self._outlets.of_address(f"https://{written}/") if "." in written else None
        found = by_host or self._outlets.of_address(written) or self._named.get(_bare(written))
        if found is None:
            names = [outlet.name for outlet in self._outlets]
            raise ValueError(unknown("cơ quan báo chí", written, names).rstrip("."))
        return found.id


def _bare(name: str) -> str:
    return fold_for_search(name).removeprefix("bao ").removeprefix("dien tu ")
