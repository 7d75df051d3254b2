"""The work of dead workers is given out again, and what a living one lost sight of.

A worker that said nothing for a while is dead. One that lives may still have lost a piece: the
database went away just when its end was to be put down, and the piece stands there as being done,
by a worker who knows nothing of it. Either is given out again when it is found at two looks in a
row: after an absence of the database every worker seems silent, until each has spoken again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import App, JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.worker import Worker

_log = logging.getLogger(__name__)
HEARTBEAT_SECONDS: Final = 5.0
#: A worker that said nothing for so long is dead, and its work is given out again.
STALLED_SECONDS: Final = 30
#: Longer than a heartbeat: between two looks whoever lives has spoken.
_LOOK_SECONDS = 7.0


class InHand:
    """This is what the workers of one process have in hand, told by themselves."""

    def __init__(self) -> None:
        self._worker_ids: set[int] = set()
        self._jobs: set[int | None] = set()

    async def note(
        self, do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker
    ) -> Any:
        """Do a piece of work, which is in hand meanwhile."""
        if worker.worker_id is not None:
            self._worker_ids.add(worker.worker_id)
        self._jobs.add(context.job.id)
        try:
            return await do()
        finally:
            self._jobs.discard(context.job.id)

    async def lost(self, app: App) -> list[Job]:
        """What stands in the queue as being done by these workers, who are not doing it."""
        lost: list[Job] = []
        for each in self._worker_ids:
            theirs = await app.job_manager.list_jobs_async(status="doing", worker_id=each)
            lost += [job for job in theirs if job.id not in self._jobs]
        return lost


async def give_out_stalled(app: App, in_hand: InHand) -> None:
    """Again and again: work that nobody is doing is given out anew.

    While the database does not answer there is nothing to give out: it is asked again later.
    """
    seen: set[int | None] = set()
    while True:
        try:
            seen = await _give_out_once(app, in_hand, seen)
        except ConnectorException as error:
            seen = set()
            _log.warning("stalled work not looked for", extra={"reason": str(error)})
        await asyncio.sleep(_LOOK_SECONDS)


async def _give_out_once(app: App, in_hand: InHand, seen: set[int | None]) -> set[int | None]:
    """Give out what was `seen` at the look before and is so still; what is seen now."""
    silent = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    found = {job.id: job for job in (*silent, *await in_hand.lost(app))}
    for job in found.values():
        if job.id in seen:
            _log.warning("work given out again", extra={"work": job.task_name, "job": job.id})
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
    return set(found)
