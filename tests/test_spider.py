"""A crawl of a small press on loopback: what is fetched, archived, refused, and said of it."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from crawlers.crawl import CrawlOrder
from crawlers.discovery import Discovery, Step
from crawlers.links import read_section
from domain.clock import system_clock
from domain.codes import SourceKind
from domain.errors import SetAside, UsageError
from domain.outlets import Domain, Source
from tests.houses import SETTINGS, Answer, Crawled, House, crawl, outlet, rss


@dataclass
class Press:
    houses: dict[str, House]
    result: Crawled

    def url(self, name: str, path: str) -> str:
        return self.houses[name].root + path


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """Seven outlets, each with its own trouble, crawled once."""
    names = ("good", "shy", "broken", "heavy", "slow", "section", "many", "moved")
    houses = {name: House() for name in names}
    root = {name: house.root for name, house in houses.items()}

    good = houses["good"].answers
    good["/rss"] = rss(
        f"{root['good']}/a-1.html?utm_source=rss", f"{root['good']}/a-1.html#x",
        f"{root['good']}/held-2.html", f"{root['good']}/gone-3.html", "https://other.vn/b-4.html",
        f"{root['good']}/chuyen-muc",
    )  # fmt: skip
    good["/a-1.html"] = Answer(
        gzip.compress(b"<html>A</html>"),
        headers={"Content-Type": "text/html", "Content-Encoding": "gzip"},
    )
    good["/also"] = rss(f"{root['good']}/a-1.html")

    houses["shy"].answers |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /kin\nDisallow: /feed\n"),
        "/rss": rss(f"{root['shy']}/kin/a-1.html", f"{root['shy']}/mo-2.html"),
        "/mo-2.html": Answer(b"<html>B</html>"),
        "/feed": rss(f"{root['shy']}/c-3.html"),
    }
    houses["broken"].answers |= {
        "/html": Answer(b"<!DOCTYPE html><html><body>Trang m\xe1\xbb\x9bi</body></html>"),
        "/wall": Answer(b"<!DOCTYPE html><html><body>Captcha</body></html>"),
        "/empty": Answer(b""),
        "/down": Answer(b"busy", 503),
    }
    houses["heavy"].answers |= {
        "/rss": Answer(b"<rss>" + b" " * 12_000_000),
        "/bomb": Answer(gzip.compress(b" " * 30_000_000), headers={"Content-Encoding": "gzip"}),
        "/ok": rss(f"{root['heavy']}/to-1.html"),
        "/to-1.html": Answer(b"x" * 2_000_000),
    }
    houses["slow"].answers |= {
        "/rss": Answer(b"late", wait=1.6),
        "/ok": rss(f"{root['slow']}/a-1.html"),
        "/a-1.html": Answer(b"<html>late</html>", wait=1.6),
    }
    houses["section"].answers["/muc"] = Answer(
        b'<html><h3 class="t"><a href="/a-1.html">A</a></h3>'
        b'<h3 class="t"><a href="b-2.html#c">B</a></h3><a href="/quang-cao-9.html">Ad</a>'
        b'<h3 class="t"><a href="mailto:a@b">C</a></h3></html>'
    )
    houses["section"].answers |= {
        "/a-1.html": Answer(b"<html>A</html>"),
        "/b-2.html": Answer(b"<html>B</html>"),
    }
    houses["many"].answers["/rss"] = rss(*[f"{root['many']}/t-{n}.html" for n in range(5)])
    houses["many"].answers |= {f"/t-{n}.html": Answer(b"<html>T</html>") for n in range(5)}
    houses["moved"].answers |= {
        "/rss": Answer(status=301, headers={"Location": "/rss2"}),
        "/rss2": rss(f"{root['moved']}/a-1.html"),
        "/a-1.html": Answer(status=302, headers={"Location": "/vong-1"}),
        "/vong-1": Answer(status=302, headers={"Location": "/vong-2"}),
        "/vong-2": Answer(status=302, headers={"Location": "/vong-1"}),
    }
    result = crawl(
        outlet("good", f"{root['good']}/rss", f"{root['good']}/also"),
        outlet("shy", f"{root['shy']}/rss", f"{root['shy']}/feed"),
        outlet("broken", *[
            f"{root['broken']}{path}" for path in ("/html", "/wall", "/empty", "/down")
        ]),
        outlet("heavy", *[f"{root['heavy']}{path}" for path in ("/rss", "/bomb", "/ok")]),
        outlet("slow", f"{root['slow']}/rss", f"{root['slow']}/ok"),
        outlet("section", sources=(
            Source(url=f"{root['section']}/muc", kind=SourceKind.SECTION, links="h3.t a"),
        )),
        outlet("many", f"{root['many']}/rss"),
        outlet("moved", f"{root['moved']}/rss"),
        outlet("dead", "http://127.0.0.1:9/rss"),
        held=frozenset({f"{root['good']}/held-2.html"}),
    )  # fmt: skip
    yield Press(houses, result)
    for house in houses.values():
        house.close()


def test_listed_pages_are_fetched_once_and_those_held_are_not(press: Press) -> None:
    asked = press.houses["good"].paths()
    assert asked.count("/a-1.html") == 1
    assert "/held-2.html" not in asked
    assert "/chuyen-muc" not in asked
    assert press.url("good", "/held-2.html") in press.result.asked_known
    assert not any("other.vn" in url for url in press.result.asked_known)


def test_every_response_is_archived_as_it_came(press: Press) -> None:
    archived = {response["url"]: response for response in press.result.responses}
    page = archived[press.url("good", "/a-1.html")]
    assert ("Content-Encoding", "gzip") in page["headers"]
    assert gzip.decompress(page["body"]) == b"<html>A</html>"
    assert page["at"].tzinfo is not None
    assert archived[press.url("good", "/gone-3.html")]["status"] == 404
    assert press.url("shy", "/robots.txt") in archived
    assert archived[press.url("moved", "/rss")]["status"] == 301


def test_a_healthy_outlet_is_counted(press: Press) -> None:
    good = press.result.of("good")
    assert (good.feeds_ok, good.feeds_failed, good.pages_ok, good.pages_failed) == (2, 0, 1, 1)
    assert good.reached
    assert press.result.outcome_of(press.url("good", "/gone-3.html")) == "http_error"


def test_robots_txt_is_obeyed_and_counted(press: Press) -> None:
    shy = press.result.of("shy")
    assert press.houses["shy"].paths().count("/kin/a-1.html") == 0
    assert press.houses["shy"].paths().count("/feed") == 0
    assert (shy.robots, shy.feeds_ok, shy.feeds_failed, shy.pages_ok) == (2, 1, 1, 1)
    assert press.result.outcome_of(press.url("shy", "/kin/a-1.html")) == "robots"
    assert "robots.txt" in shy.errors[press.url("shy", "/feed")]


@pytest.mark.parametrize(
    ("house", "path", "outcome", "words"),
    [
        ("broken", "/html", "not_a_list", "HTML"),
        ("broken", "/wall", "blocked", "captcha"),
        ("broken", "/empty", "not_a_list", "rỗng"),
        ("broken", "/down", "http_error", "mã 503"),
        ("heavy", "/rss", "too_large", "lớn quá mức"),
        ("heavy", "/bomb", "too_large", "giải nén"),
        ("slow", "/rss", "timeout", "không trả lời"),
    ],
)
def test_each_failing_list_says_why_in_vietnamese(
    press: Press, house: str, path: str, outcome: str, words: str
) -> None:
    url = press.url(house, path)
    assert press.result.outcome_of(url) == outcome
    message = press.result.of(house).errors[url]
    assert url in message
    assert words in message


def test_a_failing_page_is_counted_and_the_rest_goes_on(press: Press) -> None:
    assert press.result.of("heavy").pages_failed == 1
    assert press.result.outcome_of(press.url("heavy", "/to-1.html")) == "too_large"
    assert press.result.of("slow").pages_failed == 1
    assert press.result.outcome_of(press.url("slow", "/a-1.html")) == "timeout"


def test_what_may_pass_is_tried_again_a_few_times(press: Press) -> None:
    assert press.houses["broken"].paths().count("/down") == 3
    assert press.houses["good"].paths().count("/gone-3.html") == 1


def test_an_outlet_that_does_not_answer_is_not_reached(press: Press) -> None:
    dead = press.result.of("dead")
    assert not dead.reached
    assert "từ chối kết nối" in dead.errors["http://127.0.0.1:9/rss"]
    assert not press.result.of("broken").reached


def test_section_pages_give_articles_and_only_articles(press: Press) -> None:
    asked = press.houses["section"].paths()
    assert {"/a-1.html", "/b-2.html"} <= set(asked)
    assert "/quang-cao-9.html" not in asked
    assert press.result.of("section").pages_ok == 2


def test_pages_over_the_limit_are_left_and_counted(press: Press) -> None:
    many = press.result.of("many")
    assert (many.pages_ok, many.pages_left) == (3, 2)


def test_redirects_are_followed_and_circles_are_left(press: Press) -> None:
    moved = press.result.of("moved")
    assert (moved.feeds_ok, moved.pages_failed) == (1, 1)
    assert press.result.outcome_of(press.url("moved", "/a-1.html")) == "redirects"


def test_the_crawler_says_who_it_is(press: Press) -> None:
    agents = {agent for house in press.houses.values() for _, _, agent in house.asked}
    (agent,) = agents
    assert agent.startswith("diembao/")
    assert "lienhe@bao.vn" in agent
    assert agent.isascii()


def test_requests_to_one_host_keep_their_distance() -> None:
    house = House()
    house.answers["/rss"] = rss(*[f"{house.root}/t-{n}.html" for n in range(3)])
    house.answers |= {f"/t-{n}.html": Answer(b"<html>T</html>") for n in range(3)}
    crawl(
        outlet("polite", f"{house.root}/rss", delay_seconds=0.3),
        settings=SETTINGS.model_copy(update={"delay_seconds": 0.0}),
    )
    house.close()
    times = [at for path, at, _ in house.asked if path != "/robots.txt"]
    assert len(times) == 4
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(times))


def test_a_redirect_to_another_host_waits_in_that_host_s_queue() -> None:
    here, there = House(), House(host="127.0.0.2")
    here.answers["/rss"] = rss(*[f"{here.root}/t-{n}.html" for n in range(3)])
    here.answers |= {
        f"/t-{n}.html": Answer(status=302, headers={"Location": f"{there.root}/d-{n}.html"})
        for n in range(3)
    }
    there.answers["/rss"] = rss(*[f"{there.root}/o-{n}.html" for n in range(3)])
    crawl(
        outlet("here", f"{here.root}/rss"),
        outlet("there", f"{there.root}/rss", host="127.0.0.2"),
        settings=SETTINGS.model_copy(
            update={"delay_seconds": 0.3, "allow_private_hosts": ("127.0.0.1", "127.0.0.2")}
        ),
    )
    here.close()
    there.close()
    times = [at for _, at, _ in there.asked]
    assert len(times) == 8
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(times))


def test_everything_goes_through_the_proxy_robots_txt_too() -> None:
    proxy = House()
    site = "http://bao-noi-bo.test"  # no such host: only the proxy can answer for it
    proxy.answers |= {
        f"{site}/robots.txt": Answer(b"User-agent: *\nDisallow: /kin\n"),
        f"{site}/rss": rss(f"{site}/a-1.html", f"{site}/kin/b-2.html"),
        f"{site}/a-1.html": Answer(b"<html>A</html>"),
    }
    result = crawl(
        outlet("inside", f"{site}/rss", host="bao-noi-bo.test"),
        # The proxy itself may stand inside without being named a second time.
        settings=SETTINGS.model_copy(update={"proxy": proxy.root, "allow_private_hosts": ()}),
    )
    proxy.close()
    assert sorted(proxy.paths()) == [f"{site}/a-1.html", f"{site}/robots.txt", f"{site}/rss"]
    assert (result.of("inside").pages_ok, result.of("inside").robots) == (1, 1)


def test_time_that_runs_out_is_told_from_silence() -> None:
    house = House()
    house.answers["/rss"] = rss(*[f"{house.root}/t-{n}.html" for n in range(30)])
    house.answers |= {f"/t-{n}.html": Answer(b"<html>T</html>") for n in range(30)}
    settings = {"delay_seconds": 0.4, "max_minutes": 0.03, "max_pages_per_outlet": 100}
    began = time.monotonic()
    result = crawl(
        outlet("late", f"{house.root}/rss"),
        settings=SETTINGS.model_copy(update=settings),
    )
    assert time.monotonic() - began < 8
    house.close()
    late = result.of("late")
    assert result.ended.time_up
    assert late.reached
    assert late.pages_left == 30 - late.pages_ok > 0


def test_a_full_disk_ends_the_crawl_and_is_not_swallowed() -> None:
    house = House()
    house.answers["/rss"] = rss(*[f"{house.root}/t-{n}.html" for n in range(3)])
    result = crawl(outlet("full", f"{house.root}/rss"), fails_after=1)
    house.close()
    assert isinstance(result.ended, OSError)
    assert len(result.responses) == 1
    assert "/t-0.html" not in house.paths()


def test_a_database_that_does_not_open_ends_the_crawl_and_is_not_swallowed() -> None:
    house = House()
    house.answers["/rss"] = rss(f"{house.root}/t-0.html")
    result = crawl(outlet("closed", f"{house.root}/rss"), held=None)
    house.close()
    assert isinstance(result.ended, OSError)
    assert "/t-0.html" not in house.paths()


@pytest.mark.parametrize(
    ("links", "article_url", "words"),
    [("", "", "links"), ("h3 a", r"-\d+\.html$", "đổi cách trình bày")],
)
def test_a_section_without_articles_is_set_aside(links: str, article_url: str, words: str) -> None:
    source = Source(url="https://bao.vn/muc", kind=SourceKind.SECTION, links=links)
    of_bao = outlet("bao", host="bao.vn").model_copy(update={"article_url": article_url})
    with pytest.raises(SetAside, match=words):
        read_section(
            b"<html><h3><a href='/gioi-thieu.html'>x</a></h3></html>",
            url=source.url,
            content_type="text/html",
            outlet=of_bao,
            source=source,
        )


def test_a_page_that_is_a_wall_is_blocked_and_not_counted_as_read() -> None:
    house = House()
    house.answers |= {
        "/rss": rss(f"{house.root}/a-1.html", f"{house.root}/b-2.html"),
        "/a-1.html": Answer(
            b"<html><script>document.cookie='a=1';window.location.reload()</script></html>"
        ),
        "/b-2.html": Answer(b"no", 403),
    }
    result = crawl(outlet("wall", f"{house.root}/rss"))
    house.close()
    assert result.outcome_of(f"{house.root}/a-1.html") == "blocked"
    assert result.outcome_of(f"{house.root}/b-2.html") == "http_error"
    assert (result.of("wall").pages_ok, result.of("wall").pages_failed) == (0, 2)


def test_a_short_retry_after_pauses_the_host_and_retries_once() -> None:
    house = House()
    house.answers |= {
        "/rss": Answer(b"busy", 429, headers={"Retry-After": "2"}),
        "/also": rss(f"{house.root}/a-1.html"),
        "/a-1.html": Answer(b"<html>A</html>"),
    }
    result = crawl(outlet("busy", f"{house.root}/rss", f"{house.root}/also"))
    house.close()
    asked = [at for path, at, _ in house.asked if path == "/rss"]
    assert len(asked) == 2
    after = next(at for path, at, _ in house.asked if path == "/also")
    assert min(after, asked[1]) - asked[0] >= 1.9
    assert result.outcome_of(f"{house.root}/rss") == "http_error"
    assert result.of("busy").pages_ok == 1


def test_a_long_retry_after_leaves_the_host_alone_and_names_the_time() -> None:
    house = House()
    house.answers |= {
        "/rss": Answer(b"busy", 503, headers={"Retry-After": "7200"}),
        "/also": rss(f"{house.root}/a-1.html"),
    }
    wait = f"{house.root}/x-9.html"
    result = crawl(
        outlet("busy", f"{house.root}/rss", f"{house.root}/also"), pending={"busy": (wait,)}
    )
    house.close()
    assert house.paths() == ["/robots.txt", "/rss"]
    noted = {each["url"]: each for each in result.outcomes}
    assert {each["outcome"] for each in noted.values()} == {"retry_later"}
    until = noted[f"{house.root}/also"]["retry_after"]
    assert timedelta(minutes=110) < until - datetime.now(UTC) < timedelta(minutes=121)
    assert f"{until:%d/%m/%Y %H:%M}" in noted[f"{house.root}/rss"]["detail"]
    assert (result.of("busy").pages_left, result.of("busy").pages_failed) == (1, 0)


def test_too_many_requests_are_never_repeated_at_once() -> None:
    house = House()
    house.answers["/rss"] = Answer(b"busy", 429)
    result = crawl(outlet("busy", f"{house.root}/rss"))
    house.close()
    assert house.paths().count("/rss") == 1
    assert "retry_after" not in result.outcomes[0]


def sitemap(*urls: str, kind: str = "url") -> Answer:
    entries = "".join(f"<{kind}><loc>{url}</loc></{kind}>" for url in urls)
    root = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    return Answer(f"<{root}>{entries}</{root}>".encode())


def test_a_sitemap_index_leads_to_pages_through_its_newest_children() -> None:
    house = House()
    children = [f"{house.root}/s-{n}.xml" for n in range(1, 8)]
    house.answers |= {
        "/index.xml": sitemap(*children, "https://other.vn/s-9.xml", kind="sitemap"),
        "/s-7.xml": Answer(gzip.compress(sitemap(f"{house.root}/a-1.html").body)),
        "/s-6.xml": sitemap(f"{house.root}/gioi-thieu", f"{house.root}/b-2.html"),
        "/a-1.html": Answer(b"<html>A</html>"),
        "/b-2.html": Answer(b"<html>B</html>"),
    }
    source = Source(url=f"{house.root}/index.xml", kind=SourceKind.SITEMAP)
    result = crawl(outlet("map", sources=(source,)))
    house.close()
    maps = [path for path in house.paths() if path.startswith("/s-")]
    assert sorted(maps) == ["/s-3.xml", "/s-4.xml", "/s-5.xml", "/s-6.xml", "/s-7.xml"]
    assert (result.of("map").feeds_ok, result.of("map").pages_ok) == (1, 2)
    assert result.outcome_of(f"{house.root}/s-3.xml") == "http_error"


def test_where_no_declared_list_gives_a_link_others_are_found() -> None:
    house = House()
    house.answers |= {
        "/robots.txt": Answer(f"Sitemap: {house.root}/map.xml\n".encode()),
        "/map.xml": sitemap(f"{house.root}/gioi-thieu"),
        "/rss": rss(),
        "/": Answer(
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/tin.rss">'
            b'<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
            b'<link rel="alternate" hreflang="en" href="/en"></head></html>'
        ),
        "/tin.rss": rss(f"{house.root}/a-1.html"),
        "/a-1.html": Answer(b"<html>A</html>"),
    }
    result = crawl(outlet("lost", f"{house.root}/rss"))
    narrow = crawl(
        outlet("lost", f"{house.root}/rss", f"{house.root}/also"),
        only_sources=frozenset({f"{house.root}/rss"}),
    )
    house.close()
    lost = result.of("lost")
    assert lost.found == (f"{house.root}/tin.rss",)
    assert (lost.feeds_failed, lost.pages_ok) == (0, 1)
    order = house.paths()[: len(result.responses)]
    assert order == ["/robots.txt", "/rss", "/map.xml", "/", "/tin.rss", "/a-1.html"]
    assert narrow.of("lost").found == ()


def test_where_no_list_is_declared_the_home_page_is_asked_on_the_domain_in_use() -> None:
    domains = (Domain(host="cu.vn", until=date(2025, 3, 1)), Domain(host="moi.gov.vn"))
    portal = outlet("portal").model_copy(update={"domains": domains})
    discovery = Discovery(CrawlOrder(outlets=(portal,), settings=SETTINGS), system_clock)
    (home,) = discovery.first(portal)
    assert (home.url, home.step) == ("https://moi.gov.vn/", Step.HOME)
    discovery.sitemaps["moi.gov.vn"] = ("https://moi.gov.vn/s.xml", "https://la.vn/s.xml")
    feeds = [f"https://moi.gov.vn/{n}.rss" for n in range(5)]
    assert [each.url for each in discovery.at_home(home, feeds)] == feeds[:3]


def test_a_dead_outlet_is_not_knocked_at_again_and_again() -> None:
    house = House()
    house.answers["/rss"] = Answer(b"gone", 404)
    result = crawl(outlet("gone", f"{house.root}/rss"))
    house.close()
    assert house.paths() == ["/robots.txt", "/rss", "/"]
    assert result.of("gone").feeds_failed == 1


SECTION_PAGES = {
    "/muc": ("/a-126090110000000001.html", "/b-126083110000000001.html"),
    "/muc/trang-2": ("/c-126082010000000001.html", "/b-126083110000000001.html"),
    "/muc/trang-3": ("/d-126080110000000001.html",),
    "/muc/trang-4": ("/e-126070110000000001.html",),
    "/muc/trang-5": ("/e-126070110000000001.html",),
}


@pytest.mark.parametrize(
    ("since", "url_time", "last"),
    [
        (None, "", "/muc"),
        # No time in the addresses: until a page lists nothing new.
        (datetime(2026, 8, 15, tzinfo=UTC), "", "/muc/trang-5"),
        (datetime(2026, 8, 15, tzinfo=UTC), "vccorp", "/muc/trang-3"),
    ],
)
def test_section_pages_are_followed_back_to_a_day(
    since: datetime | None, url_time: str, last: str
) -> None:
    house = House()
    for path, links in SECTION_PAGES.items():
        body = "".join(f'<h3><a href="{link}">x</a></h3>' for link in links)
        house.answers[path] = Answer(f"<html>{body}</html>".encode())
    source = Source(
        url=f"{house.root}/muc",
        kind=SourceKind.SECTION,
        next_page=f"{house.root}/muc/trang-{{page}}",
    )
    result = crawl(outlet("back", sources=(source,), url_time=url_time), since=since)
    house.close()
    lists = [path for path in house.paths() if path.startswith("/muc")]
    assert lists[-1] == last
    assert (result.of("back").feeds_ok, result.of("back").feeds_failed) == (1, 0)


def test_a_section_ends_where_its_next_page_is_not_found() -> None:
    house = House()
    house.answers["/muc"] = Answer(b'<html><a href="/a-1.html">x</a></html>')
    source = Source(
        url=f"{house.root}/muc", kind=SourceKind.SECTION, next_page=f"{house.root}/muc?p={{page}}"
    )
    result = crawl(outlet("end", sources=(source,)), since=datetime(2026, 1, 1, tzinfo=UTC))
    house.close()
    assert house.paths().count("/muc?p=2") == 1
    assert result.of("end").errors == {}


def test_pages_that_wait_are_asked_before_new_ones_within_the_limit() -> None:
    house = House()
    house.answers["/rss"] = rss(*[f"{house.root}/moi-{n}.html" for n in range(3)])
    waiting = tuple(f"{house.root}/cu-{n}.html" for n in range(2))
    result = crawl(
        outlet("wait", f"{house.root}/rss"),
        pending={"wait": waiting, "khac": ("https://khac.vn/a-1.html",)},
        held=frozenset({f"{house.root}/moi-0.html"}),
    )
    house.close()
    pages = [path for path in house.paths() if path.endswith(".html")]
    assert pages == ["/cu-0.html", "/cu-1.html", "/moi-1.html"]
    assert result.of("wait").pages_left == 1


def test_pages_named_in_the_order_are_fetched_and_no_list_is_asked() -> None:
    house = House()
    house.answers["/a-1.html"] = Answer(b"<html>A</html>")
    page = f"{house.root}/a-1.html"
    result = crawl(outlet("one", f"{house.root}/rss"), pages=(page,), held=frozenset({page}))
    house.close()
    assert house.paths() == ["/robots.txt", "/a-1.html"]
    assert result.of("one").pages_ok == 1


def test_a_page_of_no_watched_outlet_is_refused_before_the_crawl() -> None:
    result = crawl(outlet("one", "http://127.0.0.1:9/rss"), pages=("https://la.vn/a-1.html",))
    assert isinstance(result.ended, UsageError)
    assert "https://la.vn/a-1.html" in str(result.ended)


def test_only_the_lists_of_the_order_are_asked() -> None:
    house = House()
    house.answers |= {"/rss": rss(), "/also": rss()}
    crawl(
        outlet("due", f"{house.root}/rss", f"{house.root}/also"),
        outlet("not_due", f"{house.root}/later"),
        only_sources=frozenset({f"{house.root}/also"}),
    )
    house.close()
    assert house.paths() == ["/robots.txt", "/also"]
