"""The JSON API, through its public door; the examples of docs/api.md are run here too."""

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from domain.users import Scope
from storage.api_keys import list_keys, revoke_key
from storage.audit_trail import deeds
from storage.database import reading
from storage.search import index_pending
from tests.stored_press import DAY, NOW, as_one_story, put
from tests.web_house import Hands, add_program, visitor, web_house, with_clock

KEY = "db_khoa-thu"
ASKING = {"Authorization": f"Bearer {KEY}"}
DOCS = Path(__file__).parents[1] / "docs" / "api.md"


@pytest.fixture
def house(tmp_path):
    found = web_house(tmp_path)
    add_program(found, KEY, *Scope)
    add_program(found, "db_chi-doc", Scope.READ)
    return found


@pytest.fixture
def client(house):
    return visitor(house).client


def stored(house, count=3):
    numbers = [put(house, n, at=DAY + timedelta(minutes=n)) for n in range(count)]
    with house.engine.begin() as connection:
        index_pending(connection, limit=1_000)
    return numbers


PATHS = ("/articles", "/articles/count", "/articles/1", "/stories/1", "/agencies", "/outlets",
         "/measure?from=2026-07-01&to=2026-07-14", "/export/articles.ndjson")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer db_sai"}, {"Authorization": "Basic YTph"}]
)
def test_without_a_key_nothing_is_told(client, path, headers):
    answer = client.get(f"/api/v1{path}", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["code"] == "unauthorized"


def test_a_revoked_key_opens_nothing(house, client):
    assert client.get("/api/v1/agencies", headers=ASKING).status_code == 200
    with house.engine.begin() as connection:
        for key in list_keys(connection):
            revoke_key(connection, key.id, NOW)
    assert client.get("/api/v1/agencies", headers=ASKING).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles", 200),
        ("/agencies", 200),
        ("/measure?from=2026-07-01&to=2026-07-14", 403),
        ("/export/articles.ndjson", 403),
    ],
)
def test_a_key_may_what_its_scopes_say(client, path, status):
    answer = client.get(f"/api/v1{path}", headers={"Authorization": "Bearer db_chi-doc"})
    assert answer.status_code == status


def test_the_description_and_the_state_are_open(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    described = client.get("/api/v1/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert {"/api/v1/articles", "/api/v1/measure"} <= set(described["paths"])


def test_articles_come_page_by_page_newest_first_and_none_twice(house, client):
    numbers = stored(house, 7)
    found, before = [], ""
    while before is not None:
        page = client.get(
            "/api/v1/articles", params={"limit": 3, "before": before}, headers=ASKING
        ).json()
        found += [each["id"] for each in page["articles"]]
        before = page["next"]
    assert found == numbers[::-1]


def test_an_article_says_what_the_command_says(house, client):
    (number,) = stored(house, 1)
    (article,) = client.get("/api/v1/articles?q=noi+vu", headers=ASKING).json()["articles"]
    assert article == {
        "id": number,
        "url": "https://bao_mot.test/bai-0.html",
        "headline": "Bộ Nội vụ công bố việc số 0",
        "description": "Sapo.",
        "outlet": "bao_mot",
        "published_at": "2026-07-03T00:00:00+07:00",
        "first_seen_at": "2026-07-20T09:00:00+07:00",
        "relevant": True,
        "topics": ["so"],
        "agencies": [{"id": "BNV", "role": "focus"}],
        "content": "page",
    }
    whole = client.get(f"/api/v1/articles/{number}", headers=ASKING).json()
    assert (whole["body"], whole["story"]) == ("Thân bài.", number)


def test_a_story_has_its_placements(house, client):
    first, copy = put(house, 1), put(house, 2, "bao_hai", DAY + timedelta(hours=1))
    story = as_one_story(house, first, copy)
    found = client.get(f"/api/v1/stories/{story}", headers=ASKING).json()
    assert (found["original"], found["outlets"]) == (first, 2)
    assert [each["id"] for each in found["placements"]] == [first, copy]


def test_figures_are_those_of_the_command(house, client):
    stored(house, 2)
    found = client.get(
        "/api/v1/measure?from=2026-07-01&to=2026-07-14&agency=BNV", headers=ASKING
    ).json()
    figures = {each["id"]: each for quality in found["qualities"] for each in quality["figures"]}
    assert found["scope"] == {"agency": "BNV", "area": None}
    assert figures["context.stories"]["definition"]


def test_counts_say_where_counting_stopped(house, client):
    stored(house, 3)
    found = client.get("/api/v1/articles/count?relevant=true", headers=ASKING).json()
    assert (found["total"], found["is_more"], found["topics"]) == (3, False, {"so": 3})


def test_the_export_is_every_article_a_line_each_and_on_the_trail(house, client, monkeypatch):
    monkeypatch.setattr("web.api._STREAMED", 2)
    numbers = stored(house, 5)
    answer = client.get("/api/v1/export/articles.ndjson", headers=ASKING)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line)["id"] for line in answer.text.splitlines()] == numbers[::-1]
    with reading(house.engine) as connection:
        ((_, deed),) = deeds(connection, limit=5)
    assert (deed.action, deed.who) == ("export", f"key khóa {KEY}")


