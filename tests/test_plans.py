from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import UsageError
from domain.periods import month, reporting_period
from domain.plans import (
    Plan,
    PlanBook,
    PlanCertainty,
    Quality,
    parse_plan,
    read_plans,
    shipped_plan_text,
)


@pytest.fixture(scope="module")
def plans() -> PlanBook:
    return read_plans()


@pytest.mark.parametrize(
    ("plan_id", "number", "decided"),
    [
        ("bnv-2021", "424/QĐ-BNV", date(2021, 3, 24)),
        ("bnv-2022", "251/QĐ-BNV", date(2022, 3, 29)),
        ("bnv-2023", "82/QĐ-BNV", date(2023, 2, 15)),
        ("bnv-2024", "35/QĐ-BNV", date(2024, 1, 22)),
        ("bnv-2025", "049/QĐ-BNV", date(2025, 3, 1)),
        ("bnv-2026", "", None),  # the decision was not found
    ],
)
def test_the_decision_behind_each_plan(
    plans: PlanBook, plan_id: str, number: str, decided: date | None
) -> None:
    plan = plans.get(plan_id)
    assert (plan.number, plan.decided_on) == (number, decided)
    assert f"năm {plan.year}" in plan.title


@pytest.mark.parametrize(
    ("day", "plan_id"),
    [
        (date(2023, 1, 1), "bnv-2023"),
        (date(2023, 12, 31), "bnv-2023"),
        (month("2026-01").end, "bnv-2026"),  # begins in December, counts for the new year
        (reporting_period(2025, "nam").end, "bnv-2025"),
    ],
)
def test_the_plan_of_a_day(plans: PlanBook, day: date, plan_id: str) -> None:
    assert plans.of_day(day).id == plan_id


def test_a_year_without_a_plan_is_said(plans: PlanBook) -> None:
    with pytest.raises(UsageError, match=r"năm 2027.*bnv-2021.*--plan"):
        plans.of_day(date(2027, 1, 1))


def test_an_unknown_plan_is_named_with_the_one_perhaps_meant(plans: PlanBook) -> None:
    with pytest.raises(UsageError, match=r"“bnv-202”.*Có phải “bnv-202"):
        plans.get("bnv-202")


def parts(plan: Plan) -> dict[str, int]:
    return {
        name: len(getattr(plan, name))
        for name in ("goals", "requirements", "audiences", "forms", "solutions", "duties")
        if getattr(plan, name)
    }


@pytest.mark.parametrize(
    ("plan_id", "read"),
    [
        ("bnv-2021", {}),
        ("bnv-2022", {"goals": 5}),
        ("bnv-2023", {"goals": 5, "requirements": 3, "forms": 6, "duties": 1}),
        ("bnv-2024", {"goals": 5, "audiences": 4, "solutions": 3}),
        ("bnv-2025", {"goals": 5}),
        ("bnv-2026", {"goals": 5}),
    ],
)
def test_what_was_not_read_is_empty(plans: PlanBook, plan_id: str, read: dict[str, int]) -> None:
    plan = plans.get(plan_id)
    assert parts(plan) == read
    assert plan.general_goal == ""


def test_no_plan_sets_a_number_to_reach(plans: PlanBook) -> None:
    for plan in plans:
        items = (*plan.goals, *plan.requirements, *plan.forms, *plan.solutions, *plan.duties)
        assert [item.target for item in items if item.target is not None] == []


def test_how_each_part_is_known(plans: PlanBook) -> None:
    assumed = plans.get("bnv-2026")
    assert {item.certainty for item in assumed.goals} == {PlanCertainty.UNVERIFIED}
    assert assumed.certainty is PlanCertainty.UNVERIFIED
    assert [goal.text for goal in assumed.goals] == [g.text for g in plans.get("bnv-2025").goals]
    forms = plans.get("bnv-2023").forms
    assert [form.certainty.value for form in forms] == ["verified"] * 3 + ["recalled"] * 3


def test_the_qualities_that_the_plan_of_2023_asks_for(plans: PlanBook) -> None:
    fifth = plans.get("bnv-2023").goals[4]
    assert fifth.qualities == (Quality.DAY_DU, Quality.KIP_THOI, Quality.DUNG_DOI_TUONG)
    assert set(plans.get("bnv-2023").qualities()) == set(Quality)
    assert set(plans.get("bnv-2025").qualities()) == set(fifth.qualities)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id = ", "TOML"),
        ('id = "bnv-2030"\nyear = 2030', "title.*thiếu mục bắt buộc"),
        ('id = "bnv-2030"\nyaer = 2030', "không có mục “yaer”. Có phải “year”"),
    ],
)
def test_a_plan_written_badly_is_explained(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_plan(text, "bnv-2030.toml")
    assert "bnv-2030.toml" in str(caught.value)


OWN = """
id = "bnv-2027"
year = 2027
title = "Kế hoạch năm 2027"
certainty = "verified"
valid_from = 2027-01-01
valid_to = 2027-12-31

[targets]
timely.within_72h = 0.6

[[milestones]]
id = "moc-1"
day = 2027-06-30
agency = "BNV"
title = "Công bố Chỉ số cải cách hành chính"
areas = ["chi_dao"]
"""


def test_an_officer_writes_next_years_plan_without_code(tmp_path: Path) -> None:
    (tmp_path / "bnv-2027.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "proposals.toml").write_text("", encoding="utf-8")  # no plan
    plan = read_plans(tmp_path).of_day(date(2027, 3, 1))
    assert plan.targets == {"timely.within_72h": 0.6}
    assert [(each.id, each.day) for each in plan.milestones] == [("moc-1", date(2027, 6, 30))]
    assert len(list(read_plans(tmp_path))) == 7


def test_an_officers_plan_stands_before_the_shipped_one(tmp_path: Path) -> None:
    text = shipped_plan_text("bnv-2025") + '\n[targets]\n"timely.within_72h" = 0.5\n'
    (tmp_path / "bnv-2025.toml").write_text(text, encoding="utf-8")
    assert read_plans(tmp_path).get("bnv-2025").targets == {"timely.within_72h": 0.5}
    assert read_plans().get("bnv-2025").targets == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.6", '"nhiều"', "targets.timely.within_72h.*phải là số"),
        ("0.6", "inf", "targets.timely.within_72h"),
        ("2027-12-31", "2026-12-31", "valid_from phải trước"),
        ("bnv-2027", "bnv-2028", r"tên tệp phải là bnv-2028\.toml"),
        ("2027-06-30", '"cuối quý II"', "milestones.0.day"),
    ],
)
def test_an_own_plan_written_badly_names_its_file(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = tmp_path / "bnv-2027.toml"
    path.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(UsageError, match=said) as caught:
        read_plans(tmp_path)
    assert str(path) in str(caught.value)
