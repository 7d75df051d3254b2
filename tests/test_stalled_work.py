"""Looking for the work of dead workers goes on after the database was away."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from procrastinate.exceptions import ConnectorException

from pipeline import engine_stalled
from pipeline.engine_stalled import InHand, give_out_stalled


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
    monkeypatch.setattr(engine_stalled, "_LOOK_SECONDS", 0.01)
    manager = Manager()
    looking = give_out_stalled(SimpleNamespace(job_manager=manager), InHand())
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(looking, 1))
    assert manager.again


class Queue:
    """This is a queue in which two pieces stand as being done by one worker."""

    def __init__(self) -> None:
        self.again: list[int] = []

    async def get_stalled_jobs(self, **_: object) -> list[SimpleNamespace]:
        return []

    async def list_jobs_async(self, **asked: object) -> list[SimpleNamespace]:
        assert asked == {"status": "doing", "worker_id": 3}
        return [SimpleNamespace(task_name="crawl", id=number) for number in (7, 8)]

    async def retry_job(self, job: SimpleNamespace, **_: object) -> None:
        self.again.append(job.id)


def test_a_piece_whose_end_could_not_be_put_down_is_given_out_again(monkeypatch):
    monkeypatch.setattr(engine_stalled, "_LOOK_SECONDS", 0.01)
    queue, in_hand = Queue(), InHand()

    async def one_look_after_another() -> None:
        await give_out_stalled(SimpleNamespace(job_manager=queue), in_hand)

    async def work() -> None:
        looking = asyncio.create_task(one_look_after_another())
        await asyncio.sleep(0.1)
        looking.cancel()

    piece = SimpleNamespace(job=SimpleNamespace(id=7))
    asyncio.run(in_hand.note(work, piece, SimpleNamespace(worker_id=3)))
    assert set(queue.again) == {8}  # the other one is in hand
