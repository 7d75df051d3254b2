"""New people and new keys, as a form or a command tells them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final

from domain.agencies import AgencyRegister
from domain.errors import UsageError
from domain.users import Access, User
from domain.validation import unknown

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def new_user(
    register: AgencyRegister, *, name: str, full_name: str, access: str, agencies: Sequence[str]
) -> User:
    """A person who has to choose a password; what cannot be used is a `UsageError`."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise UsageError(
            "Tên đăng nhập gồm 2 đến 64 chữ thường không dấu, chữ số, dấu chấm, gạch hoặc @."
        )
    role, held = checked_access(register, access, agencies)
    return User(
        id=0, name=name, full_name=full_name.strip()[:200], access=role, agencies=held,
        must_change=True,
    )  # fmt: skip


def checked_access(
    register: AgencyRegister, access: str, agencies: Sequence[str]
) -> tuple[Access, tuple[str, ...]]:
    """A role and the ids of its agencies; an officer has at least one."""
    if access not in set(Access):
        raise UsageError(unknown("vai trò", access[:40], Access))
    held = tuple(register.get(each.strip()[:80]).id for each in agencies if each.strip())
    if access == Access.OFFICER and not held:
        raise UsageError("Cán bộ của cơ quan cần ít nhất một mã cơ quan, ví dụ BNV.")
    return Access(access), held


def new_key() -> str:
    """A key for a program."""
    return f"db_{secrets.token_urlsafe(32)}"
