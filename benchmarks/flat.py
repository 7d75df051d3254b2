"""Memory of the clock and of the web over days of work: a stock that grows to 200,000 articles.

    make proof-staying

The clock is the real one (`scheduler.Clockwork`: alarm, table of tries, state page, a process for
each job), its hours run faster. Whenever it polls, the next made-up articles are stored and indexed
in the child; watch, measure, digest, backup, retention and the weekly word do their real work on
what is there. A web server answers a reader all the while: overview, agencies, search, areas, one
figure. What is printed is the largest resident size of each in each tenth of the story; exit 1
where the last tenth is more than a fifth above the third.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

import scheduler
from benchmarks.web import headline
from benchmarks.year import Size, _articles, _tag
from domain.agencies import read_register
from domain.clock import system_clock
from domain.settings import Settings
from domain.users import Access, User
from pipeline.context import Context
from pipeline.jobs_child import Work
from pipeline.jobs_turns import NamedWork, in_children
from pipeline.opening import watched_outlets
from storage.database import connect, database_url, kept_open, reading
from storage.declared import register_outlet
from storage.forms import init_database
from storage.job_runs import recent_tries
from storage.rows import totals
from storage.search import index_pending
from storage.tables import articles
from storage.users import add_user, open_session
from web.app import create_app
from web.serving import listen, serve
from web.visits import SESSION_COOKIE, closed, new_token

_PARTS = 10
_FLAT = 1.2
_SECRET = b"benchmark" * 4
_PAGES = (
    "/", "/agencies", "/areas", "/search?q=manh+can", "/search?q=%22tri+mong%22", "/outlets",
    "/runs", "/agencies/BNV", "/map",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FastClock:
    """This is a clock whose hours are shorter."""

    story: datetime
    began: datetime
    times: float

    def __call__(self) -> datetime:
        """The moment of the story."""
        return self.story + (system_clock() - self.began) * self.times


@dataclass(frozen=True, slots=True)
class Work72:
    """This says how large the story is."""

    hours: int
    articles: int
    story: datetime
    began: datetime
    seconds: float

    @property
    def clock(self) -> FastClock:
        """The clock of the story."""
        return FastClock(self.story, self.began, self.hours * 3600 / self.seconds)

    def due(self, now: datetime) -> int:
        """How many articles there are at a moment."""
        share = (now - self.story) / timedelta(hours=self.hours)
        return min(self.articles, int(share * self.articles))


@dataclass(frozen=True, slots=True)
class Feed:
    """This is the poll of the story: it stores and indexes what was printed since the last one."""

    story: Work72

    def __call__(self, context: Context, slot: datetime) -> None:
        """Bring the stock up to the hour."""
        with reading(context.engine) as connection:
            held = int(totals(connection)["articles"])
        wanted = self.story.due(context.clock()) - held
        if wanted <= 0:
            return
        chance = random.Random(held)
        size = Size(articles=self.story.articles, relevant=0.05, polls=4, seed=2026)
        names = [outlet.id for outlet in context.outlets]
        agencies = [each.id for each in read_register().ministries(slot.date())]
        rows = [
            {**row, "headline": " ".join(headline(chance, 12)), "indexed": False}
            for row in _articles(held, wanted, names, size, chance)
        ]
        with context.engine.begin() as connection:
            connection.execute(insert(articles), rows)
            _tag(connection, [row for row in rows if row["relevant"]], agencies, chance)
        while True:
            with context.engine.begin() as connection:
                if not index_pending(connection, limit=2000):
                    return


@dataclass(frozen=True, slots=True)
class Works:
    """This gives the work of each job: the real one, but for the poll."""

    story: Work72

    def __call__(self, job: str) -> Work:
        """The work."""
        return Feed(self.story) if job == "poll" else NamedWork(job)


def opened(home: Path, story: Work72) -> Context:
    """The installation of the story."""
    schedule = {"poll_minutes": 60, "watch_minutes": 360, "health_address": "127.0.0.1:0"}
    schedule |= {"crawl": "", "tag": ""}
    settings = Settings.model_validate({"schedule": schedule})
    return Context(
        settings=settings,
        home=home,
        engine=connect(database_url(home, "")),
        outlets=watched_outlets(settings),
        clock=story.clock,
    )


def run_clock(home: Path, story: Work72) -> None:
    """Be the clock, until told to stop."""
    # The alarm rings by the real hour: here it is looked often enough without it, and a clock
    # whose hours are shorter is no clock that was set.
    scheduler._LOOK_EVERY_SECONDS, scheduler._JUMP = 0.5, timedelta(days=99)
    context = opened(home, story)
    stopping = threading.Event()
    carry_out = in_children(context, stopping, work=Works(story))
    scheduler.Clockwork(context, carry_out, stopping).run(lambda line: None)


def run_web(home: Path, story: Work72, port: int, token: str) -> None:
    """Be the web server, until killed."""
    context = opened(home, story)
    context = replace(context, engine=kept_open(context.engine))
    with context.engine.begin() as connection:
        user = User(id=0, name="doc", full_name="", access=Access.READER)
        now = context.clock()
        number = add_user(connection, user, "none", now)
        open_session(connection, number, token, now=now, until=now + timedelta(days=99))
    serve(
        create_app(context, read_register(), _SECRET),
        context.settings.web,
        listen("127.0.0.1", port),
    )


def own_megabytes(pid: int) -> float:
    """What a process holds for itself; pages of the database that the system lends are not."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    lines = [line for line in text.splitlines() if line.startswith("RssAnon")]
    return int(lines[0].split()[1]) / 1000 if lines else 0.0


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    # Children of other threads too: the worker of the clock starts them.
    tasks = found.parent.parent
    return [int(one) for task in tasks.glob("*/children") for one in task.read_text().split()]


