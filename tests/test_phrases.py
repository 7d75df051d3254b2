"""What is talked about: key phrases of a set of texts, and the sentences a text opens with."""

from __future__ import annotations

import pytest

from nlp.phrases import key_phrases, sentences

TEXTS = [
    "Bộ Nội vụ yêu cầu cắt giảm thủ tục hành chính trong lĩnh vực đất đai.",
    "Hà Nội cắt giảm thủ tục hành chính, bỏ giấy tờ trùng lặp.",
    "Người dân Hà Nội chờ cắt giảm thủ tục hành chính về đất đai.",
    "Thủ tục hành chính được công khai tại xã.",
]
BACKGROUND = [
    "Người dân Hà Nội đón mưa lớn đầu mùa.",
    "Thị trường đất đai Hà Nội trầm lắng.",
    "Đội bóng về nhất bảng đấu.",
    "Hà Nội tổ chức hội sách mùa hè.",
]


def words(texts: list[str], background: list[str], count: int = 10) -> list[str]:
    return [phrase.words for phrase in key_phrases(texts, background, count=count)]


def test_what_stands_out_comes_first() -> None:
    found = key_phrases(TEXTS, BACKGROUND, count=10)
    assert "thủ tục hành chính" in found[0].words
    assert [phrase.score for phrase in found] == sorted(
        (phrase.score for phrase in found), reverse=True
    )


def test_what_is_always_talked_about_does_not_stand_out() -> None:
    assert "Hà Nội" in words(TEXTS, [], 50)
    assert "Hà Nội" not in words(TEXTS, BACKGROUND, 50)


def test_a_phrase_is_counted_once_a_text() -> None:
    texts = ["Sáp nhập xã, sáp nhập xã, sáp nhập xã.", "Kế hoạch sáp nhập xã ở miền núi."]
    counted = {phrase.words: phrase.count for phrase in key_phrases(texts, [], count=20)}
    assert max(counted.values()) == 2


def test_a_phrase_of_one_text_is_no_phrase() -> None:
    assert words(["Đề án vị trí việc làm.", "Mưa lớn ở vùng núi."], []) == []


def test_part_of_a_stronger_phrase_is_left_out() -> None:
    found = words(TEXTS, BACKGROUND, 50)
    whole = "cắt giảm thủ tục hành chính"
    assert whole in found
    after = found[found.index(whole) + 1 :]
    assert not any(f" {phrase} " in f" {whole} " for phrase in after)


def test_names_keep_their_capitals() -> None:
    texts = ["Bộ Nội vụ trả lời.", "Theo Bộ Nội vụ, việc này đã xong.", "Tại Bộ Nội vụ sáng nay."]
    assert "Bộ Nội vụ" in words(texts, [])


def test_a_capital_at_the_start_of_a_sentence_is_not_the_name() -> None:
    texts = ["Thủ tục hành chính giảm.", "Cắt thủ tục hành chính.", "Bỏ thủ tục hành chính."]
    assert "thủ tục hành chính" in words(texts, [])


def test_one_spelling_of_a_tone() -> None:
    texts = ["Tháng này thuỷ lợi phí giảm.", "Năm nay thủy lợi phí tăng."]
    (found,) = (p for p in key_phrases(texts, [], count=9) if "lợi phí" in p.words)
    assert found.count == 2 and "thủy lợi phí" in found.words


def test_a_phrase_neither_begins_nor_ends_with_a_linking_word_nor_holds_a_number() -> None:
    texts = ["Trong năm 2026, tỉnh và xã sẽ bỏ 30% thủ tục của người dân."] * 3
    for phrase in words(texts, [], 50):
        parts = phrase.lower().split()
        assert parts[0] not in {"trong", "và", "sẽ", "của"}
        assert parts[-1] not in {"trong", "và", "sẽ", "của"}
        assert not any(char.isdigit() for char in phrase)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_no_more_than_asked_for(count: int) -> None:
    assert len(words(TEXTS, BACKGROUND, count)) == count


def test_no_texts_no_phrases() -> None:
    assert words([], BACKGROUND) == []
    assert words(["", "  \n "], []) == []


def test_the_same_texts_give_the_same_phrases_in_any_order() -> None:
    assert words(TEXTS, BACKGROUND, 50) == words(TEXTS[::-1], BACKGROUND[::-1], 50)


@pytest.mark.parametrize(
    ("text", "count", "opening"),
    [
        ("Một câu. Hai câu. Ba câu.", 2, "Một câu. Hai câu."),
        ("Một câu\nCâu sau.", 1, "Một câu"),
        ("Ông đến TP.HCM ngày 1.7.2026. Rồi đi.", 1, "Ông đến TP.HCM ngày 1.7.2026."),
        ("Chỉ một câu", 5, "Chỉ một câu"),
        ("", 3, ""),
        ("Một câu.", 0, ""),
    ],
)
def test_opening_sentences(text: str, count: int, opening: str) -> None:
    assert sentences(text, count) == opening
