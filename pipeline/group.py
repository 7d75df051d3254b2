"""The stage that groups: articles of a window -> stories (one original, n placements).

What comes out depends on the set of articles alone: two articles are joined if they are copies
within a few days of each other, and a story is everything that is joined, through whatever chain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.codes import PRESS_KINDS, OutletKind
from domain.outlets import OutletBook
from nlp.copies import CopyItem, group_sketched, holds_whole, original_of
from nlp.sketches import SCHEME, Sketched, sketches
from pipeline.context import Context
from pipeline.happenings import find_happenings
from storage.database import Connection
from storage.stories import (
    Groupable,
    GroupText,
    group_texts,
    keep_sketches,
    kept_sketches,
    members,
    neighbours,
    next_chunk,
    store_stories,
)

#: Two copies lie at most this far apart.
REACH_DAYS: Final = 7
_REACH: Final = timedelta(days=REACH_DAYS)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Voices that never wrote the text first: an aggregator repeats.
_NEVER_ORIGINAL: Final = frozenset({OutletKind.AGGREGATOR})
#: Texts read together to make their sketches.
_BATCH: Final = 1_000


def group(context: Context) -> int:
    """Give every article without a story its story; how many articles were grouped."""
    done = 0
    moment = _BEGINNING
    while True:
        with context.engine.begin() as connection:
            chunk = next_chunk(connection, moment)
            if chunk is None:
                return done
            grouped, span = _group_chunk(connection, *chunk, context.outlets)
            done += grouped
            if span is not None:
                find_happenings(connection, *span)
        moment = chunk[1]
        context.progress("Gộp tin trùng", done, None)


def _group_chunk(
    connection: Connection, first: datetime, until: datetime, outlets: OutletBook
) -> tuple[int, tuple[datetime, datetime] | None]:
    """How many articles were grouped, and from when until when the stories made of them reach."""
    since, beyond = first - _REACH, until + _REACH
    around = neighbours(connection, since, beyond)
    pending = {
        each.id for each in around if each.story_id is None and first <= each.counted_at < until
    }
    copies = group_sketched(
        _sketched(connection, around, kept_sketches(connection, since, beyond, SCHEME)),
        lambda keys: map(_item, group_texts(connection, keys)),
        days=REACH_DAYS,
        fresh=pending,
    )
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
    store_stories(connection, stories, _portal_texts(connection, stories.values()))
    placements = [each for group in stories.values() for each in group]
    moments = [each.counted_at for each in placements]
    span = (min(moments), max(moments)) if moments else None
    return sum(each.story_id is None for each in placements), span


def _sketched(
    connection: Connection, around: Sequence[Groupable], kept: dict[int, bytes]
) -> list[Sketched]:
    """The sketches of articles: kept ones, else made now and kept."""
    missing = [each for each in around if each.id not in kept]
    for start in range(0, len(missing), _BATCH):
        batch = {each.id: each for each in missing[start : start + _BATCH]}
        texts = group_texts(connection, batch.keys())
        made = sketches([(each.headline, each.text) for each in texts])
        keep_sketches(
            connection,
            [(batch[text.id], sketch) for text, sketch in zip(texts, made, strict=True)],
            SCHEME,
        )
        kept |= {text.id: sketch for text, sketch in zip(texts, made, strict=True)}
    return [Sketched(each.id, each.counted_at, kept[each.id]) for each in around]


def _item(text: GroupText) -> CopyItem:
    return CopyItem(
        key=text.id,
        outlet_id=text.outlet_id,
        title=text.headline,
        text=text.text,
        at=text.counted_at,
    )


def _portal_texts(
    connection: Connection, groups: Collection[Sequence[Groupable]]
) -> dict[int, int]:
    """Which press articles repeat an agency portal's earlier text whole: its number, by theirs."""
    found: dict[int, int] = {}
    for group in groups:
        portals = [each for each in group if each.outlet_kind == OutletKind.PORTAL]
        press = [each for each in group if each.outlet_kind in PRESS_KINDS]
        if portals and press:
            found |= _reprints(connection, portals, press)
    return found


def _reprints(
    connection: Connection, portals: Iterable[Groupable], press: Iterable[Groupable]
) -> dict[int, int]:
    ordered = sorted(portals, key=lambda each: (each.counted_at, each.id))
    pairs = [
        (placement.id, portal.id)
        for placement in press
        for portal in ordered
        if portal.counted_at <= placement.counted_at
    ]
    wanted = {number for pair in pairs for number in pair}
    items = {text.id: _item(text) for text in group_texts(connection, wanted)}
    found: dict[int, int] = {}
    for placement, portal in pairs:
        if placement not in found and holds_whole(items[placement], items[portal]):
            found[placement] = portal
    return found


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
        [
            CopyItem(key=each.id, outlet_id=each.outlet_id, title="", text="", at=each.counted_at)
            for each in group
        ],
        credits={key: outlet_id for key, outlet_id in named.items() if outlet_id},
        never_original=never,
    )
