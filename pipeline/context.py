"""What every stage is given: settings, places, the database, the outlets, the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.clock import Clock
from domain.outlets import OutletBook
from domain.settings import Settings
from storage.database import Engine

#: Called with a stage's Vietnamese name, how much is done, and of how much (None: not known).
Progress = Callable[[str, int, int | None], None]
#: Called with a Vietnamese sentence on what a stage is about to do, and why.
Remark = Callable[[str], None]


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


def no_remark(sentence: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """This is one installation as the stages see it."""

    settings: Settings
    #: The folder of database, archive and reports.
    home: Path
    engine: Engine
    #: The outlets that are watched.
    outlets: OutletBook
    clock: Clock
    progress: Progress = no_progress
    remark: Remark = no_remark
    #: The worker's name, where several share the database and the home folder; "" for the only one.
    worker: str = ""

    @property
    def archive_folder(self) -> Path:
        """Where the project's own WARC segments are written: each worker has a part of its own."""
        return self.home / "archive" / self.worker

    @property
    def report_folder(self) -> Path:
        """Where reports and digests are put unless told otherwise."""
        return self.home / "reports"

    @property
    def own_plans(self) -> Path | None:
        """The folder of the officer's own plans, where one is kept."""
        folder = self.settings.plan.folder
        return Path(folder) if folder else None

    def watching(self, outlet_ids: Sequence[str]) -> Context:
        """The same installation, with only these outlets watched."""
        return replace(self, outlets=self.outlets.only(outlet_ids))
