"""A year's report and evidence pack from small and large databases: seconds and peak memory.

    python -m benchmarks.reports --articles 30000 150000 300000
    python -m benchmarks.reports --articles 1000000 --month

Each database is made up as for `benchmarks.year`. Without `--month` the files of a year are made,
of the whole country; with it those of one agency's month, all five formats. Every run is a process
of its own, started as a user starts it, so that its memory is its own and its start is counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import crawlers
from benchmarks.year import Size, build
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.outlets import read_outlets
from storage.database import connect
from storage.forms import init_database

_START = "import sys; from cli.main import main; sys.argv[0] = 'diembao'; sys.exit(main())"
_YEAR = ("--period", "2026-nam")
_MONTH = ("--month", "2026-07", "--agency", "BNV")
_ALL = "xlsx,docx,csv,json,parquet"


def made_up(folder: Path, size: Size) -> None:
    """Fill a home folder with a made-up year."""
    register = read_register()
    day = datetime(2026, 12, 31, tzinfo=VIETNAM).date()
    agencies = [each.id for each in (*register.ministries(day), *register.provinces(day))]
    engine = connect(f"sqlite:///{folder / 'diembao.sqlite'}")
    init_database(engine)
    build(engine, size, read_outlets(Path(crawlers.__file__).parent / "outlets"), agencies)
    engine.dispose()


def run(home: Path, *command: str) -> tuple[float, float]:
    """Seconds by the clock and megabytes at the peak of one command."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", _START, "--home", str(home), *command, "--out", str(home / "ra")],
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}: exit {child.returncode}")
    return time.perf_counter() - started, used.ru_maxrss / 1024


def main() -> None:
    """Print a line for each size and command."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--articles", type=int, nargs="+", default=[30_000, 150_000, 300_000])
    asked.add_argument("--relevant", type=float, default=0.02)
    asked.add_argument("--polls", type=int, default=1)
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--month", action="store_true")
    given = asked.parse_args()
    commands = {
        "a year's report": ("export", *_YEAR, "--format", _ALL),
        "a year's pack": ("evidence", "make", *_YEAR),
    }
    if given.month:
        commands = {"one agency's month, five formats": ("export", *_MONTH, "--format", _ALL)}
    for articles in given.articles:
        with tempfile.TemporaryDirectory() as folder:
            size = Size(
                articles=articles, relevant=given.relevant, polls=given.polls, seed=given.seed
            )
            made_up(Path(folder), size)
            for name, command in commands.items():
                seconds, megabytes = run(Path(folder), *command)
                print(f"{articles:>9,} articles  {name}: {seconds:.1f} s, {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
