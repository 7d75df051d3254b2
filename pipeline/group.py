"""The stage that groups: articles of a window -> stories (one original, n placements).

What comes out depends on the set of articles alone: two articles are joined if they are copies
within a few days of each other, and a story is everything that is joined, through whatever chain.
An article that a person placed is joined to where it was placed, and to nothing else.
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
from pipeline.happenings import find_all_happenings, find_happenings
from storage.database import Connection, Engine, reading
from storage.stories import (
    Groupable,
    GroupText,
    group_texts,
    groupables,
    keep_sketches,
    kept_sketches,
    members,
    neighbours,
    next_chunk,
    store_stories,
)
from storage.story_corrections import StoryDecisions, story_decisions, take_apart

#: Two copies lie at most this far apart.
REACH_DAYS: Final = 7
_REACH: Final = timedelta(days=REACH_DAYS)
_SECOND: Final = timedelta(seconds=1)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Voices that never wrote the text first: an aggregator repeats.
_NEVER_ORIGINAL: Final = frozenset({OutletKind.AGGREGATOR})
#: Texts read together to make their sketches.
_BATCH: Final = 1_000


def group(context: Context) -> int:
    """Give every article without a story its story; how many articles were grouped.

    What takes long is done outside of the transactions that keep other writers waiting.
    """
    done = 0
    moment = _BEGINNING
    while (chunk := _next_chunk(context.engine, moment)) is not None:
        _make_sketches(context.engine, *chunk)
        with context.engine.begin() as connection:
            placed = _group_chunk(connection, *chunk, context.outlets)
        done += _new_among(placed)
        moment = chunk[1]
        context.progress("Gộp tin trùng", done, None)
    # Also what a run that was killed did not come to, and stories tagged since they were grouped.
    find_all_happenings(context.engine)
    return done


def _next_chunk(engine: Engine, moment: datetime) -> tuple[datetime, datetime] | None:
    with reading(engine) as connection:
        return next_chunk(connection, moment)


def _new_among(placed: Iterable[Groupable]) -> int:
    return sum(each.story_id is None for each in placed)


def _make_sketches(engine: Engine, first: datetime, until: datetime) -> None:
    """Make the sketches of the articles of [first, until) that have none."""
    with reading(engine) as connection:
        kept = kept_sketches(connection, first, until, SCHEME)
        missing = [each for each in neighbours(connection, first, until) if each.id not in kept]
    for start in range(0, len(missing), _BATCH):
        with engine.begin() as connection:
            _sketched(connection, missing[start : start + _BATCH], {})


def regroup(
    connection: Connection,
    story_ids: Collection[int],
    outlets: OutletBook,
    *,
    also: Collection[int] = (),
) -> None:
    """Put stories together anew, after a person spoke of one of their articles or typed one in.

    `also` are articles that have no story yet.
    """
    waiting = groupables(connection, [*take_apart(connection, story_ids), *also])
    placed = story_decisions(connection).placed
    # A story of far-off articles is not read as one long time: each part has its own neighbours.
    for part in _parts([each for each in waiting if each.id not in placed]):
        since, beyond = part[0].counted_at - _REACH, part[-1].counted_at + _REACH
        wanted = {each.id for each in part}
        near = neighbours(connection, since, beyond)
        _find_happenings(connection, _group(connection, near, wanted, outlets))
    left = groupables(connection, [each.id for each in waiting if each.id in placed])
    _find_happenings(connection, _group(connection, left, {each.id for each in left}, outlets))


def _find_happenings(connection: Connection, placed: Sequence[Groupable]) -> None:
    if placed:
        moments = [each.counted_at for each in placed]
        find_happenings(connection, min(moments), max(moments))


def _parts(waiting: Sequence[Groupable]) -> list[list[Groupable]]:
    """Articles in the order of time, cut where nothing lies within reach."""
    parts: list[list[Groupable]] = []
    for each in waiting:
        if parts and each.counted_at - parts[-1][-1].counted_at <= _REACH:
            parts[-1].append(each)
        else:
            parts.append([each])
    return parts


def _group_chunk(
    connection: Connection, first: datetime, until: datetime, outlets: OutletBook
) -> list[Groupable]:
    """Group the articles of [first, until) that have no story; all articles of their stories."""
    around = neighbours(connection, first - _REACH, until + _REACH)
    wanted = {each.id for each in around if first <= each.counted_at < until}
    return _group(connection, around, wanted, outlets)


def _group(
    connection: Connection,
    around: Sequence[Groupable],
    wanted: set[int],
    outlets: OutletBook,
) -> list[Groupable]:
    """Group the wanted ones that have no story, among articles near.

    Given are all articles of the stories that were made, as they were before.
    """
    pending = {each.id for each in around if each.story_id is None and each.id in wanted}
    decisions = story_decisions(connection)
    copies = _copies(connection, around, pending, decisions)
    known = _known(connection, around, copies, pending, decisions)
    together = [pair for pair in decisions.placed.items() if known.keys() >= set(pair)]
    stories = {
        _original(joined, outlets, decisions): joined
        for joined in _join([*copies, *together], known.values())
        if any(each.id in pending for each in joined) and _is_new(joined)
    }
    store_stories(connection, stories, _portal_texts(connection, stories.values()))
    return [each for joined in stories.values() for each in joined]


def _known(
    connection: Connection,
    around: Sequence[Groupable],
    copies: Iterable[Sequence[int]],
    pending: set[int],
    decisions: StoryDecisions,
) -> dict[int, Groupable]:
    """The articles that may be joined now: those near, those placed, and the stories of both."""
    known = {each.id: each for each in around}
    touched = {each.story_id for each in around if each.story_id is not None}
    wanted = _touching(copies, known, pending, touched)
    for each in groupables(connection, decisions.named):
        if each.story_id is not None:
            wanted.add(each.story_id)
        if each.story_id is not None or each.id in decisions.placed or each.id in pending:
            known.setdefault(each.id, each)
        else:
            # It waits for a turn of its own, in which it is compared; the placed follow it then.
            known.pop(each.id, None)
    for each in members(connection, wanted):
        known.setdefault(each.id, each)
    return known


def _copies(
    connection: Connection,
    around: Sequence[Groupable],
    pending: set[int],
    decisions: StoryDecisions,
) -> list[tuple[int, ...]]:
    """The groups of copies; what a person placed is no copy of anything, nor a bridge."""
    compared = [each for each in around if each.id not in decisions.placed]
    fresh = pending - decisions.placed.keys()
    if not fresh:
        return []
    first, last = compared[0].counted_at, compared[-1].counted_at
    kept = kept_sketches(connection, first, last + _SECOND, SCHEME)
    return group_sketched(
        _sketched(connection, compared, kept),
        lambda keys: map(_item, group_texts(connection, keys)),
        days=REACH_DAYS,
        fresh=fresh,
    )


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


def _original(group: Sequence[Groupable], outlets: OutletBook, decisions: StoryDecisions) -> int:
    if len(group) == 1:
        return group[0].id
    here = {each.id for each in group}
    if chosen := [number for number in decisions.originals if number in here]:
        return chosen[-1]
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
