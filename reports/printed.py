"""Typed values as words on a page."""

from __future__ import annotations

from datetime import date

from reports import vietnamese
from reports.values import Clipped, Count, Link, Moment, Points, Ratio, Share, Styled, Value
from reports.vietnamese import UNKNOWN_MARK


def words(value: Value) -> str:
    """A typed value as it is printed in Vietnamese.

    >>> words(Share(0.125)), words(Count(None)), words(1234), words(2.5), words(Points(-0.454))
    ('12,5%', '–', '1.234', '2,5', '-45,4 điểm %')
    """
    match value:
        case None | Share(value=None) | Points(value=None) | Count(value=None):
            return UNKNOWN_MARK
        case Share(value=share):
            return vietnamese.percent(share)
        case Points(value=share):
            return vietnamese.points(share)
        case Ratio(value=ratio):
            return vietnamese.number(round(ratio, 2) + 0.0, 2)
        case Count(value=found):
            return vietnamese.number(found or 0)
        case Moment(at=at, precision=precision):
            return vietnamese.moment(at, precision)
        case Link(url=text) | Styled(text=text) | Clipped(text=text):
            return text
        case str():
            return value
        case date():
            return vietnamese.day(value)
        case int():
            return vietnamese.number(value)
        case float():
            # Rounded first: a little less than nothing is printed as nothing.
            return vietnamese.number(round(value, 1) + 0.0, 1)
