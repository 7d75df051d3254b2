"""Run one crawl as the program does: in a process of its own, from a pickled order.

Reads ``(order, addresses held, responses until the disk is full)`` from standard input and writes
what the archive was given and how the crawl ended to standard output, pickled. Held addresses of
None stand for a database that does not open.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from datetime import datetime

from crawlers.crawl import CrawlOrder, run_crawl
from domain.clock import system_clock
from domain.errors import UsageError


class ArchiveInMemory:
    """This keeps what the crawl hands over, and fails like a full disk where told to."""

    def __init__(self, fails_after: int | None) -> None:
        self.responses: list[dict[str, object]] = []
        self.outcomes: list[dict[str, object]] = []
        self._fails_after = fails_after

    def write_response(
        self,
        *,
        url: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        fetched_at: datetime,
    ) -> None:
        if self._fails_after is not None and len(self.responses) >= self._fails_after:
            raise OSError("đĩa đầy")
        self.responses.append(
            {"url": url, "status": status, "headers": list(headers), "body": body, "at": fetched_at}
        )

    def write_outcome(self, **outcome: object) -> None:
        self.outcomes.append(outcome)


def main() -> None:
    order: CrawlOrder
    order, held, fails_after = pickle.load(sys.stdin.buffer)
    archive = ArchiveInMemory(fails_after)
    asked: list[str] = []

    def known(addresses: Sequence[str]) -> set[str]:
        if held is None:
            raise OSError("không mở được cơ sở dữ liệu")
        asked.extend(addresses)
        return set(addresses) & held

    try:
        ended: object = run_crawl(order, archive=archive, known=known, clock=system_clock)
    except (OSError, UsageError) as error:
        ended = error
    pickle.dump((ended, archive.responses, archive.outcomes, asked), sys.stdout.buffer)


if __name__ == "__main__":
    main()
