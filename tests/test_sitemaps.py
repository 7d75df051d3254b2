"""Sitemaps: what is news, what is a link, what is refused, and which children are asked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.sitemaps import Child, children_to_ask, looks_like_sitemap, read_sitemap
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


def test_of_an_index_the_five_newest_children_are_asked():
    days = [
        Child(url=f"https://b.vn/d-{n}.xml", lastmod=SEEN - timedelta(days=n)) for n in (40, 3, 1)
    ]
    unknown = [Child(url=f"https://b.vn/s-2026-{n}.xml") for n in range(1, 11)]
    assert [url.split("/")[-1] for url in children_to_ask([*unknown, *days], now=SEEN)] == [
        "d-1.xml", "d-3.xml", "s-2026-10.xml", "s-2026-9.xml", "s-2026-8.xml",
    ]  # fmt: skip
    back = children_to_ask(days, now=SEEN, since=SEEN - timedelta(days=60))
    assert back[-1] == "https://b.vn/d-40.xml"
