"""A file of activities outside the press, as a person keeps it -> activities, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from domain.activities import ACTIVITY_NAMES, Activity, ActivityKind
from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.text import fold_for_search
from pipeline.event_file import AgencyNames
from pipeline.row_files import Columns, FileRow, RowError, as_written, match_columns, read_rows

NAMES: Mapping[str, Sequence[str]] = {
    "title": ("nội dung", "tên hoạt động", "hoạt động", "tên"),
    "kind": ("hình thức", "loại", "loại hoạt động"),
    "first_day": ("từ ngày", "ngày", "ngày bắt đầu", "thời gian"),
    "last_day": ("đến ngày", "ngày kết thúc"),
    "agency": ("cơ quan", "cơ quan thực hiện", "đơn vị", "đơn vị thực hiện"),
    "planned": ("kế hoạch", "số kế hoạch", "chỉ tiêu"),
    "done": ("thực hiện", "đã thực hiện", "kết quả", "số thực hiện"),
    "unit": ("đơn vị tính", "đvt"),
    "note": ("ghi chú",),
}
_KINDS: Final = {
    fold_for_search(name): kind
    for kind, names in {
        ActivityKind.CONFERENCE: ("hội nghị", "quán triệt", "hội nghị quán triệt"),
        ActivityKind.TRAINING: ("tập huấn", "lớp tập huấn", "đào tạo"),
        ActivityKind.POSTER: ("pa nô", "pano", "áp phích", "băng rôn"),
        ActivityKind.LEAFLET: ("tờ gấp", "tờ rơi", "tài liệu", "sổ tay"),
        ActivityKind.CONTEST: ("cuộc thi", "hội thi", "sân khấu hóa"),
        ActivityKind.DIALOGUE: ("tọa đàm", "đối thoại"),
        ActivityKind.BULLETIN: ("bản tin", "bản tin điện tử"),
        ActivityKind.SOCIAL: ("mạng xã hội", "fanpage", "zalo", "facebook"),
        ActivityKind.OTHER: ("khác",),
    }.items()
    for name in (kind.value, ACTIVITY_NAMES[kind], *names)
}
_DAY_FORMS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityFile:
    """This is what a file of activities gave."""

    activities: tuple[Activity, ...]
    errors: tuple[RowError, ...]
    unused: tuple[str, ...]


def read_activity_file(
    path: Path,
    register: AgencyRegister,
    *,
    told: Mapping[str, str],
    author: str,
    now: datetime,
) -> ActivityFile:
    """Read a CSV, Excel or JSON-lines file; a bad row leaves the others good."""
    rows = read_rows(path, NAMES, told)
    columns = match_columns(
        rows, NAMES, required=("title", "kind", "first_day"), told=told, where=path
    )
    names = AgencyNames(register)
    good, errors = [], []
    for row in rows:
        read = _read_row(row, columns, names)
        if isinstance(read, Activity):
            good.append(replace(read, author=author, entered_at=now))
        else:
            errors += read
    return ActivityFile(activities=tuple(good), errors=tuple(errors), unused=columns.unused)


def _read_row(row: FileRow, columns: Columns, names: AgencyNames) -> Activity | list[RowError]:
    if row.fault:
        return [RowError(number=row.number, column="", reason=row.fault)]
    faults: list[RowError] = []
    title = columns.text(row, "title")
    if not title:
        faults.append(columns.error(row, "title", "để trống"))
    kind = _KINDS.get(fold_for_search(columns.text(row, "kind")))
    if kind is None:
        faults.append(columns.error(row, "kind", not_a_kind(columns.text(row, "kind"))))
    first, last = _days(row, columns, faults)
    agency = _agency(row, columns, names, first, faults)
    planned, done = (_count(row, columns, field, faults) for field in ("planned", "done"))
    if faults or kind is None or first is None or last is None:
        return faults
    return Activity(
        agency_id=agency,
        kind=kind,
        title=title,
        first_day=first,
        last_day=last,
        planned=planned,
        done=done,
        unit=columns.text(row, "unit"),
        note=columns.text(row, "note"),
    )


def not_a_kind(written: str) -> str:
    """What to say of a form that is none."""
    names = "; ".join(f"{kind.value} ({ACTIVITY_NAMES[kind]})" for kind in ActivityKind)
    return f"“{written}” không phải hình thức. Các hình thức: {names}"


def _days(
    row: FileRow, columns: Columns, faults: list[RowError]
) -> tuple[date | None, date | None]:
    found: dict[str, date | None] = {}
    for field in ("first_day", "last_day"):
        written = as_written(columns.value(row, field))
        try:
            found[field] = _day(written) if written else None
        except ValueError as error:
            faults.append(columns.error(row, field, str(error)))
            return None, None
    first, last = found["first_day"], found["last_day"] or found["first_day"]
    if first is None:
        faults.append(columns.error(row, "first_day", "để trống"))
    elif last is not None and last < first:
        faults.append(columns.error(row, "last_day", "trước ngày bắt đầu"))
    return first, last


def _day(written: str) -> date:
    words = written.strip().replace("T", " ").split()
    for form in _DAY_FORMS if words else ():
        try:
            return datetime.strptime(words[0], form).replace(tzinfo=VIETNAM).date()
        except ValueError:
            continue
    raise ValueError(f"“{written}” không phải ngày. Viết 01/07/2026")


def _agency(
    row: FileRow,
    columns: Columns,
    names: AgencyNames,
    day: date | None,
    faults: list[RowError],
) -> str:
    written = columns.text(row, "agency")
    if not written or day is None:
        return ""
    try:
        return names.find(written, day)
    except ValueError as error:
        faults.append(columns.error(row, "agency", str(error)))
        return ""


def _count(row: FileRow, columns: Columns, field: str, faults: list[RowError]) -> int | None:
    written = columns.text(row, field).replace(".", "").replace(" ", "")
    if not written:
        return None
    if not written.isdecimal():
        faults.append(columns.error(row, field, f"“{columns.text(row, field)}” không phải số đếm"))
        return None
    return int(written)
