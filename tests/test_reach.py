"""How far back a list reaches, and what must not be believed of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawlers.reach import reaches_to
from domain.clock import VIETNAM
from domain.records import FeedItem, PublishedTime

NOW = datetime(2026, 7, 10, 8, 0, tzinfo=VIETNAM)


def listed(*hours_ago: float | None) -> list[FeedItem]:
    return [
        FeedItem(
            url=f"https://bao.test/{n}.html",
            headline="Tít",
            published=PublishedTime(at=None if ago is None else NOW - timedelta(hours=ago)),
        )
        for n, ago in enumerate(hours_ago)
    ]


@pytest.mark.parametrize(
    ("hours_ago", "reach"),
    [
        ([], None),
        ([None, None], None),
        ([5], None),
        ([1, 2, 3], 2),
        ([*range(20)], 17),
        ([*range(20), 50_000], 17),
        ([None, 4, 9], 4),
    ],
    ids=["empty", "no times", "one item", "few", "many", "one pinned item of years ago", "undated"],
)
def test_the_oldest_tenth_proves_nothing(hours_ago, reach):
    assert reaches_to(listed(*hours_ago)) == (
        None if reach is None else NOW - timedelta(hours=reach)
    )
