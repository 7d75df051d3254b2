"""The yearly communication plans on administrative reform, as data.

Each plan says how it is known: a part of a decision that could not be read is empty, never filled
in. No plan that was read sets a number to reach, so `PlanItem.target` is None and `Plan.targets`
empty until an officer enters some. A plan in the officer's own folder stands before one of the same
id that comes with the program.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.codes import Area
from domain.errors import UsageError
from domain.validation import explain, unknown

#: The file in an officer's folder that is no plan: see `domain.proposals`.
PROPOSALS = "proposals.toml"


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


class Milestone(_Declared):
    """This is something that the plan sets for a day: an event to be expected."""

    id: str = Field(pattern=r"^[a-z0-9-]+$", description="Mã trong kế hoạch, ví dụ moc-1.")
    day: date = Field(description="Ngày phải xong.")
    agency: str = Field(min_length=1, description="Mã cơ quan chủ trì.")
    title: str = Field(min_length=1, description="Việc phải xong.")
    areas: tuple[Area, ...] = Field((), description="Các lĩnh vực.")


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
    milestones: tuple[Milestone, ...] = Field((), description="Các mốc của lộ trình.")
    targets: Mapping[str, Annotated[float, Field(allow_inf_nan=False)]] = Field(
        {}, description="Chỉ tiêu: mã số liệu và con số cần đạt; bỏ trống nếu chưa có."
    )
    note: str = Field("", description="Ghi chú.")

    @field_validator("targets", mode="before")
    @classmethod
    def _dotted(cls, written: object) -> object:
        # TOML reads timely.within_72h = 0.6 as a table in a table; it is one figure's id.
        return dict(_flattened(written, "")) if isinstance(written, Mapping) else written

    def is_valid_on(self, day: date) -> bool:
        """Whether the plan's year holds `day`."""
        return self.valid_from <= day <= self.valid_to

    def qualities(self) -> tuple[Quality, ...]:
        """The qualities that its goals and requirements ask for, in their order."""
        asked = (
            quality for item in (*self.goals, *self.requirements) for quality in item.qualities
        )
        return tuple(dict.fromkeys(asked))


def _flattened(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


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


def read_plans(own: Path | None = None) -> PlanBook:
    """Read the plans of the program and, instead or beside them, those in the folder `own`."""
    plans = {plan.id: plan for plan in map(_shipped_plan, shipped_plan_ids())}
    for path in own_plan_files(own):
        plan = _own_plan(path)
        plans[plan.id] = plan
    return PlanBook(sorted(plans.values(), key=lambda plan: (plan.year, plan.id)))


def shipped_plan_ids() -> list[str]:
    """The ids of the plans that come with the program, the oldest first."""
    names = (entry.name for entry in (files("domain") / "data" / "plans").iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def shipped_plan_text(plan_id: str) -> str:
    """A plan of the program as written: what an officer starts from."""
    folder = files("domain") / "data" / "plans"
    return (folder / f"{plan_id}.toml").read_text(encoding="utf-8")


def own_plan_files(own: Path | None) -> list[Path]:
    """The plan files in an officer's folder, none where there is no such folder."""
    if own is None or not own.is_dir():
        return []
    return sorted(path for path in own.glob("*.toml") if path.name != PROPOSALS)


def _shipped_plan(plan_id: str) -> Plan:
    return parse_plan(shipped_plan_text(plan_id), f"{plan_id}.toml")


def _own_plan(path: Path) -> Plan:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Không đọc được tệp {path}: {error}. Ghi lại tệp bằng UTF-8.") from error
    plan = parse_plan(text, str(path))
    if plan.id != path.stem:
        raise UsageError(
            f"Tệp kế hoạch {path} ghi id = “{plan.id}”: tên tệp phải là {plan.id}.toml. "
            "Sửa id hoặc đổi tên tệp."
        )
    return plan


def parse_plan(text: str, where: str) -> Plan:
    """Read a plan from TOML text; `where` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Tệp kế hoạch {where} viết sai cú pháp TOML: {error}. Sửa dòng đó rồi chạy lại."
        ) from error
    try:
        plan = Plan.model_validate(data)
    except ValidationError as error:
        raise UsageError(explain(error, f"Tệp kế hoạch {where}", Plan)) from error
    if plan.valid_from > plan.valid_to:
        raise UsageError(f"Tệp kế hoạch {where}: valid_from phải trước valid_to.")
    return plan
