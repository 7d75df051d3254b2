"""The charts of the pages: what they show, where they lead, and that no page waits for them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

import web.charts
import web.figures
from domain.events import EventKind, EventState, OfficialEvent
from domain.periods import between
from domain.users import Access
from measures.survival import Wait
from reports import drawing
from reports.chart_kinds import PAGE, PAPER, TimePoint, TimeWords, bars_in_time
from storage.events import add_events
from storage.polls import record_poll
from storage.search import index_pending
from storage.tables import articles, sources
from tests.stored_press import DAY, NOW, put
from tests.web_house import REGISTER, SECRET, add, visitor, web_house
from web.arrivals import arrivals
from web.cache import Cache
from web.desk import open_desk
from web.languages import translations
from web.uptime import Answer, strips
from web.weeks import weeks_of

MONTH = "from=2026-06-15&to=2026-07-14"
WORDS = TimeWords(stories="Câu chuyện", known="có tin", unknown="không quan sát đủ")


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "an", Access.READER)
    return found


@pytest.fixture
def reader(house):
    guest = visitor(house)
    guest.sign_in("an")
    return guest


def asked(house, outlet, day, *outcomes):
    """Ask the source of an outlet at noon of a day, once for each outcome."""
    with house.engine.begin() as connection:
        number = connection.scalar(select(sources.c.id).where(sources.c.outlet_id == outlet))
        for hour, outcome in enumerate(outcomes):
            at = NOW.replace(month=day.month, day=day.day, hour=12 + hour)
            record_poll(connection, source_id=number, at=at, outcome=outcome, items=1)


def always_asked(house, first=date(2026, 6, 15), last=date(2026, 7, 14)):
    for day in between(first, last).each_day():
        asked(house, "bao_mot", day, "ok")
        asked(house, "bao_hai", day, "ok")


def rows_of(page):
    """The table beside a chart: what stands in its cells, row by row."""
    chart = page[page.index('id="chart-weeks"') :]
    body = re.search(r"<tbody>(.*?)</tbody>", chart, re.S)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
            for row in rows]  # fmt: skip


def test_stories_stand_week_by_week_beside_what_was_observed(house, reader):
    put(house, 1)
    put(house, 2, at=DAY + timedelta(hours=1))
    always_asked(house, last=date(2026, 7, 5))
    assert rows_of(reader.get(f"/?{MONTH}").text) == [
        ["15/06/2026 – 21/06/2026", "0", "100,0%"],
        ["22/06/2026 – 28/06/2026", "0", "100,0%"],
        ["29/06/2026 – 05/07/2026", "2", "100,0%"],
        ["06/07/2026 – 12/07/2026", "–", "0,0%"],
        ["13/07/2026 – 14/07/2026", "–", "0,0%"],
    ]


def test_a_week_that_has_not_come_is_not_said_to_be_unobserved(house, reader):
    put(house, 1)
    rows = rows_of(reader.get("/?from=2026-07-01&to=2026-07-31").text)
    assert rows[-1] == ["27/07/2026 – 31/07/2026", "–", "–"]


def test_a_week_leads_to_as_many_articles_as_its_bar_shows(house, reader):
    for number in range(3):
        put(house, number, at=DAY + timedelta(hours=number))
    put(house, 9, at=DAY - timedelta(days=7))
    with house.engine.begin() as connection:
        index_pending(connection, limit=100)
    for page, chart in (("/", "/charts/weeks"), ("/agencies/BNV", "/charts/weeks?agency=BNV&"),
                        ("/areas/so", "/charts/weeks?area=so&")):  # fmt: skip
        assert 'id="chart-weeks"' in reader.get(f"{page}?{MONTH}").text
        drawn = reader.get(f"{chart}{'' if '?' in chart else '?'}{MONTH}").text
        links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"><title>', drawn)
        counts = [int(said.split(": ")[1]) for _, said in links]
        assert counts == [1, 3], page
        for (href, _), count in zip(links, counts, strict=True):
            assert f">{count} bài</p>" in reader.get(unescape(href)).text, href


def test_a_chart_keeps_the_rules_of_the_page_and_takes_its_colours(house, reader):
    put(house, 1)
    drawn = reader.get(f"/charts/weeks?{MONTH}").text
    assert drawn.startswith("<svg ")
    for refused in (" style=", "<script", "<style", "xlink:href=", "diembao.invalid", "font-family",
                    "aria-roledescription", "X-axis", "vega.github.io"):  # fmt: skip
        assert refused not in drawn
    assert "var(--accent,#1F3864)" in drawn
    assert re.search(r'role="group" aria-label="Câu chuyện mỗi tuần\. 15/06/2026', drawn)


def test_without_scripts_a_chart_is_a_picture_on_its_own(house, reader):
    put(house, 1)
    answer = reader.get(f"/charts/weeks.svg?{MONTH}")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "var(" not in answer.text
    page = reader.get(f"/?{MONTH}&agency=BNV").text
    assert re.search(r'<img src="/charts/weeks\.svg\?from=2026-06-15&amp;to=2026-07-14', page)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/charts/bars", 404),
        ("/charts/bars.svg", 404),
        ("/charts/arrivals", 404),
        ("/charts/weeks?from=x", 400),
        ("/charts/weeks?agency=KHONG", 400),
        ("/charts/weeks.svg?area=khong", 400),
    ],
)
def test_a_chart_that_is_not_there_is_said_plainly(reader, path, status):
    assert reader.get(path).status_code == status


def test_charts_are_for_those_who_signed_in(house):
    for path in ("/charts/weeks", "/charts/weeks.svg"):
        assert visitor(house).get(path).headers["location"].startswith("/login")


def test_no_page_waits_for_a_drawing_and_none_is_drawn_twice(house, monkeypatch):
    drawn = []

    def draw(spec):
        drawn.append(spec)
        return '<svg xmlns="http://www.w3.org/2000/svg" width="1"></svg>'

    monkeypatch.setattr(web.charts.drawing, "svg", draw)
    put(house, 1)
    guest = visitor(house)
    guest.sign_in("an")
    assert 'class="drawn"' not in guest.get(f"/?{MONTH}").text
    assert drawn == []
    guest.get(f"/charts/weeks?{MONTH}")
    guest.get(f"/charts/weeks.svg?{MONTH}")
    assert 'class="drawn"' in guest.get(f"/?{MONTH}").text
    assert len(drawn) == 1
    assert 'class="drawn"' not in guest.get(f"/?{MONTH}&agency=BNV").text
    assert 'class="drawn"' not in guest.get("/?from=2026-06-15&to=2026-07-13").text


def test_critical_stories_lead_to_their_answers(house, reader):
    put(house, 1)
    put(house, 2)
    with house.engine.begin() as connection:
        first = select(articles.c.id).limit(1).scalar_subquery()
        connection.execute(update(articles).where(articles.c.id == first).values(tone="phe_phan"))
    drawn = reader.get(f"/charts/tones?agency=BNV&{MONTH}").text
    (href,) = re.findall(r'<a href="([^"]+)"', drawn)
    assert unescape(href) == f"/feedback?{MONTH}&agency=BNV"
    assert reader.get(unescape(href)).status_code == 200


def test_charts_speak_english_on_english_pages(house, reader):
    put(house, 1)
    reader.client.cookies.set("diembao_lang", "en")
    page = reader.get(f"/agencies/BNV?{MONTH}").text
    assert 'id="chart-weeks"' in page
    assert translations("en").gettext("Câu chuyện mỗi tuần") in page
    assert "Câu chuyện" not in reader.get(f"/charts/weeks?{MONTH}").text


def test_events_that_no_press_carried_make_no_curve(house, reader):
    path = f"/agencies/BNV?{MONTH}"
    always_asked(house)
    events = [
        OfficialEvent(
            kind=EventKind.DOCUMENT, agency_id="BNV", title=f"Quyết định số {number}",
            at=DAY + timedelta(hours=number), number=f"{number}/QĐ-BNV",
            state=EventState.CONFIRMED,
        )
        for number in range(10)
    ]  # fmt: skip
    with house.engine.begin() as connection:
        add_events(connection, events, now=NOW)
    assert 'id="chart-arrivals"' not in reader.get(path).text


def outcome(hours, *, came):
    return SimpleNamespace(wait=lambda outlets, *, latest: Wait(hours=hours, came=came))


@pytest.mark.parametrize(
    ("outcomes", "last"),
    [
        ([outcome(24, came=True)] * 9, None),
        ([outcome(240, came=False)] * 10, None),
        ([outcome(24, came=True)] * 5 + [outcome(240, came=False)] * 5, (10.0, 0.5)),
        ([outcome(24, came=True)] * 10, (1.0, 1.0)),
    ],
)
def test_a_curve_rises_to_what_was_carried_and_ends_where_watching_did(outcomes, last):
    found = arrivals(outcomes)
    assert (last is None) == (not found)
    if found:
        assert (found[0].days, found[0].share) == (0.0, 0.0)
        assert (found[-1].days, found[-1].share) == last
        assert all(0 <= step.low <= step.share <= step.high <= 1 for step in found)


def test_the_curve_is_drawn_and_told_by_days():
    steps = arrivals([outcome(24, came=True)] * 5 + [outcome(240, came=False)] * 5)
    desk_words = web.charts.Telling(say=str, number=str, percent=lambda share: f"{share:.0%}")
    view = SimpleNamespace(arrivals=steps, span=SimpleNamespace(query=lambda: ""))
    found = web.charts.arrivals(view, desk_words)
    told = [cells for _, cells in found.rows]
    assert told == [("1", "50%"), ("2", "50%"), ("3", "50%"), ("7", "50%")]
    assert "số ngày từ khi công bố" in drawing.svg(found.spec)


@pytest.mark.parametrize(
    ("outcomes", "answer"),
    [
        (("ok", "ok"), Answer.ANSWERED),
        (("ok", "failed"), Answer.PARTLY),
        (("failed",), Answer.FAILED),
        ((), Answer.UNASKED),
    ],
)
def test_the_strip_of_an_outlet_tells_each_day(house, reader, outcomes, answer):
    asked(house, "bao_mot", date(2026, 7, 18), *outcomes)
    desk = open_desk(house, REGISTER, SECRET)
    url = next(iter(house.outlets["bao_mot"].sources)).url
    (strip,) = strips(desk, "bao_mot", [url])
    assert len(strip.days) == 60
    assert dict(strip.days)[date(2026, 7, 18)] is answer
    page = reader.get("/outlets/bao_mot").text
    assert page.count('<rect class="unasked"') == 60 - (answer is not Answer.UNASKED)
    assert "18/07/2026" in page


@pytest.mark.parametrize(
    ("first", "last", "weeks"),
    [
        (date(2026, 6, 15), date(2026, 7, 14), 5),
        (date(2026, 6, 21), date(2026, 6, 22), 2),
        (date(2026, 6, 22), date(2026, 6, 22), 1),
    ],
)
def test_weeks_begin_on_mondays(first, last, weeks):
    found = weeks_of(between(first, last))
    assert len(found) == weeks
    assert all(monday.weekday() == 0 for monday in found)


def test_searches_do_not_push_out_figures(house, reader, monkeypatch):
    made, view = [], web.figures._view
    monkeypatch.setattr(web.figures, "_view", lambda *given: made.append(given) or view(*given))
    reader.get(f"/?{MONTH}")
    for number in range(120):
        reader.get(f"/search?q=viec+{number}")
    reader.get(f"/?{MONTH}")
    assert len(made) == 1


def test_a_cache_tells_what_it_keeps_and_forgets_the_oldest():
    cache = Cache(2)
    for key in "abc":
        cache.get(key, key.upper)
    assert [cache.kept(key) for key in "abc"] == [None, "B", "C"]
    cache.kept("b")
    cache.get("d", lambda: "D")
    assert [cache.kept(key) for key in "bcd"] == ["B", None, "D"]


@pytest.mark.parametrize("style", [PAPER, PAGE])
def test_one_definition_serves_paper_and_page(style):
    points = [
        TimePoint(start=date(2026, 7, 6), stories=4, is_known=True),
        TimePoint(start=date(2026, 7, 13), stories=0, is_known=False),
    ]
    drawn = drawing.svg(bars_in_time(points, WORDS, style))
    assert "không quan sát đủ" in drawn
    assert ('fill="white"' in drawn) == (style is PAPER)
