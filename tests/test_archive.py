"""The archive: what is written can be read by others, is found by its index, and is checked."""

from __future__ import annotations

import errno
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from warcio.archiveiterator import ArchiveIterator

from cli import words
from cli.main import program
from crawlers.archive_reading import ArchivedResponse, read_archive
from domain.clock import system_clock
from domain.errors import ArchiveError
from domain.outlets import OutletBook
from domain.settings import Settings
from pipeline.context import Context
from pipeline.ingest import Ingestion
from pipeline.segments import Segments
from pipeline.verify import Verification, verify
from storage import archive
from storage.archive import SegmentWriter, adopt, left_open, segments
from storage.archive_index import index_path, make_index, read_index
from storage.database import connect, database_url
from storage.forms import init_database
from tests.fakes import outlet, rss

START = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
FEED = "https://bao_a.test/rss"


def feed(count: int) -> bytes:
    return rss(
        (f"https://bao_a.test/bai-{n}.html", f"Bỏ thủ tục số {n}", "Sapo.", f"{n:02d}/07/2026")
        for n in range(1, count + 1)
    )


def page(number: int) -> bytes:
    said = f"Trang số {number}: cắt giảm thủ tục hành chính ở cấp xã. " * 60
    return f"<html><title>Bài {number}</title><p>{said}</p></html>".encode()


class Home:
    """This is an installation whose archive is written by hand."""

    def __init__(self, folder: Path) -> None:
        engine = connect(database_url(folder, ""))
        init_database(engine)
        self.context = Context(
            settings=Settings(),
            home=folder,
            engine=engine,
            outlets=OutletBook([outlet("bao_a")]),
            clock=system_clock,
        )
        self.archive = self.context.archive_folder

    def writer(self, max_bytes: int = 10**9) -> SegmentWriter:
        return SegmentWriter(self.archive, max_bytes=max_bytes, clock=system_clock)

    def crawl(self, pages: int = 4) -> Path:
        """One segment: a feed, pages, and an outcome."""
        writer = self.writer()
        put(writer, FEED, feed(pages), kind="application/rss+xml")
        for number in range(1, pages + 1):
            put(writer, f"https://bao_a.test/bai-{number}.html", page(number), minute=number)
        refuse(writer)
        writer.close()
        return segments(self.archive)[-1]

    def ingest(self) -> None:
        with Ingestion(self.context) as ingestion:
            ingestion.register_outlets()
            Segments(self.context, ingestion).read_whole()

    def command(self, *arguments: str) -> Result:
        config = Path(__file__).parents[1] / "config.toml"
        given = ["--config", str(config), "--home", str(self.context.home), "archive", "verify"]
        words.speak_vietnamese()
        return CliRunner().invoke(program, [*given, *arguments])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def put(
    writer: SegmentWriter, url: str, body: bytes, *, minute: int = 0, kind: str = "text/html",
    status: int = 200,
) -> None:  # fmt: skip
    writer.write_response(
        url=url,
        status=status,
        headers=[("Content-Type", f"{kind}; charset=utf-8")],
        body=body,
        fetched_at=START + timedelta(minutes=minute),
    )


def refuse(writer: SegmentWriter) -> None:
    writer.write_outcome(
        url="https://bao_a.test/cam.html",
        source_kind="page",
        outlet_id="bao_a",
        outcome="robots",
        detail="robots.txt không cho phép",
        at=START,
        retry_after=START + timedelta(hours=1),
    )


def offsets(segment: Path) -> list[int]:
    entries = read_index(segment)
    assert entries is not None
    return [entry.offset for entry in entries]


def problems(found: Verification) -> list[str]:
    return [fault.problem for file in found.files for fault in file.faults]


def test_others_read_what_we_write_and_find_its_sums_right(home: Home) -> None:
    segment = home.crawl()
    kinds = []
    with segment.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
            kinds.append(record.rec_type)
            assert record.rec_headers.protocol == "WARC/1.1"
            for name in ("WARC-Record-ID", "WARC-Payload-Digest", "WARC-Block-Digest"):
                assert record.rec_headers.get_header(name), (record.rec_type, name)
    assert kinds == ["response"] * 5 + ["metadata"]


def test_each_line_of_the_index_opens_its_record(home: Home) -> None:
    segment = home.crawl()
    lines = index_path(segment).read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert [path.name for path in segments(home.archive)] == [segment.name]
    for line in lines:
        url, stamp, place = line.split(" ", 2)
        said = json.loads(place)
        record = segment.read_bytes()[said["offset"] :][: said["length"]]
        assert f"WARC-Target-URI: {url}\r\n".encode() in gzip.decompress(record)
        assert (len(stamp), stamp[:8]) == (14, "20260701")
    of_page = json.loads(next(line for line in lines if "bai-1" in line).split(" ", 2)[2])
    assert (of_page["status"], of_page["mime"]) == ("200", "text/html")
    assert of_page["digest"].startswith("sha1:")


