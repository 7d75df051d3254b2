"""How far back a list reaches: the days on which nobody asked, but which it still tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.records import FeedItem

#: One item in ten may be pinned or misdated: the oldest tenth proves nothing.
_DOUBTFUL_SHARE = 10


def reaches_to(items: Iterable[FeedItem]) -> datetime | None:
    """The moment since which the list is taken to be whole; None where it carries no times.

    The oldest tenth of the items (at least one) is left out, for a pinned or misdated old item
    would otherwise claim years.
    """
    times = sorted(item.published.at for item in items if item.published.at is not None)
    doubtful = -(-len(times) // _DOUBTFUL_SHARE)
    return times[doubtful] if len(times) > doubtful else None
