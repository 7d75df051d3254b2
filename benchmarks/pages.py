"""Pages a second: Scrapy alone, Scrapy that extracts in its callback, and the project's own crawl.

    make bench-pages

One press on loopback serves all three, each in a process of its own, one after the other:
(a) bare Scrapy, whose callback reads nothing; (b) the same with `trafilatura.bare_extraction` in
the callback; (c) the project: its crawl into WARC segments, and beside it the reading, extracting
and storing of them into an empty SQLite home, with a delay of 0. Each is timed as a whole process,
from its start to its end, every page through every step; (a) and (b) ask so many requests at once
as Scrapy does by itself, and no robots.txt. Every second round takes them in the other order.
Beside the clock stands the processor's time of all processes of a way: on a machine with other
work it is what can be compared.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.loopback_press import OUTLETS, host, page_path

if TYPE_CHECKING:
    # Each way loads what it needs and no more: the time of loading is part of the measurement.
    from domain.outlets import Outlet
    from pipeline.context import Context

_SEGMENT_MB = 4.0
_WAYS = {
    "scrapy": "(a) bare Scrapy",
    "callback": "(b) Scrapy, trafilatura in the callback",
    "diembao": "(c) diembao: crawl, archive, extract, store",
}


def scrape(pages: int, port: int, *, extracting: bool) -> int:
    """Fetch every page with Scrapy; how many came (and gave text, where extracting)."""
    import scrapy
    import trafilatura
    from scrapy.crawler import CrawlerProcess

    got: list[int] = []

    class Plain(scrapy.Spider):
        """This asks all pages at once."""

        name = "plain"

        async def start(self) -> Any:
            for number in range(pages):
                yield scrapy.Request(f"http://{host(number % OUTLETS)}:{port}{page_path(number)}")

        def parse(self, response: Any) -> None:
            if not extracting or trafilatura.bare_extraction(response.text, url=response.url):
                got.append(len(response.body))

    process = CrawlerProcess(
        {"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "DOWNLOAD_DELAY": 0}
    )
    process.crawl(Plain)
    process.start()
    return len(got)


def crawl(pages: int, port: int, home: Path, profile: str) -> int:
    """Crawl and store with the project; how many articles have a text."""
    from pipeline.collecting import crawl_only

    context = _installation(pages, port, home)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    _, tally = crawl_only(context)
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)
    if tally.problems or tally.unreadable:
        print(f"problems: {tally.problems} {dict(tally.unreadable)}", file=sys.stderr)
    return tally.page_new + tally.page_updated


def _installation(pages: int, port: int, home: Path) -> Context:
    """An empty home that watches the outlets of the press."""
    from domain.clock import system_clock
    from domain.outlets import OutletBook
    from domain.settings import Settings
    from pipeline.context import Context
    from storage.database import connect, database_url
    from storage.forms import init_database

    engine = connect(database_url(home, ""))
    init_database(engine)
    own = {
        "delay_seconds": 0,
        "max_pages_per_outlet": pages,
        "allow_private_hosts": [host(number) for number in range(OUTLETS)],
    }
    return Context(
        settings=Settings.model_validate(
            {"crawl": own, "storage": {"archive_segment_mb": _SEGMENT_MB}}
        ),
        home=home,
        engine=engine,
        outlets=OutletBook(_outlet(number, port) for number in range(OUTLETS)),
        clock=system_clock,
    )


def _outlet(number: int, port: int) -> Outlet:
    from domain.codes import Level, OutletKind
    from domain.outlets import Domain, Outlet, Source

    return Outlet(
        id=f"bao_{number}",
        name=f"Báo {number}",
        kind=OutletKind.PRESS,
        level=Level.NATIONAL,
        domains=(Domain(host=host(number)),),
        sources=(Source(url=f"http://{host(number)}:{port}/rss"),),
        article_url=r"/xa-hoi/bai-viet-so-\d+\.html$",
        delay_seconds=0,
    )


def measure(way: str, pages: int, port: int, profile: str) -> float:
    """Pages a second of one way, in a process of its own."""
    home = tempfile.mkdtemp(prefix="diembao-bench-")
    command = [sys.executable, "-m", "benchmarks.pages", "--way", way, "--pages", str(pages)]
    command += ["--port", str(port), "--home", home, "--profile", profile]
    try:
        busy, start = _processor_seconds(), time.perf_counter()
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - start
        busy = _processor_seconds() - busy
    finally:
        shutil.rmtree(home)
    got = int(done.stdout)
    if got != pages:
        raise SystemExit(f"{way}: {got} pages of {pages}")
    print(
        f"{_WAYS[way]}: {pages / seconds:.0f} pages/s "
        f"({seconds:.1f} s, {busy:.1f} s of processors)",
        flush=True,
    )
    return pages / seconds


def _processor_seconds() -> float:
    """What all processes ended by now have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def press(pages: int, kb: int) -> Iterator[int]:
    """The press in a process of its own; its port."""
    with socket.socket() as free:
        free.bind((host(0), 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.loopback_press", str(port), str(pages), str(kb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            if server.stdout.readline().strip() != "ready":
                raise SystemExit("the press of the benchmark did not start")
            yield port
        finally:
            server.kill()


def main() -> None:
    """Print the three, and how the third compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--kb", type=int, default=68)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--profile", default="", help="a file for cProfile's figures of (c)")
    parser.add_argument("--way", choices=[*_WAYS], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.way == "diembao":
        print(crawl(asked.pages, asked.port, asked.home, asked.profile))
    elif asked.way:
        print(scrape(asked.pages, asked.port, extracting=asked.way == "callback"))
    else:
        compare(asked.pages, asked.kb, asked.rounds, asked.profile)


def compare(pages: int, kb: int, rounds: int, profile: str) -> None:
    """Measure all three in turn, forwards and backwards."""
    print(f"{pages} pages of {kb} KB from {OUTLETS} hosts on loopback")
    with press(pages, kb) as port:
        for number in range(rounds):
            ways = reversed(_WAYS) if number % 2 else _WAYS
            rate = {way: measure(way, pages, port, profile) for way in ways}
            to_callback, to_bare = (rate["diembao"] / rate[way] for way in ("callback", "scrapy"))
            print(f"c/b {to_callback:.2f} (wanted: 3), c/a {to_bare:.2f} (wanted: 0.3)")
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
