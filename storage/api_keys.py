"""Keys of programs, and the searches that people saved."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.users import ApiKey, Scope
from storage.tables import api_keys, saved_searches
from storage.users import digest


def add_key(
    connection: Connection,
    key: str,
    *,
    name: str,
    scopes: Collection[Scope],
    by: str,
    now: datetime,
) -> int:
    """Keep a key by its hash; the number given."""
    made = connection.execute(
        insert(api_keys).values(
            name=name, key_hash=digest(key), scopes=sorted(scopes), created_by=by, created_at=now
        )
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def key_of(connection: Connection, key: str) -> ApiKey | None:
    """The key as it is known; None where it is not, or was revoked."""
    row = connection.execute(
        select(api_keys).where(api_keys.c.key_hash == digest(key), api_keys.c.revoked_at.is_(None))
    ).one_or_none()
    return None if row is None else _key(row)


def list_keys(connection: Connection) -> list[ApiKey]:
    """Every key, the newest first."""
    return [
        _key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id.desc()))
    ]


def revoke_key(connection: Connection, number: int, now: datetime) -> bool:
    """Let a key open nothing any more; whether it did until now."""
    changed = connection.execute(
        update(api_keys)
        .where(api_keys.c.id == number, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return changed.rowcount > 0


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes)),
        created_at=row.created_at,
        created_by=row.created_by,
        revoked_at=row.revoked_at,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedSearch:
    """This is a search that a person keeps under a name."""

    id: int
    name: str
    #: The part of the address after the question mark.
    query: str


def save_search(
    connection: Connection, user_id: int, *, name: str, query: str, now: datetime
) -> None:
    """Keep a search; another one of the same name is replaced."""
    mine = (saved_searches.c.user_id == user_id, saved_searches.c.name == name)
    connection.execute(delete(saved_searches).where(*mine))
    connection.execute(
        insert(saved_searches).values(user_id=user_id, name=name, query=query, created_at=now)
    )


def saved_of(connection: Connection, user_id: int) -> list[SavedSearch]:
    """What a person saved, by name."""
    rows = connection.execute(
        select(saved_searches)
        .where(saved_searches.c.user_id == user_id)
        .order_by(saved_searches.c.name)
    )
    return [SavedSearch(id=row.id, name=row.name, query=row.query) for row in rows]


def forget_search(connection: Connection, user_id: int, number: int) -> None:
    """Drop a search that the person saved."""
    connection.execute(
        delete(saved_searches).where(
            saved_searches.c.user_id == user_id, saved_searches.c.id == number
        )
    )
