from __future__ import annotations

from datetime import date

import pytest

from domain.agencies import AgencyRegister, read_register
from domain.errors import UsageError


@pytest.fixture(scope="module")
def register() -> AgencyRegister:
    return read_register()


@pytest.mark.parametrize(
    ("day", "ministries", "of_rank", "provinces", "cities", "under_government"),
    [
        ("2017-05-01", 18, 4, 63, 5, 8),  # the register's first day means "on or before"
        ("2021-01-01", 18, 4, 63, 5, 8),
        ("2024-12-31", 18, 4, 63, 5, 8),
        ("2025-01-01", 18, 4, 63, 6, 8),  # Huế becomes a centrally-run city
        ("2025-02-28", 18, 4, 63, 6, 8),
        ("2025-03-01", 14, 3, 63, 6, 5),  # ministries merged
        ("2025-06-30", 14, 3, 63, 6, 5),
        ("2025-07-01", 14, 3, 34, 6, 5),  # provinces merged
        ("2026-04-29", 14, 3, 34, 6, 5),
        ("2026-04-30", 14, 3, 34, 7, 5),  # Đồng Nai becomes a city
        ("2026-08-31", 14, 3, 34, 7, 5),
        ("2026-09-01", 14, 3, 34, 8, 5),  # Quảng Ninh
        ("2026-09-19", 14, 3, 34, 8, 5),
        ("2026-09-20", 14, 3, 34, 9, 5),  # Bắc Ninh
        ("2030-01-01", 14, 3, 34, 9, 5),
    ],
)
def test_how_many_stood_on_a_day(
    register: AgencyRegister,
    day: str,
    ministries: int,
    of_rank: int,
    provinces: int,
    cities: int,
    under_government: int,
) -> None:
    on = date.fromisoformat(day)
    kinds = [agency.kind for agency in register.ministries(on)]
    assert (kinds.count("bo"), kinds.count("co_quan_ngang_bo")) == (ministries, of_rank)
    kinds = [agency.kind for agency in register.provinces(on)]
    assert (len(kinds), kinds.count("thanh_pho_tw")) == (provinces, cities)
    assert len(register.under_government(on)) == under_government


def test_no_day_knows_an_agency_twice(register: AgencyRegister) -> None:
    breaks = {span.valid_from or date(2021, 1, 1) for span in register.all()}
    for day in breaks:
        ids = [agency.id for agency in register.on(day)]
        assert len(ids) == len(set(ids)), day


@pytest.mark.parametrize(
    ("agency_id", "day", "name"),
    [
        ("P34:dong_nai", "2026-04-29", "Tỉnh Đồng Nai"),
        ("P34:dong_nai", "2026-04-30", "Thành phố Đồng Nai"),
        ("P34:quang_ninh", "2026-08-31", "Tỉnh Quảng Ninh"),
        ("P34:quang_ninh", "2026-09-01", "Thành phố Quảng Ninh"),
        ("P34:bac_ninh", "2026-09-19", "Tỉnh Bắc Ninh"),
        ("P34:bac_ninh", "2026-09-20", "Thành phố Bắc Ninh"),
        ("P34:bac_ninh", None, "Thành phố Bắc Ninh"),
        ("P34:bac_ninh", "2024-01-01", "Tỉnh Bắc Ninh"),  # before it was formed: the nearest span
        ("BGTVT", "2026-01-01", "Bộ Giao thông vận tải"),  # after it ended
        ("CUCTK", "2025-02-28", "Tổng cục Thống kê"),
        ("CUCTK", "2025-03-01", "Cục Thống kê"),
    ],
)
def test_an_agency_as_it_was_on_a_day(
    register: AgencyRegister, agency_id: str, day: str | None, name: str
) -> None:
    on = date.fromisoformat(day) if day else None
    assert register.get(agency_id, on).official_name == name


def test_a_city_raised_from_a_province_is_one_agency_with_two_spans(
    register: AgencyRegister,
) -> None:
    before, after = register.spans("P34:quang_ninh")
    assert (before.kind, after.kind) == ("tinh", "thanh_pho_tw")
    assert (before.valid_to, after.valid_from) == (date(2026, 8, 31), date(2026, 9, 1))
    assert register.successors("P34:quang_ninh") == ()


def test_every_link_is_known_on_both_sides(register: AgencyRegister) -> None:
    ids = {agency.id for agency in register.all()}
    forward = {(a, s.id, s.main, s.scope) for a in ids for s in register.successors(a)}
    backward = {(p.id, a, p.main, p.scope) for a in ids for p in register.predecessors(a)}
    assert forward == backward
    assert {successor for _, successor, _, _ in forward} <= ids
    assert len(forward) == 83


def test_every_agency_that_ended_has_one_chief_heir(register: AgencyRegister) -> None:
    for agency in register.all():
        last = register.spans(agency.id)[-1]
        heirs = [heir for heir in register.successors(agency.id) if heir.main]
        assert len(heirs) == (0 if last.valid_to is None else 1), agency.id


