"""Polls and links: what is due, what is still to be had, and nothing counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from domain.clock import VIETNAM
from domain.codes import LIST_BITS, SourceKind
from domain.outlets import Source
from domain.settings import Settings, StorageSettings
from pipeline.context import Context
from pipeline.crawl import DUE, EVERYTHING, anything_due, crawl_order, due_now
from pipeline.ingest import Ingestion
from pipeline.opening import open_context
from pipeline.tally import Tally
from storage.archive import SegmentWriter, segments
from storage.database import content_digest, reading
from storage.declared import source_id
from storage.links import known_pages, pending_pages
from storage.polls import record_poll, standings
from storage.runs import finish_run, start_run
from storage.tables import articles, bodies, links, polls
from tests.fakes import Response, rss, write_warc

START = datetime(2026, 7, 1, 6, 0, tzinfo=VIETNAM)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOST = "https://bao_mot.test"
FEED, SECTION, SITEMAP = f"{HOST}/rss", f"{HOST}/thoi-su", f"{HOST}/sitemap.xml"
OUTLET = f"""
id = "bao_mot"
name = "Báo Một"
kind = "press"
level = "national"
domains = [{{ host = "bao_mot.test" }}]
article_url = '/bai-\\d+\\.html$'
layouts = [{{ headline = "h1", body = "article p" }}]
sources = [
  {{ url = "{FEED}" }},
  {{ url = "{SECTION}", kind = "section", next_page = "{SECTION}/trang-{{page}}" }},
  {{ url = "{SITEMAP}", kind = "sitemap" }},
]
"""
FEED_BIT, SITEMAP_BIT, SECTION_BIT = (
    LIST_BITS[kind] for kind in (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.SECTION)
)


@pytest.fixture
def house(tmp_path) -> Context:
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "bao_mot.toml").write_text(OUTLET, encoding="utf-8")
    return open_context(
        Settings(storage=StorageSettings(batch_items=50)),
        tmp_path / "home",
        clock=lambda: START + 2 * HOUR,
        create=True,
        outlets_folder=folder,
    )


def address(number: int) -> str:
    return f"{HOST}/bai-{number}.html"


def feed(*numbers: int, hours: float = 0) -> Response:
    when = START.strftime("%a, %d %b %Y %H:%M:%S +0700")
    body = rss((address(n), f"Tỉnh công bố thủ tục số {n}", "Sapo.", when) for n in numbers)
    return Response(url=FEED, body=body, at=START + hours * HOUR)


def section(*numbers: int, hours: float = 0, url: str = SECTION) -> Response:
    body = "".join(f'<a href="/bai-{n}.html">Bài</a>' for n in numbers)
    return html(url, f"<!doctype html><body>{body}</body>", hours)


def html(url: str, text: str, hours: float, status: int = 200) -> Response:
    at = START + hours * HOUR
    return Response(
        url=url, body=text.encode(), at=at, content_type="text/html; charset=utf-8", status=status
    )


def page(number: int, hours: float, status: int = 200) -> Response:
    paragraphs = "".join(
        f"<p>Trong tuần thứ {week}, người dân nộp {week * 37} hồ sơ tại bộ phận một cửa của tỉnh; "
        "phần lớn được trả kết quả trước hẹn, theo báo cáo của văn phòng.</p>"
        for week in range(1, 8)
    )
    text = (
        f'<!doctype html><html lang="vi"><head><title>Bài số {number}</title>'
        f'<meta property="og:title" content="Tỉnh công bố thủ tục số {number}">'
        f"</head><body><article><h1>Tỉnh công bố thủ tục số {number}</h1>{paragraphs}"
        "</article></body></html>"
    )
    return html(address(number), text, hours, status)


def sitemap(entries: str, hours: float = 0, root: str = "urlset", url: str = SITEMAP) -> Response:
    body = f'<?xml version="1.0"?><{root} xmlns="s" xmlns:news="n">{entries}</{root}>'
    return Response(
        url=url, body=body.encode(), at=START + hours * HOUR, content_type="application/xml"
    )


def ingest(house: Context, *responses: Response, name: str = "a") -> Tally:
    ingestion = Ingestion(house)
    ingestion.register_outlets()
    path = write_warc(house.home / f"{name}.warc.gz", responses)
    ingestion.file(path, path.name)
    return ingestion.tally


def digest(house: Context) -> dict[str, str]:
    with reading(house.engine) as connection:
        return content_digest(connection)


def rows(house: Context, question) -> list[tuple]:
    with reading(house.engine) as connection:
        return [tuple(row) for row in connection.execute(question)]


def test_a_link_becomes_an_article_with_its_first_sight_and_its_lists(house):
    ingest(house, section(1, 2), page(1, 1), feed(1, 2, 3, hours=2))
    found = select(articles.c.url, articles.c.first_seen_at, articles.c.lists, articles.c.content)
    assert rows(house, found.order_by(articles.c.url)) == [
        (address(1), START, SECTION_BIT | FEED_BIT, "page"),
        (address(2), START, SECTION_BIT | FEED_BIT, "feed"),
        (address(3), START + 2 * HOUR, FEED_BIT, "feed"),
    ]
    assert rows(house, select(links)) == []
    assert rows(house, select(polls.c.new_items).order_by(polls.c.at)) == [(2,), (2,)]


def test_a_section_that_lists_an_article_earlier_is_its_first_sight(house):
    ingest(house, feed(1, hours=3), name="later")
    ingest(house, section(1), name="earlier")
    (row,) = rows(house, select(articles.c.first_seen_at, articles.c.lists))
    assert row == (START, SECTION_BIT | FEED_BIT)


def test_a_sitemap_gives_articles_links_and_children(house):
    news = (
        f"<url><loc>{address(1)}</loc><news:news><news:title>Tít một</news:title>"
        "<news:publication_date>2026-07-01T05:00:00+07:00</news:publication_date>"
        f"</news:news></url><url><loc>{address(2)}</loc></url><url><loc>{HOST}/thoi-su</loc></url>"
    )
    child = f"{HOST}/sitemap-2026-07.xml"
    lost = f"{HOST}/sitemap-2026-06.xml"
    index = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (child, lost))
    ingest(
        house,
        sitemap(index, root="sitemapindex"),
        sitemap(news, hours=1, url=child),
        html(lost, "không có", 1, status=404),
    )
    assert rows(house, select(articles.c.url, articles.c.lists)) == [(address(1), SITEMAP_BIT)]
    assert rows(house, select(links.c.url, links.c.lists)) == [(address(2), SITEMAP_BIT)]
    with reading(house.engine) as connection:
        kept = standings(connection)
    assert {url: kept[url].outcome for url in (SITEMAP, child, lost)} == {
        SITEMAP: "ok",
        child: "ok",
        lost: "http_404",
    }


def test_a_later_page_of_a_section_names_links_and_is_no_poll(house):
    ingest(house, section(1), section(7, 8, hours=0.1, url=f"{SECTION}/trang-2"))
    assert len(rows(house, select(links))) == 3
    assert len(rows(house, select(polls))) == 1


def test_an_unchanged_body_keeps_its_counts_its_reach_and_adds_nothing(house):
    tally = ingest(house, feed(*range(20)), feed(*range(20), hours=1))
    assert (tally.items, tally.new, tally.repeated) == (40, 20, 20)
    first, second = rows(
        house,
        select(
            polls.c.unchanged, polls.c["items"], polls.c.new_items, polls.c.reaches_to,
            polls.c.newest_at,
        ).order_by(polls.c.at),
    )  # fmt: skip
    assert first == (False, 20, 20, START, START)
    assert second == (True, 20, 0, START, START)


def test_an_archive_read_again_changes_nothing(house):
    responses = [
        section(1, 2, 3), page(1, 0.1), page(2, 0.1, status=503), feed(1, 2, 3, 4, hours=1),
        page(4, 1.1, status=404), feed(1, 2, 3, 4, hours=2), html(FEED, "bận", 3, status=503),
        page(2, 3.1, status=503),
    ]  # fmt: skip
    ingest(house, *responses)
    before = digest(house)
    assert rows(house, select(articles.c.page_tries).where(articles.c.url == address(2))) == [(2,)]
    ingest(house, *responses)
    assert digest(house) == before
    ingest(house, *responses[:3])
    assert digest(house) == before


def test_media_and_origins_of_a_page_are_kept(house):
    ingest(house, page(1, 0))
    assert rows(house, select(articles.c.media)) == [("text",)]
    (origins,) = rows(house, select(bodies.c.origins))[0]
    assert origins.get("headline")


def test_a_source_that_was_asked_is_due_an_hour_later(house):
    ingest(house, feed(1))
    with reading(house.engine) as connection:
        known = standings(connection)
    assert {url: standing.due_at for url, standing in known.items()} == {FEED: START + 60 * MINUTE}


@pytest.mark.parametrize(("asking", "asked"), [(DUE, {SECTION}), (EVERYTHING, {FEED, SECTION})])
def test_a_crawl_asks_what_is_due_or_all_but_who_wants_to_be_left_alone(house, asking, asked):
    ingest(house, feed(1, hours=1.5), page(1, 1.6, status=503), section(2))
    with house.engine.begin() as connection:
        number = source_id(connection, "bao_mot", Source(url=SITEMAP, kind=SourceKind.SITEMAP))
        later = START + 5 * HOUR
        record_poll(
            connection, source_id=number, at=START, outcome="http_429", retry_after=later
        )  # fmt: skip
    order = crawl_order(house, asking)
    assert order.only_sources == asked
    assert order.pending == {"bao_mot": (address(2), address(1))}


#: Every list was asked a moment ago and names a page.
JUST_LISTED = (feed(1, hours=1.9), section(2, hours=1.9), sitemap("", hours=1.9))


def crawled_before(house: Context, *ends: str) -> None:
    """Crawls on record, the newest last, that ended so."""
    with house.engine.begin() as connection:
        for end in ends:
            number = start_run(connection, "crawl", START)
            if end != "killed":
                problems = ["no network"] if end == "no network" else []
                error = "" if end == "done" else end
                finish_run(connection, number, START, counts={"problems": problems}, error=error)
        finish_run(connection, start_run(connection, "tag", START), START, counts={}, error="")


@pytest.mark.parametrize(
    ("ends", "taken_up"),
    [
        ((), False),
        (("done",), False),
        (("no network",), False),
        (("killed",), True),
        (("killed", "SystemExit: 143"), True),
        (("done", "killed", "killed", "killed"), True),
        (("done", "killed", "killed", "killed", "killed"), False),
        (("killed", "done"), False),
    ],
)
def test_a_poll_takes_up_the_crawl_that_was_cut_short(house, ends, taken_up):
    ingest(house, *JUST_LISTED)
    crawled_before(house, *ends)
    asking = due_now(house)
    assert anything_due(house, asking) == taken_up
    if taken_up:
        order = crawl_order(house, asking)
        assert order.only_sources == frozenset()
        assert order.pending == {"bao_mot": (address(1), address(2))}


def test_a_crawl_is_not_taken_up_where_the_server_wants_rest(house):
    ingest(house, *JUST_LISTED)
    crawled_before(house, "killed")
    assert anything_due(house, due_now(house))
    with house.engine.begin() as connection:
        number = source_id(connection, "bao_mot", Source(url=FEED, kind=SourceKind.FEED))
        at, later = START + 1.95 * HOUR, START + 6 * HOUR
        record_poll(
            connection, source_id=number, at=at, outcome="http_429", retry_after=later
        )  # fmt: skip
    assert not anything_due(house, due_now(house))


def test_a_page_that_was_come_to_is_not_asked_for_again_by_taking_up(house):
    ingest(house, *JUST_LISTED)
    noted(house, "timeout", 1.95)
    with house.engine.begin() as connection:
        connection.execute(update(links).values(outcome="timeout", tries=1))
    crawled_before(house, "killed")
    assert not anything_due(house, due_now(house))


def noted(house: Context, outcome: str, hours: float) -> None:
    """Read an archive in which a crawl says how the page of article 1 ended."""
    at = START + hours * HOUR
    archive = SegmentWriter(house.home / f"n{hours}", max_bytes=10**6, clock=lambda: at)
    archive.write_outcome(
        url=address(1), source_kind="page", outlet_id="bao_mot", outcome=outcome, detail="", at=at
    )
    archive.close()
    ingestion = Ingestion(house)
    for path in segments(house.home / f"n{hours}"):
        ingestion.file(path, path.name)
        ingestion.file(path, path.name)


@pytest.mark.parametrize(
    ("outcomes", "pending", "known"),
    [
        ([], True, False),
        (["timeout"] * 4, True, False),
        (["timeout"] * 5, False, False),
        (["time_up"] * 9, True, False),
        (["retry_later"] * 9, True, False),
        (["robots"], False, True),
        (["robots_unreachable"], True, False),
    ],
)
@pytest.mark.parametrize("listed", [feed(1), section(1)], ids=["article", "link"])
def test_a_page_is_waited_for_while_there_is_hope(house, listed, outcomes, pending, known):
    ingest(house, listed)
    for turn, outcome in enumerate(outcomes):
        noted(house, outcome, 1 + turn)
    with reading(house.engine) as connection:
        assert is_pending(connection) == pending
        assert (known_pages(connection, [address(1)]) == {address(1)}) == known


def is_pending(connection: Connection) -> bool:
    waiting = pending_pages(connection, ["bao_mot"], START - HOUR)
    assert pending_pages(connection, ["bao_mot"], START + HOUR) == {}
    return waiting == {"bao_mot": (address(1),)}


@pytest.mark.parametrize(("status", "tries", "known"), [(404, 4, False), (404, 5, True)])
def test_a_missing_page_is_tried_several_times_while_it_is_listed(house, status, tries, known):
    ingest(house, feed(1), *(page(1, 1 + n, status=status) for n in range(tries)))
    with reading(house.engine) as connection:
        assert not is_pending(connection)
        assert (known_pages(connection, [address(1)]) == {address(1)}) == known


def test_a_page_that_comes_at_last_is_waited_for_no_more(house, tmp_path: Path):
    ingest(house, section(1), page(1, 1, status=500), page(1, 2))
    with reading(house.engine) as connection:
        assert pending_pages(connection, ["bao_mot"], START - HOUR) == {}
    assert rows(house, select(articles.c.page_outcome, articles.c.page_tries)) == [("ok", 1)]
