"""The replay of an archive of feeds, beside `feedparser.parse` alone on the same snapshots.

    make bench-replay

Both run in this one call, each in a process of its own, one after the other, `--rounds` times in
turn; medians are printed. "feedparser alone" reads the archive first and times only the calls of
`feedparser.parse(body)`; "replay" is the whole command `diembao run --replay` on an empty home:
start of Python, reading, storing, tagging, grouping, indexing, the day's digest.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_PARSE_ALONE = """
import sys, time
import feedparser
from warcio.archiveiterator import ArchiveIterator
with open(sys.argv[1], "rb") as stream:
    records = (record for record in ArchiveIterator(stream) if record.rec_type == "response")
    bodies = [record.content_stream().read() for record in records]
start, items = time.perf_counter(), 0
for body in bodies:
    items += len(feedparser.parse(body).entries)
print(time.perf_counter() - start, items)
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replay:
    """This is one replay as measured from outside."""

    seconds: float
    peak_mb: float
    summary: dict[str, object]


def parse_alone(archive: Path) -> tuple[float, int]:
    """Seconds of feedparser on all snapshots of the archive, and the items it gave."""
    done = subprocess.run(
        [sys.executable, "-c", _PARSE_ALONE, str(archive)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, items = done.stdout.split()
    return float(seconds), int(items)


def replay(archive: Path, home: Path, config: Path) -> Replay:
    """One whole `diembao run --replay` on an empty home, timed as a process."""
    command = [
        str(Path(sys.executable).with_name("diembao")),
        "--config", str(config), "--home", str(home), "run", "--json", "--replay", str(archive),
    ]  # fmt: skip
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    # wait4 tells the peak memory of this one process, not of all children so far.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"the replay failed with status {os.waitstatus_to_exitcode(status)}")
    return Replay(seconds=seconds, peak_mb=_megabytes(usage), summary=json.loads(said))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def main() -> None:
    """Print both, side by side, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    alone, whole = [], []
    for round_number in range(1, arguments.rounds + 1):
        seconds, items = parse_alone(arguments.archive)
        home = Path(tempfile.mkdtemp(prefix="diembao-bench-"))
        try:
            replayed = replay(arguments.archive, home, arguments.config)
            size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
        finally:
            shutil.rmtree(home)
        alone.append(seconds)
        whole.append(replayed.seconds)
        print(
            f"round {round_number}: feedparser alone {seconds:.1f} s for {items:,} items; "
            f"replay {replayed.seconds:.1f} s, ratio {replayed.seconds / seconds:.2f}, "
            f"peak {replayed.peak_mb:.0f} MB, home {size / 1e6:.0f} MB"
        )
    ratios = [b / a for a, b in zip(alone, whole, strict=True)]
    print(
        f"median: feedparser alone {median(alone):.1f} s, replay {median(whole):.1f} s, "
        f"ratio {median(ratios):.2f} (bound: 5)"
    )


if __name__ == "__main__":
    main()
