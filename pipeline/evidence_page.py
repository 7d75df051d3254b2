"""From one article to the archived page that it was read from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from crawlers.addresses import canonical_address
from crawlers.archive_reading import ArchivedResponse, read_archive
from domain.errors import ArchiveError, UsageError
from pipeline.context import Context
from storage.database import reading
from storage.evidence import CapturePlace, NamedArticle, article_named, capture_places

#: No number of an article has more digits.
_CODE = re.compile(r"[Bb]?([0-9]{1,16})")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedPage:
    """This is the page that an article was read from, as it lies in the archive."""

    article: NamedArticle
    place: CapturePlace
    response: ArchivedResponse

    @property
    def is_intact(self) -> bool:
        """This tells whether the page is byte for byte the one that was read."""
        return self.response.sha256 == self.place.sha256


def archived_page(context: Context, which: str) -> ArchivedPage:
    """The page of an article named by its code (``B123``), its number or its address.

    An article that is not there, or that no page was kept of, is a `UsageError`.
    """
    wanted = _wanted(which)
    with reading(context.engine) as connection:
        article = article_named(connection, wanted)
        places = capture_places(connection, [article.id] if article else [])
    if article is None:
        raise _unknown(which)
    place = places.get(article.id)
    if place is None or not place.archive_path:
        raise UsageError(
            f"Bài B{article.id} không có bản chụp: bài nhập từ tệp, nhập tay, hoặc bản chụp đã hết "
            "hạn lưu."
        )
    own = context.home / place.archive_path
    path = own if own.exists() else Path(place.archive_path)
    for response in read_archive(path, offset=place.archive_offset):
        return ArchivedPage(article=article, place=place, response=response)
    raise ArchiveError(
        f"Tệp lưu trữ {place.archive_path} không còn trang {place.url} ở chỗ đã ghi. Chạy diembao "
        "archive verify, rồi chép lại tệp từ bản sao lưu."
    )


def _wanted(which: str) -> int | str:
    """The number or the canonical address that was meant."""
    code = _CODE.fullmatch(which.strip())
    if code:
        return int(code[1])
    try:
        return canonical_address(which.strip())
    except ValueError as error:
        raise _unknown(which) from error


def _unknown(which: str) -> UsageError:
    return UsageError(
        f"Không có bài “{which[:200]}”. Chép mã bài (ví dụ B123) ở cột “Mã bài” của danh mục, hoặc "
        "địa chỉ bài."
    )
