"""The head and the foot of the report: who, to whom, about what; number and date stay blank."""

from __future__ import annotations

import re
from typing import Any, Final

from domain.errors import UsageError
from domain.figures import MonthReport
from domain.validation import unknown
from reports.cells import printable
from reports.document.template import APPENDICES, BODY, FIELDS, RECIPIENTS
from reports.vietnamese import local
from reports.wording import REPORT_PAGE

FIELD: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_BLANK: Final = "……"


def _paragraphs(document: Any) -> list[Any]:
    cells = [
        paragraph
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    ]
    return [*document.paragraphs, *cells]


def fill_lines(document: Any, report: MonthReport) -> None:
    """Fill the fields of the template's own paragraphs; an unknown one is a `UsageError`."""
    told = lines(report)
    for paragraph in _paragraphs(document):
        named = FIELD.findall(paragraph.text)
        for field in named:
            if field not in FIELDS:
                raise UsageError(
                    f"Mẫu {REPORT_PAGE}: {unknown('trường', field, FIELDS)} "
                    f"Các trường: {', '.join(FIELDS)}."
                )
        if named and not set(named) & {BODY, APPENDICES}:
            _set_text(paragraph, FIELD.sub(lambda match: told[match[1]], paragraph.text))


def _set_text(paragraph: Any, text: str) -> None:
    """Set the text in the letter of its first run; Word may have split a field over several."""
    first, *rest = paragraph.runs
    first.text = text
    for run in rest:
        run._r.getparent().remove(run._r)


def lines(report: MonthReport) -> dict[str, str]:
    """The fields of head and foot, dots where nothing is told."""
    office = report.office
    recipients = [f"- {name};" for name in office.noi_nhan] or [f"- {_BLANK};"]
    if not any(name.startswith("Lưu") for name in office.noi_nhan):
        recipients.append("- Lưu: VT, …")
    sign = office.ky_hieu or f"BC-{_BLANK}"
    return {
        "co_quan_chu_quan": printable(office.co_quan_chu_quan.upper()) or _BLANK,
        "co_quan_ban_hanh": printable(office.co_quan_ban_hanh.upper()) or _BLANK,
        "ky_hieu": printable(sign),
        "dia_danh": printable(office.dia_danh) or _BLANK,
        "nam": f"{local(report.generated_at).year}",
        "trich_yeu": printable(_subject(report)),
        RECIPIENTS: printable("\n".join(recipients)),
    }


def _subject(report: MonthReport) -> str:
    return (
        "Tổng hợp thông tin báo chí về cải cách hành chính\n"
        f"{report.figures.scope}. {report.figures.period.title}"
    )
