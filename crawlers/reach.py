"""How far back a list reaches: the days on which nobody asked, but which it still tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

#: One item in ten may be pinned or misdated: the oldest tenth proves nothing.
_DOUBTFUL_SHARE = 10


def reaches_to(times: Iterable[datetime]) -> datetime | None:
    """The moment since which a list is taken to be whole, by the times of what it lists.

    The oldest tenth (at least one) is left out, for a pinned or misdated old item would otherwise
    claim years. None where nothing remains.
    """
    ordered = sorted(times)
    doubtful = -(-len(ordered) // _DOUBTFUL_SHARE)
    return ordered[doubtful] if len(ordered) > doubtful else None
