"""Where the tests keep their data: files of their own, or a PostgreSQL started for them.

``DIEMBAO_TEST_DATABASE=postgresql pytest`` runs the same tests on a server that is started in a
temporary folder and thrown away; each home folder then has a database of its own on it.
"""

from __future__ import annotations

import os

import pytest

from storage import postgres as storage_postgres
from storage.database import ADDRESS_VARIABLE, connect
from storage.forms import init_database
from tests.postgres_server import Server, discard, programs, start_server

CHOICE = "DIEMBAO_TEST_DATABASE"
_server: list[Server] = []


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "sqlite: looks into the embedded database's file; left out on PostgreSQL"
    )
    config.addinivalue_line("markers", "postgres: starts a PostgreSQL; skips where none is there")
    if os.environ.get(CHOICE) == "postgresql":
        _server.append(start_server())
        init_database(connect(_server[0].url("khuon")))
        # A home's tables are copied: to make them takes longer than many a test.
        storage_postgres.CREATE = storage_postgres.CREATE.replace("template0", "khuon")
        os.environ[ADDRESS_VARIABLE] = _server[0].url("so_{home}")


def pytest_unconfigure() -> None:
    if _server:
        discard(_server.pop())
        del os.environ[ADDRESS_VARIABLE]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    embedded = pytest.mark.skip(reason="about the embedded database's file")
    absent = pytest.mark.skip(reason="initdb of PostgreSQL is not installed")
    for item in items:
        if _server and item.get_closest_marker("sqlite"):
            item.add_marker(embedded)
        if item.get_closest_marker("postgres") and programs() is None:
            item.add_marker(absent)


@pytest.fixture(autouse=True)
def _no_databases_left():
    """What a test makes goes with it: some hundred homes would fill the disk.

    Homes that several tests share are made before this begins, and stay.
    """
    if not _server:
        yield
        return
    before = _server[0].databases()
    yield
    if made := _server[0].databases() - before:
        _server[0].drop(made)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL of the tests' own."""
    if _server:
        yield _server[0]
        return
    server = start_server()
    yield server
    discard(server)
