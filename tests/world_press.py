"""Whole worlds: a month of events, stories, copies, outages and tagging errors, measured entire."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.random import Generator
from scipy.special import ndtri

from domain.agencies import read_register
from domain.codes import (
    AUDIENCES,
    Area,
    Content,
    DateOrigin,
    DatePrecision,
    Level,
    OutletKind,
    SourceKind,
)
from domain.events import EventKind, EventRow, EventState, OfficialEvent
from domain.holidays import read_calendar
from domain.outlets import Domain, Outlet, OutletBook, Source
from domain.periods import Window, month
from domain.proposals import read_proposals
from domain.qualities import QualityFigure
from domain.records import ArticleRow, SourceDay
from measures.correction import Checked
from measures.profile import CRITICAL_TAG, Holdings, profile
from measures.regularity import weeks

PERIOD: Final = month("2026-07", Window.LICH)
REGISTER: Final = read_register()
PROPOSALS: Final = read_proposals(REGISTER)
CALENDAR: Final = read_calendar()
AGENCIES: Final = tuple(
    agency.id for agency in (*REGISTER.ministries(PERIOD.end), *REGISTER.provinces(PERIOD.end))
)
_HOUR: Final = timedelta(hours=1)
_OUTLETS: Final = 24
#: The agency that is measured alone too, by its place in the list.
_ONE: Final = 2
#: How fast the press loses interest along the list of agencies.
_FADING: Final = 9.0
_AREAS: Final = np.array([0.22, 0.10, 0.24, 0.20, 0.09, 0.04, 0.11])


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """This is what rules one world."""

    #: Probability that an event is carried at all, and the lag of its first outlet.
    carried: float
    middle: float
    spread: float
    #: Mean number of further outlets of a story.
    copies: float
    critical: float
    #: The tagger's rates on criticism: found where it is, found where it is not.
    found: float
    false: float
    events: int
    stories: int
    #: Expected days out of service of an outlet.
    outage: float
    #: How often the audience of a story can be told.
    labelled: float


def _truth(chance: Generator) -> Truth:
    return Truth(
        carried=chance.uniform(0.4, 0.95),
        middle=chance.uniform(1.5, 3.5),
        spread=chance.uniform(0.8, 1.4),
        copies=chance.uniform(0.3, 1.5),
        critical=chance.uniform(0.05, 0.4),
        found=chance.uniform(0.65, 0.95),
        false=chance.uniform(0.01, 0.12),
        events=int(chance.integers(20, 120)),
        stories=int(chance.integers(60, 300)),
        outage=float(chance.choice([0.0, 1.0, 3.0, 10.0])),
        labelled=chance.uniform(0.3, 0.95),
    )


def _book() -> OutletBook:
    return OutletBook(
        Outlet(
            id=f"bao_{number}",
            name=f"Báo {number}",
            kind=OutletKind.PRESS,
            level=Level.NATIONAL,
            domains=(Domain(host=f"bao-{number}.test"),),
            sources=(
                Source(url=f"https://bao-{number}.test/rss", kind=SourceKind.FEED),
            ),
        )
        for number in range(_OUTLETS)
    )  # fmt: skip


BOOK: Final = _book()


class _Press:
    """This writes the rows of one world, and hides what no one could read."""

    def __init__(self, truth: Truth, chance: Generator) -> None:
        self.truth, self.chance = truth, chance
        self.rows: list[ArticleRow] = []
        self.events: list[EventRow] = []
        self.down = self._outages()
        self._story = 0

    def _outages(self) -> set[tuple[int, int]]:
        """(outlet, day) out of service: some outlets for some days, now and then all of them."""
        days = PERIOD.days
        down: set[tuple[int, int]] = set()
        if not self.truth.outage:
            return down
        for outlet in range(_OUTLETS):
            length = int(self.chance.poisson(self.truth.outage))
            start = int(self.chance.integers(0, days))
            down |= {(outlet, day) for day in range(start, min(days, start + length))}
        if self.chance.random() < 0.5:
            start = int(self.chance.integers(0, days - 4))
            down |= {(outlet, day) for outlet in range(_OUTLETS) for day in range(start, start + 4)}
        return down

    def source_days(self) -> list[SourceDay]:
        """What the polls gave."""
        return [
            SourceDay(
                source_id=f"https://bao-{outlet}.test/rss", outlet_id=f"bao_{outlet}",
                day=day.isoformat(), polls=1, polls_ok=int((outlet, place) not in self.down),
                items=10,
            )
            for place, day in enumerate(PERIOD.each_day())
            for outlet in range(_OUTLETS)
        ]  # fmt: skip

    def event(self, number: int) -> None:
        """One event, carried or not."""
        start, _ = PERIOD.bounds()
        at = start + self.chance.uniform(0, PERIOD.days * 24) * _HOUR
        story: tuple[int, ...] = ()
        if self.chance.random() < self.truth.carried:
            lag = self.chance.lognormal(self.truth.middle, self.truth.spread)
            story = self.story(at + lag * _HOUR)
        agency = AGENCIES[int(self.chance.integers(len(AGENCIES)))]
        self.events.append(
            EventRow(
                event=OfficialEvent(
                    id=number, kind=EventKind.DOCUMENT, agency_id=agency, title=f"Việc {number}",
                    at=at, precision=DatePrecision.MINUTE, state=EventState.CONFIRMED,
                    areas=(Area.THU_TUC,),
                ),
                stories=story,
            )
        )  # fmt: skip

    def story(self, at: datetime) -> tuple[int, ...]:
        """A story and its copies in other outlets; () where nothing of it could be read."""
        self._story += 1
        chance, truth = self.chance, self.truth
        outlets = chance.permutation(_OUTLETS)[
            : 1 + int(chance.negative_binomial(0.8, 0.8 / (0.8 + truth.copies)))
        ]
        critical = chance.random() < truth.critical
        tagged = chance.random() < (truth.found if critical else truth.false)
        area = list(Area)[int(chance.choice(len(_AREAS), p=_AREAS / _AREAS.sum()))]
        agency = AGENCIES[min(len(AGENCIES) - 1, int(chance.exponential(_FADING)))]
        audience = (
            AUDIENCES[int(chance.integers(len(AUDIENCES)))]
            if chance.random() < truth.labelled
            else "unknown"
        )
        seen = False
        for place, outlet in enumerate(outlets):
            when = at + (0 if not place else chance.exponential(12)) * _HOUR
            day = (when.date() - PERIOD.start).days
            if not 0 <= day < PERIOD.days or (int(outlet), day) in self.down:
                continue
            seen = True
            self.rows.append(
                _row(len(self.rows) + 1, self._story, int(outlet), when, not place, area, agency,
                     "phe_phan" if tagged else "trung_tinh", audience)
            )  # fmt: skip
        return (self._story,) if seen else ()

    def audit(self) -> list[Checked]:
        """Sixty stories of each predicted tag, looked at by a person."""
        true = self.chance.random(5000) < self.truth.critical
        said = np.where(
            true,
            self.chance.random(5000) < self.truth.found,
            self.chance.random(5000) < self.truth.false,
        )
        return [
            Checked(predicted=side, true=bool(true[place]))
            for side in (True, False)
            for place in np.flatnonzero(said == side)[:60]
        ]


def _row(
    number: int, story: int, outlet: int, when: datetime, first: bool, area: Area, agency: str,
    tone: str, audience: str,
) -> ArticleRow:  # fmt: skip
    return ArticleRow(
        article_id=number, story_id=story, is_original=first, outlet_id=f"bao_{outlet}",
        outlet_name=f"Báo {outlet}", outlet_kind=OutletKind.PRESS, outlet_level=Level.NATIONAL,
        outlet_province="", url=f"https://bao-{outlet}.test/{number}", headline="Tít",
        description="", section="", content=Content.FEED, published_at=when,
        date_precision=DatePrecision.MINUTE, date_origin=DateOrigin.FEED, first_seen_at=when,
        relevance=1.0, relevant=True, areas=(area,), focus=(agency,), mention=(), form="tin",
        tone=tone, audience=audience, aspect="trien_khai", sha256="", corrected=False,
        model_version="w",
    )  # fmt: skip


@dataclass(slots=True)
class _Score:
    covered: int = 0
    told: int = 0
    error: float = 0.0
    naive: float = 0.0
    n: int = 0

    def add(self, figure: QualityFigure, truth: float, naive: float | None) -> None:
        """Count one world."""
        if figure.value is None or figure.interval is None:
            return
        low, high = figure.interval
        self.told += 1
        self.n += figure.n
        self.covered += low - 1e-9 <= truth <= (math.inf if high is None else high) + 1e-9
        self.error += abs(figure.value - truth)
        self.naive += abs((figure.value if naive is None else naive) - truth)


def press_rows(worlds: int, seed: int) -> Iterator[str]:
    """The table of the whole profile, line by line."""
    scores: dict[str, _Score] = defaultdict(_Score)
    for number in range(worlds):
        _measure(np.random.default_rng([seed, number]), scores)
    yield "## The whole profile"
    yield ""
    yield (
        "Each world is a month of 20 to 120 events and 60 to 300 other stories in 24 outlets: some "
        "events are never carried, outlets go out of service one by one and all at once (nothing "
        "that stood there was read), stories are copied, criticism is tagged wrongly at rates of "
        "its own. The plain count takes an outage for silence, averages the lag of the covered "
        "events, and believes the tags. Where outages hide something the value printed is the low "
        "end of a range, as that of the plain count is; only the interval tells how far up it may "
        "lie."
    )
    yield ""
    yield "| figure | worlds with a value | mean n | coverage | mean error | plain count's error |"
    yield "|---|---|---|---|---|---|"
    for name, score in scores.items():
        if score.told:
            yield (
                f"| `{name}` | {score.told} | {score.n / score.told:.0f} | "
                f"{score.covered / score.told:.1%} | {score.error / score.told:.3g} | "
                f"{score.naive / score.told:.3g} |"
            )


def _measure(chance: Generator, scores: dict[str, _Score]) -> None:
    truth = _truth(chance)
    press = _Press(truth, chance)
    start, _ = PERIOD.bounds()
    for number in range(1, truth.events + 1):
        press.event(number)
    for _ in range(truth.stories):
        press.story(start + chance.uniform(0, PERIOD.days * 24) * _HOUR)
    held = Holdings(
        rows=press.rows, source_days=press.source_days(), events=press.events,
        register=REGISTER, outlets=BOOK, calendar=CALENDAR, proposals=PROPOSALS,
        threshold=0.8, audit={CRITICAL_TAG: press.audit()},
    )  # fmt: skip
    figures = _profile(held)
    for figure_id, hours in (
        ("timely.within_72h", 72), ("timely.within_24h", 24), ("timely.within_7d", 168),
    ):  # fmt: skip
        figure = figures[figure_id]
        naive = _naive_within(press, hours) if figure.value is not None else None
        scores[figure_id].add(figure, _within(truth, hours), naive)
    ages = np.linspace(0.5, PERIOD.days * 24 - 0.5, 200)
    carried = float(np.mean([_within(truth, age) for age in ages]))
    counted = sum(bool(row.stories) for row in press.events) / len(press.events)
    scores["complete.events"].add(figures["complete.events"], carried, counted)
    scores["timely.uncovered"].add(figures["timely.uncovered"], 1 - carried, 1 - counted)
    scores["audience.labelled"].add(figures["audience.labelled"], truth.labelled, None)
    _agency(truth, press, _profile(held, AGENCIES[_ONE]), scores)
    _cells(truth, figures["complete.cells"], scores)
    _waits(truth, press, figures, scores)
    critical = figures["diverse.critical"]
    scores["diverse.critical (as tagged)"].add(
        critical, truth.critical * truth.found + (1 - truth.critical) * truth.false, None
    )
    if critical.corrected is not None and critical.value is not None:
        made = QualityFigure(
            id=critical.id, unit="share", status=critical.status, n=critical.n,
            value=critical.corrected.value, interval=critical.corrected.interval,
        )  # fmt: skip
        scores["diverse.critical (corrected)"].add(made, truth.critical, critical.value)
    law = _AREAS / _AREAS.sum()
    even = float(-(law * np.log(law)).sum() / math.log(len(law)))
    scores["diverse.areas.shannon"].add(figures["diverse.areas.shannon"], even, None)
    fit = sum(
        law[place] * sum(PROPOSALS.weights(area).values()) / len(AUDIENCES)
        for place, area in enumerate(Area)
    )
    scores["audience.fit"].add(figures["audience.fit"], float(fit), None)
    scores["complete.areas"].add(
        figures["complete.areas"], float((1 - (1 - law) ** truth.stories).mean()), None
    )


def _profile(held: Holdings, agency: str | None = None) -> dict[str, QualityFigure]:
    found = profile(held, PERIOD, plan="world", agency=agency, compared=False)
    return {figure.id: figure for each in found.qualities for figure in each.figures}


def _agency(
    truth: Truth, press: _Press, figures: dict[str, QualityFigure], scores: dict[str, _Score]
) -> None:
    """One agency's share of voice, and the weeks in which it has news when all is read."""
    part = math.exp(-_ONE / _FADING) - math.exp(-(_ONE + 1) / _FADING)
    scores["context.share_of_voice"].add(figures["context.share_of_voice"], part, None)
    told = truth.stories + truth.events * truth.carried
    active = np.mean([1 - (1 - part * seen) ** told for seen in _seen_in_weeks(truth)])
    figure = figures["regular.weeks"]
    stated = figure.k / figure.n if figure.k is not None and figure.n else None
    scores["regular.weeks"].add(figure, float(active), stated)


