"""The charts of the pages: the definitions of the reports over a view, with links and a table."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from domain.codes import TONE_NAMES
from reports import chart_kinds, drawing
from reports.chart_kinds import PAGE, NamedBar, Spec, TimePoint, TimeWords
from reports.vietnamese import UNKNOWN_MARK
from web.desk import Desk
from web.figures import View
from web.weeks import WeekLine

#: A drawing knows whole addresses only; this one is taken off again.
_BASE: Final = "https://diembao.invalid"
_CRITICAL: Final = frozenset({"phe_phan", "hon_hop"})
#: A curve has a step for each event: a table tells these days.
_DAYS_TOLD: Final = (1, 2, 3, 7, 14, 30)
_BAR_HEIGHT: Final = 34


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """This is how words and numbers are told in the visitor's language."""

    say: Callable[[str], str]
    number: Callable[..., str]
    percent: Callable[..., str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """This is one chart of a page, and the same figures as a table."""

    name: str
    title: str
    note: str
    spec: Spec
    columns: Sequence[str]
    #: Address or "", then what stands in the columns.
    rows: Sequence[tuple[str, Sequence[str]]]
    #: The part of an address that asks for the same period and scope.
    query: str

    @property
    def said(self) -> str:
        """The figures in words, for those who do not see the chart."""
        return f"{self.title}. " + "; ".join(": ".join(filter(None, told)) for _, told in self.rows)


def weeks(view: View, telling: Telling) -> Chart | None:
    """Stories week by week, and the share of the press that was observed."""
    say = telling.say
    told = [_week_told(line, telling) for line in view.weekly]
    places = [_week_place(view, line) for line in view.weekly]
    points = [
        TimePoint(
            start=line.first,
            stories=line.stories or 0,
            is_known=line.stories is not None,
            observed=line.observed or 0.0,
            href=f"{_BASE}{place}" if line.stories else "",
            said=": ".join(cells),
        )
        for line, place, cells in zip(view.weekly, places, told, strict=True)
    ]
    words = TimeWords(
        stories=say("Câu chuyện"),
        known=say("câu chuyện trong tuần"),
        unknown=say("tuần không quan sát đủ"),
        observed=say("Tỷ lệ nguồn báo chí quan sát được"),
    )
    return Chart(
        name="weeks",
        title=say("Câu chuyện mỗi tuần"),
        note="",
        spec=chart_kinds.bars_in_time(points, words, PAGE),
        columns=(say("Tuần"), say("Câu chuyện"), say("Quan sát được")),
        rows=[
            (place if line.stories else "", cells)
            for line, place, cells in zip(view.weekly, places, told, strict=True)
        ],
        query=view.span.query(),
    )


def _week_told(line: WeekLine, telling: Telling) -> tuple[str, str, str]:
    days = f"{line.first:%d/%m/%Y} – {line.last:%d/%m/%Y}"
    stories = UNKNOWN_MARK if line.stories is None else telling.number(line.stories)
    share = UNKNOWN_MARK if line.observed is None else telling.percent(line.observed)
    return days, stories, share


def _week_place(view: View, line: WeekLine) -> str:
    days = {"from": line.first.isoformat(), "to": line.last.isoformat()}
    return f"/search?{view.span.query(**days, focus='1' if view.span.agency else '')}"


def arrivals(view: View, telling: Telling) -> Chart | None:
    """How many days passed until a first outlet carried what was announced."""
    if not view.arrivals:
        return None
    say = telling.say
    shown = [each for each in _DAYS_TOLD if each <= view.arrivals[-1].days]
    rows = [
        ("", (telling.number(days), telling.percent(share)))
        for days in shown
        for share in [max(step.share for step in view.arrivals if step.days <= days)]
    ]
    return Chart(
        name="arrivals",
        title=say("Từ lúc công bố đến bài báo đầu tiên"),
        note=say(
            "Phần các sự kiện chính thức đã có báo đăng sau số ngày ấy; dải nhạt là khoảng tin "
            "cậy 95%. Sự kiện chưa báo nào đăng vẫn được tính."
        ),
        spec=chart_kinds.rising_curve(
            view.arrivals, PAGE, time=say("số ngày từ khi công bố"), share=say("đã có báo đăng")
        ),
        columns=(say("Số ngày"), say("Đã có báo đăng")),
        rows=rows,
        query=view.span.query(),
    )


def tones(view: View, telling: Telling) -> Chart | None:
    """Stories by tone; the critical ones lead to the answers to them."""
    if not view.tones:
        return None
    say = telling.say
    feedback = f"/feedback?{view.span.query(area='')}"
    rows = [
        (
            feedback if code in _CRITICAL and not view.span.area else "",
            (say(TONE_NAMES.get(code, code)), telling.number(count)),
        )
        for code, count in view.tones.items()
    ]
    bars = [
        NamedBar(
            name=told[0], kind="", count=count, label=told[1], said=": ".join(told),
            href=f"{_BASE}{place}" if place else "",
        )
        for (place, told), count in zip(rows, view.tones.values(), strict=True)
    ]  # fmt: skip
    spec = chart_kinds.bars_by_name(bars, PAGE, width=220, height=_BAR_HEIGHT * len(bars))
    return Chart(
        name="tones",
        title=say("Sắc thái"),
        note="",
        spec=spec,
        columns=(say("Sắc thái"), say("Câu chuyện")),
        rows=rows,
        query=view.span.query(),
    )


#: Chart: how it is made of a view; None where there is nothing to draw.
CHARTS: Final[Mapping[str, Callable[[View, Telling], Chart | None]]] = {
    "weeks": weeks,
    "arrivals": arrivals,
    "tones": tones,
}


def drawn(desk: Desk, chart: Chart) -> Markup:
    """The chart as part of a page: in the page's colours, its links reached by the keyboard."""
    return _for_page(picture(desk, chart), chart)


def drawn_before(desk: Desk, chart: Chart) -> Markup | None:
    """The chart where it was drawn before, else None: no page waits for a drawing."""
    found = desk.charts.kept(_print(chart))
    return _for_page(found, chart) if isinstance(found, str) else None


def picture(desk: Desk, chart: Chart) -> str:
    """The chart as a picture of its own, on white."""
    return desk.charts.get(_print(chart), lambda: _plain(drawing.svg(chart.spec), chart))


def _print(chart: Chart) -> str:
    return hashlib.sha256(json.dumps(chart.spec, sort_keys=True).encode()).hexdigest()


#: The words of the drawing program are English and its names of classes are its own.
_OWN: Final = re.compile(r' (?:class|role|aria-roledescription|aria-hidden)="[^"]*"')
_LABEL: Final = re.compile(r' aria-label="[^"]*"')
_LINK: Final = re.compile(rf'<a xlink:href="{re.escape(_BASE)}([^"]*)"><path aria-label="([^"]*)"')
_TEXT: Final = re.compile(r"<text ")
_PAPER: Final = re.compile(r"(<svg [^>]*>)")
_COLOURS: Final = {
    chart_kinds.DARK: "--accent",
    chart_kinds.LIGHT: "--heat-3",
    chart_kinds.GREY: "--line",
    chart_kinds.INK: "--ink",
    chart_kinds.GRID: "--line",
}
_COLOUR: Final = re.compile("|".join(map(re.escape, _COLOURS)))
_FONT: Final = re.compile(r' font-family="[^"]*"')


def _plain(svg: str, chart: Chart) -> str:
    """Without what we do not need, its links on our own site and named."""
    named = _LINK.sub(r'<a href="\1" name="\2"><title>\2</title><path', _OWN.sub("", svg))
    bare = _TEXT.sub('<text aria-hidden="true" ', _LABEL.sub("", named))
    return bare.replace('" name="', '" aria-label="')


def _for_page(svg: str, chart: Chart) -> Markup:
    """The picture in the page's colours and letters, with its words for the blind."""
    inked = _COLOUR.sub(lambda found: f"var({_COLOURS[found[0]]},{found[0]})", svg)
    opened = _FONT.sub("", inked).replace(
        "<svg ", Markup('<svg class="drawn" role="group" aria-label="{}" ').format(chart.said), 1
    )
    # Made by the drawing program, which escapes what it is given; no reader's text is in it.
    return Markup(opened)
