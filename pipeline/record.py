"""A run on record: one writer at a time, and a row that says how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from pipeline.context import Context
from storage.lock import writer_lock
from storage.runs import finish_run, start_run


@contextmanager
def on_record(context: Context, kind: str) -> Iterator[dict[str, Any]]:
    """Hold the writer's lock and keep a row of the run; what is put into the dict is its counts.

    A ``problems`` list in it makes the run a failed one, although it went to its end.
    """
    counts: dict[str, Any] = {}
    # Workers write beside each other: the database, not the home folder, lets them in by turns.
    with nullcontext() if context.worker else writer_lock(context.home):
        with context.engine.begin() as connection:
            run_id = start_run(connection, kind, context.clock(), alone=not context.worker)
        error = ""
        try:
            yield counts
            error = "\n".join(counts.get("problems", ()))
        except BaseException as failure:
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            with context.engine.begin() as connection:
                finish_run(connection, run_id, context.clock(), counts=counts, error=error)
