"""Vietnamese text: one form to keep, one to match, one to search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import clean, clean_paragraphs, fold_for_matching, fold_for_search, fold_tones


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hoà", "hòa"),
        ("THUỶ", "THỦY"),
        ("Uỷ ban", "Ủy ban"),
        ("khoẻ", "khỏe"),
        ("quý", "quý"),
        ("quỹ", "quỹ"),
        ("hoàn", "hoàn"),
        ("Hoàng", "Hoàng"),
        ("loé", "lóe"),
    ],
)
def test_one_spelling_of_a_tone(written, meant):
    assert fold_tones(written) == meant


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đề án 06", "de an 06"),
        ("sắp xếp", "sap xep"),
        ("LĐ-TB&XH", "ld tb xh"),
        ("ư ơ ă â ê ô đ", "u o a a e o d"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_what_is_searched(written, folded):
    assert fold_for_search(written) == folded


def test_matching_keeps_diacritics():
    assert fold_for_matching("Hoà Bình") != fold_for_matching("hoa binh")


def test_kept_text_has_no_invisible_characters():
    assert clean("\ufeffThủ\u00a0tục &amp; hành\u00ad chính\u202e") == "Thủ tục & hành chính"
    assert clean_paragraphs("Một\r\n\r\n\u200b\nHai ") == "Một\nHai"


@given(st.text())
def test_done_twice_equals_once(text):
    for fold in (clean, fold_tones, fold_for_matching, fold_for_search):
        if fold is clean and "&" in text:
            continue  # "&amp;amp;" says "&amp;": resolving it twice says another thing
        assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aàảãáạăằâđeêiouưyhnt ĐÀẾ-/&19", max_size=60))
def test_composed_and_decomposed_letters_are_one(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert fold_for_search(decomposed) == fold_for_search(text)
    assert fold_for_matching(decomposed) == fold_for_matching(text)
