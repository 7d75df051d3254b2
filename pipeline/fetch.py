"""Fetching one page for a person: no database, nothing kept, the same politeness as every crawl."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.archive_reading import ArchivedNote, ArchivedResponse, read_archive
from crawlers.crawl import CrawlOrder, run_crawl
from domain.clock import Clock
from domain.errors import DiembaoError, UsageError
from domain.outlets import OutletBook
from domain.records import RawPage
from domain.settings import CrawlSettings
from storage.archive import SegmentWriter, segments


def fetch_page(url: str, *, outlets: OutletBook, crawl: CrawlSettings, clock: Clock) -> RawPage:
    """Fetch one page as politely as every crawl does; a `DiembaoError` says why it did not come."""
    outlet = outlets.of_address(url)
    if outlet is None:
        raise UsageError(
            f"Không có khai báo nào nhận địa chỉ {url}. Thêm tên miền "
            f"{urlsplit(url).hostname or url} vào một tệp khai báo trước (xem docs/outlets.md)."
        )
    order = CrawlOrder(outlets=(outlet,), settings=crawl, pages=(url,))
    with tempfile.TemporaryDirectory() as name:
        _fetch_in_a_child(order, Path(name), clock)
        return _answer_in(Path(name), url)


def _fetch_in_a_child(order: CrawlOrder, folder: Path, clock: Clock) -> None:
    """A reactor cannot be started twice in a process, so a fetch has a process of its own."""
    processes = multiprocessing.get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    child = processes.Process(target=_fetch, args=(order, folder, clock, sender), name="record")
    child.start()
    sender.close()
    try:
        said = receiver.recv()
    except EOFError:
        said = f"tiến trình tải dừng đột ngột (mã {child.exitcode})"
    finally:
        child.join()
    if said:
        raise DiembaoError(f"Không tải được {order.pages[0]}: {said}. Chạy lại.")


def _fetch(order: CrawlOrder, folder: Path, clock: Clock, sender: Pipe) -> None:
    archive = SegmentWriter(folder, max_bytes=1 << 30, clock=clock)
    said = ""
    try:
        run_crawl(order, archive=archive, known=_holds_none, clock=clock)
    except Exception as error:
        # Not swallowed: the parent raises it.
        said = str(error) or type(error).__name__
    archive.close()
    sender.send(said)


def _holds_none(urls: Sequence[str]) -> set[str]:
    return set()


def _answer_in(folder: Path, url: str) -> RawPage:
    """The answer to `url`, over its redirects; robots.txt and the like stand beside it."""
    notes: list[ArchivedNote] = []
    answers: dict[str, ArchivedResponse] = {}
    for path in segments(folder):
        for response in read_archive(path, on_note=notes.append):
            answers[response.url] = response
    asked = url
    while (answer := answers.pop(asked, None)) is not None and answer.location:
        asked = answer.location
    if answer is not None and answer.status == 200 and not answer.fault:
        return replace(answer.as_page(""), archive=None)
    raise DiembaoError(f"Không tải được {url}: {_why(answer, notes)}.")


def _why(answer: ArchivedResponse | None, notes: Sequence[ArchivedNote]) -> str:
    if notes:
        return str(json.loads(notes[-1].block)["detail"])
    if answer is not None:
        return answer.fault or f"máy chủ trả mã {answer.status}"
    return "không có câu trả lời nào"
