"""Numbers and moments as a Vietnamese officer writes them, wherever a sentence is made."""

from __future__ import annotations

from datetime import datetime

from domain.clock import VIETNAM


def number(value: float, decimals: int = 0) -> str:
    """A number with points between thousands and a decimal comma.

    >>> number(1234.5, 1), number(12), number(-1000000)
    ('1.234,5', '12', '-1.000.000')
    """
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def minute(moment: datetime) -> str:
    """An aware moment as dd/mm/yyyy HH:MM, on the Vietnamese clock."""
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
