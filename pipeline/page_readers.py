"""Pages read beside the writer: a few in this process, many in processes of their own.

To read a page costs several times what storing its article costs, and touches nothing but the
page. So the process that writes hands pages out and stores what comes back, in the order in which
they were handed out.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from domain.errors import DiembaoError
from domain.outlets import OutletBook
from pipeline.page_reading import PageTask, Reading, begin, read, read_known

#: Before so many pages have come, no other process is worth starting: it takes a second.
FEW = 256
#: Beyond these the writer is what is waited for.
_MOST_PROCESSES = 4


class PageReaders:
    """This reads pages and gives what they said when asked for it."""

    def __init__(self, outlets: OutletBook) -> None:
        self._declared = outlets
        self._pool: ProcessPoolExecutor | None = None
        self._processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
        self._seen = 0
        self._expected = 0

    def expect(self, count: int) -> None:
        """Say that so many pages will come; where they are many, the processes start at once."""
        self._expected += count
        if self._pool is None and self._expected >= FEW:
            for _ in range(self._processes):
                self._submit([])

    def begin(self, tasks: Sequence[PageTask]) -> Callable[[], list[Reading]]:
        """Begin to read; call what is given back for the readings, in the order of the tasks."""
        self._seen += len(tasks)
        if self._pool is None and self._seen < FEW:
            readings = [read(task.page, task.outlet, task.fault) for task in tasks]
            return lambda: readings
        parts = [self._submit(part) for part in _parts(tasks, self._processes)]
        return lambda: [reading for part in parts for reading in _result(part)]

    def close(self) -> None:
        """End the processes; what was not asked for is forgotten."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _submit(self, tasks: Sequence[PageTask]) -> Future[list[Reading]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=begin,
                initargs=({outlet.id: outlet for outlet in self._declared},),
            )
        return self._pool.submit(
            read_known, [(task.page, task.outlet.id, task.fault) for task in tasks]
        )


def _parts(tasks: Sequence[PageTask], count: int) -> list[Sequence[PageTask]]:
    size = -(-len(tasks) // count) or 1
    return [tasks[start : start + size] for start in range(0, len(tasks), size)]


def _result(part: Future[list[Reading]]) -> list[Reading]:
    try:
        return part.result()
    except BrokenProcessPool as error:
        raise DiembaoError(
            "Tiến trình đọc trang dừng đột ngột, có thể vì máy hết bộ nhớ. Những gì đã tải đều "
            "được giữ; chạy lại để đọc tiếp."
        ) from error
