"""A simulated week of the whole press, with faults that strike and a crawl that is killed.

    make proof-week

Every outlet of the declarations prints `--articles` a day on a local server that also fails in the
ways of `docs/faults.md`, at random outlets for random spans. The command `diembao crawl` runs every
few simulated hours (`--every`) with its clock set; `--kills` times it is killed (signal 9, with its
child) at a random moment and run again. At the end every article that was listed and served must be
stored once, with its minute, and every fault that struck must stand in the polls. Exit 1 on a
difference.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import crawlers
from cli.main import main as diembao
from domain.clock import VIETNAM, ShiftedClock, system_clock
from domain.codes import OutletKind, SourceKind
from domain.outlets import Outlet, read_outlets
from tests.fault_press.house import House
from tests.fault_press.server import FaultPress, by_host
from tests.fault_press.stories import spread, stories
from tests.fault_press.strikes import Strike, draw_strikes, under
from tests.fault_press.verdict import Verdict, judge

FIRST_DAY = datetime(2026, 9, 7, tzinfo=VIETNAM)
#: A last crawl after the week, with nothing wrong: what had to wait is made good.
_AFTERWARDS = timedelta(days=3)
#: Lists of the outlets, in turn: most have a feed, some a sitemap or section pages alone.
_LISTS: tuple[tuple[SourceKind, ...], ...] = (
    (SourceKind.FEED,),
    (SourceKind.FEED, SourceKind.SECTION),
    (SourceKind.FEED,),
    (SourceKind.SITEMAP,),
    (SourceKind.SECTION,),
)
_LISTED = 60
#: Longest time that a crawl of one step may take.
_PATIENCE = 3600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """This says how large a week is simulated."""

    outlets: int
    articles: int
    days: float
    kills: int
    seed: int
    #: Hours from one crawl to the next.
    every: float = 3
    #: Faults that strike each outlet a day, on average.
    strikes: float = 0.25


@dataclass(kw_only=True)
class Week:
    """This is what happened: the press, its troubles, the crawls."""

    houses: Sequence[House]
    strikes: Sequence[Strike]
    steps: list[datetime] = field(default_factory=list)
    killed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Kill:
    """This is a moment at which a crawl dies: some requests of it, and a little later."""

    requests: int
    seconds: float

    def strikes(self, press: FaultPress, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the moment and kill the crawl with its child; False where it ended before."""
        while press.count < self.requests:
            if process.poll() is not None:
                return False
            time.sleep(0.01)
        time.sleep(self.seconds)
        if process.poll() is not None:
            return False
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True


def press_of(size: Size) -> tuple[list[House], list[Strike]]:
    """The outlets with their articles of all days, and what will go wrong."""
    folder = Path(crawlers.__file__).parent / "outlets"
    names = [each.id for each in read_outlets(folder) if each.kind is not OutletKind.PORTAL]
    count = round(size.articles * size.days)
    span = timedelta(days=size.days)
    houses = [
        House(
            name=name,
            stories=stories(
                name, spread(FIRST_DAY, count, over=span, seed=f"{size.seed}:{name}"),
                seed=size.seed,
            ),
            lists=_LISTS[number % len(_LISTS)],
            listed=_LISTED,
        )
        for number, name in enumerate(names[: size.outlets])
    ]  # fmt: skip
    strikes = draw_strikes(
        houses, first=FIRST_DAY, days=size.days, share=size.strikes, seed=size.seed
    )
    for house in houses:
        house.twist = under([strike for strike in strikes if strike.outlet == house.name])
    return houses, strikes


def simulate(size: Size, folder: Path) -> Week:
    """Let the week pass; `folder` receives the declarations, the settings and the home."""
    houses, strikes = press_of(size)
    hosts = by_host(houses)
    hosts |= {f"m.{house.host}": house for house in houses}
    week = Week(houses=houses, strikes=strikes)
    began = time.perf_counter()
    with FaultPress(hosts, now=FIRST_DAY) as press:
        config = write_config(folder, [house.declared() for house in houses], press.url)
        draw, times = random.Random(f"kills:{size.seed}"), list(moments(size))
        fatal = set(draw.sample(times[:-1], min(size.kills, len(times) - 1)))
        expected = round(size.outlets * size.articles * size.every / 24)
        for moment in times:
            press.now = moment
            week.steps.append(moment)
            if moment in fatal:
                kill = Kill(
                    requests=press.count + draw.randint(1, expected),
                    seconds=draw.uniform(0, 1),
                )
                week.killed += crawl(config, folder, moment, killer=partial(kill.strikes, press))
            crawl(config, folder, moment)
    week.seconds = time.perf_counter() - began
    return week


