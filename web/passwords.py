"""Passwords: how they are kept, checked and chosen."""

from __future__ import annotations

import secrets
import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import UsageError

SHORTEST: Final = 10
LONGEST: Final = 200
#: No letter or digit that is taken for another one when it is copied by hand.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"

_hasher: Final = PasswordHasher()
#: Checking takes 64 MB and a core: so many at once, the others wait.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher.hash(password)


#: Checked where there is no such person, so that the time taken does not say so.
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA"
    "$RdescudvJCsgt3ub+b/dWRWJTmaaJObG2m8Ze1qPm5k"
)


def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept; None is nobody's, and takes as long."""
    with _AT_ONCE:
        try:
            return _hasher.verify(kept or _NOBODY, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def check_choice(password: str, name: str) -> None:
    """A password that is too easy, or too long to be checked, is a `UsageError`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự.")
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise UsageError("Mật khẩu quá dễ đoán. Chọn mật khẩu khác.")


def one_time_password() -> str:
    """A password that is given once and has to be changed."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    return "-".join(groups)
