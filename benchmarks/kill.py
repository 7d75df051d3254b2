"""A replay killed at random moments and run again, beside one that was let alone.

    make proof-kill

Takes the first `--snapshots` records of an archive, replays them in one home undisturbed, and in
another home kills the command (signal 9) `--kills` times at moments drawn from `--seed`, each time
running it again. At the end the content of all tables, by digest, must be equal in both homes.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from storage.database import connect, content_digest, database_url, reading
from storage.runs import last_runs


def slice_of(archive: Path, count: int, target: Path) -> Path:
    """The first records of an archive as an archive of their own."""
    with archive.open("rb") as stream, target.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for number, record in enumerate(ArchiveIterator(stream)):
            if number == count:
                break
            writer.write_record(record)
    return target


def command(config: Path, home: Path, archive: Path) -> list[str]:
    """The command that is killed."""
    program = Path(sys.executable).with_name("diembao")
    return [
        str(program), "--config", str(config), "--home", str(home), "run", "--replay", str(archive),
    ]  # fmt: skip


def run_whole(arguments: list[str]) -> float:
    """Run to the end; how many seconds it took."""
    start = time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def run_killed(arguments: list[str], after: float) -> bool:
    """Run and kill after some seconds; whether it was still running."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def digest(home: Path) -> dict[str, str]:
    """The digest of every content table of a home."""
    with reading(connect(database_url(home, ""))) as connection:
        return content_digest(connection)


def states(home: Path) -> Counter[str]:
    """How the runs of a home ended."""
    with reading(connect(database_url(home, ""))) as connection:
        return Counter(run.state for run in last_runs(connection, limit=10_000))


def main(arguments: Iterable[str] | None = None) -> None:
    """Print what was done and whether the contents are equal; exits 1 where they are not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--snapshots", type=int, default=200)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args(list(arguments) if arguments is not None else None)
    rng = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="diembao-kill-") as folder:
        work = Path(folder)
        archive = slice_of(asked.archive, asked.snapshots, work / "slice.warc.gz")
        seconds = run_whole(command(asked.config, work / "whole", archive))
        killed = sum(
            run_killed(command(asked.config, work / "killed", archive), rng.uniform(0, seconds))
            for _ in range(asked.kills)
        )
        run_whole(command(asked.config, work / "killed", archive))
        whole, again = digest(work / "whole"), digest(work / "killed")
        ended = states(work / "killed")
    unequal = [name for name in whole if whole[name] != again[name]]
    print(
        f"{asked.snapshots} snapshots, undisturbed in {seconds:.1f} s; seed {asked.seed}: "
        f"{killed} of {asked.kills} runs killed midway ({dict(ended)} on record); "
        f"tables that differ: {unequal or 'none'}"
    )
    sys.exit(1 if unequal else 0)


if __name__ == "__main__":
    main()
