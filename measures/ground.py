"""What all measures of a profile stand on: the stories and events of a period and a scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.agencies import Agency
from domain.codes import PRESS_KINDS, Area, Level, OutletKind
from domain.events import EventRow, EventState
from domain.figures import Group, Observation, OutletObservation
from domain.periods import Period
from domain.records import ArticleRow
from measures.coverage import agencies
from measures.observation import (
    Answers,
    answers,
    observed,
    panel_of,
    panel_share,
    panel_weights,
    usual_volumes,
)
from measures.placements import by_story, concerns, in_period, is_press, order, rolled_up
from measures.scope import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """This is one story of the press in the scope: its placements of the period, first to last."""

    id: int
    rows: tuple[ArticleRow, ...]
    #: The text that speaks for the story: its original where that was read, else the first.
    chief: ArticleRow
    areas: tuple[Area, ...]
    focus: tuple[str, ...]

    @property
    def outlets(self) -> frozenset[str]:
        """The ids of the press outlets that carried it."""
        return frozenset(row.outlet_id for row in self.rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """This is a period and a scope with everything that was read and watched of it."""

    scope: Scope
    #: None for all areas.
    area: Area | None
    #: Ministries and provinces in the scope, with their group.
    listed: tuple[tuple[Agency, Group], ...]
    #: Relevant placements in the scope and the period, agencies rolled up.
    rows: tuple[ArticleRow, ...]
    stories: tuple[Story, ...]
    #: What portals and aggregators published in the period, whatever agency it is about.
    owned: tuple[ArticleRow, ...]
    #: Stories of the whole country in the period, for shares of voice.
    nationwide: int
    #: The same by the agency that is their subject, as far as the rows tell.
    told: Mapping[str, frozenset[int]]
    #: Every known press placement up to the end of the period, by story.
    placements: Mapping[int, Sequence[ArticleRow]]
    #: Confirmed events of the scope and the period, agencies rolled up: the denominator.
    events: tuple[EventRow, ...]
    #: Events that no person has looked at yet: they say that something was released, no more.
    proposed: tuple[EventRow, ...]
    observation: Observation
    #: Observed share of the press that may be expected to cover the scope.
    panel: float
    #: The first moment after the period, or now where that is sooner: nothing later is known.
    end: datetime
    #: The days on which each source answered.
    answered: Answers
    #: Observed share of an agency's panel on each day.
    _daily: dict[str, Mapping[date, float]] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The period measured."""
        return self.scope.period

    @property
    def is_watched(self) -> bool:
        """Whether an absence in the scope may be called an absence."""
        return self.panel >= self.scope.threshold

    def daily(self, agency: str | None) -> Mapping[date, float]:
        """The observed share of the panel of an agency (None: all the press) on each day."""
        key = agency or ""
        if key not in self._daily:
            panel = panel_of(self.observation, agency, self.scope.register)
            self._daily[key] = _daily_shares(panel, self.answered, self.period)
        return self._daily[key]

    def watched_days(self) -> list[date]:
        """The days on which the panel of the scope was observed well enough."""
        threshold = self.scope.threshold
        return [day for day, share in self.daily(self.scope.agency).items() if share >= threshold]


