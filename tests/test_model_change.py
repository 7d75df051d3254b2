"""After a change of the model the next run tags everything again, and says so first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from cli.progress import remarks_on
from domain.agencies import read_register
from domain.records import Finding, TagInput
from domain.taxonomy import read_taxonomy
from nlp.tagger import Tagger, load_tagger
from pipeline.context import Context
from pipeline.run import read_new
from tests.fakes import write_warc
from tests.test_replay import ingest, open_house, snapshot
from tests.test_replay import outlets as outlets  # the fixture

REGISTER = read_register()
CHANGED = "Mô hình gắn nhãn đã đổi; gắn lại {n} bài đã lưu."


class Renamed:
    """This is the shipped tagger under the name of another version."""

    def __init__(self, tagger: Tagger, version: str) -> None:
        self._tagger, self.version = tagger, version

    def tag(self, texts: list[TagInput]) -> list[Finding]:
        """The findings of the shipped tagger, as those of this version."""
        return [replace(one, model_version=self.version) for one in self._tagger.tag(texts)]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(register=REGISTER, taxonomy=read_taxonomy())


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def house(tmp_path: Path, outlets: Path, told: list[str]) -> Iterator[Context]:
    context = replace(open_house(tmp_path / "home", outlets, batch=5), remark=told.append)
    ingest(context, write_warc(tmp_path / "a.warc.gz", [snapshot(range(12))]))
    yield context
    context.engine.dispose()


def read(house: Context, tagger: Tagger, version: str, *, retag: bool = False) -> int:
    named = Renamed(tagger, version)
    return read_new(house, named, REGISTER, events_since=None, retag=retag).tagged


def test_a_new_model_is_told_once_with_how_many_articles_wait(house, tagger, told):
    assert read(house, tagger, "thu-1") == 12
    assert told == []
    assert read(house, tagger, "thu-2") == 12
    assert told == [CHANGED.format(n=12)]
    assert read(house, tagger, "thu-2") == 0
    assert len(told) == 1


def test_articles_never_tagged_are_not_called_tagged_again(tmp_path, house, tagger, told):
    read(house, tagger, "thu-1")
    ingest(house, write_warc(tmp_path / "b.warc.gz", [snapshot(range(12, 20), hours=1)]))
    assert read(house, tagger, "thu-2") == 20
    assert told == [CHANGED.format(n=12)]


def test_who_asks_for_all_to_be_tagged_again_is_not_told_why(house, tagger, told):
    read(house, tagger, "thu-1")
    assert read(house, tagger, "thu-2", retag=True) == 12
    assert told == []


@pytest.mark.parametrize("looks", [True, False])
def test_the_sentence_stays_on_a_terminal_and_is_silent_elsewhere(looks, monkeypatch):
    stream = StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: looks)
    remarks_on(stream)("Một câu.")
    assert stream.getvalue() == ("\r\033[KMột câu.\n" if looks else "")