class Reader:
    """This is a person at the pages who never tires."""

    def __init__(self, port: int, token: str) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self._cookie = f"{SESSION_COOKIE}={closed(_SECRET, token)}"
        self.answers: Counter[int] = Counter()
        self.over = threading.Event()

    def read(self) -> None:
        """Ask page after page."""
        number = 0
        while self._ask("/healthz") != 200 and not self.over.wait(0.3):
            pass
        while not self.over.wait(0.3):
            self.answers[self._ask(_PAGES[number % len(_PAGES)])] += 1
            number += 1

    def _ask(self, path: str) -> int:
        asked = urllib.request.Request(self._root + path, headers={"Cookie": self._cookie})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                answer.read()
                return int(answer.status)
        except OSError:
            return 0


def watched(story: Work72, clock: int, web: int) -> list[dict[str, float]]:
    """The largest size of clock, web and jobs in each part of the story."""
    parts: list[dict[str, float]] = [{} for _ in range(_PARTS)]
    while (now := time.time() - story.began.timestamp()) < story.seconds:
        part = parts[min(_PARTS - 1, int(now * _PARTS / story.seconds))]
        jobs = max(map(own_megabytes, children_of(clock)), default=0.0)
        sizes = {"clock": own_megabytes(clock), "web": own_megabytes(web), "largest job": jobs}
        for name, size in sizes.items():
            part[name] = max(part.get(name, 0.0), size)
        time.sleep(0.5)
    return parts


def live(home: Path, story: Work72, port: int) -> tuple[list[dict[str, float]], Counter[int]]:
    """Let clock and web live through the story beside a reader."""
    token = new_token()
    given = [sys.executable, "-m", "benchmarks.flat", "--home", str(home), "--port", str(port)]
    given += ["--token", token, "--began", story.began.isoformat()]
    given += ["--articles", str(story.articles), "--hours", str(story.hours)]
    given += ["--seconds", str(story.seconds)]
    clock, web = (subprocess.Popen([*given, "--be", role]) for role in ("clock", "web"))
    reader = Reader(port, token)
    thread = threading.Thread(target=reader.read)
    thread.start()
    try:
        parts = watched(story, clock.pid, web.pid)
    finally:
        reader.over.set()
        thread.join()
        clock.terminate()
        clock.wait(60)
        web.kill()
        web.wait()
    return parts, reader.answers


def prepare(home: Path, story: Work72) -> None:
    """An installation that knows its outlets and nothing else."""
    context = opened(home, story)
    init_database(context.engine)
    with context.engine.begin() as connection:
        for outlet in context.outlets:
            register_outlet(connection, outlet)


def main() -> None:
    """Live through the story and print the sizes; fail where one grew."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=8799, help="of the web server, on loopback")
    for hidden in ("--be", "--token", "--began"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    story = Work72(
        hours=asked.hours,
        articles=asked.articles,
        story=datetime(2026, 7, 12, 17, tzinfo=UTC),
        began=datetime.fromisoformat(asked.began) if asked.began else system_clock(),
        seconds=asked.seconds,
    )
    if asked.be == "clock":
        run_clock(asked.home, story)
    elif asked.be == "web":
        run_web(asked.home, story, asked.port, asked.token)
    else:
        sys.exit(0 if told(story, asked.port) else 1)


def told(story: Work72, port: int) -> bool:
    """Print what came of it; whether nothing grew and every page was answered."""
    with tempfile.TemporaryDirectory(prefix="diembao-flat-") as place:
        home = Path(place)
        prepare(home, story)
        story = replace(story, began=system_clock())
        parts, answers = live(home, story, port)
        context = opened(home, story)
        with reading(context.engine) as connection:
            held = totals(connection)["articles"]
            tries = recent_tries(connection, story.story)
    ended = Counter(f"{one.job} {one.state}" for one in tries if one.state != "known")
    print(f"{story.hours} hours of the story in {story.seconds:.0f} s, {held:,} articles")
    print(f"jobs: {dict(sorted(ended.items()))}")
    print(f"pages answered: {dict(answers)}")
    print("own memory, MB at most in each tenth")
    for name in parts[-1]:
        print(f"{name:>12} " + " ".join(f"{part.get(name, 0):6.0f}" for part in parts))
    grown = [name for name in ("clock", "web") if parts[-1][name] > _FLAT * parts[2][name]]
    bad = sum(count for status, count in answers.items() if status != 200)
    if grown:
        print(f"grew: {', '.join(grown)}")
    return not grown and not bad and held >= 0.9 * story.articles


if __name__ == "__main__":
    main()
