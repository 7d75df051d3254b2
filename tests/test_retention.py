"""Thinning the archive: old pages go that nothing rests on, and never one that a report cites."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text, update

from pipeline import retention
from pipeline.ingest import Ingestion
from pipeline.retention import retain
from pipeline.segments import Segments
from pipeline.verify import verify
from storage.archive import segments
from storage.database import reading
from storage.tables import articles, corrections, findings, pages, review_items
from tests.clockwork import TurnedClock
from tests.test_archive import START, Home

LATER = TurnedClock(START + timedelta(days=500))
RELEVANT = "https://bao_a.test/bai-3.html"


@pytest.fixture
def home(tmp_path) -> Home:
    """Eight pages and a feed, all tagged as having nothing to do with reform but the third."""
    home = Home(tmp_path)
    home.crawl(8)
    home.ingest()
    home.context = replace(home.context, clock=LATER)
    with home.context.engine.begin() as connection:
        connection.execute(update(articles).values(tag_version="thu-1", relevant=False))
        connection.execute(update(articles).where(articles.c.url == RELEVANT).values(relevant=True))
    return home


def left(home: Home) -> set[str]:
    """Addresses whose page can still be read."""
    with reading(home.context.engine) as connection:
        return set(
            connection.scalars(
                select(pages.c.url).where(pages.c.archive_path != "", pages.c.kind == "page")
            )
        )


def number_of(home: Home, address: str) -> int:
    with reading(home.context.engine) as connection:
        return connection.scalar(select(articles.c.id).where(articles.c.url == address)) or 0


def test_a_look_changes_nothing(home):
    before = [path.read_bytes() for path in segments(home.archive)]
    done = retain(home.context, apply=False)
    # The feed is where the relevant article was seen: it stays too.
    assert done.dropped == 7 and not done.applied
    assert [path.read_bytes() for path in segments(home.archive)] == before


def test_what_is_cited_stays_and_can_be_read(home):
    done = retain(home.context, apply=True)
    assert done.freed > 0
    assert left(home) == {RELEVANT}
    assert verify(home.context).faults == 0
    assert verify(home.context).files[0].pages > 0
    assert retain(home.context, apply=True).dropped == 0


def test_an_article_itself_is_never_lost(home):
    with reading(home.context.engine) as connection:
        before = connection.scalar(select(func.count()).select_from(articles))
    retain(home.context, apply=True)
    with Ingestion(home.context) as ingestion:
        Segments(home.context, ingestion).recover()
    with reading(home.context.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(articles)) == before
    assert left(home) == {RELEVANT}


def keep_by_old_finding(connection, number):
    connection.execute(
        insert(findings).values(
            article_id=number, model_version="thu-0", relevance=0.9, relevant=True, form="tin",
            tone="unknown", audience="unknown", aspect="unknown", detail={},
        )
    )  # fmt: skip


def keep_by_correction(connection, number):
    connection.execute(
        insert(corrections).values(
            article_id=number, field="form", value="tin", author="An", at=START
        )
    )


def keep_by_review(connection, number):
    connection.execute(
        insert(review_items).values(
            article_id=number, reason="audit", drawn_at=START, model_version="thu-1"
        )
    )


def keep_untagged(connection, number):
    connection.execute(update(articles).where(articles.c.id == number).values(tag_version=""))


def keep_of_portal(connection, number):
    connection.execute(text("UPDATE outlets SET kind = 'portal'"))


@pytest.mark.parametrize(
    "because",
    [keep_by_old_finding, keep_by_correction, keep_by_review, keep_untagged, keep_of_portal],
)
def test_what_a_filed_report_or_a_person_rests_on_stays(home, because):
    other = "https://bao_a.test/bai-5.html"
    with home.context.engine.begin() as connection:
        because(connection, number_of(home, other))
    retain(home.context, apply=True)
    assert other in left(home)


def test_what_is_young_stays(home):
    young = replace(home.context, clock=TurnedClock(START + timedelta(days=100)))
    assert retain(young, apply=True).looked_at == 0
    assert len(left(home)) == 8


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_in_between_nothing_that_stays_is_lost(home, monkeypatch, moment):
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(retention, "move_pages" if moment == "before" else "_remove", killed)
    with pytest.raises(Killed):
        retain(home.context, apply=True)
    monkeypatch.undo()
    assert RELEVANT in left(home)
    assert verify(home.context).faults == 0
    with Ingestion(home.context) as ingestion:
        Segments(home.context, ingestion).recover()
    retain(home.context, apply=True)
    assert left(home) == {RELEVANT}
    assert verify(home.context).faults == 0
    assert len(segments(home.archive)) == 1
