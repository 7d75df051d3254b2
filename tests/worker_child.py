"""Workers of a shared queue, each in a process of its own, and the press they crawl."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import select, text

from domain.clock import ShiftedClock, system_clock
from domain.outlets import Outlet, OutletBook
from domain.settings import CrawlSettings, EngineSettings, Settings
from pipeline.context import Context
from pipeline.engine_postgres import prepare_queue, work
from storage.database import Engine, connect, reading
from storage.forms import init_database, open_database
from storage.tables import articles, bodies
from tests.fault_press.house import House
from tests.fault_press.server import FaultPress
from tests.fault_press.stories import stories
from tests.fault_press.twists import FIRST_CRAWL, PRINTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """This is what one worker is told."""

    name: str
    url: str
    home: Path
    settings: Settings
    outlets: tuple[Outlet, ...]
    moment: datetime

    def context(self) -> Context:
        """The installation as this worker sees it."""
        return Context(
            settings=self.settings,
            home=self.home,
            engine=open_database(self.url),
            outlets=OutletBook(list(self.outlets)),
            clock=ShiftedClock(system_clock, self.moment - system_clock()),
            worker=self.name,
        )


def run(hand: Hand, *, once: bool) -> None:
    """Work until the queue is empty, or until killed."""
    context = hand.context()
    context.archive_folder.mkdir(parents=True, exist_ok=True)
    work(context, once=once)


DELAY = 0.25
#: The database's clock against the machine's.
SLACK = 0.005


def content(engine: Engine) -> list[tuple[object, ...]]:
    """What was collected, without the numbers that depend on the order of arrival."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(articles.c.url, articles.c.headline, articles.c.published_at, bodies.c.body)
            .outerjoin(bodies, bodies.c.article_id == articles.c.id)
            .order_by(articles.c.url)
        )
        return [tuple(row) for row in rows]


def houses() -> list[House]:
    return [House(name=f"bao_{n}", stories=stories(f"bao_{n}", PRINTED)) for n in range(4)]


def hands(url: str, home: Path, press: FaultPress, of: Sequence[House], count: int) -> list[Hand]:
    """As many workers, each with an address of its own."""
    crawl = CrawlSettings(
        delay_seconds=DELAY,
        timeout_seconds=1.0,
        max_minutes=1,
        contact="lienhe@bao.vn",
        proxy=press.url,
        allow_private_hosts=("127.0.0.1",),
    )
    return [
        Hand(
            name=f"may-{number}",
            url=url,
            home=home,
            settings=Settings(
                crawl=crawl.model_copy(update={"bind_address": f"127.0.0.{number + 2}"}),
                # As many at once that every host is asked, and no worker takes them all.
                engine=EngineSettings(kind="postgres", outlets_at_once=ceil(len(of) / count)),
            ),
            outlets=tuple(house.declared() for house in of),
            moment=FIRST_CRAWL,
        )
        for number in range(count)
    ]


def prepared(url: str) -> Engine:
    engine = connect(url)
    init_database(engine)
    prepare_queue(engine)
    return engine


def unfinished(engine: Engine) -> int:
    with reading(engine) as connection:
        question = text("SELECT count(*) FROM engine.procrastinate_jobs WHERE queue_name = 'crawl'")
        return int(connection.scalar(question) or 0)


def start(hand: Hand, *, once: bool) -> BaseProcess:
    process = multiprocessing.get_context("spawn").Process(
        target=run, args=(hand,), kwargs={"once": once}
    )
    process.start()
    return process
