"""The stage that tags stored articles, beside others that write."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, update

from domain.records import Finding, TagInput
from pipeline.tag import tag
from storage.database import reading
from storage.tables import (
    article_agencies,
    article_areas,
    articles,
    bodies,
    findings,
)
from storage.tag_inputs import untagged
from tests.stored_press import open_house, put


class Slow:
    """This tagger takes so long that something else happens meanwhile."""

    version = "v2"

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def tag(self, texts: list[TagInput]) -> list[Finding]:
        self._meanwhile()
        return [
            Finding(id=text.id, model_version=self.version, relevance=0.1, relevant=False)
            for text in texts
        ]


def test_what_changes_or_goes_while_it_is_tagged_is_not_marked_as_tagged(tmp_path):
    """Else the article keeps for ever what was said of the text that it no longer has."""
    house = open_house(tmp_path)
    _, changed, gone = (put(house, number) for number in range(3))

    def meanwhile() -> None:
        with house.engine.begin() as connection:
            connection.execute(
                update(articles)
                .where(articles.c.id == changed)
                .values(headline="Bộ Nội vụ xin lỗi dân", text_hash="moi", tag_version="")
            )
            for table in (article_areas, article_agencies, findings, bodies):
                connection.execute(delete(table).where(table.c.article_id == gone))
            connection.execute(delete(articles).where(articles.c.id == gone))

    tag(house, Slow(meanwhile))
    with reading(house.engine) as connection:
        waiting = untagged(connection, "v2", after=-1, limit=9)
    assert [(int(each.id), each.title) for each in waiting] == [(changed, "Bộ Nội vụ xin lỗi dân")]
