"""Articles that change after their page was had: asked again, once for each change, for a while."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from crawlers.list_changes import believable_changes
from domain.clock import VIETNAM, ShiftedClock, system_clock
from domain.codes import DateOrigin, DatePrecision, SourceKind
from domain.outlets import Domain, Outlet, Source
from domain.records import ArchiveRef, ExtractedArticle, PublishedTime, RawPage
from domain.settings import CrawlSettings, Settings
from pipeline.collecting import crawl_only
from pipeline.discover import discover
from pipeline.extract import keep_try
from pipeline.opening import open_context
from storage.captures import record_page
from storage.database import connect, database_url
from storage.declared import register_outlet, source_id
from storage.forms import init_database
from storage.incoming import from_page
from storage.intake import store_articles
from storage.links import known_pages, pending_pages
from storage.tables import articles, bodies, versions
from tests.houses import Answer, House

START = datetime(2026, 9, 14, 5, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PAGE = "https://bao.vn/bai-1.html"
SITEMAP = Source(url="https://bao.vn/sitemap.xml", kind=SourceKind.SITEMAP)
FEED = Source(url="https://bao.vn/rss")
OUTLET = Outlet(
    id="bao",
    name="Báo",
    kind="press",
    level="national",
    domains=(Domain(host="bao.vn"),),
    article_url=r"/bai-\d+\.html$",
    sources=(SITEMAP, FEED),
)


class Desk:
    """This is a database of one outlet, told what its lists and its page said."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def sitemap(self, at: datetime, lastmod: datetime, *, url: str = PAGE) -> None:
        body = (
            f"<urlset><url><loc>{url}</loc><lastmod>{lastmod.isoformat()}</lastmod></url></urlset>"
        )
        self._list(SITEMAP, body, at)

    def feed(self, at: datetime, published: datetime) -> None:
        body = (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Báo</title><item>'
            f"<title>Một cửa</title><link>{PAGE}</link>"
            f"<pubDate>{published:%a, %d %b %Y %H:%M:%S +0000}</pubDate></item></channel></rss>"
        )
        self._list(FEED, body, at)

    def _list(self, source: Source, body: str, at: datetime) -> None:
        discover(
            self.connection,
            raw(source.url, at, body),
            outlet=OUTLET,
            source=source,
            number=source_id(self.connection, OUTLET.id, source),
            fault=("ok", ""),
            max_mb=1,
        )

    def page(self, at: datetime, text: str = "Bài", *, published: datetime = START) -> None:
        kept = record_page(self.connection, raw(PAGE, at, text), kind="page", outcome="ok")
        article = ExtractedArticle(
            url=PAGE,
            canonical_url=PAGE,
            headline="Một cửa",
            description="",
            body=text,
            published=PublishedTime(
                at=published, precision=DatePrecision.MINUTE, origin=DateOrigin.PAGE_META
            ),
        )
        incoming = from_page(article, PAGE, outlet_id="bao", page_id=kept.id, fetched_at=at)
        store_articles(self.connection, [incoming])

    def failed(self, at: datetime, outcome: str) -> None:
        page = replace(
            raw(PAGE, at, ""), status=0, archive=ArchiveRef(path="", offset=0, sha256="")
        )
        keep_try(self.connection, page, PAGE, kind="try", outcome=outcome, detail="")

    def due(self, now: datetime) -> bool:
        """Whether the next crawl asks the page again; what is due is not taken for held."""
        waiting = pending_pages(self.connection, ["bao"], now - timedelta(hours=72))
        held = known_pages(self.connection, [PAGE])
        assert (waiting == {"bao": (PAGE,)}) == (held == set())
        return bool(waiting)


def raw(url: str, at: datetime, body: str) -> RawPage:
    return RawPage(
        url=url,
        status=200,
        content_type="text/html",
        body=body.encode(),
        fetched_at=at,
        archive=ArchiveRef(path="a", offset=0, sha256=hashlib.sha256(body.encode()).hexdigest()),
    )


@pytest.fixture
def desk(tmp_path):
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    with engine.begin() as connection:
        register_outlet(connection, OUTLET)
        yield Desk(connection)
    engine.dispose()


