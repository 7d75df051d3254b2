"""Agencies through time: who existed on a day, and who took over from whom.

A row of ``data/agencies.csv`` is one validity span: an agency that changed its name or its rank
without becoming another (Đồng Nai, a province until 29/04/2026 and a city since) has several rows
under one id. Who took over from whom stands once, in ``data/successions.csv``. The columns
``source`` and ``gso_code`` are for people: a statistics code means another unit after 01/07/2025.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

from domain.errors import UsageError
from domain.validation import unknown

#: In the data this day stands for "on or before": the register says nothing of earlier years.
_FIRST_DAY: Final = "2021-01-01"

MINISTRY_KINDS = frozenset({"bo", "co_quan_ngang_bo"})
PROVINCE_KINDS = frozenset({"tinh", "thanh_pho_tw"})
UNDER_GOVERNMENT = "thuoc_chinh_phu"
#: Kinds and single agencies that a tag may name; the others serve matching and roll-up.
_OUTPUT_KINDS = MINISTRY_KINDS | PROVINCE_KINDS | {UNDER_GOVERNMENT, "ban_chi_dao"}
_OUTPUT_IDS = frozenset({"KTNN", "TANDTC", "VKSNDTC"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """This is one agency over one span of days in which its name and rank did not change."""

    id: str
    #: ``central``, ``sub`` (a unit of a ministry) or ``province``.
    level: str
    kind: str
    official_name: str
    aliases: tuple[str, ...]
    #: First day, inclusive; None means on or before 01/01/2021.
    valid_from: date | None
    #: Last day, inclusive; None where the span still runs.
    valid_to: date | None
    legal_instrument: str
    #: How names are matched: ``exact``, ``prefix`` or ``context``, with ``+`` options.
    match_rule: str
    #: ``verified`` or ``recalled``.
    confidence: str
    note: str
    #: Id of the ministry that a unit belongs to in this span, "" for an agency of its own.
    parent: str = ""

    def is_valid_on(self, day: date) -> bool:
        """Whether the agency stood under this name and rank on `day`."""
        return self.days_from(day) == 0

    def days_from(self, day: date) -> int:
        """How many days `day` lies outside the span, 0 inside it."""
        if self.valid_from is not None and day < self.valid_from:
            return (self.valid_from - day).days
        if self.valid_to is not None and day > self.valid_to:
            return (day - self.valid_to).days
        return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Succession:
    """This says that another agency took over, or handed over, all or part of the work."""

    id: str
    #: True for the chief heir, to which figures roll up.
    main: bool
    #: What went over, "" where it was everything.
    scope: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SuccessionRow:
    """This is one line of the succession table, told from neither side."""

    predecessor: str
    successor: str
    main: bool
    scope: str


class AgencyRegister:
    """This is the register of agencies, asked by id and by day."""

    def __init__(
        self, agencies: Iterable[Agency], successions: Iterable[SuccessionRow], version: str
    ) -> None:
        #: Short hash of the data: equal versions answer equally.
        self.version = version
        self._all = tuple(agencies)
        self._spans = _spans_by_id(self._all)
        self._heirs: dict[str, list[Succession]] = defaultdict(list)
        self._forebears: dict[str, list[Succession]] = defaultdict(list)
        for row in successions:
            self._heirs[row.predecessor].append(
                Succession(id=row.successor, main=row.main, scope=row.scope)
            )
            self._forebears[row.successor].append(
                Succession(id=row.predecessor, main=row.main, scope=row.scope)
            )

    def all(self) -> tuple[Agency, ...]:
        """Every span of every agency, in the order of the data."""
        return self._all

    def on(self, day: date) -> tuple[Agency, ...]:
        """The agencies that stood on `day`."""
        return tuple(agency for agency in self._all if agency.is_valid_on(day))

    def spans(self, agency_id: str) -> tuple[Agency, ...]:
        """All spans of an agency, oldest first; an unknown id is a `UsageError`."""
        found = self._spans.get(agency_id) or self._spans.get(self._meant(agency_id))
        if found is None:
            raise UsageError(
                unknown("cơ quan", agency_id, [*self._spans, *self._names().values()])
                + " Gõ mã cơ quan (BNV, P34:dong_nai) hoặc tên đầy đủ như trong văn bản."
            )
        return found

    def _meant(self, told: str) -> str:
        """The id that a person meant who typed it in other letters, or a full name; else ""."""
        wanted = told.strip().casefold()
        ids = {name_id for name_id, name in self._names().items() if name.casefold() == wanted}
        ids |= {agency_id for agency_id in self._spans if agency_id.casefold() == wanted}
        return ids.pop() if len(ids) == 1 else ""

    def _names(self) -> dict[str, str]:
        """The latest official name of each agency, by id."""
        return {agency_id: spans[-1].official_name for agency_id, spans in self._spans.items()}

    def get(self, agency_id: str, day: date | None = None) -> Agency:
        """The agency as it was on `day`: the span that holds it, else the nearest; latest if None.

        >>> read_register().get("P34:dong_nai", date(2026, 4, 29)).official_name
        'Tỉnh Đồng Nai'
        >>> read_register().get("P34:dong_nai").official_name
        'Thành phố Đồng Nai'
        """
        spans = self.spans(agency_id)
        return spans[-1] if day is None else min(spans, key=lambda span: span.days_from(day))

    def successors(self, agency_id: str) -> tuple[Succession, ...]:
        """Who took over from the agency, the chief heir first."""
        self.spans(agency_id)
        return _main_first(self._heirs.get(agency_id, []))

    def predecessors(self, agency_id: str) -> tuple[Succession, ...]:
        """From whom the agency took over; ``main`` where it is the chief heir of that one."""
        self.spans(agency_id)
        return _main_first(self._forebears.get(agency_id, []))

    def rolled_up(self, agency_id: str, day: date) -> str:
        """The id under which the agency's figures stand on `day`.

        That is its own while it lasts, afterwards that of its chief heir, and so on.

        >>> read_register().rolled_up("P63:thua_thien_hue", date(2026, 7, 1))
        'P34:hue'
        """
        last = self.spans(agency_id)[-1].valid_to
        if last is None or day <= last:
            return agency_id
        heirs = [heir.id for heir in self.successors(agency_id) if heir.main]
        return self.rolled_up(heirs[0], day) if heirs else agency_id

    def ministries(self, day: date) -> tuple[Agency, ...]:
        """Ministries and ministry-level agencies on `day`."""
        return tuple(agency for agency in self.on(day) if agency.kind in MINISTRY_KINDS)

    def provinces(self, day: date) -> tuple[Agency, ...]:
        """Provinces and centrally-run cities on `day`."""
        return tuple(agency for agency in self.on(day) if agency.kind in PROVINCE_KINDS)

    def under_government(self, day: date) -> tuple[Agency, ...]:
        """Agencies under the Government that are not ministries, on `day`."""
        return tuple(agency for agency in self.on(day) if agency.kind == UNDER_GOVERNMENT)

    def is_output(self, agency_id: str) -> bool:
        """Whether a tag may name this agency."""
        return agency_id in _OUTPUT_IDS or self.get(agency_id).kind in _OUTPUT_KINDS

    def parent(self, agency_id: str, day: date | None = None) -> str:
        """The ministry that a unit counts for on `day` (today if None), "" if it stands alone."""
        return self.get(agency_id, day).parent


def read_register() -> AgencyRegister:
    """Read the register that comes with the program."""
    folder = files("domain") / "data"
    agencies = (folder / "agencies.csv").read_text(encoding="utf-8")
    successions = (folder / "successions.csv").read_text(encoding="utf-8")
    version = hashlib.sha256((agencies + successions).encode()).hexdigest()[:12]
    return AgencyRegister(
        map(_agency, csv.DictReader(agencies.splitlines())),
        map(_succession, csv.DictReader(successions.splitlines())),
        version,
    )


def _agency(row: dict[str, str]) -> Agency:
    valid_from = row["valid_from"]
    return Agency(
        id=row["id"],
        level=row["level"],
        kind=row["kind"],
        official_name=row["official_name"],
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        valid_from=None if valid_from == _FIRST_DAY else date.fromisoformat(valid_from),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        legal_instrument=row["legal_instrument"],
        match_rule=row["match_rule"],
        confidence=row["confidence"],
        note=row["note"],
        parent=row["parent"],
    )


def _succession(row: dict[str, str]) -> SuccessionRow:
    return SuccessionRow(
        predecessor=row["predecessor"],
        successor=row["successor"],
        main=row["main"] == "1",
        scope=row["scope"],
    )


def _spans_by_id(agencies: Iterable[Agency]) -> dict[str, tuple[Agency, ...]]:
    spans: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies:
        spans[agency.id].append(agency)
    return {
        agency_id: tuple(sorted(held, key=lambda span: span.valid_from or date.min))
        for agency_id, held in spans.items()
    }


def _main_first(links: Iterable[Succession]) -> tuple[Succession, ...]:
    return tuple(sorted(links, key=lambda link: not link.main))