def test_what_the_asker_has_is_not_sent_again(house, client):
    stored(house, 1)
    first = client.get("/api/v1/articles", headers=ASKING)
    tag = first.headers["etag"]
    again = client.get("/api/v1/articles", headers=ASKING | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    put(house, 99)
    assert (
        client.get("/api/v1/articles", headers=ASKING | {"If-None-Match": tag}).status_code == 200
    )


def test_who_asks_too_often_is_told_when_to_come_back(house):
    clock = Hands()
    client = visitor(with_clock(house, clock)).client
    left = []
    for _ in range(120):
        answer = client.get("/api/v1/articles/1", headers=ASKING)
        left.append(int(answer.headers["ratelimit-remaining"]))
    assert left == list(range(119, -1, -1))
    answer = client.get("/api/v1/articles/1", headers=ASKING)
    assert answer.status_code == 429
    assert answer.headers["ratelimit-limit"] == "120"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    other = client.get("/api/v1/articles", headers={"Authorization": "Bearer db_chi-doc"})
    assert other.status_code == 200
    clock.pass_by(seconds=61)
    assert client.get("/api/v1/articles", headers=ASKING).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles?limit=0", 422),
        ("/articles?limit=100000", 422),
        ("/articles?before=abc", 400),
        ("/articles?before=99999999999999999999", 422),
        ("/articles?area=x", 400),
        ("/articles?agency=x", 400),
        ("/articles?outlet=x", 400),
        ("/articles?from=x", 400),
        ("/articles?from=2026-07-02&to=2026-07-01", 400),
        ('/articles?q="', 400),
        ("/articles/abc", 422),
        (f"/articles/{2**70}", 422),
        ("/articles/5", 404),
        ("/stories/5", 404),
        ("/measure", 422),
        ("/measure?from=2026-07-01&to=2030-07-01", 400),
        ("/khong-co", 404),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused_as_json(client, path, status):
    answer = client.get(f"/api/v1{path}", headers=ASKING)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def examples():
    """The shell lines of the document: (words of the command, expected status)."""
    text = DOCS.read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl ")]


@pytest.mark.parametrize("line", examples())
def test_the_examples_of_the_document_work(house, client, line):
    numbers = stored(house, 2)
    line = line.replace("$KEY", KEY).replace("$ARTICLE", str(numbers[0]))
    words = shlex.split(line.replace("$STORY", str(numbers[0])))
    url = next(word for word in words if word.startswith("http"))
    headers = dict(
        word.split(": ", 1) for place, word in enumerate(words) if words[place - 1] == "-H"
    )
    parts = urlsplit(url)
    answer = client.get(f"{parts.path}?{parts.query}", headers=headers)
    assert answer.status_code in (200, 304), answer.text


def test_the_document_names_every_route(client):
    text = DOCS.read_text(encoding="utf-8")
    for path in client.get("/api/v1/openapi.json").json()["paths"]:
        assert f"`{path}`" in text
