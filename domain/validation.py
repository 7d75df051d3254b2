"""Vietnamese explanations of what is wrong with a file of settings or declarations."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel, ValidationError

_REASONS = {
    "missing": "thiếu mục bắt buộc này",
    "string_type": "phải là chuỗi ký tự trong dấu nháy",
    "int_type": "phải là số nguyên",
    "int_parsing": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "float_parsing": "phải là số",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "tuple_type": "phải là một danh sách [...]",
    "list_type": "phải là một danh sách [...]",
    "dict_type": "phải là một bảng [tên]",
    "model_type": "phải là một bảng [tên]",
    "date_parsing": "phải là ngày dạng 2026-07-01",
    "date_from_datetime_parsing": "phải là ngày dạng 2026-07-01",
    "string_too_short": "không được để trống",
    "too_short": "không được để trống",
}


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is not known and which one may have been meant."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    hint = f" Có phải “{near[0]}”?" if near else ""
    return f"Không có {what} “{name}”.{hint}"


def explain(error: ValidationError, where: str, model: type[BaseModel]) -> str:
    """Say in Vietnamese what is wrong in `where`, one line a fault."""
    lines = [_line(dict(fault), model) for fault in error.errors(include_url=False)]
    return f"{where} chưa đúng:\n" + "\n".join(f"  - {line}" for line in lines)


def _line(fault: dict[str, object], model: type[BaseModel]) -> str:
    loc = fault["loc"]
    assert isinstance(loc, tuple)
    key = ".".join(str(part) for part in loc)
    kind = str(fault["type"])
    if kind == "extra_forbidden":
        return f"không có mục “{key}”.{_suggest(loc, model)}"
    context = fault.get("ctx")
    context = context if isinstance(context, dict) else {}
    if kind in {"enum", "literal_error"}:
        return f"“{key}” = {fault['input']!r}: chỉ nhận {context.get('expected')}."
    if kind in {"greater_than_equal", "greater_than", "less_than_equal", "less_than"}:
        sign = {"ge": "từ", "gt": "trên", "le": "đến", "lt": "dưới"}
        limits = ", ".join(f"{sign[k]} {v}" for k, v in context.items() if k in sign)
        return f"“{key}” = {fault['input']!r}: chỉ nhận giá trị {limits}."
    if kind == "string_pattern_mismatch":
        return f"“{key}” = {fault['input']!r}: phải có dạng {context.get('pattern')}."
    if kind == "value_error":
        return f"“{key}” = {fault['input']!r}: {context.get('error')}."
    reason = _REASONS.get(kind, str(fault["msg"]))
    shown = "" if kind == "missing" else f" = {fault['input']!r}"
    return f"“{key}”{shown}: {reason}."


def _suggest(loc: tuple[object, ...], model: type[BaseModel]) -> str:
    fields = _fields_at(loc[:-1], model)
    near = difflib.get_close_matches(str(loc[-1]), fields, n=1, cutoff=0.6)
    if near:
        return f" Có phải “{near[0]}”?"
    return f" Các mục nhận được: {', '.join(fields)}." if fields else ""


def _fields_at(path: tuple[object, ...], model: type[BaseModel]) -> list[str]:
    current: type[BaseModel] | None = model
    for part in path:
        if current is None or isinstance(part, int):
            continue
        info = current.model_fields.get(str(part))
        current = _model_in(info.annotation) if info else None
    return list(current.model_fields) if current else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
