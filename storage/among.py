"""Numbers that a column is compared with: as many parameters, or one array where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, bindparam, func


def among(
    connection: Connection, column: ColumnElement[Any], numbers: Sequence[int]
) -> ColumnElement[bool]:
    """Whether a column's number is one of these; a server is spared a text that grows with them."""
    if connection.dialect.name != "postgresql":
        return column.in_(numbers)
    held = bindparam("numbers", list(numbers), type_=ARRAY(BigInteger), unique=True)
    return column == func.any(held)
