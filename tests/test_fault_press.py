"""All faults at once through the whole program, then lifted: what is recorded, kept and lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from domain.clock import VIETNAM, ShiftedClock, system_clock
from domain.codes import SourceState
from domain.outlets import OutletBook
from domain.settings import CrawlSettings, Settings
from pipeline.collecting import crawl_only
from pipeline.context import Context
from pipeline.health import outlet_states
from pipeline.opening import open_context
from storage.database import reading
from storage.tables import articles, polls, sources, versions
from tests.fault_press.faults import DIRECT, FAULTS, LASTING, Fault, Held
from tests.fault_press.house import LIST_PATHS, House
from tests.fault_press.server import Asked, FaultPress, by_host
from tests.fault_press.stories import stories
from tests.fault_press.table import PAGE, table
from tests.fault_press.twists import FIRST_CRAWL, PRINTED, SECOND_CRAWL, THIRD_CRAWL

SETTINGS = CrawlSettings(
    delay_seconds=0,
    timeout_seconds=1.0,
    max_feed_mb=2,
    max_page_mb=1,
    max_minutes=1,
    contact="lienhe@bao.vn",
)


MINUTE = timedelta(minutes=1)


@dataclass
class Stored:
    """This is what the database holds after one crawl, by outlet."""

    articles: dict[str, list[Any]] = field(default_factory=dict)
    polls: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class Run:
    """This is the whole story: the press, and what was stored after each crawl."""

    press: FaultPress
    houses: dict[str, House]
    stored: list[Stored]
    versions: dict[int, int]
    #: What the health page called each outlet after each crawl.
    states: list[dict[str, SourceState]]
    #: Requests of the first crawl, by outlet's host.
    first: dict[str, list[Asked]]


def house_of(fault: Fault, **changes: Any) -> House:
    return House(
        name=fault.name,
        stories=stories(fault.name, PRINTED),
        lists=(fault.kind,),
        twist=fault.twist,
        **(dict(fault.house) | changes),
    )


def at_moment(context: Context, moment: datetime, press: FaultPress | None) -> Context:
    if press is not None:
        press.now = moment
    return Context(
        settings=context.settings,
        home=context.home,
        engine=context.engine,
        outlets=context.outlets,
        clock=ShiftedClock(system_clock, moment - system_clock()),
    )


def opened(home: Path, houses: list[House], tmp: Path, **crawl: Any) -> Context:
    empty = tmp / "declared"
    empty.mkdir()
    context = open_context(
        Settings(crawl=SETTINGS.model_copy(update=crawl)),
        home,
        clock=system_clock,
        create=True,
        outlets_folder=empty,
    )
    book = OutletBook([house.declared() for house in houses])
    return Context(
        settings=context.settings, home=home, engine=context.engine, outlets=book,
        clock=system_clock,
    )  # fmt: skip


def stored_now(context: Context) -> Stored:
    found = Stored()
    with reading(context.engine) as connection:
        for row in connection.execute(select(articles).order_by(articles.c.url)):
            found.articles.setdefault(row.outlet_id, []).append(row)
        joined = select(polls, sources.c.outlet_id).join(sources).order_by(polls.c.at)
        for row in connection.execute(joined):
            found.polls.setdefault(row.outlet_id, []).append(row)
    return found


def lift(houses: list[House]) -> None:
    for house in houses:
        if house.name not in LASTING:
            house.twist = None


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    tmp = tmp_path_factory.mktemp("faults")
    houses = [house_of(fault) for fault in FAULTS]
    hosts = by_host(houses)
    for house in houses:
        hosts |= dict.fromkeys([f"m.{house.host}", *house.aliases], house)
    with FaultPress(hosts, now=FIRST_CRAWL) as press:
        context = opened(tmp / "home", houses, tmp, proxy=press.url)
        crawl_only(at_moment(context, FIRST_CRAWL, press))
        stored = [stored_now(context)]
        states = [outlet_states(at_moment(context, FIRST_CRAWL + MINUTE, press))]
        first = {house.name: press.asked(house.host) for house in houses}
        lift(houses)
        for moment in (SECOND_CRAWL, THIRD_CRAWL):
            crawl_only(at_moment(context, moment, press))
            stored.append(stored_now(context))
            states.append(outlet_states(at_moment(context, moment + MINUTE, press)))
        with reading(context.engine) as connection:
            kept: dict[int, int] = {}
            for row in connection.execute(select(versions.c.article_id)):
                kept[row.article_id] = kept.get(row.article_id, 0) + 1
        yield Run(press, {house.name: house for house in houses}, stored, kept, states, first)


each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@each_fault
def test_the_poll_says_what_happened(run: Run, fault: Fault) -> None:
    told = run.stored[0].polls[fault.name]
    # A try that was made again leaves a poll of its own.
    ends = [poll for poll in told if poll.outcome in fault.poll]
    assert ends, [(poll.outcome, poll.detail) for poll in told]
    assert fault.detail in ends[-1].detail
    for poll in told:
        assert poll.outcome != "ok" or "ok" in fault.poll
        assert poll.detail or poll.outcome == "ok" or poll.outcome.startswith("http_")


@each_fault
def test_the_list_is_asked_as_often_as_said(run: Run, fault: Fault) -> None:
    asked = [one for one in run.first[fault.name] if one.path == LIST_PATHS[fault.kind]]
    assert len(asked) == fault.asks


@each_fault
def test_the_health_page_knows_it_and_when_it_is_over(run: Run, fault: Fault) -> None:
    assert run.states[0][fault.name] is fault.health
    assert run.states[-1][fault.name] is SourceState.OK


@each_fault
def test_meanwhile_what_was_listed_and_served_is_stored(run: Run, fault: Fault) -> None:
    house, rows = run.houses[fault.name], run.stored[0].articles.get(fault.name, [])
    if fault.held is Held.NONE:
        assert rows == []
        return
    urls, stored = sorted(house.url(story) for story in house.stories), [row.url for row in rows]
    if fault.held is Held.SOME:
        assert set(stored) <= set(urls)
        return
    assert stored == urls
    assert {row.content for row in rows} == {"page" if fault.held is Held.PAGES else "feed"}
    if fault.page:
        assert {row.page_outcome for row in rows} <= set(fault.page)
    times = {house.url(story): story.at if fault.timed else None for story in house.stories}
    assert {row.url: row.published_at for row in rows} == times


@each_fault
def test_in_the_end_everything_is_stored_once_with_its_minute(run: Run, fault: Fault) -> None:
    house, rows = run.houses[fault.name], run.stored[-1].articles.get(fault.name, [])
    assert [row.url for row in rows] == sorted(house.url(story) for story in house.stories)
    by_url = {house.url(story): story for story in house.stories}
    for row in rows:
        story = by_url[row.url]
        assert row.published_at == story.at, row.date_raw
        assert row.headline == story.headline
        assert row.content == ("page" if fault.versions == 1 else "feed")
        assert row.version == fault.versions
        assert run.versions.get(row.id, 0) == fault.versions - 1


def test_nobody_asks_inside_and_a_withdrawn_page_is_not_fetched_again(run: Run) -> None:
    assert "169.254.169.254" not in run.press.hosts_asked()
    gone = run.houses["withdrawn"]
    for story in gone.stories:
        assert len(run.press.asked(gone.host, story.path)) == 1


def test_a_crawl_delay_is_kept(run: Run) -> None:
    ticks = [one.tick for one in run.first["crawl_delay"] if one.path != "/robots.txt"]
    assert len(ticks) == 1 + len(PRINTED)
    # What is timed is the arrival: one that came late brings the next nearer, never two of them.
    late = 0.3
    for (i, earlier), (k, later) in combinations(enumerate(ticks), 2):
        assert later - earlier >= (k - i) - late


def test_an_item_without_a_link_is_counted(run: Run) -> None:
    assert run.stored[0].polls["item_without_link"][0].malformed == 1


def test_what_no_proxy_can_show_is_recorded_and_made_good(tmp_path: Path) -> None:
    refused, unknown = DIRECT
    with FaultPress({}, now=FIRST_CRAWL) as probe:
        free = probe.port
    here = house_of(refused, host=f"127.0.0.1:{free}")
    nowhere = house_of(unknown, host="khong-co-bao-nay.test")
    allowed = {"allow_private_hosts": ("127.0.0.1",), "timeout_seconds": 3.0}
    context = opened(tmp_path / "home", [here, nowhere], tmp_path, **allowed)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("http_proxy", raising=False)
        crawl_only(at_moment(context, FIRST_CRAWL, None))
        found = stored_now(context)
        assert found.articles == {}
        for fault in DIRECT:
            assert {poll.outcome for poll in found.polls[fault.name]} & set(fault.poll)
        with FaultPress({here.host: here}, now=SECOND_CRAWL, port=free) as press:
            crawl_only(at_moment(context, SECOND_CRAWL, press))
    rows = stored_now(context).articles["refused"]
    assert [row.url for row in rows] == sorted(here.url(story) for story in here.stories)
    assert {row.published_at for row in rows} == {story.at for story in here.stories}


def test_faults_are_many_and_named_once() -> None:
    names = [fault.name for fault in (*FAULTS, *DIRECT)]
    assert len(names) >= 30
    assert len(set(names)) == len(names)


def test_the_page_about_faults_is_made_from_them() -> None:
    made = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    assert made == table(), "run: python -m tests.fault_press.table"


def test_the_press_prints_by_its_own_clock() -> None:
    house = House(name="dong_ho", stories=stories("dong_ho", PRINTED))
    assert house.printed(PRINTED[0] - timedelta(minutes=1)) == []
    assert [story.at for story in house.printed(PRINTED[1])] == [PRINTED[1], PRINTED[0]]
    assert PRINTED[0].tzinfo is VIETNAM


def test_two_days_of_strikes_and_kills_lose_nothing() -> None:
    size = "--outlets 6 --articles 20 --days 2 --kills 4 --seed 5 --every 12 --strikes 1"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.week", *size.split()],
        cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=170,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines())
    assert int(told["articles listed and served"]) >= 200
    assert int(told["list faults met by a crawl"]) >= 3
    assert int(told["crawls killed"]) >= 1
