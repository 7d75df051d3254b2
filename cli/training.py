"""`diembao train`, `evaluate`: models made from labels, and scored on them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from cli.tagging import open_tagger_of_program
from crawlers.archive_reading import read_archive
from crawlers.feeds import looks_like_feed, read_feed
from domain.agencies import read_register
from domain.errors import UsageError
from domain.records import TagInput
from domain.taxonomy import read_taxonomy
from nlp.evaluation import evaluate as evaluate_tagger
from nlp.labelled import read_background
from nlp.training import train as train_model

_FEED_BYTES = 100_000_000


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
    "--corrections",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="TỆP",
    help="Tệp bài đã duyệt, của “diembao review gold”; học cùng TỆP nhãn.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="THƯ_MỤC",
    help="Thư mục nhận mô hình.",
)
def train(
    labelled: Path,
    background: tuple[Path, ...],
    everyday: tuple[Path, ...],
    corrections: tuple[Path, ...],
    out: Path,
) -> None:
    """Train a model from labelled articles."""
    with TemporaryDirectory() as folder:
        scores = train_model(
            joined(labelled, corrections, Path(folder)),
            out,
            register=read_register(),
            taxonomy=read_taxonomy(),
            background=[text for path in background for text in read_background(path)],
            everyday=[item for path in everyday for item in feed_items(path)],
        )
    for line in scores.lines():
        click.echo(line)
    click.echo(f"Mô hình và phiếu mô tả ở {out}")


def joined(labelled: Path, corrections: Sequence[Path], folder: Path) -> Path:
    """One file of labels: those given and those decided since; its name says what it is made of.

    A decided article replaces a labelled one of the same address.
    """
    if not corrections:
        return labelled
    lines: dict[str, str] = {}
    for path in (labelled, *corrections):
        for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                lines[_address_of(line, path, place)] = line
    whole = folder / "+".join(path.name for path in (labelled, *corrections))
    whole.write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
    return whole


def _address_of(line: str, path: Path, number: int) -> str:
    try:
        row = json.loads(line)
        return str(row.get("url") or row["id"])
    except (ValueError, KeyError, AttributeError) as error:
        raise UsageError(f"Tệp nhãn {path}, dòng {number}: không phải bài đã gán nhãn.") from error


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
