from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import VIETNAM
from domain.errors import UsageError
from domain.periods import Period, PeriodKind, Window, between, month, reporting_period

MONTHS = st.builds(
    lambda year, number: f"{year}-{number:02d}", st.integers(1950, 2090), st.integers(1, 12)
)


def span(period: Period) -> tuple[str, str]:
    return period.start.isoformat(), period.end.isoformat()


@pytest.mark.parametrize(
    ("text", "window", "start", "end", "days", "slug"),
    [
        ("2026-07", Window.BAO_CAO, "2026-06-15", "2026-07-14", 30, "2026-07-bao-cao"),
        ("2026-01", Window.BAO_CAO, "2025-12-15", "2026-01-14", 31, "2026-01-bao-cao"),
        ("2024-03", Window.BAO_CAO, "2024-02-15", "2024-03-14", 29, "2024-03-bao-cao"),  # leap
        ("2026-03", Window.BAO_CAO, "2026-02-15", "2026-03-14", 28, "2026-03-bao-cao"),
        ("2026-07", Window.LICH, "2026-07-01", "2026-07-31", 31, "2026-07-lich"),
        ("2024-02", Window.LICH, "2024-02-01", "2024-02-29", 29, "2024-02-lich"),  # leap
        ("2026-02", Window.LICH, "2026-02-01", "2026-02-28", 28, "2026-02-lich"),
        ("2026-12", Window.LICH, "2026-12-01", "2026-12-31", 31, "2026-12-lich"),
    ],
)
def test_the_days_of_a_month(
    text: str, window: Window, start: str, end: str, days: int, slug: str
) -> None:
    period = month(text, window)
    assert (*span(period), period.days, period.slug) == (start, end, days, slug)
    assert period.kind is PeriodKind.THANG
    assert len(list(period.each_day())) == days


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-7", "07/2026", "2026", "", " 2026-07", "2026-07\n", "abc"]
)
def test_a_month_written_badly_is_named_with_the_right_form(text: str) -> None:
    with pytest.raises(UsageError, match=r"viết chưa đúng.*ví dụ 2026-07") as caught:
        month(text)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "start", "end", "deadline", "title"),
    [
        ("quy-1", "2025-12-15", "2026-03-14", "2026-03-20",
         "Quý I năm 2026 (15/12/2025–14/03/2026)"),
        ("6-thang", "2025-12-15", "2026-06-14", "2026-06-20",
         "6 tháng đầu năm 2026 (15/12/2025–14/06/2026)"),
        ("quy-3", "2026-06-15", "2026-09-14", "2026-09-20",
         "Quý III năm 2026 (15/06/2026–14/09/2026)"),
        ("nam", "2025-12-15", "2026-12-14", "2026-12-20",
         "Năm 2026 (15/12/2025–14/12/2026)"),
    ],
)  # fmt: skip
def test_the_windows_of_reform_reports(
    kind: str, start: str, end: str, deadline: str, title: str
) -> None:
    period = reporting_period(2026, kind)
    assert span(period) == (start, end)
    assert period.deadline == date.fromisoformat(deadline)
    assert (period.title, period.slug) == (title, f"2026-{kind}")


def test_an_unknown_report_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"Không có kỳ báo cáo “quy-2”.*quy-1, 6-thang, quy-3, nam"
    ):
        reporting_period(2026, "quy-2")
    with pytest.raises(UsageError):
        reporting_period(2026, "thang")


def test_only_reports_have_a_deadline() -> None:
    assert month("2026-07").deadline is None
    assert between(date(2026, 7, 1), date(2026, 7, 2)).deadline is None


@pytest.mark.parametrize(
    ("months", "kind"),
    [
        (("2026-01", "2026-02", "2026-03"), "quy-1"),
        (("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"), "6-thang"),
        (("2026-07", "2026-08", "2026-09"), "quy-3"),
        (tuple(f"2026-{number:02d}" for number in range(1, 13)), "nam"),
    ],
)
def test_report_months_add_up_to_the_report(months: tuple[str, ...], kind: str) -> None:
    days = [day for text in months for day in month(text).each_day()]
    assert days == list(reporting_period(2026, kind).each_day())


