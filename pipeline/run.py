"""The main job: collect, store, tag, group, index, write the day's digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from crawlers.crawl_records import CrawlOutcome
from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM
from domain.outlets import OutletBook
from domain.plans import read_plans
from domain.written import number
from nlp.event_links import link
from pipeline.collecting import collected, crawl_only, crawl_problems
from pipeline.context import Context
from pipeline.crawl import anything_due, due_now
from pipeline.digest import write_day
from pipeline.events import renew_events
from pipeline.group import group
from pipeline.index import index
from pipeline.models import open_tagger
from pipeline.record import on_record
from pipeline.tag import Tags, tag
from pipeline.tally import Tally
from storage.database import reading
from storage.rows import last_counted, totals
from storage.tag_inputs import tagged_by_another

#: An event is linked anew so long after its day: a story may still come.
_LINKED_AGAIN = timedelta(days=62)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """This is what the stages after collecting did."""

    tagged: int
    grouped: int
    indexed: int
    #: Official events that were proposed, and links of events to stories that hold.
    proposed: int
    linked: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSummary:
    """This is what a run did, for the person or the log that reads it."""

    #: The outlets that are watched.
    outlets: OutletBook
    #: What the network gave; None in a replay.
    crawl: CrawlOutcome | None
    tally: Tally
    read: Read
    #: All that is stored now: articles, relevant ones, stories.
    stored: dict[str, int]
    digests: tuple[Path, ...]
    #: What went wrong, each with what to do; empty where all went well.
    problems: tuple[str, ...]


def run(
    context: Context, *, replay: Sequence[Path] = (), register: AgencyRegister | None = None
) -> RunSummary:
    """Do the main job: from the network, or from the WARC files of `replay`."""
    register = register or read_register()
    with on_record(context, "replay" if replay else "run") as counts:
        crawl, tally = collected(context, replay)
        tagger = open_tagger(context.settings, register, context.outlets)
        since = None if replay else context.clock() - _LINKED_AGAIN
        read = read_new(context, tagger, register, events_since=since)
        with reading(context.engine) as connection:
            stored = totals(connection)
            newest = last_counted(connection)
        day = _digest_day(context, newest if replay else None)
        digests = write_day(context, register, day) if stored["articles"] else ()
        problems = (*tally.problems, *(crawl_problems(crawl) if crawl else ()))
        counts |= tally.as_counts() | stored
        counts |= {"tagged": read.tagged, "grouped": read.grouped, "linked": read.linked}
        counts["problems"] = list(problems)
    return RunSummary(
        outlets=context.outlets,
        crawl=crawl,
        tally=tally,
        read=read,
        stored=stored,
        digests=digests,
        problems=problems,
    )


def tag_only(context: Context, *, retag: bool = False) -> Read:
    """Tag, group and index what is stored."""
    with on_record(context, "tag") as counts:
        register = read_register()
        tagger = open_tagger(context.settings, register, context.outlets)
        since = context.clock() - _LINKED_AGAIN
        read = read_new(context, tagger, register, events_since=since, retag=retag)
        counts |= {"tagged": read.tagged, "grouped": read.grouped, "indexed": read.indexed}
    return read


def read_new(
    context: Context,
    tagger: Tags,
    register: AgencyRegister,
    *,
    events_since: datetime | None,
    retag: bool = False,
) -> Read:
    """The stages after collecting; each takes up what is not done yet.

    Events are proposed and linked from a moment on: later coverage may still come to them.
    """
    if not retag:
        _tell_of_change(context, tagger)
    tagged = tag(context, tagger, retag=retag)
    grouped = group(context)
    plans = read_plans(context.own_plans)
    proposed, linked = renew_events(context, register, plans, link, since=events_since)
    return Read(
        tagged=tagged,
        grouped=grouped,
        indexed=index(context),
        proposed=proposed.releases.new + proposed.milestones.new,
        linked=linked.links,
    )


def poll_due(context: Context) -> tuple[CrawlOutcome | None, Tally]:
    """Collect from the sources whose turn it is and read what came; without any, do nothing.

    A crawl that was cut short is taken up again: the pages that it did not come to are asked for.
    """
    asking = due_now(context)
    if not anything_due(context, asking):
        return None, Tally()
    crawl, tally = crawl_only(context, asking=asking)
    if tally.new or tally.updated or tally.page_new or tally.page_updated:
        tag_only(context)
    return crawl, tally


def _tell_of_change(context: Context, tagger: Tags) -> None:
    """After a change of the model the first run takes longer: say why."""
    with reading(context.engine) as connection:
        waiting = tagged_by_another(connection, tagger.version)
    if waiting:
        context.remark(f"Mô hình gắn nhãn đã đổi; gắn lại {number(waiting)} bài đã lưu.")


def _digest_day(context: Context, newest: datetime | None) -> date:
    """Today; in a replay, the last day of what was replayed."""
    moment = newest or context.clock()
    return moment.astimezone(VIETNAM).date()
