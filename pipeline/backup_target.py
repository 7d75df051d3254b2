"""Where a restored database goes: the file of a home folder, or a server.

What stood there is put aside under a name of its own, never deleted.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from domain.clock import VIETNAM, Clock
from pipeline.context import Progress
from pipeline.move import carry, index_all
from storage.database import Engine, connect, shown
from storage.forms import init_database, is_of_this_form
from storage.postgres import holds_tables, is_absent
from storage.server_copy import aside_name, drop_database, rename_database
from storage.snapshot import database_file


def is_taken(target: Engine) -> bool:
    """Whether a database of an installation is there already."""
    if target.dialect.name == "sqlite":
        return database_file(target).exists()
    return not is_absent(target) and holds_tables(target)


def bring(database: Path, target: Engine, *, clock: Clock, progress: Progress) -> str | None:
    """Put an unpacked database in its place; what the one before is called now, if one was.

    The unpacked file is used up.
    """
    stamp = f"{clock().astimezone(VIETNAM):%Y%m%dT%H%M%S}"
    if target.dialect.name == "sqlite":
        return _bring_file(database, target, stamp, progress)
    return _bring_to_server(connect(f"sqlite:///{database}"), target, stamp, progress)


def _bring_file(database: Path, target: Engine, stamp: str, progress: Progress) -> str | None:
    source = connect(f"sqlite:///{database}")
    if is_of_this_form(source):
        # A server's copy comes without an index.
        index_all(source, progress)
    place = database_file(target)
    aside = _put_file_aside(place, stamp)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(database, place)
    return str(aside) if aside else None


def _put_file_aside(place: Path, stamp: str) -> Path | None:
    if not place.exists():
        return None
    aside = place.with_name(f"{place.name}.{stamp}")
    # Its journal goes with it: beside the restored database it would be taken for its own.
    for ending in ("-wal", "-shm"):
        journal = place.with_name(place.name + ending)
        if journal.exists():
            journal.replace(aside.with_name(aside.name + ending))
    place.replace(aside)
    return aside


def _bring_to_server(
    source: Engine, target: Engine, stamp: str, progress: Progress
) -> str | None:  # fmt: skip
    init_database(source)
    if not is_taken(target):
        carry(source, target, progress)
        return None
    name = str(target.url.database)
    aside = aside_name(name, stamp)
    rename_database(target, name, to=aside)
    try:
        carry(source, target, progress)
    except BaseException:
        drop_database(target, name)
        rename_database(target, aside, to=name)
        raise
    return shown(connect(target.url.set(database=aside).render_as_string(hide_password=False)))
