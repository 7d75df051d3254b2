"""Installations of the tests moved about as a person would: copied, or without their database."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from storage.database import Engine, connect, database_url
from storage.postgres import is_absent
from storage.server_copy import rename_database


def database_of(home: Path) -> Engine:
    """The database of a home folder, wherever it is kept."""
    return connect(database_url(home, ""))


def copy_home(home: Path, target: Path) -> None:
    """Copy an installation: its files, and its database where a server keeps it."""
    shutil.copytree(home, target)
    source, copy = database_of(home), database_of(target)
    if source.dialect.name == "postgresql":
        server = create_engine(
            source.url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with server.connect() as connection:
            connection.exec_driver_sql(
                f'CREATE DATABASE "{copy.url.database}" TEMPLATE "{source.url.database}" '
                "STRATEGY file_copy"
            )


def has_database(home: Path) -> bool:
    """Whether a home folder has a database."""
    engine = database_of(home)
    if engine.dialect.name == "postgresql":
        return not is_absent(engine)
    return Path(str(engine.url.database)).exists()


def hide_database(home: Path) -> None:
    """Give the database of a home folder another name, so that it is not found."""
    engine = database_of(home)
    name = str(engine.url.database)
    if engine.dialect.name == "postgresql":
        rename_database(engine, name, to=f"{name}_aside")
    else:
        Path(name).rename(f"{name}.aside")
