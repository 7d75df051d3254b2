"""The dashboard over a million made-up articles: how long a page takes under load.

    make bench-web

The database of `benchmarks.year` gets headlines of made-up words (a few of them very frequent) and
a search index; a server of its own answers on loopback. Overview, agency and search pages are asked
for `--seconds` each at 20 requests a second, whether or not the ones before were answered (open
loop), then with 20 in flight. Every page was asked once before (warm); searches are for words drawn
anew each time. Exit 1 where the 95th percentile is above its limit, or a page failed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx2
from sqlalchemy import bindparam, select, update

import crawlers
from benchmarks.year import Size, build
from domain.agencies import read_register
from domain.clock import VIETNAM, system_clock
from domain.outlets import OutletBook, read_outlets
from domain.settings import Settings
from domain.users import Access, User
from pipeline.context import Context
from storage.database import Engine, connect, kept_open
from storage.forms import init_database, open_database
from storage.search import index_pending
from storage.tables import articles
from storage.users import add_user, open_session
from web.app import create_app
from web.serving import listen, serve
from web.visits import closed, new_token

OPEN_LIMIT, CLOSED_LIMIT = 0.150, 0.800
RATE, IN_FLIGHT = 20, 20
_BATCH = 10_000
_SECRET = b"benchmark" * 4
#: Syllables of made-up headlines, the first ones the most frequent.
_SYLLABLES = [f"{first}{last}" for last in ("an", "inh", "ong", "ua", "et", "oi") for first in
              ("m", "b", "c", "ch", "d", "g", "h", "kh", "l", "ng", "nh", "ph", "qu", "s", "t",
               "th", "tr", "v", "x", "r")]  # fmt: skip
_WEIGHTS = [1 / (place + 1) for place in range(len(_SYLLABLES))]


def write_words(engine: Engine, chance: random.Random) -> None:
    """Give every article a headline of its own and bring all into the index."""
    with engine.connect() as connection:
        numbers = list(connection.scalars(select(articles.c.id)))
    change = (
        update(articles)
        .where(articles.c.id == bindparam("number"))
        .values(headline=bindparam("words"), indexed=False)
    )
    for first in range(0, len(numbers), _BATCH):
        with engine.begin() as connection:
            connection.execute(
                change,
                [
                    {"number": number, "words": " ".join(headline(chance, 12))}
                    for number in numbers[first : first + _BATCH]
                ],
            )
    while True:
        with engine.begin() as connection:
            if not index_pending(connection, limit=_BATCH):
                return


def headline(chance: random.Random, syllables: int) -> list[str]:
    """Made-up words, some very frequent and some rare."""
    return chance.choices(_SYLLABLES, _WEIGHTS, k=syllables)


def make_database(folder: Path, size: Size, book: OutletBook) -> None:
    """The made-up press with its words."""
    register = read_register()
    day = system_clock().astimezone(VIETNAM).date()
    agencies = [each.id for each in (*register.ministries(day), *register.provinces(day))]
    engine = connect(f"sqlite:///{folder / 'diembao.sqlite'}")
    init_database(engine)
    build(engine, size, book, agencies)
    write_words(engine, random.Random(size.seed))


def run_server(folder: Path, port: int, token: str) -> None:
    """Answer on loopback until killed."""
    book = read_outlets(Path(crawlers.__file__).parent / "outlets")
    settings = Settings()
    context = Context(
        settings=settings,
        home=folder,
        engine=kept_open(open_database(f"sqlite:///{folder / 'diembao.sqlite'}")),
        outlets=book,
        clock=system_clock,
    )
    now = context.clock()
    with context.engine.begin() as connection:
        user = User(id=0, name=new_token()[:20].lower(), full_name="", access=Access.READER)
        number = add_user(connection, user, "none", now)
        open_session(connection, number, token, now=now, until=now + timedelta(days=1))
    app = create_app(context, read_register(), _SECRET)
    serve(app, settings.web, listen("127.0.0.1", port))


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """This is what came of one load."""

    name: str
    seconds: list[float]
    failed: int

    def at(self, share: float) -> float:
        """The time within which so many of the pages came."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("inf")


async def open_loop(
    client: httpx2.AsyncClient, name: str, path: Callable[[], str], seconds: float
) -> Load:
    """Ask at a steady rate, whatever is still unanswered."""
    load = Load(name=name, seconds=[], failed=0)
    begun, asked = time.perf_counter(), []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
        due = begun + number / RATE
        asked.append(asyncio.create_task(_ask(client, path(), due, load.seconds)))
    good = await asyncio.gather(*asked)
    return Load(name=f"{name}, {RATE} a second", seconds=load.seconds, failed=good.count(False))


