"""Decisions on the review queue, read back from the workbook row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from domain.agencies import AgencyRegister
from domain.clock import VIETNAM
from domain.codes import AREA_NAMES, UNKNOWN, Area, Role
from domain.review import Decision, ReviewRow, Verdict, said_by, verdict_from_json
from domain.text import fold_for_search
from domain.validation import unknown
from pipeline.context import Context
from pipeline.row_files import Columns, FileRow, RowError, match_columns, read_rows
from reports import review_book as layout
from storage.lock import writer_lock
from storage.review import decide, rows_of

#: Numbers of articles have 52 bits.
_LONGEST_NUMBER: Final = 17
_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "decision": (layout.DECISION,),
    "relevant": (layout.RELEVANT,),
    **{str(area): (AREA_NAMES[area],) for area in Area},
    "focus": (layout.FOCUS,),
    "mention": (layout.MENTION,),
    **{field: (heading,) for field, heading in layout.CHOICE_HEADINGS.items()},
    "note": (layout.NOTE,),
    "number": (layout.NUMBER,),
    "machine": (layout.MACHINE,),
}
_YES: Final = frozenset({"co", "x", "1", "yes", "true"})
_NO: Final = frozenset({"", "khong", "0", "no", "false"})
#: Evidence, addresses and the like, which are only shown.
_SHOWN: Final = ("Tít", "Sapo", "Báo", "Ngày đăng", "Địa chỉ", "Lý do", "Mức liên quan",
                 "Căn cứ của máy", "Phần đầu bài")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """This says what was read back from a workbook."""

    #: Decisions that said anything new, and those known already.
    new: int
    known: int
    undecided: int
    errors: tuple[RowError, ...]
    unused: tuple[str, ...]


def import_decisions(
    context: Context, register: AgencyRegister, path: Path, *, author: str
) -> Taken:
    """Read decisions back; a row that cannot be used is told and stays in the queue."""
    rows = read_rows(path, _NAMES)
    columns = match_columns(rows, _NAMES, required=("number", "relevant"), where=path)
    errors: list[RowError] = []
    decisions: dict[int, Decision] = {}
    undecided = 0
    with writer_lock(context.home), context.engine.begin() as connection:
        numbers = [number for row in rows if (number := _number(columns, row)) is not None]
        queued = rows_of(connection, numbers)
        for row in rows:
            try:
                found = _decision(columns, row, queued, register)
            except _BadCell as bad:
                errors += bad.errors
                continue
            if found is None:
                undecided += 1
            elif found.article_id in decisions:
                errors.append(columns.error(row, "number", "bài này đã có ở một dòng trên"))
            else:
                decisions[found.article_id] = found
        new = decide(connection, list(decisions.values()), author=author, at=context.clock())
    return Taken(
        new=new,
        known=len(decisions) - new,
        undecided=undecided,
        errors=tuple(errors),
        unused=tuple(name for name in columns.unused if name not in _SHOWN),
    )


class _BadCell(Exception):
    """A row holds cells that cannot be used."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__()
        self.errors = errors


def _number(columns: Columns, row: FileRow) -> int | None:
    written = columns.text(row, "number")
    is_number = written.isascii() and written.isdigit() and len(written) < _LONGEST_NUMBER
    return int(written) if is_number else None


def _decision(
    columns: Columns, row: FileRow, queued: Mapping[int, ReviewRow], register: AgencyRegister
) -> Decision | None:
    """The decision of a row, None where nothing was decided."""
    if row.fault:
        raise _BadCell([RowError(number=row.number, column="", reason=row.fault)])
    number = _number(columns, row)
    item = queued.get(number) if number is not None else None
    if number is None or item is None:
        reason = f"không có bài “{columns.text(row, 'number')}” trong hàng đợi; đừng sửa cột này"
        raise _BadCell([columns.error(row, "number", reason)])
    errors: list[RowError] = []
    verdict = _verdict(columns, row, item, register, errors)
    machine = _machine(columns, row, item)
    said = columns.text(row, "decision")
    if not said and not errors and verdict == _tidy(machine):
        return None
    if said and fold_for_search(said) not in _DECISIONS:
        hint = f"“{said}” không có trong danh sách: {layout.RIGHT}, {layout.CHANGED} hoặc để trống"
        errors.append(columns.error(row, "decision", hint))
    if not errors and verdict.relevant and not verdict.areas:
        errors.append(columns.error(row, "relevant", "bài liên quan cần ít nhất một lĩnh vực"))
    if errors:
        raise _BadCell(errors)
    return Decision(article_id=number, verdict=verdict, note=columns.text(row, "note"))


