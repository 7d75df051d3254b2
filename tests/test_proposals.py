"""What the plans leave open: shipped as proposals, replaced and approved by an officer."""

from __future__ import annotations

from datetime import date

import pytest

from domain.agencies import AgencyRegister, read_register
from domain.codes import AUDIENCES, Area
from domain.errors import UsageError
from domain.proposals import parse_proposals, proposals_text, read_proposals


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


def test_what_ships_is_a_proposal_and_says_so(register):
    shipped = read_proposals(register)
    assert not shipped.approved
    assert shipped.note == "đề xuất, chưa được phê duyệt"


def test_every_area_has_weights_that_add_up(register):
    shipped = read_proposals(register)
    for area in Area:
        assert tuple(shipped.weights(area)) == AUDIENCES
        assert sum(shipped.weights(area).values()) == pytest.approx(1)


def test_ministries_and_provinces_are_expected_in_every_area(register):
    shipped = read_proposals(register)
    day = date(2026, 7, 1)
    listed = [*register.ministries(day), *register.provinces(day)]
    assert len(listed) == 51
    assert all(shipped.applicable(agency.id, area) for agency in listed for area in Area)
    assert not shipped.applicable("VTV", Area.THU_TUC)
    # A kind that no row names is dropped nowhere.
    assert shipped.applicable("KTNN", Area.THU_TUC)


def test_an_officer_replaces_and_approves_them(tmp_path, register):
    text = proposals_text().replace(
        'approved = false\nby = ""', 'approved = true\nby = "Vụ CCHC"\non = 2026-01-15'
    )
    text += '\n[[exceptions]]\nagency = "BNG"\nareas = ["so"]\n'
    (tmp_path / "proposals.toml").write_text(text, encoding="utf-8")
    own = read_proposals(register, tmp_path)
    assert own.note == "Vụ CCHC phê duyệt ngày 15/01/2026"
    assert [area for area in Area if own.applicable("BNG", area)] == [Area.SO]
    assert own.version != read_proposals(register).version


def test_a_folder_without_them_leaves_those_of_the_program(tmp_path, register):
    assert not read_proposals(register, tmp_path / "none").approved


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("approved = false", "approved = true", r"by \(ai phê duyệt\) và on"),
        ("cbcc = 0.6", "cbcx = 0.6", r"weights.chi_dao.*“cbcx”. Có phải “cbcc”"),
        ("nguoi_dan = 0.5", "nguoi_dan = 0.9", r"weights.thu_tuc.*cộng lại bằng 1"),
        ("cbcc = 0.6", "cbcc = -0.6", r"weights.chi_dao.*từ 0 đến 1"),
        ("[weights.so]", "[weights.bo_may]", "TOML"),
        ('"chi_dao",', '"chi_doa",', "chi_doa"),
        ("source =", "sources =", "không có mục “sources”. Có phải “source”"),
        ('# [[exceptions]]\n# agency = "BNG"\n#', '[[exceptions]]\nagency = "BNVV"\n', "“BNVV”"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(register, old, new, said):
    text = proposals_text()
    assert old in text
    with pytest.raises(UsageError, match=said) as caught:
        parse_proposals(text.replace(old, new), "de-xuat.toml", register)
    assert "de-xuat.toml" in str(caught.value)
