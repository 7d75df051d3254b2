"""What a report is called: its title, and the name of its file."""

from __future__ import annotations

from datetime import date

from domain.figures import MonthReport
from domain.periods import Period, PeriodKind, Window
from domain.text import fold_for_search

WINDOW_NAMES = {
    Window.BAO_CAO: "kỳ báo cáo, ngày 15 tháng trước đến ngày 14",
    Window.LICH: "tháng dương lịch",
}


def report_title(period: Period, scope: str) -> str:
    """The title of a period's report, the window in it."""
    return f"Báo cáo tổng hợp thông tin báo chí về cải cách hành chính – {scope} – {period.title}"


def file_name(report: MonthReport, extension: str) -> str:
    """The name of a report's file: what, which days, which scope.

    ``bao-cao-thang-2026-07_15-06-2026_14-07-2026_toan-quoc.xlsx``
    """
    period = report.figures.period
    days = f"{_day(period.start)}_{_day(period.end)}"
    return f"bao-cao-{_period(period)}_{days}_{slug(report.figures.scope)}.{extension}"


def digest_name(day: date, scope: str, extension: str) -> str:
    """The name of a digest's file.

    >>> digest_name(date(2026, 7, 1), "Bộ Nội vụ", "html")
    'diem-bao_01-07-2026_bo-noi-vu.html'
    """
    return f"diem-bao_{_day(day)}_{slug(scope)}.{extension}"


def slug(name: str) -> str:
    """A name as part of a file name.

    >>> slug("Thành phố Đồng Nai")
    'thanh-pho-dong-nai'
    """
    return fold_for_search(name).replace(" ", "-")


def _period(period: Period) -> str:
    if period.kind is PeriodKind.THANG:
        return f"thang-{period.end:%Y-%m}"
    return "khoang" if period.kind is PeriodKind.KHOANG else period.slug


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"
