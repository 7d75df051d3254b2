"""Indexes of sitemaps, crawled on loopback: how deep, how many, how far back."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from crawlers.crawl import CrawlOrder
from crawlers.discovery import Asked, Discovery, Step
from crawlers.sitemap_index import DEEPEST, MOST_IN_A_CRAWL
from crawlers.sitemaps import Child
from domain.clock import system_clock
from domain.codes import SourceKind
from domain.outlets import Outlet, Source
from domain.settings import Settings
from pipeline.collecting import crawl_only
from pipeline.opening import open_context
from storage.tables import links, polls, sources
from tests.houses import SETTINGS, Answer, Crawled, House, crawl, outlet

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)


def sitemap(*urls: str, kind: str = "url") -> Answer:
    entries = "".join(f"<{kind}><loc>{url}</loc></{kind}>" for url in urls)
    root = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    return Answer(f"<{root}>{entries}</{root}>".encode())


def crawled(
    indexes: Mapping[str, Sequence[str]], pages: Mapping[str, Sequence[str]], **order: object
) -> tuple[Crawled, list[str]]:
    """Crawl a press whose ``/index.xml`` leads on; what came, and the sitemaps asked, in order."""
    house = House()
    for path, named in indexes.items():
        house.answers[path] = sitemap(*(house.root + each for each in named), kind="sitemap")
    for path, named in pages.items():
        house.answers[path] = sitemap(*(house.root + each for each in named))
        house.answers |= {each: Answer(b"<html>A</html>") for each in named}
    source = Source(url=f"{house.root}/index.xml", kind=SourceKind.SITEMAP)
    result = crawl(outlet("map", sources=(source,)), **order)
    house.close()
    return result, [path for path in house.paths() if path.endswith(".xml")]


def test_an_index_within_an_index_is_followed() -> None:
    result, asked = crawled(
        {"/index.xml": ["/nam-2026.xml"], "/nam-2026.xml": ["/s-1.xml", "/s-2.xml"]},
        {"/s-1.xml": ["/a-1.html"], "/s-2.xml": ["/b-2.html"]},
    )
    assert asked[:2] == ["/index.xml", "/nam-2026.xml"]
    assert set(asked[2:]) == {"/s-1.xml", "/s-2.xml"}
    assert (result.of("map").feeds_ok, result.of("map").pages_ok) == (1, 2)


def test_indexes_that_name_each_other_end() -> None:
    result, asked = crawled(
        {"/index.xml": ["/vong.xml", "/index.xml"], "/vong.xml": ["/index.xml", "/vong.xml"]}, {}
    )
    assert asked == ["/index.xml", "/vong.xml"]
    assert result.of("map").reached


def test_no_index_is_followed_for_ever() -> None:
    chain = {f"/i-{n}.xml": [f"/i-{n + 1}.xml"] for n in range(1, 9)}
    _, asked = crawled({"/index.xml": ["/i-1.xml"], **chain}, {})
    assert asked == ["/index.xml", *(f"/i-{n}.xml" for n in range(1, DEEPEST + 1))]


def test_indexes_within_an_index_share_the_bound_of_a_crawl() -> None:
    last = {f"/s-{n}-{m}.xml": [f"/t-{n}-{m}.xml"] for n in range(9) for m in range(9)}
    inner = {f"/i-{n}.xml": [f"/s-{n}-{m}.xml" for m in range(9)] for n in range(9)}
    _, asked = crawled({"/index.xml": list(inner), **inner, **last}, {})
    newest = range(4, 9)
    assert len(asked) == 1 + MOST_IN_A_CRAWL
    assert {path for path in asked if path.startswith("/i-")} == {f"/i-{n}.xml" for n in newest}


@pytest.mark.parametrize(
    ("since", "last", "count"),
    [
        (None, "/sitemap-2026-07.xml", 2),
        (datetime(2025, 11, 20, tzinfo=UTC), "/sitemap-2025-11.xml", 10),
    ],
)
def test_a_crawl_that_looks_back_asks_every_month_of_that_time(
    since: datetime | None, last: str, count: int
) -> None:
    months = [f"/sitemap-2025-{n:02}.xml" for n in range(1, 13)]
    months += [f"/sitemap-2026-{n:02}.xml" for n in range(1, 9)]
    press = _mapped()
    order = CrawlOrder(outlets=(press,), settings=SETTINGS, since=since)
    discovery = Discovery(order, lambda: datetime(2026, 9, 1, tzinfo=UTC))
    (index,) = discovery.first(press)
    asked = discovery.after(index, (), [Child(url=f"http://127.0.0.1{path}") for path in months])
    assert len(asked) == count
    assert asked[0].url.endswith(last)
    assert {each.step for each in asked} == {Step.CHILD}


def test_months_before_that_time_are_not_asked_on_loopback() -> None:
    months = [f"/sitemap-{year}-{n:02}.xml" for year in (2024, 2025) for n in range(1, 13)]
    since = datetime(2025, 3, 5, tzinfo=UTC)
    pages = {path: [f"/bai-{n}.html"] for n, path in enumerate(months)}
    result, asked = crawled({"/index.xml": months}, pages, since=since)
    assert sorted(asked[1:]) == [f"/sitemap-2025-{n:02}.xml" for n in range(3, 13)]
    assert result.of("map").pages_ok + result.of("map").pages_left == 10


def test_what_is_left_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    press = _mapped()
    discovery = Discovery(CrawlOrder(outlets=(press,), settings=SETTINGS), lambda: NOW)
    (index,) = discovery.first(press)
    caplog.set_level(logging.INFO)
    discovery.after(index, (), [Child(url=f"http://127.0.0.1/s-{n}.xml") for n in range(9)])
    deep = Asked(press, "http://127.0.0.1/x.xml", Step.CHILD, index.source, depth=DEEPEST)
    discovery.after(deep, (), [Child(url="http://127.0.0.1/y.xml")])
    news, depth = caplog.records
    assert (news.levelname, depth.levelname) == ("INFO", "WARNING")
    assert "để lại 4" in vars(news)["reason"]
    assert vars(depth)["url"] == "http://127.0.0.1/x.xml"


def _mapped() -> Outlet:
    source = Source(url="http://127.0.0.1/index.xml", kind=SourceKind.SITEMAP)
    return outlet("map", sources=(source,))


def test_what_nested_indexes_lead_to_is_stored_and_the_bound_stands_beside_the_poll(
    tmp_path: Path,
) -> None:
    house = House()
    maps = [f"{house.root}/s-{n}.xml" for n in range(1, 10)]
    house.answers |= {
        "/index.xml": sitemap(f"{house.root}/trong.xml", kind="sitemap"),
        "/trong.xml": sitemap(*maps, kind="sitemap"),
        "/s-9.xml": sitemap(f"{house.root}/a-1.html"),
        "/a-1.html": Answer(b"<html>A</html>"),
    }
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "bao.toml").write_text(
        'id = "bao"\nname = "Báo"\nkind = "press"\nlevel = "national"\n'
        "article_url = '-\\d+\\.html$'\n"
        'domains = [{ host = "127.0.0.1" }]\n'
        f'sources = [{{ url = "{house.root}/index.xml", kind = "sitemap" }}]\n',
        encoding="utf-8",
    )
    context = open_context(
        Settings(crawl=SETTINGS),
        tmp_path / "home",
        clock=system_clock,
        create=True,
        outlets_folder=folder,
    )
    crawl_only(context)
    house.close()
    with context.engine.connect() as connection:
        told = {
            row.url: (row.outcome, row.detail)
            for row in connection.execute(
                select(sources.c.url, polls.c.outcome, polls.c.detail).join(
                    polls, polls.c.source_id == sources.c.id
                )
            )
        }
        waiting = connection.scalars(select(links.c.url)).all()
    context.engine.dispose()
    assert told[f"{house.root}/index.xml"] == ("ok", "")
    outcome, detail = told[f"{house.root}/trong.xml"]
    assert outcome == "ok"
    assert "9 sơ đồ con, 9 sơ đồ có thể có bài mới; mỗi lượt chỉ hỏi 5" in detail
    assert told[f"{house.root}/s-9.xml"] == ("ok", "")
    assert f"{house.root}/s-4.xml" not in told
    assert waiting == [f"{house.root}/a-1.html"]