def test_a_page_that_changed_is_asked_again_and_its_new_text_is_a_version(desk):
    desk.page(START + 10 * MINUTE, "Bài đầu")
    assert not desk.due(START + HOUR)
    desk.sitemap(START + HOUR, START + 40 * MINUTE)
    assert desk.due(START + HOUR)
    desk.page(START + HOUR + MINUTE, "Bài sửa")
    assert not desk.due(START + 2 * HOUR)
    rows = desk.connection.execute(select(articles.c.version, articles.c.page_outcome)).all()
    assert [tuple(row) for row in rows] == [(2, "ok")]
    old = desk.connection.execute(select(versions.c.version, versions.c.body)).all()
    assert [tuple(row) for row in old] == [(1, "Bài đầu")]


def test_each_change_is_asked_once_whatever_the_page_says_then(desk):
    desk.page(START + 10 * MINUTE)
    for hour in (1, 2, 3):
        desk.sitemap(START + hour * HOUR, START + 40 * MINUTE)
        assert desk.due(START + hour * HOUR) == (hour == 1)
        desk.page(START + hour * HOUR + MINUTE)  # the same text
    desk.sitemap(START + 5 * HOUR, START + 4 * HOUR)
    assert desk.due(START + 5 * HOUR)
    desk.page(START + 5 * HOUR + MINUTE, "Bài sửa lần hai")
    assert not desk.due(START + 6 * HOUR)


def test_a_feed_that_dates_an_article_anew_tells_of_a_change(desk):
    desk.page(START + 10 * MINUTE)
    desk.feed(START + HOUR, START + 5 * MINUTE)
    assert not desk.due(START + HOUR)
    desk.feed(START + 2 * HOUR, START + 90 * MINUTE)
    assert desk.due(START + 2 * HOUR)


@pytest.mark.parametrize(
    ("lastmod", "seen", "published", "due"),
    [
        (11 * MINUTE + timedelta(seconds=1), HOUR, timedelta(0), True),
        (10 * MINUTE + timedelta(seconds=50), HOUR, timedelta(0), False),  # the same edit
        (5 * MINUTE, HOUR, timedelta(0), False),
        (2 * HOUR, HOUR, timedelta(0), False),  # not yet: a clock that goes ahead
        (70 * HOUR, 71 * HOUR, timedelta(0), True),
        (73 * HOUR, 74 * HOUR, timedelta(0), False),  # no news any more
        (HOUR, 2 * HOUR, -timedelta(days=5), False),
    ],
)
def test_only_a_true_change_of_a_young_article_counts(desk, lastmod, seen, published, due):
    desk.page(START + 10 * MINUTE, published=START + published)
    desk.sitemap(START + seen, START + lastmod)
    assert desk.due(START + seen) == due


@pytest.mark.parametrize(
    ("outcome", "again"),
    [("http_404", False), ("unreadable", False), ("robots", False), ("timeout", True),
     ("time_up", True), ("http_503", True)],
)  # fmt: skip
def test_a_try_that_may_pass_is_repeated_and_another_is_not(desk, outcome, again):
    desk.page(START + 10 * MINUTE)
    desk.sitemap(START + HOUR, START + 40 * MINUTE)
    desk.failed(START + HOUR + MINUTE, outcome)
    assert desk.due(START + 2 * HOUR) == again


def test_what_may_pass_is_not_tried_for_ever(desk):
    desk.page(START + 10 * MINUTE)
    desk.sitemap(START + HOUR, START + 40 * MINUTE)
    for hour in range(2, 7):
        assert desk.due(START + hour * HOUR)
        desk.failed(START + hour * HOUR, "timeout")
    assert not desk.due(START + 8 * HOUR)


def test_a_page_is_had_only_so_often_whatever_its_list_says(desk):
    desk.page(START + MINUTE, "0")
    asked = 0
    for hour in range(1, 20):
        desk.sitemap(START + hour * HOUR, START + hour * HOUR - 2 * MINUTE)
        if desk.due(START + hour * HOUR):
            asked += 1
            desk.page(START + hour * HOUR + MINUTE, str(hour))
    assert asked == 5


def test_the_same_lists_read_again_change_nothing(desk):
    for _ in range(2):
        desk.page(START + 10 * MINUTE, "Bài đầu")
        desk.sitemap(START + HOUR, START + 40 * MINUTE)
        desk.page(START + HOUR + MINUTE, "Bài sửa")
        assert not desk.due(START + 2 * HOUR)


