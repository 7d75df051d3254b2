"""Opening an installation: called once, at a door."""

from __future__ import annotations

from pathlib import Path

import crawlers
from domain.clock import Clock
from domain.outlets import OutletBook, read_outlets
from domain.settings import Settings
from pipeline.context import Context, Progress, Remark, no_progress, no_remark
from storage.database import (
    connect,
    database_url,
    init_database,
    open_database,
    prepare_home,
)


def open_context(
    settings: Settings,
    home: Path,
    *,
    clock: Clock,
    progress: Progress = no_progress,
    remark: Remark = no_remark,
    create: bool = False,
    outlets_folder: Path | None = None,
) -> Context:
    """Open the installation in `home`; `create` makes or upgrades its database first."""
    outlets = watched_outlets(settings, outlets_folder)
    url = database_url(home, settings.storage.database)
    if create:
        prepare_home(home)
        init_database(connect(url))
    return Context(
        settings=settings,
        home=home,
        engine=open_database(url),
        outlets=outlets,
        clock=clock,
        progress=progress,
        remark=remark,
    )


def watched_outlets(settings: Settings, folder: Path | None = None) -> OutletBook:
    """The declared outlets that the settings choose; all of them where none is named."""
    if folder is None:
        own = settings.crawl.outlets_folder
        folder = Path(own) if own else Path(crawlers.__file__).parent / "outlets"
    book = read_outlets(folder)
    return book.only(settings.crawl.outlets) if settings.crawl.outlets else book


def declared_outlets(settings: Settings) -> OutletBook:
    """All declared outlets, those that the settings do not watch included."""
    crawl = settings.crawl.model_copy(update={"outlets": ()})
    return watched_outlets(settings.model_copy(update={"crawl": crawl}))
