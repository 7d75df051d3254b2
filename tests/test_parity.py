"""What the proof of parity asks, on a small press: every search and measure alike on both."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from benchmarks.parity import compare, measures, searches
from domain.agencies import read_register
from domain.codes import Area, Role
from domain.events import EventKind, EventState, OfficialEvent
from domain.records import AgencyTag, Finding
from domain.settings import Settings
from pipeline.context import Context
from pipeline.events import decide
from pipeline.group import group
from pipeline.index import index
from pipeline.move import move
from pipeline.year import months_between
from storage.database import Engine, connect, reading
from storage.declared import register_outlet
from storage.events import add_events
from storage.findings import store_findings
from storage.forms import init_database, open_database
from storage.intake import store_articles
from storage.tables import article_id, articles, polls, sources
from tests.postgres_texts import START, incoming
from tests.stored_press import NOW, OUTLETS

pytestmark = pytest.mark.postgres
MONTHS = months_between(date(2026, 5, 15), date(2026, 7, 14))


def written(engine: Engine, home: Path) -> Context:
    """A press with polls, tags, stories and confirmed events."""
    init_database(engine)
    house = Context(
        settings=Settings(), home=home, engine=engine, outlets=OUTLETS, clock=lambda: NOW
    )
    chance = random.Random(7)
    batch = [incoming(chance, number) for number in range(300)]
    with engine.begin() as connection:
        for each in OUTLETS:
            register_outlet(connection, each)
        store_articles(connection, batch)
        store_findings(connection, [finding(str(article_id(each.url)), chance) for each in batch])
        for number in connection.scalars(select(sources.c.id)).all():
            connection.execute(insert(polls), [poll(number, day) for day in range(240)])
        add_events(connection, [event(number) for number in range(8)], now=NOW)
    group(house)
    index(house)
    decide(house, range(1, 7), EventState.CONFIRMED, by="Lan")
    return house


def finding(number: str, chance: random.Random) -> Finding:
    relevant = chance.random() < 0.7
    roles = [Role.FOCUS, Role.MENTION]
    return Finding(
        id=number,
        model_version="v1",
        relevance=0.9 if relevant else 0.1,
        relevant=relevant,
        areas={chance.choice(list(Area)): 0.9} if relevant else {},
        agencies=tuple(
            AgencyTag(id=agency, role=chance.choice(roles))
            for agency in chance.sample(["BNV", "BTC", "P34:ha_noi", "KTNN"], 2)
        ),
        tone=chance.choice(["positive", "negative", "neutral", "unknown"]),
    )


def poll(source: int, day: int) -> dict[str, object]:
    down = 100 <= day < 110
    at = START + timedelta(days=day)
    return {
        "source_id": source, "at": at, "outcome": "timeout" if down else "ok",
        "items": 0 if down else 9, "reaches_to": None if down else at - timedelta(days=1),
    }  # fmt: skip


def event(number: int) -> OfficialEvent:
    return OfficialEvent(
        kind=EventKind.DOCUMENT,
        agency_id="BNV",
        title=f"Cải cách thủ tục {number}",
        number=f"{number}/QĐ-BNV",
        at=NOW - timedelta(days=10 + 6 * number),
    )


@pytest.fixture(scope="module")
def embedded(tmp_path_factory) -> Context:
    home = tmp_path_factory.mktemp("nha")
    return written(connect(f"sqlite:///{home / 'diembao.sqlite'}"), home)


@pytest.fixture(scope="module")
def served(embedded, postgres) -> Context:
    url = postgres.url("doi_chieu")
    move(embedded, url)
    return replace(embedded, engine=open_database(url))


def test_searches_and_further_pages_answer_alike(embedded, served):
    kinds, different = compare(searches(embedded, 120, seed=5), embedded, served)
    assert (kinds["search"], different) == (120, 0)
    assert kinds["search refused by both"] + kinds["search that found nothing"] < 100


def test_every_measure_answers_alike(embedded, served):
    kinds, different = compare(measures(read_register(), MONTHS), embedded, served)
    assert different == 0
    assert not [kind for kind in +kinds if kind.endswith("refused by both")]
    assert {"profile", "report", "digest", "months"} <= set(+Counter(kinds))


def test_a_difference_is_told(embedded, served, capsys):
    with served.engine.begin() as connection:
        newest = connection.scalar(select(articles.c.id).order_by(articles.c.time_key.desc()))
        changed = update(articles).where(articles.c.id == newest)
        connection.execute(changed.values(headline="Một tít khác"))
    with reading(embedded.engine) as connection:
        kept = connection.scalar(select(articles.c.headline).where(articles.c.id == newest))
    _, different = compare(searches(embedded, 40, seed=5), embedded, served)
    told = capsys.readouterr().out
    with served.engine.begin() as connection:
        connection.execute(changed.values(headline=kept))
    assert different > 0
    assert "DIFFERS: search" in told
    assert "Một tít khác" in told
