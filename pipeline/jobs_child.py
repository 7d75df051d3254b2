"""A job in a process of its own: it has so long, it can be asked to stop, its end is known.

A job that hangs, eats the memory or crashes takes nobody with it. What it says (its log, its
failure) comes over a pipe of its own, so that a process that is killed while it speaks blocks no
other.
"""

from __future__ import annotations

import logging
import logging.handlers
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

from domain.clock import Clock
from domain.errors import DiembaoError, os_reason
from domain.outlets import Outlet, OutletBook
from domain.settings import Settings
from pipeline.context import Context
from pipeline.logs import quiet_neighbours
from pipeline.orphans import leave_with_parent
from storage.forms import open_database
from storage.refusals import refusal_of

#: Run in the child: the installation and the moment of the timetable it is run for.
Work = Callable[[Context, datetime], None]

_LOOK_EVERY_SECONDS = 0.2
#: A job that is asked to stop has so long to put things down before it is killed.
STOP_WITHIN = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobOrder:
    """This is all that a child is told."""

    job: str
    slot: datetime
    settings: Settings
    home: Path
    database: str
    outlets: tuple[Outlet, ...]
    clock: Clock
    work: Work


@dataclass(frozen=True, kw_only=True, slots=True)
class JobEnd:
    """This is how a job ended: done, failed, timed_out, killed or stopped."""

    state: str
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Failure:
    """This is what a child says of its failure."""

    message: str


def job_order(context: Context, job: str, slot: datetime, work: Work) -> JobOrder:
    """What a child needs to run a job on this installation."""
    return JobOrder(
        job=job,
        slot=slot,
        settings=context.settings,
        home=context.home,
        database=context.engine.url.render_as_string(hide_password=False),
        outlets=tuple(context.outlets),
        clock=context.clock,
        work=work,
    )


def run_in_child(
    order: JobOrder,
    *,
    limit: timedelta,
    stopping: threading.Event,
    on_start: Callable[[int], None] = lambda pid: None,
    on_look: Callable[[], None] = lambda: None,
) -> JobEnd:
    """Run a job to its end, to its limit, or until `stopping` is set.

    `on_start` is told its process; `on_look` is called again and again while it runs.
    """
    processes = multiprocessing.get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(target=_work_in_child, args=(order, sender), name=order.job)
    child.start()
    sender.close()
    try:
        on_start(child.pid or 0)
        return _watched(child, receiver, limit=limit, stopping=stopping, on_look=on_look)
    finally:
        child.kill()
        child.join()
        receiver.close()


def _watched(
    child: BaseProcess,
    receiver: Pipe,
    *,
    limit: timedelta,
    stopping: threading.Event,
    on_look: Callable[[], None],
) -> JobEnd:
    end = time.monotonic() + limit.total_seconds()
    failure = ""
    while True:
        on_look()
        said, over = _heard(receiver)
        failure = said or failure
        if over:
            break
        if stopping.is_set():
            _ask_to_stop(child)
            return JobEnd(state="stopped", error="Bị dừng theo yêu cầu; sẽ được chạy lại.")
        if time.monotonic() > end:
            _ask_to_stop(child)
            return JobEnd(
                state="timed_out",
                error=f"Chạy quá {limit.total_seconds() / 60:.0f} phút nên bị dừng. "
                "Xem nhật ký để biết kẹt ở đâu, hoặc tăng limit_minutes ở mục [schedule].",
            )
    # Whoever has closed the pipe is at its end; one that lingers all the same is not waited for.
    child.join(max(0.1, min(30.0, end - time.monotonic())))
    if failure:
        return JobEnd(state="failed", error=failure)
    if child.exitcode == 0:
        return JobEnd(state="done")
    return JobEnd(
        state="killed",
        error=f"Tiến trình của việc này dừng đột ngột (mã {child.exitcode}). "
        "Thường là do thiếu bộ nhớ: xem nhật ký hệ thống.",
    )


def _heard(receiver: Pipe) -> tuple[str, bool]:
    """Hand on what the child logs; its failure ("" for none) and whether it has said all."""
    try:
        if not receiver.poll(_LOOK_EVERY_SECONDS):
            return "", False
        said = receiver.recv()
    except (EOFError, OSError):
        return "", True
    if isinstance(said, _Failure):
        return said.message, False
    logging.getLogger(said.name).handle(said)
    return "", False


def _ask_to_stop(child: BaseProcess) -> None:
    child.terminate()
    child.join(STOP_WITHIN.total_seconds())


class _Said(logging.handlers.QueueHandler):
    """This hands log records to the parent."""

    def __init__(self, sender: Pipe) -> None:
        super().__init__(sender)  # type: ignore[arg-type]  # anything that `enqueue` can use
        self._sender = sender

    def enqueue(self, record: logging.LogRecord) -> None:
        """Send the record; nobody listens any more when the parent is gone."""
        self._sender.send(record)


def _work_in_child(order: JobOrder, sender: Pipe) -> None:
    leave_with_parent()
    signal.signal(signal.SIGTERM, _leave)
    # Ctrl+C reaches the whole group: the parent alone decides who stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    root = logging.getLogger()
    root.handlers[:] = [_Said(sender)]
    root.setLevel(order.settings.log.level)
    quiet_neighbours(order.settings.log)
    try:
        order.work(_opened(order), order.slot)
    except DiembaoError as error:
        sender.send(_Failure(message=str(error)))
    except Exception as error:
        logging.getLogger(__name__).exception("job failed", extra={"job": order.job})
        sender.send(_Failure(message=said_of(error)))


def said_of(error: Exception) -> str:
    """A failure as the operator reads it."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"Hệ điều hành từ chối: {where}{os_reason(error)}."
    return refusal_of(error) or f"{type(error).__name__}: {error}"


def _leave(number: int, frame: FrameType | None) -> None:
    # Raised in the main thread: what is open is closed on the way out, the run is put down.
    raise SystemExit(128 + number)


def _opened(order: JobOrder) -> Context:
    return Context(
        settings=order.settings,
        home=order.home,
        engine=open_database(order.database),
        outlets=OutletBook(order.outlets),
        clock=order.clock,
    )
