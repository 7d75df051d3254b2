"""Segments read as they grow, and pages read beside the writer: the same is stored either way."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.clock import system_clock
from domain.outlets import OutletBook
from domain.settings import Settings
from pipeline import page_readers
from pipeline.context import Context
from pipeline.ingest import Ingestion
from pipeline.segments import Segments
from storage.archive import PART, SegmentWriter, left_open, segments
from storage.archive_index import index_path
from storage.database import connect, content_digest, database_url, reading
from storage.forms import init_database
from storage.tables import archives, articles, pages
from tests.fakes import outlet, rss

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
FEED = "https://bao_a.test/rss"


def installation(folder: Path) -> Context:
    folder.mkdir(exist_ok=True)
    engine = connect(database_url(folder, ""))
    init_database(engine)
    return Context(
        settings=Settings(),
        home=folder,
        engine=engine,
        outlets=OutletBook([outlet("bao_a")]),
        clock=system_clock,
    )


def writer_of(context: Context, max_bytes: int = 10**9) -> SegmentWriter:
    return SegmentWriter(context.archive_folder, max_bytes=max_bytes, clock=system_clock)


def address(number: int) -> str:
    return f"https://bao_a.test/bai-{number}.html"


def put_feed(writer: SegmentWriter, count: int) -> None:
    items = [(address(n), f"Bỏ thủ tục số {n}", "Sapo.", "") for n in range(1, count + 1)]
    put(writer, FEED, rss(items), kind="application/rss+xml")


def put_page(writer: SegmentWriter, number: int) -> None:
    said = f"Trang số {number}: cắt giảm thủ tục hành chính ở cấp xã. " * 60
    at = f"2026-07-01T0{number % 8}:15:00+07:00"
    body = (
        f'<html><meta property="article:published_time" content="{at}"><title>Bài {number} nói về '
        f"thủ tục</title><h1>Bài {number} nói về thủ tục</h1><p>{said}</p></html>"
    )
    put(writer, address(number), body.encode(), minute=number)


def put(
    writer: SegmentWriter, url: str, body: bytes, *, minute: int = 0, kind: str = "text/html"
) -> None:
    writer.write_response(
        url=url,
        status=200,
        headers=[("Content-Type", f"{kind}; charset=utf-8")],
        body=body,
        fetched_at=START + timedelta(minutes=minute),
    )


def kinds(context: Context) -> dict[str, int]:
    with reading(context.engine) as connection:
        question = select(articles.c.content, func.count()).group_by(articles.c.content)
        return {kind: count for kind, count in connection.execute(question)}


def on_record(context: Context) -> Sequence[tuple[str, int]]:
    with reading(context.engine) as connection:
        rows = connection.execute(select(archives.c.path, archives.c.records))
        return [(path, records) for path, records in rows]


def test_what_is_fetched_is_stored_while_the_crawl_goes_on(tmp_path: Path) -> None:
    home = installation(tmp_path)
    writer = writer_of(home)
    with Ingestion(home) as ingestion:
        ingestion.register_outlets()
        reader = Segments(home, ingestion)
        reader.read_new()
        put_feed(writer, 4)
        put_page(writer, 1)
        reader.read_new()
        assert kinds(home) == {"feed": 4}, "the last page is under way until something follows it"
        put_page(writer, 2)
        reader.read_new()
        assert kinds(home) == {"page": 1, "feed": 3}
        assert on_record(home) == [], "a segment that is being written is not done with"
        put_page(writer, 3)
        writer.close()
        reader.read_new()
    assert kinds(home) == {"page": 3, "feed": 1}
    assert on_record(home) == [(f"archive/{segments(home.archive_folder)[0].name}", 4)]


def test_the_record_being_written_is_left_for_the_next_time(tmp_path: Path) -> None:
    home = installation(tmp_path)
    writer = writer_of(home)
    put_feed(writer, 2)
    put_page(writer, 1)
    (part,) = left_open(home.archive_folder)
    whole = part.read_bytes()
    with Ingestion(home) as ingestion:
        ingestion.register_outlets()
        reader = Segments(home, ingestion)
        part.write_bytes(whole[:-100])
        reader.read_new()
        assert kinds(home) == {"feed": 2}
        part.write_bytes(whole)
        writer.close()
        reader.read_new()
    assert kinds(home) == {"page": 1, "feed": 1}
    assert not ingestion.tally.problems


def test_a_run_that_died_reads_the_segment_anew_and_doubles_nothing(tmp_path: Path) -> None:
    home = installation(tmp_path)
    writer = writer_of(home)
    put_feed(writer, 3)
    for number in (1, 2, 3):
        put_page(writer, number)
    with Ingestion(home) as ingestion:
        ingestion.register_outlets()
        Segments(home, ingestion).read_new()
        ingestion.finish()
    before = kinds(home)
    # As a writer leaves it that was killed.
    writer.close()
    (segment,) = segments(home.archive_folder)
    segment.rename(segment.with_name(segment.name + PART))
    index_path(segment).unlink()
    with Ingestion(home) as again:
        Segments(home, again).recover()
    assert (again.tally.page_new, again.tally.page_updated, again.tally.page_repeated) == (0, 0, 3)
    assert kinds(home) == before == {"page": 3}
    with reading(home.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(pages)) == 4


def test_pages_read_in_other_processes_are_stored_as_those_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = installation(tmp_path / "here")
    writer = writer_of(first)
    put_feed(writer, 12)
    for number in range(1, 15):
        put_page(writer, number)
    put(writer, address(15), "<html><title>404</title>Trang không có</html>".encode())
    writer.close()
    second = installation(tmp_path / "there")
    shutil.copytree(first.archive_folder, second.archive_folder)
    digests = []
    for home, few in ((first, 10**6), (second, 0)):
        monkeypatch.setattr(page_readers, "FEW", few)
        with Ingestion(home) as ingestion:
            ingestion.register_outlets()
            Segments(home, ingestion).read_whole()
        with reading(home.engine) as connection:
            digests.append(content_digest(connection))
        assert ingestion.tally.page_new + ingestion.tally.page_updated == 14
        assert ingestion.tally.unreadable == {"unreadable": 1}
    assert digests[0] == digests[1]


def test_a_page_that_failed_is_told_by_the_article_of_the_list_before_it(tmp_path):
    """List and failure lie in one batch: the list makes the article that the failure is told of."""
    context = installation(tmp_path)
    writer = writer_of(context)
    put_feed(writer, 1)
    writer.write_outcome(
        url=address(1),
        source_kind="page",
        outlet_id="bao_a",
        outcome="too_large",
        detail="trang lớn hơn 5 MB",
        at=START + timedelta(minutes=1),
    )
    writer.close()
    with Ingestion(context) as ingestion:
        ingestion.register_outlets()
        Segments(context, ingestion).recover()
    with reading(context.engine) as connection:
        assert connection.scalars(select(articles.c.page_outcome)).all() == ["too_large"]
