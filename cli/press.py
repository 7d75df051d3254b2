"""`diembao init`, `run`, `crawl`, `extract`, `demo`: from the press to what is stored."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from cli.house import House
from cli.parameters import DAY
from cli.summary import print_crawl, print_demo, print_run
from crawlers.extract import extract as extract_article
from demo.run import DEMO_HOME, run_demo
from domain.clock import VIETNAM, system_clock
from domain.errors import DiembaoError
from domain.records import ExtractedArticle, RawPage
from pipeline.collecting import crawl_only, crawl_problems
from pipeline.crawl import EVERYTHING, due_now
from pipeline.opening import watched_outlets
from pipeline.run import run as run_all
from storage.database import shown

WARC = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help="Tạo hoặc nâng cấp cơ sở dữ liệu; chạy lại bao nhiêu lần cũng được.")
@click.pass_obj
def init(house: House) -> None:
    """Make the database ready."""
    context = house.open(create=True)
    click.echo(f"Cơ sở dữ liệu sẵn sàng: {shown(context.engine)}")


@click.command(
    help="Việc chính: thu thập, lưu, gắn nhãn, gộp tin trùng, lập chỉ mục, viết điểm báo."
)
@click.option("--replay", multiple=True, type=WARC, metavar="TỆP", help="Đọc lại tệp WARC.")
@click.argument("more", nargs=-1, type=WARC, metavar="[TỆP]...")
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON.")
@click.pass_obj
def run(house: House, replay: tuple[Path, ...], more: tuple[Path, ...], as_json: bool) -> None:
    """Do the main job and say what came of it."""
    if more and not replay:
        raise click.UsageError("Tệp WARC phải đi sau --replay.")
    summary = run_all(house.open(create=True), replay=(*replay, *more))
    print_run(summary, as_json=as_json)
    fail_on(summary.problems)


@click.command(help="Chỉ thu thập và lưu.")
@click.option("--outlet", multiple=True, metavar="MÃ", help="Chỉ cơ quan báo chí này.")
@click.option("--replay", multiple=True, type=WARC, metavar="TỆP", help="Đọc lại tệp WARC.")
@click.option("--due", is_flag=True, help="Chỉ hỏi những nguồn tin đã đến lượt.")
@click.option(
    "--since", type=DAY, metavar="NGÀY", help="Lật các trang mục về đến ngày này để lấy bài cũ."
)
@click.pass_obj
def crawl(
    house: House,
    outlet: tuple[str, ...],
    replay: tuple[Path, ...],
    due: bool,
    since: date | None,
) -> None:
    """Collect and store."""
    if replay and (due or since):
        raise click.UsageError(
            "--due và --since chỉ dùng khi thu thập từ mạng, không đi cùng --replay."
        )
    context = house.open(create=True)
    if outlet:
        context = context.watching(outlet)
    asking = due_now(context) if due else EVERYTHING
    if since:
        asking = replace(asking, since=datetime.combine(since, time(), VIETNAM))
    outcome, tally = crawl_only(context, replay=replay, asking=asking)
    if outcome is not None and not outcome.outlets:
        click.echo("Chưa có nguồn tin nào đến lượt hỏi.")
        fail_on(tuple(tally.problems))
        return
    print_crawl(outcome, tally, context.outlets)
    fail_on((*tally.problems, *(crawl_problems(outcome, asking) if outcome else ())))


@click.command(help="Đọc các trang đã lưu thành bài, mỗi bài một dòng JSON.")
@click.argument("files", nargs=-1, required=True, type=WARC, metavar="TỆP...")
@click.option("--url", default="", metavar="ĐỊA_CHỈ", help="Địa chỉ của trang (khi có một tệp).")
@click.pass_obj
def extract(house: House, files: tuple[Path, ...], url: str) -> None:
    """Read saved pages, in order; one that cannot be read is told on stderr."""
    if url and len(files) > 1:
        raise click.UsageError("--url chỉ dùng khi đọc một tệp.")
    outlets = watched_outlets(house.settings())
    failed = 0
    for path in files:
        address = url or path.resolve().as_uri()
        page = RawPage(
            url=address,
            status=200,
            content_type="text/html",
            body=path.read_bytes(),
            fetched_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
        try:
            article = extract_article(page, outlet=outlets.of_address(address))
        except DiembaoError as error:
            failed += 1
            click.echo(f"Lỗi: {path}: {error}", err=True)
        else:
            click.echo(json.dumps(as_item(article), ensure_ascii=False))
    if failed:
        sys.exit(1)


def as_item(article: ExtractedArticle) -> dict[str, object]:
    """The article under the names of schema.org and Zyte's article item."""
    published = article.published
    return {
        "url": article.url,
        "canonicalUrl": article.canonical_url,
        "headline": article.headline,
        "description": article.description,
        "articleBody": article.body,
        "authors": list(article.authors),
        "section": article.section,
        "datePublished": published.at.isoformat() if published.at else None,
        "datePublishedRaw": published.raw,
        "datePrecision": published.precision,
        "dateOrigin": published.origin,
        "credit": article.credit,
        "media": article.media,
        "origins": dict(article.origins),
        "extractor": article.extractor,
    }


@click.command(
    help="Chạy thử với báo giả lập trên máy này: không cần mạng, không đụng dữ liệu thật."
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEMO_HOME,
    metavar="THƯ_MỤC",
    show_default=True,
    help="Thư mục của lần chạy thử.",
)
def demo(home: Path) -> None:
    """Start the demo press, crawl it, tag, measure, export; print where the files are."""
    result = run_demo(home, clock=system_clock)
    print_demo(result)
    fail_on(result.problems)


def fail_on(problems: tuple[str, ...]) -> None:
    """End with status 1 where the work met problems; each is told."""
    for problem in problems:
        click.echo(f"Lỗi: {problem}", err=True)
    if problems:
        sys.exit(1)