def moments(size: Size) -> Iterator[datetime]:
    """When the crawls run: every few hours of the days, then after them."""
    last, step = FIRST_DAY + timedelta(days=size.days), timedelta(hours=size.every)
    at = FIRST_DAY + step
    while at <= last:
        yield at
        at += step
    yield last + _AFTERWARDS


def crawl(
    config: Path,
    folder: Path,
    moment: datetime,
    killer: Callable[[subprocess.Popen[bytes]], bool] | None = None,
) -> bool:
    """Run `diembao crawl` at a simulated moment; whether it was killed."""
    command = [
        sys.executable, "-m", "benchmarks.week", "--crawl", moment.isoformat(), str(config),
        str(folder / "home"),
    ]  # fmt: skip
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        if killer and killer(process):
            return True
        process.wait(timeout=_PATIENCE)
    # 1 alone is no fault of the program: it says so where no outlet at all was reached.
    if process.returncode not in {0, 1} or b"Traceback" in (folder / "log.txt").read_bytes():
        raise SystemExit(f"the crawl ended with {process.returncode}; see {folder / 'log.txt'}")
    return False


def crawl_at(moment: str, config: str, home: str) -> None:
    """The command itself, in this process, with its clock set."""
    clock = ShiftedClock(system_clock, datetime.fromisoformat(moment) - system_clock())
    words = ["diembao", "--config", config, "--home", home, "crawl"]
    with patch("cli.house.system_clock", clock), patch.object(sys, "argv", words):
        diembao()


def write_config(folder: Path, declared: Iterable[Outlet], proxy: str) -> Path:
    """The settings and the declarations of the simulated press."""
    outlets = folder / "outlets"
    outlets.mkdir(parents=True)
    for each in declared:
        (outlets / f"{each.id}.toml").write_text(_toml(each), encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(
        f'[crawl]\nproxy = "{proxy}"\noutlets_folder = "outlets"\ndelay_seconds = 0\n'
        "timeout_seconds = 2\nmax_page_mb = 1\nmax_feed_mb = 2\n",
        encoding="utf-8",
    )
    return path


def _toml(outlet: Outlet) -> str:
    said = outlet.model_dump(mode="json", exclude_defaults=True)
    tables = {key: said.pop(key) for key in ("domains", "sources", "layouts") if key in said}
    lines = _pairs(said)
    for name, rows in tables.items():
        for row in rows:
            lines += [f"[[{name}]]", *_pairs(row)]
    return "\n".join(lines) + "\n"


def _pairs(row: Mapping[str, object]) -> list[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()]


def show(size: Size, week: Week, verdict: Verdict) -> None:
    """Print what came of it."""
    rows = {
        "outlets": size.outlets,
        "simulated days": size.days,
        "crawls": len(week.steps),
        "crawls killed": week.killed,
        "faults that struck": len(week.strikes),
        "articles listed and served": verdict.due,
        "articles stored": verdict.stored,
        "of them whole": verdict.whole,
        "missing": len(verdict.missing),
        "stored twice": len(verdict.doubled),
        "never printed": len(verdict.foreign),
        "wrong minute": len(verdict.wrong_minute),
        "served, not stored whole": len(verdict.cut_short),
        "list faults met by a crawl": verdict.struck,
        "of them not in the polls": len(verdict.untold),
        "seconds": round(week.seconds, 1),
        "articles a second": round(verdict.stored / week.seconds, 1),
    }
    for name, value in rows.items():
        print(f"{name:<30}{value:>12}")
    for difference in verdict.differences[:40]:
        print(difference)


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate a week of the size asked; exit 1 on any difference."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--crawl"]:
        crawl_at(*given[1:])
        return
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--outlets", type=int, default=85)
    parser.add_argument("--articles", type=int, default=300, help="a day, of each outlet")
    parser.add_argument("--days", type=float, default=7)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--every", type=float, default=3, help="hours between two crawls")
    parser.add_argument("--strikes", type=float, default=0.25, help="a day, on each outlet")
    parser.add_argument("--keep", type=Path, help="a new folder to work in and keep")
    asked = parser.parse_args(given)
    size = Size(
        outlets=asked.outlets, articles=asked.articles, days=asked.days, kills=asked.kills,
        seed=asked.seed, every=asked.every, strikes=asked.strikes,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch) / "week"
        week = simulate(size, folder)
        verdict = judge(week.houses, week.strikes, week.steps, folder / "home")
    show(size, week, verdict)
    if verdict.differences:
        sys.exit(1)


if __name__ == "__main__":
    main()
