"""The pages that are made from the program itself: `python -m cli.docs` writes them.

Settings are declared once, in `domain/settings.py`, commands once, in `cli/`, measures once, in
`measures/`; these pages say the same in `docs/`, and a test fails where they do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cli import words
from cli.api_docs import routes_page
from cli.main import COMMANDS, program
from cli.measure_docs import measures_page
from domain.settings import Settings

FOLDER = Path(__file__).parents[1] / "docs"
_MADE = "<!-- Made by `python -m cli.docs`; edit {source} instead. -->"
_WIDTH = 100

_SETTINGS_HEAD = """\
# Settings · Các mục cấu hình

`config.toml` is the only file an operator edits. A line left out takes its default; a name that is
not listed here is refused with a suggestion, and nothing is started. A relative `outlets_folder`
is meant from the file that names it.

`config.toml` là tệp duy nhất cần sửa. Bỏ một dòng thì giá trị mặc định được dùng; tên không có
trong bảng dưới đây bị từ chối kèm gợi ý và không việc nào được bắt đầu. Đường dẫn tương đối của
`outlets_folder` tính từ thư mục của tệp cấu hình."""

_CLI_HEAD = """\
# Commands · Các lệnh

Exit status: 0 the work is done; 1 the work failed, and the message says what, where and what to do;
2 the arguments or the configuration cannot be used, and nothing was started.

Mã thoát: 0 là xong việc; 1 là việc không thành, thông báo nói rõ cái gì, ở đâu và cần làm gì;
2 là tham số hoặc cấu hình không dùng được, chưa việc nào được bắt đầu."""


def pages() -> dict[str, str]:
    """The text of each made page, by its file name."""
    words.speak_vietnamese()
    return {
        "settings.md": settings_page(),
        "cli.md": commands_page(),
        "measures.md": measures_page(),
        "api-routes.md": f"{_MADE.format(source='`web/api.py`')}\n\n{routes_page()}\n",
    }


def settings_page() -> str:
    """Every setting with its default and its help, section by section."""
    parts = [_MADE.format(source="`domain/settings.py`"), _SETTINGS_HEAD]
    for name, field in Settings.model_fields.items():
        section = cast(type[BaseModel], field.annotation)
        parts.append(f"## [{name}]\n\n{field.description}")
        parts.append("\n".join(_setting_rows(section)))
    return "\n\n".join(parts) + "\n"


def _setting_rows(section: type[BaseModel]) -> Iterator[str]:
    yield "| mục | mặc định | ý nghĩa |"
    yield "|---|---|---|"
    for key, field in section.model_fields.items():
        yield f"| `{key}` | `{_as_toml(field)}` | {_cell(field.description or '')} |"


def _as_toml(field: FieldInfo) -> str:
    return json.dumps(field.default, ensure_ascii=False)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def commands_page() -> str:
    """The help of the program and of each command, as a terminal shows it."""
    parts = [_MADE.format(source="the help texts in `cli/`"), _CLI_HEAD]
    parts.append(_shown("diembao", program))
    with click.Context(program, info_name="diembao") as context:
        for name in COMMANDS:
            command = program.get_command(context, name)
            assert command is not None
            parts.extend(_with_subcommands(f"diembao {name}", command))
    return "\n\n".join(parts) + "\n"


def _with_subcommands(name: str, command: click.Command) -> Iterator[str]:
    yield _shown(name, command)
    if isinstance(command, click.Group):
        for part in command.commands:
            yield from _with_subcommands(f"{name} {part}", command.commands[part])


def _shown(name: str, command: click.Command) -> str:
    with click.Context(
        command, info_name=name, terminal_width=_WIDTH, max_content_width=_WIDTH
    ) as context:
        return f"## {name}\n\n```text\n{command.get_help(context)}\n```"


def write_pages(folder: Path) -> list[Path]:
    """Write the pages into a folder; where they are."""
    written = []
    for name, text in pages().items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for made in write_pages(FOLDER):
        click.echo(made.name)
