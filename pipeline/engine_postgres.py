"""The engine on PostgreSQL: Procrastinate hands pieces of work to workers on any machine.

A piece is an outlet, a part of the articles, a report; never a page, for a queue gives out some
sixty pieces a second. What a piece stores is put in by key, so a piece that is done again, after
its worker was killed, changes nothing. Of what follows from a piece (tagging after a crawl,
grouping after tagging) one is waiting at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from psycopg import OperationalError

from domain.errors import UsageError
from pipeline.context import Context
from pipeline.crawl import DUE, EVERYTHING, crawl_order
from pipeline.engine import TAG_PARTS, Bench, group_new, make_report, tag_part
from pipeline.engine_again import AGAIN
from pipeline.engine_crews import Crews
from pipeline.engine_stalled import (
    HEARTBEAT_SECONDS,
    STALLED_SECONDS,
    InHand,
    give_out_stalled,
)
from storage.database import Engine, reading
from storage.postgres_turns import SCHEMA, prepare_turns
from storage.runs import has_table

_log = logging.getLogger(__name__)
#: More pressing work has the higher number: reports, then what is read, then what is collected.
_REPORT, _READ, _COLLECT = 30, 20, 10
_COLLECTING: Final = ("crawl",)
_DESK: Final = ("tag", "group", "report")
#: While the database is away, it is looked for so often.
_AWAY_SECONDS: Final = 2.0


def prepare_queue(engine: Engine) -> None:
    """Make the queue and the turns of hosts in the database, if they are not there."""
    prepare_turns(engine)
    with reading(engine) as connection:
        there = has_table(connection, f"{SCHEMA}.procrastinate_jobs")
    if not there:
        app = open_app(engine)
        with app.open():
            app.schema_manager.apply_schema()


def open_app(engine: Engine, bench: Bench | None = None, crews: Crews | None = None) -> App:
    """The queue of a database; with a bench and its crews, also able to do the work in it."""
    if engine.dialect.name != "postgresql":
        raise UsageError(
            "Hàng đợi cần PostgreSQL. Đặt địa chỉ ở [storage] database hoặc biến môi trường "
            "DIEMBAO_DATABASE_URL; chuyển dữ liệu bằng “diembao move”."
        )
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = PsycopgConnector(
        conninfo=address, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=1, max_size=4
    )
    app = App(connector=connector)
    _declare(app, bench, crews)
    return app


def _declare(app: App, bench: Bench | None, crews: Crews | None) -> None:
    def at_the_bench() -> Bench:
        assert bench is not None, "only a worker has a bench"
        return bench

    def follow(task: Any, **fields: Any) -> None:
        with contextlib.suppress(AlreadyEnqueued):
            task.defer(**fields)

    async def follow_crawl() -> None:
        with contextlib.suppress(AlreadyEnqueued):
            await tag.defer_async()

    # What follows a piece is handed out once more when the piece is done again: its worker may have
    # been killed between what it stored and handing that out.
    @app.task(name="crawl", queue="crawl", retry=AGAIN, priority=_COLLECT, pass_context=True)
    async def crawl(piece: JobContext, outlet_id: str, due_only: bool) -> int:
        assert crews is not None, "only a worker has crews"
        changed = await crews.crawl(outlet_id, due_only=due_only)
        if changed or piece.job.attempts:
            await follow_crawl()
        return changed

    @app.task(name="tag", queue="tag", retry=AGAIN, priority=_READ, queueing_lock="tag")
    def tag() -> None:
        for part in range(TAG_PARTS):
            follow(tag_one.configure(lock=f"tag {part}", queueing_lock=f"tag {part}"), part=part)
        follow(group)

    @app.task(name="tag_part", queue="tag", retry=AGAIN, priority=_READ, pass_context=True)
    def tag_one(piece: JobContext, part: int) -> int:
        tagged = tag_part(at_the_bench(), part)
        if tagged or piece.job.attempts:
            follow(group)
        return tagged

    @app.task(
        name="group", queue="group", retry=AGAIN, priority=_READ, lock="group",
        queueing_lock="group",
    )  # fmt: skip
    def group() -> int:
        return group_new(at_the_bench())

    @app.task(name="report", queue="report", retry=AGAIN, priority=_REPORT)
    def report(job: str, slot: str) -> None:
        make_report(at_the_bench(), job, datetime.fromisoformat(slot))


def submit_crawl(context: Context, *, due_only: bool) -> int:
    """Hand out the crawl of every watched outlet; how many were not waiting already."""
    app = open_app(context.engine)
    handed = 0
    with app.open():
        for outlet in context.outlets:
            place = f"outlet {outlet.id}"
            with contextlib.suppress(AlreadyEnqueued):
                app.configure_task(
                    "crawl", lock=place, queueing_lock=place, queue="crawl", priority=_COLLECT
                ).defer(outlet_id=outlet.id, due_only=due_only)
                handed += 1
    return handed


def hand_out(context: Context, *, due_only: bool) -> int:
    """Hand out the outlets that are to be asked now; how many were not waiting already."""
    prepare_queue(context.engine)
    asked = crawl_order(context, DUE if due_only else EVERYTHING).outlets
    watched = context.watching([outlet.id for outlet in asked]) if asked else None
    return submit_crawl(watched, due_only=due_only) if watched else 0


def hand_out_tagging(context: Context) -> None:
    """Hand out the tagging of what is not tagged, and the grouping that follows."""
    prepare_queue(context.engine)
    submit(context, "tag")


def hand_out_report(context: Context, job: str, slot: datetime) -> None:
    """Hand out a report of the timetable; one of its kind is made at a time."""
    prepare_queue(context.engine)
    app = open_app(context.engine)
    moment = slot.isoformat()
    with app.open(), contextlib.suppress(AlreadyEnqueued):
        app.configure_task(
            "report",
            lock=f"report {job}",
            queueing_lock=f"report {job} {moment}",
            queue="report",
            priority=_REPORT,
        ).defer(job=job, slot=moment)


def submit(context: Context, work: str, **fields: str) -> None:
    """Hand out one piece of work by its name, unless it is waiting already."""
    app = open_app(context.engine)
    with app.open(), contextlib.suppress(AlreadyEnqueued):
        app.tasks[work].defer(**fields)


def work(context: Context, *, once: bool) -> None:
    """Do what the queue holds; until stopped, or until it is empty if `once`."""
    asyncio.run(_work(Bench(context), context.worker, once=once))


async def _work(bench: Bench, name: str, *, once: bool) -> None:
    """Work; whatever the database breaks off is begun anew when it answers again."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while not told.is_set():
        try:
            await _work_connected(bench, name, told, once=once)
            if once:
                return
        except (ConnectorException, OperationalError) as error:
            reason = str(error.__cause__ or error)
            _log.warning("the queue does not answer", extra={"reason": reason})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), _AWAY_SECONDS)


