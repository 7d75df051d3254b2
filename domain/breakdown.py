"""Placements of the press split as table 1 prints them: original or reprint, national or local."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """This is how many placements of one line are originals and reprints, by level of outlet."""

    original_national: int = 0
    original_local: int = 0
    reprint_national: int = 0
    reprint_local: int = 0

    @property
    def all(self) -> int:
        """This is the number of placements."""
        return (
            self.original_national
            + self.original_local
            + self.reprint_national
            + self.reprint_local
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class BreakdownLine:
    """This is one line of the table: an area, or a form and the kind of item."""

    code: str
    split: Split
    #: Placements of the period before; None where there is no period to compare with.
    before: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Breakdown:
    """This is table 1: all placements, by area, and by form and kind of item."""

    all: BreakdownLine
    #: A placement in two areas stands in both lines; code "" holds those without an area.
    by_area: tuple[BreakdownLine, ...]
    by_form: tuple[BreakdownLine, ...]
    #: ``video``, ``photo``, ``infographic``, ``phong_su`` among the items above.
    by_item: tuple[BreakdownLine, ...]
    #: Placements and stories of the same period a year before; None where nothing was observed.
    year_before_placements: int | None = None
    year_before_stories: int | None = None
