"""Directions taught by an encoder: places kept by marks, found again from grams alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.records import TagInput
from domain.taxonomy import read_taxonomy
from nlp.features import Reading
from nlp.tagger import TextReader
from nlp.taught import PLACES, Lessons, lessons_among, save_lessons
from nlp.vocabulary import Vocabulary, learn_taught, learn_vocabulary

PRAISE = ["được khen ngợi", "rất hài lòng", "được biểu dương", "đạt kết quả nổi bật"]
BLAME = ["bị phê bình", "rất bức xúc", "bị nhắc nhở", "để chậm trễ kéo dài"]


def text(number: int, words: str) -> TagInput:
    return TagInput(id=f"bài {number}", title=f"Cán bộ {words}", text=f"Người dân nói: {words}.")


TEXTS = [text(number, words) for number, words in enumerate([*PRAISE, *BLAME] * 4)]
SIDES = np.array([[1.0, 0.0]] * 4 + [[-1.0, 0.0]] * 4)
LESSONS = Lessons(TEXTS, np.vstack([SIDES] * 4))


def readings(texts: list[TagInput]) -> list[Reading]:
    reader = TextReader(read_taxonomy())
    return [reader.read(one) for one in texts]


def taught() -> Vocabulary:
    read = readings(TEXTS)
    return learn_taught(learn_vocabulary(read, read), read, LESSONS.places)


def test_places_come_back_as_they_were_saved(tmp_path: Path) -> None:
    places = np.random.default_rng(0).normal(size=(len(TEXTS), 3))
    save_lessons(Lessons(TEXTS, places), tmp_path / "t.npz")
    found = lessons_among(TEXTS, tmp_path / "t.npz")
    assert found.texts == TEXTS
    assert found.places == pytest.approx(places, abs=0.02)


def test_a_text_teaches_only_under_the_title_it_was_asked_about(tmp_path: Path) -> None:
    save_lessons(LESSONS, tmp_path / "t.npz")
    renamed = TagInput(id=TEXTS[0].id, title="Tít khác", text=TEXTS[0].text)
    found = lessons_among([renamed, text(99, "đi vắng"), TEXTS[3], TEXTS[1]], tmp_path / "t.npz")
    assert found.texts == [TEXTS[1], TEXTS[3]], "in the order of the file, not of the texts"
    assert found.places.shape == (2, 2)


@pytest.mark.parametrize(("words", "side"), [("được khen, rất hài lòng", 1), ("bị bức xúc", -1)])
def test_a_new_text_is_placed_by_its_grams(words: str, side: int) -> None:
    vocabulary = taught()
    rows = vocabulary.vectorizer().rows(readings([text(100, words)]))
    place = (rows[:, : len(vocabulary.body)] @ vocabulary.taught)[0]
    assert place[0] * side > 0.2


def test_without_lessons_the_vocabulary_stays_as_it_was() -> None:
    plain = learn_vocabulary(readings(TEXTS), [])
    assert learn_taught(plain, [], np.zeros((0, 2))) is plain


def test_the_file_that_comes_along_holds_numbers_alone() -> None:
    with np.load(PLACES, allow_pickle=False) as arrays:
        kinds = {name: arrays[name].dtype.kind for name in arrays.files}
        assert kinds == {"marks": "u", "places": "i", "steps": "f"}
        assert len(arrays["marks"]) == len(arrays["places"]) == len(set(arrays["marks"].tolist()))
        assert arrays["places"].shape[1] == len(arrays["steps"])
