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
from measures.placements import by_story, is_press, order
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
    scoped: Sequence[ArticleRow], said: Iterable[ArticleRow], outlets: OutletBook
) -> Highlights:
    """What stands out among the relevant rows in scope.

    `said` are the placements of the period among which an answer to a criticism may be: those of
    any subject that name an agency which is `criticised`, and those of its portal. In any order,
    each of them may come more than once.
    """
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
        criticism=tuple(_criticism(stories, said, outlets)),
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
        relevance=max(row.relevance for row in rows),
    )


def _rank(story: Headline) -> tuple[int, int, float, float, int]:
    sure = round(story.relevance, 2)
    return -story.outlets, -story.placements, -sure, story.at.timestamp(), story.story_id


def _first(scoped: Sequence[ArticleRow]) -> Iterable[FirstOutlet]:
    names = {row.outlet_id: row.outlet_name for row in scoped}
    found = sorted(first_to_report(scoped).items(), key=lambda item: (-item[1], item[0]))
    return (FirstOutlet(outlet_name=names[key], stories=count) for key, count in found[:MOST])


def _criticism(
    stories: Mapping[int, Sequence[ArticleRow]],
    said: Iterable[ArticleRow],
    outlets: OutletBook,
) -> Iterable[Criticism]:
    critical = {story: found for story, rows in stories.items() if (found := criticism_in(rows))}
    answers = _answers([rows[0] for rows in critical.values()], said, outlets)
    for story, found in sorted(
        critical.items(),
        key=lambda item: (stories[item[0]][0].counted_at, stories[item[0]][0].article_id),
    ):
        yield Criticism(
            story=_headline(stories[story]),
            tone=next(tone for tone in CRITICAL if any(row.tone == tone for row in found)),
            description=next((row.description for row in found if row.description), ""),
            answer=answers.get(story),
        )


def criticism_in(rows: Iterable[ArticleRow]) -> list[ArticleRow]:
    """Those of the placements of a story that criticise."""
    return [row for row in rows if row.tone in CRITICAL]


def criticised(rows: Iterable[ArticleRow]) -> set[str]:
    """The agencies that are criticised, and of which an answer may be looked for."""
    return {agency for row in criticism_in(filter(is_press, rows)) for agency in row.focus}


def _answers(
    critical: Sequence[ArticleRow], said: Iterable[ArticleRow], outlets: OutletBook
) -> Mapping[int, Answer]:
    """The earliest answer to each story; what was `said` is looked at once, one after the other."""
    portals = {outlet.id: outlet.agency for outlet in outlets if outlet.kind is OutletKind.PORTAL}
    asked: dict[str, list[ArticleRow]] = defaultdict(list)
    for row in critical:
        for agency in row.focus:
            asked[agency].append(row)
    first: dict[int, ArticleRow] = {}
    for said_row in said:
        for row in (
            each for agency in _speaks_for(said_row, portals) for each in asked.get(agency, ())
        ):
            held = first.get(row.story_id)
            if (held is None or order(said_row) < order(held)) and answers(row, said_row):
                first[row.story_id] = said_row
    return {
        row.story_id: _answer(first[row.story_id], row) for row in critical if row.story_id in first
    }


def _speaks_for(row: ArticleRow, portals: Mapping[str, str]) -> Sequence[str]:
    """The agencies a text may answer for: a portal for its own, the press where it says so."""
    if own := portals.get(row.outlet_id):
        return (own,)
    says_so = is_press(row) and row.tone not in CRITICAL and _ANSWERS.search(row.headline)
    return row.focus if says_so else ()


def answers(critical: ArticleRow, said: ArticleRow) -> bool:
    """Phản hồi của cơ quan: tin sớm nhất có vẻ trả lời bài phê bình, do máy gợi ý theo tiêu đề.

    Là tin của cổng thông tin của cơ quan bị phê bình, hoặc tin báo chí mà cơ quan đó là chủ thể và
    tít nói việc trả lời, tiếp thu, khắc phục; đăng sau bài phê bình không quá 30 ngày; tít có ít
    nhất ba cặp tiếng liền nhau trùng với tít bài phê bình. Người phải kiểm tra lại.

    Nguồn: kiến nghị cần trả lời, chế độ phát ngôn và cung cấp thông tin cho báo chí.
    """
    since = critical.counted_at
    return (
        since < said.counted_at <= since + ANSWER_WITHIN
        and said.article_id != critical.article_id
        and len(_pairs(critical.headline) & _pairs(said.headline)) >= SHARED_PAIRS
    )


def _answer(said: ArticleRow, critical: ArticleRow) -> Answer:
    return Answer(
        outlet_name=said.outlet_name,
        headline=said.headline,
        url=said.url,
        at=said.counted_at,
        after=said.counted_at - critical.counted_at,
    )


def _pairs(text: str) -> set[tuple[str, str]]:
    syllables = fold_for_search(text).split()
    return set(pairwise(syllables))
