"""Memory of a long crawl: 20,000 pages through every step, each process's size as it goes.

    make proof-memory

The press on loopback serves the pages; the project crawls, archives, extracts and stores them into
an empty home. Each second the resident size of each of its processes is read; what is printed is
the largest in each tenth of the crawl, by the articles stored.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pages import press

_PARTS = 10
#: The last part may be so much larger than the third, when every process is at work.
_FLAT = 1.15


def sizes(root: int) -> dict[str, float]:
    """Megabytes of each process under one, by what it does."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss=,args="], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = {}
    known = {root}
    for line in sorted(listed.stdout.splitlines(), key=lambda line: int(line.split()[0])):
        pid, parent, size, args = line.split(None, 3)
        if int(pid) not in known and int(parent) not in known:
            continue
        known.add(int(pid))
        if "resource_tracker" not in args:
            found[f"{_role(int(pid) == root, args)} {pid}"] = int(size) / 1000
    return found


def _role(is_root: bool, args: str) -> str:
    if is_root:
        return "writer"
    return "child" if re.search(r"spawn_main", args) else "other"


def stored(home: Path) -> int:
    """Articles with a text, by now."""
    database = home / "diembao.sqlite"
    if not database.exists():
        return 0
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        try:
            count: int = connection.execute("select count(*) from bodies").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # the tables are being made
    return count


def watch(pages: int, port: int, home: Path) -> list[dict[str, float]]:
    """The largest size of each process in each part of the crawl."""
    command = [sys.executable, "-m", "benchmarks.pages", "--way", "diembao", "--pages", str(pages)]
    command += ["--port", str(port), "--home", str(home), "--profile", ""]
    parts: list[dict[str, float]] = [{} for _ in range(_PARTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as crawl:
        while crawl.poll() is None:
            part = parts[min(_PARTS - 1, stored(home) * _PARTS // pages)]
            for name, size in sizes(crawl.pid).items():
                part[name] = max(part.get(name, 0.0), size)
            time.sleep(1)
        assert crawl.stdout is not None
        got = int(crawl.stdout.read())
    if got != pages:
        raise SystemExit(f"{got} pages of {pages}")
    return parts


def main() -> None:
    """Print the sizes, and fail where a process grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--kb", type=int, default=68)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="diembao-memory-"))
    try:
        with press(asked.pages, asked.kb) as port:
            parts = watch(asked.pages, port, home)
    finally:
        shutil.rmtree(home)
    names = sorted({name for part in parts for name in part})
    print(f"{asked.pages} pages of {asked.kb} KB; MB at most in each tenth")
    for name in names:
        print(f"{name:>14} " + " ".join(f"{part.get(name, 0):6.0f}" for part in parts))
    grown = [name for name in names if parts[-1].get(name, 0) > _FLAT * parts[2].get(name, 1e9)]
    if grown:
        raise SystemExit(f"grew: {', '.join(grown)}")


if __name__ == "__main__":
    main()
