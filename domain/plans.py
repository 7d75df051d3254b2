"""The yearly communication plans on administrative reform, as data.

Each plan says how it is known: a part of a decision that could not be read is empty, never filled
in. No plan that was read sets a number to reach, so `PlanItem.target` is None throughout.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import UsageError
from domain.validation import explain, unknown


class PlanCertainty(StrEnum):
    """This says how a part of a plan is known."""

    #: Read in the decision or in the notice on it.
    VERIFIED = "verified"
    #: Read in another source that cites it.
    SECONDARY = "secondary"
    #: From memory, not read.
    RECALLED = "recalled"
    #: Assumed from another year.
    UNVERIFIED = "unverified"


class Quality(StrEnum):
    """This names a quality that the plans ask of the coverage."""

    DAY_DU = "day_du"
    KIP_THOI = "kip_thoi"
    DUNG_DOI_TUONG = "dung_doi_tuong"
    THUONG_XUYEN = "thuong_xuyen"
    LIEN_TUC = "lien_tuc"
    DA_CHIEU = "da_chieu"
    THEO_LO_TRINH = "theo_lo_trinh"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanItem(_Declared):
    """This is one goal, requirement, audience, form, solution or duty of a plan."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="Mã trong kế hoạch, ví dụ mt-5.")
    text: str = Field(min_length=1, description="Nội dung, viết gọn.")
    certainty: PlanCertainty = Field(description="verified, secondary, recalled, unverified.")
    qualities: tuple[Quality, ...] = Field((), description="Các yêu cầu chất lượng được nêu.")
    target: str | None = Field(None, description="Chỉ tiêu, nếu kế hoạch có nêu.")
    note: str = Field("", description="Ghi chú.")


class Plan(_Declared):
    """This is the communication plan of one year."""

    id: str = Field(pattern=r"^[a-z]+-\d{4}$", description="Mã kế hoạch, ví dụ bnv-2023.")
    year: int = Field(description="Năm của kế hoạch.")
    title: str = Field(min_length=1, description="Tên kế hoạch.")
    number: str = Field("", description="Số, ký hiệu quyết định; bỏ trống nếu không rõ.")
    decided_on: date | None = Field(None, description="Ngày quyết định; bỏ trống nếu không rõ.")
    source: str = Field("", description="Nơi đã đọc.")
    certainty: PlanCertainty = Field(description="verified, secondary, recalled, unverified.")
    valid_from: date = Field(description="Ngày đầu của năm kế hoạch.")
    valid_to: date = Field(description="Ngày cuối của năm kế hoạch.")
    general_goal: str = Field("", description="Mục tiêu chung; bỏ trống nếu chưa đọc được.")
    goals: tuple[PlanItem, ...] = Field((), description="Mục tiêu cụ thể.")
    requirements: tuple[PlanItem, ...] = Field((), description="Yêu cầu.")
    audiences: tuple[PlanItem, ...] = Field((), description="Đối tượng.")
    forms: tuple[PlanItem, ...] = Field((), description="Hình thức.")
    solutions: tuple[PlanItem, ...] = Field((), description="Giải pháp.")
    duties: tuple[PlanItem, ...] = Field((), description="Trách nhiệm thực hiện.")
    note: str = Field("", description="Ghi chú.")

    def is_valid_on(self, day: date) -> bool:
        """Whether the plan's year holds `day`."""
        return self.valid_from <= day <= self.valid_to

    def qualities(self) -> tuple[Quality, ...]:
        """The qualities that its goals and requirements ask for, in their order."""
        asked = (
            quality for item in (*self.goals, *self.requirements) for quality in item.qualities
        )
        return tuple(dict.fromkeys(asked))


class PlanBook:
    """This is the set of known plans, asked by id and by day."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._by_id = {plan.id: plan for plan in plans}

    def __iter__(self) -> Iterator[Plan]:
        return iter(self._by_id.values())

    def get(self, plan_id: str) -> Plan:
        """The plan of this id; an unknown one is a `UsageError`."""
        if plan_id not in self._by_id:
            raise UsageError(f"{unknown('kế hoạch', plan_id, self._by_id)} {self._known()}")
        return self._by_id[plan_id]

    def of_day(self, day: date) -> Plan:
        """The plan of the year that holds `day`; for a period, ask for its last day."""
        for plan in self:
            if plan.is_valid_on(day):
                return plan
        raise UsageError(
            f"Chưa có kế hoạch tuyên truyền cải cách hành chính của năm {day.year}. "
            f"{self._known()} Chọn một kế hoạch bằng --plan MÃ."
        )

    def _known(self) -> str:
        return f"Các kế hoạch có sẵn: {', '.join(self._by_id)}."


def read_plans() -> PlanBook:
    """Read the plans that come with the program, the oldest first."""
    folder = files("domain") / "data" / "plans"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return PlanBook(parse_plan((folder / name).read_text(encoding="utf-8"), name) for name in names)


def parse_plan(text: str, where: str) -> Plan:
    """Read a plan from TOML text; `where` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Tệp kế hoạch {where} viết sai cú pháp TOML: {error}. Sửa dòng đó rồi chạy lại."
        ) from error
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise UsageError(explain(error, f"Tệp kế hoạch {where}", Plan)) from error
