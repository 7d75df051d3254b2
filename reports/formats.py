"""The formats of a period's report."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import BinaryIO, Final

from domain.errors import UsageError
from domain.figures import MonthReport
from domain.validation import unknown

Writer = Callable[[MonthReport, BinaryIO], None]


def _later(module: str) -> Writer:
    """The `write` of a module that is loaded when it is first called: some take a second."""

    def write(report: MonthReport, stream: BinaryIO) -> None:
        importlib.import_module(module).write(report, stream)

    return write


#: Format: how it is written. A new format is one module with a `write`, and one line here.
FORMATS: Final[dict[str, Writer]] = {
    "xlsx": _later("reports.xlsx"),
    "docx": _later("reports.document.report"),
    "csv": _later("reports.csv"),
    "json": _later("reports.json"),
    "parquet": _later("reports.parquet"),
}


def writer(name: str) -> Writer:
    """The writer of a format; an unknown one is a `UsageError` that lists those there are.

    >>> writer("csv") is FORMATS["csv"]
    True
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(
            f"{unknown('định dạng báo cáo', name, FORMATS)} "
            f"Các định dạng có sẵn: {', '.join(FORMATS)}."
        ) from None
