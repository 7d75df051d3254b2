"""Reading a news archive of which little is watched: with the filter, and without.

    python -m benchmarks.foreign --pages 8000 --kb 68

Writes a WARC as Common Crawl's news crawl does (warcinfo, then pairs of request and response) of
which one page in twenty is of a watched host, and reads it both ways, `--rounds` times in turn;
seconds of this process's own time, medians.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from pathlib import Path
from statistics import median

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.loopback_press import page
from crawlers.archive_reading import Wanted, read_archive

_WATCHED = "https://bao.test/"
_ONE_IN = 20
_DIFFERENT = 50


def write(path: Path, pages: int, kb: int) -> None:
    """Write the archive."""
    bodies = [page(number, kb) for number in range(_DIFFERENT)]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "benchmark"}))
        for number in range(pages):
            host = _WATCHED if number % _ONE_IN == 0 else f"https://xa-{number % 700}.test/"
            url = f"{host}bai-{number}.html"
            body = bodies[number % _DIFFERENT] + str(number).encode()
            asked = StatusAndHeaders(
                f"GET /bai-{number}.html HTTP/1.1",
                [("User-Agent", "benchmark")],
                is_http_request=True,
            )
            answered = StatusAndHeaders(
                "200 OK",
                [("Content-Type", "text/html"), ("Content-Length", str(len(body)))],
                protocol="HTTP/1.1",
            )
            writer.write_request_response_pair(
                writer.create_warc_record(url, "request", http_headers=asked),
                writer.create_warc_record(
                    url,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=answered,
                ),
            )


def _is_watched(url: str) -> bool:
    return url.startswith(_WATCHED)


def read(path: Path, wanted: Wanted | None) -> tuple[float, int]:
    """Seconds of reading all of it, and the responses that came."""
    start = time.process_time()
    count = sum(1 for _ in read_archive(path, wanted=wanted))
    return time.process_time() - start, count


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=8000)
    parser.add_argument("--kb", type=int, default=68)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder:
        path = Path(folder) / "news.warc.gz"
        write(path, asked.pages, asked.kb)
        megabytes = path.stat().st_size / 1e6
        print(f"{asked.pages} pages of {asked.kb} KB, one in {_ONE_IN} watched, {megabytes:.0f} MB")
        ways = {"everything": None, "only what is watched": _is_watched}
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(asked.rounds):
            for name, wanted in ways.items():
                seconds, count = read(path, wanted)
                took[name].append(seconds)
        for name, times in took.items():
            seconds = median(times)
            speed = f"{asked.pages / seconds:.0f} pages/s, {megabytes / seconds:.0f} MB/s"
            print(f"{name}: {seconds:.2f} s, {speed}")
        print(f"responses of the watched host: {count}")


if __name__ == "__main__":
    main()
