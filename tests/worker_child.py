"""One worker of a shared queue, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.clock import ShiftedClock, system_clock
from domain.outlets import Outlet, OutletBook
from domain.settings import Settings
from pipeline.context import Context
from pipeline.engine_postgres import work
from storage.database import open_database


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """This is what one worker is told."""

    name: str
    url: str
    home: Path
    settings: Settings
    outlets: tuple[Outlet, ...]
    moment: datetime

    def context(self) -> Context:
        """The installation as this worker sees it."""
        return Context(
            settings=self.settings,
            home=self.home,
            engine=open_database(self.url),
            outlets=OutletBook(list(self.outlets)),
            clock=ShiftedClock(system_clock, self.moment - system_clock()),
            worker=self.name,
        )


def run(hand: Hand, *, once: bool) -> None:
    """Work until the queue is empty, or until killed."""
    context = hand.context()
    context.archive_folder.mkdir(parents=True, exist_ok=True)
    work(context, once=once)
