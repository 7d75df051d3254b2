"""100,000 rows in every format, beside openpyxl in the same run: seconds and peak memory.

    python -m benchmarks.export --rows 100000

Each format is written in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from domain.agencies import read_register
from domain.clock import VIETNAM
from domain.codes import Area, Content, DateOrigin, DatePrecision, Level, OutletKind
from domain.figures import MonthReport
from domain.outlets import OutletBook
from domain.periods import month
from domain.records import ArticleRow
from domain.settings import MeasureSettings
from measures.month import measure_month
from reports.formats import FORMATS

_RIVAL = "openpyxl"
#: What is measured: memory of the rows themselves, and what writing adds to it.
_COLUMNS = ("seconds", "cpu s", "rows MB", "added MB", "file MB")
_PERIOD = month("2026-07")
_TEXT = (
    "cải cách thủ tục hành chính một cửa liên thông dịch vụ công trực tuyến toàn trình người dân "
    "doanh nghiệp cán bộ công chức sáp nhập tinh gọn bộ máy chính quyền địa phương"
)
_WORDS = tuple(_TEXT.split())


def rows(count: int) -> list[ArticleRow]:
    """Placements of a month, made up but as long as real ones."""
    start = _PERIOD.bounds()[0]
    step = (timedelta(days=_PERIOD.days) - timedelta(minutes=1)) / max(count, 1)
    return [_row(n, start + n * step) for n in range(count)]


def _row(n: int, at: datetime) -> ArticleRow:
    words = [_WORDS[(n * 7 + k * (1 + n % 5)) % len(_WORDS)] for k in range(45)]
    return ArticleRow(
        article_id=n,
        story_id=n // 2,
        is_original=n % 2 == 0,
        outlet_id=f"bao_{n % 80}",
        outlet_name=f"Báo thử số {n % 80}",
        outlet_kind=OutletKind.PRESS,
        outlet_level=Level.NATIONAL,
        outlet_province="",
        url=f"https://bao-{n % 80}.test/thoi-su/{'-'.join(words[:6]).encode().hex()[:60]}-{n}.html",
        headline=" ".join(words[:13]).capitalize(),
        description=" ".join(words).capitalize() + ".",
        section="Thời sự",
        content=Content.PAGE,
        published_at=at,
        date_precision=DatePrecision.MINUTE,
        date_origin=DateOrigin.PAGE_META,
        first_seen_at=at + timedelta(hours=1),
        relevance=0.9,
        relevant=True,
        areas=(list(Area)[n % 7], list(Area)[(n + 2) % 7]),
        focus=("BNV",),
        mention=("BTC",),
        form="tin",
        tone="trung_tinh",
        audience="nguoi_dan",
        aspect="trien_khai",
        sha256=hashlib.sha256(str(n).encode()).hexdigest(),
        corrected=False,
        model_version="thu-1",
    )


def report(count: int) -> MonthReport:
    """A report whose list is long; its figures are those of its first rows."""
    made = rows(count)
    figures = measure_month(
        made[:500], [], read_register(), _PERIOD, OutletBook([]), MeasureSettings()
    )
    return MonthReport(
        title="Báo cáo thử",
        figures=replace(figures, names={"BNV": "Bộ Nội vụ", "BTC": "Bộ Tài chính"}),
        rows=made,
        generated_at=datetime.combine(date(2026, 7, 15), datetime.min.time(), tzinfo=VIETNAM),
    )


def write_by_rival(made: MonthReport, path: Path) -> None:
    """The same list through openpyxl's write-only workbook: plain cells, no styles, no links."""
    from openpyxl import Workbook

    from reports.sheets.listing import cells_of

    book = Workbook(write_only=True)
    sheet = book.create_sheet("6 Danh mục bài")
    for n, row in enumerate(made.rows, start=1):
        sheet.append(cells_of(n, row, made))
    book.save(path)


def measure(form: str, count: int) -> dict[str, float]:
    """Write one format in this process; seconds, megabytes of memory and of the file."""
    made = report(count)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"danh-muc.{form}"
        started, worked = time.perf_counter(), time.process_time()
        if form == _RIVAL:
            write_by_rival(made, path)
        else:
            with path.open("wb") as stream:
                FORMATS[form](made, stream)
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
        size = path.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "cpu s": cpu,
        "rows MB": held,
        "added MB": peak - held,
        "file MB": size,
    }


def main() -> None:
    """Print a table, one format a line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--formats", default=f"csv,parquet,json,xlsx,{_RIVAL}")
    asked.add_argument("--one", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.rows)))
        return
    print(f"{given.rows} rows")
    print("  ".join(["format    ", *_COLUMNS]))
    for form in given.formats.split(","):
        command = [sys.executable, "-m", "benchmarks.export", "--one", form]
        told = subprocess.run(
            [*command, "--rows", str(given.rows)], capture_output=True, check=True, text=True
        )
        found = json.loads(told.stdout)
        cells = [f"{found[name]:{len(name)}.1f}" for name in _COLUMNS]
        print("  ".join([f"{form:10}", *cells]))


if __name__ == "__main__":
    main()
