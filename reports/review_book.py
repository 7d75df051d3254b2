"""The review queue as a workbook: one row an article, drop-downs for every tag, instructions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, BinaryIO, Final

from domain.codes import (
    AREA_NAMES,
    ASPECT_NAMES,
    AUDIENCE_NAMES,
    FORM_NAMES,
    TONE_NAMES,
    Area,
    Role,
)
from domain.review import REASON_NAMES, ReviewRow, Verdict, said_by
from reports.book import Book, Clipped, Heading, Link, Moment, Share, Styled, Value

YES: Final = "Có"
NO: Final = "Không"
RIGHT: Final = "Đúng"
CHANGED: Final = "Đã sửa"
#: Between the names of agencies in one cell.
JOINT: Final = "; "

DECISION: Final = "Quyết định"
RELEVANT: Final = "Liên quan"
FOCUS: Final = "Cơ quan chủ thể"
MENTION: Final = "Cơ quan được nhắc"
NOTE: Final = "Ghi chú"
NUMBER: Final = "Mã bài"
MACHINE: Final = "Nhãn của máy"
#: Name of the code, by code, by field.
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "form": FORM_NAMES,
    "tone": TONE_NAMES,
    "audience": AUDIENCE_NAMES,
    "aspect": ASPECT_NAMES,
}
CHOICE_HEADINGS: Final = {
    "form": "Thể loại",
    "tone": "Sắc thái",
    "audience": "Đối tượng",
    "aspect": "Khía cạnh",
}
#: The sheet that holds the values of the drop-downs.
_CODES: Final = "Giá trị nhãn"
_HEADINGS: Final = (
    Heading(DECISION, 12),
    Heading("Tít", 44),
    Heading("Sapo", 60),
    Heading("Báo", 18),
    Heading("Ngày đăng", 17),
    Heading("Địa chỉ", 30),
    Heading("Lý do", 18),
    Heading(RELEVANT, 10),
    *(Heading(AREA_NAMES[area], 13) for area in Area),
    Heading(FOCUS, 30),
    Heading(MENTION, 30),
    *(Heading(heading, 16) for heading in CHOICE_HEADINGS.values()),
    Heading(NOTE, 26),
    Heading("Mức liên quan", 10),
    Heading("Căn cứ của máy", 60),
    Heading("Phần đầu bài", 40),
    Heading(MACHINE, 12, is_folded=True),
    Heading(NUMBER, 19),
)
_COLUMN: Final = {heading.text: column for column, heading in enumerate(_HEADINGS)}

_INSTRUCTIONS: Final = (
    "Mỗi dòng của trang “Duyệt” là một bài. Các ô nhãn đã điền sẵn theo máy.",
    f"Máy đúng: chọn “{RIGHT}” ở cột “{DECISION}”. Xác nhận cũng quý như sửa, nhất là ở các dòng "
    "kiểm tra ngẫu nhiên: từ đó mới tính được máy đúng bao nhiêu phần.",
    f"Máy sai: sửa ngay ô sai (bấm vào ô để chọn trong danh sách), rồi chọn “{CHANGED}”. Quên chọn "
    "cũng được: ô đã sửa là đã quyết định.",
    "Chưa xem hoặc không chắc: để trống. Dòng để trống ở lại hàng đợi.",
    f"“{RELEVANT}” = “{NO}” thì các lĩnh vực được bỏ, không cần xóa từng ô.",
    "Cơ quan: ghi tên hoặc mã trong trang “Cơ quan”, cách nhau bằng dấu chấm phẩy. Chủ thể là cơ "
    "quan mà việc cải cách, trách nhiệm hoặc kết quả của họ là tin chính; còn lại là được nhắc.",
    "Tỉnh chỉ được nêu như nơi chốn thì không phải cơ quan. Nguồn tin, ảnh không phải cơ quan.",
    f"Không xóa, không sửa hai cột “{NUMBER}” và “{MACHINE}”. Thêm, bớt, sắp xếp dòng đều được.",
    "Lưu tệp dạng .xlsx rồi chạy: diembao review import TỆP.xlsx",
)


def write(
    rows: Sequence[ReviewRow],
    names: Callable[[str, datetime], str],
    agencies: Sequence[tuple[str, str]],
    stream: BinaryIO,
    *,
    created: datetime,
) -> None:
    """Write the queue; `names` gives an agency's name on a day, `agencies` all ids and names."""
    title = "Hàng đợi duyệt nhãn"
    with Book(stream, title=title, created=created) as book:
        sheet = book.sheet("Duyệt", print_title=title)
        sheet.widths(_HEADINGS)
        first, last = sheet.table(_HEADINGS, (_row(row, names) for row in rows), is_main=True)
        if rows:
            _add_choices(sheet.raw, first, last)
        guide = book.sheet("Hướng dẫn", print_title=title)
        guide.widths((Heading("", 120),))
        guide.line("Cách duyệt", "title")
        for text in _INSTRUCTIONS:
            guide.line(f"– {text}", "wrapped")
        _write_codes(book, title)
        listed = book.sheet("Cơ quan", print_title=title)
        headings = (Heading("Tên", 60), Heading("Mã", 24))
        listed.widths(headings)
        listed.table(headings, [(name, agency) for agency, name in agencies], is_main=True)


