"""Opening an installation: called once, at a door."""

from __future__ import annotations

from pathlib import Path

import crawlers
from domain.clock import Clock
from domain.outlets import OutletBook, read_outlets
from domain.settings import Settings
from pipeline.context import (
    Context,
    Progress,
    Remark,
    no_progress,
    no_remark,
    own_outlets_folder,
)
from storage.database import connect, database_url, prepare_home
from storage.forms import init_database, open_database


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
    settings = at_home(settings, home)
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


def at_home(settings: Settings, home: Path) -> Settings:
    """The settings with the place of the operator's own declarations, wherever it is."""
    own = str(own_outlets_folder(settings, home))
    crawl = settings.crawl.model_copy(update={"own_outlets_folder": own})
    return settings.model_copy(update={"crawl": crawl})


def watched_outlets(settings: Settings, folder: Path | None = None) -> OutletBook:
    """The outlets that the settings choose, all where none is named; the operator's own always.

    An own declaration stands in for a shipped one of the same id.
    """
    if folder is None:
        named = settings.crawl.outlets_folder
        folder = Path(named) if named else Path(crawlers.__file__).parent / "outlets"
    own = _own(settings)
    book = OutletBook([*(each for each in read_outlets(folder) if each.id not in own), *own])
    chosen = settings.crawl.outlets
    if not chosen:
        return book
    added = [each.id for each in own if each.id not in chosen]
    return book.only([*chosen, *added])


def _own(settings: Settings) -> OutletBook:
    """What the operator declared; nothing where the folder is not there yet."""
    folder = settings.crawl.own_outlets_folder
    return read_outlets(Path(folder)) if folder and Path(folder).is_dir() else OutletBook([])


def declared_outlets(settings: Settings) -> OutletBook:
    """All declared outlets, those that the settings do not watch included."""
    crawl = settings.crawl.model_copy(update={"outlets": ()})
    return watched_outlets(settings.model_copy(update={"crawl": crawl}))
