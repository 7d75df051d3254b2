"""PostgreSQL beside the embedded database: equal answers, one order of letters, a move."""

from __future__ import annotations

import random
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from domain.codes import Area, Role
from domain.errors import StorageError, UsageError
from domain.records import AgencyTag, Finding
from domain.settings import Settings
from pipeline.context import Context
from pipeline.index import index
from pipeline.move import move
from storage.database import Engine, beside_writers, connect, reading
from storage.declared import register_outlet
from storage.findings import store_findings
from storage.forms import init_database, open_database
from storage.intake import store_articles
from storage.lock import clock_lock, writer_lock
from storage.moving import begin_move, copy_part, moved_tables
from storage.postgres_copy import copy_upsert
from storage.runs import record_export
from storage.search import Question, search
from storage.search_page import search_first, search_page
from storage.snapshot import table_digests
from storage.tables import article_id, articles, outlets
from storage.upsert import upsert
from tests.fakes import outlet
from tests.postgres_server import Server
from tests.postgres_texts import incoming, question
from tests.stored_press import NOW, OUTLETS

pytestmark = pytest.mark.postgres
ARTICLES = 400


def filled(engine: Engine) -> Engine:
    """A database of made-up articles, the same ones in whatever database."""
    init_database(engine)
    chance = random.Random(2026)
    with engine.begin() as connection:
        for each in OUTLETS:
            register_outlet(connection, each)
        batch = [incoming(chance, number) for number in range(ARTICLES)]
        store_articles(connection, batch)
        store_findings(
            connection,
            [
                Finding(
                    id=str(article_id(each.url)),
                    model_version="v1",
                    relevance=0.9,
                    relevant=chance.random() < 0.6,
                    areas={chance.choice(list(Area)): 0.9},
                    agencies=(
                        AgencyTag(
                            id=chance.choice(["BNV", "BTC", "P01"]),
                            role=chance.choice([Role.FOCUS, Role.MENTION]),
                        ),
                    ),
                )
                for each in batch
            ],
        )
    return engine


def house(engine: Engine, home: Path) -> Context:
    return Context(
        settings=Settings(), home=home, engine=engine, outlets=OUTLETS, clock=lambda: NOW
    )


@pytest.fixture(scope="module")
def embedded(tmp_path_factory) -> Context:
    home = tmp_path_factory.mktemp("nha")
    made = house(filled(connect(f"sqlite:///{home / 'diembao.sqlite'}")), home)
    index(made)
    return made


@pytest.fixture(scope="module")
def served(postgres: Server, tmp_path_factory) -> Context:
    made = house(filled(connect(postgres.url("phuc_vu"))), tmp_path_factory.mktemp("nha"))
    index(made)
    return made


@pytest.fixture
def server_database(postgres: Server, request) -> str:
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name.lower())
    return postgres.url(name[-60:])


def test_searches_answer_alike_on_both(embedded, served):
    chance = random.Random(9)
    asked = [question(chance) for _ in range(500)]
    found = 0
    with reading(embedded.engine) as one, reading(served.engine) as other:
        for each in asked:
            here, there = search(one, each, limit=50), search(other, each, limit=50)
            assert here == there, each
            assert search_first(one, each, limit=20) == search_first(other, each, limit=20)
            if here.hits:
                place = here.hits[len(here.hits) // 2].key
                assert search_page(one, each, limit=5, before=place) == search_page(
                    other, each, limit=5, before=place
                )
            found += bool(here.total)
    assert 100 < found < 500


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ('"cai cach hanh chinh"', 1),
        ('"chinh sach"', 0),     # one word ends the headline, the other begins the body
        ("sach cai", 1),
        ("đề án", 0),
        ("1e5 2026", 1),
    ],
)  # fmt: skip
def test_a_phrase_stays_within_its_field(postgres, server_database, words, count):
    engine = connect(server_database)
    init_database(engine)
    with engine.begin() as connection:
        register_outlet(connection, outlet("bao_mot"))
        article = replace(
            incoming(random.Random(1), 1),
            outlet_id="bao_mot",
            headline="Cải cách hành chính",
            description="Sách 1e5 năm 2026",
        )
        store_articles(connection, [article])
    index(house(engine, Path()))
    with reading(engine) as connection:
        assert search(connection, Question(words=words)).total == count


def test_a_text_longer_than_the_server_counts_is_found_by_its_words(server_database):
    engine = connect(server_database)
    init_database(engine)
    body = "hành chính " * 12_000 + "x" * 5_000 + " cuối cùng"
    with engine.begin() as connection:
        register_outlet(connection, outlet("bao_mot"))
        article = replace(incoming(random.Random(1), 1), outlet_id="bao_mot", body=body)
        store_articles(connection, [article])
    index(house(engine, Path()))
    with reading(engine) as connection:
        for words in ("cuối", '"hành chính"', "x" * 5_000):
            assert search(connection, Question(words=words)).total == 1


def test_text_is_ordered_as_in_the_embedded_database(embedded, served):
    names = ["a", "B", "ă", "Z", "đ", "_", "1", "bao-1", "bao_1"]
    told = []
    for engine in (embedded.engine, served.engine):
        with engine.begin() as connection:
            upsert(
                connection,
                outlets,
                [{**_outlet_row(), "id": f"thu_{name}", "name": name} for name in names],
            )
            told.append(
                connection.scalars(
                    select(outlets.c.name)
                    .where(outlets.c.id.startswith("thu_"))
                    .order_by(outlets.c.name)
                ).all()
            )
            connection.rollback()
    assert told[0] == told[1]


def _outlet_row() -> dict[str, str]:
    return {"kind": "press", "level": "national", "province": "", "agency": "", "domain": "x"}


