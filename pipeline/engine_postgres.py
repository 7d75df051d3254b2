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
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from domain.errors import UsageError
from pipeline.context import Context
from pipeline.crawl import DUE, EVERYTHING, crawl_order
from pipeline.engine import TAG_PARTS, Bench, crawl_outlet, group_new, make_digest, tag_part
from storage.database import Engine, reading
from storage.postgres_turns import SCHEMA, prepare_turns
from storage.runs import has_table

_log = logging.getLogger(__name__)
#: More pressing work has the higher number: reports, then what is read, then what is collected.
_REPORT, _READ, _COLLECT = 30, 20, 10
#: A worker that said nothing for so long is dead, and its work is given out again.
STALLED_SECONDS: Final = 30
_LOOK_SECONDS: Final = 10
#: A piece that fails is tried again after 10, 100, 1,000 s, and then left for a person.
_AGAIN = RetryStrategy(max_attempts=4, exponential_wait=10)


def prepare_queue(engine: Engine) -> None:
    """Make the queue and the turns of hosts in the database, if they are not there."""
    prepare_turns(engine)
    with reading(engine) as connection:
        there = has_table(connection, f"{SCHEMA}.procrastinate_jobs")
    if not there:
        app = open_app(engine)
        with app.open():
            app.schema_manager.apply_schema()


def open_app(engine: Engine, bench: Bench | None = None) -> App:
    """The queue of a database; with a bench, also able to do the work in it."""
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
    _declare(app, bench)
    return app


def _declare(app: App, bench: Bench | None) -> None:
    def at_the_bench() -> Bench:
        assert bench is not None, "only a worker has a bench"
        return bench

    def follow(task: Any, **fields: Any) -> None:
        with contextlib.suppress(AlreadyEnqueued):
            task.defer(**fields)

    @app.task(name="crawl", queue="crawl", retry=_AGAIN, priority=_COLLECT)
    def crawl(outlet_id: str, due_only: bool) -> int:
        changed = crawl_outlet(at_the_bench(), outlet_id, due_only=due_only)
        if changed:
            follow(tag)
        return changed

    @app.task(name="tag", queue="tag", retry=_AGAIN, priority=_READ, queueing_lock="tag")
    def tag() -> None:
        for part in range(TAG_PARTS):
            follow(tag_one.configure(lock=f"tag {part}", queueing_lock=f"tag {part}"), part=part)

    @app.task(name="tag_part", queue="tag", retry=_AGAIN, priority=_READ)
    def tag_one(part: int) -> int:
        tagged = tag_part(at_the_bench(), part)
        if tagged:
            follow(group)
        return tagged

    @app.task(
        name="group", queue="group", retry=_AGAIN, priority=_READ, lock="group",
        queueing_lock="group",
    )  # fmt: skip
    def group() -> int:
        return group_new(at_the_bench())

    @app.task(name="digest", queue="report", retry=_AGAIN, priority=_REPORT)
    def digest(day: str) -> int:
        return make_digest(at_the_bench(), datetime.fromisoformat(day))


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


def submit(context: Context, work: str, **fields: str) -> None:
    """Hand out one piece of work by its name, unless it is waiting already."""
    app = open_app(context.engine)
    with app.open(), contextlib.suppress(AlreadyEnqueued):
        app.tasks[work].defer(**fields)


def work(context: Context, *, once: bool) -> None:
    """Do what the queue holds; until stopped, or until it is empty if `once`."""
    app = open_app(context.engine, Bench(context))
    asyncio.run(_work(app, context.worker, once=once))


async def _work(app: App, name: str, *, once: bool) -> None:
    async with app.open_async():
        looking = asyncio.create_task(_give_out_stalled(app))
        try:
            await app.run_worker_async(
                name=name,
                wait=not once,
                concurrency=1,
                fetch_job_polling_interval=2.0,
                stalled_worker_timeout=STALLED_SECONDS,
                delete_jobs="successful",
            )
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking


async def _give_out_stalled(app: App) -> None:
    """Again and again: the work of dead workers is given out anew.

    While the database does not answer there is nothing to give out: it is asked again later.
    """
    while True:
        try:
            await _give_out_once(app)
        except ConnectorException as error:
            _log.warning("stalled work not looked for", extra={"reason": str(error)})
        await asyncio.sleep(_LOOK_SECONDS)


async def _give_out_once(app: App) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        _log.warning("work given out again", extra={"work": job.task_name, "job": job.id})
        await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
