"""What is measured: which period, over which outlets and agencies, and by what rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.agencies import AgencyRegister
from domain.outlets import OutletBook
from domain.periods import Period
from domain.records import SourceDay


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """This is what all measures of one set of figures have in common."""

    period: Period
    register: AgencyRegister
    #: The outlets to be watched: the M of "observed N of M".
    outlets: OutletBook
    source_days: Sequence[SourceDay]
    #: Observed share below which an empty cell is unknown.
    threshold: float
    #: The day whose register holds; for a trend, that of the later period.
    as_of: date
    #: Id of the one agency measured, None for the whole country.
    agency: str | None = None
    #: Whether the agencies under the Government stand beside ministries and provinces.
    under_government: bool = False

    def heir(self, agency_id: str) -> str:
        """The id under which an agency's figures stand on the day of the register."""
        return self.register.rolled_up(agency_id, self.as_of)

    def name(self, agency_id: str) -> str:
        """The official name of an agency on the day of the register."""
        return self.register.get(agency_id, self.as_of).official_name
