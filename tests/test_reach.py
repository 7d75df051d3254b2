"""How far back a list reaches, and what must not be believed of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawlers.reach import reaches_to
from domain.clock import VIETNAM

NOW = datetime(2026, 7, 10, 8, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("hours_ago", "reach"),
    [
        ([], None),
        ([5], None),
        ([1, 2, 3], 2),
        ([*range(20)], 17),
        ([*range(20), 50_000], 17),
    ],
    ids=["empty", "one", "few", "many", "one pinned item of years ago"],
)
def test_the_oldest_tenth_proves_nothing(hours_ago, reach):
    times = [NOW - timedelta(hours=ago) for ago in hours_ago]
    assert reaches_to(times) == (None if reach is None else NOW - timedelta(hours=reach))
