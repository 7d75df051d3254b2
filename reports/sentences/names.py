"""Names and headlines in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports.cells import printable
from reports.vietnamese import number

#: Agencies and outlets named in a sentence; the tables hold all of them.
_NAMES: Final = 12
#: No headline is longer than this; what is is cut here, and stands whole in the tables.
_LONGEST: Final = 300


def one_line(text: str) -> str:
    """A text from outside on one line: the end of a line would end the paragraph."""
    line = " ".join(printable(text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rstrip()}…"


def listed(names: Sequence[str]) -> str:
    """Names in a row: the first of them, and how many more there are."""
    shown = ", ".join(map(printable, names[:_NAMES]))
    left = len(names) - _NAMES
    return f"{shown} và {number(left)} đơn vị khác" if left > 0 else shown
