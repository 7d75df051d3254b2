from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from domain.codes import Area
from domain.taxonomy import Taxonomy, Term, read_taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return read_taxonomy()


def find(taxonomy: Taxonomy, words: str) -> Term:
    return next(term for term in taxonomy.terms if term.term == words)


@pytest.mark.parametrize(
    ("words", "area", "theme"),
    [
        ("cải cách hành chính", Area.CHI_DAO, ""),
        ("văn bản quy phạm pháp luật", Area.THE_CHE, ""),
        ("thủ tục hành chính", Area.THU_TUC, ""),
        ("sắp xếp đơn vị hành chính", Area.BO_MAY, ""),
        ("vị trí việc làm", Area.CONG_VU, ""),
        ("tài sản công", Area.TAI_CHINH, ""),
        ("VNeID", Area.SO, ""),
        ("cải cách lập pháp", None, "X1"),
        ("đường dây nóng", None, "X4"),
        ("một cửa hàng", None, "neg"),
    ],
)
def test_a_term_speaks_for_an_area_or_a_theme(
    taxonomy: Taxonomy, words: str, area: Area | None, theme: str
) -> None:
    term = find(taxonomy, words)
    assert (term.area, term.theme) == (area, theme)


def test_how_many_terms_each_area_has(taxonomy: Taxonomy) -> None:
    counted = Counter(term.area.value if term.area else term.theme for term in taxonomy.terms)
    assert counted == {
        "chi_dao": 49, "the_che": 42, "thu_tuc": 57, "bo_may": 41, "cong_vu": 52,
        "tai_chinh": 39, "so": 64, "X1": 5, "X2": 7, "X3": 13, "X4": 13, "X5": 8, "neg": 64,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "year", "known"),
    [
        ("chính quyền địa phương 2 cấp", 2024, False),
        ("chính quyền địa phương 2 cấp", 2025, True),
        ("Quyết định 282/QĐ-TTg", 2025, False),
        ("Quyết định 282/QĐ-TTg", 2026, True),
        ("một cửa", 2017, True),
    ],
)
def test_a_term_is_not_back_dated(taxonomy: Taxonomy, words: str, year: int, known: bool) -> None:
    area = find(taxonomy, words).area
    assert area is not None
    assert (words in {term.term for term in taxonomy.of_area(area, year)}) is known


def test_look_alikes_belong_to_no_area(taxonomy: Taxonomy) -> None:
    words = {term.term for term in taxonomy.negatives}
    assert {"vi phạm hành chính", "một cửa hàng", "Thái Bình Dương"} <= words
    assert all(term.area is None and term.strength == "neg" for term in taxonomy.negatives)


def test_terms_are_ready_for_matching(taxonomy: Taxonomy) -> None:
    assert len({term.term for term in taxonomy.terms}) == len(taxonomy.terms) == 454
    for term in taxonomy.terms:
        assert term.term == unicodedata.normalize("NFC", term.term).strip()
        assert term.strength in {"doc", "core", "strong", "weak", "neg"}
        assert (term.area is None) == bool(term.theme)
        assert term.strength != "weak" or term.needs_context
        re.compile(term.needs_context)


def test_the_version_is_that_of_the_data(taxonomy: Taxonomy) -> None:
    assert taxonomy.version == read_taxonomy().version
    assert len(taxonomy.version) == 12
