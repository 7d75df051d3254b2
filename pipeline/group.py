"""The stage that groups: articles of a window -> stories (one original, n placements).

What comes out depends on the set of articles alone: two articles are joined if they are copies
within a few days of each other, and a story is everything that is joined, through whatever chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from domain.codes import OutletKind
from domain.outlets import OutletBook
from nlp.copies import CopyItem, group_copies, original_of
from pipeline.context import Context
from storage.database import Connection
from storage.stories import (
    CHUNK_SPAN,
    Groupable,
    members,
    neighbours,
    store_stories,
    ungrouped_after,
)

#: Two copies lie at most this far apart.
REACH_DAYS = 7
_REACH = timedelta(days=REACH_DAYS)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: Voices that never wrote the text first: an aggregator repeats.
_NEVER_ORIGINAL = frozenset({OutletKind.AGGREGATOR})


def group(context: Context) -> int:
    """Give every article without a story its story; how many articles were grouped."""
    done = 0
    moment: datetime | None = _BEGINNING
    while moment is not None:
        with context.engine.begin() as connection:
            first = ungrouped_after(connection, moment)
            if first is None:
                return done
            moment = first + CHUNK_SPAN
            done += _group_chunk(connection, first, moment, context.outlets)
        context.progress("Gộp tin trùng", done, None)
    return done


def _group_chunk(
    connection: Connection, first: datetime, until: datetime, outlets: OutletBook
) -> int:
    around = neighbours(connection, first - _REACH, until + _REACH)
    pending = {
        each.id for each in around if each.story_id is None and first <= each.counted_at < until
    }
    copies = group_copies([_item(each) for each in around], days=REACH_DAYS)
    known = {each.id: each for each in around}
    touched = {each.story_id for each in around if each.story_id is not None}
    outside = members(connection, _touching(copies, known, pending, touched))
    for each in outside:
        known.setdefault(each.id, each)
    joined = _join(copies, known.values())
    stories = {
        _original(group, outlets): group
        for group in joined
        if any(each.id in pending for each in group) and _is_new(group)
    }
    store_stories(connection, stories)
    return sum(each.story_id is None for group in stories.values() for each in group)


def _item(article: Groupable) -> CopyItem:
    return CopyItem(
        key=article.id,
        outlet_id=article.outlet_id,
        title=article.headline,
        text=article.text,
        at=article.counted_at,
    )


def _touching(
    copies: Iterable[Sequence[int]],
    known: Mapping[int, Groupable],
    pending: set[int],
    touched: set[int],
) -> set[int]:
    """Stories that an article of this chunk joins: their members elsewhere in time count too."""
    return {
        story
        for group in copies
        if any(key in pending for key in group)
        for key in group
        if (story := known[key].story_id) is not None and story in touched
    }


def _join(copies: Iterable[Sequence[int]], articles: Iterable[Groupable]) -> list[list[Groupable]]:
    """Everything connected by a copy found now or by a story found before."""
    parent: dict[int, int] = {}

    def root(key: int) -> int:
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for group in copies:
        for key in group[1:]:
            parent[root(key)] = root(group[0])
    known = list(articles)
    head_of_story: dict[int, int] = {}
    for each in known:
        if each.story_id is not None:
            parent[root(each.id)] = root(head_of_story.setdefault(each.story_id, each.id))
    groups: dict[int, list[Groupable]] = {}
    for each in known:
        groups.setdefault(root(each.id), []).append(each)
    return list(groups.values())


def _is_new(group: Sequence[Groupable]) -> bool:
    """Whether the group is not yet exactly one stored story."""
    return len({each.story_id for each in group}) > 1 or group[0].story_id is None


def _original(group: Sequence[Groupable], outlets: OutletBook) -> int:
    if len(group) == 1:
        return group[0].id
    named = {each.id: outlets.credited(each.credit) for each in group if each.credit}
    never = {each.outlet_id for each in group if each.outlet_kind in _NEVER_ORIGINAL}
    return original_of(
        [_item(each) for each in group],
        credits={key: outlet_id for key, outlet_id in named.items() if outlet_id},
        never_original=never,
    )