async def closed_loop(
    client: httpx2.AsyncClient, name: str, path: Callable[[], str], seconds: float
) -> Load:
    """Keep so many questions in flight."""
    spent: list[float] = []
    until = time.perf_counter() + seconds

    async def visitor() -> int:
        failed = 0
        while time.perf_counter() < until:
            failed += not await _ask(client, path(), time.perf_counter(), spent)
        return failed

    failed = await asyncio.gather(*(visitor() for _ in range(IN_FLIGHT)))
    return Load(name=f"{name}, {IN_FLIGHT} in flight", seconds=spent, failed=sum(failed))


async def _ask(client: httpx2.AsyncClient, path: str, since: float, spent: list[float]) -> bool:
    """Ask one page; whether it came well. The time counts from when it was due."""
    try:
        answer = await client.get(path)
    except httpx2.HTTPError as error:
        print(f"    {path}: {error!r}")
        return False
    spent.append(time.perf_counter() - since)
    return answer.status_code == 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """This is one kind of page: the addresses asked before the load, and the next one in it."""

    warm: list[str]
    path: Callable[[], str]


def pages(chance: random.Random) -> dict[str, Page]:
    """The pages asked."""
    register = read_register()
    day = system_clock().astimezone(VIETNAM).date()
    agencies = [each.id for each in (*register.ministries(day), *register.provinces(day))]
    span = "from=2026-06-15&to=2026-07-14"
    each_agency = [f"/agencies/{agency}?{span}" for agency in agencies]

    def search() -> str:
        words = " ".join(headline(chance, chance.choice((1, 2, 2, 3))))
        agency = f"&agency={chance.choice(agencies)}" if chance.random() < 0.3 else ""
        every = "&all=1" if chance.random() < 0.5 else ""
        return f"/search?q={quote(words)}{agency}{every}"

    return {
        "overview": Page(warm=[f"/?{span}"], path=lambda: f"/?{span}"),
        "agency": Page(warm=each_agency, path=lambda: chance.choice(each_agency)),
        "search": Page(warm=[search() for _ in range(100)], path=search),
    }


async def measure(port: int, token: str, seconds: float, seed: int) -> list[Load]:
    """Warm every page, then load each."""
    chance = random.Random(seed)
    asked = pages(chance)
    cookies = {"diembao_session": token}
    limits = httpx2.Limits(max_connections=200)
    loads = []
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=120, limits=limits
    ) as client:
        for name, page in asked.items():
            begun = time.perf_counter()
            for path in page.warm:
                await client.get(path)
            spent = time.perf_counter() - begun
            print(f"  {name}: {len(page.warm)} pages asked first in {spent:.1f} s", flush=True)
        first = await client.get(asked["overview"].path())
        print(f"  overview weighs {len(first.content) / 1000:.0f} KB")
        for loop in (open_loop, closed_loop):
            for name, page in asked.items():
                loads.append(await loop(client, name, page.path, seconds))
                _tell(loads[-1])
    return loads


def _tell(load: Load) -> None:
    print(
        f"  {load.name}: p50 {load.at(0.5) * 1000:.0f} ms, p95 {load.at(0.95) * 1000:.0f} ms, "
        f"p99 {load.at(0.99) * 1000:.0f} ms, {len(load.seconds):,} pages, {load.failed} failed",
        flush=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _started(folder: Path, token: str) -> tuple[subprocess.Popen[bytes], int]:
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.web", "--serve", str(port), "--token", token,
         "--folder", str(folder)]
    )  # fmt: skip
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, port
        time.sleep(0.1)
    server.kill()
    raise SystemExit("the server did not start")


def main() -> None:
    """Build, serve, load."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--relevant", type=float, default=0.02)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--folder", type=Path, help="keep the database here, and use it again")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--token", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        run_server(asked.folder, asked.serve, asked.token)
        return
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "diembao.sqlite").exists():
            size = Size(articles=asked.articles, relevant=asked.relevant, polls=4, seed=asked.seed)
            begun = time.perf_counter()
            make_database(folder, size, read_outlets(Path(crawlers.__file__).parent / "outlets"))
            print(f"  built in {time.perf_counter() - begun:.0f} s")
        token = new_token()
        server, port = _started(folder, token)
        try:
            loads = asyncio.run(measure(port, closed(_SECRET, token), asked.seconds, asked.seed))
        finally:
            server.kill()
            server.wait()
    bad = [
        load
        for load in loads
        if load.failed or load.at(0.95) > (OPEN_LIMIT if "a second" in load.name else CLOSED_LIMIT)
    ]
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
