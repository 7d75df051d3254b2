"""The database: form, intake done twice, versions, corrections, search."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, select, text

from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision, Role
from domain.errors import StorageError, UsageError
from domain.records import AgencyTag, ArchiveRef, Finding, PublishedTime, RawPage
from storage.captures import record_page
from storage.database import connect, content_digest, database_url, reading
from storage.declared import register_outlet, source_id
from storage.findings import Correction, correct, store_findings
from storage.forms import init_database, open_database
from storage.incoming import Incoming
from storage.intake import Stored, store_articles
from storage.links import known_pages
from storage.lock import writer_lock
from storage.polls import record_poll
from storage.rows import article_rows, source_days
from storage.search import Question, index_pending, search
from storage.stories import neighbours, store_stories
from storage.tables import articles, metadata, versions
from storage.tag_inputs import untagged
from tests.fakes import outlet

MORNING = datetime(2026, 7, 3, 8, 0, tzinfo=VIETNAM)


@pytest.fixture
def engine(tmp_path) -> Engine:
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    return engine


@pytest.fixture
def connection(engine):
    with engine.begin() as connection:
        register_outlet(connection, outlet("bao_mot"))
        register_outlet(connection, outlet("bao_hai"))
        yield connection


def incoming(connection: Connection, number: int = 1, **changes) -> Incoming:
    seen = changes.pop("captured_at", MORNING)
    outlet_id = changes.pop("outlet_id", "bao_mot")
    page = record_page(
        connection,
        RawPage(
            url=f"https://{outlet_id}.test/rss",
            status=200,
            content_type="application/rss+xml",
            body=b"",
            fetched_at=seen,
            archive=ArchiveRef(path="a.warc.gz", offset=0, sha256="0" * 64),
        ),
        kind="feed",
        outcome="ok",
    ).id
    values = {
        "url": f"https://{outlet_id}.test/bai-{number}.html",
        "outlet_id": outlet_id,
        "source_id": None,
        "page_id": page,
        "captured_at": seen,
        "content": Content.FEED,
        "headline": f"Tỉnh công bố thủ tục số {number}",
        "description": "Người dân nộp hồ sơ tại bộ phận một cửa.",
        "published": PublishedTime(
            at=MORNING - timedelta(hours=1),
            raw="03/07/2026 07:00",
            precision=DatePrecision.MINUTE,
            origin=DateOrigin.FEED,
        ),
    }
    return Incoming(**(values | changes))


def the_article(connection: Connection):
    return connection.execute(select(articles)).one()


def tag(connection: Connection, number: int, **changes) -> None:
    values = {
        "id": str(number),
        "model_version": "v1",
        "relevance": 0.9,
        "relevant": True,
        "areas": {Area.THU_TUC: 0.8},
        "agencies": (AgencyTag(id="BNV", role=Role.FOCUS),),
    }
    store_findings(connection, [Finding(**(values | changes))])


def test_migrations_and_tables_agree(engine):
    with reading(engine) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": lambda thing, name, *_: not str(name).startswith("article_search")
            },
        )
        assert compare_metadata(context, metadata) == []


def test_making_the_database_twice_changes_nothing(engine):
    with engine.begin() as connection:
        register_outlet(connection, outlet("bao_mot"))
        before = content_digest(connection)
    init_database(engine)
    with reading(engine) as connection:
        assert content_digest(connection) == before


def test_a_database_of_a_newer_version_is_refused_and_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    url = str(engine.url)
    for attempt in (lambda: init_database(connect(url)), lambda: open_database(url)):
        with pytest.raises(StorageError, match=r"mới hơn.*9999"):
            attempt()
    with reading(connect(url)) as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert revision == "9999"


@pytest.mark.sqlite
def test_a_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "diembao.sqlite"
    path.write_bytes(b"day khong phai co so du lieu" * 100)
    with pytest.raises(StorageError, match=r"diembao\.sqlite"):
        init_database(connect(f"sqlite:///{path}"))
    assert path.read_bytes().startswith(b"day khong phai")


def test_opening_before_init_says_what_to_do(tmp_path):
    with pytest.raises(StorageError, match="diembao init"):
        open_database(f"sqlite:///{tmp_path / 'none.sqlite'}")


def test_the_same_article_twice_is_one(connection):
    assert store_articles(connection, [incoming(connection)]) == [Stored.NEW]
    before = content_digest(connection)
    assert store_articles(connection, [incoming(connection)]) == [Stored.REPEATED]
    assert content_digest(connection) == before


def test_twice_in_one_batch_is_one(connection):
    answers = store_articles(connection, [incoming(connection), incoming(connection)])
    assert answers == [Stored.NEW, Stored.REPEATED]


def test_the_earliest_sight_is_kept(connection):
    store_articles(connection, [incoming(connection)])
    early = MORNING - timedelta(days=1)
    store_articles(connection, [incoming(connection, captured_at=early)])
    assert the_article(connection).first_seen_at == early


@pytest.mark.parametrize(("hours", "kept"), [(1, "Tít đã sửa"), (-1, "Tỉnh công bố thủ tục số 1")])
def test_a_newer_text_makes_a_version_and_an_older_one_does_not(connection, hours, kept):
    store_articles(connection, [incoming(connection)])
    when = MORNING + timedelta(hours=hours)
    store_articles(connection, [incoming(connection, headline="Tít đã sửa", captured_at=when)])
    assert the_article(connection).headline == kept
    old = connection.execute(select(versions.c.headline, versions.c.date_raw)).all()
    assert old == ([("Tỉnh công bố thủ tục số 1", "03/07/2026 07:00")] if hours > 0 else [])


def test_a_page_replaces_the_feed_line_and_keeps_its_sapo_where_it_has_none(connection):
    store_articles(connection, [incoming(connection)])
    later = MORNING + timedelta(minutes=5)
    page = incoming(
        connection, content=Content.PAGE, body="Đoạn một.", description="", captured_at=later
    )
    assert store_articles(connection, [page]) == [Stored.UPDATED]
    row = the_article(connection)
    assert (row.content, row.version) == ("page", 1)
    assert row.description == "Người dân nộp hồ sơ tại bộ phận một cửa."
    assert known_pages(connection, [row.url, "https://bao_mot.test/khac.html"]) == {row.url}


def test_a_feed_line_never_replaces_a_page(connection):
    later = MORNING + timedelta(minutes=5)
    store_articles(connection, [incoming(connection, content=Content.PAGE, body="Đoạn một.")])
    store_articles(connection, [incoming(connection, headline="Tít khác", captured_at=later)])
    assert the_article(connection).headline == "Tỉnh công bố thủ tục số 1"


DAY_ONLY = PublishedTime(
    at=datetime(2026, 7, 2, tzinfo=VIETNAM),
    raw="2/7/2026",
    precision=DatePrecision.DAY,
    origin=DateOrigin.PAGE_META,
)
META = PublishedTime(
    at=datetime(2026, 7, 2, 20, 15, tzinfo=VIETNAM),
    raw="2026-07-02T20:15+07:00",
    precision=DatePrecision.MINUTE,
    origin=DateOrigin.PAGE_META,
)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (PublishedTime(), META, META),
        (META, PublishedTime(), META),
        (META, DAY_ONLY, META),
        (DAY_ONLY, META, META),
    ],
    ids=["none then minute", "minute then none", "minute then day", "day then minute"],
)
def test_a_time_yields_only_to_a_better_one(connection, first, second, kept):
    store_articles(connection, [incoming(connection, published=first)])
    store_articles(connection, [incoming(connection, published=second)])
    row = the_article(connection)
    assert (row.published_at, row.date_raw) == (kept.at, kept.raw)
    assert row.counted_at == kept.at


def test_an_article_without_a_time_is_counted_when_first_seen(connection):
    store_articles(connection, [incoming(connection, published=PublishedTime())])
    row = the_article(connection)
    assert row.published_at is None
    assert row.counted_at == MORNING


def test_a_correction_outlives_every_retagging(connection):
    store_articles(connection, [incoming(connection)])
    number = the_article(connection).id
    tag(connection, number)
    for field, value in (("areas", ["bo_may"]), ("agencies", {"BTC": "mention"})):
        correct(
            connection,
            Correction(article_id=number, field=field, value=value, author="Lan", at=MORNING),
        )
    tag(connection, number, model_version="v2", areas={Area.SO: 0.99})
    (row,) = article_rows(connection, MORNING - timedelta(days=1), MORNING)
    assert (row.areas, row.focus, row.mention) == ((Area.BO_MAY,), (), ("BTC",))
    assert row.corrected
    assert row.model_version == "v2"


@pytest.mark.parametrize(
    ("field", "value"),
    [("area", []), ("areas", ["khong_co"]), ("relevant", "có"), ("tone", "vui"), ("agencies", [])],
)
def test_a_correction_that_makes_no_sense_is_refused(connection, field, value):
    store_articles(connection, [incoming(connection)])
    number = the_article(connection).id
    with pytest.raises(UsageError):
        correct(
            connection,
            Correction(article_id=number, field=field, value=value, author="Lan", at=MORNING),
        )


def test_only_untagged_articles_are_handed_out(connection):
    store_articles(connection, [incoming(connection, n) for n in range(5)])
    first = untagged(connection, "v1", after=-1, limit=3)
    for text_in in first:
        tag(connection, int(text_in.id))
    rest = [each.id for each in untagged(connection, "v1", after=-1, limit=9)]
    assert len(first) == 3
    assert len(rest) == 2
    assert not {each.id for each in first} & set(rest)


def index_all(connection: Connection) -> None:
    while index_pending(connection, limit=2):
        pass


def test_search_with_and_without_diacritics_is_one_question(connection):
    store_articles(
        connection,
        [
            incoming(connection, 1, headline="Sắp xếp đơn vị hành chính cấp xã"),
            incoming(connection, 2, headline="Giá vàng hôm nay"),
        ],
    )
    index_all(connection)
    for words in ("sắp xếp đơn vị", "sap xep don vi", "SẮP XẾP ĐƠN VỊ", '"đơn vị hành chính"'):
        result = search(connection, Question(words=words))
        assert [hit.headline for hit in result.hits] == ["Sắp xếp đơn vị hành chính cấp xã"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("một cửa", 2),
        ('"cửa một"', 0),
        ("cửa một", 2),
        ("76/NQ-CP", 1),
        ("thủ tục 2", 1),
        ('nộp "hồ sơ', 2),
    ],
)
def test_phrase_and_every_word(connection, words, found):
    store_articles(
        connection,
        [incoming(connection, 1, headline="Nghị quyết 76/NQ-CP"), incoming(connection, 2)],
    )
    index_all(connection)
    assert search(connection, Question(words=words)).total == found


@pytest.mark.parametrize("words", ["?!", '""', "AND", "NEAR(a b)", "title:", "a*", '"'])
def test_search_never_speaks_the_index_language(connection, words):
    store_articles(connection, [incoming(connection)])
    index_all(connection)
    if words in {"?!", '""', '"'}:
        with pytest.raises(UsageError):
            search(connection, Question(words=words))
    else:
        assert search(connection, Question(words=words)).total == 0


def test_filters_and_newest_first(connection):
    old, new = MORNING - timedelta(days=3), MORNING - timedelta(hours=2)
    times = [PublishedTime(at=at, precision=DatePrecision.MINUTE) for at in (old, new)]
    store_articles(
        connection,
        [incoming(connection, n, published=times[n]) for n in (0, 1)]
        + [incoming(connection, 2, outlet_id="bao_hai")],
    )
    for row in connection.execute(select(articles.c.id, articles.c.outlet_id)).all():
        if row.outlet_id == "bao_mot":
            tag(connection, row.id)
    index_all(connection)

    def titles(**asked):
        return [hit.headline[-1] for hit in search(connection, Question(**asked)).hits]

    assert titles(words="thủ tục") == ["2", "1", "0"]
    assert titles(agency="BNV") == ["1", "0"]
    assert titles(agency="BNV", focus_only=True, area=Area.THU_TUC) == ["1", "0"]
    assert titles(agency="BTC") == []
    assert titles(outlet="bao_hai") == ["2"]
    assert titles(since=new.date()) == ["2", "1"]
    assert titles(words="thủ tục", until=old.date()) == ["0"]
    assert titles(relevant_only=True) == ["1", "0"]


def test_a_moved_and_retagged_article_is_found_once_and_in_place(connection):
    store_articles(connection, [incoming(connection, 1, published=PublishedTime())])
    store_articles(connection, [incoming(connection, 2)])
    index_all(connection)
    store_articles(connection, [incoming(connection, 1, published=META)])
    tag(connection, the_newest(connection))
    index_all(connection)
    hits = search(connection, Question(words="thủ tục")).hits
    assert [hit.headline[-1] for hit in hits] == ["2", "1"]


def the_newest(connection: Connection) -> int:
    return connection.execute(select(articles.c.id).order_by(articles.c.time_key.desc())).first()[0]


def test_polls_of_a_day_are_counted_in_vietnamese_days(connection):
    number = source_id(connection, "bao_mot", outlet("bao_mot").sources[0])
    late_evening_utc = datetime(2026, 7, 2, 18, 0, tzinfo=UTC)
    for hours, outcome in ((0, "ok"), (1, "http_503"), (30, "ok")):
        record_poll(
            connection,
            source_id=number,
            at=late_evening_utc + timedelta(hours=hours),
            outcome=outcome,
            detail="",
            items=5,
            new_items=0,
            malformed=0,
            reaches_to=None,
        )
    days = source_days(connection, MORNING - timedelta(days=5), MORNING + timedelta(days=5))
    assert [(day.day, day.polls, day.polls_ok) for day in days] == [
        ("2026-07-03", 2, 1),
        ("2026-07-04", 1, 1),
    ]


def test_a_list_read_later_catches_up_the_days_it_still_tells(connection):
    number = source_id(connection, "bao_mot", outlet("bao_mot").sources[0])
    record_poll(
        connection,
        source_id=number,
        at=MORNING,
        outcome="ok",
        detail="",
        items=40,
        new_items=40,
        malformed=0,
        reaches_to=MORNING - timedelta(days=3),
    )
    days = source_days(connection, MORNING - timedelta(days=9), MORNING - timedelta(hours=8))
    assert [(day.day, day.polls, day.caught_up) for day in days] == [
        ("2026-07-01", 0, True),
        ("2026-07-02", 0, True),
    ]


def test_a_changed_text_takes_its_story_apart(connection):
    store_articles(connection, [incoming(connection, n) for n in (1, 2)])
    group = neighbours(connection, MORNING - timedelta(days=1), MORNING + timedelta(days=1))
    store_stories(connection, {group[0].id: group}, {})
    assert connection.scalar(text("SELECT placements FROM stories")) == 2
    later = MORNING + timedelta(hours=1)
    store_articles(connection, [incoming(connection, 1, headline="Tít mới", captured_at=later)])
    assert connection.scalar(text("SELECT count(*) FROM stories")) == 0
    assert set(connection.scalars(select(articles.c.story_id))) == {None}


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path):
    with (
        writer_lock(tmp_path),
        pytest.raises(StorageError, match=r"tiến trình \d+"),
        writer_lock(tmp_path),
    ):
        pass
