"""The plain counts of a period: stories and placements, by area, outlet, day, form and tone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.codes import FORMS, PRESS_KINDS, TONES, UNKNOWN, Area
from domain.figures import (
    AreaLine,
    CodeLine,
    DayLine,
    Figure,
    Observation,
    OutletLine,
    Status,
    Totals,
)
from domain.outlets import OutletBook
from domain.records import ArticleRow, OutletDay
from measures.coverage import cell_state
from measures.observation import answers
from measures.placements import by_story, count, day_of, is_press
from measures.scope import Scope
from measures.timing import carriers, is_surely_first


def counted(figure_id: str, unit: str, found: int, panel: float, threshold: float) -> Figure:
    """Số câu chuyện, số tin, bài: đếm được bao nhiêu là có ít nhất bấy nhiêu.

    Không thấy tin nào chỉ là số 0 khi tỷ lệ quan sát được đạt ngưỡng; dưới ngưỡng thì không có số.

    Nguồn: nguyên tắc nêu rõ cái chưa biết của AMEC.

    >>> counted("context.stories", "stories", 0, panel=0.2, threshold=0.8).status
    <Status.NOT_OBSERVED: 'not_observed'>
    """
    known = found > 0 or panel >= threshold
    return Figure(
        id=figure_id,
        unit=unit,
        value=found if known else None,
        status=Status.OK if known else Status.NOT_OBSERVED,
        n=found,
    )


def reprint_ratio(stories: int, placements: int) -> Figure:
    """Tỷ lệ đăng lại: phần tin, bài là bản đăng lại của một câu chuyện đã đếm.

    Công thức: 1 − số câu chuyện / số tin, bài trên báo chí.

    Nguồn: Media Cloud (tách câu chuyện và bản đăng lại).

    >>> reprint_ratio(stories=3, placements=4).value
    0.25
    >>> reprint_ratio(stories=0, placements=0).value is None
    True
    """
    return Figure(
        id="context.reprint_ratio",
        unit="share",
        value=1 - stories / placements if placements else None,
        status=Status.OK if placements else Status.NOT_ENOUGH,
        n=placements,
        k=placements - stories,
    )


def totals(
    read: Sequence[OutletDay],
    scoped: Sequence[ArticleRow],
    observation: Observation,
    panel: float,
    scope: Scope,
) -> Totals:
    """The counts of `scoped` (relevant and in scope) beside all that was `read` in the period.

    `panel` is the observed share of the press that may be expected to cover the scope.
    """
    threshold = scope.threshold
    found = count(scoped)
    originals = sum(1 for row in scoped if is_press(row) and row.is_original)
    return Totals(
        articles=sum(each.articles for each in read if each.outlet_kind in PRESS_KINDS),
        counts=found,
        originals=originals,
        reprints=found.placements - originals,
        reprint_ratio=reprint_ratio(found.stories, found.placements),
        stories=counted("context.stories", "stories", found.stories, panel, threshold),
        placements=counted("context.placements", "placements", found.placements, panel, threshold),
        by_area=tuple(_area(area, scoped, panel, threshold) for area in Area),
        by_outlet=outlet_lines(read, scoped, scope.outlets),
        by_day=day_lines(read, scoped, observation, scope),
        by_form=code_lines(scoped, (*FORMS, UNKNOWN), lambda row: row.form),
        by_tone=code_lines(scoped, (*TONES, UNKNOWN), lambda row: row.tone),
    )


def _area(area: Area, rows: Iterable[ArticleRow], panel: float, threshold: float) -> AreaLine:
    found = count(row for row in rows if area in row.areas)
    return AreaLine(area=area, counts=found, state=cell_state(found.stories, panel, threshold))


def code_lines(
    rows: Sequence[ArticleRow], codes: Iterable[str], code_of: Callable[[ArticleRow], str]
) -> tuple[CodeLine, ...]:
    """The counts of every code, those without a row included."""
    return tuple(
        CodeLine(code=code, counts=count(row for row in rows if code_of(row) == code))
        for code in codes
    )


def outlet_lines(
    read: Sequence[OutletDay], scoped: Sequence[ArticleRow], outlets: OutletBook
) -> tuple[OutletLine, ...]:
    """What each outlet carried: those declared, and those only seen in what was read."""
    named = {outlet.id: (outlet.name, outlet.kind, outlet.level) for outlet in outlets}
    volume: Counter[str] = Counter()
    for each in read:
        named.setdefault(each.outlet_id, (each.outlet_name, each.outlet_kind, each.outlet_level))
        volume[each.outlet_id] += each.articles
    relevant: dict[str, list[ArticleRow]] = {outlet_id: [] for outlet_id in named}
    for row in scoped:
        relevant[row.outlet_id].append(row)
    first = first_to_report(scoped)
    return tuple(
        OutletLine(
            outlet_id=outlet_id,
            name=name,
            kind=kind,
            level=level,
            articles=volume[outlet_id],
            placements=len(relevant[outlet_id]),
            stories=len({row.story_id for row in relevant[outlet_id]}),
            reprints=sum(1 for row in relevant[outlet_id] if not row.is_original),
            first=first[outlet_id],
            last_at=max((row.counted_at for row in relevant[outlet_id]), default=None),
        )
        for outlet_id, (name, kind, level) in sorted(named.items())
    )


def first_to_report(rows: Iterable[ArticleRow]) -> Counter[str]:
    """How often each press outlet was surely the first of at least two to carry a story."""
    stories = by_story(filter(is_press, rows)).values()
    found = [carriers(story) for story in stories]
    return Counter(story[0].row.outlet_id for story in found if is_surely_first(story))


def day_lines(
    read: Sequence[OutletDay],
    scoped: Sequence[ArticleRow],
    observation: Observation,
    scope: Scope,
) -> tuple[DayLine, ...]:
    """Each day of the period, with the share of press sources that answered on it."""
    press = {outlet.id for outlet in scope.outlets if outlet.kind in PRESS_KINDS}
    answered: Counter[date] = Counter()
    for outlet_id, sources in answers(scope.source_days, scope.period).items():
        if outlet_id in press:
            answered.update(day for days in sources.values() for day in days)
    read_on: Counter[date] = Counter()
    for each in read:
        if each.outlet_kind in PRESS_KINDS:
            read_on[each.day] += each.articles
    scoped_on: dict[date, list[ArticleRow]] = {day: [] for day in scope.period.each_day()}
    for row in scoped:
        scoped_on[day_of(row)].append(row)
    watched = observation.press.sources
    return tuple(
        DayLine(
            day=day,
            articles=read_on[day],
            counts=count(found),
            observed_share=answered[day] / watched if watched else 0.0,
        )
        for day, found in scoped_on.items()
    )
