from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from domain.codes import ASPECTS, AUDIENCES, FORMS, TONES, Area
from domain.records import TagInput
from nlp import read_texts as module
from nlp.everyday import kept_for_testing
from nlp.read_texts import (
    ReadText,
    mark_of,
    natural_precision,
    natural_recall,
    read_texts,
)

COLUMNS = ("id", "title", "relevant", "topics", "form", "tone", "audience", "aspect", "weight")


def rows() -> list[dict[str, str]]:
    path = Path(module.__file__).parent / "labels" / "read-texts.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[TagInput]:
    """Three texts, of which the first two were read, the second without certainty."""
    texts = [TagInput(id=f"bai:{n}", title=f"Tít {n}", text="x" * 5_000) for n in range(3)]
    path = tmp_path / "read.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerow(
            ["bai:0", mark_of("Tít 0"), "1", "so|thu_tuc", "tin", "trung_tinh", "cbcc",
             "ket_qua", "9.6"]
        )  # fmt: skip
        writer.writerow(["bai:1", mark_of("Tít 1"), "", "", "", "", "", "", "8.13"])
    monkeypatch.setattr(module, "_LABELS", path)
    return texts


def test_what_was_read_is_found_by_id_and_title(labels: list[TagInput]) -> None:
    sure, unsure = read_texts(reversed(labels))
    assert sure.labelled.topics == ("so", "thu_tuc")
    assert (sure.labelled.relevant, sure.unsure, sure.weight) == (True, False, 9.6)
    assert (unsure.labelled.relevant, unsure.unsure) == (False, True)


def test_a_text_whose_title_has_changed_is_another_text(labels: list[TagInput]) -> None:
    assert read_texts([replace(labels[0], title="Tít đã sửa")]) == []


def test_labels_are_of_what_was_read(labels: list[TagInput]) -> None:
    assert len(read_texts(labels)[0].labelled.article.text) == 1_600


@pytest.mark.parametrize(
    ("said", "precision", "recall"),
    [
        ([True, False, False], 1.0, 1.0),
        ([True, True, False], 11.5 / 13, 1.0),  # the unsure one counts as half right
        ([False, False, True], 0.0, 0.0),
        ([False, False, False], 1.0, 0.0),
    ],
)
def test_each_text_stands_for_its_stratum(
    said: list[bool], precision: float, recall: float, labels: list[TagInput]
) -> None:
    relevant, unsure = read_texts(labels)
    drawn = [
        replace(relevant, weight=10.0),
        replace(unsure, weight=3.0),
        replace(unsure, unsure=False, weight=100.0),
    ]
    assert natural_precision(said, drawn) == pytest.approx(precision)
    assert natural_recall(said, drawn) == pytest.approx(recall)


def test_codes_are_codes_and_only_relevant_texts_have_them() -> None:
    allowed = {"form": FORMS, "tone": TONES, "audience": AUDIENCES, "aspect": ASPECTS}
    for row in rows():
        topics = set(filter(None, row["topics"].split("|")))
        assert topics <= set(map(str, Area)), row["id"]
        assert bool(topics) == (row["relevant"] == "1"), row["id"]
        for name, codes in allowed.items():
            assert row[name] in (codes if row["relevant"] == "1" else ("",)), row["id"]


def test_ids_occur_once_and_none_is_kept_for_testing() -> None:
    ids = [row["id"] for row in rows()]
    assert len(ids) == len(set(ids)) > 1_000
    assert not set(ids) & kept_for_testing()


def test_a_read_text_needs_no_agencies(labels: list[TagInput]) -> None:
    found: ReadText = read_texts(labels)[0]
    assert (found.labelled.focus, found.labelled.mention) == ((), ())
