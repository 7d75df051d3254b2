"""What people with bad intentions try: nothing runs, nothing leaks, nothing breaks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from domain.outlets import OutletBook
from domain.review import Drawn, Reason
from domain.users import Access, Scope
from storage.database import reading
from storage.findings import Correction, correct
from storage.review import put_in_queue
from storage.search import index_pending
from storage.tables import articles, outlets, users
from tests.fakes import outlet
from tests.stored_press import NOW, OUTLETS, put
from tests.web_house import add, add_program, visitor, web_house
from web.guard import MOST_BYTES

SCRIPT = "<script>alert(1)</script>"
QUOTED = "\"'><img src=x onerror=alert(1)>"
SQL = ("' OR 1=1 --", "1; DROP TABLE users", '" UNION SELECT password FROM users --', "%00",
       "\x00", ") OR (1=1", "NEAR(a b)", "title:x", "*", "-", "{x}",
       "\ud83d\ude00", "𝕏", "AND", "é" * 500)  # fmt: skip
KEY = "db_thu"
#: The scripts and pictures of the pages themselves.
_OURS = re.compile(
    r'<script src="/static/(?:keys|live/htmx\.min)\.js\?[0-9a-f]+" defer></script>'
    r'|<img src="/charts/[^"]*" alt="[^"<>]*" loading="lazy">'
)


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add(found, "an", Access.ADMINISTRATOR)
    add_program(found, KEY, *Scope)
    return found


@pytest.fixture
def guest(house):
    found = visitor(house)
    found.sign_in("an")
    return found


def poisoned(house):
    """An article whose every text tries to run something."""
    number = put(house, 1, headline=f"{SCRIPT} một cửa {QUOTED}")
    with house.engine.begin() as connection:
        connection.execute(
            update(articles).values(
                description=f"{SCRIPT} sapo", authors=[SCRIPT, QUOTED], section=SCRIPT,
                credit=SCRIPT, date_raw=SCRIPT, url="javascript:alert(1)",
            )
        )  # fmt: skip
        connection.execute(update(outlets).values(name=f"Báo {SCRIPT}"))
        correct(
            connection,
            Correction(article_id=number, field="tone", value="phe_phan", author=SCRIPT, at=NOW,
                       reason=QUOTED),
        )  # fmt: skip
        put_in_queue(
            connection,
            [Drawn(article_id=number, reason=Reason.AUDIT, drawn_at=NOW, model_version="v1",
                   weight=1.0)],
        )  # fmt: skip
        index_pending(connection, limit=10)
    book = OutletBook(
        outlet(each.id, kind=each.kind, agency=each.agency).model_copy(
            update={"name": f"Báo {SCRIPT}"}
        )
        for each in OUTLETS
    )
    return replace(house, outlets=book), number


def test_no_text_of_an_article_or_outlet_runs_on_any_page(house):
    house, number = poisoned(house)
    guest = visitor(house)
    guest.sign_in("an")
    month = "from=2026-06-15&to=2026-07-14"
    for path in (
        f"/articles/{number}", f"/stories/{number}", f"/?{month}", f"/agencies/BNV?{month}",
        f"/areas/so?{month}", "/search", f"/search?q={SCRIPT}", "/outlets", "/outlets/bao_mot",
        f"/figures/context.stories?{month}", "/review", "/runs",
    ):  # fmt: skip
        page = guest.get(path).text
        inside = _OURS.sub("", page)
        assert "<script" not in inside, path
        assert "<img" not in inside, path
        assert 'href="javascript' not in page, path
        assert not re.search(r"<[^>]*\son\w+=", page), path


@pytest.mark.parametrize(
    "words", [SCRIPT, QUOTED, "javascript:alert(1)", "{{7*7}}", "%(x)s", "{0}"]
)
def test_the_search_box_shows_what_was_typed_and_no_more(guest, words):
    page = guest.get("/search", params={"q": words}).text
    assert "<img" not in page
    assert SCRIPT not in page
    assert "49" not in re.findall(r'name="q" value="([^"]*)"', page)[0]


def test_names_typed_by_people_are_shown_as_text(guest):
    guest.post("/search/save", {"name": SCRIPT, "query": f"q={SCRIPT}"}, at="/search")
    assert SCRIPT not in guest.get("/search").text
    made = guest.post("/admin/users", {"name": "ba", "full_name": SCRIPT, "access": "reader"})
    assert SCRIPT not in made.text
    assert SCRIPT not in guest.post("/admin/keys", {"name": SCRIPT, "scopes": "read"}).text
    assert SCRIPT not in guest.get("/admin").text
    refused = guest.post("/admin/users", {"name": SCRIPT, "access": "reader"})
    assert SCRIPT not in refused.text


PARAMETERS = {
    "/": ("from", "to", "agency", "area", "month"),
    "/search": ("q", "agency", "area", "outlet", "from", "to", "focus", "all", "before"),
    "/agencies": ("from", "to", "area"),
    "/areas/so": ("from", "to"),
    "/map": ("from", "area"),
    "/events": ("from", "to", "agency", "state"),
    "/outlets": ("state",),
    "/review": ("after",),
    "/reports": ("made",),
    "/admin": ("before",),
    "/login": ("next",),
    "/figures/complete.cells": ("from", "agency", "area"),
    "/api/v1/articles": ("q", "agency", "area", "outlet", "from", "to", "relevant", "before",
                         "limit"),
    "/api/v1/articles/count": ("q", "agency", "outlet"),
    "/api/v1/measure": ("from", "to", "agency", "area"),
    "/api/v1/export/articles.ndjson": ("q", "agency"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, names in PARAMETERS.items() for name in names]
)
def test_no_parameter_is_taken_for_a_command(house, guest, path, name):
    put(house, 1)
    headers = {"Authorization": f"Bearer {KEY}"}
    for value in SQL:
        encoded = value.encode("utf-16", "surrogatepass").decode("utf-16")
        answer = guest.get(path, params={name: encoded}, headers=headers)
        assert answer.status_code < 500, (value, answer.text[-500:])
    with reading(house.engine) as connection:
        assert connection.scalar(select(users.c.name)) == "an"


@pytest.mark.parametrize(
    "place",
    [
        "/agencies/{}",
        "/areas/{}",
        "/outlets/{}",
        "/figures/{}",
        "/articles/{}",
        "/stories/{}",
        "/api/v1/articles/{}",
    ],
)
@pytest.mark.parametrize(
    "value", ["'", "%27%20OR%201=1", "%00", "..%2f..", "%F0%28%8C%28", "é" * 300]
)
def test_no_part_of_a_path_is_taken_for_a_command(guest, place, value):
    answer = guest.get(place.format(value), headers={"Authorization": f"Bearer {KEY}"})
    assert 400 <= answer.status_code < 500


def test_a_great_upload_is_refused_unread(guest):
    sent = 0

    def flood():
        nonlocal sent
        for _ in range(100):
            sent += 1_000_000
            yield b"x" * 1_000_000

    answer = guest.client.post("/login", content=b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    answer = guest.client.post(
        "/login", content=flood(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", {400, 403}),
        ("multipart/form-data", b"x", {400, 403}),
        ("application/json", b'{"csrf": 1}', {403}),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(5000)), {400, 403}),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--x--\r\n',
            {400, 403},
        ),
    ],
)
def test_a_broken_form_is_refused(guest, kind, body, status):
    answer = guest.client.post("/logout", content=body, headers={"Content-Type": kind})
    assert answer.status_code in status


@pytest.mark.parametrize("path", ["/login", "/", "/search", "/static/diembao.css", "/healthz",
                                  "/api/v1/articles", "/khong-co", "/articles/5"])  # fmt: skip
def test_every_answer_carries_the_rules(guest, path):
    headers = guest.get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_pages_hold_nothing_that_the_rules_would_stop(house, guest):
    number = put(house, 1)
    for path in ("/", "/search", "/map", f"/articles/{number}", f"/stories/{number}", "/admin"):
        page = guest.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert not re.search(r'(?:src|href)="(?:https?:)?//(?!bao_mot\.test)', page)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_do_nothing(guest, method):
    assert guest.client.request(method, "/search").status_code in (404, 405)


def test_behind_a_proxy_with_https_the_cookie_goes_over_https_alone(house):
    settings = house.settings
    https = settings.model_copy(update={"web": settings.web.model_copy(update={"https": True})})
    guest = visitor(replace(house, settings=https))
    answer = guest.get("/login")
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_a_page_that_fails_tells_the_visitor_nothing_of_why(guest, monkeypatch, caplog):
    def broken(*given):
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("web.pages_works.last_runs", broken)
    answer = guest.get("/runs")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Trang bị lỗi" in answer.text
    assert "content-security-policy" in answer.headers
    assert "a secret of the house" in caplog.text
