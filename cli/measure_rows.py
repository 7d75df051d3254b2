"""A figure of the profile opened down to what made it: cells, events or articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import AREA_NAMES, ASPECT_NAMES, AUDIENCE_NAMES, TONE_NAMES
from domain.errors import UsageError
from domain.events import EVENT_KIND_NAMES, EventRow, EventState
from domain.figures import CellState, Lag
from domain.qualities import QualityFigure
from domain.records import ArticleRow
from domain.validation import unknown
from measures.catalogue import CATALOGUE
from measures.cells import ABSENCE_NAMES, CellLine
from measures.outcomes import Outcome
from pipeline.profile import Opened
from reports.profile import shown
from reports.vietnamese import lag as written_lag
from reports.vietnamese import minute, moment, number

_CELLS = "complete.cells"
#: Figures whose rows are events, not articles.
_OF_EVENTS = frozenset({"complete.events", "context.text_reuse"})
_HOUR = timedelta(hours=1)


def figure_called(name: str) -> str:
    """The id of a figure by its id or its Vietnamese name; a `UsageError` for another name."""
    ids = {each.name.casefold(): each.id for each in CATALOGUE.values()}
    asked = " ".join(name.split())
    if asked in CATALOGUE:
        return asked
    if asked.casefold() in ids:
        return ids[asked.casefold()]
    names = [each.name for each in CATALOGUE.values()]
    told = unknown("số liệu", asked, [*CATALOGUE, *names])
    raise UsageError(f"{told} Tên các số liệu: diembao measure không có --rows.")


def figure_of(opened: Opened, figure_id: str) -> QualityFigure:
    """The figure of the profile."""
    return next(
        found
        for each in opened.measured.qualities
        for found in each.figures
        if found.id == figure_id
    )


def _is_of_events(figure: QualityFigure) -> bool:
    return figure.id.startswith("timely.") or figure.id in _OF_EVENTS


def rows_json(opened: Opened, figure: QualityFigure) -> Iterator[dict[str, Any]]:
    """The rows behind a figure, for machines."""
    if figure.id == _CELLS:
        yield from map(_cell_json, opened.cells)
    elif _is_of_events(figure):
        yield from (_event_json(opened.events[row], opened) for row in figure.rows)
    else:
        yield from (_article_json(opened.articles[row]) for row in figure.rows)


def _cell_json(cell: CellLine) -> dict[str, Any]:
    return {
        "agency": cell.agency,
        "area": cell.area.value,
        "state": cell.state.value,
        "stories": cell.stories,
        "absence": cell.absence.value if cell.absence else None,
        "reason": ABSENCE_NAMES[cell.absence] if cell.absence else "",
        "articles": list(cell.rows),
    }


def _event_json(row: EventRow, opened: Opened) -> dict[str, Any]:
    event, outcome = row.event, opened.outcomes[row.event.id]
    return {
        "event": event.id,
        "kind": event.kind.value,
        "agency": event.agency_id,
        "at": event.at.astimezone(VIETNAM).isoformat(),
        "precision": event.precision.value,
        "number": event.number,
        "title": event.title,
        "stories": list(row.stories),
        "outlets": [each.row.outlet_id for each in outcome.carriers],
        "first_hours": _hours(outcome.first),
        "third_hours": _hours(outcome.third),
        "before": outcome.before,
        "unwatched": round(outcome.unwatched(outcome.followed), 4),
    }


def _hours(lag: Lag | None) -> list[float] | None:
    return None if lag is None else [lag.low / _HOUR, lag.high / _HOUR]


def _article_json(row: ArticleRow) -> dict[str, Any]:
    return {
        "article": row.article_id,
        "story": row.story_id,
        "outlet": row.outlet_id,
        "at": row.counted_at.astimezone(VIETNAM).isoformat(),
        "precision": row.date_precision.value,
        "headline": row.headline,
        "url": row.url,
        "sha256": row.sha256,
        "areas": [area.value for area in row.areas],
        "focus": list(row.focus),
        "form": row.form,
        "tone": row.tone,
        "audience": row.audience,
        "aspect": row.aspect,
    }


def rows_text(opened: Opened, figure: QualityFigure, register: AgencyRegister) -> Iterator[str]:
    """The figure and the rows behind it, for people; where there are none, why."""
    yield _head(opened, figure)
    if figure.id == _CELLS:
        for cell in opened.cells:
            yield from _cell_lines(cell, opened)
    elif _is_of_events(figure):
        for one in figure.rows:
            yield from _event_lines(opened.outcomes[one], opened, register)
    else:
        for one in figure.rows:
            yield from _article_lines(opened.articles[one])
    if _is_of_events(figure) and has_proposed(opened):
        yield from PROPOSED_LINES


#: What an officer does about events that no person has looked at.
PROPOSED_LINES = (
    "Sự kiện đề xuất chỉ tính sau khi duyệt. Xem: diembao events list --state proposed. Duyệt: "
    "diembao events confirm.",
)


def has_proposed(opened: Opened) -> bool:
    """Whether the register holds events of the period that nobody has looked at."""
    return any(
        row.event.state is EventState.PROPOSED and opened.measured.period.contains(row.event.at)
        for row in opened.events.values()
    )


def _head(opened: Opened, figure: QualityFigure) -> str:
    name = CATALOGUE[figure.id].name
    if figure.id == _CELLS:
        kind, count = "ô", len(opened.cells)
    else:
        kind, count = ("sự kiện" if _is_of_events(figure) else "tin, bài"), len(figure.rows)
    value = f"chưa có số ({figure.reason})" if figure.value is None else _value(figure)
    return f"{name}: {value}. {number(count)} {kind}:" if count else f"{name}: {value}."


def _value(figure: QualityFigure) -> str:
    value = shown(figure.value, figure.unit)
    return value if figure.k is None else f"{value} ({number(figure.k)}/{number(figure.n)})"


def _cell_lines(cell: CellLine, opened: Opened) -> Iterator[str]:
    if cell.state is CellState.COVERED:
        told = f"{number(cell.stories)} câu chuyện"
    else:
        told = ABSENCE_NAMES[cell.absence] if cell.absence else "không có tin"
    yield f"  {cell.name} · {AREA_NAMES[cell.area]}: {told}"
    for one in cell.rows:
        row = opened.articles[one]
        yield f"      {_when(row)}  {row.outlet_name}: {row.headline}"


def _event_lines(outcome: Outcome, opened: Opened, register: AgencyRegister) -> Iterator[str]:
    event = outcome.row.event
    name = register.get(event.agency_id, opened.measured.period.end).official_name
    kind = EVENT_KIND_NAMES[event.kind]
    what = f"{kind} {event.number}" if event.number else kind
    yield f"  {event.id}  {moment(event.at, event.precision)}  {name}, {what}"
    yield f"      {event.title}"
    yield f"      {_became(outcome, opened.threshold)}"


def _became(outcome: Outcome, threshold: float) -> str:
    if outcome.first is None:
        if outcome.unwatched(outcome.followed) > 1 - threshold:
            return "Chưa thấy báo nào đăng, nhưng không quan sát được đủ báo chí."
        return "Chưa báo nào đăng."
    first = outcome.carriers[0].row.outlet_name
    after = "trước khi công bố" if outcome.before else f"sau {written_lag(outcome.first)}"
    return f"{first} đăng đầu tiên, {after}; {number(len(outcome.carriers))} báo đã đăng."


def _article_lines(row: ArticleRow) -> Iterator[str]:
    yield f"  {_when(row)}  {row.outlet_name}"
    yield f"      {row.headline}"
    areas = " · ".join(AREA_NAMES[area] for area in row.areas) or "Chưa rõ lĩnh vực"
    tone, aspect, audience = (
        names.get(code, code).lower()
        for names, code in (
            (TONE_NAMES, row.tone),
            (ASPECT_NAMES, row.aspect),
            (AUDIENCE_NAMES, row.audience),
        )
    )
    yield f"      {areas}; sắc thái {tone}; khía cạnh {aspect}; đối tượng {audience}"
    yield f"      {row.url}"


def _when(row: ArticleRow) -> str:
    if row.published_at is None:
        return f"không rõ giờ đăng, thấy {minute(row.first_seen_at)}"
    return moment(row.published_at, row.date_precision)
