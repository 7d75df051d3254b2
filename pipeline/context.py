"""What every stage is given: settings, places, the database, the outlets, the clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.clock import Clock
from domain.outlets import OutletBook
from domain.settings import Settings
from storage.database import Engine

#: In the home folder: the operator's own declarations, where the settings name no other folder.
OWN_OUTLETS = "nguon-rieng"
#: Where scans of articles typed in by hand lie, in the home folder.
ATTACHMENTS = "attachments"
#: Called with a stage's Vietnamese name, how much is done, and of how much (None: not known).
Progress = Callable[[str, int, int | None], None]
#: Called with a Vietnamese sentence on what a stage is about to do, and why.
Remark = Callable[[str], None]


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Say nothing."""


def no_remark(sentence: str) -> None:
    """Say nothing."""


def own_outlets_folder(settings: Settings, home: Path) -> Path:
    """Where the operator's own declarations of outlets stand: as configured, else at home."""
    return Path(settings.crawl.own_outlets_folder or home / OWN_OUTLETS)


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
    def has_workers(self) -> bool:
        """Whether the timetable's work is handed out to workers."""
        return self.settings.engine.kind == "postgres"

    @property
    def report_folder(self) -> Path:
        """Where reports and digests are put unless told otherwise."""
        return self.home / "reports"

    @property
    def own_plans(self) -> Path | None:
        """The folder of the officer's own plans, where one is kept."""
        folder = self.settings.plan.folder
        return Path(folder) if folder else None

    @property
    def own_outlets(self) -> Path:
        """The folder of the operator's own declarations of outlets; it need not exist."""
        return own_outlets_folder(self.settings, self.home)

    def watching(self, outlet_ids: Sequence[str]) -> Context:
        """The same installation, with only these outlets watched."""
        return replace(self, outlets=self.outlets.only(outlet_ids))
