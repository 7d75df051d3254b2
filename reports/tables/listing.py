"""Table 6 as paper holds it: the columns of the list of articles that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.figures import MonthReport
from domain.records import ArticleRow
from reports.articles import PRINTED
from reports.values import Count, Heading, Moment, Value

#: The columns that go on paper.
PRINTED_HEADINGS: Final = (
    Heading("STT", 6),
    Heading("Thời gian đăng", 17),
    Heading("Cơ quan báo chí", 20),
    Heading("Tít", 52),
    Heading("Cơ quan là chủ thể", 26),
    Heading("Lĩnh vực", 24),
    Heading("Gốc/đăng lại", 10),
)


def printed_row(n: int, row: ArticleRow, report: MonthReport) -> Sequence[Value]:
    """A placement in the columns that go on paper."""
    texts = {column.heading: column.text(row, report.figures.names) for column in PRINTED}
    return (
        Count(n),
        Moment(row.counted_at, row.date_precision),
        *(texts[heading.text] for heading in PRINTED_HEADINGS[2:]),
    )
