"""What a profile is made from, read from the database in as few questions as there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from domain.agencies import AgencyRegister
from domain.codes import PRESS_KINDS, Area
from domain.events import EventRow
from domain.holidays import read_calendar
from domain.periods import Period
from domain.plans import Plan
from domain.proposals import read_proposals
from domain.records import ArticleRow
from domain.taxonomy import read_taxonomy
from measures.audit import weighed
from measures.correction import Checked
from measures.observation import answers_within, volumes_a_day
from measures.profile import Holdings
from pipeline.audit_tags import audit_by_tag
from pipeline.context import Context
from storage.database import Connection, reading
from storage.events import event_rows
from storage.review import audited
from storage.rows import article_rows, counted_by_outlet
from storage.volumes import (
    announcing_agencies,
    articles_read,
    first_counted,
    is_spoken_of,
    press_stories,
    story_days,
)
from storage.watching import Watched, watched_days

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_YEAR = timedelta(days=365)
_NO_PLAN = ""

_Stretch = tuple[datetime, datetime]


def gather(
    context: Context,
    register: AgencyRegister,
    period: Period,
    plan: Plan | None,
    *,
    agency: str | None,
    area: Area | None,
) -> Holdings:
    """Everything that the profile of the period and of those it stands beside needs."""
    ids = same_agency(register, agency, period.end) if agency else None
    with reading(context.engine) as connection:
        events = _events(connection, period, ids)
        rows = _rows(connection, period, events, ids, area)
        watched = _watched(connection, period)
        before = counted_by_outlet(connection, *period.previous().bounds())
        models = sorted({row.model_version for row in rows if row.model_version})
        return Holdings(
            rows=rows,
            watched=watched,
            events=events,
            register=register,
            outlets=context.outlets,
            calendar=read_calendar(),
            proposals=read_proposals(register, context.own_plans),
            threshold=context.settings.measure.observed_share,
            targets=dict(plan.targets) if plan else {},
            audit=_audit(connection, models, ids),
            read=_read(connection, context, period, before),
            nationwide={
                span.start: press_stories(connection, *span.bounds(), area)
                for span in _spans(period)
            },
            now=context.clock(),
            year_days=_year_days(connection, period, ids, area),
            volumes=volumes_a_day(before, answers_within(watched, period.previous())),
            announcing=announcing_agencies(connection, *period.bounds()),
            versions=_versions(register, plan, models),
        )


def same_agency(register: AgencyRegister, agency: str, day: date) -> frozenset[str]:
    """Every id whose figures stand under the agency's heir on `day`."""
    heir = register.rolled_up(agency, day)
    return frozenset(each.id for each in register.all() if register.rolled_up(each.id, day) == heir)


def _spans(period: Period) -> list[Period]:
    """The period and those it stands beside, each once."""
    return list(dict.fromkeys((period, period.previous(), period.year_before())))


def stretches(periods: Iterable[Period]) -> list[_Stretch]:
    """The time of some periods, each moment once: those that touch are one.

    >>> from domain.periods import month
    >>> july = month("2026-07")
    >>> len(stretches([july, july.previous(), july.year_before()]))
    2
    """
    found: list[_Stretch] = []
    for since, until in sorted(period.bounds() for period in periods):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return found


def _events(connection: Connection, period: Period, ids: Collection[str] | None) -> list[EventRow]:
    return [
        row
        for since, until in stretches(_spans(period))
        for row in event_rows(connection, since, until, ids)
    ]


def _rows(
    connection: Connection,
    period: Period,
    events: Sequence[EventRow],
    ids: Collection[str] | None,
    area: Area | None,
) -> list[ArticleRow]:
    """The relevant placements of the periods, and earlier ones of stories telling an event."""
    rows = {
        row.article_id: row
        for since, until in stretches(_spans(period))
        if is_spoken_of(connection, since, until)
        for row in article_rows(connection, since, until, agency=ids, area=area, relevant_only=True)
    }
    linked = {story for row in events for story in row.stories}
    if linked:
        told = article_rows(
            connection, _LONG_AGO, period.bounds()[1], stories=linked, relevant_only=True
        )
        rows |= {row.article_id: row for row in told}
    return list(rows.values())


def _watched(connection: Connection, period: Period) -> Watched:
    """The days on which each source answered, over all the periods."""
    found: dict[str, dict[str, dict[date, bool]]] = defaultdict(lambda: defaultdict(dict))
    for since, until in stretches(_spans(period)):
        for outlet, by_source in watched_days(connection, since, until).items():
            for source, days in by_source.items():
                found[outlet][source] |= days
    return found


def _read(
    connection: Connection, context: Context, period: Period, before: Mapping[str, int]
) -> dict[date, int]:
    """How many press articles of any subject were read, by first day of the period."""
    press = [outlet.id for outlet in context.outlets if outlet.kind in PRESS_KINDS]
    read = {
        span.start: articles_read(connection, *span.bounds(), press)
        for span in (period, period.year_before())
    }
    return read | {period.previous().start: sum(before.get(outlet, 0) for outlet in press)}


def _audit(
    connection: Connection, models: Collection[str], ids: frozenset[str] | None
) -> dict[str, list[Checked]]:
    sample, drawn = audited(connection)
    own = [one for one in weighed(sample, drawn) if one.model_version in models]
    return audit_by_tag(own, ids or frozenset())


def _year_days(
    connection: Connection, period: Period, ids: Collection[str] | None, area: Area | None
) -> list[date]:
    """The days of the year up to the end with a story of the agency; none without a whole year."""
    after = period.bounds()[1]
    since = after - _YEAR
    oldest = first_counted(connection)
    if ids is None or oldest is None or oldest > since:
        return []
    return story_days(connection, since, after, ids, area)


def _versions(register: AgencyRegister, plan: Plan | None, models: Sequence[str]) -> dict[str, str]:
    return {
        "model": ", ".join(models),
        "register": register.version,
        "taxonomy": read_taxonomy().version,
        "plan": plan.id if plan else _NO_PLAN,
    }
