"""Activities outside the press: conferences, posters, contests, training; planned and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ActivityKind(StrEnum):
    """This names the forms of communication that a plan lists beside the press."""

    CONFERENCE = "hoi_nghi"
    TRAINING = "tap_huan"
    POSTER = "pano_ap_phich"
    LEAFLET = "to_gap"
    CONTEST = "cuoc_thi"
    DIALOGUE = "toa_dam_doi_thoai"
    BULLETIN = "ban_tin"
    SOCIAL = "mang_xa_hoi"
    OTHER = "khac"


ACTIVITY_NAMES = {
    ActivityKind.CONFERENCE: "Hội nghị, quán triệt",
    ActivityKind.TRAINING: "Tập huấn",
    ActivityKind.POSTER: "Pa nô, áp phích",
    ActivityKind.LEAFLET: "Tờ gấp, tài liệu",
    ActivityKind.CONTEST: "Cuộc thi",
    ActivityKind.DIALOGUE: "Tọa đàm, đối thoại",
    ActivityKind.BULLETIN: "Bản tin",
    ActivityKind.SOCIAL: "Mạng xã hội",
    ActivityKind.OTHER: "Hình thức khác",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """This is one activity of an agency in a stretch of days, as a person entered it."""

    #: Number in the table, 0 before it is stored.
    id: int = 0
    #: Id of the agency that does it, "" where none was named.
    agency_id: str
    kind: ActivityKind
    title: str
    #: Both days included; equal where it took one day.
    first_day: date
    last_day: date
    #: How many the plan asks for and how many were done, in `unit`; None where that is not known.
    planned: int | None = None
    done: int | None = None
    #: What is counted: "hội nghị", "tờ", "lượt người".
    unit: str = ""
    note: str = ""
    #: Who entered it, and when, aware.
    author: str = ""
    entered_at: datetime | None = None
