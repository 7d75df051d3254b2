"""`diembao tag`, `train`, `evaluate`: the reading of texts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

import click

from cli.house import House
from crawlers.archive_reading import read_archive
from crawlers.feeds import looks_like_feed, read_feed
from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.records import Finding, TagInput
from domain.settings import Settings
from domain.taxonomy import read_taxonomy
from nlp.evaluation import evaluate as evaluate_tagger
from nlp.labelled import read_background
from nlp.tagger import Tagger
from nlp.training import train as train_model
from pipeline.models import open_tagger
from pipeline.run import tag_only
from reports.vietnamese import number

_BATCH = 256
_FEED_BYTES = 100_000_000
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
        done = tag_only(house.open(create=True), retag=retag)
        click.echo(f"Đã gắn nhãn {number(done.tagged)} bài, gộp {number(done.grouped)} bài.")
        return
    settings = house.settings() if house.config.exists() else None
    tagger = open_tagger(settings) if settings else open_tagger_of_program()
    with (
        click.open_file(str(source), encoding="utf-8") as lines,
        click.open_file(str(target), "w", encoding="utf-8") as out,
    ):
        failed = tag_lines(tagger, lines, out)
    if failed:
        click.echo(f"Lỗi: {number(failed)} dòng không gắn nhãn được.", err=True)
        sys.exit(1)


def open_tagger_of_program() -> Tagger:
    """The tagger that ships with the program: no configuration is needed to tag a stream."""
    return open_tagger(Settings())


def tag_lines(tagger: Tagger, lines: Iterable[str], out: IO[str]) -> int:
    """Tag JSON lines as they come; a bad line is told on stderr. How many were bad."""
    failed = 0
    numbered = enumerate(lines, 1)
    while batch := list(islice(numbered, _BATCH)):
        texts = []
        for line_number, line in batch:
            if not line.strip():
                continue
            try:
                texts.append(read_line(line))
            except ValueError as error:
                failed += 1
                click.echo(f"Dòng {line_number}: {error}", err=True)
        for finding in tagger.tag(texts):
            out.write(json.dumps(as_line(finding), ensure_ascii=False) + "\n")
        out.flush()
    return failed


def read_line(line: str) -> TagInput:
    """One JSON line as a text to tag; a `ValueError` says in Vietnamese what is wrong."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"không phải JSON hợp lệ (từ cột {error.colno})") from error
    if not isinstance(data, dict):
        raise ValueError("phải là một đối tượng JSON có “id” và “title”")
    if "id" not in data:
        raise ValueError("thiếu “id”")
    title, text = data.get("title") or "", data.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise ValueError("“title” và “text” phải là chuỗi ký tự")
    return TagInput(
        id=str(data["id"]),
        title=title,
        text=text,
        url=str(data.get("url") or ""),
        outlet=str(data.get("outlet") or ""),
        published_at=_moment(data.get("published_at")),
    )


def _moment(written: Any) -> datetime | None:
    if not written:
        return None
    try:
        if len(str(written)) == 10:
            return datetime.combine(date.fromisoformat(str(written)), time(12), VIETNAM)
        moment = datetime.fromisoformat(str(written))
    except ValueError as error:
        raise ValueError(f"“published_at” = {written!r} không phải ngày ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def as_line(finding: Finding) -> dict[str, Any]:
    """A finding in the form of `diembao tag --out`."""
    return {
        "id": finding.id,
        "relevance": round(finding.relevance, 6),
        "relevant": finding.relevant,
        "topics": [{"id": area, "score": round(score, 6)} for area, score in finding.areas.items()],
        "agencies": [{"id": tag.id, "role": tag.role} for tag in finding.agencies],
        "form": finding.form,
        "tone": finding.tone,
        "audience": finding.audience,
        "aspect": finding.aspect,
        "scores": {
            name: {code: round(score, 6) for code, score in scores.items()}
            for name, scores in finding.scores.items()
        },
    }


@click.command(help="Huấn luyện mô hình từ tệp bài đã gán nhãn.")
@click.argument(
    "labelled", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TỆP"
)
@click.option(
    "--background",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TỆP",
    help="Tệp bài chưa gán nhãn (JSON từng dòng, có thể nén .gz); dùng được nhiều lần.",
)
@click.option(
    "--everyday",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TỆP",
    help="Tệp WARC của nguồn tin hằng ngày: báo chí như vốn có, phần lớn không liên quan.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục nhận mô hình.",
)
def train(
    labelled: Path, background: tuple[Path, ...], everyday: tuple[Path, ...], out: Path
) -> None:
    """Train a model from labelled articles."""
    scores = train_model(
        labelled,
        out,
        register=read_register(),
        taxonomy=read_taxonomy(),
        background=[text for path in background for text in read_background(path)],
        everyday=[item for path in everyday for item in feed_items(path)],
    )
    for line in scores.lines():
        click.echo(line)
    click.echo(f"Mô hình và phiếu mô tả ở {out}")


def feed_items(path: Path) -> Iterator[TagInput]:
    """The items of all feeds of a WARC file; what is no feed is passed over."""
    for response in read_archive(path):
        if not looks_like_feed(response.content_type, response.body):
            continue
        reading = read_feed(
            response.body, url=response.url, seen=response.fetched_at, max_bytes=_FEED_BYTES
        )
        for item in reading.items:
            yield TagInput(
                id=item.url,
                title=item.headline,
                text=item.description,
                url=item.url,
                published_at=item.published.at,
            )


@click.command(help="Chấm điểm bộ gắn nhãn trên một tệp bài đã gán nhãn.")
@click.option(
    "--gold",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TỆP",
    help="Tệp bài đã gán nhãn, mỗi bài một dòng JSON.",
)
def evaluate(gold: Path) -> None:
    """Print the scores on labelled articles."""
    for line in evaluate_tagger(open_tagger_of_program(), gold).lines():
        click.echo(line)
