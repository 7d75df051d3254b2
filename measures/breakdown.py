"""Table 1: placements of the press by area, form and kind of item, originals and reprints apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from domain.breakdown import Breakdown, BreakdownLine, Split
from domain.codes import FORMS, UNKNOWN, Area, Level, Media
from domain.records import ArticleRow
from measures.placements import is_press

#: Kinds of item beside plain text, in the order of the table.
ITEMS: Final = (Media.VIDEO, Media.PHOTO, Media.INFOGRAPHIC)
#: A reportage is one only where its outlet says so: as the section, or before a colon in the title.
REPORTAGE: Final = "phong_su"
_REPORTAGE = re.compile(r"phóng sự", re.IGNORECASE)
_Codes = Callable[[ArticleRow], Iterable[str]]


def break_down(rows: Sequence[ArticleRow], before: Sequence[ArticleRow] | None = None) -> Breakdown:
    """The table of relevant placements in scope; `before` are those of the period before."""
    press = [row for row in rows if is_press(row)]
    past = None if before is None else [row for row in before if is_press(row)]
    return Breakdown(
        all=_lines(press, past, ("",), lambda row: ("",))[0],
        by_area=_lines(press, past, (*Area, ""), lambda row: row.areas or ("",)),
        by_form=_lines(press, past, (*FORMS, UNKNOWN), lambda row: (row.form,)),
        by_item=_lines(press, past, (*ITEMS, REPORTAGE), items_of),
    )


def items_of(row: ArticleRow) -> list[str]:
    """The kinds of item that an article is, as its outlet says; none for plain text.

    Phóng sự chỉ tính khi tòa soạn ghi vậy ở chuyên mục hoặc trước dấu hai chấm của tít.
    """
    label, colon, _ = row.headline.partition(":")
    found = [row.media] if row.media in ITEMS else []
    if _REPORTAGE.search(row.section) or (colon and _REPORTAGE.search(label)):
        found.append(REPORTAGE)
    return found


def _lines(
    rows: Sequence[ArticleRow],
    before: Sequence[ArticleRow] | None,
    codes: Iterable[str],
    codes_of: _Codes,
) -> tuple[BreakdownLine, ...]:
    now: Counter[tuple[str, bool, Level]] = Counter(
        (code, row.is_original, row.outlet_level) for row in rows for code in codes_of(row)
    )
    past = Counter(code for row in before or () for code in codes_of(row))
    return tuple(
        BreakdownLine(
            code=code,
            split=Split(
                original_national=now[code, True, Level.NATIONAL],
                original_local=now[code, True, Level.PROVINCIAL],
                reprint_national=now[code, False, Level.NATIONAL],
                reprint_local=now[code, False, Level.PROVINCIAL],
            ),
            before=None if before is None else past[code],
        )
        for code in codes
    )
