"""How much was read of each outlet, whatever the subject: by day, and in a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.periods import Period
from domain.records import ArticleRow, OutletDay
from measures.placements import day_of


def outlet_days(rows: Iterable[ArticleRow]) -> list[OutletDay]:
    """What each outlet carried on each day, each placement once."""
    once = {row.article_id: row for row in rows}.values()
    counted = Counter((row.outlet_id, day_of(row)) for row in once)
    named = {row.outlet_id: row for row in once}
    return [
        OutletDay(
            outlet_id=outlet_id,
            outlet_name=named[outlet_id].outlet_name,
            outlet_kind=named[outlet_id].outlet_kind,
            outlet_level=named[outlet_id].outlet_level,
            day=day,
            articles=articles,
        )
        for (outlet_id, day), articles in counted.items()
    ]


def volumes(read: Iterable[OutletDay], period: Period) -> Counter[str]:
    """How much was read of each outlet in a period."""
    found: Counter[str] = Counter()
    for each in read:
        if period.start <= each.day <= period.end:
            found[each.outlet_id] += each.articles
    return found
