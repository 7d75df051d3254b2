"""A handful of rows for the worked examples that stand in the docstrings of measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision, Level, OutletKind
from domain.events import EventKind, EventRow, EventState, OfficialEvent
from domain.figures import Lag
from domain.outlets import Domain, Outlet, OutletBook, Source
from domain.periods import Window, month
from domain.records import ArticleRow, SourceDay
from measures.ground import Ground, Story, lay_ground, stories_of
from measures.outcomes import HOUR, Outcome
from measures.scope import Scope
from measures.timing import Moment

#: July 2026, every source answering every day.
JULY: Final = month("2026-07", Window.LICH)
_FIRST: Final = datetime(2026, 7, 1, 8, tzinfo=VIETNAM)
_PLACES: Final = {
    "bao_a": (OutletKind.PRESS, Level.NATIONAL, "", ""),
    "bao_b": (OutletKind.PRESS, Level.NATIONAL, "", ""),
    "bao_hue": (OutletKind.PRESS, Level.PROVINCIAL, "P34:hue", ""),
    "cong_bnv": (OutletKind.PORTAL, Level.NATIONAL, "", "BNV"),
}


def outlets() -> OutletBook:
    """Two national papers, one of Huế, and the portal of the Ministry of Home Affairs."""
    return OutletBook(
        Outlet(
            id=name,
            name=name,
            kind=kind,
            level=level,
            province=province,
            agency=agency,
            domains=(Domain(host=f"{name}.test"),),
            sources=(Source(url=f"https://{name}.test/rss"),),
        )
        for name, (kind, level, province, agency) in _PLACES.items()
    )


def text(number: int, outlet: str = "bao_a", *, day: int = 1, **changes: Any) -> ArticleRow:
    """A text of 8:00 on a day of July 2026: the Ministry of Home Affairs, on procedures."""
    kind, level, province, _ = _PLACES[outlet]
    at = _FIRST + timedelta(days=day - 1)
    row = ArticleRow(
        article_id=number, story_id=number, is_original=True, outlet_id=outlet,
        outlet_name=outlet, outlet_kind=kind, outlet_level=level, outlet_province=province,
        url=f"https://{outlet}.test/{number}", headline="Cắt giảm thủ tục hành chính",
        description="", section="", content=Content.FEED, published_at=at,
        date_precision=DatePrecision.MINUTE, date_origin=DateOrigin.FEED, first_seen_at=at,
        relevance=1.0, relevant=True, areas=(Area.THU_TUC,), focus=("BNV",), mention=(),
        form="tin", tone="trung_tinh", audience="nguoi_dan", aspect="trien_khai", sha256="",
        corrected=False, model_version="vd",
    )  # fmt: skip
    return replace(row, **changes)


def stories(count: int, **changes: Any) -> list[Story]:
    """So many stories of one text each."""
    return stories_of([text(number, **changes) for number in range(1, count + 1)])


def ground(*rows: ArticleRow, agency: str | None = None) -> Ground:
    """The ground of July 2026 with these texts, for the whole country or one agency."""
    scope = Scope(
        period=JULY,
        register=read_register(),
        outlets=outlets(),
        source_days=[
            SourceDay(
                source_id=source.url, outlet_id=outlet.id, day=day.isoformat(), polls=1,
                polls_ok=1, items=1,
            )
            for outlet in outlets()
            for source in outlet.sources
            for day in JULY.each_day()
        ],
        threshold=0.8,
        as_of=JULY.end,
        agency=agency,
    )  # fmt: skip
    return lay_ground(rows, (), scope)


def lags(*hours: float | None) -> list[Outcome]:
    """Events of 01/07/2026, 8:00, first carried after so many hours; None is never."""
    at = Moment(low=_FIRST, high=_FIRST)
    followed = JULY.bounds()[1] - _FIRST
    return [
        Outcome(
            row=_event(number),
            at=at,
            carriers=(),
            first=None if lag is None else Lag(low=lag * HOUR, high=lag * HOUR),
            third=None,
            before=False,
            followed=followed,
            watched=followed,
            days=(1.0,) * JULY.days,
        )
        for number, lag in enumerate(hours, 1)
    ]


def _event(number: int, stories: Sequence[int] = ()) -> EventRow:
    event = OfficialEvent(
        id=number, kind=EventKind.DOCUMENT, agency_id="BNV", title="Văn bản", at=_FIRST,
        precision=DatePrecision.MINUTE, state=EventState.CONFIRMED,
    )  # fmt: skip
    return EventRow(event=event, stories=tuple(stories))
