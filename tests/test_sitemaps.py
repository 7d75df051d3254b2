"""Sitemaps: what is news, what is a link, what is refused, and which children are asked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.sitemap_index import (
    MOST_LOOKING_BACK,
    choose_children,
    named_until,
    poll_remark,
)
from crawlers.sitemaps import Child, looks_like_sitemap, read_sitemap
from domain.codes import DateOrigin
from domain.errors import SetAside

SEEN = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://bao.vn/mot-1.html?utm_source=x </loc><lastmod>2026-09-14T18:00:00+07:00</lastmod>
 <image:image><image:loc>https://bao.vn/a.jpg</image:loc><image:title>Ảnh</image:title></image:image>
 <news:news><news:publication><news:name>Báo</news:name></news:publication>
 <news:publication_date>2026-09-14T08:30:00+07:00</news:publication_date>
 <news:title><![CDATA[Một cửa &amp; liên thông]]></news:title></news:news></url>
<url><loc>https://bao.vn/hai-2.html</loc><lastmod>2026-09-14</lastmod></url>
<url><loc>https://bao.vn/</loc></url>
<url><loc>mailto:a@bao.vn</loc></url>
</urlset>"""


def read(body: bytes | str, max_bytes: int = 100_000, changed_since: datetime | None = None):
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(
        raw,
        url="https://bao.vn/sitemap.xml",
        seen=SEEN,
        max_bytes=max_bytes,
        changed_since=changed_since,
    )


def urlset(*entries: str) -> str:
    return (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}</urlset>'
    )


@pytest.mark.parametrize("body", [NEWS.encode(), gzip.compress(NEWS.encode())])
def test_a_news_sitemap_gives_headline_and_time_of_publication(body):
    reading = read(body)
    (item,) = reading.items
    assert item.url == "https://bao.vn/mot-1.html"
    assert item.headline == "Một cửa & liên thông"
    assert item.published.at == datetime.fromisoformat("2026-09-14T08:30+07:00")
    assert item.published.origin is DateOrigin.FEED
    assert [fault.reason for fault in reading.malformed] == ["bad_link"]


def test_an_entry_without_headline_is_a_link_and_its_change_is_no_publication():
    assert read(NEWS).links == ("https://bao.vn/hai-2.html",)


def test_the_latest_changed_links_come_first_and_old_ones_can_be_left_out():
    body = urlset(
        "<url><loc>https://bao.vn/cu-1.html</loc><lastmod>2024-01-01</lastmod></url>",
        "<url><loc>https://bao.vn/khong-ro-2.html</loc></url>",
        "<url><loc>https://bao.vn/moi-3.html</loc><lastmod>2026-09-13</lastmod></url>",
    )
    names = [link.split("/")[-1] for link in read(body).links]
    assert names == ["moi-3.html", "cu-1.html", "khong-ro-2.html"]
    recent = read(body, changed_since=SEEN - timedelta(days=35)).links
    assert [link.split("/")[-1] for link in recent] == ["moi-3.html", "khong-ro-2.html"]


def test_an_index_gives_its_children():
    body = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://bao.vn/s-1.xml.gz</loc><lastmod>2026-09-01</lastmod></sitemap>"
        "<sitemap><loc>https://bao.vn/s-2.xml</loc></sitemap></sitemapindex>"
    )
    first, second = read(body).children
    assert first.url == "https://bao.vn/s-1.xml.gz"
    assert first.lastmod is not None and first.lastmod.date().isoformat() == "2026-09-01"
    assert second == Child(url="https://bao.vn/s-2.xml")


@pytest.mark.parametrize(
    "damaged",
    [
        NEWS[: NEWS.index("</lastmod></url>\n<url><loc>https://bao.vn/</loc>")],
        NEWS.replace("<url><loc>https://bao.vn/hai", "<url><loc><<&https://bao.vn/hai"),
    ],
)
def test_a_damaged_sitemap_gives_what_stands_before_the_damage(damaged):
    reading = read(damaged)
    assert [item.url for item in reading.items] == ["https://bao.vn/mot-1.html"]
    assert reading.links == ()