@pytest.mark.parametrize(
    ("period", "previous", "year_before"),
    [
        (month("2026-01"), ("2025-11-15", "2025-12-14"), ("2024-12-15", "2025-01-14")),
        (month("2024-03"), ("2024-01-15", "2024-02-14"), ("2023-02-15", "2023-03-14")),
        (month("2024-03", Window.LICH), ("2024-02-01", "2024-02-29"), ("2023-03-01", "2023-03-31")),
        (month("2025-02", Window.LICH), ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
        (reporting_period(2026, "nam"), ("2024-12-15", "2025-12-14"), ("2024-12-15", "2025-12-14")),
        (reporting_period(2026, "quy-3"), ("2026-03-15", "2026-06-14"),
         ("2025-06-15", "2025-09-14")),
        (reporting_period(2026, "6-thang"), ("2025-06-15", "2025-12-14"),
         ("2024-12-15", "2025-06-14")),
        (between(date(2026, 3, 2), date(2026, 3, 8)), ("2026-02-23", "2026-03-01"),
         ("2025-03-02", "2025-03-08")),
        (between(date(2024, 2, 29), date(2024, 2, 29)), ("2024-02-28", "2024-02-28"),
         ("2023-02-28", "2023-02-28")),
    ],
)  # fmt: skip
def test_what_a_period_is_compared_with(
    period: Period, previous: tuple[str, str], year_before: tuple[str, str]
) -> None:
    assert span(period.previous()) == previous
    assert span(period.year_before()) == year_before


def test_a_compared_period_keeps_its_name_where_it_has_one() -> None:
    assert month("2026-01").previous() == month("2025-12")
    assert month("2026-01", Window.LICH).year_before() == month("2025-01", Window.LICH)
    assert reporting_period(2026, "quy-3").year_before() == reporting_period(2025, "quy-3")
    assert reporting_period(2026, "quy-3").previous().title == "Từ 15/03/2026 đến 14/06/2026"


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        (datetime(2026, 6, 15, 0, 0, tzinfo=VIETNAM), True),
        (datetime(2026, 6, 14, 23, 59, 59, tzinfo=VIETNAM), False),
        (datetime(2026, 7, 14, 23, 59, 59, tzinfo=VIETNAM), True),
        (datetime(2026, 7, 15, 0, 0, tzinfo=VIETNAM), False),
        (datetime(2026, 6, 14, 17, 0, tzinfo=UTC), True),  # midnight in Hà Nội
        (datetime(2026, 7, 14, 17, 0, tzinfo=UTC), False),
    ],
)
def test_a_moment_is_placed_by_vietnamese_days(moment: datetime, inside: bool) -> None:
    period = month("2026-07")
    first, after = period.bounds()
    assert period.contains(moment) is inside
    assert (first <= moment < after) is inside


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        month("2026-07").contains(datetime(2026, 7, 1, 12, 0))  # noqa: DTZ001 - the case itself


def test_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(UsageError, match=r"01/07/2026.*02/07/2026.*Đổi chỗ"):
        between(date(2026, 7, 2), date(2026, 7, 1))


def test_one_day_is_a_period() -> None:
    day = between(date(2026, 7, 1), date(2026, 7, 1))
    assert (day.title, day.days, day.slug) == ("Ngày 01/07/2026", 1, "2026-07-01_2026-07-01")


@given(text=MONTHS, window=st.sampled_from(Window))
def test_months_follow_one_another_without_gap_or_overlap(text: str, window: Window) -> None:
    period = month(text, window)
    assert (period.start - period.previous().end).days == 1
    assert period.year_before().end.month == period.end.month
    year = period
    for _ in range(12):
        year = year.previous()
    assert year == period.year_before()