@pytest.mark.parametrize(
    ("agency_id", "heirs"),
    [
        ("BTTTT", ["BKHCN", "BVHTTDL", "BCA"]),
        ("BLDTBXH", ["BNV", "BGDDT", "BYT", "BCA", "BNNMT"]),
        ("BNV", ["BDTTG"]),  # handed over religion, and lives on
        ("P63:yen_bai", ["P34:lao_cai"]),
        ("BQP", []),
    ],
)
def test_who_took_over(register: AgencyRegister, agency_id: str, heirs: list[str]) -> None:
    assert [heir.id for heir in register.successors(agency_id)] == heirs


@pytest.mark.parametrize(
    ("agency_id", "forebears"),
    [
        ("P34:ho_chi_minh", {"P63:binh_duong", "P63:ba_ria_vung_tau", "P63:ho_chi_minh"}),
        ("BNNMT", {"BNNPTNT", "BTNMT", "BLDTBXH"}),
        ("BTC", {"BKHDT", "BHXHVN", "UBQLV"}),
        ("BCD598", {"BCDCCHC"}),  # other forebears are no agencies of the register
    ],
)
def test_from_whom(register: AgencyRegister, agency_id: str, forebears: set[str]) -> None:
    assert {link.id for link in register.predecessors(agency_id)} == forebears


@pytest.mark.parametrize(
    ("agency_id", "day", "stands_under"),
    [
        ("BKHDT", "2025-02-28", "BKHDT"),
        ("BKHDT", "2025-03-01", "BTC"),
        ("P63:thua_thien_hue", "2024-12-31", "P63:thua_thien_hue"),
        ("P63:thua_thien_hue", "2025-03-01", "P63:hue"),
        ("P63:thua_thien_hue", "2026-10-01", "P34:hue"),  # two steps
        ("BNV", "2026-10-01", "BNV"),  # part of its work went, the agency stays
        ("P34:hue", "2023-01-01", "P34:hue"),  # not formed yet: nowhere else to go
    ],
)
def test_figures_roll_up_to_the_heir_of_the_day(
    register: AgencyRegister, agency_id: str, day: str, stands_under: str
) -> None:
    assert register.rolled_up(agency_id, date.fromisoformat(day)) == stands_under


def test_today_every_old_province_rolls_up_to_one_of_34(register: AgencyRegister) -> None:
    today = date(2026, 11, 23)
    old = {province.id for province in register.provinces(date(2024, 6, 1))}
    new = {province.id for province in register.provinces(today)}
    assert {register.rolled_up(province, today) for province in old} == new


@pytest.mark.parametrize(
    ("agency_id", "output"),
    [
        ("BNV", True),
        ("NHNN", True),
        ("VTV", True),
        ("P63:ha_giang", True),
        ("P34:dong_nai", True),
        ("BCD598", True),
        ("KTNN", True),
        ("TANDTC", True),
        ("VKSNDTC", True),
        ("QH", False),
        ("UBTVQH", False),
        ("BTGDVTW", False),
        ("CUCTHUE", False),
    ],
)
def test_which_agencies_a_tag_may_name(
    register: AgencyRegister, agency_id: str, output: bool
) -> None:
    assert register.is_output(agency_id) is output


@pytest.mark.parametrize(
    ("unit", "day", "parent"),
    [
        ("CUCTHUE", None, "BTC"),
        ("CUCTK", None, "BTC"),
        ("CUCTK", "2024-05-01", "BKHDT"),
        ("CUCBC", "2025-02-28", "BTTTT"),
        ("CUCBC", "2025-03-01", "BVHTTDL"),
        ("VUCCHC", None, "BNV"),
        ("BNV", None, ""),
    ],
)
def test_a_unit_counts_for_its_ministry(
    register: AgencyRegister, unit: str, day: str | None, parent: str
) -> None:
    assert register.parent(unit, date.fromisoformat(day) if day else None) == parent


def test_every_parent_is_an_agency_of_the_same_days(register: AgencyRegister) -> None:
    for unit in register.all():
        if unit.parent:
            assert register.get(unit.parent).id
            day = unit.valid_to or date(2026, 11, 23)
            assert register.get(unit.parent, day).is_valid_on(day), unit.id


def test_an_unknown_agency_is_named_with_the_one_perhaps_meant(register: AgencyRegister) -> None:
    with pytest.raises(UsageError, match=r"Không có cơ quan “P34:ha_nol”.*P34:ha_noi"):
        register.get("P34:ha_nol")
    for ask in (register.spans, register.successors, register.predecessors, register.is_output):
        with pytest.raises(UsageError):
            ask("BXYZ")


def test_the_version_is_that_of_the_data(register: AgencyRegister) -> None:
    assert register.version == read_register().version
    assert len(register.version) == 12


def test_the_register_says_how_it_knows(register: AgencyRegister) -> None:
    assert {agency.confidence for agency in register.all()} == {"verified", "recalled"}
    assert len({agency.id for agency in register.all()}) == 144
