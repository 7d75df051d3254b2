"""The pieces of work that an engine carries: each does a part, and done twice it changes nothing.

The embedded engine does them one after the other in the process that asks; the one in
`pipeline.engine_postgres` hands them to workers. The stages they call do not know which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.agencies import AgencyRegister, read_register
from domain.clock import VIETNAM
from domain.outlets import OutletBook
from domain.plans import read_plans
from nlp.event_links import link
from pipeline.collecting import crawl_only
from pipeline.context import Context
from pipeline.crawl import EVERYTHING, RESUMED
from pipeline.events import renew_events
from pipeline.group import group
from pipeline.index import index
from pipeline.jobs import JOBS
from pipeline.jobs_child import said_of
from pipeline.jobs_reporting import REPORTS
from pipeline.models import open_tagger
from pipeline.notices import Notice, over, tell
from pipeline.own_outlets import OutletsAnew
from pipeline.tag import Tags, tag
from storage.database import was_away
from storage.tables import ID_SPAN

#: Parts into which tagging is cut: numbers of articles are digests, so the parts are even.
TAG_PARTS: Final = 8
#: An event is linked anew so long after its day: a story may still come.
_LINKED_AGAIN = timedelta(days=62)


@dataclass
class Bench:
    """This is one installation and what its work needs, loaded when it is first needed."""

    #: As it was when the worker began.
    given: Context
    _register: AgencyRegister | None = None
    _tagger: Tags | None = None
    #: The outlets that the tagger was told of.
    _told: OutletBook | None = None

    def __post_init__(self) -> None:
        self._outlets = OutletsAnew(self.given)

    @property
    def context(self) -> Context:
        """The installation with the outlets that are declared now."""
        return self._outlets.current()

    def register(self) -> AgencyRegister:
        """The register of agencies."""
        self._register = self._register or read_register()
        return self._register

    def tagger(self) -> Tags:
        """The tagger with its models."""
        context = self.context
        if self._tagger is None or self._told is not context.outlets:
            self._tagger = open_tagger(context.settings, self.register(), context.outlets)
            self._told = context.outlets
        return self._tagger


def crawl_outlets(context: Context, outlet_ids: Sequence[str], *, due_only: bool) -> int:
    """Ask outlets and store what came; how many articles are new or changed."""
    # No one else crawls these outlets now: pages nobody came to were left by a worker that is gone.
    asking = RESUMED if due_only else EVERYTHING
    _, tally = crawl_only(context.watching(outlet_ids), asking=asking)
    return tally.new + tally.updated + tally.page_new + tally.page_updated


def tag_part(bench: Bench, part: int) -> int:
    """Tag one of `TAG_PARTS` parts of what is not tagged yet; how many articles."""
    first, until = ID_SPAN * part // TAG_PARTS, ID_SPAN * (part + 1) // TAG_PARTS
    return tag(bench.context, bench.tagger(), first=first, until=until)


def group_new(bench: Bench) -> int:
    """Group, link and index what is not yet; how many articles were grouped."""
    context = bench.context
    grouped = group(context)
    since = context.clock() - _LINKED_AGAIN
    renew_events(context, bench.register(), read_plans(context.own_plans), link, since=since)
    index(context)
    return grouped


def make_report(bench: Bench, job: str, slot: datetime) -> None:
    """Make a report of the timetable for the moment it was meant for.

    The clock only hands it out: that it could not be made is told from here.
    """
    context, trouble = bench.context, f"worker:{job}"
    try:
        REPORTS[job](context, slot)
    except Exception as error:
        if not was_away(error):  # else nothing can be kept, and it is done as soon as it is back
            tell(context, _not_made(job, slot, trouble, error))
        raise
    over(context, [trouble])


def _not_made(job: str, slot: datetime, trouble: str, error: Exception) -> Notice:
    moment = f"{slot.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return Notice(
        kind="job",
        key=trouble,
        subject=f"Việc không thành: {JOBS[job]}",
        text=f"Lượt “{job}” của {moment} đã giao cho worker, worker không làm được. "
        f"{said_of(error)} Hàng đợi còn giao lại, mỗi lần cách nhau lâu hơn; khi làm được thì "
        "không có thư nào nữa.",
    )
