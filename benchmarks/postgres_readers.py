"""Twenty readers of the web application over PostgreSQL, in processes of their own."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2

import crawlers
from benchmarks.web import pages
from domain.agencies import read_register
from domain.clock import system_clock
from domain.outlets import read_outlets
from domain.settings import Settings
from domain.users import Access, User
from pipeline.context import Context
from storage.database import kept_open
from storage.forms import open_database
from storage.users import add_user, open_session
from web.app import create_app
from web.serving import listen, serve
from web.visits import closed, new_token

READERS = 20
#: A reader thinks for a second, on the average, after each page.
_THINKS = 1.0
_SECRET = b"benchmark" * 4
#: As many words as a language's newspapers use, the first ones far more often than the last; two of
#: three are of two syllables, as Vietnamese words are, and a syllable is in several words.
_WORDS, _SYLLABLE_COUNT = 20_000, 3_000
_FIRST, _LAST = "b c ch d g h kh l m n nh ph qu r s t th tr v", "a an ang e en inh o ong u ung iet"
_SYLLABLES = [first + last for last in _LAST.split() for first in _FIRST.split()]


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Made-up words, and how often each comes (those before it counted in)."""
    count = len(_SYLLABLES)
    syllables = [
        _SYLLABLES[place % count] + (str(place // count) if place >= count else "")
        for place in range(_SYLLABLE_COUNT)
    ]
    chance = random.Random(0)
    words = [
        " ".join(chance.choices(syllables, k=2 if place % 3 else 1)) for place in range(_WORDS)
    ]
    return words, list(accumulate(1 / (place + 1) for place in range(_WORDS)))


def said(chance: random.Random, count: int) -> str:
    """So many words."""
    words, weights = vocabulary()
    return " ".join(chance.choices(words, cum_weights=weights, k=count))


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """This is what the readers were given: seconds of each page, by kind."""

    search: list[float] = field(default_factory=list)
    agency: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def p95(spent: list[float]) -> float:
    """Within what time 95 of 100 came."""
    return sorted(spent)[int(0.95 * len(spent))] if spent else float("nan")


def answer(url: str, home: Path, port: int, token: str) -> None:
    """The web application of an installation on PostgreSQL, until its process is ended."""
    settings = Settings()
    context = Context(
        settings=settings,
        home=home,
        engine=kept_open(open_database(url)),
        outlets=read_outlets(Path(crawlers.__file__).parent / "outlets"),
        clock=system_clock,
    )
    now = context.clock()
    with context.engine.begin() as connection:
        user = User(id=0, name=new_token()[:20].lower(), full_name="", access=Access.READER)
        number = add_user(connection, user, "none", now)
        open_session(connection, number, token, now=now, until=now + timedelta(days=1))
    serve(create_app(context, read_register(), _SECRET), settings.web, listen("127.0.0.1", port))


def read_pages(port: int, token: str, seconds: float, pipe: Any, stop: Any) -> None:
    """Read searches and agency pages, half and half, until told to stop; hands the times over."""
    pipe.send(asyncio.run(_read_all(port, token, seconds, stop)))


async def _read_all(port: int, token: str, seconds: float, stop: Any) -> Read:
    read = Read()
    until = time.monotonic() + seconds
    limits = httpx2.Limits(max_connections=READERS)
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies={"diembao_session": token}, timeout=120,
        limits=limits,
    ) as client:  # fmt: skip
        await asyncio.gather(
            *(_reader(client, number, until, stop, read) for number in range(READERS))
        )
    return read


async def _reader(
    client: httpx2.AsyncClient, number: int, until: float, stop: Any, read: Read
) -> None:
    chance = random.Random(number)
    agency = pages(chance)["agency"].path
    while time.monotonic() < until and not stop.is_set():
        await asyncio.sleep(chance.expovariate(1 / _THINKS))
        kind = chance.choice(("search", "agency"))
        path = agency() if kind == "agency" else _search(chance)
        begun = time.perf_counter()
        try:
            status = (await client.get(path)).status_code
        except httpx2.HTTPError as error:
            read.failed.append(f"{path}: {error!r}")
            continue
        if status == 200:
            getattr(read, kind).append(time.perf_counter() - begun)
        else:
            read.failed.append(f"{path}: {status}")


def asked_words(chance: random.Random) -> str:
    """What a reader looks for: a word or two, one time in ten as a phrase."""
    words = said(chance, chance.choice((1, 1, 2)))
    return f'"{words}"' if chance.random() < 0.1 else words


def _search(chance: random.Random) -> str:
    return f"/search?q={quote(asked_words(chance))}{'&all=1' if chance.random() < 0.5 else ''}"


@contextmanager
def web_server(url: str, home: Path) -> Iterator[tuple[int, str]]:
    """The web application in a process of its own: its port, and a reader's token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    token = new_token()
    spawn = multiprocessing.get_context("spawn")
    server = spawn.Process(target=answer, args=(url, home, port, token))
    server.start()
    try:
        _wait_for(port)
        yield port, closed(_SECRET, token)
    finally:
        server.terminate()
        server.join()


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


def read_while(
    port: int, token: str, seconds: float, work: Callable[[], None] | None = None
) -> Read:
    """What the readers were given for so long, or while a work goes on."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    stop = spawn.Event()
    readers = spawn.Process(target=read_pages, args=(port, token, seconds, theirs, stop))
    readers.start()
    if work is not None:
        time.sleep(3)  # their process has begun by now
        work()
        stop.set()
    read: Read = ours.recv()
    readers.join()
    return read


def processor_of(postmaster: int) -> float:
    """Seconds of processor that a PostgreSQL server has spent, by all its processes so far."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if folder.name == str(postmaster):
            total += sum(map(int, told[11:15]))
        elif told[1] == str(postmaster):
            total += sum(map(int, told[11:13]))
    return total / os.sysconf("SC_CLK_TCK")