def test_whoever_only_reads_cannot_write(served):
    with reading(served.engine) as connection, pytest.raises(DBAPIError, match="read-only"):
        connection.execute(update(articles).values(tone="xau"))


def test_a_reader_sees_one_moment(served):
    with reading(served.engine) as reader:
        before = table_digests(reader)
        with served.engine.begin() as writer:
            upsert(writer, outlets, [{**_outlet_row(), "id": "moi", "name": "Mới"}])
        assert table_digests(reader) == before
    with served.engine.begin() as writer:
        writer.execute(outlets.delete().where(outlets.c.id == "moi"))


def test_writers_come_in_one_after_the_other(served):
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait(10)
        with served.engine.begin():
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with served.engine.begin():
        inside.set()
        thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_what_no_stage_writes_does_not_wait_for_the_writer(served):
    with served.engine.begin(), beside_writers(served.engine) as connection:
        record_export(
            connection, kind="csv", period="07/2026", scope="cả nước", path="a.csv",
            sha256="0" * 64, rows=3, versions={}, made_at=NOW,
        )  # fmt: skip


def test_a_database_in_another_order_of_letters_is_refused(postgres, server_database):
    server = connect(postgres.url("postgres"))
    name = connect(server_database).url.database
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text(
                f"CREATE DATABASE \"{name}\" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'vi'"
            )
        )
    with pytest.raises(StorageError, match=r"ICU.*CREATE DATABASE"):
        init_database(connect(server_database))


def test_a_database_that_is_not_there_is_told(server_database):
    with pytest.raises(StorageError, match="diembao init"):
        open_database(server_database)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path):
    with pytest.raises(StorageError, match="DIEMBAO_DATABASE_URL") as told:
        open_database("postgresql://ai:mat_khau@127.0.0.1:9/so")
    assert "mat_khau" not in str(told.value)


def test_many_rows_at_once_are_kept_or_replaced_like_few(served):
    rows = [{**_outlet_row(), "id": f"n{n}", "name": f"Báo {n}"} for n in range(300)]
    with served.engine.begin() as connection:
        copy_upsert(connection, outlets, rows, replace=True)
        copy_upsert(connection, outlets, [{**row, "name": "x"} for row in rows[:9]], replace=False)
        copy_upsert(connection, outlets, [{**row, "name": "y"} for row in rows[:7]], replace=True)
        names = connection.scalars(
            select(outlets.c.name).where(outlets.c.id.in_([row["id"] for row in rows]))
        ).all()
        connection.rollback()
    assert (names.count("y"), names.count("x"), len(names)) == (7, 0, 300)


def digests(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        return table_digests(connection)


def test_a_move_carries_every_row_over(embedded, server_database):
    counts = move(embedded, server_database)
    target = open_database(server_database)
    assert counts["articles"] == ARTICLES
    assert digests(target) == digests(embedded.engine)
    with reading(target) as there, reading(embedded.engine) as here:
        asked = Question(words="hành chính")
        assert search(there, asked) == search(here, asked)
    with target.begin() as connection:  # new numbers begin after those that came
        register_outlet(connection, outlet("bao_moi"))


def test_a_move_that_was_broken_off_goes_on(embedded, server_database):
    target = connect(server_database)
    init_database(target)
    with target.begin() as there, reading(embedded.engine) as here:
        begin_move(there, str(embedded.engine.url.database))
        for table in moved_tables():
            copy_part(here, there, table, limit=150)
    assert move(embedded, server_database)["articles"] == ARTICLES
    assert digests(target) == digests(embedded.engine)


@pytest.mark.parametrize(("lock", "told"), [(clock_lock, "Lịch"), (writer_lock, "đang ghi vào")])
def test_a_move_is_refused_while_the_clock_or_a_writer_is_at_work(
    embedded, server_database, lock, told
):
    with lock(embedded.home), pytest.raises(StorageError, match=told):
        move(embedded, server_database)
    with pytest.raises(StorageError, match="diembao init"):  # the target was not even made
        open_database(server_database)


def test_nothing_is_written_into_the_source_while_it_is_moved(embedded, server_database):
    hasty = create_engine(embedded.engine.url, connect_args={"timeout": 0.01})
    refused = []

    def write_beside(stage: str, done: int, total: int | None) -> None:
        with pytest.raises(OperationalError, match="locked"), hasty.begin() as connection:
            connection.execute(update(outlets).values(name="Khác"))
        refused.append(stage)

    before = digests(embedded.engine)
    move(replace(embedded, progress=write_beside), server_database)
    assert {"Chép các bảng", "So từng dòng"} <= set(refused)
    assert digests(embedded.engine) == digests(open_database(server_database)) == before
    with embedded.engine.begin() as connection:  # afterwards it may be written again
        connection.execute(update(outlets).values(level=outlets.c.level))


def test_a_database_that_holds_something_is_not_filled(embedded, server_database):
    target = filled(connect(server_database))
    before = digests(target)
    with pytest.raises(UsageError, match="trống"):
        move(embedded, server_database)
    assert digests(target) == before


def test_a_row_that_differs_is_named(embedded, server_database):
    target = connect(server_database)
    init_database(target)
    with target.begin() as there, reading(embedded.engine) as here:
        begin_move(there, str(embedded.engine.url.database))
        for table in moved_tables():
            copy_part(here, there, table, limit=10_000)
        there.execute(update(outlets).where(outlets.c.id == "bao_hai").values(name="Khác"))
    with pytest.raises(StorageError, match="outlets, dòng bao_hai"):
        move(embedded, server_database)


def test_only_to_a_server(embedded, served):
    with pytest.raises(UsageError, match="không phải địa chỉ PostgreSQL"):
        move(embedded, "sqlite:///khac.sqlite")
    with pytest.raises(UsageError, match="Dữ liệu đã ở"):
        move(served, "postgresql://a/b")
