"""Looking for the work of dead workers goes on after the database was away."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from procrastinate.exceptions import ConnectorException

from pipeline import engine_postgres


class Manager:
    """This is a queue whose database is away the first time it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.again: list[int] = []

    async def get_stalled_jobs(self, **_: object) -> list[SimpleNamespace]:
        self.asked += 1
        if self.asked == 1:
            raise ConnectorException("the server is away")
        return [SimpleNamespace(task_name="crawl", id=7)]

    async def retry_job(self, job: SimpleNamespace, **_: object) -> None:
        self.again.append(job.id)


def test_work_is_given_out_again_after_the_database_was_away(monkeypatch):
    monkeypatch.setattr(engine_postgres, "_LOOK_SECONDS", 0.01)
    manager = Manager()
    looking = engine_postgres._give_out_stalled(SimpleNamespace(job_manager=manager))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(looking, 1))
    assert manager.again
