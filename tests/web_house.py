"""A visitor of the pages of a small press: signs in, sends forms with their token."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import warnings
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from domain.agencies import read_register
from domain.settings import Settings
from domain.users import Access, Scope, User
from pipeline.context import Context
from storage.api_keys import add_key
from storage.database import ADDRESS_VARIABLE, connect
from storage.users import add_user
from tests.stored_press import NOW, OUTLETS, open_house
from web.app import create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient

SECRET = b"x" * 32
PASSWORD = "mat-khau-dai-1"
REGISTER = read_register()
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@cache
def kept() -> str:
    """The hash of the password that everybody has here: a cheap one, for it is checked often."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@cache
def _empty_house() -> Path:
    folder = Path(tempfile.mkdtemp())
    open_house(folder).engine.dispose()
    return folder / "diembao.sqlite"


def web_house(tmp_path: Path) -> Context:
    """The small press in a database of its own, copied: to make its tables takes a while."""
    if ADDRESS_VARIABLE in os.environ:
        return open_house(tmp_path)
    shutil.copy(_empty_house(), tmp_path / "diembao.sqlite")
    engine = connect(f"sqlite:///{tmp_path / 'diembao.sqlite'}")
    return Context(
        settings=Settings(), home=tmp_path, engine=engine, outlets=OUTLETS, clock=lambda: NOW
    )


def with_clock(house: Context, clock: Any) -> Context:
    return replace(house, clock=clock)


def add(house: Context, name: str, access: Access, *agencies: str, **given: Any) -> None:
    user = User(
        id=0, name=name, full_name=f"Người {name}", access=access, agencies=agencies, **given
    )
    with house.engine.begin() as connection:
        add_user(connection, user, kept(), NOW)


def add_program(house: Context, key: str, *scopes: Scope) -> None:
    with house.engine.begin() as connection:
        add_key(connection, key, name=f"khóa {key}", scopes=scopes, by="an", now=NOW)


@dataclass
class Visitor:
    """One browser."""

    client: TestClient

    def get(self, path: str, **given: Any) -> Any:
        return self.client.get(path, **given)

    def token(self, path: str = "/") -> str:
        found = _CSRF.search(self.get(path).text)
        assert found is not None, path
        return found[1]

    def post(
        self, path: str, fields: dict[str, Any] | None = None, *, at: str = "/password"
    ) -> Any:
        return self.client.post(path, data={"csrf": self.token(at), **(fields or {})})

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.post("/login", {"name": name, "password": password}, at="/login")


def visitor(house: Context, app: Any = None) -> Visitor:
    application = app or create_app(house, REGISTER, SECRET)
    return Visitor(TestClient(application, follow_redirects=False, raise_server_exceptions=False))
