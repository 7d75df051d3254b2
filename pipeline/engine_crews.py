"""Outlets that are handed out together are crawled together, each host at its own pace.

Were each piece a crawl of its own, one after the other, every other host would be left alone
although its turn has come, and each would cost a process. So a worker takes many pieces at a time:
those that come within a moment are one crawl, and each ends when that crawl does. What comes later
begins another crawl beside it, as long as there is a place; each place has a part of the archive.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from pipeline.collecting import take_up_left
from pipeline.context import Context
from pipeline.engine import Bench, crawl_outlets

#: Crawls that one worker has under way, at most.
_PLACES: Final = 4
#: A piece waits so long for others that are handed out with it.
_GATHER_SECONDS: Final = 0.5


class Crews:
    """This crawls the pieces that one worker takes; it belongs to the worker's event loop."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        #: Outlets that wait for the next crawl, by whether only what is due is asked.
        self._waiting: dict[bool, list[tuple[str, asyncio.Future[int]]]] = {}
        self._free = list(range(_PLACES))
        self._a_place = asyncio.Semaphore(_PLACES)
        self._crawls: set[asyncio.Task[None]] = set()
        self._took_up = False

    async def crawl(self, outlet_id: str, *, due_only: bool) -> int:
        """Crawl an outlet with those that wait; how many articles the crawl brought or changed."""
        waiting = self._waiting.setdefault(due_only, [])
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiting.append((outlet_id, done))
        if len(waiting) == 1:
            crawl = asyncio.create_task(self._crawl_waiting(due_only=due_only))
            self._crawls.add(crawl)
            crawl.add_done_callback(self._crawls.discard)
        return await done

    async def _crawl_waiting(self, *, due_only: bool) -> None:
        async with self._a_place:
            await asyncio.sleep(_GATHER_SECONDS)
            pieces = self._waiting.pop(due_only)
            outlet_ids, ends = [outlet for outlet, _ in pieces], [done for _, done in pieces]
            place = self._free.pop(0)
            try:
                changed = await asyncio.to_thread(self._do, place, outlet_ids, due_only)
            except Exception as error:
                # Not swallowed: each piece fails by it, and is tried again as the queue says.
                for done in ends:
                    done.set_exception(error)
            else:
                for done in ends:
                    done.set_result(changed)
            finally:
                self._free.insert(0, place)

    def _do(self, place: int, outlet_ids: list[str], due_only: bool) -> int:
        if not self._took_up:
            # A worker of this name that was killed may have had more places than are used now.
            for number in range(_PLACES):
                take_up_left(self._at(number))
            self._took_up = True
        return crawl_outlets(self._at(place), outlet_ids, due_only=due_only)

    def _at(self, place: int) -> Context:
        """The installation as one of the places sees it; no worker's name has a plus sign."""
        context = self._bench.context
        return replace(context, worker=f"{context.worker}+{place}") if place else context
