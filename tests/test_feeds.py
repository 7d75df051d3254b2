"""Feeds as outlets send them: items, what is malformed and why, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from crawlers.archive_reading import read_archive
from crawlers.feeds import looks_like_feed, read_feed
from domain.errors import SetAside
from domain.records import FeedReading

URL = "https://bao.vn/rss/home.rss"
SEEN = datetime(2026, 9, 24, 12, 0, tzinfo=UTC)
SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real press data is not beside the project"
)


def item(**parts: str) -> str:
    given = {
        "title": "Cắt giảm thủ tục",
        "link": "https://bao.vn/cat-giam-post1.html",
        "pubDate": "Thu, 24 Sep 2026 09:13:34 +0700",
    } | parts
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in given.items() if v) + "</item>"


def rss(*items: str) -> bytes:
    channel = "<title>Báo</title><link>https://bao.vn</link>" + "".join(items)
    head = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0">'
    return f"{head}<channel>{channel}</channel></rss>".encode()


def read(body: bytes, *, url: str = URL, max_bytes: int = 10_000_000) -> FeedReading:
    return read_feed(body, url=url, seen=SEEN, max_bytes=max_bytes)


def test_an_item_is_read_whole() -> None:
    body = rss(item(description="Từ 1/10, bỏ 12 thủ tục.", category="Chính trị"))
    (only,) = read(body).items
    assert only.url == "https://bao.vn/cat-giam-post1.html"
    assert (only.headline, only.section) == ("Cắt giảm thủ tục", "Chính trị")
    assert only.description == "Từ 1/10, bỏ 12 thủ tục."
    assert only.published.at == datetime.fromisoformat("2026-09-24T09:13:34+07:00")
    assert only.published.raw == "Thu, 24 Sep 2026 09:13:34 +0700"


@pytest.mark.parametrize(
    ("description", "sapo"),
    [
        ('<![CDATA[ <a href="https://bao.vn/x"><img alt="Ảnh" src="a" ></a></br>Sapo ở đây. ]]>',
         "Sapo ở đây."),
        ('<![CDATA[<a href="x"><img src="a.jpg"/></a><p>Sapo ở&nbsp;đây.&nbsp;</p>'
         "<div><ul><li><a href='y'>Bài liên quan</a></li></ul></div>]]>", "Sapo ở đây."),
        ("&lt;p&gt;Sapo &amp;amp; nữa&lt;/p&gt;", "Sapo & nữa"),
        ("<![CDATA[Lãi suất < 5%]]>", "Lãi suất < 5%"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_sapo_is_text_without_pictures_and_related_links(description: str, sapo: str) -> None:
    assert read(rss(item(description=description))).items[0].description == sapo


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"link": ""}, "no_link"),
        ({"title": ""}, "no_title"),
        ({"title": "<![CDATA[   ]]>"}, "no_title"),
        ({"link": "javascript:void(0)"}, "bad_link"),
        ({"link": "https://bao.vn/"}, "bad_link"),  # the home page is no article
        ({"link": "https://"}, "bad_link"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_rest_is_read(
    parts: dict[str, str], reason: str
) -> None:
    reading = read(rss(item(**parts), item(link="https://bao.vn/b-post2.html")))
    assert [fault.reason for fault in reading.malformed] == [reason]
    assert URL in reading.malformed[0].detail
    assert [good.url for good in reading.items] == ["https://bao.vn/b-post2.html"]


@pytest.mark.parametrize(
    ("printed", "raw"),
    [("", ""), ("hôm kia lúc nào đó", "hôm kia lúc nào đó"), ("không rõ", "không rõ")],
)
def test_an_undated_item_is_kept(printed: str, raw: str) -> None:
    published = read(rss(item(pubDate=printed))).items[0].published
    assert published.raw == raw
    assert published.at is None or printed.startswith("hôm kia")


def test_an_update_never_stands_for_the_publication() -> None:
    body = rss(item(pubDate="", updated="2026-09-24T09:00:00+07:00"))
    assert read(body).items[0].published.at is None


def test_an_atom_feed_is_read_by_its_published_time() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Cổng</title><entry><title>Tin</title>'
        '<link href="/tin-1.htm"/><updated>2026-09-24T09:00:00Z</updated>'
        "<published>2026-09-23T09:00:00+07:00</published></entry></feed>"
    ).encode()
    (only,) = read(body).items
    assert only.url == "https://bao.vn/tin-1.htm"  # relative to the feed
    assert only.published.at == datetime.fromisoformat("2026-09-23T09:00:00+07:00")


def test_links_come_out_canonical() -> None:
    body = rss(item(link="\nhttps://m.bao.vn/a-1.html?utm_source=rss&amp;x=1#c\n"))
    assert read(body).items[0].url == "https://bao.vn/a-1.html?x=1"


def test_a_damaged_feed_gives_what_stands_before_the_damage() -> None:
    whole = rss(item(), item(link="https://bao.vn/b-post2.html"), item(link="https://bao.vn/c-3"))
    cut = whole[: whole.index(b"c-3")]
    assert len(read(cut).items) >= 2


def test_one_broken_byte_does_not_change_the_charset() -> None:
    body = rss(*[item(description="Sắp xếp đơn vị hành chính " * 20)] * 5, item(title="Hỏng X"))
    (*good, bad) = read(body.replace(b" X<", b" \xe1<")).items
    assert good[0].headline == "Cắt giảm thủ tục"
    assert bad.headline.startswith("Hỏng")


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss()).items == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "rỗng"),
        (b"  \n ", "rỗng"),
        (b"<!DOCTYPE html><html><body>Captcha</body></html>", "HTML"),
        (b"\xef\xbb\xbf\n<html><head></head></html>", "HTML"),
        (b'{"error": "not found"}', "không phải RSS"),
        (b"Access denied", "không phải RSS"),
        (b'<?xml version="1.0"?><urlset><url><loc>https://a.vn/</loc></url></urlset>',
         "không phải"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>B', "hỏng"),
        (b'<?xml version="1.0" encoding="\xff\xad"?><rss version="2.0"><channel/></rss>', "hỏng"),
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
         b'<rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>', "ENTITY"),
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc">]>'
         "<rss/>".encode("utf-16"), "ENTITY"),
        (rss(item(title="Thủ tục hành chính, đề án".encode().decode("cp1252", "replace"))),
         "bảng mã"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_set_aside_with_what_to_do(body: bytes, words: str) -> None:
    with pytest.raises(SetAside) as refusal:
        read(body)
    assert URL in str(refusal.value)
    assert words in str(refusal.value)


def test_a_feed_over_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    body = rss(*[item(description="x" * 1000)] * 50_000)
    parsed: list[object] = []
    monkeypatch.setattr(feedparser, "parse", lambda *given, **_: parsed.append(given))
    with pytest.raises(SetAside, match=r"max_feed_mb"):
        read(body, max_bytes=10_000_000)
    assert parsed == []


@pytest.mark.parametrize(
    ("content_type", "body", "is_feed"),
    [
        ("application/rss+xml", rss(), True),
        ("text/html", rss(), True),  # a wrong header does not hide a feed
        ("text/xml", b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", True),
        ("application/rss+xml", b"", True),
        ("application/rss+xml", b"<!doctype html><html>", False),
        ("text/html; charset=utf-8", b"<html><body>&lt;rss", False),
        ("text/xml", b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", False),
    ],
)
def test_feeds_are_told_from_pages(content_type: str, body: bytes, is_feed: bool) -> None:
    assert looks_like_feed(content_type, body) is is_feed


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "first_published", "count"),
    [
        ("baochinhphu_kinh-te_2026-09-14.rss", "2026-09-14T18:44:00+07:00", 2),
        ("dantri_kinh-doanh_2026-09-14.rss", "2026-09-14T14:18:47+07:00", 2),
        ("nhandan_kinhte_2026-09-14.rss", "2026-09-14T18:48:23+07:00", 2),
        ("sggp_kinh-te_2026-09-24.rss", "2026-09-23T17:02:29+07:00", 1),
        ("thanhnien_kinh-te_2026-09-14.rss", "2026-09-14T09:13:00+07:00", 2),
        ("tienphong_kinh-te_2026-09-14.rss", "2026-09-14T14:54:42+07:00", 2),
        ("tuoitre_kinh-doanh_2026-09-14.rss", "2026-09-14T07:37:00+07:00", 2),
        ("vietnamnet_kinh-doanh_2026-09-24.rss", "2026-09-24T09:13:34+07:00", 2),
        ("vietnamplus_kinhte_2026-09-14.rss", "2026-09-14T19:44:41+07:00", 2),
        ("vnexpress_tin-moi-nhat_2017-11-14.rss.xml", "2017-11-14T17:42:01+07:00", None),
        ("vov_kinh-te_2026-09-14.rss", "2026-09-14T19:42:39+07:00", 2),
        ("vtv_kinh-te_2026-09-14.rss", "2026-09-14T19:46:22+07:00", 2),
    ],
)
def test_real_feeds(name: str, first_published: str, count: int | None) -> None:
    reading = read((SHARED / "feeds" / name).read_bytes(), url=f"https://bao.vn/{name}")
    # The whole feed of 2017 holds an empty item, as its outlet sent it.
    assert [fault.reason for fault in reading.malformed] == ([] if count else ["no_link"])
    assert len(reading.items) == (count or 24)
    assert reading.items[0].published.at == datetime.fromisoformat(first_published)
    for entry in reading.items:
        assert entry.published.at is not None
        assert "<" not in entry.description
        assert entry.headline == entry.headline.strip()
        assert "Bài liên quan" not in entry.description
        assert len(entry.description) < 600


@pytest.mark.shared
@needs_shared
def test_of_a_year_of_press_no_entry_is_lost() -> None:
    snapshots = list(read_archive(SHARED / "press-year.warc.gz"))[::100]
    entries = sum(len(feedparser.parse(snapshot.body).entries) for snapshot in snapshots)
    readings = [
        read_feed(each.body, url=each.url, seen=each.fetched_at, max_bytes=10_000_000)
        for each in snapshots
    ]
    assert sum(len(reading.items) + len(reading.malformed) for reading in readings) == entries
