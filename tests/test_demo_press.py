"""The demo press: what it holds, what it answers, and that our own readers read it exactly."""

from __future__ import annotations

import difflib
import http.client
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest

from crawlers.extract import extract
from crawlers.feeds import read_feed
from crawlers.links import read_section
from demo.feeds import TRACKING
from demo.placement import PageState, Release, Variant
from demo.press import DemoPress, start_press
from demo.site import OUTLETS_FOLDER, read_press, replies
from demo.truth import ExpectedPlacement, compare, expected_placements, expected_releases
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import Area, Content, OutletKind, SourceKind
from domain.errors import SetAside
from domain.periods import month
from domain.records import RawPage
from domain.settings import read_settings

PRESS = read_press()
TABLE = replies(PRESS)
PRINTED = PRESS.printed()
EXPECTED = expected_placements()
SEEN = datetime(2026, 8, 21, 5, 30, tzinfo=VIETNAM)
OUTLETS = [outlet.id for outlet in PRESS.outlets]


def page_at(url: str) -> RawPage:
    reply = TABLE[url]
    return RawPage(
        url=url,
        status=reply.status,
        content_type=reply.content_type,
        body=reply.body,
        fetched_at=SEEN,
    )


def readable(outlet: str) -> list[ExpectedPlacement]:
    return [p for p in EXPECTED if p.outlet_id == outlet and p.content is Content.PAGE]


# What it holds


def test_it_is_as_large_as_the_demo_needs() -> None:
    kinds = Counter(outlet.kind for outlet in PRESS.outlets)
    assert len(PRESS.outlets) >= 10
    assert kinds[OutletKind.PORTAL] >= 2
    assert {OutletKind.PRESS, OutletKind.BROADCASTER, OutletKind.NEWS_AGENCY} <= set(kinds)
    assert len({dress.shape for dress in PRESS.dresses.values()}) >= 5
    assert len(PRESS.stories) >= 110
    assert len(EXPECTED) >= 165
    assert sum(p.is_copy for p in EXPECTED) * 3 >= len(EXPECTED)
    assert 0.5 < sum(s.relevant for s in PRESS.stories.values()) / len(PRESS.stories) < 0.7


def test_every_story_is_printed_and_first_by_whoever_wrote_it() -> None:
    assert {p.story_id for p in EXPECTED} == set(PRESS.stories)
    for story in PRESS.stories:
        first = min((p for p in PRESS.declared.placements if p.story == story), key=lambda p: p.at)
        assert first.variant in (Variant.ORIGINAL, Variant.UPDATED), story


@pytest.mark.parametrize("named", ["2026-07", "2026-08"])
def test_both_reporting_months_are_full(named: str) -> None:
    inside = [p for p in EXPECTED if p.published_at and month(named).contains(p.published_at)]
    assert len(inside) >= 60
    assert {area for p in inside for area in p.areas} == set(Area)


def test_stories_read_like_press() -> None:
    for story in PRESS.stories.values():
        syllables = [len(paragraph.split()) for paragraph in story.body]
        assert min(syllables) >= 30, (story.id, syllables)
        assert max(syllables) <= 90, (story.id, syllables)
        assert 15 <= len(story.sapo.split()) <= 50, story.id
    forms = {story.form for story in PRESS.stories.values()}
    assert forms == {"tin", "bai", "phong_van", "binh_luan", "van_ban", "hoi_dap"}
    aspects = Counter(story.aspect for story in PRESS.stories.values() if story.relevant)
    assert min(aspects[code] for code in ("trien_khai", "ket_qua", "chinh_sach", "vuong_mac")) >= 8
    assert sum(story.tone == "phe_phan" for story in PRESS.stories.values()) >= 8


def test_agencies_exist_on_the_day_they_are_named() -> None:
    register = read_register()
    focused: set[str] = set()
    for placed in PRESS.declared.placements:
        story = PRESS.stories[placed.story]
        assert not set(story.focus) & set(story.mention), story.id
        focused.update(story.focus if story.relevant else ())
        for agency in (*story.focus, *story.mention):
            assert register.get(agency, placed.at.date()).id == agency
            assert register.is_output(agency)
    assert focused >= {agency.id for agency in register.ministries(SEEN.date())}
    assert sum(agency.startswith("P34:") for agency in focused) >= 15


@pytest.mark.parametrize("wrong", [
    "tỉnh Đồng Nai",  # a city since 30/04/2026
    "TP Quảng Ninh", "thành phố Quảng Ninh",  # a city only from 01/09/2026
    "TP Bắc Ninh", "thành phố Bắc Ninh",  # only from 20/09/2026
    "tỉnh Huế", "UBND huyện", "Bộ Kế hoạch và Đầu tư",
])  # fmt: skip
def test_agencies_bear_the_names_of_summer_2026(wrong: str) -> None:
    for story in PRESS.stories.values():
        assert wrong not in " ".join((story.headline, story.sapo, *story.body)), story.id