_DECISIONS: Final = frozenset(map(fold_for_search, (layout.RIGHT, layout.CHANGED)))


def _machine(columns: Columns, row: FileRow, item: ReviewRow) -> Verdict:
    """What stood in the cells when the workbook was written."""
    try:
        return verdict_from_json(json.loads(columns.text(row, "machine")))
    except (ValueError, KeyError, TypeError, AttributeError):
        # The column was cut out or damaged: what the machine says today stands for it.
        return said_by(item.finding)


def _verdict(
    columns: Columns,
    row: FileRow,
    item: ReviewRow,
    register: AgencyRegister,
    errors: list[RowError],
) -> Verdict:
    def yes(field: str) -> bool:
        written = columns.text(row, field)
        folded = fold_for_search(written)
        if folded not in _YES | _NO:
            errors.append(
                columns.error(row, field, f"“{written}”: chỉ nhận {layout.YES} hoặc {layout.NO}")
            )
        return folded in _YES

    def choice(field: str) -> str:
        written = columns.text(row, field)
        codes = {fold_for_search(name): code for code, name in layout.CHOICES[field].items()}
        codes |= {fold_for_search(code): code for code in layout.CHOICES[field]}
        found = codes.get(fold_for_search(written)) if written else UNKNOWN
        if found is None:
            known = list(layout.CHOICES[field].values())
            errors.append(columns.error(row, field, unknown("giá trị", written, known)))
        return found or UNKNOWN

    agencies: dict[str, Role] = {}
    for field, role in (("mention", Role.MENTION), ("focus", Role.FOCUS)):
        for written in columns.text(row, field).split(layout.JOINT.strip()):
            if written.strip():
                agency = _agency(columns, row, field, written.strip(), item, register, errors)
                if agency:
                    agencies[agency] = role
    return _tidy(
        Verdict(
            relevant=yes("relevant"),
            areas=tuple(area for area in Area if yes(area)),
            agencies=dict(sorted(agencies.items())),
            form=choice("form"),
            tone=choice("tone"),
            audience=choice("audience"),
            aspect=choice("aspect"),
        )
    )


def _tidy(verdict: Verdict) -> Verdict:
    """The same tags without what relevance rules out, in one order."""
    aspect = verdict.aspect
    if not verdict.relevant:
        aspect = "na"
    elif aspect == "na":
        aspect = UNKNOWN
    return Verdict(
        relevant=verdict.relevant,
        areas=tuple(sorted(verdict.areas)) if verdict.relevant else (),
        agencies=dict(sorted(verdict.agencies.items())),
        form=verdict.form,
        tone=verdict.tone,
        audience=verdict.audience,
        aspect=aspect,
    )


def _agency(
    columns: Columns,
    row: FileRow,
    field: str,
    written: str,
    item: ReviewRow,
    register: AgencyRegister,
    errors: list[RowError],
) -> str | None:
    """The id of a name on the article's day, None and an error where there is none."""
    day = item.at.astimezone(VIETNAM).date()
    # What the machine named is known by that name, whatever the register says of the day.
    names = _names_on(register, day) | {
        fold_for_search(register.get(tag.id, day).official_name): tag.id
        for tag in item.finding.agencies
    }
    found = names.get(fold_for_search(written))
    if found is None:
        hint = unknown("cơ quan", written, [agency.official_name for agency in register.on(day)])
        errors.append(columns.error(row, field, f"{hint} Tên, mã: trang “Cơ quan”."))
    return found


def _names_on(register: AgencyRegister, day: date) -> dict[str, str]:
    """Id by folded name, alias or id; an official name beats an alias."""
    names: dict[str, str] = {}
    standing = [agency for agency in register.on(day) if register.is_output(agency.id)]
    for agency in standing:
        names.setdefault(fold_for_search(agency.official_name), agency.id)
    for agency in standing:
        for alias in (agency.id, *agency.aliases):
            names.setdefault(fold_for_search(alias), agency.id)
    return names
