"""Typed values of tables: what a number or a text is, whatever the format shows it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.codes import DatePrecision


@dataclass(frozen=True, slots=True)
class Share:
    """This is a share, shown as a percentage."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Points:
    """This is the difference of two shares, shown in percentage points."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """This is a number between two ends, such as 0 and 1, shown with two decimals."""

    value: float


@dataclass(frozen=True, slots=True)
class Count:
    """This is a number of a heat map: 0 is printed, what is not known is a dash."""

    value: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """This is an address, shown as it is."""

    url: str


@dataclass(frozen=True, slots=True)
class Moment:
    """This is a moment, shown as finely as it is known."""

    at: datetime
    precision: DatePrecision = DatePrecision.MINUTE


@dataclass(frozen=True, slots=True)
class Styled:
    """This is a text in a named style."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Clipped:
    """This is a long text that stays on one line, cut off by the next cell."""

    text: str


Value = (
    str
    | int
    | float
    | date
    | Share
    | Points
    | Ratio
    | Count
    | Link
    | Moment
    | Styled
    | Clipped
    | None
)


@dataclass(frozen=True, slots=True)
class Heading:
    """This is a column of a table: its name, its width in characters, and whether it is folded."""

    text: str
    width: float
    is_folded: bool = False
    #: Shown on a page of paper, where a table has less room than on a sheet.
    is_printed: bool = True
    #: A short form of the name, where the room is small.
    short: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """This is one table of a report, the same in every format."""

    #: Its number in the report, "" where it has none.
    number: str
    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Value]]
    #: Sentences above it that belong to it.
    notes: Sequence[str] = ()
    #: Columns that are coloured by their numbers, first and last; None where none are.
    heat: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The title with the number before it."""
        return f"Bảng {self.number}. {self.title}" if self.number else self.title