def test_copies_differ_as_declared() -> None:
    for printed in PRINTED:
        placed, story = printed.placement, PRESS.stories[printed.placement.story]
        if placed.variant is Variant.REPRINT:
            assert printed.edition.paragraphs == story.body
            assert printed.edition.headline == story.headline
            assert printed.edition.credit.startswith("Theo ")
        if placed.variant is Variant.EDITED:
            assert printed.edition.headline != story.headline
            before = " ".join((story.sapo, *story.body)).split()
            after = " ".join((printed.edition.sapo, *printed.edition.paragraphs)).split()
            same = difflib.SequenceMatcher(None, before, after, autojunk=False)
            kept = sum(block.size for block in same.get_matching_blocks())
            assert 0.05 <= 1 - kept / max(len(before), len(after)) <= 0.20, placed


@pytest.mark.parametrize("release", PRESS.declared.releases, ids=lambda r: r.story)
def test_the_press_picks_a_release_up_as_late_as_declared(release: Release) -> None:
    found = next(r for r in expected_releases() if r.story_id == release.story)
    assert PRESS.outlets[release.portal].kind is OutletKind.PORTAL
    if release.pickup_hours is None:
        assert (found.pickup, found.carried_by) == (None, 0)
    else:
        assert found.pickup is not None
        late = found.pickup - timedelta(hours=release.pickup_hours)
        assert abs(late) < timedelta(minutes=1)


def test_releases_are_picked_up_within_hours_days_late_early_and_never() -> None:
    hours = [release.pickup_hours for release in PRESS.declared.releases]
    assert None in hours
    assert any(h is not None and h < 0 for h in hours)
    assert any(h is not None and 0 < h < 24 for h in hours)
    assert any(h is not None and h > 48 for h in hours)
    portals = {o.id for o in PRESS.outlets if o.kind is OutletKind.PORTAL}
    released = {(r.portal, r.story) for r in PRESS.declared.releases}
    assert released == {(p.outlet_id, p.story_id) for p in EXPECTED if p.outlet_id in portals}


# What our own readers make of it


@pytest.mark.parametrize("outlet", OUTLETS)
def test_every_page_is_read_exactly(outlet: str) -> None:
    for expected in readable(outlet):
        article = extract(page_at(expected.url), outlet=PRESS.outlets[outlet])
        assert article.headline == expected.headline
        assert article.description == expected.description
        assert article.body == expected.body
        assert article.authors == ((expected.author,) if expected.author else ())
        assert article.credit == expected.credit
        assert article.published.at is not None
        assert article.published.at.replace(second=0) == expected.published_at
        assert article.canonical_url == expected.url
        assert article.extractor.startswith(f"layout:{outlet}")


def test_a_wall_and_a_missing_page_are_no_articles() -> None:
    refused = [p for p in PRINTED if p.placement.page not in {PageState.OK, PageState.ROBOTS}]
    assert {p.placement.page for p in refused} >= {
        PageState.MISSING, PageState.GONE, PageState.CAPTCHA,
    }  # fmt: skip
    for printed in refused:
        with pytest.raises(SetAside):
            extract(page_at(printed.url), outlet=PRESS.outlets[printed.placement.outlet])


@pytest.mark.parametrize("outlet", OUTLETS)
def test_every_placement_is_announced_in_a_list_of_its_outlet(outlet: str) -> None:
    declared = PRESS.outlets[outlet]
    dressed = [f"http://{declared.domains[0].host}{s.path}" for s in PRESS.dresses[outlet].sources]
    assert [source.url for source in declared.sources] == dressed
    announced: set[str] = set()
    for source, dress in zip(declared.sources, PRESS.dresses[outlet].sources, strict=True):
        page = page_at(source.url)
        if source.kind is SourceKind.SECTION:
            announced.update(
                read_section(
                    page.body, url=page.url, content_type=page.content_type,
                    outlet=declared, source=source,
                )
            )  # fmt: skip
        elif dress.kind == "html":
            with pytest.raises(SetAside, match="HTML"):
                read_feed(page.body, url=page.url, seen=SEEN, max_bytes=10**7)
        else:
            announced.update(_read_exactly(page, dated=dress.date != "none"))
    assert announced == {p.url for p in EXPECTED if p.outlet_id == outlet}


def _read_exactly(page: RawPage, *, dated: bool) -> Iterator[str]:
    by_url = {printed.url: printed.edition for printed in PRINTED}
    for item in read_feed(page.body, url=page.url, seen=SEEN, max_bytes=10**7).items:
        assert item.headline == by_url[item.url].headline
        assert item.description in {by_url[item.url].sapo, ""}
        assert item.published.at == (by_url[item.url].at if dated else None)
        yield item.url


