"""One host, many crawlers: a request waits for its host's turn before it is sent.

Within a process Scrapy's own queue keeps a host's delay. Where several processes, on several
machines, may ask one host, its turns are handed out by whoever is given as `Turns`: a request takes
one the moment it would be sent, and gives it back when it was answered.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from crawlers.politeness import host_slot


class Turns(Protocol):
    """This hands out the turns of hosts."""

    def take(self, host: str) -> float:
        """Take the host's turn: 0, or so many seconds to wait before asking again."""

    def give_back(self, host: str, delay: float) -> None:
        """The host answered; it is to be left alone for so many seconds."""


def in_turn(turns: Turns) -> type[HTTP11DownloadHandler]:
    """A handler of requests that waits for the turns of hosts."""

    class InTurn(HTTP11DownloadHandler):
        """This sends a request when its host's turn has come."""

        async def download_request(self, request: Request) -> Response:
            """Wait for the turn, send, and give the turn back however it ends."""
            host = host_slot(request.url)
            while wait := turns.take(host):
                await asyncio.sleep(wait)
            try:
                return await super().download_request(request)
            finally:
                turns.give_back(host, self._delay(host))

        def _delay(self, host: str) -> float:
            assert self.crawler.engine is not None
            slot = self.crawler.engine.downloader.slots.get(host)
            return float(slot.delay if slot else self.crawler.settings["DOWNLOAD_DELAY"])

    return InTurn