async def _work_connected(bench: Bench, name: str, told: asyncio.Event, *, once: bool) -> None:
    """Work as one that is registered in the queue; ends when told to, or when that breaks."""
    app = open_app(bench.given.engine, bench, Crews(bench))
    in_hand = InHand()
    outlets = bench.given.settings.engine.outlets_at_once

    async def take(queues: Sequence[str], pieces: int) -> None:
        await app.run_worker_async(
            name=name,
            queues=list(queues),  # the driver takes no other sequence
            concurrency=pieces,
            wait=not once,
            fetch_job_polling_interval=2.0,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            delete_jobs="successful",
            # A worker that ends without having been told to has lost the database.
            install_signal_handlers=False,
            worker_middleware=[in_hand.note],
        )

    async def take_in_turn() -> None:
        await take(_COLLECTING, outlets)
        if not told.is_set():
            await take(_DESK, 1)

    async with app.open_async():
        # A crawl waits for hosts most of the time: the desk works beside it.
        doings = [take_in_turn()] if once else [take(_COLLECTING, outlets), take(_DESK, 1)]
        working = [asyncio.create_task(each) for each in doings]
        looking = asyncio.create_task(give_out_stalled(app, in_hand))
        stopping: asyncio.Task[Any] = asyncio.create_task(told.wait())
        try:
            await asyncio.wait((*working, stopping), return_when=asyncio.FIRST_COMPLETED)
            for each in working:
                each.cancel()  # it ends what it has in hand first
            for ended in await asyncio.gather(*working, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended
        finally:
            for each in (looking, stopping):
                each.cancel()
            await asyncio.gather(looking, stopping, return_exceptions=True)