def test_an_article_without_its_page_waits_as_before(desk):
    desk.feed(START + HOUR, START)
    desk.sitemap(START + HOUR, START + 40 * MINUTE)
    assert desk.due(START + HOUR)
    desk.page(START + 2 * HOUR)
    assert not desk.due(START + 3 * HOUR)


@pytest.mark.parametrize(
    ("minutes", "kept"),
    [
        ([10, 20, 30, 40, 50], 5),
        ([30] * 9, 0),  # the minute in which the list was made
        ([30] * 9 + [10, 12], 2),
        ([30] * 4, 4),  # so few may well be one edit
        ([30] * 5 + [1, 2, 3, 4, 5, 6], 11),
        ([70, 50], 1),
        ([], 0),
    ],
)
def test_a_list_that_stamps_all_its_articles_alike_tells_of_no_change(
    minutes: Sequence[int], kept: int
) -> None:
    told = {f"https://bao.vn/bai-{n}.html": START + m * MINUTE for n, m in enumerate(minutes)}
    assert len(believable_changes(told, seen=START + HOUR)) == kept


def test_a_changed_page_is_fetched_by_the_crawl_after_the_list_that_tells_of_it(
    tmp_path: Path,
) -> None:
    house = House()
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "bao.toml").write_text(
        'id = "bao"\nname = "Báo"\nkind = "press"\nlevel = "national"\n'
        "article_url = '/bai-\\d+\\.html$'\n"
        'domains = [{ host = "127.0.0.1" }]\n'
        f'sources = [{{ url = "{house.root}/map.xml", kind = "sitemap" }}]\n'
        'layouts = [{ headline = "h1", body = "article p", published = "time" }]\n',
        encoding="utf-8",
    )
    crawl = CrawlSettings(delay_seconds=0, timeout_seconds=5, allow_private_hosts=("127.0.0.1",))
    context = open_context(
        Settings(crawl=crawl),
        tmp_path / "home",
        clock=system_clock,
        create=True,
        outlets_folder=folder,
    )
    began = datetime.now(UTC)

    def collected(hours: int, edition: str, changed: datetime) -> int:
        entry = f"<loc>{house.root}/bai-1.html</loc><lastmod>{changed.isoformat()}</lastmod>"
        house.answers |= {
            "/map.xml": Answer(f"<urlset><url>{entry}</url></urlset>".encode()),
            "/bai-1.html": Answer(_page(edition, began).encode(), headers={"Content-Type": HTML}),
        }
        crawl_only(replace(context, clock=ShiftedClock(system_clock, hours * HOUR)))
        return house.paths().count("/bai-1.html")

    fetched = [
        collected(0, "một", began),
        collected(1, "hai", began + 30 * MINUTE),  # the list tells of the change
        collected(2, "hai", began + 30 * MINUTE),  # the page is had again
        collected(3, "ba", began + 30 * MINUTE),  # told of before
    ]
    house.close()
    with context.engine.connect() as connection:
        (stored,) = connection.execute(select(articles.c.version, articles.c.content)).all()
        body = connection.scalar(select(bodies.c.body))
        (old,) = connection.execute(select(versions.c.version, versions.c.body)).all()
    context.engine.dispose()
    assert fetched == [1, 1, 2, 2]
    assert tuple(stored) == (2, "page")
    assert "lần hai" in body
    assert (old.version, "lần một" in old.body) == (1, True)


HTML = "text/html; charset=utf-8"


def _page(edition: str, published: datetime) -> str:
    paragraph = (
        f"<p>Bản tin lần {edition}: trong tuần qua, người dân nộp 370 hồ sơ tại bộ phận một cửa "
        "của tỉnh; phần lớn được trả kết quả trước hẹn, theo báo cáo của văn phòng.</p>"
    )
    printed = published.astimezone(VIETNAM)
    return (
        '<!doctype html><html lang="vi"><head><title>Một cửa</title></head><body>'
        f"<h1>Tỉnh công bố kết quả một cửa</h1><time>{printed:%d/%m/%Y %H:%M}</time>"
        f"<article>{paragraph * 5}</article></body></html>"
    )
