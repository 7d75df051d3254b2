"""The register of official events: brought in, proposed, decided, linked to stories.

An event is proposed by a machine or brought in by a person; only a person confirms it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from crawlers.addresses import canonical_address
from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import DatePrecision
from domain.errors import UsageError
from domain.events import (
    EventKind,
    EventLink,
    EventOrigin,
    EventState,
    OfficialEvent,
    StoryText,
)
from domain.plans import Plan
from pipeline.context import Context
from pipeline.event_file import read_event_file
from pipeline.record import on_record
from pipeline.row_files import RowError
from storage.database import Connection, reading
from storage.event_links import correct_link, store_links, story_of
from storage.events import add_events, decide_events, known_events, list_events, must_exist
from storage.releases import (
    portal_releases,
    repeated_releases,
    story_texts,
    undated_releases,
)
from storage.tables import article_id

#: What says which stories report which events.
Link = Callable[[Sequence[OfficialEvent], Sequence[StoryText]], list[EventLink]]
#: Stories are read so far around an event: a day or two more than linking looks at.
AHEAD = timedelta(days=5)
BEHIND = timedelta(days=32)
#: Events so close together are linked at one go, so that texts are read once.
_GO = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """This is what bringing events in did."""

    new: int
    known: int
    errors: tuple[RowError, ...] = ()
    #: Headings of columns that were not used.
    unused: tuple[str, ...] = ()
    #: What was taken for granted.
    remarks: tuple[str, ...] = ()
    #: Rows that tell an event once more, and which row tells it first.
    repeated: tuple[str, ...] = ()


def import_events(
    context: Context,
    register: AgencyRegister,
    path: Path,
    *,
    told: Mapping[str, str],
    confirmed_by: str = "",
    dry_run: bool = False,
) -> Added:
    """Bring in a file of events; with `confirmed_by` they are confirmed at once by that person."""
    now = context.clock()
    file = read_event_file(path, register, told=told, now=now)
    events = [event for _, event in file.events]
    if confirmed_by:
        events = [
            replace(event, state=EventState.CONFIRMED, decided_by=confirmed_by, decided_at=now)
            for event in events
        ]
    new = _count_new(context, events) if dry_run else _add(context, "events import", events, now)
    return Added(
        new=new,
        known=len(events) - new,
        errors=file.errors,
        unused=file.unused,
        remarks=file.remarks,
        repeated=file.repeated,
    )


def _add(context: Context, kind: str, events: Sequence[OfficialEvent], now: datetime) -> int:
    with on_record(context, kind) as counts:
        with context.engine.begin() as connection:
            new = sum(map(bool, add_events(connection, events, now=now)))
        counts |= {"events": len(events), "new": new}
    return new


def _count_new(context: Context, events: Sequence[OfficialEvent]) -> int:
    with reading(context.engine) as connection:
        return known_events(connection, events).count(False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    """This is what looking for events did."""

    releases: Added
    milestones: Added
    #: Portal articles that carry no day, so that none can be an event.
    undated: int


def propose_events(
    context: Context,
    register: AgencyRegister,
    plans: Iterable[Plan],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Proposed:
    """Propose the releases on agencies' portals and the milestones that plans set."""
    with on_record(context, "events propose") as counts:
        done = _propose_all(context, list(milestones_of(plans, register)), since, until)
        counts |= {
            "releases": done.releases.new,
            "milestones": done.milestones.new,
            "undated": done.undated,
        }
    return done


def renew_events(
    context: Context,
    register: AgencyRegister,
    plans: Iterable[Plan],
    link: Link,
    *,
    since: datetime | None,
) -> tuple[Proposed, Linked]:
    """Propose and link what is new since then (None: ever); for a run that is on record already."""
    proposed = _propose_all(context, list(milestones_of(plans, register)), since, None)
    return proposed, _link_all(context, link, since, None)


def _propose_all(
    context: Context,
    milestones: Sequence[OfficialEvent],
    since: datetime | None,
    until: datetime | None,
) -> Proposed:
    now = context.clock()
    with context.engine.begin() as connection:
        return Proposed(
            releases=_propose(connection, portal_releases(connection, since, until), now),
            milestones=_propose(connection, milestones, now),
            undated=undated_releases(connection, since, until),
        )


def _propose(connection: Connection, events: Sequence[OfficialEvent], now: datetime) -> Added:
    new = sum(map(bool, add_events(connection, events, now=now)))
    return Added(new=new, known=len(events) - new)


