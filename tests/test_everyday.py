from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.codes import Area
from domain.records import TagInput
from nlp.everyday import kept_for_testing, learn_from, read_everyday_labels
from nlp.labelled import Labelled

READ = sorted(read_everyday_labels().items())
RELEVANT = next(url for url, label in READ if label.startswith("1"))
OTHER = next(url for url, label in READ if label == "0")
UNSURE = next(url for url, label in READ if not label)
UNREAD = [f"https://bao.example/tin-{number}.htm" for number in range(400)]


def item(url: str) -> TagInput:
    return TagInput(
        id=url, title=f"Tin số {url}", url=url, published_at=datetime(2026, 3, 1, tzinfo=UTC)
    )


def test_labels_are_addresses_and_codes() -> None:
    for url, label in READ:
        relevant, *topics = label.split("|") if label else [""]
        assert url.startswith("https://")
        assert relevant in {"", "0", "1"}
        assert set(topics) <= set(map(str, Area))
        assert not topics or relevant == "1"


def test_read_items_teach_and_a_draw_of_the_others_is_presumed_irrelevant() -> None:
    found = learn_from([item(url) for url in (RELEVANT, OTHER, UNSURE, *UNREAD)], known=())

    assert {one.article.url: one.relevant for one in found.labelled} == {
        RELEVANT: True,
        OTHER: False,
    }
    assert {one.url for one in found.presumed} < set(UNREAD)
    assert 20 < len(found.presumed) < 90


def test_what_models_are_scored_on_never_teaches_them() -> None:
    tested = kept_for_testing()
    found = learn_from([item(url) for url in sorted(tested)], known=())

    assert len(tested) > 400
    assert (list(found.labelled), list(found.presumed)) == ([], [])


def test_order_and_repetition_of_the_items_make_no_difference() -> None:
    items = [item(url) for url in (RELEVANT, OTHER, *UNREAD)]

    assert learn_from([*reversed(items), items[3]], known=()) == learn_from(items, known=())


@pytest.mark.parametrize("same", ["address", "title"])
def test_an_article_labelled_elsewhere_is_not_presumed_irrelevant(same: str) -> None:
    drawn = learn_from([item(url) for url in UNREAD], known=()).presumed[0]
    elsewhere = replace(drawn, title="Tên khác") if same == "address" else replace(drawn, url="")
    known = Labelled(
        article=elsewhere, rel=2, topics=("so",), focus=(), mention=(),
        form="tin", tone="trung_tinh", audience="chung", aspect="chinh_sach",
    )  # fmt: skip

    assert drawn not in learn_from([item(url) for url in UNREAD], known=[known]).presumed
