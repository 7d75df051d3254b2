"""The charts of a report: one definition each, drawn the same wherever they stand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from domain.codes import AREA_NAMES
from domain.figures import CellState, MonthReport
from reports.typesetting import typeset
from reports.vietnamese import UNKNOWN_MARK, number

#: Comes with the typesetting program, with every Vietnamese letter: no machine's fonts are needed.
_FONT: Final = "Libertinus Serif"
_DARK, _LIGHT, _GREY = "#1F3864", "#9DC3E6", "#BFBFBF"
_WIDTH: Final = 560
_DOTS_PER_INCH: Final = 160.0
_PICTURE: Final = b"""#set page(width: auto, height: auto, margin: 3pt)
#image("chart.svg")"""
_CONFIG: Final[Mapping[str, Any]] = {
    "font": _FONT,
    "background": "white",
    "axis": {"labelFontSize": 15, "titleFontSize": 15, "labelLimit": 400, "gridColor": "#E5E5E5"},
    "legend": {"labelFontSize": 15, "titleFontSize": 15, "orient": "bottom", "labelLimit": 400},
    "view": {"stroke": None},
}
Spec = dict[str, Any]


def by_day(report: MonthReport) -> Spec:
    """Stories day by day; a day on which nothing was observed is marked, not drawn as 0."""
    values: list[dict[str, Any]] = [
        {
            "ngày": f"{line.day:%Y-%m-%d}T00:00:00",
            "số": line.counts.stories if is_known else 0,
            "quan sát": "câu chuyện trong ngày" if is_known else "ngày không quan sát được",
            "nền": 0 if is_known else 1,
        }
        for line in report.figures.totals.by_day
        for is_known in [line.observed_share > 0 or line.articles > 0]
    ]
    most = max((value["số"] for value in values), default=0)
    for value in values:
        if value["nền"]:
            value["số"] = max(most, 1)
    domain = ["câu chuyện trong ngày", "ngày không quan sát được"]
    return _spec(
        {
            "height": 210,
            "data": {"values": values},
            "mark": {"type": "bar"},
            "encoding": {
                "x": {
                    "field": "ngày",
                    "type": "ordinal",
                    "timeUnit": "yearmonthdate",
                    "axis": {
                        "format": "%d/%m",
                        "formatType": "time",
                        "labelAngle": -45,
                        "title": None,
                        "labelOverlap": True,
                        "grid": False,
                    },
                },
                "y": {
                    "field": "số",
                    "type": "quantitative",
                    "axis": _counts("Câu chuyện", most),
                    "scale": _from_zero(most),
                },
                "color": {
                    "field": "quan sát",
                    "type": "nominal",
                    "scale": {"domain": domain, "range": [_DARK, _GREY]},
                    "legend": {"title": None},
                },
            },
        }
    )


def by_area(report: MonthReport) -> Spec:
    """Stories and placements by area; an area that is not known has a dash instead of a bar."""
    values: list[dict[str, Any]] = []
    for line in report.figures.totals.by_area:
        is_known = line.state is not CellState.UNKNOWN
        for name, found in (
            ("Câu chuyện", line.counts.stories),
            ("Tin, bài", line.counts.placements),
        ):
            label = number(found) if is_known else UNKNOWN_MARK
            values.append(
                {"lĩnh vực": AREA_NAMES[line.area], "loại": name, "số": found, "nhãn": label}
            )
    names = [AREA_NAMES[line.area] for line in report.figures.totals.by_area]
    most = max((value["số"] for value in values), default=0)
    place = {
        "y": {"field": "lĩnh vực", "type": "nominal", "sort": names, "axis": {"title": None}},
        "yOffset": {"field": "loại", "sort": ["Câu chuyện", "Tin, bài"]},
        "x": {
            "field": "số",
            "type": "quantitative",
            "axis": _counts("", most),
            "scale": _from_zero(most),
        },
    }
    bars = {
        "mark": {"type": "bar"},
        "encoding": {
            **place,
            "color": {
                "field": "loại",
                "type": "nominal",
                "scale": {"domain": ["Câu chuyện", "Tin, bài"], "range": [_DARK, _LIGHT]},
                "legend": {"title": None},
            },
        },
    }
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 14},
        "encoding": {**place, "text": {"field": "nhãn"}},
    }
    # The names of the areas take room beside the bars: a narrower plot keeps the letters large.
    return _spec({"width": 370, "height": 330, "data": {"values": values}, "layer": [bars, labels]})


def _from_zero(most: int) -> Spec:
    # Without any number the scale has no length, and its 0 would stand in the middle.
    return {"zero": True} if most else {"domain": [0, 1]}


def _counts(title: str, most: int) -> Spec:
    # Whole numbers only: half a story is none.
    return {
        "title": title or None,
        "format": "d",
        "tickMinStep": 1,
        "tickCount": min(6, max(most, 1)),
    }


def _spec(part: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": _WIDTH,
        "config": dict(_CONFIG),
        **part,
    }


#: Chart: (what it shows, how it is made). A new chart is one function and one line here.
CHARTS: Final[Mapping[str, tuple[str, Callable[[MonthReport], Spec]]]] = {
    "ngày": ("Câu chuyện về cải cách hành chính trên báo chí, theo ngày", by_day),
    "lĩnh vực": ("Câu chuyện và tin, bài trên báo chí, theo lĩnh vực", by_area),
}


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
