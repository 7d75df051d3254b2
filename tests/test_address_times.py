"""The times that addresses carry: every form seen, and never more than the day."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawlers.address_times import time_from_address
from domain.clock import VIETNAM
from domain.codes import DateOrigin, DatePrecision

SEEN = datetime(2026, 11, 20, 7, 5, tzinfo=VIETNAM)
SHARED = Path(__file__).parents[2] / "shared"
PRESS = SHARED / "data" / "press-fulltext-2024-2025.jsonl.gz"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        # Three digits of site, time, milliseconds without their leading zeros.
        ("https://tuoitre.vn/a-100260820200357681.htm", "2026-08-20T20:03:57+07:00"),
        ("https://tuoitre.vn/a-100260820200357681.htm?x=1", "2026-08-20T20:03:57+07:00"),
        ("https://thanhnien.vn/a-18526091408451471.htm", "2026-09-14T08:45:14+07:00"),
        ("https://nld.com.vn/a-1962407100421424.htm", "2024-07-10T04:21:42+07:00"),
        ("https://thanhnien.vn/a-185240419052621.htm", "2024-04-19T05:26:21+07:00"),
        ("https://cafef.vn/a-18826030622484142.chn", "2026-03-06T22:48:41+07:00"),
        ("https://bao.vn/a-204241008215415196.htm", "2024-10-08T21:54:15+07:00"),
        # The year in full; read as a site of three digits it would be 2050.
        ("https://dantri.com.vn/a/b-20260307080054340.htm", "2026-03-07T08:00:54+07:00"),
        ("https://tuoitre.vn/a-2025082117030946.htm", "2025-08-21T17:03:09+07:00"),
        ("https://tuoitre.vn/a-202407140054082.htm", "2024-07-14T00:54:08+07:00"),
        ("https://bvhttdl.gov.vn/a-20210507122302558.htm", "2021-05-07T12:23:02+07:00"),
        ("https://bvhttdl.gov.vn/a-20210507122302.htm", "2021-05-07T12:23:02+07:00"),
        ("https://bao.vn/a-202410211415036275.html", "2024-10-21T14:15:03+07:00"),
        ("https://baoninhbinh.org.vn/a/d20250408093005123.htm", "2025-04-08T09:30:05+07:00"),
        ("https://baoninhbinh.org.vn/a/d202504080930051234.htm", "2025-04-08T09:30:05+07:00"),
        # A site of one digit: the portal of Hà Nội.
        ("https://hanoi.gov.vn/tin/a-4250407154648115.htm", "2025-04-07T15:46:48+07:00"),
        ("https://hanoi.gov.vn/tin/a-425040909575038.htm", "2025-04-09T09:57:50+07:00"),
        ("https://hanoi.gov.vn/tin/a-42504071520125.htm", "2025-04-07T15:20:12+07:00"),
        # Milliseconds since 1970.
        ("https://baodantoc.vn/a-1725522084544.htm", "2024-09-05T14:41:24+07:00"),
        ("https://baodantoc.vn/a-1723522896565.htm", "2024-08-13T11:21:36+07:00"),
    ],
)
def test_a_number_that_is_a_time_tells_its_day(url: str, meant: str) -> None:
    read = time_from_address(url, seen=SEEN)
    assert read is not None
    assert read.at is not None
    assert read.at.isoformat() == meant
    assert read.raw in url
    assert read.origin is DateOrigin.URL
    # The draft's hour, not the publication's: only the day is claimed.
    assert read.precision is DatePrecision.DAY


@pytest.mark.parametrize(
    "url",
    [
        "https://vnexpress.net/a-4672302.html",
        "https://tuoitre.vn/a-100269920200357681.htm",  # month 99
        "https://tuoitre.vn/a-1002608202003576811234.htm",  # longer than any form
        "https://tuoitre.vn/a-19202423511131376.htm",  # day and month without their zeros
        "https://hanoi.gov.vn/tin/a-4251307154648115.htm",  # month 13
        "https://baodantoc.vn/a-2025239493202.htm",  # no milliseconds of these years
        "https://bao.vn/abc100260820200357681.htm",  # no number of its own
        "https://baoninhbinh.org.vn/a/d20251308093005123.htm",
        # Of the future, as seen on 20/11/2026.
        "https://tuoitre.vn/a-100290820200357681.htm",
        "https://baodantoc.vn/a-1795522084544.htm",
    ],
)
def test_a_number_that_is_no_time_tells_nothing(url: str) -> None:
    assert time_from_address(url, seen=SEEN) is None


@pytest.mark.shared
@pytest.mark.skipif(not PRESS.exists(), reason="needs ../shared/data")
def test_real_addresses_agree_with_the_day_on_which_their_article_was_seen() -> None:
    told: Counter[bool] = Counter()
    with gzip.open(PRESS, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            read = time_from_address(article["url"])
            if read is None or read.at is None or not article["seen_at"]:
                continue
            day = datetime.strptime(article["seen_at"][:16], "%a, %d %b %Y").replace(tzinfo=VIETNAM)
            told[timedelta(days=-2) < day - read.at < timedelta(days=4)] += 1
    assert told.total() > 2000
    assert told[True] > 0.95 * told.total()
