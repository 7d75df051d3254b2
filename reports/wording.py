"""The templates that officers may change: which there are, and how a field in them is found."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from domain.errors import UsageError
from domain.validation import unknown

REPORT_TEXT: Final = "bao-cao.j2"
REPORT_PAGE: Final = "bao-cao.docx"
DIGEST_PAGE: Final = "diem-bao.html"
DIGEST_SHEET: Final = "diem-bao.typ"
#: Those kept as text; the Word one is made by `reports.document.template`.
TEXTS: Final = (REPORT_TEXT, DIGEST_PAGE, DIGEST_SHEET)
TEMPLATES: Final = (REPORT_PAGE, *TEXTS)
log = logging.getLogger(__name__)
#: So much of a line of a template stands in a message.
_SHOWN: Final = 80
_QUOTED = re.compile(r"'([^']*)'")


def shipped(name: str) -> bytes:
    """A template as it comes with the program."""
    if name == REPORT_PAGE:
        from reports.document.template import build

        return build()
    return (files("reports") / "templates" / name).read_bytes()


def template_text(name: str, own: Mapping[str, bytes]) -> str:
    """The officer's template of that name, else the one that comes with the program."""
    try:
        return (own[name] if name in own else shipped(name)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"Mẫu {name} không phải văn bản UTF-8. Lưu lại với mã UTF-8, hoặc chép lại mẫu gốc "
            "bằng diembao templates export."
        ) from error


def fill(name: str, source: str, fields: Mapping[str, Any], *, is_html: bool = False) -> str:
    """The template with its fields filled in.

    An unknown field, or a template that cannot be read, is a `UsageError` that names it.
    """
    # In the text of a report blank lines do not count, so no block may swallow the end of a line.
    pages = SandboxedEnvironment(
        autoescape=is_html, undefined=StrictUndefined, trim_blocks=is_html, lstrip_blocks=is_html
    )
    try:
        check(name, pages.parse(source), fields)
        return pages.from_string(source).render(fields)
    except TemplateSyntaxError as error:
        log.info("a template cannot be read", extra={"template": name, "reason": error.message})
        raise UsageError(
            f"Mẫu {name}, dòng {error.lineno}: viết sai cú pháp{_words_of(source, error.lineno)}. "
            "Sửa dòng đó, hoặc chép lại mẫu gốc bằng diembao templates export."
        ) from error
    except UndefinedError as error:
        field = (_QUOTED.findall(str(error)) or [str(error)])[-1]
        raise UsageError(
            f"Mẫu {name}{_line_of(error)}: không có trường “{field}”. Các trường: docs/reports.md."
        ) from error
    except TemplateError as error:
        log.info("a template cannot be filled", extra={"template": name, "reason": str(error)})
        raise UsageError(
            f"Mẫu {name} không dùng được: có lệnh không được phép hoặc không chạy được. Sửa mẫu "
            "rồi chạy lại."
        ) from error


def check(name: str, tree: nodes.Template, fields: Mapping[str, Any]) -> None:
    """Name the first field of a template that does not exist, used or not."""
    for field in sorted(find_undeclared_variables(tree)):
        if field not in fields:
            raise UsageError(
                f"Mẫu {name}: {unknown('trường', field, fields)} "
                f"Các trường: {', '.join(sorted(fields))}."
            )
    for found in tree.find_all(nodes.Getattr):
        owner = found.node
        held = fields.get(owner.name) if isinstance(owner, nodes.Name) else None
        if isinstance(owner, nodes.Name) and isinstance(held, Mapping) and found.attr not in held:
            raise UsageError(
                f"Mẫu {name}, dòng {found.lineno}: {unknown('trường', found.attr, held)} "
                f"Các trường của “{owner.name}”: {', '.join(sorted(held))}."
            )


def _words_of(source: str, line: int) -> str:
    """The words of a line of a template, in quotes after a space; "" where it has none."""
    lines = source.splitlines()
    words = lines[line - 1].strip()[:_SHOWN] if 0 < line <= len(lines) else ""
    return f" ở “{words}”" if words else ""


def _line_of(error: UndefinedError) -> str:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == "<template>"
    ]
    return f", dòng {lines[-1]}" if lines else ""