def _row(row: ReviewRow, names: Callable[[str, datetime], str]) -> Sequence[Value]:
    said = said_by(row.finding)

    def named(role: Role) -> str:
        return JOINT.join(names(i, row.at) for i, given in said.agencies.items() if given is role)

    return (
        Styled("", "strong"),
        row.headline,
        row.description,
        row.outlet_name,
        Moment(row.at),
        Link(row.url),
        ", ".join(REASON_NAMES[reason] for reason in row.reasons),
        YES if said.relevant else NO,
        *(YES if area in said.areas else NO for area in Area),
        named(Role.FOCUS),
        named(Role.MENTION),
        *(CHOICES[field][getattr(said, field)] for field in CHOICE_HEADINGS),
        "",
        Share(row.finding.relevance),
        _evidence(row, names),
        Clipped(row.opening),
        Clipped(as_text(said)),
        str(row.article_id),
    )


def as_text(said: Verdict) -> str:
    """The machine's tags as they stand in their column."""
    return json.dumps(said.as_json(), ensure_ascii=False, separators=(",", ":"))


def _evidence(row: ReviewRow, names: Callable[[str, datetime], str]) -> str:
    """The words that made each tag, a tag a line."""
    made = [
        (AREA_NAMES[Area(area)], [each.words for each in found])
        for area, found in row.finding.evidence.items()
    ]
    made += [
        (names(tag.id, row.at), [each.words for each in tag.evidence])
        for tag in row.finding.agencies
    ]
    return "\n".join(f"{name}: {', '.join(dict.fromkeys(words))}" for name, words in made if words)


def _add_choices(raw: Any, first: int, last: int) -> None:
    sources: dict[str, list[str] | str] = {DECISION: [RIGHT, CHANGED], RELEVANT: [YES, NO]}
    sources |= {AREA_NAMES[area]: [YES, NO] for area in Area}
    for column, (field, heading) in enumerate(CHOICE_HEADINGS.items()):
        letter = "ABCD"[column]
        sources[heading] = f"='{_CODES}'!${letter}$2:${letter}${len(CHOICES[field]) + 1}"
    for heading, source in sources.items():
        column = _COLUMN[heading]
        raw.data_validation(
            first, column, last, column,
            {
                "validate": "list", "source": source, "error_title": "Không có trong danh sách",
                "error_message": "Chọn một giá trị trong danh sách.",
            },
        )  # fmt: skip


def _write_codes(book: Book, title: str) -> None:
    """The values of the drop-downs: a list inside a cell would break at the commas of names."""
    sheet = book.sheet(_CODES, print_title=title)
    headings = tuple(Heading(heading, 26) for heading in CHOICE_HEADINGS.values())
    sheet.widths(headings)
    columns = [list(CHOICES[field].values()) for field in CHOICE_HEADINGS]
    sheet.table(headings, zip_longest(*columns, fillvalue=""), is_main=True)
