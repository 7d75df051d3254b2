"""The command `diembao`: options common to all commands, and how errors are told."""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path

import click

from cli import words
from cli.house import House
from domain.errors import DiembaoError, UsageError
from domain.validation import unknown

#: Command: where it is defined. It is imported when it is called: a search need not wait for the
#: crawler and the models to load.
COMMANDS = {
    "init": "cli.press:init",
    "run": "cli.press:run",
    "crawl": "cli.press:crawl",
    "tag": "cli.tagging:tag",
    "extract": "cli.press:extract",
    "search": "cli.search:search",
    "export": "cli.export:export",
    "digest": "cli.export:digest",
    "archive": "cli.archive:archive",
    "outlets": "cli.outlets:outlets",
    "schedule": "cli.schedule:schedule",
    "train": "cli.tagging:train",
    "evaluate": "cli.tagging:evaluate",
    "demo": "cli.press:demo",
}


_LOG_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class _Program(click.Group):
    """This finds the commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; an unknown one is a `UsageError`."""
        if cmd_name not in COMMANDS:
            raise UsageError(f"{unknown('lệnh', cmd_name, COMMANDS)} Xem: diembao --help")
        module, name = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        command.options_metavar = "[TÙY CHỌN]"
        return command


@click.group(
    cls=_Program,
    help="Điểm Báo: theo dõi báo chí viết về cải cách hành chính.",
    options_metavar="[TÙY CHỌN]",
    subcommand_metavar="LỆNH [THAM SỐ]...",
    context_settings={"max_content_width": 110},
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    metavar="TỆP",
    show_default=True,
    help="Tệp cấu hình.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    metavar="THƯ_MỤC",
    show_default=True,
    help="Thư mục của cơ sở dữ liệu, kho lưu trữ và báo cáo.",
)
@click.version_option(
    package_name="diembao", message="%(package)s %(version)s", help="In phiên bản rồi thoát."
)
@click.pass_context
def program(context: click.Context, config: Path, home: Path) -> None:
    """Every command works on one installation: a configuration and a home folder."""
    context.obj = House(config=config, home=home)


def main() -> None:
    """Run the command; errors go to stderr in Vietnamese, the exit status says what happened."""
    words.speak_vietnamese()
    logging.basicConfig(level=logging.WARNING, format=_LOG_LINE)
    try:
        status = program.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Abort:
        click.echo("Đã dừng theo yêu cầu.", err=True)
        sys.exit(1)
    except DiembaoError as error:
        click.echo(f"Lỗi: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has closed it (| head): that is no failure of the work.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)
