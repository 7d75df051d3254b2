"""Drawing a chart: its definition as SVG, or as a PNG picture."""

from __future__ import annotations

import json
from typing import Final

from reports.chart_kinds import PAGE, NamedBar, Spec, bars_by_name
from reports.typesetting import typeset

_DOTS_PER_INCH: Final = 160.0
_PICTURE: Final = b"""#set page(width: auto, height: auto, margin: 3pt)
#image("chart.svg")"""


def png(spec: Spec) -> bytes:
    """The chart as a PNG picture, its letters drawn by the typesetting program."""
    files = {"main.typ": _PICTURE, "chart.svg": svg(spec).encode()}
    return typeset(files, "png", dots_per_inch=_DOTS_PER_INCH)


def svg(spec: Spec) -> str:
    """The chart as SVG; its letters are text."""
    # Starting the drawing program takes a second: only who draws waits for it.
    import vl_convert

    made: str = vl_convert.vegalite_to_svg(json.dumps(spec))
    return made


def warm_up() -> None:
    """Start the drawing program, so that the first who wants a chart does not wait for it."""
    bar = NamedBar(name="", kind="", count=1, label="")
    svg(bars_by_name([bar], PAGE, width=10, height=10))
