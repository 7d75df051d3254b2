"""`diembao tag`: the reading of texts.

What only the stored articles need is imported when they are tagged: a stream need not wait for it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cli.house import House
from cli.tag_stream import tag_lines
from domain.settings import Settings
from nlp.tagger import Tagger
from pipeline.models import open_tagger
from pipeline.opening import watched_outlets
from reports.vietnamese import number

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.command(help="Gắn nhãn các bài đã lưu, hoặc các dòng JSON bất kỳ (--in, --out).")
@click.option("--retag", is_flag=True, help="Gắn lại cả những bài đã có nhãn; sửa tay vẫn giữ.")
@click.option("--in", "source", type=_FILE, metavar="TỆP", help="Tệp JSON từng dòng; - là ống dẫn.")
@click.option("--out", "target", type=_FILE, metavar="TỆP", help="Tệp kết quả; - là ống dẫn.")
@click.pass_obj
def tag(house: House, retag: bool, source: Path | None, target: Path | None) -> None:
    """Tag what is stored, or a stream of JSON lines."""
    if (source is None) != (target is None):
        raise click.UsageError("--in và --out phải đi cùng nhau.")
    if source is None or target is None:
        from pipeline.run import tag_only

        done = tag_only(house.open(create=True), retag=retag)
        click.echo(f"Đã gắn nhãn {number(done.tagged)} bài, gộp {number(done.grouped)} bài.")
        return
    settings = house.settings() if house.config.exists() else None
    tagger = (
        open_tagger(settings, outlets=watched_outlets(settings))
        if settings
        else open_tagger_of_program()
    )
    with (
        click.open_file(str(source), "rb") as lines,
        click.open_file(str(target), "w", encoding="utf-8") as out,
    ):
        failed = tag_lines(tagger, lines, out, lambda told: click.echo(told, err=True))
    if failed:
        click.echo(f"Lỗi: {number(failed)} dòng không gắn nhãn được.", err=True)
        sys.exit(1)


def open_tagger_of_program() -> Tagger:
    """The tagger that ships with the program: no configuration is needed to tag a stream."""
    settings = Settings()
    return open_tagger(settings, outlets=watched_outlets(settings))
