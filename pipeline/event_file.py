"""A file of official events as a person keeps it -> events, and what is wrong row by row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from domain.agencies import Agency, AgencyRegister
from domain.clock import VIETNAM
from domain.codes import AREA_NAMES, Area, DatePrecision
from domain.events import EVENT_KIND_NAMES, EventKind, EventOrigin, OfficialEvent
from domain.text import fold_for_search
from domain.validation import unknown
from pipeline.row_files import Columns, FileRow, RowError, as_written, match_columns, read_rows
from pipeline.row_times import written_time
from storage.events import event_key

NAMES: Mapping[str, Sequence[str]] = {
    "title": ("tiêu đề", "tên sự kiện", "sự kiện", "trích yếu", "nội dung", "tên", "headline"),
    "agency": ("cơ quan", "cơ quan ban hành", "đơn vị", "mã cơ quan", "agency_id", "issuer"),
    "at": ("ngày", "ngày ban hành", "thời gian", "ngày giờ", "date", "datePublished"),
    "number": ("số ký hiệu", "số, ký hiệu", "số hiệu", "số văn bản"),
    "kind": ("loại", "loại sự kiện", "type"),
    "areas": ("lĩnh vực", "area", "topics"),
    "text": ("toàn văn", "mô tả", "description", "articleBody"),
}
_KINDS = {
    fold_for_search(name): kind
    for kind, names in {
        EventKind.RELEASE: ("thông cáo", "thông cáo báo chí", "tin", "release"),
        EventKind.DOCUMENT: ("văn bản", "quyết định", "nghị quyết", "nghị định", "thông tư",
                             "chỉ thị", "kế hoạch", "công văn", "document"),
        EventKind.SESSION: ("hội nghị", "phiên họp", "họp báo", "lễ công bố", "session"),
        EventKind.MILESTONE: ("mốc", "mốc kế hoạch", "milestone"),
    }.items()
    for name in (kind.value, EVENT_KIND_NAMES[kind], *names)
}  # fmt: skip
_AREAS = {fold_for_search(name): area for area in Area for name in (area.value, AREA_NAMES[area])}
#: An event may be announced so far ahead; a day further ahead is a slip of the pen.
_MONTHS_AHEAD = 13
#: So many rows are named in a remark.
_NAMED = 20
_PEOPLES_COMMITTEE = re.compile(r"^(?:ubnd|uy ban nhan dan) ")


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFile:
    """This is what a file of events gave."""

    #: Good rows, each with its number in the file.
    events: tuple[tuple[int, OfficialEvent], ...]
    errors: tuple[RowError, ...]
    unused: tuple[str, ...]
    #: Rows that tell an event once more, and which row tells it first.
    repeated: tuple[str, ...] = ()
    #: What was taken for granted.
    remarks: tuple[str, ...] = ()


def read_event_file(
    path: Path, register: AgencyRegister, *, told: Mapping[str, str], now: datetime
) -> EventFile:
    """Read the events of a CSV, Excel or JSON-lines file; a bad row leaves the others good."""
    rows = read_rows(path, NAMES, told)
    columns = match_columns(rows, NAMES, required=("title", "agency", "at"), told=told, where=path)
    names = AgencyNames(register)
    events: list[tuple[int, OfficialEvent]] = []
    errors: list[RowError] = []
    repeated: list[str] = []
    untold: dict[EventKind, list[int]] = defaultdict(list)
    first: dict[str, int] = {}
    for row in rows:
        read = _read_row(row, columns, names, now)
        if not isinstance(read, OfficialEvent):
            errors += read
        elif (told_in := first.setdefault(event_key(read), row.number)) != row.number:
            repeated.append(
                f"Dòng {row.number}: trùng với dòng {told_in} (cùng cơ quan, cùng số ký hiệu hoặc "
                f"cùng ngày và tiêu đề); chỉ nhập dòng {told_in}."
            )
        else:
            events.append((row.number, read))
            if not columns.text(row, "kind"):
                untold[read.kind].append(row.number)
    return EventFile(
        events=tuple(events),
        errors=tuple(errors),
        unused=columns.unused,
        repeated=tuple(repeated),
        remarks=tuple(_untold_kinds(untold)),
    )


def _untold_kinds(taken: Mapping[EventKind, Sequence[int]]) -> Iterator[str]:
    """Say which kind was taken for the rows that write none."""
    for kind, numbers in taken.items():
        listed = ", ".join(map(str, numbers[:_NAMED])) + (", …" if numbers[_NAMED:] else "")
        yield (
            f"Dòng {listed}: không ghi loại, coi là {EVENT_KIND_NAMES[kind]} ({kind}). "
            "Nếu không phải, ghi cột “loại” trước khi nhập; xem trước bằng --dry-run."
        )


def _read_row(
    row: FileRow, columns: Columns, names: AgencyNames, now: datetime
) -> OfficialEvent | list[RowError]:
    if row.fault:
        return [RowError(number=row.number, column="", reason=row.fault)]
    faults: list[RowError] = []
    title = columns.text(row, "title")
    if not title:
        faults.append(columns.error(row, "title", "để trống"))
    at, precision = None, DatePrecision.UNKNOWN
    try:
        at, precision = _moment(as_written(columns.value(row, "at")), now)
    except ValueError as error:
        faults.append(columns.error(row, "at", str(error)))
    agency = ""
    try:
        agency = names.find(columns.text(row, "agency"), (at or now).date())
    except ValueError as error:
        faults.append(columns.error(row, "agency", str(error)))
    kind = _kind(columns.text(row, "kind"), columns.text(row, "number"))
    if kind is None:
        faults.append(columns.error(row, "kind", _not_a_kind(columns.text(row, "kind"))))
    areas: tuple[Area, ...] = ()
    try:
        areas = _areas(columns.text(row, "areas"))
    except ValueError as error:
        faults.append(columns.error(row, "areas", str(error)))
    if faults or at is None or kind is None:
        return faults
    return OfficialEvent(
        kind=kind,
        agency_id=agency,
        title=title,
        at=at,
        precision=precision,
        number=columns.text(row, "number"),
        text=columns.text(row, "text"),
        areas=areas,
        origin=EventOrigin.IMPORT,
    )


def _moment(written: str, now: datetime) -> tuple[datetime, DatePrecision]:
    if not written:
        raise ValueError("để trống")
    at, precision = written_time(written)
    today = now.astimezone(VIETNAM)
    ahead = (at.year - today.year) * 12 + at.month - today.month
    if (ahead, at.day) > (_MONTHS_AHEAD, today.day):
        raise ValueError(
            f"“{written}” quá xa: chỉ nhận sự kiện trong {_MONTHS_AHEAD} tháng tới. Ghi lại năm"
        )
    return at, precision


def _kind(written: str, number: str) -> EventKind | None:
    if not written:
        return EventKind.DOCUMENT if number else EventKind.SESSION
    return _KINDS.get(fold_for_search(written))


def _not_a_kind(written: str) -> str:
    names = "; ".join(f"{kind.value} ({EVENT_KIND_NAMES[kind]})" for kind in EventKind)
    return f"“{written}” không phải loại sự kiện. Các loại: {names}"


def _areas(written: str) -> tuple[Area, ...]:
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;|\n]", written.strip("[]")))):
        # A comma parts codes, but stands inside names ("Chỉ đạo, điều hành").
        pieces = [part] if fold_for_search(part) in _AREAS else part.split(",")
        for piece in pieces:
            area = _AREAS.get(fold_for_search(piece))
            if area is None:
                raise ValueError(
                    unknown("lĩnh vực", piece.strip().strip("'\""), list(Area))
                    + f" Các mã: {', '.join(Area)}; ngăn cách bằng dấu chấm phẩy"
                )
            found.append(area)
    return tuple(dict.fromkeys(found))


class AgencyNames:
    """This finds an agency by its id, or by a name it has, as people write it."""

    def __init__(self, register: AgencyRegister) -> None:
        self._register = register
        self._ids = {agency.id for agency in register.all()}
        self._named: dict[str, set[str]] = defaultdict(set)
        for agency in register.all():
            for name in (agency.id, *_names_of(agency)):
                self._named[fold_for_search(name)].add(agency.id)

    def find(self, written: str, day: date) -> str:
        """The id meant by `written` on `day`; a `ValueError` says why there is none.

        >>> from domain.agencies import read_register
        >>> AgencyNames(read_register()).find("UBND tỉnh Lào Cai", date(2026, 7, 1))
        'P34:lao_cai'
        """
        if not written:
            raise ValueError("để trống")
        if written in self._ids:
            return written
        folded = fold_for_search(written)
        bare = _PEOPLES_COMMITTEE.sub("", folded)
        found = next((self._named[name] for name in (folded, bare) if name in self._named), set())
        standing = {
            agency_id for agency_id in found if self._register.get(agency_id, day).is_valid_on(day)
        }
        if len(standing) == 1:
            return standing.pop()
        if standing:
            meant = ", ".join(sorted(standing))
            raise ValueError(f"“{written}” có thể là nhiều cơ quan: {meant}. Ghi mã cơ quan")
        if found:
            raise ValueError(f"“{written}” không tồn tại vào ngày {day:%d/%m/%Y}")
        # The nearest name is a guess for the person to take, never taken by itself.
        names = [name for agency in self._register.on(day) for name in _names_of(agency)]
        raise ValueError(unknown("cơ quan", written, names).rstrip("."))


def _names_of(agency: Agency) -> tuple[str, ...]:
    return (agency.official_name, *agency.aliases)
