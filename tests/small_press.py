"""A small press for the tests of figures and reports: outlets, placements, polls, by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision, Level, OutletKind
from domain.figures import MonthFigures, MonthReport, Phrase
from domain.outlets import Outlet, OutletBook
from domain.periods import Period, month
from domain.records import ArticleRow, SourceDay
from domain.settings import MeasureSettings
from measures.breakdown import break_down
from measures.highlights import highlights
from measures.month import listed_rows, measure_month
from reports.names import report_title
from tests.fakes import outlet

REGISTER = read_register()
JULY = month("2026-07")  # 15/06/2026-14/07/2026
MADE = datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)

OUTLETS = OutletBook(
    [
        outlet("bao_a", name="Báo A"),
        outlet("bao_b", name="Báo B"),
        outlet("bao_c", name="Báo C"),
        outlet("bao_hue", name="Báo Huế", level=Level.PROVINCIAL, province="P34:hue"),
        outlet("cong_bnv", name="Cổng Bộ Nội vụ", kind=OutletKind.PORTAL, agency="BNV"),
        outlet("tong_hop", name="Trang tổng hợp", kind=OutletKind.AGGREGATOR),
    ]
)


def at(text: str) -> datetime:
    """A Vietnamese moment written ``dd/mm hh:mm`` of 2026."""
    return datetime.strptime(f"{text}/2026", "%d/%m %H:%M/%Y").replace(tzinfo=VIETNAM)


def row(article_id: int, outlet_id: str, when: str, **changes: Any) -> ArticleRow:
    """A relevant placement: the Ministry of Home Affairs on procedures, unless told otherwise."""
    speaker: Outlet = OUTLETS[outlet_id]
    moment = at(when)
    placement = ArticleRow(
        article_id=article_id,
        story_id=article_id,
        is_original=True,
        outlet_id=speaker.id,
        outlet_name=speaker.name,
        outlet_kind=speaker.kind,
        outlet_level=speaker.level,
        outlet_province=speaker.province,
        url=f"https://{speaker.id}.test/bai-{article_id}.html",
        headline=f"Cắt giảm thủ tục hành chính, bài {article_id}",
        description="Bộ Nội vụ cắt giảm thủ tục. Người dân bớt đi lại.",
        section="Thời sự",
        content=Content.PAGE,
        published_at=moment,
        date_precision=DatePrecision.MINUTE,
        date_origin=DateOrigin.PAGE_META,
        first_seen_at=moment + timedelta(hours=1),
        relevance=0.9,
        relevant=True,
        areas=(Area.THU_TUC,),
        focus=("BNV",),
        mention=(),
        form="tin",
        tone="trung_tinh",
        audience="nguoi_dan",
        aspect="trien_khai",
        sha256="0" * 64,
        corrected=False,
        model_version="thu-1",
    )
    return replace(placement, **changes)


def watched(
    period: Period = JULY,
    *,
    silent: Iterable[tuple[str, date]] = (),
    outlets: Iterable[Outlet] = OUTLETS,
) -> list[SourceDay]:
    """Polls of every source on every day, failed where `silent` says so."""
    failed = set(silent)
    return [
        SourceDay(
            source_id=source.url,
            outlet_id=speaker.id,
            day=day.isoformat(),
            polls=2,
            polls_ok=0 if (speaker.id, day) in failed else 2,
            items=20,
        )
        for speaker in outlets
        for source in speaker.sources
        for day in period.each_day()
    ]


def figures(
    rows: Sequence[ArticleRow],
    polls: Sequence[SourceDay] | None = None,
    *,
    period: Period = JULY,
    **options: Any,
) -> MonthFigures:
    """The figures of a period in the small press, fully observed unless told otherwise."""
    known = watched(period) if polls is None else polls
    return measure_month(rows, known, REGISTER, period, OUTLETS, MeasureSettings(), **options)


def month_report(
    rows: Sequence[ArticleRow], polls: Sequence[SourceDay] | None = None, **options: Any
) -> MonthReport:
    """A report on `rows`, as the pipeline would compose it."""
    found = figures(rows, polls, **options)
    listed = listed_rows(rows, REGISTER, found.period, agency=found.agency)
    return MonthReport(
        title=report_title(found.period, found.scope),
        figures=found,
        rows=listed,
        breakdown=break_down(listed, []),
        highlights=highlights(listed, rows, OUTLETS),
        phrases=(Phrase(words="bộ phận một cửa", articles=3, score=1.5),),
        versions={"mô hình": "thu-1", "danh mục cơ quan": REGISTER.version},
        generated_at=MADE,
    )
