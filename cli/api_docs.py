"""The page of the API's routes, made from the API's own description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from web import api

_HEAD = """\
# API: mọi đường · Routes of the API

What `/api/v1/openapi.json` says, as a page. Keys and examples: [api.md](api.md).

Những gì `/api/v1/openapi.json` nói, viết thành trang. Khóa và ví dụ: [api.md](api.md)."""


def routes_page() -> str:
    """Every route with its parameters and its answers."""
    app = FastAPI()
    app.include_router(api.router)
    parts = [_HEAD]
    for path, ways in app.openapi()["paths"].items():
        for way, told in ways.items():
            parts.append("\n".join(_route(f"{way.upper()} {path}", told)))
    return "\n\n".join(parts)


def _route(name: str, told: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    yield (told.get("description") or told["summary"]).strip() + "\n"
    if given := told.get("parameters"):
        yield "| tham số | ở | kiểu | mặc định | bắt buộc | ý nghĩa |"
        yield "|---|---|---|---|---|---|"
        for one in given:
            yield _parameter(one)
        yield ""
    yield "Trả lời: " + ", ".join(f"`{code}`" for code in told["responses"]) + "."


def _parameter(one: dict[str, Any]) -> str:
    form = one["schema"]
    kinds = [each.get("type", "") for each in form.get("anyOf", [form])]
    kind = " hoặc ".join(_KINDS.get(each, each) for each in kinds if each)
    standing = f"`{form['default']}`" if form.get("default") not in (None, "") else ""
    must = "có" if one.get("required") else ""
    said = (one.get("description") or "").replace("|", "\\|").replace("\n", " ")
    return f"| `{one['name']}` | {_PLACES[one['in']]} | {kind} | {standing} | {must} | {said} |"


_PLACES = {"path": "đường", "query": "câu hỏi", "header": "đầu thư", "cookie": "cookie"}
_KINDS = {
    "string": "chữ",
    "integer": "số nguyên",
    "number": "số",
    "boolean": "`true`, `false`",
    "array": "nhiều chữ",
    "null": "không có",
}