def milestones_of(plans: Iterable[Plan], register: AgencyRegister) -> Iterator[OfficialEvent]:
    """The milestones of plans as proposed events; an agency not known is a `UsageError`."""
    for plan in plans:
        for milestone in plan.milestones:
            try:
                register.get(milestone.agency)
            except UsageError as error:
                raise UsageError(f"Kế hoạch {plan.id}, mốc {milestone.id}: {error}") from error
            yield OfficialEvent(
                kind=EventKind.MILESTONE,
                agency_id=milestone.agency,
                title=milestone.title,
                at=datetime.combine(milestone.day, time(), VIETNAM),
                precision=DatePrecision.DAY,
                areas=milestone.areas,
                origin=EventOrigin.PLAN,
                plan_item=f"{plan.id}/{milestone.id}",
            )


def decide(context: Context, ids: Sequence[int], state: EventState, *, by: str) -> int:
    """Let a person confirm or reject events; how many changed."""
    with on_record(context, "events decide") as counts:
        with context.engine.begin() as connection:
            changed = decide_events(connection, ids, state, by=by, at=context.clock())
        counts |= {"changed": changed}
    return changed


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """This is what linking did."""

    events: int
    links: int


def link_events(
    context: Context,
    link: Link,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Linked:
    """Link the events of [since, until) to stories anew; what people decided stays."""
    with on_record(context, "events link") as counts:
        done = _link_all(context, link, since, until)
        counts |= {"events": done.events, "links": done.links}
    return done


def _link_all(
    context: Context, link: Link, since: datetime | None, until: datetime | None
) -> Linked:
    with reading(context.engine) as connection:
        found = list_events(connection, since=since, until=until)
    events = [event for event in found if event.state is not EventState.REJECTED]
    links = 0
    for done, group in _goes(events):
        with reading(context.engine) as connection:
            stories = story_texts(connection, group[0].at - AHEAD, group[-1].at + BEHIND)
            repeated = repeated_releases(connection, group)
        # Comparing happens outside the transaction: nobody need wait for it.
        made = _surest([*repeated, *_compare(link, group, stories)])
        with context.engine.begin() as connection:
            links += store_links(connection, [event.id for event in group], made)
        context.progress("Nối sự kiện", done, len(events))
    return Linked(events=len(events), links=links)


def _compare(
    link: Link, group: Sequence[OfficialEvent], stories: Sequence[StoryText]
) -> Iterator[EventLink]:
    """Links by the first text of each story, then by its others: they crowd out no story."""
    firsts: dict[int, StoryText] = {}
    for text in stories:
        firsts.setdefault(text.id, text)
    yield from link(group, list(firsts.values()))
    yield from link(group, [text for text in stories if text is not firsts[text.id]])


def _surest(links: Iterable[EventLink]) -> list[EventLink]:
    """One link an event and story: the surest, of equally sure ones the first."""
    best: dict[tuple[int, int], EventLink] = {}
    for each in links:
        pair = each.event_id, each.story_id
        if pair not in best or each.score > best[pair].score:
            best[pair] = each
    return list(best.values())


def _goes(events: Sequence[OfficialEvent]) -> Iterator[tuple[int, list[OfficialEvent]]]:
    """The events in groups close in time, each with how many are done after it."""
    group: list[OfficialEvent] = []
    for done, event in enumerate(events):
        if group and event.at - group[0].at > _GO:
            yield done, group
            group = []
        group.append(event)
    if group:
        yield len(events), group


def correct_links(
    context: Context, event_id: int, told: Sequence[str], *, reports: bool, by: str
) -> int:
    """Keep a person's word on articles, told by address or number; how many were told."""
    with on_record(context, "events correct") as counts:
        with context.engine.begin() as connection:
            must_exist(connection, [event_id])
            for each in told:
                story = story_of(connection, _article_number(each))
                if story is None:
                    raise UsageError(
                        f"Không có bài “{each}” trong cơ sở dữ liệu. Ghi địa chỉ hoặc số của bài "
                        "như “diembao search” in ra."
                    )
                correct_link(
                    connection, event_id, story, reports=reports, by=by, at=context.clock()
                )
        counts |= {"event": event_id, "articles": len(told)}
    return len(told)


def _article_number(told: str) -> int:
    if told.isdecimal():
        return int(told)
    try:
        return article_id(canonical_address(told))
    except ValueError as error:
        raise UsageError(f"{error}. Ghi địa chỉ đầy đủ của bài, hoặc số của bài.") from error
