"""What a command says when its work is done: what came, what is missing, where the files are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from crawlers.crawl_records import CrawlOutcome, OutletOutcome
from demo.run import DemoResult
from domain.figures import MonthReport
from domain.outlets import OutletBook
from pipeline.collecting import crawl_problems
from pipeline.run import RunSummary
from pipeline.tally import Tally
from reports.vietnamese import figure, number, observed, percent

_MALFORMED = {
    "no_link": "không có liên kết",
    "no_title": "không có tít",
    "bad_link": "liên kết sai",
}
_UNREADABLE = {
    "unreadable": "không đọc được như khai báo",
    "not_article": "không phải địa chỉ bài",
    "damaged": "nội dung hỏng trong kho lưu trữ",
}
#: Remarks shown on screen; all of them stand in the table of runs.
_REMARKS = 5
_ERRORS_AN_OUTLET = 2


def print_run(summary: RunSummary, *, as_json: bool) -> None:
    """Say what a run did."""
    if as_json:
        click.echo(json.dumps(_run_json(summary), ensure_ascii=False, indent=1))
        return
    for line in (
        *crawl_lines(summary.crawl, summary.outlets),
        *tally_lines(summary.tally),
        *_read_lines(summary),
    ):
        click.echo(line)
    for path in summary.digests:
        click.echo(f"Điểm báo: {path}")


def print_crawl(outcome: CrawlOutcome | None, tally: Tally, outlets: OutletBook) -> tuple[str, ...]:
    """Say what collecting gave; what went wrong comes back."""
    for line in (*crawl_lines(outcome, outlets), *tally_lines(tally)):
        click.echo(line)
    return (*tally.problems, *(crawl_problems(outcome) if outcome else ()))


def print_export(report: MonthReport, paths: Sequence[Path]) -> None:
    """Say what a report holds and where its files are."""
    for line in report_lines(report):
        click.echo(line)
    for path in paths:
        click.echo(f"Tệp: {path}")


def print_demo(result: DemoResult) -> None:
    """Say what the demo press gave, what was found of it, and where the files are."""
    click.echo("Báo giả lập trên máy này (mọi tin, bài đều hư cấu)")
    for line in (
        *crawl_lines(result.run.crawl, result.run.outlets),
        *tally_lines(result.run.tally),
    ):
        click.echo(f"  {line}")
    for line in _read_lines(result.run):
        click.echo(f"  {line}")
    found = result.comparison
    click.echo(
        f"  Tìm thấy {number(found.found)} trên {number(found.expected)} tin, bài mà báo giả lập "
        f"đã đăng; {number(len(found.missing))} thiếu, {number(len(found.unexpected))} thừa"
    )
    for report in result.reports:
        click.echo("")
        for line in report_lines(report):
            click.echo(line)
    click.echo("\nCác tệp:")
    for path in result.files:
        click.echo(f"  {path}")
    click.echo(
        f"\nTìm thử:  {sys.argv[0]} --config demo/config.toml --home {result.home} "
        "search '\"một cửa\"'"
    )


def _run_lines(summary: RunSummary) -> Iterator[str]:
    yield from crawl_lines(summary.crawl, summary.outlets)
    yield from tally_lines(summary.tally)
    yield from _read_lines(summary)


def crawl_lines(outcome: CrawlOutcome | None, outlets: OutletBook) -> Iterator[str]:
    """One line for each outlet: what its sources and pages gave."""
    if outcome is None:
        return
    reached = sum(outlet.reached for outlet in outcome.outlets)
    yield (
        f"Thu thập: liên lạc được {number(reached)} trên {number(len(outcome.outlets))} "
        "cơ quan báo chí, cổng thông tin"
    )
    for outlet in outcome.outlets:
        yield f"  {outlets[outlet.outlet_id].name}: {_outlet_words(outlet)}"
        for error in list(outlet.errors.values())[:_ERRORS_AN_OUTLET]:
            yield f"    {error}"
    if outcome.time_up:
        yield "  Hết thời gian cho phép ([crawl] max_minutes); phần còn lại để lượt sau."


def _outlet_words(outlet: OutletOutcome) -> str:
    lists = outlet.feeds_ok + outlet.feeds_failed
    if not lists:
        return "chưa khai báo nguồn tin nào"
    words = [f"{number(outlet.feeds_ok)} trên {number(lists)} nguồn tin đọc được"]
    counts = (
        (outlet.pages_ok, "trang bài mới"),
        (outlet.pages_failed, "trang không tải được"),
        (outlet.robots, "địa chỉ robots.txt không cho đọc"),
        (outlet.pages_left, "trang để lượt sau"),
    )
    return ", ".join([*words, *(f"{number(count)} {what}" for count, what in counts if count)])


def tally_lines(tally: Tally) -> Iterator[str]:
    """What was read, what was new, what was repeated, what was malformed and why."""
    yield (
        f"Đọc {number(tally.feeds)} bản chụp nguồn tin, {number(tally.items)} tin: "
        f"{number(tally.new)} mới, {number(tally.repeated)} lặp lại, "
        f"{number(tally.updated)} được tòa soạn sửa, "
        f"{number(sum(tally.malformed.values()))} hỏng"
    )
    for reason, count in tally.malformed.most_common():
        yield f"  hỏng vì {_MALFORMED.get(reason, reason)}: {number(count)}"
    if tally.lists:
        yield f"Đọc {number(tally.lists)} trang chuyên mục"
    if tally.pages:
        yield (
            f"Đọc {number(tally.pages)} trang bài: {number(tally.page_updated)} bổ sung toàn văn, "
            f"{number(tally.page_new)} bài mới, {number(tally.page_repeated)} không đổi"
        )
    for reason, count in tally.unreadable.most_common():
        yield f"  không dùng được, {_unreadable(reason)}: {number(count)}"
    if tally.foreign:
        hosts = ", ".join(host for host, _ in tally.foreign.most_common(3))
        yield (
            f"  không thuộc báo nào đang theo dõi: {number(sum(tally.foreign.values()))} "
            f"(ví dụ {hosts})"
        )
    for remark in tally.remarks[:_REMARKS]:
        yield f"  - {remark}"
    if len(tally.remarks) > _REMARKS:
        yield f"  - và {number(len(tally.remarks) - _REMARKS)} ghi nhận khác"


def _unreadable(reason: str) -> str:
    if reason.startswith("http_"):
        return f"máy chủ trả mã {reason.removeprefix('http_')}"
    return _UNREADABLE.get(reason, reason)


def _read_lines(summary: RunSummary) -> Iterator[str]:
    read, stored = summary.read, summary.stored
    yield (
        f"Gắn nhãn {number(read.tagged)} bài, xếp {number(read.grouped)} bài vào câu chuyện, "
        f"lập chỉ mục {number(read.indexed)} bài"
    )
    yield (
        f"Trong kho: {number(stored['articles'])} bài, {number(stored['stories'])} câu chuyện; "
        f"{number(stored['relevant'])} bài về cải cách hành chính"
    )


def report_lines(report: MonthReport) -> Iterator[str]:
    """A report in a few lines; the window is always named."""
    figures = report.figures
    yield f"{figures.period.title} — {figures.scope}"
    seen = figures.observation.press
    yield f"  Nguồn: {observed(seen.sources_observed, seen.sources)}, {percent(seen.share)} số ngày"
    yield (
        f"  Về cải cách hành chính: {figure(figures.totals.stories)} câu chuyện, "
        f"{figure(figures.totals.placements)} tin, bài"
    )


def _run_json(summary: RunSummary) -> dict[str, object]:
    return {
        **summary.tally.as_counts(),
        "remarks": summary.tally.remarks,
        "tagged": summary.read.tagged,
        "grouped": summary.read.grouped,
        "indexed": summary.read.indexed,
        "stored": summary.stored,
        "digests": [str(path) for path in summary.digests],
        "problems": list(summary.problems),
    }
