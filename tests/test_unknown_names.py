"""Names like an agency's that the register lacks."""

from __future__ import annotations

import pytest

from domain.agencies import AgencyRegister, read_register
from domain.records import TagInput
from nlp.unknown_names import unknown_names


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


def names(register: AgencyRegister, *texts: str, least: int = 1) -> dict[str, int]:
    given = [TagInput(id=str(n), title="", text=text) for n, text in enumerate(texts)]
    return {one.name: len(one.texts) for one in unknown_names(given, register, least=least)}


NEW = (
    "Lễ tuyên dương được tổ chức tại Học viện Thanh thiếu niên Việt Nam.",
    "Ông làm việc tại Học viện Thanh thiếu niên Việt Nam.",
)


def test_a_name_that_the_register_lacks_is_proposed_with_its_sentence(register):
    given = [TagInput(id=str(n), title="", text=text) for n, text in enumerate(NEW)]
    (found,) = unknown_names(given, register)
    assert found.name == "Học viện Thanh thiếu niên Việt Nam"
    assert found.texts == ("0", "1")
    assert found.sentence == NEW[0]


def test_a_name_in_too_few_texts_is_no_proposal(register):
    assert names(register, NEW[0], least=2) == {}
    assert names(register, NEW[0] + " " + NEW[1], least=2) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Bộ Nội vụ và Bộ Tài chính vừa ban hành thông tư liên tịch.",
        "Sở Nội vụ tỉnh Nghệ An tuyển công chức.",
        "Ban Chấp hành Trung ương Đảng họp tại Hà Nội.",
        "Hội đồng nhân dân tỉnh Nghệ An họp.",
        "Cục trưởng nói chuyện với ban quản lý chợ.",
        "",
        "The ministry of magic met on Monday.",
    ],
)
def test_what_is_known_or_no_agency_is_not_proposed(register, text):
    assert names(register, text) == {}
