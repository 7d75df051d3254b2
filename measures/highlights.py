"""What a report names: the most placed stories, who was first, criticism and what answers it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from domain.codes import Area, OutletKind
from domain.highlights import Answer, Criticism, FirstOutlet, Headline, Highlights
from domain.outlets import OutletBook
from domain.records import ArticleRow
from domain.text import fold_for_search
from measures.digest import CRITICAL
from measures.placements import by_story, is_press
from measures.totals import first_to_report

#: Stories named over all, for each area, and outlets named.
MOST: Final = 10
MOST_OF_AREA: Final = 3
#: An answer is looked for this long after the criticism.
ANSWER_WITHIN: Final = timedelta(days=30)
#: Pairs of neighbouring syllables that the headlines of a criticism and its answer share at least.
SHARED_PAIRS: Final = 3
_ANSWERS = re.compile(
    r"trả lời|phản hồi|giải trình|tiếp thu|lên tiếng|nói gì|thông tin về|chấn chỉnh|khắc phục",
    re.IGNORECASE,
)


def highlights(
    scoped: Sequence[ArticleRow], read: Sequence[ArticleRow], outlets: OutletBook
) -> Highlights:
    """What stands out among the relevant rows in scope; `read` are all rows of the period."""
    stories = by_story(filter(is_press, scoped))
    ranked = sorted((_headline(rows) for rows in stories.values()), key=_rank)
    tones = {story: {row.tone for row in rows} for story, rows in stories.items()}
    return Highlights(
        most_placed=tuple(story for story in ranked if story.outlets > 1)[:MOST],
        results=tuple(
            story
            for story in ranked
            if "tich_cuc" in tones[story.story_id]
            and any(row.aspect == "ket_qua" for row in stories[story.story_id])
            and not tones[story.story_id] & set(CRITICAL)
        )[:MOST],
        first=tuple(_first(scoped)),
        criticism=tuple(_criticism(stories, read, outlets)),
        by_area=tuple(
            (area, found[:MOST_OF_AREA])
            for area in Area
            if (found := tuple(story for story in ranked if area in story.areas))
        ),
    )


def _headline(rows: Sequence[ArticleRow]) -> Headline:
    lead = rows[0]
    areas = {area for row in rows for area in row.areas}
    return Headline(
        story_id=lead.story_id,
        headline=lead.headline,
        outlet_name=lead.outlet_name,
        at=lead.counted_at,
        precision=lead.date_precision,
        url=lead.url,
        areas=tuple(area for area in Area if area in areas),
        agencies=tuple(dict.fromkeys(agency for row in rows for agency in row.focus)),
        outlets=len({row.outlet_id for row in rows}),
        placements=len(rows),
    )


def _rank(story: Headline) -> tuple[int, int, float, int]:
    return -story.outlets, -story.placements, story.at.timestamp(), story.story_id


def _first(scoped: Sequence[ArticleRow]) -> Iterable[FirstOutlet]:
    names = {row.outlet_id: row.outlet_name for row in scoped}
    found = sorted(first_to_report(scoped).items(), key=lambda item: (-item[1], item[0]))
    return (FirstOutlet(outlet_name=names[key], stories=count) for key, count in found[:MOST])


def _criticism(
    stories: Mapping[int, Sequence[ArticleRow]],
    read: Sequence[ArticleRow],
    outlets: OutletBook,
) -> Iterable[Criticism]:
    speaking = _by_agency(read, outlets)
    for rows in sorted(stories.values(), key=lambda rows: (rows[0].counted_at, rows[0].article_id)):
        critical = [row for row in rows if row.tone in CRITICAL]
        if critical:
            yield Criticism(
                story=_headline(rows),
                tone=next(tone for tone in CRITICAL if any(row.tone == tone for row in critical)),
                description=next((row.description for row in critical if row.description), ""),
                answer=answer_to(critical[0], speaking),
            )


def _by_agency(
    read: Sequence[ArticleRow], outlets: OutletBook
) -> Mapping[str, Sequence[ArticleRow]]:
    """What may answer for each agency: items of its portal, and of the press that say so."""
    portals = {outlet.id: outlet.agency for outlet in outlets if outlet.kind is OutletKind.PORTAL}
    found: dict[str, list[ArticleRow]] = defaultdict(list)
    for row in read:
        if portals.get(row.outlet_id):
            found[portals[row.outlet_id]].append(row)
        elif is_press(row) and row.tone not in CRITICAL and _ANSWERS.search(row.headline):
            for agency in row.focus:
                found[agency].append(row)
    return found


def answer_to(critical: ArticleRow, speaking: Mapping[str, Sequence[ArticleRow]]) -> Answer | None:
    """Phản hồi của cơ quan: tin sớm nhất có vẻ trả lời bài phê bình, do máy gợi ý.

    Là tin của cổng thông tin của cơ quan bị phê bình, hoặc tin báo chí mà cơ quan đó là chủ thể và
    tít nói việc trả lời, tiếp thu, khắc phục; đăng sau bài phê bình không quá 30 ngày; tít có ít
    nhất ba cặp tiếng liền nhau trùng với tít bài phê bình. Người phải kiểm tra lại.

    Nguồn: kiến nghị cần trả lời, chế độ phát ngôn và cung cấp thông tin cho báo chí.
    """
    asked = _pairs(critical.headline)
    since = critical.counted_at
    found = [
        row
        for agency in critical.focus
        for row in speaking.get(agency, ())
        if since < row.counted_at <= since + ANSWER_WITHIN
        and row.article_id != critical.article_id
        and len(asked & _pairs(row.headline)) >= SHARED_PAIRS
    ]
    if not found:
        return None
    first = min(found, key=lambda row: (row.counted_at, row.article_id))
    return Answer(
        outlet_name=first.outlet_name,
        headline=first.headline,
        url=first.url,
        at=first.counted_at,
        after=first.counted_at - since,
    )


def _pairs(text: str) -> set[tuple[str, str]]:
    syllables = fold_for_search(text).split()
    return set(pairwise(syllables))