def lay_ground(
    rows: Sequence[ArticleRow],
    events: Sequence[EventRow],
    scope: Scope,
    *,
    area: Area | None = None,
    volumes: Mapping[str, float] | None = None,
    nationwide: int | None = None,
    answered: Answers | None = None,
    now: datetime | None = None,
) -> Ground:
    """The ground of a scope. `rows` may reach back before the period: they tell of pre-coverage.

    `volumes` is the usual volume of each outlet a day and `nationwide` the number of stories of the
    country; without them those of `rows` are taken. `answered` are the days on which each source
    answered, in place of the scope's source-days. A period that is not over ends `now`.
    """
    period = scope.period
    usual = volumes
    if usual is None:
        usual = usual_volumes(rows, scope.source_days, period.previous())
    if answered is None:
        answered = answers(scope.source_days, period)
    observation = observed(answered, period, scope.outlets, usual)
    _, after = period.bounds()
    known = rolled_up(
        (row for row in rows if row.relevant and row.counted_at < after),
        scope.register,
        scope.as_of,
    )
    whole = in_period(known, period)
    pressed = [row for row in whole if is_press(row) and _is_in(row.areas, area)]
    if nationwide is None:
        nationwide = len({row.story_id for row in pressed})
    end = after if now is None else max(period.bounds()[0], min(after, now))
    ours = [row for row in _events(events, scope, area) if row.event.at < end]
    scoped = [row for row in whole if concerns(row, scope.agency) and _is_in(row.areas, area)]
    return Ground(
        scope=scope,
        area=area,
        listed=tuple(agencies(scope)),
        rows=tuple(scoped),
        stories=tuple(stories_of(scoped)),
        owned=tuple(row for row in whole if not is_press(row) and _is_in(row.areas, area)),
        nationwide=nationwide,
        told=_told(pressed),
        placements=by_story(sorted(filter(is_press, known), key=order)),
        events=tuple(row for row in ours if row.event.state is EventState.CONFIRMED),
        proposed=tuple(row for row in ours if row.event.state is EventState.PROPOSED),
        observation=observation,
        end=end,
        answered=answered,
        panel=panel_share(panel_of(observation, scope.agency, scope.register)),
    )


def _told(rows: Iterable[ArticleRow]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        for agency in row.focus:
            found[agency].add(row.story_id)
    return {agency: frozenset(stories) for agency, stories in found.items()}


def stories_of(rows: Iterable[ArticleRow]) -> list[Story]:
    """The press stories among the rows, by their first placement."""
    found = by_story(sorted(filter(is_press, rows), key=order))
    return [
        Story(
            id=story_id,
            rows=tuple(placements),
            chief=min(placements, key=lambda row: (not row.is_original, *order(row))),
            areas=tuple(area for area in Area if any(area in row.areas for row in placements)),
            focus=tuple(sorted({agency for row in placements for agency in row.focus})),
        )
        for story_id, placements in found.items()
    ]


def _is_in(areas: Sequence[Area], area: Area | None) -> bool:
    return area is None or area in areas


def _events(events: Iterable[EventRow], scope: Scope, area: Area | None) -> Iterable[EventRow]:
    """Those of the period and the scope that no person rejected; without an area: in every area."""
    for row in sorted(events, key=lambda row: (row.event.at, row.event.id)):
        event = row.event
        if event.state is EventState.REJECTED or not scope.period.contains(event.at):
            continue
        agency = scope.heir(event.agency_id)
        if scope.agency in (None, agency) and (not event.areas or _is_in(event.areas, area)):
            yield replace(row, event=replace(event, agency_id=agency))


def _daily_shares(
    panel: Sequence[OutletObservation], answered: Answers, period: Period
) -> dict[date, float]:
    weights = panel_weights(panel)
    total = sum(weights.values())
    shares = dict.fromkeys(period.each_day(), 0.0)
    for outlet in panel:
        if not outlet.sources or not total:
            continue
        part = weights[outlet.outlet_id] / total / outlet.sources
        for days in answered.get(outlet.outlet_id, {}).values():
            for day in days:
                shares[day] += part
    # Sums of many small parts: a day on which all answered is 1, not a hair less.
    return {day: round(share, 9) for day, share in shares.items()}


def released_by(ground: Ground) -> frozenset[str]:
    """The agencies of the scope with a portal that answered, or an event in the register."""
    return announced_by(ground) & {agency.id for agency, _ in ground.listed}


def announced_by(ground: Ground) -> frozenset[str]:
    """All agencies with a portal that answered, or an event of the ground."""
    seen = {
        outlet.outlet_id for outlet in ground.observation.outlets if outlet.source_days_observed
    }
    portals = {
        ground.scope.heir(outlet.agency)
        for outlet in ground.scope.outlets
        if outlet.kind is OutletKind.PORTAL and outlet.agency and outlet.id in seen
    }
    named = {row.event.agency_id for row in (*ground.events, *ground.proposed)}
    return frozenset(portals | named)


def local_outlets(ground: Ground, province: str) -> frozenset[str]:
    """The press outlets whose home is the province."""
    return frozenset(
        outlet.id
        for outlet in ground.scope.outlets
        if outlet.kind in PRESS_KINDS
        and outlet.level is Level.PROVINCIAL
        and outlet.province
        and ground.scope.heir(outlet.province) == province
    )
