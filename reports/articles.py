"""The list of articles: one row for a placement, the same columns in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.codes import (
    AREA_NAMES,
    ASPECT_NAMES,
    AUDIENCE_NAMES,
    CONTENT_NAMES,
    FORM_NAMES,
    OUTLET_KIND_NAMES,
    TONE_NAMES,
    DatePrecision,
)
from domain.records import ArticleRow

PRECISION_NAMES: Final = {
    DatePrecision.SECOND: "đến giây",
    DatePrecision.MINUTE: "đến phút",
    DatePrecision.DAY: "đến ngày",
    DatePrecision.MONTH: "đến tháng",
    DatePrecision.UNKNOWN: "không rõ, lấy giờ thu thập",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """This is one text column of the list."""

    heading: str
    #: Width in characters, where the format has widths.
    width: float
    text: Callable[[ArticleRow, Mapping[str, str]], str]


def names_of(agencies: Iterable[str], names: Mapping[str, str]) -> str:
    """The official names of agencies, the id where a name is not known."""
    return "; ".join(names.get(agency, agency) for agency in agencies)


def story_code(row: ArticleRow) -> str:
    """The story's id as text: a spreadsheet keeps only 15 digits of a number."""
    return f"C{row.story_id}"


def article_code(row: ArticleRow) -> str:
    """The article's id as text."""
    return f"B{row.article_id}"


def _outlet(row: ArticleRow, _: Mapping[str, str]) -> str:
    return row.outlet_name


def _kind(row: ArticleRow, _: Mapping[str, str]) -> str:
    return OUTLET_KIND_NAMES[row.outlet_kind]


def _focus(row: ArticleRow, names: Mapping[str, str]) -> str:
    return names_of(row.focus, names)


def _mention(row: ArticleRow, names: Mapping[str, str]) -> str:
    return names_of(row.mention, names)


def _areas(row: ArticleRow, _: Mapping[str, str]) -> str:
    return "; ".join(AREA_NAMES[area] for area in row.areas)


def _original(row: ArticleRow, _: Mapping[str, str]) -> str:
    if row.portal_text_id is not None:
        return "nguyên văn cổng"
    return "gốc" if row.is_original else "đăng lại"


def _labels(row: ArticleRow, _: Mapping[str, str]) -> str:
    said = "người sửa" if row.corrected else "máy gắn"
    return f"{said}, bài nhập tay" if row.origin == "manual" else said


#: What a printed list shows between the time and the address.
PRINTED: Final = (
    Column(heading="Cơ quan báo chí", width=18, text=_outlet),
    Column(heading="Loại hình", width=15, text=_kind),
    Column(heading="Tít", width=48, text=lambda row, _: row.headline),
    Column(heading="Cơ quan là chủ thể", width=24, text=_focus),
    Column(heading="Lĩnh vực", width=22, text=_areas),
    Column(heading="Thể loại", width=11, text=lambda row, _: FORM_NAMES[row.form]),
    Column(heading="Sắc thái", width=11, text=lambda row, _: TONE_NAMES[row.tone]),
    Column(heading="Gốc/đăng lại", width=10, text=_original),
)
#: What else is known of a placement.
DETAILS: Final = (
    Column(heading="Sapo", width=60, text=lambda row, _: row.description),
    Column(heading="Chuyên mục", width=18, text=lambda row, _: row.section),
    Column(heading="Cơ quan được nhắc", width=28, text=_mention),
    Column(heading="Đối tượng", width=15, text=lambda row, _: AUDIENCE_NAMES[row.audience]),
    Column(heading="Khía cạnh", width=18, text=lambda row, _: ASPECT_NAMES[row.aspect]),
    Column(heading="Đã đọc", width=16, text=lambda row, _: CONTENT_NAMES[row.content]),
    Column(heading="Nhãn", width=11, text=_labels),
)
