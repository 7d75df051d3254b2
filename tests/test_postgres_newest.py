"""The newest answers in PostgreSQL's index are those that a plain question gives, however rare."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from sqlalchemy import text

from domain.clock import VIETNAM
from storage import postgres_search
from storage.database import connect, reading
from storage.forms import init_database
from storage.postgres_search import add_documents, newest_keys
from storage.postgres_words import pairs_of, question_of

pytestmark = pytest.mark.postgres
#: Phrase -> how many documents of a hundred have it.
SHARES = {"mot cua": 90, "so hoa": 30, "thu tuc": 12, "bo may": 6, "cong vu": 1, "vang mat": 0,
          "so hoa thu tuc": 8}  # fmt: skip
MONTHS = [(1998, 5), (2025, 11), (2025, 12), (2026, 2), (2026, 3), (2026, 7), (2150, 1)]


@pytest.fixture(scope="module")
def filled(postgres):
    engine = connect(postgres.url("moi_nhat"))
    init_database(engine)
    chance = random.Random(7)
    keys = set()
    while len(keys) < 900:
        year, month = chance.choices(MONTHS, weights=[1, 5, 3, 8, 2, 9, 1])[0]
        moment = datetime(year, month, chance.randrange(1, 29), tzinfo=VIETNAM)
        keys.add((int(moment.timestamp()) << 20) | chance.randrange(1 << 20))
    with engine.begin() as connection:
        add_documents(connection, [(key, "tin", body(chance), "o_bao") for key in sorted(keys)])
        connection.exec_driver_sql("ANALYZE article_search")  # how many rows a part has
    return engine


def body(chance: random.Random) -> str:
    # The words of a phrase also stand apart from each other.
    phrases = [each for each, share in SHARES.items() if chance.randrange(100) < share]
    words = [word for each in SHARES for word in each.split() if chance.random() < 0.5]
    chance.shuffle(words)
    return " . ".join([*phrases, *words])


def plainly(connection, asked, limit, low, until):
    found = text(
        "SELECT key FROM article_search WHERE document @@ CAST(:match AS tsquery) "
        "AND key >= :low AND key < :until ORDER BY key DESC LIMIT :limit"
    )
    bound = {"match": asked.match, "limit": limit, "low": low, "until": until}
    return list(connection.scalars(found, bound))


@pytest.mark.parametrize(("probe", "opened"), [(1, 1e-3), (40, 0.1), (1_000, 1e-3), (300, 24)])
@pytest.mark.parametrize("phrase", [*SHARES, "tin", "o_bao", "cua"])
def test_the_newest_answers_whatever_their_number(filled, monkeypatch, phrase, probe, opened):
    monkeypatch.setattr(postgres_search, "_PROBE", probe)
    monkeypatch.setattr(postgres_search, "_OPENED", opened)
    asked = question_of([phrase], [])
    chance = random.Random(probe)
    with reading(filled) as connection:
        held = list(connection.scalars(text("SELECT key FROM article_search ORDER BY key")))
        spans = [(-(1 << 62), 1 << 62), (held[200], held[700]), (held[0], held[1])]
        spans += [tuple(sorted(chance.sample(held, 2))) for _ in range(4)]
        for low, until in spans:
            for limit in (1, 21, 2_000):
                found = newest_keys(connection, asked, limit=limit, low=low, until=until)
                assert found == plainly(connection, asked, limit, low, until)
        assert newest_keys(connection, asked, limit=5) == plainly(
            connection, asked, 5, -(1 << 62), 1 << 62
        )


def test_an_empty_index_has_no_answers(postgres):
    engine = connect(postgres.url("chua_co_gi"))
    init_database(engine)
    with reading(engine) as connection:
        assert newest_keys(connection, question_of(["mot"], []), limit=5) == []


def test_two_pairs_of_one_number_are_told_apart(postgres):
    engine = connect(postgres.url("trung_so"))
    init_database(engine)
    key = int(datetime(2026, 3, 1, tzinfo=VIETNAM).timestamp()) << 20
    with engine.begin() as connection:
        add_documents(connection, [(key, "cua mot", f"so x{_namesake('mot cua')}", "o_bao")])
        add_documents(connection, [(key + 1, "tin", "o bo phan mot cua", "o_bao")])
    with reading(engine) as connection:
        assert newest_keys(connection, question_of(["cua", "mot"], []), limit=5) == [key + 1, key]
        assert newest_keys(connection, question_of(["mot cua"], []), limit=5) == [key + 1]


def _namesake(pair):
    return next(n for n in range(1 << 20) if pairs_of(f"so x{n}") == pairs_of(pair))


def test_a_text_of_more_words_than_the_server_takes_is_found_by_its_first(postgres):
    engine = connect(postgres.url("qua_dai"))
    init_database(engine)
    key = int(datetime(2026, 3, 1, tzinfo=VIETNAM).timestamp()) << 20
    body = " ".join(f"tu{number}" for number in range(700_000))
    with engine.begin() as connection:
        add_documents(connection, [(key, "tin dai", body, "o_bao")])
    with reading(engine) as connection:
        for asked in ("tu7", "tin dai", "tu7 tu8"):
            assert newest_keys(connection, question_of([asked], ["o_bao"]), limit=5) == [key]
