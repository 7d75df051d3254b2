"""The map of provinces as tiles: where each lies about, and how many stories it has."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from domain.agencies import Agency
from domain.codes import Area
from domain.figures import CellState
from measures.cells import CellLine

_KINDS: Final = ("Thành phố ", "Tỉnh ")
_SHADES: Final = 5
_LONGEST: Final = 11


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """This is one province on the map."""

    id: str
    name: str
    #: The name without its rank, short enough for the tile.
    short: str
    row: int
    column: int
    #: None where too little was observed to say that there is none.
    stories: int | None
    #: Its shade, 0 to 5.
    heat: int


def tiles_of(
    provinces: Sequence[Agency],
    stories: Mapping[str, int],
    cells: Mapping[tuple[str, Area], CellLine],
    area: Area | None,
) -> list[Tile]:
    """The provinces of a day as tiles, in the order of the register."""
    places = _places()
    most = max((stories.get(each.id, 0) for each in provinces), default=0)
    return [
        _tile(each, places[each.id], _known(each.id, stories, cells, area), most)
        for each in provinces
        if each.id in places
    ]


def _known(
    agency: str,
    stories: Mapping[str, int],
    cells: Mapping[tuple[str, Area], CellLine],
    area: Area | None,
) -> int | None:
    if found := stories.get(agency, 0):
        return found
    asked = (area,) if area else tuple(Area)
    states = [cells[agency, each].state for each in asked if (agency, each) in cells]
    return None if not states or CellState.UNKNOWN in states else 0


def _tile(agency: Agency, place: tuple[int, int], stories: int | None, most: int) -> Tile:
    short = agency.official_name
    for kind in _KINDS:
        short = short.removeprefix(kind)
    if len(short) > _LONGEST:
        short = (
            "".join(f"{word[0]}." for word in short.replace("-", " ").split()[:-1])
            + (short.split()[-1])
        )
    return Tile(
        id=agency.id,
        name=agency.official_name,
        short=short,
        row=place[0],
        column=place[1],
        stories=stories,
        heat=-(-_SHADES * (stories or 0) // max(most, _SHADES)),
    )


def _places() -> dict[str, tuple[int, int]]:
    text = (files("web") / "data" / "tiles.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["id"]: (int(row["row"]), int(row["column"])) for row in rows}
