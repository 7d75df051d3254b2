"""What every table is made of: moments, the ids of articles, the names of constraints."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Dialect, MetaData
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware datetime to seconds; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: a moment needs its zone")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Seconds to an aware datetime in UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


#: 52 bits, so that an id survives JSON's floating-point numbers.
_ID_BITS = 52
#: Numbers of articles lie below.
ID_SPAN: Final = 1 << _ID_BITS


def article_id(canonical_url: str) -> int:
    """The id an address asks for: the first 52 bits of its BLAKE2 digest.

    >>> article_id("https://baovidu.vn/mot-cua-1.html") < 2**52
    True
    """
    digest = hashlib.blake2b(canonical_url.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _ID_BITS)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