def _seen_in_weeks(truth: Truth) -> list[float]:
    """How often a story of the month has a placement in each of its weeks; copies come later."""
    chance = np.random.default_rng(PERIOD.days)
    drawn = 2000
    begun = chance.uniform(0, PERIOD.days * 24, size=drawn)
    copies = chance.negative_binomial(0.8, 0.8 / (0.8 + truth.copies), size=drawn)
    days = [
        {int(at // 24), *(int(when // 24) for when in at + chance.exponential(12, size=count))}
        for at, count in zip(begun, np.minimum(copies, _OUTLETS - 1), strict=True)
    ]
    return [
        sum(
            any((first - PERIOD.start).days <= day <= (last - PERIOD.start).days for day in each)
            for each in days
        )
        / drawn
        for first, last in weeks(PERIOD)
    ]


def _cells(truth: Truth, figure: QualityFigure, scores: dict[str, _Score]) -> None:
    """What share of the cells a month like this covers when every outlet is read."""
    steps = np.exp(-np.arange(len(AGENCIES) + 1) / _FADING)
    agency = steps[:-1] - steps[1:]
    agency[-1] = steps[-2]
    each = np.outer(agency, _AREAS / _AREAS.sum()).ravel()
    told = truth.stories + truth.events * truth.carried
    stated = figure.k / figure.n if figure.k is not None else None
    scores["complete.cells"].add(figure, float((1 - (1 - each) ** told).mean()), stated)


def _within(truth: Truth, hours: float) -> float:
    part = 0.5 * (1 + math.erf((math.log(hours) - truth.middle) / truth.spread / math.sqrt(2)))
    return truth.carried * part


def _naive_within(press: _Press, hours: float) -> float:
    """Covered within the time over all events, the youngest and the unwatched ones included."""
    firsts = _firsts(press)
    told = sum(
        bool(row.stories) and (firsts[row.stories[0]] - row.event.at) / _HOUR <= hours
        for row in press.events
    )
    return told / len(press.events)


def _firsts(press: _Press) -> dict[int, datetime]:
    firsts: dict[int, datetime] = {}
    for row in press.rows:
        held = firsts.get(row.story_id)
        firsts[row.story_id] = min(held, row.counted_at) if held else row.counted_at
    return firsts


def _waits(
    truth: Truth, press: _Press, figures: dict[str, QualityFigure], scores: dict[str, _Score]
) -> None:
    if truth.carried <= 0.5:
        return
    part = 0.5 / truth.carried
    median = math.exp(truth.middle + truth.spread * float(ndtri(part)))
    firsts = _firsts(press)
    lags = [(firsts[row.stories[0]] - row.event.at) / _HOUR for row in press.events if row.stories]
    naive = sum(lags) / len(lags) if lags else None
    scores["timely.first_median"].add(figures["timely.first_median"], median, naive)
