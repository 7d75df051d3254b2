"""Times as outlets write them, read to the minute with their zone, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.dates import TOLERANCE, parse_vietnamese_date
from domain.clock import VIETNAM
from domain.codes import DateOrigin, DatePrecision

SEEN = datetime(2026, 11, 20, 7, 5, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # Feeds
        ("Mon, 14 Sep 2026 14:18:47 +0700", "2026-09-14T14:18:47+07:00"),
        ("Mon, 14 Sep 26 09:13:00 +0700", "2026-09-14T09:13:00+07:00"),  # two-digit year
        ("Mon, 14 Sep 2026 18:48:23 +07:00", "2026-09-14T18:48:23+07:00"),
        ("Mon, 14 Sep 2026 19:46:22 +07", "2026-09-14T19:46:22+07:00"),
        ("Wed, 26 Jul 2017 19:55:20 +0700", "2017-07-26T19:55:20+07:00"),
        ("Mon, 14 Sep 2026 18:48:23 GMT+7", "2026-09-14T18:48:23+07:00"),  # not -07:00
        ("Mon, 14 Sep 2026 18:48:23 (GMT+7)", "2026-09-14T18:48:23+07:00"),
        ("Mon, 14 Sep 2026 11:48:23 GMT", "2026-09-14T18:48:23+07:00"),
        ("Mon, 14 Sep 2026 18:48:23", "2026-09-14T18:48:23+07:00"),  # no zone is local
        ("14 Sep 2026 18:48 +0700", "2026-09-14T18:48:00+07:00"),
        ("Monday, 14 September 2026 18:48:23 +0700", "2026-09-14T18:48:23+07:00"),
        ("Sun, 13 Sep 2026 23:30:00 -0700", "2026-09-14T13:30:00+07:00"),
        ("9/14/2026 6:44:00 PM", "2026-09-14T18:44:00+07:00"),  # American order
        ("9/13/2026 8:01:00 AM", "2026-09-13T08:01:00+07:00"),
        ("9/3/2026 6:44:00 PM", "2026-09-03T18:44:00+07:00"),  # ambiguous, the form decides
        ("9/14/2026 12:05:00 AM", "2026-09-14T00:05:00+07:00"),
        # ISO 8601 and its relatives
        ("2026-03-07T08:07:18+07:00", "2026-03-07T08:07:18+07:00"),
        ("2026-03-07T08:07:18.123+07:00", "2026-03-07T08:07:18+07:00"),
        ("2026-03-07T01:07:18Z", "2026-03-07T08:07:18+07:00"),
        ("2026-03-07T00:01:00", "2026-03-07T00:01:00+07:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07:00+07:00"),
        ("2026/6/29 15:07:41", "2026-06-29T15:07:41+07:00"),
        ("2026-03-07", "2026-03-07T00:00:00+07:00"),
        ("Sat Mar 07 2026 08:01:53 GMT+0700 (Indochina Time)", "2026-03-07T08:01:53+07:00"),
        ("March 7, 2026", "2026-03-07T00:00:00+07:00"),
        # Pages
        ("12/08/2023 20:10", "2023-08-12T20:10:00+07:00"),
        ("20:10 - 12/08/2023", "2023-08-12T20:10:00+07:00"),
        ("12/08/2023 - 20:10", "2023-08-12T20:10:00+07:00"),
        ("- 07/03/2026 08:47", "2026-03-07T08:47:00+07:00"),
        ("Thứ Hai, 14/09/2026 08:45 (GMT+07:00)", "2026-09-14T08:45:00+07:00"),
        ("2026-10-07 07:49 + 07:00", "2026-10-07T07:49:00+07:00"),
        ("Cập nhật: 14:05 12/09/2026", "2026-09-12T14:05:00+07:00"),
        ("10:19 AM, 07/09/2026", "2026-09-07T10:19:00+07:00"),
        ("T2, 14/09/2026 | 08:45", "2026-09-14T08:45:00+07:00"),
        ("Đăng ngày: 14/09/2026 lúc 08:45", "2026-09-14T08:45:00+07:00"),
        ("14/9/2026 8:45:02 SA", "2026-09-14T08:45:02+07:00"),
        ("Ngày 14 tháng 09 năm 2026, 08:45 GMT+7", "2026-09-14T08:45:00+07:00"),
        ("14 Tháng Chín, 2026 - 08:45", "2026-09-14T08:45:00+07:00"),
        ("Thứ năm, 14 tháng năm năm 2026 08:45", "2026-05-14T08:45:00+07:00"),
        ("14 tháng mười hai, 2025", "2025-12-14T00:00:00+07:00"),
        ("08:45 Thứ hai, 14/09/2026", "2026-09-14T08:45:00+07:00"),
        ("08h45 | 14/09/2026", "2026-09-14T08:45:00+07:00"),
        ("14/09/2026 08:45'", "2026-09-14T08:45:00+07:00"),
        ("Thứ 2, ngày 14/09/2026 - 08:45", "2026-09-14T08:45:00+07:00"),
        ("2026-09-14T01:45:00+0000", "2026-09-14T08:45:00+07:00"),
        ("14/09/2026 (GMT+7) 08:45", "2026-09-14T08:45:00+07:00"),
        ("Thứ sáu, 04/07/2025 - 08:50", "2025-07-04T08:50:00+07:00"),
        ("Thứ năm, 18/04/2024 05:40 (GMT+7)", "2024-04-18T05:40:00+07:00"),
        ("Thứ năm, 18/4/2024, 05:40 (GMT+7)", "2024-04-18T05:40:00+07:00"),
        ("Thứ Ba, 14/02/2017, 20:41:53", "2017-02-14T20:41:53+07:00"),
        ("Thứ ba, 25 Tháng 1 2022 16:22", "2022-01-25T16:22:00+07:00"),
        ("Thứ Ba, ngày 25 tháng 01 năm 2022, 16:22", "2022-01-25T16:22:00+07:00"),
        ("Thứ 3, 25/01/2022 | 16:22", "2022-01-25T16:22:00+07:00"),
        ("Chủ nhật, 08/03/2026 - 06:00", "2026-03-08T06:00:00+07:00"),
        ("Chủ Nhật, 8/3/2026, 06:00", "2026-03-08T06:00:00+07:00"),
        ("17/08/2023 | 09:55 AM", "2023-08-17T09:55:00+07:00"),
        ("26/01/2024 15:48 PM", "2024-01-26T15:48:00+07:00"),  # 24 hours, and PM
        ("07-03-2026 - 00:01 AM", "2026-03-07T00:01:00+07:00"),
        ("28/12/2023 9:27 SA", "2023-12-28T09:27:00+07:00"),
        ("28/12/2023 4:06 CH", "2023-12-28T16:06:00+07:00"),
        ("28/12/2023 2:57:09 CH", "2023-12-28T14:57:09+07:00"),
        ("17 - 02 - 2023", "2023-02-17T00:00:00+07:00"),
        ("(21:01 | 17/03/2021)", "2021-03-17T21:01:00+07:00"),
        ("Ngày phát hành 13:30 | 16/9/2021", "2021-09-16T13:30:00+07:00"),
        ("Thứ hai - 09/10/2023 15:24", "2023-10-09T15:24:00+07:00"),
        ("Ngày cập nhật 11/12/2021", "2021-12-11T00:00:00+07:00"),  # the only date there is
        ("07/03/2026 08:01 GMT+7", "2026-03-07T08:01:00+07:00"),
        ("12-6-2025", "2025-06-12T00:00:00+07:00"),
        ("22.5", "2026-05-22T00:00:00+07:00"),
        ("25.12", "2025-12-25T00:00:00+07:00"),  # this year's has not come yet
        ("09h30 ngày 03/04/2025", "2025-04-03T09:30:00+07:00"),
        ("9 giờ 30, ngày 3-4-2025", "2025-04-03T09:30:00+07:00"),
        ("3-4-2025 9h30", "2025-04-03T09:30:00+07:00"),
        ("17.02.23 09:05", "2023-02-17T09:05:00+07:00"),
        ("Nguyễn Văn A - Thứ năm, 18/04/2024 05:40", "2024-04-18T05:40:00+07:00"),
        ("Thứ\u00a0năm,\u00a018/04/2024\u00a005:40\u200b", "2024-04-18T05:40:00+07:00"),
        ("Thứ năm, 18/04/2024 05:40".replace("ứ", "u\u031b\u0301"), "2024-04-18T05:40:00+07:00"),
        ("Tháng 3/2026", "2026-03-01T00:00:00+07:00"),
        # Counted from now
        ("5 phút trước", "2026-11-20T07:00:00+07:00"),
        ("2 giờ trước", "2026-11-20T05:05:00+07:00"),
        ("3 ngày trước", "2026-11-17T00:00:00+07:00"),
        ("Vừa xong", "2026-11-20T07:05:00+07:00"),
        ("Hôm qua, 14:05", "2026-11-19T14:05:00+07:00"),
        ("06:30 hôm nay", "2026-11-20T06:30:00+07:00"),
    ],
)
def test_dates_as_outlets_write_them(written: str, meant: str) -> None:
    read = parse_vietnamese_date(written, seen=SEEN)
    assert read.at == datetime.fromisoformat(meant)
    assert read.at.isoformat().endswith("+07:00")
    assert read.raw == written


@pytest.mark.parametrize(
    ("written", "precision"),
    [
        ("Mon, 14 Sep 2026 14:18:47 +0700", DatePrecision.SECOND),
        ("12/08/2023 20:10", DatePrecision.MINUTE),
        ("17 - 02 - 2023", DatePrecision.DAY),
        ("22.5", DatePrecision.DAY),
        ("Tháng 3/2026", DatePrecision.MONTH),
        ("5 phút trước", DatePrecision.MINUTE),
        ("2 giờ trước", DatePrecision.DAY),  # rounded by the outlet: the hour is not known
    ],
)
def test_precision_is_what_was_printed(written: str, precision: DatePrecision) -> None:
    assert parse_vietnamese_date(written, seen=SEEN).precision is precision


@pytest.mark.parametrize(
    "written",
    ["", "   ", "Thời sự", "76/NQ-CP", "31/02/2026 10:00", "25:61 12/08/2023", "x" * 500,
     "Mon, 14 Sep 2026 14:18:47 +9900", "Mon, 14 Foo 2026 14:18:47 +0700", "năm trước", "0"],
)  # fmt: skip
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_vietnamese_date(written, seen=SEEN)


@pytest.mark.parametrize(
    "written",
    ["Mon, 14 Dec 2026 14:18:47 +0700", "21/11/2026 08:00", "9999-12-31T00:00:00",
     "0001-01-01T00:00:00", "Thu, 01 Jan 1970 00:00:00 GMT"],
)  # fmt: skip
def test_a_time_that_cannot_be_true_is_unknown_and_its_string_kept(written: str) -> None:
    read = parse_vietnamese_date(written, seen=SEEN, origin=DateOrigin.FEED)
    assert (read.at, read.raw, read.precision) == (None, written, DatePrecision.UNKNOWN)


def test_a_clock_a_little_ahead_is_believed() -> None:
    assert parse_vietnamese_date("20/11/2026 07:50", seen=SEEN).at is not None


def test_day_and_month_are_swapped_only_where_the_order_printed_is_impossible() -> None:
    seen = datetime(2026, 3, 10, 8, 0, tzinfo=VIETNAM)
    american_form_of_a_vietnamese_day = parse_vietnamese_date("9/3/2026 6:44:00 PM", seen=seen)
    assert american_form_of_a_vietnamese_day.at == datetime(2026, 3, 9, 18, 44, tzinfo=VIETNAM)
    scheduled = parse_vietnamese_date("12/03/2026 06:00", seen=seen)
    assert scheduled.at is None


def test_the_publication_is_read_and_never_the_update_beside_it() -> None:
    line = "07/03/2026 08:01 (Cập nhật: 09/03/2026 10:00)"
    assert parse_vietnamese_date(line, seen=SEEN).at == datetime(2026, 3, 7, 8, 1, tzinfo=VIETNAM)


def test_a_local_time_stamped_z_is_read_as_declared() -> None:
    stamp = "2026-03-07T20:30:00Z"
    believed = parse_vietnamese_date(stamp, seen=SEEN)
    declared = parse_vietnamese_date(stamp, seen=SEEN, gmt_means_local=True)
    assert believed.at == datetime(2026, 3, 8, 3, 30, tzinfo=VIETNAM)
    assert declared.at == datetime(2026, 3, 7, 20, 30, tzinfo=VIETNAM)


# hypothesis wants bounds without a zone and adds the zone itself.
_EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001
_LATEST = datetime(2026, 11, 20, 7, 5)  # noqa: DTZ001
_LAST_POSSIBLE = datetime(9000, 1, 1)  # noqa: DTZ001
_MOMENTS = st.datetimes(min_value=_EARLIEST, max_value=_LATEST).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=VIETNAM)
)
_FORMS = (
    "%d/%m/%Y %H:%M", "%H:%M - %d/%m/%Y", "%d-%m-%Y | %H:%M", "(%H:%M | %d/%m/%Y)",
    "%Y-%m-%dT%H:%M:%S+07:00", "%d/%m/%Y %H:%M (GMT+7)", "Thứ hai, %d/%m/%Y - %H:%M",
    "ngày %d tháng %m năm %Y %H:%M", "%d.%m.%Y %Hh%M",
)  # fmt: skip


@given(at=_MOMENTS, form=st.sampled_from(_FORMS))
def test_every_moment_survives_being_printed(at: datetime, form: str) -> None:
    assert parse_vietnamese_date(at.strftime(form), seen=SEEN).at == at


@given(at=_MOMENTS, hours=st.integers(-11, 14))
def test_a_zone_never_moves_the_moment(at: datetime, hours: int) -> None:
    abroad = at.astimezone(ZoneInfo(f"Etc/GMT{-hours:+d}"))
    assert parse_vietnamese_date(abroad.isoformat(), seen=SEEN).at == at


@given(
    raw=st.one_of(st.text(max_size=60), st.from_regex(r"[0-9/.: \-]{4,20}( [AP]M)?")),
    seen=st.datetimes(min_value=_EARLIEST, max_value=_LAST_POSSIBLE, timezones=st.just(UTC)),
)
def test_nothing_is_read_from_the_future_and_nothing_but_valueerror_is_raised(
    raw: str, seen: datetime
) -> None:
    try:
        read = parse_vietnamese_date(raw, seen=seen)
    except ValueError:
        return
    assert read.raw == raw
    assert read.at is None or read.at <= seen + TOLERANCE
    assert read.at is None or read.at.utcoffset() == timedelta(hours=7)
