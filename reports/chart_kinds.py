"""The kinds of chart, each defined once: plain values in, a Vega-Lite definition out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

Spec = dict[str, Any]
#: A scale narrower than this has room for fewer numbers.
_NARROW: Final = 300
#: What a chart is coloured with; a page puts its own colours in their place.
DARK, LIGHT, GREY, INK, GRID = "#1F3864", "#9DC3E6", "#BFBFBF", "#1B1F24", "#E5E5E5"


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """This is how a chart is drawn on one kind of surface: paper, or a page that may be narrow."""

    font: str
    #: Height of the letters, and the size of the drawing, in points.
    letters: int
    width: int
    height: int
    label_angle: int
    #: None for the surface it stands on.
    background: str | None
    #: Room at the left for letters that are wider where they are read than where they were drawn.
    slack: int


#: The font comes with the typesetting program: no machine's fonts are needed.
PAPER: Final = Style(
    font="Libertinus Serif",
    letters=15,
    width=560,
    height=210,
    label_angle=-45,
    background="white",
    slack=5,
)
#: Small enough for its letters to be read on a telephone.
PAGE: Final = Style(
    font="sans-serif", letters=14, width=330, height=150, label_angle=0, background=None, slack=16
)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimePoint:
    """This is one day or week of a chart."""

    start: date
    stories: int
    #: False where too little was observed to say that there were no stories.
    is_known: bool
    #: Share of the sources observed; None where it is not shown.
    observed: float | None = None
    #: Where its articles are, and what is said of it to those who do not see it.
    href: str = ""
    said: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeWords:
    """These are the words of a chart over time."""

    stories: str
    #: A day or week with its stories, and one that was not observed.
    known: str
    unknown: str
    #: Above the row of shares observed.
    observed: str = ""


def bars_in_time(points: Sequence[TimePoint], words: TimeWords, style: Style) -> Spec:
    """Stories in time; where nothing could be seen there is a grey bar, not a 0."""
    most = max((point.stories for point in points), default=0)
    values = [_time_value(point, words, most) for point in points]
    bars: Spec = {
        "height": style.height,
        "mark": {"type": "bar"},
        "encoding": {
            "x": _days(style),
            "y": _counted("số", words.stories, most),
            "color": {
                "field": "quan sát",
                "type": "nominal",
                "scale": {"domain": [words.known, words.unknown], "range": [DARK, GREY]},
                # Without a gap the axis says it all.
                "legend": None if all(point.is_known for point in points) else {"title": None},
            },
            **_led(values),
        },
    }
    if not any(value["tỷ lệ"] is not None for value in values):
        return _spec({**bars, "width": style.width, "data": {"values": values}}, style)
    bars["width"] = style.width
    return _spec({"data": {"values": values}, "vconcat": [bars, _observed(words, style)]}, style)


def _time_value(point: TimePoint, words: TimeWords, most: int) -> Spec:
    return {
        "ngày": f"{point.start:%Y-%m-%d}T00:00:00",
        "số": point.stories if point.is_known else max(most, 1),
        "quan sát": words.known if point.is_known else words.unknown,
        "tỷ lệ": point.observed,
        "nơi": point.href or None,
        "lời": point.said or None,
    }


def _observed(words: TimeWords, style: Style) -> Spec:
    return {
        "title": {"text": words.observed, "anchor": "start", "fontWeight": "normal",
                  "fontSize": style.letters, "color": INK},
        "width": style.width,
        "height": 36,
        "mark": {"type": "bar", "color": LIGHT},
        "encoding": {
            "x": {**_days(style), "axis": {"labels": False, "title": None, "ticks": False}},
            "y": {
                "field": "tỷ lệ",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {"title": None, "format": "%", "values": [0, 1]},
            },
        },
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedBar:
    """This is one bar beside a name; a name has one for each kind."""

    name: str
    kind: str
    count: int
    #: What stands at its end: a number, or the mark of what is not known.
    label: str
    href: str = ""
    said: str = ""


def bars_by_name(bars: Sequence[NamedBar], style: Style, *, width: int, height: int) -> Spec:
    """Bars beside their names, in the order given, the number at the end of each."""
    values = [
        {"tên": bar.name, "loại": bar.kind, "số": bar.count, "nhãn": bar.label,
         "nơi": bar.href or None, "lời": bar.said or None}
        for bar in bars
    ]  # fmt: skip
    kinds = list(dict.fromkeys(bar.kind for bar in bars))
    most = max((bar.count for bar in bars), default=0)
    place: Spec = {
        "y": {
            "field": "tên",
            "type": "nominal",
            "sort": list(dict.fromkeys(bar.name for bar in bars)),
            "axis": {"title": None},
        },
        "x": _counted("số", "", most, ticks=4 if width < _NARROW else 6),
    }
    if len(kinds) > 1:
        place["yOffset"] = {"field": "loại", "sort": kinds}
    drawn: Spec = {
        "mark": {"type": "bar"},
        "encoding": {
            **place,
            "color": {
                "field": "loại",
                "type": "nominal",
                "scale": {"domain": kinds, "range": [DARK, LIGHT][: len(kinds)]},
                "legend": {"title": None} if len(kinds) > 1 else None,
            },
            **_led(values),
        },
    }
    labels = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": style.letters - 1,
                 "color": INK},
        "encoding": {**place, "text": {"field": "nhãn"}},
    }  # fmt: skip
    part = {
        "width": width, "height": height, "data": {"values": values}, "layer": [drawn, labels],
    }  # fmt: skip
    return _spec(part, style)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """This is the share reached by a time, with its 95 % band."""

    days: float
    share: float
    low: float
    high: float


def rising_curve(steps: Sequence[Reach], style: Style, *, time: str, share: str) -> Spec:
    """A share that rises in steps with time, within its band; `time` and `share` name the axes."""
    values = [
        {"ngày": step.days, "phần": step.share, "thấp": step.low, "cao": step.high}
        for step in steps
    ]
    x = {
        "field": "ngày",
        "type": "quantitative",
        "axis": {"title": time, "grid": False, "tickCount": 6},
    }
    axis = {"title": share, "format": "%", "tickCount": 5}
    scale = {"domain": [0, 1]}
    band = {
        "mark": {"type": "area", "interpolate": "step-after", "color": LIGHT, "opacity": 0.5},
        "encoding": {
            "x": x,
            "y": {"field": "thấp", "type": "quantitative", "scale": scale, "axis": axis},
            "y2": {"field": "cao"},
        },
    }
    line = {
        "mark": {"type": "line", "interpolate": "step-after", "color": DARK, "strokeWidth": 2.5},
        "encoding": {"x": x, "y": {"field": "phần", "type": "quantitative", "axis": axis}},
    }
    part = {
        "width": style.width, "height": style.height, "data": {"values": values},
        "layer": [band, line],
    }  # fmt: skip
    return _spec(part, style)


def _days(style: Style) -> Spec:
    return {
        "field": "ngày",
        "type": "ordinal",
        "timeUnit": "yearmonthdate",
        "axis": {
            "format": "%d/%m",
            "formatType": "time",
            "labelAngle": style.label_angle,
            "title": None,
            "labelOverlap": True,
            "grid": False,
        },
    }


def _counted(field: str, title: str, most: int, *, ticks: int = 6) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "axis": {
            "title": title or None,
            # Whole numbers only: half a story is none.
            "format": "d",
            "tickMinStep": 1,
            "tickCount": min(ticks, max(most, 1)),
        },
        # Without any number the scale has no length, and its 0 would stand in the middle.
        "scale": {"zero": True} if most else {"domain": [0, 1]},
    }


def _led(values: Sequence[Mapping[str, Any]]) -> Spec:
    """What makes a mark a link with words, where there are any."""
    # An address that is missing would be completed to one of the drawing program's own site.
    return {
        channel: {"condition": {"test": f"datum['{field}'] != null", "field": field,
                                "type": "nominal"}, "value": None}
        for channel, field in (("href", "nơi"), ("description", "lời"))
        if any(value[field] for value in values)
    }  # fmt: skip


def _spec(part: Spec, style: Style) -> Spec:
    letters = {"labelFontSize": style.letters, "titleFontSize": style.letters, "labelLimit": 400,
               "labelColor": INK, "titleColor": INK}  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": {
            "font": style.font,
            "background": style.background,
            "padding": {"left": style.slack, "top": 5, "right": 5, "bottom": 5},
            "axis": {**letters, "titleFontWeight": "normal", "gridColor": GRID,
                     "domainColor": GREY, "tickColor": GREY},
            "legend": {**letters, "orient": "bottom"},
            "view": {"stroke": None},
        },
        **part,
    }  # fmt: skip
