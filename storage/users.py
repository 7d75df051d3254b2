"""People who may sign in, and their open sessions.

Of a password only its Argon2 hash is kept, of a session only the SHA-256 of its token: whoever
reads the database cannot sign in with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.errors import UsageError
from domain.users import Access, User
from storage.tables import sessions, users


def count_users(connection: Connection) -> int:
    """How many people there are, disabled ones too."""
    return connection.scalar(select(func.count()).select_from(users)) or 0


def add_user(connection: Connection, user: User, password_hash: str, now: datetime) -> int:
    """Add a person; a sign-in name that is taken is a `UsageError`. The number given."""
    taken = connection.scalar(select(users.c.id).where(users.c.name == user.name))
    if taken is not None:
        raise UsageError(f"Tên đăng nhập “{user.name}” đã có người dùng. Chọn tên khác.")
    made = connection.execute(
        insert(users).values(
            name=user.name,
            full_name=user.full_name,
            access=user.access,
            agencies=list(user.agencies),
            password=password_hash,
            must_change=user.must_change,
            disabled=False,
            created_at=now,
        )
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def list_users(connection: Connection) -> list[User]:
    """Everybody, by sign-in name."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]


def user_with_password(connection: Connection, name: str) -> tuple[User, str] | None:
    """The person of a sign-in name with the hash of the password; None where there is none."""
    row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
    return None if row is None else (_user(row), row.password)


def user_of(connection: Connection, number: int) -> User | None:
    """The person of a number."""
    row = connection.execute(select(users).where(users.c.id == number)).one_or_none()
    return None if row is None else _user(row)


def set_password(
    connection: Connection, number: int, password_hash: str, *, must_change: bool
) -> None:
    """Give a new password, and end every session that the old one opened."""
    connection.execute(
        update(users)
        .where(users.c.id == number)
        .values(password=password_hash, must_change=must_change)
    )
    connection.execute(delete(sessions).where(sessions.c.user_id == number))


def change_user(
    connection: Connection,
    number: int,
    *,
    access: Access,
    agencies: Sequence[str],
    disabled: bool,
) -> None:
    """Give a person another role; the last administrator stays one, so that somebody may."""
    losing = access is not Access.ADMINISTRATOR or disabled
    others = connection.scalar(
        select(func.count())
        .select_from(users)
        .where(
            users.c.access == Access.ADMINISTRATOR,
            users.c.disabled.is_(False),
            users.c.id != number,
        )
    )
    if losing and not others:
        raise UsageError("Đây là quản trị duy nhất. Giao quyền quản trị cho người khác trước.")
    connection.execute(
        update(users)
        .where(users.c.id == number)
        .values(access=access, agencies=list(agencies), disabled=disabled)
    )
    if disabled:
        connection.execute(delete(sessions).where(sessions.c.user_id == number))


def open_session(
    connection: Connection, number: int, token: str, *, now: datetime, until: datetime
) -> None:
    """Keep that a person signed in; sessions that ran out are dropped."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    connection.execute(
        insert(sessions).values(
            token_hash=digest(token), user_id=number, created_at=now, expires_at=until
        )
    )


def session_user(connection: Connection, token: str, now: datetime) -> User | None:
    """The person whose session the token opened; None where it is over."""
    row = connection.execute(
        select(users)
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(
            sessions.c.token_hash == digest(token),
            sessions.c.expires_at > now,
            users.c.disabled.is_(False),
        )
    ).one_or_none()
    return None if row is None else _user(row)


def close_session(connection: Connection, token: str) -> None:
    """End a session: its token opens nothing any more."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == digest(token)))


def digest(token: str) -> str:
    """What is kept of a token; a token is long and random, so that it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _user(row: Row[Any]) -> User:
    return User(
        id=row.id,
        name=row.name,
        full_name=row.full_name,
        access=Access(row.access),
        agencies=tuple(row.agencies),
        must_change=row.must_change,
        disabled=row.disabled,
    )
