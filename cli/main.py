"""The command `diembao`: options common to all commands, and how errors are told."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from cli import words
from cli.export import digest, export
from cli.house import House
from cli.press import crawl, demo, extract, init, run
from cli.schedule import schedule
from cli.search import search
from cli.tagging import evaluate, tag, train
from domain.errors import DiembaoError


@click.group(help="Điểm Báo: theo dõi báo chí viết về cải cách hành chính.")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    show_default=True,
    help="Tệp cấu hình.",
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var"),
    show_default=True,
    help="Thư mục của cơ sở dữ liệu, kho lưu trữ và báo cáo.",
)
@click.version_option(package_name="diembao", message="%(package)s %(version)s")
@click.pass_context
def program(context: click.Context, config: Path, home: Path) -> None:
    """Every command works on one installation: a configuration and a home folder."""
    context.obj = House(config=config, home=home)


for command in (
    init, run, crawl, tag, extract, search, export, digest, schedule, train, evaluate, demo,
):  # fmt: skip
    program.add_command(command)


def main() -> None:
    """Run the command; errors go to stderr in Vietnamese, the exit status says what happened."""
    words.speak_vietnamese()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
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