def test_a_cut_gzip_gives_what_came():
    many = urlset(*[f"<url><loc>https://bao.vn/tin-{n}.html</loc></url>" for n in range(2000)])
    whole = gzip.compress(many.encode())
    assert 0 < len(read(whole[: len(whole) // 2]).links) < 2000


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><html><body>Captcha</body></html>", "HTML"),
        (b"", "rỗng"),
        (b'{"a": 1}', "sitemap"),
        (b"<rss><channel/></rss>", "sitemap"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset/>', "ENTITY"),
        (b" " * 200_000, "quá mức 0,1 MB"),
        (gzip.compress(b" " * 5_000_000), "quá mức 0,1 MB"),
    ],
)
def test_what_is_no_sitemap_is_set_aside_and_says_so(body, words):
    with pytest.raises(SetAside, match=words) as said:
        read(body)
    assert "https://bao.vn/sitemap.xml" in str(said.value)


def test_an_outside_entity_is_never_loaded():
    body = '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd">' + urlset(
        "<url><loc>https://bao.vn/a-1.html</loc></url>"
    )
    assert read(body).links == ("https://bao.vn/a-1.html",)


def test_a_sitemap_is_told_from_a_feed():
    assert looks_like_sitemap(gzip.compress(NEWS.encode()))
    assert not looks_like_sitemap(b"\x1f\x8bnot gzip")
    assert not looks_like_sitemap(b"<rss version='2.0'>")


def names(urls):
    return [url.removeprefix("https://b.vn/") for url in urls]


def test_of_an_index_the_five_newest_children_are_asked():
    days = [
        Child(url=f"https://b.vn/d-{n}.xml", lastmod=SEEN - timedelta(days=n)) for n in (40, 3, 1)
    ]
    unknown = [Child(url=f"https://b.vn/s-2026-{n}.xml") for n in range(1, 11)]
    choice = choose_children([*unknown, *days], now=SEEN)
    assert names(choice.asked) == [
        "d-1.xml",
        "d-3.xml",
        "s-2026-10.xml",
        "s-2026-9.xml",
        "s-2026-8.xml",
    ]
    assert (choice.named, len(choice.left)) == (13, 7)
    assert "13 sơ đồ con, 12 sơ đồ có thể" in choice.remark
    back = choose_children(days, now=SEEN, since=SEEN - timedelta(days=60))
    assert (names(back.asked)[-1], back.remark) == ("d-40.xml", "")


MONTHS = [
    Child(url=f"https://b.vn/sitemap-{year}-{month:02}.xml")
    for year in (2023, 2024, 2025, 2026)
    for month in range(1, 13)
    if (year, month) <= (2026, 9)
]


def test_looking_back_every_sitemap_is_asked_whose_month_may_hold_that_time():
    since = datetime(2024, 5, 20, tzinfo=UTC)
    choice = choose_children(MONTHS, now=SEEN, since=since, room=MOST_LOOKING_BACK)
    assert names(choice.asked)[0] == "sitemap-2026-09.xml"
    assert names(choice.asked)[-1] == "sitemap-2024-05.xml"
    assert len(choice.asked) == 8 + 12 + 9
    assert choice.left == ()


def test_for_news_a_month_that_is_over_is_not_asked():
    assert names(choose_children(MONTHS, now=SEEN).asked) == [
        "sitemap-2026-09.xml", "sitemap-2026-08.xml",
    ]  # fmt: skip


def test_never_more_are_asked_than_there_is_room_for_and_the_rest_is_named():
    choice = choose_children(MONTHS, now=SEEN, since=datetime(2023, 1, 1, tzinfo=UTC), room=7)
    assert (len(choice.asked), len(choice.left)) == (7, 38)
    assert "hỏi 7 sơ đồ mới nhất, để lại 38" in choice.remark
    full = choose_children(MONTHS, now=SEEN, room=0)
    assert (full.asked, len(full.left)) == ((), 2)


@pytest.mark.parametrize(
    ("name", "until"),
    [
        ("sitemap-2024-05.xml", "2024-06-01"),
        ("sitemap_2024_12.xml.gz", "2025-01-01"),
        ("news-202405.xml", "2024-06-01"),
        ("sitemap-20240517.xml", "2024-06-01"),  # its day is no bound: the month is enough
        ("2024/11/sitemap.xml", "2024-12-01"),
        # What may count anything says no month.
        ("sitemap-2024-5.xml", None),
        ("sitemaps-2024-6-16-30.xml", None),
        ("sitemap-2024.xml", None),
        ("sitemap-5.xml", None),
        ("sitemap-202413.xml", None),
        ("sitemap.xml?page=2024-05", None),
    ],
)
def test_a_month_in_the_name_of_a_sitemap(name, until):
    read = named_until(f"https://b.vn/{name}")
    assert (read.date().isoformat() if read else None) == until


def test_a_stamp_of_today_does_not_make_an_old_month_new():
    old = Child(url="https://b.vn/sitemap-2019-05.xml", lastmod=SEEN)
    new = Child(url="https://b.vn/sitemap-2026-09.xml", lastmod=SEEN - timedelta(days=1))
    assert names(choose_children([old, new], now=SEEN).asked) == ["sitemap-2026-09.xml"]


def test_what_is_left_of_an_index_stands_beside_its_poll():
    numbered = [Child(url=f"https://b.vn/s-{n}.xml") for n in range(30)]
    assert "30 sơ đồ con, 30 sơ đồ có thể có bài mới; mỗi lượt chỉ hỏi 5" in poll_remark(
        numbered, now=SEEN
    )
    assert poll_remark(numbered[:5], now=SEEN) == ""
