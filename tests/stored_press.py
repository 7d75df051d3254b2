"""A small press in a database: outlets of each kind, and articles put in one by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision, OutletKind, Role
from domain.outlets import OutletBook
from domain.records import AgencyTag, Finding, PublishedTime
from domain.settings import Settings
from pipeline.context import Context
from storage.database import connect, database_url
from storage.declared import register_outlet
from storage.findings import store_findings
from storage.forms import init_database
from storage.incoming import Incoming
from storage.intake import store_articles
from storage.tables import article_id, articles, stories
from tests.fakes import outlet

NOW = datetime(2026, 7, 20, 9, 0, tzinfo=VIETNAM)
DAY = datetime(2026, 7, 3, tzinfo=VIETNAM)
WEEK = (DAY - timedelta(days=7), DAY + timedelta(days=7))
OUTLETS = OutletBook(
    [
        outlet("bao_mot"),
        outlet("bao_hai"),
        outlet("cong_bnv", kind=OutletKind.PORTAL, agency="BNV"),
        outlet("tong_hop", kind=OutletKind.AGGREGATOR),
    ]
)


def open_house(tmp_path: Path) -> Context:
    """A new database with the outlets of this press."""
    engine = connect(database_url(tmp_path, ""))
    init_database(engine)
    with engine.begin() as connection:
        for each in OUTLETS:
            register_outlet(connection, each)
    return Context(
        settings=Settings(), home=tmp_path, engine=engine, outlets=OUTLETS, clock=lambda: NOW
    )


def put(
    house: Context,
    number: int,
    outlet_id: str = "bao_mot",
    at: datetime | None = DAY,
    *,
    headline: str = "",
    relevant: bool = True,
) -> int:
    """Store and tag one article; its number."""
    published = PublishedTime(at=at, precision=DatePrecision.MINUTE, origin=DateOrigin.FEED)
    url = f"https://{outlet_id}.test/bai-{number}.html"
    article = Incoming(
        url=url,
        outlet_id=outlet_id,
        source_id=None,
        page_id=None,
        captured_at=NOW,
        content=Content.PAGE,
        headline=headline or f"Bộ Nội vụ công bố việc số {number}",
        description="Sapo.",
        body="Thân bài.",
        published=published if at else PublishedTime(),
    )
    finding = Finding(
        id=str(article_id(url)),
        model_version="v1",
        relevance=0.9,
        relevant=relevant,
        areas={Area.SO: 0.9} if relevant else {},
        agencies=(AgencyTag(id="BNV", role=Role.FOCUS),),
    )
    with house.engine.begin() as connection:
        store_articles(connection, [article])
        store_findings(connection, [finding])
    return article_id(url)


def as_one_story(house: Context, original: int, *copies: int) -> int:
    """Make articles one story, as grouping does; its number."""
    numbers = [original, *copies]
    with house.engine.begin() as connection:
        connection.execute(
            insert(stories).values(
                id=min(numbers), original_id=original, placements=len(numbers), outlets=2,
                first_at=DAY, last_at=DAY,
            )
        )  # fmt: skip
        for number in numbers:
            connection.execute(
                update(articles)
                .where(articles.c.id == number)
                .values(story_id=min(numbers), is_original=number == original)
            )
    return min(numbers)
