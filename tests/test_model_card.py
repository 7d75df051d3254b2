from __future__ import annotations

import pytest

from cli.model_card import PAGE, model_card_page
from nlp.card import TARGETS, verdict
from nlp.evaluation import Score
from nlp.model import load_model

CARD = load_model().card
SCORES = CARD["scores_on_unseen_folds"]


def test_the_page_says_what_the_card_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == model_card_page(CARD), (
        "run: python -m cli.model_card"
    )


def test_every_score_has_a_target_and_a_verdict() -> None:
    assert set(SCORES["overall"]) == set(TARGETS) == set(CARD["verdicts"])


@pytest.mark.parametrize(
    ("value", "high", "said"),
    [(0.95, 0.97, "reached"), (0.94, 0.95, "reached"), (0.9, 0.94, "near"), (0.9, 0.93, "missed")],
)
def test_near_is_said_only_where_the_interval_holds_the_target(
    value: float, high: float, said: str
) -> None:
    assert verdict("relevance_f1", Score(value=value, low=0.8, high=high)) == said


def test_every_code_has_an_interval() -> None:
    classes = {**SCORES["class_f1"], "areas": SCORES["area_f1"]}
    for name in ("form", "tone", "audience", "aspect", "areas"):
        for score in classes[name].values():
            assert 0 <= score["low"] <= score["value"] <= score["high"] <= 1


def test_the_shipped_threshold_stands_on_the_frontier() -> None:
    (least,) = next(head["decision"] for head in CARD["heads"] if head["name"] == "relevance")
    (shipped,) = (one for one in CARD["frontier"] if one["least"] == least)
    assert shipped["precision"] >= 0.85
    assert shipped["labelled_f1"] > 0.9