def test_feeds_show_the_quirks_of_real_ones() -> None:
    sources = [source for dress in PRESS.dresses.values() for source in dress.sources]
    assert {source.date for source in sources} >= {
        "us_order", "short_year", "colon_zone", "short_zone", "gmt7", "rfc822", "none",
    }  # fmt: skip
    assert {source.description for source in sources} == {"plain", "image", "related", "sparse"}
    feed = page_at("http://baosonghong.test/rss/home.rss")
    reading = read_feed(feed.body, url=feed.url, seen=SEEN, max_bytes=10**7)
    assert [fault.reason for fault in reading.malformed] == ["no_link"]
    repeated = [url for url, times in Counter(i.url for i in reading.items).items() if times > 1]
    assert len(repeated) == 1


# What it answers


@pytest.fixture(scope="module")
def served() -> Iterator[DemoPress]:
    with start_press() as press:
        yield press


def ask(press: DemoPress, url: str, *, proxied: bool = True, etag: str = "") -> tuple[int, bytes]:
    address = urlsplit(press.proxy_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    parts = urlsplit(url)
    path = url if proxied else parts._replace(scheme="", netloc="").geturl()
    headers = {"Host": str(parts.hostname)} | ({"If-None-Match": etag} if etag else {})
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_every_address_answers_through_the_proxy(served: DemoPress) -> None:
    wanted = {
        PageState.OK: 200, PageState.ROBOTS: 200, PageState.CAPTCHA: 200,
        PageState.MISSING: 404, PageState.GONE: 410,
    }  # fmt: skip
    for printed in PRINTED:
        status, body = ask(served, printed.url)
        state = printed.placement.page
        assert status == wanted[state]
        shown = state in {PageState.OK, PageState.ROBOTS}
        assert (f">{printed.edition.headline}<".encode() in body) == shown, printed.url


def test_a_host_answers_as_its_proxy_does(served: DemoPress) -> None:
    url = EXPECTED[0].url
    assert ask(served, url, proxied=False) == ask(served, url)
    assert ask(served, url + TRACKING) == ask(served, url)
    assert ask(served, "http://baosonghong.test/khong-co-bai-nay.htm")[0] == 404
    assert ask(served, "http://khong-phai-bao.test/")[0] == 404


@pytest.mark.parametrize("outlet", OUTLETS)
def test_robots_refuse_the_declared_path_alone(served: DemoPress, outlet: str) -> None:
    host = PRESS.outlets[outlet].domains[0].host
    status, body = ask(served, f"http://{host}/robots.txt")
    rules = RobotFileParser()
    rules.parse(body.decode().splitlines())
    assert status == 200
    for printed in PRINTED:
        if printed.placement.outlet == outlet:
            allowed = printed.placement.page is not PageState.ROBOTS
            assert rules.can_fetch("diembao", printed.url) == allowed


def test_one_feed_fails_once_and_one_etag_lies() -> None:
    flapping = "http://thongtanbamien.test/rss/chinhtri-101.rss"
    lying = "http://doanhthuong.test/rss/tin-moi.rss"
    with start_press() as press:
        assert [ask(press, flapping)[0] for _ in range(3)] == [503, 200, 200]
        assert ask(press, lying, etag='"rss-1"')[0] == 304
    early, late = read_press(datetime(2026, 7, 15, tzinfo=VIETNAM)), PRESS
    assert replies(early)[lying].body != replies(late)[lying].body
    assert replies(early)[lying].etag == replies(late)[lying].etag == '"rss-1"'


# What it is for


def test_the_press_can_be_seen_as_it_stood_at_a_moment() -> None:
    before, after = datetime(2026, 8, 9, tzinfo=VIETNAM), datetime(2026, 8, 12, tzinfo=VIETNAM)
    then = {p.url: p for p in expected_placements(before)}
    now = {p.url: p for p in expected_placements(after)}
    assert set(then) < set(now)
    changed = [url for url in then if then[url].body != now[url].body]
    assert [now[url].story_id for url in changed] == ["quang-ninh-chuan-bi-len-thanh-pho"]


def test_the_same_press_every_time() -> None:
    assert replies(read_press()) == TABLE
    assert len({p.url for p in EXPECTED}) == len(EXPECTED)


def test_found_is_held_against_expected() -> None:
    urls = [p.url for p in EXPECTED]
    seen = compare([*urls[1:], urls[1] + TRACKING, "http://baosonghong.test/la-a-1.htm"])
    assert (seen.expected, seen.found) == (len(urls), len(urls) - 1)
    assert seen.missing == (urls[0],)
    assert seen.unexpected == ("http://baosonghong.test/la-a-1.htm",)


def test_a_feed_only_item_has_the_time_its_list_gives_and_no_body() -> None:
    only_listed = [p for p in EXPECTED if p.content is Content.FEED]
    assert len(only_listed) >= 4
    assert all(p.body == "" for p in only_listed)
    assert {p.outlet_id for p in only_listed if p.published_at is None} == {"bao_cao_nguyen"}


def test_the_settings_of_the_demo_are_polite_and_quick() -> None:
    settings = read_settings(OUTLETS_FOLDER.parent / "config.toml")
    assert 0 < settings.crawl.delay_seconds < 0.1
    assert settings.crawl.proxy == ""
