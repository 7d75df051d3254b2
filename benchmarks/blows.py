"""One blow at each job of the timetable, in a process of its own as the clock gives it.

    make proof-blows

Each job gets a copy of a home in which it has work to do (the demo press over HTTP), on a small
disk of its own (tmpfs in a mount namespace). The blows: SIGTERM at its moments of writing (commits,
files opened to be written, files given their name); the disk full, with more and less room to
spare; the database file read-only; the whole disk read-only; the database held by another process
for a minute. After the blow every file under a final name is read to its end, the trouble is taken
away and the job is run again: it must be done, and what is stored must equal what the press printed
and what the same job stores when nobody disturbs it.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from benchmarks.staying_up import whole_files
from demo.press import DemoPress, start_press
from demo.run import EVENING, open_demo
from demo.truth import compare
from pipeline.context import Context
from pipeline.jobs import JOBS
from pipeline.jobs_child import JobEnd, job_order, run_in_child
from pipeline.jobs_turns import NamedWork
from pipeline.verify import verify
from storage.database import content_digest, reading
from storage.rows import article_addresses
from tests.homes import copy_home

#: What a home must hold for a job to have work; all others stand on a home that is tagged.
_BEFORE = {"crawl": "empty", "poll": "empty", "tag": "crawled"}
#: Asked anew, a page lies at another place of the archive: what is stored equals the press, not
#: another run to the byte.
_OTHER_PLACES = ("crawl", "poll")
#: Room left on the full disk, in kilobytes.
_ROOM = (0, 96, 512)
#: What writes most, and differently: a segment, a document, a packed copy.
_FILL_IN_SHORT = ("crawl", "export", "backup")
_DISK_MB = 400
_HELD_SECONDS = 61.0
_LIMIT = timedelta(minutes=5)
_NEVER = threading.Event()
_STOP_WITHIN = 20.0


def evening() -> datetime:
    """A clock that stands still: a job that is run again meets the same moment."""
    return EVENING


@dataclass(frozen=True, slots=True)
class Struck:
    """This is a job that is told to stop at its so-and-so-many-th moment of writing."""

    job: str
    #: 0 strikes never and counts the moments into the file `moments` of the home.
    at: int

    def __call__(self, context: Context, slot: datetime) -> None:
        """Do the work, and strike at the moment."""
        home, main, seen = str(context.home), os.getpid(), 0

        def moment(*_: object) -> None:
            nonlocal seen
            if os.getpid() == main:
                seen += 1
                if seen == self.at:
                    (context.home / "struck").touch()
                    os.kill(main, signal.SIGTERM)

        def audit(name: str, given: tuple[object, ...]) -> None:
            writes = name == "os.rename" or (name == "open" and _to_write(given))
            if writes and str(given[0]).startswith(home) and not str(given[0]).endswith("struck"):
                moment()

        event.listen(Engine, "commit", moment)
        sys.addaudithook(audit)
        NamedWork(self.job)(context, slot)
        if not self.at:
            (context.home / "moments").write_text(str(seen), encoding="ascii")


def _to_write(given: tuple[object, ...]) -> bool:
    mode = given[1]
    return isinstance(mode, str) and bool(set(mode) & set("wax+"))


class Stand:
    """This holds the homes that jobs start from, and what each job leaves when undisturbed."""

    def __init__(self, press: DemoPress, place: Path) -> None:
        self.press, self.place = press, place
        self._whole: dict[str, dict[str, str]] = {}
        #: Held by the thread that works in this process: jobs are made for one each.
        self.alone = threading.RLock()

    def prepare(self) -> None:
        """Make the three homes: empty, crawled, tagged."""
        done: list[str] = []
        for name, job in (("empty", ""), ("crawled", "crawl"), ("tagged", "tag")):
            home = self.place / name
            if done:
                copy_home(self.place / done[-1], home)
            context = self.opened(home)
            if job:
                NamedWork(job)(context, EVENING)
            done.append(name)

    def opened(self, home: Path) -> Context:
        """The installation in a home."""
        with self.alone:
            context = open_demo(home, self.press.outlets, self.press.proxy_url, clock=evening)
        retention = context.settings.retention.model_copy(update={"apply": True})
        return replace(
            context, settings=context.settings.model_copy(update={"retention": retention})
        )

    @contextmanager
    def home(self, job: str) -> Iterator[Path]:
        """A copy of the home that a job starts from, on a disk of its own."""
        disk = Path(tempfile.mkdtemp(prefix=f"{job}-", dir=self.place))
        _mount("-t", "tmpfs", "-o", f"size={_DISK_MB}m", "tmpfs", str(disk))
        try:
            home = disk / "home"
            copy_home(self.place / _BEFORE.get(job, "tagged"), home)
            yield home
        finally:
            subprocess.run(["umount", "--recursive", "--lazy", str(disk)], check=True)
            disk.rmdir()

    def undisturbed(self, job: str) -> dict[str, str]:
        """What the job stores when nobody disturbs it."""
        if job not in self._whole:
            with self.home(job) as home:
                context = self.opened(home)
                NamedWork(job)(context, EVENING)
                self._whole[job] = _content(context)
        return self._whole[job]

    def again(self, job: str, home: Path) -> None:
        """Run the job with the trouble gone: it is done, and nothing is lost or doubled."""
        whole_files(home)
        context = self.opened(home)
        NamedWork(job)(context, EVENING)
        whole_files(home)
        if left := [path.name for path in (home / "reports").glob(".*.part")]:
            raise SystemExit(f"{job}: left behind: {left}")
        if faults := verify(context).faults:
            raise SystemExit(f"{job}: {faults} faults in the archive")
        with reading(context.engine) as connection:
            compared = compare(article_addresses(connection))
        if compared.missing or compared.unexpected:
            raise SystemExit(f"{job}: lost {compared.missing}, too many {compared.unexpected}")
        if job in _OTHER_PLACES:
            return
        whole, now = self.undisturbed(job), _content(context)
        if differ := [name for name in whole if whole[name] != now[name]]:
            raise SystemExit(f"{job}: tables that differ: {differ}")


def _content(context: Context) -> dict[str, str]:
    with reading(context.engine) as connection:
        return content_digest(connection)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _run(context: Context, job: str, work: Callable[[Context, datetime], None]) -> JobEnd:
    order = job_order(context, job, EVENING, work)
    return run_in_child(order, limit=_LIMIT, stopping=_NEVER)


def moments_of(stand: Stand, job: str) -> int:
    """At how many moments the job writes."""
    with stand.home(job) as home:
        _well(_run(stand.opened(home), job, Struck(job, 0)), job)
        return int((home / "moments").read_text(encoding="ascii"))


def _well(end: JobEnd, job: str) -> None:
    if end.state != "done":
        raise SystemExit(f"{job}: {end.state}: {end.error}")


def told_to_stop(stand: Stand, job: str, at: int) -> str:
    """SIGTERM at a moment of writing: the job leaves soon, and is run again."""
    with stand.home(job) as home:
        end = _run(stand.opened(home), job, Struck(job, at))
        struck = home / "struck"
        if not struck.exists():
            return "done before"
        late = time.time() - struck.stat().st_mtime
        if end.state == "done" or late > _STOP_WITHIN:
            raise SystemExit(f"{job}: told to stop at moment {at}: {end} after {late:.0f} s")
        stand.again(job, home)
    return "stopped"


def full_disk(stand: Stand, job: str, room: int) -> str:
    """The disk has so many kilobytes left: the job says so, and is run again with room."""
    with stand.home(job) as home:
        context = stand.opened(home)
        used = shutil.disk_usage(home).used // 1024 + room
        _mount("-o", f"remount,size={used}k", str(home.parent))
        end = _run(context, job, NamedWork(job))
        _explained(end, job, r"đĩa|dung lượng")
        _mount("-o", f"remount,size={_DISK_MB}m", str(home.parent))
        stand.again(job, home)
    return end.state


def read_only_database(stand: Stand, job: str) -> str:
    """The file of the database may only be read."""
    with stand.home(job) as home:
        context = stand.opened(home)
        file = str(home / "diembao.sqlite")
        _mount("--bind", file, file)
        _mount("-o", "remount,bind,ro", file)
        end = _run(context, job, NamedWork(job))
        _explained(end, job, r"đọc|quyền|không mở được")
        subprocess.run(["umount", file], check=True)
        stand.again(job, home)
    return end.state


def read_only_disk(stand: Stand, job: str) -> str:
    """The whole disk may only be read, as after an error of the disk."""
    with stand.home(job) as home:
        context = stand.opened(home)
        _mount("-o", "remount,ro", str(home.parent))
        end = _run(context, job, NamedWork(job))
        _explained(end, job, r"đọc|quyền|không mở được")
        _mount("-o", "remount,rw", str(home.parent))
        stand.again(job, home)
    return end.state


def held_database(stand: Stand, job: str, seconds: float = _HELD_SECONDS) -> str:
    """Another process holds the database for a minute: the job waits, or is run again."""
    hold = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); "
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); time.sleep(float(sys.argv[2]))"
    )
    with stand.home(job) as home:
        context = stand.opened(home)
        held = [sys.executable, "-c", hold, str(home / "diembao.sqlite"), str(seconds)]
        with subprocess.Popen(held, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
            end = _run(context, job, NamedWork(job))
            _explained(end, job, "chương trình khác đang giữ")
        with stand.alone:
            stand.again(job, home)
    return end.state


def _explained(end: JobEnd, job: str, words: str) -> None:
    """A job that could not do its work says why, in words; one that needs no disk is done."""
    if end.state not in ("done", "failed"):
        raise SystemExit(f"{job}: {end}")
    if end.state == "failed" and not re.search(words, end.error):
        raise SystemExit(f"{job}: does not say why: {end.error}")


def long_form(stand: Stand, jobs: list[str], most: int) -> None:
    """All blows at all jobs; a line for each."""
    for job in jobs:
        moments = moments_of(stand, job)
        step = max(1, moments // most)
        ends = Counter(told_to_stop(stand, job, at) for at in range(1, moments + 1, step))
        full = [full_disk(stand, job, room) for room in _ROOM]
        read_only = [read_only_database(stand, job), read_only_disk(stand, job)]
        said = ", ".join(f"{times} {name}" for name, times in ends.items())
        print(
            f"{job}: SIGTERM at {ends.total()} of {moments} moments ({said}); "
            f"disk full with {', '.join(map(str, _ROOM))} KB left: {', '.join(full)}; "
            f"database, disk read-only: {', '.join(read_only)}",
            flush=True,
        )
    all_held(stand, jobs)


def all_held(stand: Stand, jobs: list[str]) -> None:
    """The database held by another process, for all jobs at once."""
    with ThreadPoolExecutor(len(jobs)) as at_once:
        waited = list(at_once.map(lambda job: held_database(stand, job), jobs))
    print(f"database held for {_HELD_SECONDS:.0f} s: {dict(zip(jobs, waited, strict=True))}")


def main() -> None:
    """Strike, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", nargs="*", default=list(JOBS), choices=list(JOBS))
    parser.add_argument("--most", type=int, default=8, help="moments struck in a job, about")
    parser.add_argument("--held", action="store_true", help="only hold the database")
    parser.add_argument("--short", action="store_true", help="one SIGTERM in each, few full disks")
    asked = parser.parse_args()
    if not os.environ.get("DIEMBAO_OWN_MOUNTS"):
        _in_own_mounts()
    # What the jobs log of the trouble they are given is not what is asked here.
    logging.getLogger().addHandler(logging.NullHandler())
    began = time.monotonic()
    with start_press() as press, tempfile.TemporaryDirectory() as place:
        stand = Stand(press, Path(place))
        stand.prepare()
        if asked.held:
            all_held(stand, asked.jobs)
        elif asked.short:
            for job in asked.jobs:
                ends = [told_to_stop(stand, job, 2)]
                if job in _FILL_IN_SHORT:
                    ends.append(full_disk(stand, job, 96))
                print(job, *ends, flush=True)
        else:
            long_form(stand, asked.jobs, asked.most)
    print(f"all well, {time.monotonic() - began:.0f} s")


def _in_own_mounts() -> None:
    """Begin again where disks can be mounted that nobody else sees."""
    apart = ["unshare", "--user", "--map-root-user", "--mount", sys.executable]
    given = {**os.environ, "DIEMBAO_OWN_MOUNTS": "1"}
    os.execvpe("unshare", [*apart, "-m", "benchmarks.blows", *sys.argv[1:]], given)


if __name__ == "__main__":
    main()
