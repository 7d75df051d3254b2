"""A crawl of a small press on loopback: what is fetched, archived, refused, and said of it."""

from __future__ import annotations

import gzip
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers.crawl import CrawlOrder, CrawlOutcome, OutletOutcome
from crawlers.links import read_section
from domain.codes import Level, OutletKind, SourceKind
from domain.errors import SetAside
from domain.outlets import Domain, Outlet, Source
from domain.settings import CrawlSettings

CHILD = Path(__file__).with_name("crawl_child.py")


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


class House:
    """This is one outlet's web server on loopback; it remembers what it was asked, and when."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, float, str]] = []
        house = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                house.asked.append(
                    (self.path, time.monotonic(), self.headers.get("User-Agent", ""))
                )
                answer = house.answers.get(self.path, Answer(b"none", 404))
                time.sleep(answer.wait)
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the crawler hung up, as it should on what is too slow or too large

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.root = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def rss(*links: str) -> Answer:
    items = "".join(f"<item><title>Tin</title><link>{link}</link></item>" for link in links)
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>{items}</channel></rss>'
    )
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def outlet(name: str, *urls: str, host: str = "127.0.0.1", **given: Any) -> Outlet:
    sources = given.pop("sources", None) or tuple(Source(url=url) for url in urls)
    return Outlet(
        id=name,
        name=f"Báo {name}",
        kind=OutletKind.PRESS,
        level=Level.NATIONAL,
        domains=(Domain(host=host),),
        article_url=r"-\d+\.html$",
        sources=sources,
        **given,
    )


SETTINGS = CrawlSettings(
    delay_seconds=0,
    timeout_seconds=1.0,
    max_feed_mb=10,
    max_page_mb=1,
    max_pages_per_outlet=3,
    max_minutes=1,
    contact="lienhe@bao.vn",
)


@dataclass
class Crawled:
    ended: Any
    responses: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    asked_known: list[str]

    def of(self, outlet_id: str) -> OutletOutcome:
        assert isinstance(self.ended, CrawlOutcome)
        return next(each for each in self.ended.outlets if each.outlet_id == outlet_id)

    def urls(self) -> list[str]:
        return [response["url"] for response in self.responses]

    def outcome_of(self, url: str) -> str:
        return next(str(each["outcome"]) for each in self.outcomes if each["url"] == url)


def crawl(
    *outlets: Outlet,
    settings: CrawlSettings = SETTINGS,
    held: frozenset[str] | None = frozenset(),
    fails_after: int | None = None,
) -> Crawled:
    order = CrawlOrder(outlets=outlets, settings=settings)
    child = subprocess.run(
        [sys.executable, str(CHILD)],
        input=pickle.dumps((order, held, fails_after)),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()
    return Crawled(*pickle.loads(child.stdout))


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
        "/html": Answer(b"<!DOCTYPE html><html><body>Captcha</body></html>"),
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
        outlet("broken", *[f"{root['broken']}{path}" for path in ("/html", "/empty", "/down")]),
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
        settings=SETTINGS.model_copy(update={"proxy": proxy.root}),
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
