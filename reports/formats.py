"""The formats of a period's report."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Final

from domain.errors import UsageError
from domain.figures import MonthReport
from domain.validation import unknown
from reports import csv, json, xlsx

Writer = Callable[[MonthReport, BinaryIO], None]

#: Format: how it is written. A new format is one function and one line here.
FORMATS: Final[dict[str, Writer]] = {
    "xlsx": xlsx.write,
    "csv": csv.write,
    "json": json.write,
}


def writer(name: str) -> Writer:
    """The writer of a format; an unknown one is a `UsageError` that lists those there are.

    >>> writer("xlsx") is xlsx.write
    True
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(
            f"{unknown('định dạng báo cáo', name, FORMATS)} "
            f"Các định dạng có sẵn: {', '.join(FORMATS)}."
        ) from None
