"""robots.txt as RFC 9309 says: its pace, its absence, its silence."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from crawlers.found_lists import found_sitemaps
from tests.houses import Answer, House, crawl, outlet, rss


def press_with_robots(robots: Answer) -> House:
    house = House()
    house.answers |= {
        "/robots.txt": robots,
        "/rss": rss(f"{house.root}/a-1.html", f"{house.root}/b-2.html"),
        "/a-1.html": Answer(b"<html>A</html>"),
        "/b-2.html": Answer(b"<html>B</html>"),
    }
    return house


def test_crawl_delay_sets_the_pace_where_it_is_slower():
    house = press_with_robots(Answer(b"User-agent: *\nCrawl-delay: 0.4\n"))
    result = crawl(outlet("slow", f"{house.root}/rss"))
    house.close()
    assert result.of("slow").pages_ok == 2
    times = [at for _, at, _ in house.asked]
    assert all(later - earlier >= 0.35 for earlier, later in pairwise(times))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_where_robots_txt_fails_nothing_is_asked(status):
    house = press_with_robots(Answer(b"busy", status))
    url = f"{house.root}/rss"
    result = crawl(outlet("down", url), pending={"down": (f"{house.root}/a-1.html",)})
    house.close()
    assert set(house.paths()) == {"/robots.txt"}
    assert result.outcome_of(url) == "robots_unreachable"
    assert f"robots.txt của trang (mã {status})" in result.of("down").errors[url]
    down = result.of("down")
    assert (down.robots, down.pages_failed, down.pages_left) == (0, 0, 1)


def test_where_robots_txt_does_not_answer_nothing_is_asked():
    house = press_with_robots(Answer(b"", wait=1.6))
    url = f"{house.root}/rss"
    result = crawl(outlet("mute", url))
    house.close()
    assert "/rss" not in house.paths()
    assert result.outcome_of(url) == "robots_unreachable"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_where_there_is_no_robots_txt_all_is_allowed(status):
    house = press_with_robots(Answer(b"User-agent: *\nDisallow: /\n", status))
    result = crawl(outlet("open", f"{house.root}/rss"))
    house.close()
    assert result.of("open").pages_ok == 2


def test_sitemaps_are_read_from_robots_txt():
    body = b"User-agent: *\r\nDisallow:\r\nSITEMAP: https://b.vn/s.xml\r\nSitemap: ftp://b.vn/x\r\n"
    assert found_sitemaps(body, "https://b.vn/robots.txt") == ("https://b.vn/s.xml",)


def test_robots_txt_is_asked_once_a_day_and_its_rules_and_pace_hold_in_between(tmp_path: Path):
    house = press_with_robots(Answer(b"User-agent: *\nDisallow: /b-\nCrawl-delay: 0.4\n"))
    press = outlet("often", f"{house.root}/rss")
    first = crawl(press, robots_folder=tmp_path / "robots")
    asked = len(house.asked)
    second = crawl(press, robots_folder=tmp_path / "robots")
    house.close()
    assert house.paths().count("/robots.txt") == 1
    assert house.paths()[asked:] == ["/rss", "/a-1.html"]
    assert first.of("often").robots == second.of("often").robots == 1
    times = [at for _, at, _ in house.asked[asked:]]
    assert all(later - earlier >= 0.35 for earlier, later in pairwise(times))


@pytest.mark.parametrize(
    ("status", "kept"), [(404, True), (403, True), (500, False), (503, False), (429, False)]
)
def test_only_an_answer_is_kept(tmp_path: Path, status: int, kept: bool):
    house = press_with_robots(Answer(b"x", status))
    press = outlet("press", f"{house.root}/rss")
    crawl(press, robots_folder=tmp_path)
    asked = len(house.asked)
    house.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow:\n")
    crawl(press, robots_folder=tmp_path)
    house.close()
    assert ("/robots.txt" not in house.paths()[asked:]) == kept
    assert "/rss" in house.paths()[asked:]


def test_sitemaps_of_robots_txt_are_remembered_with_it(tmp_path: Path):
    house = House()
    house.answers["/robots.txt"] = Answer(f"Sitemap: {house.root}/map.xml\n".encode())
    for _ in range(2):
        crawl(outlet("map", f"{house.root}/rss"), robots_folder=tmp_path)
    house.close()
    assert (house.paths().count("/robots.txt"), house.paths().count("/map.xml")) == (1, 2)
