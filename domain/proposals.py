"""What the plans leave open and figures need: which cells should be covered, who is addressed.

Both tables come with the program as proposals; an officer's own file replaces them and says who
approved it and when. Until then every figure that uses them says so.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.agencies import AgencyRegister
from domain.codes import AUDIENCE_NAMES, AUDIENCES, Area
from domain.errors import UsageError
from domain.plans import PROPOSALS
from domain.validation import explain, unknown

NOT_APPROVED = "đề xuất, chưa được phê duyệt"

Kind = Literal["bo", "co_quan_ngang_bo", "tinh", "thanh_pho_tw", "thuoc_chinh_phu"]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindMask(_Declared):
    """This says in which areas agencies of some kinds should be covered."""

    kinds: tuple[Kind, ...] = Field(description="Loại cơ quan.")
    areas: tuple[Area, ...] = Field(description="Các lĩnh vực cần có tin.")
    reason: str = Field("", description="Lý do.")


class AgencyMask(_Declared):
    """This says in which areas one agency should be covered, whatever its kind."""

    agency: str = Field(min_length=1, description="Mã cơ quan.")
    areas: tuple[Area, ...] = Field(description="Các lĩnh vực cần có tin.")
    reason: str = Field("", description="Lý do.")


class ProposalFile(_Declared):
    """This is a file of proposals as an officer writes it."""

    approved: bool = Field(False, description="Đã được phê duyệt hay chưa.")
    by: str = Field("", description="Ai phê duyệt.")
    on: date | None = Field(None, description="Ngày phê duyệt.")
    source: str = Field("", description="Căn cứ.")
    applicable: tuple[KindMask, ...] = Field(description="Ô cần có tin, theo loại cơ quan.")
    exceptions: tuple[AgencyMask, ...] = Field((), description="Ô cần có tin của riêng cơ quan.")
    weights: Mapping[Area, Mapping[str, float]] = Field(description="Tỷ trọng đối tượng.")


def _faults(declared: ProposalFile, register: AgencyRegister) -> Iterator[str]:
    if declared.approved and not (declared.by and declared.on):
        yield "approved = true thì phải ghi by (ai phê duyệt) và on (ngày nào)."
    for mask in declared.exceptions:
        if mask.agency not in {agency.id for agency in register.all()}:
            known = [agency.id for agency in register.all()]
            yield f"[[exceptions]]: {unknown('cơ quan', mask.agency, known)}"
    for area in Area:
        yield from _weight_faults(f"[weights.{area}]", declared.weights.get(area))


def _weight_faults(where: str, weights: Mapping[str, float] | None) -> Iterator[str]:
    if weights is None:
        yield f"thiếu bảng {where}."
        return
    for audience in weights:
        if audience not in AUDIENCES:
            yield f"{where}: {unknown('đối tượng', audience, AUDIENCES)}"
    if not all(0 <= weight <= 1 for weight in weights.values()):
        yield f"{where}: mỗi tỷ trọng phải từ 0 đến 1."
    elif not math.isclose(sum(weights.values()), 1, abs_tol=0.001):
        yield f"{where}: các tỷ trọng phải cộng lại bằng 1."


class Proposals:
    """This is the mask of cells and the weights of audiences, asked by agency and by area."""

    def __init__(self, declared: ProposalFile, register: AgencyRegister, version: str) -> None:
        #: Short hash of the file: equal versions answer equally.
        self.version = version
        self.approved = declared.approved
        #: Who approved it and when; "" and None while it is a proposal.
        self.by = declared.by if declared.approved else ""
        self.on = declared.on if declared.approved else None
        self.source = declared.source
        self._register = register
        self._by_kind: dict[str, frozenset[Area]] = {
            kind: frozenset(mask.areas) for mask in declared.applicable for kind in mask.kinds
        }
        self._by_agency = {mask.agency: frozenset(mask.areas) for mask in declared.exceptions}
        self._weights = {
            area: {audience: declared.weights[area].get(audience, 0.0) for audience in AUDIENCES}
            for area in Area
        }

    def applicable(self, agency_id: str, area: Area) -> bool:
        """Whether news of the agency in the area is to be expected.

        An agency of a kind that no row names is expected in every area: nothing is dropped unsaid.
        """
        if agency_id in self._by_agency:
            return area in self._by_agency[agency_id]
        kind = self._register.get(agency_id).kind
        return area in self._by_kind.get(kind, frozenset(Area))

    def weights(self, area: Area) -> dict[str, float]:
        """The share of the area's stories meant for each audience; they add up to 1."""
        return dict(self._weights[area])

    @property
    def note(self) -> str:
        """This says beside a figure whether the tables were approved, by whom and when."""
        if not self.approved or self.on is None:
            return NOT_APPROVED
        return f"{self.by} phê duyệt ngày {self.on:%d/%m/%Y}"

    def lines(self) -> list[str]:
        """The weights in words, one line an area."""
        return [
            f"{area}: "
            + ", ".join(
                f"{AUDIENCE_NAMES[audience]} {weight:.0%}"
                for audience, weight in self._weights[area].items()
                if weight
            )
            for area in Area
        ]


def read_proposals(register: AgencyRegister, folder: Path | None = None) -> Proposals:
    """The officer's proposals in `folder` where there are any, else those of the program."""
    own = folder / PROPOSALS if folder is not None else None
    if own is None or not own.exists():
        return parse_proposals(proposals_text(), f"domain/data/{PROPOSALS}", register)
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Không đọc được tệp {own}: {error}. Ghi lại tệp bằng UTF-8.") from error
    return parse_proposals(text, str(own), register)


def proposals_text() -> str:
    """The proposals that come with the program, as written: what an officer starts from."""
    return (files("domain") / "data" / PROPOSALS).read_text(encoding="utf-8")


def parse_proposals(text: str, where: str, register: AgencyRegister) -> Proposals:
    """Read proposals from TOML text; `where` names it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Tệp đề xuất {where} viết sai cú pháp TOML: {error}. Sửa dòng đó rồi chạy lại."
        ) from error
    try:
        declared = ProposalFile.model_validate(data)
    except ValidationError as error:
        raise UsageError(explain(error, f"Tệp đề xuất {where}", ProposalFile)) from error
    if faults := list(_faults(declared, register)):
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise UsageError(f"Tệp đề xuất {where} chưa đúng:\n{lines}")
    return Proposals(declared, register, hashlib.sha256(text.encode()).hexdigest()[:12])