def test_an_index_made_later_says_what_the_writer_said(home: Home) -> None:
    segment = home.crawl()
    written = index_path(segment).read_bytes()
    assert make_index(segment).read_bytes() == written


def test_a_segment_left_open_is_adopted_with_an_index(home: Home) -> None:
    writer = home.writer()
    put(writer, "https://bao_a.test/bai-1.html", page(1))
    put(writer, "https://bao_a.test/bai-2.html", page(2))
    writer.close()
    (closed,) = segments(home.archive)
    index_path(closed).unlink()
    closed.rename(closed.with_name(f"{closed.name}.part"))
    (part,) = left_open(home.archive)
    with part.open("ab") as file:
        file.write(b"\x1f\x8b cut")
    reading = read_archive(part)
    with pytest.raises(ArchiveError, match="hỏng"):
        list(reading)
    whole = adopt(part, whole_bytes=reading.offset)
    assert whole is not None
    assert len(offsets(whole)) == 2
    assert verify(home.context).faults == 0


def test_a_segment_with_half_a_record_never_gets_its_name(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_a_full_disk(member: archive._Members) -> None:
        member._out.write(member._deflate.flush()[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    writer = home.writer()
    put(writer, "https://bao_a.test/bai-1.html", page(1))
    with monkeypatch.context() as full:
        full.setattr(archive._Members, "flush", on_a_full_disk)
        with pytest.raises(OSError, match="No space left"):
            put(writer, "https://bao_a.test/bai-2.html", page(2))
    writer.close()
    assert segments(home.archive) == []
    put(writer, "https://bao_a.test/bai-3.html", page(3))
    writer.close()
    (part,) = left_open(home.archive)
    reading = read_archive(part)
    with pytest.raises(ArchiveError, match="hỏng"):
        list(reading)
    whole = adopt(part, whole_bytes=reading.offset)
    assert whole is not None
    assert sum(len(offsets(segment)) for segment in segments(home.archive)) == 2
    assert verify(home.context).faults == 0


def read_all(segment: Path, offset: int = 0) -> list[ArchivedResponse]:
    return list(read_archive(segment, offset=offset))


def test_an_equal_body_is_kept_once_and_read_twice(home: Home) -> None:
    writer = home.writer()
    put(writer, FEED, feed(9), minute=0)
    put(writer, FEED, feed(9), minute=15)
    put(writer, "https://bao_a.test/khac", feed(9), minute=16)  # equal, but of another address
    put(writer, FEED, feed(3), minute=30)
    put(writer, FEED, feed(9), minute=45)
    writer.close()
    (segment,) = segments(home.archive)
    read = read_all(segment)
    assert [each.body for each in read] == [feed(9), feed(9), feed(9), feed(3), feed(9)]
    assert [each.unchanged for each in read] == [False, True, False, False, False]
    assert read[1].sha256 == read[0].sha256
    assert read[1].fetched_at == START + timedelta(minutes=15)
    assert read_all(segment, read[1].offset)[0].body == feed(9)  # taken up in the middle
    home.ingest()
    assert problems(verify(home.context)) == []


def test_bodies_are_not_compared_across_segments(home: Home) -> None:
    writer = home.writer(max_bytes=1)
    put(writer, FEED, feed(9), minute=0)
    put(writer, FEED, feed(9), minute=15)
    writer.close()
    assert [
        [each.unchanged for each in read_all(segment)] for segment in segments(home.archive)
    ] == [[False], [False]]


@pytest.mark.parametrize("status", [404, 503])
def test_an_error_page_is_always_kept_whole(home: Home, status: int) -> None:
    writer = home.writer()
    for minute in (0, 1, 2):
        put(writer, FEED, b"loi", minute=minute, status=200 if minute == 2 else status)
    writer.close()
    assert [each.unchanged for each in read_all(segments(home.archive)[0])] == [False] * 3


def test_a_whole_archive_is_told_so(home: Home) -> None:
    home.crawl()
    home.ingest()
    found = verify(home.context)
    (file,) = found.files
    assert (file.records, file.pages, file.faults, file.index_made) == (6, 5, (), False)
    said = home.command()
    assert said.exit_code == 0
    assert f"{file.path}: 6 bản ghi, 0 lỗi\n" in said.output
    assert said.output.endswith("Đã kiểm tra 1 tệp, 6 bản ghi, 5 trang của cơ sở dữ liệu: 0 lỗi.\n")


def test_an_empty_home_has_nothing_wrong(home: Home) -> None:
    said = home.command()
    assert (said.exit_code, "0 tệp" in said.output) == (0, True)


def flip(segment: Path) -> int:
    data = bytearray(segment.read_bytes())
    at = offsets(segment)[2]
    data[at + 200] ^= 0x55
    segment.write_bytes(data)
    return at


def cut_within(segment: Path) -> int:
    at = offsets(segment)[3]
    segment.write_bytes(segment.read_bytes()[: at + 50])
    return at


def cut_between(segment: Path) -> int:
    at = offsets(segment)[3]
    segment.write_bytes(segment.read_bytes()[:at])
    return at


@pytest.mark.parametrize(
    ("harm", "records", "words"),
    [
        (flip, 5, ["nén", "1 trang trong cơ sở dữ liệu"]),
        (cut_within, 3, ["tệp dừng giữa", "thiếu 2 bản ghi", "2 trang trong cơ sở dữ liệu"]),
        (cut_between, 3, ["thiếu 3 bản ghi", "2 trang trong cơ sở dữ liệu"]),
    ],
)
def test_damage_is_named_with_file_byte_and_what_to_do(
    home: Home, harm: Callable[[Path], int], records: int, words: list[str]
) -> None:
    segment = home.crawl()
    home.ingest()
    at = harm(segment)
    (file,) = verify(home.context).files
    # What stands behind the damage is checked too, where the index says it starts.
    assert file.records == records
    assert file.faults[0].offset == at
    told = " ".join(fault.problem for fault in file.faults)
    assert all(word in told for word in words), told
    said = home.command()
    assert said.exit_code == 1
    assert file.path in said.output
    assert f"byte {at:,}:".replace(",", ".") in said.output
    assert "Chép lại tệp này từ bản sao lưu" in said.output


def test_a_wrong_sum_in_a_whole_record_is_damage(home: Home) -> None:
    segment = home.crawl()
    first, second = offsets(segment)[:2]
    data = segment.read_bytes()
    record = gzip.decompress(data[first:second]).replace("Bỏ thủ".encode(), "Hỏ thủ".encode(), 1)
    segment.write_bytes(gzip.compress(record) + data[second:])
    make_index(segment)
    (said,) = problems(verify(home.context))
    assert "WARC-Block-Digest" in said


def test_a_page_that_is_not_what_was_read_is_told(home: Home) -> None:
    home.crawl()
    home.ingest()
    with home.context.engine.begin() as connection:
        connection.execute(text("UPDATE pages SET sha256 = 'x' WHERE url LIKE '%bai-2%'"))
        connection.execute(text("UPDATE pages SET archive_offset = 7 WHERE url LIKE '%bai-3%'"))
    gone, changed = problems(verify(home.context))
    assert "1 trang" in gone
    assert "bai-3" in gone
    assert "bai-2" in changed


def test_a_missing_segment_is_told_once_with_its_pages(home: Home) -> None:
    segment = home.crawl()
    home.ingest()
    segment.unlink()
    (file,) = verify(home.context).files
    assert [fault.problem for fault in file.faults] == [
        "không còn tệp này; 5 trang trong cơ sở dữ liệu trỏ tới tệp này"
    ]
    assert home.command().exit_code == 1


def test_a_missing_index_is_made_and_told(home: Home) -> None:
    segment = home.crawl()
    written = index_path(segment).read_bytes()
    index_path(segment).unlink()
    said = home.command()
    assert (said.exit_code, "chỉ mục bị thiếu, đã dựng lại" in said.output) == (0, True)
    assert index_path(segment).read_bytes() == written
    assert "dựng lại" not in home.command().output


@pytest.mark.parametrize("content", ["x\n", "a 20260701080000 {}\n", "", "a b [1]\n"])
def test_a_wrong_index_is_told_and_how_to_renew_it(home: Home, content: str) -> None:
    segment = home.crawl()
    index_path(segment).write_text(content)
    said = home.command()
    assert said.exit_code == 1
    assert f"Xóa tệp archive/{index_path(segment).name}" in said.output
    index_path(segment).unlink()
    assert home.command().exit_code == 0


def test_what_is_being_written_and_what_lies_outside_is_said(home: Home, tmp_path: Path) -> None:
    segment = home.crawl()
    copied = segment.rename(tmp_path / "xa.warc.gz")
    index_path(segment).unlink()
    ingestion = Ingestion(home.context)
    ingestion.register_outlets()
    ingestion.file(copied, str(copied))
    writer = home.writer()
    put(writer, FEED, feed(1))
    said = home.command()
    assert said.exit_code == 0
    assert "đang ghi dở" in said.output
    assert "1 tệp đọc bằng --replay" in said.output
    writer.close()


def test_machines_are_told_the_same(home: Home) -> None:
    segment = home.crawl()
    at = flip(segment)
    said = json.loads(home.command("--json").stdout)
    assert said["ok"] is False
    (file,) = said["files"]
    assert file["path"] == f"archive/{segment.name}"
    assert file["faults"][0]["offset"] == at
