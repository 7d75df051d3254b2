"""WARC files read back: every response before the damage, and the damage named."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from crawlers.archive_reading import ArchivedNote, read_archive
from domain.errors import ArchiveError

BODIES = [f"<html><p>Trang số {n}, cải cách hành chính.</p></html>".encode() * 40 for n in range(4)]


Headers = list[tuple[str, str]]
HTML: Headers = [("Content-Type", "text/html; charset=utf-8")]


def lines(first: str, headers: Headers) -> bytes:
    return "".join([f"{first}\r\n", *(f"{k}: {v}\r\n" for k, v in headers), "\r\n"]).encode()


class Segment:
    """This is a WARC as programs write it, record by record."""

    def __init__(self, *, compressed: bool = True, version: str = "1.1") -> None:
        self.data = b""
        self.starts: list[int] = []
        self.compressed = compressed
        self.version = version

    def add(
        self,
        kind: str = "response",
        body: bytes = b"x",
        *,
        head: Headers = HTML,
        url: str = "",
        status: str = "200 OK",
        fields: Headers | None = None,
    ) -> Segment:
        block = lines(f"HTTP/1.1 {status}", head) + body if kind == "response" else body
        given = [
            ("WARC-Type", kind),
            ("WARC-Target-URI", url or f"https://bao.vn/{len(self.starts) + 1}.html"),
            ("WARC-Date", "2025-08-09T16:30:00Z"),
            ("Content-Length", str(len(block))),
            *(fields or []),
        ]
        record = lines(f"WARC/{self.version}", given) + block + b"\r\n\r\n"
        self.starts.append(len(self.data))
        self.data += gzip.compress(record) if self.compressed else record
        return self

    def at(self, path: Path, *, upto: int | None = None) -> Path:
        path.write_bytes(self.data[:upto])
        return path


def pages(compressed: bool = True, version: str = "1.1") -> Segment:
    segment = Segment(compressed=compressed, version=version)
    for body in BODIES:
        segment.add(body=body)
    return segment


def read_until_damage(path: Path) -> tuple[list[bytes], str]:
    bodies: list[bytes] = []
    try:
        for response in read_archive(path):
            bodies.append(response.body)
    except ArchiveError as error:
        return bodies, str(error)
    return bodies, ""


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_responses_come_in_order_with_time_and_place(
    tmp_path: Path, compressed: bool, version: str
) -> None:
    segment = pages(compressed, version)
    responses = list(read_archive(segment.at(tmp_path / "a.warc.gz")))
    assert [response.body for response in responses] == BODIES
    assert [response.offset for response in responses] == segment.starts
    assert responses[0].url == "https://bao.vn/1.html"
    assert responses[0].fetched_at == datetime(2025, 8, 9, 16, 30, tzinfo=UTC)
    assert (responses[0].status, responses[0].content_type) == (200, "text/html; charset=utf-8")
    assert responses[0].sha256 == hashlib.sha256(BODIES[0]).hexdigest()


@pytest.mark.parametrize("compressed", [True, False])
def test_reading_is_taken_up_at_any_record(tmp_path: Path, compressed: bool) -> None:
    segment = pages(compressed)
    path = segment.at(tmp_path / "a.warc")
    rest = read_archive(path, offset=segment.starts[2])
    assert [response.body for response in rest] == BODIES[2:]
    assert rest.offset == path.stat().st_size
    assert list(read_archive(path, offset=rest.offset)) == []


def test_other_records_are_passed_and_counted(tmp_path: Path) -> None:
    segment = Segment().add("warcinfo", b"software: x\r\n").add("request", b"")
    segment.add(body=BODIES[0]).add("metadata", b"a: b").add("response", b"", url="dns:bao.vn")
    reading = read_archive(segment.at(tmp_path / "a.warc.gz"))
    assert [response.body for response in reading] == [BODIES[0]]
    assert reading.skipped == {"warcinfo": 1, "request": 1, "metadata": 1, "response": 1}
    assert reading.records == 5


def test_notes_on_addresses_without_a_response_are_handed_over(tmp_path: Path) -> None:
    segment = Segment().add(body=BODIES[0]).add("metadata", b'{"outcome": "dns"}')
    notes: list[ArchivedNote] = []
    list(read_archive(segment.at(tmp_path / "a.warc.gz"), on_note=notes.append))
    assert [(note.url, note.block) for note in notes] == [
        ("https://bao.vn/2.html", b'{"outcome": "dns"}')
    ]
    assert notes[0].noted_at == datetime(2025, 8, 9, 16, 30, tzinfo=UTC)


def test_a_redirect_says_where_it_leads(tmp_path: Path) -> None:
    segment = Segment().add(
        status="301 Moved", head=[("Location", "/moi.html")], url="http://bao.vn/cu.html"
    )
    (only,) = read_archive(segment.at(tmp_path / "a.warc.gz"))
    assert (only.status, only.location) == (301, "http://bao.vn/moi.html")


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("headers", "encode"),
    [
        ([("Content-Encoding", "gzip")], gzip.compress),
        ([("Content-Encoding", "deflate")], zlib.compress),
        ([("Transfer-Encoding", "chunked")], chunked),
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
         lambda body: chunked(gzip.compress(body))),
        # archived already decoded, under the headers of the wire
        ([("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")], bytes),
        ([("Content-Encoding", "br")], bytes),
    ],
)  # fmt: skip
def test_bodies_come_out_as_their_authors_wrote_them(
    tmp_path: Path, headers: Headers, encode: Callable[[bytes], bytes]
) -> None:
    segment = Segment().add(body=encode(BODIES[0]), head=headers)
    (only,) = read_archive(segment.at(tmp_path / "a.warc.gz"))
    assert (only.body, only.fault) == (BODIES[0], "")


@pytest.mark.parametrize(
    ("headers", "raw", "fault"),
    [
        ([("Content-Length", "99999")], BODIES[0], "một phần"),
        ([("Content-Encoding", "gzip")], gzip.compress(BODIES[0] * 300)[:-30], "cắt"),
        ([("Transfer-Encoding", "chunked")], chunked(BODIES[0])[:-40], "một phần"),
        ([("Content-Encoding", "gzip")], gzip.compress(b"\0" * 70_000_000, 1), "nở quá"),
    ],
)
def test_a_body_that_is_not_whole_says_so(
    tmp_path: Path, headers: Headers, raw: bytes, fault: str
) -> None:
    segment = Segment().add(body=raw, head=headers).add(body=BODIES[1])
    broken, after = read_archive(segment.at(tmp_path / "a.warc.gz"))
    assert fault in broken.fault
    assert (after.body, after.fault) == (BODIES[1], "")


@pytest.mark.parametrize("compressed", [True, False])
def test_a_cut_anywhere_gives_all_before_it_and_an_error(tmp_path: Path, compressed: bool) -> None:
    segment = pages(compressed)
    size = len(segment.data)
    between_records = {0, size, *segment.starts}
    step = 1 if compressed else 7
    for cut in range(1, size, step):
        path = segment.at(tmp_path / "cut.warc.gz", upto=cut)
        bodies, error = read_until_damage(path)
        before = [body for body, end in zip(BODIES, [*segment.starts[1:], size], strict=True)
                  if end <= cut]  # fmt: skip
        assert bodies[: len(before)] == before, cut
        assert len(bodies) <= len(before) + 1, cut
        assert bodies == BODIES[: len(bodies)], cut
        assert bool(error) is (cut not in between_records), cut


def test_the_error_names_file_place_count_and_what_to_do(tmp_path: Path) -> None:
    segment = pages()
    path = segment.at(tmp_path / "cut.warc.gz", upto=segment.starts[3] + 20)
    _, error = read_until_damage(path)
    assert str(path) in error
    assert f"byte {segment.starts[3]:,}".replace(",", ".") in error
    assert "3 bản ghi" in error
    assert "chạy lại" in error


def test_flipped_bits_are_damage_and_not_text(tmp_path: Path) -> None:
    segment = pages()
    data = bytearray(segment.data)
    data[segment.starts[2] - 6] ^= 0xFF  # in the sum of the second record
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(data)
    bodies, error = read_until_damage(path)
    assert bodies == BODIES[:1]
    assert "hỏng" in error


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "rỗng"),
        (b"<html>not a warc</html>", "không phải tệp WARC"),
        (gzip.compress(b"id,name\n1,a\n"), "không phải tệp WARC"),
        (b"\x00" * 5000, "không phải tệp WARC"),
        (b"PK\x03\x04" + b"z" * 200_000, "không phải tệp WARC"),
    ],
)
def test_what_is_no_warc_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    bodies, error = read_until_damage(path)
    assert bodies == []
    assert words in error
    assert str(path) in error


def test_a_missing_file_and_a_folder_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="Không có tệp lưu trữ"):
        list(read_archive(tmp_path / "none.warc.gz"))
    with pytest.raises(ArchiveError, match="Không mở được"):
        list(read_archive(tmp_path))


@pytest.mark.parametrize("block", [*range(2, 24), 100])
def test_records_come_whole_wherever_a_block_of_the_disk_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    path = pages().at(tmp_path / "a.warc.gz")
    whole = [response.body for response in read_archive(path)]
    monkeypatch.setattr("crawlers.gzip_members._BLOCK", block)
    assert [response.body for response in read_archive(path)] == whole


def test_records_under_one_gzip_member_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    path.write_bytes(gzip.compress(pages(compressed=False).data))
    assert [response.body for response in read_archive(path)] == BODIES


def test_a_page_remembers_its_record(tmp_path: Path) -> None:
    segment = pages()
    second = list(read_archive(segment.at(tmp_path / "a.warc.gz")))[1]
    page = second.as_page("archive/a.warc.gz")
    assert page.archive is not None
    assert (page.archive.path, page.archive.offset) == ("archive/a.warc.gz", segment.starts[1])
    assert (page.url, page.body, page.archive.sha256) == (second.url, BODIES[1], second.sha256)


def news_archive() -> Segment:
    """A file as Common Crawl writes it: warcinfo first, then pairs of request and response."""
    segment = Segment(version="1.0").add("warcinfo", b"software: x\r\n", url="-")
    for number in range(40):
        host = "bao.vn" if number % 10 == 0 else f"xa{number}.test"
        url = f"https://{host}/{number}.html"
        segment.add("request", b"GET / HTTP/1.1\r\n\r\n", url=url)
        segment.add(body=BODIES[number % 4], url=url)
    return segment


def ours(url: str) -> bool:
    return url.startswith("https://bao.vn/")


@pytest.mark.parametrize("compressed", [True, False])
def test_what_is_not_wanted_is_passed_and_counted(tmp_path: Path, compressed: bool) -> None:
    segment = news_archive()
    path = segment.at(tmp_path / "a.warc.gz")
    if not compressed:
        path.write_bytes(gzip.decompress(segment.data))
    reading = read_archive(path, wanted=ours)
    assert [response.url for response in reading] == [
        f"https://bao.vn/{number}.html" for number in (0, 10, 20, 30)
    ]
    assert reading.skipped == {"warcinfo": 1, "request": 40, "foreign": 36}
    assert reading.records == 81
    assert reading.offset == path.stat().st_size


@pytest.mark.parametrize("block", [2, 3, 7, 100, 999, 5000, 65536])
def test_wanted_responses_are_the_same_as_without_a_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    path = news_archive().at(tmp_path / "a.warc.gz")
    expected = [response for response in read_archive(path) if ours(response.url)]
    monkeypatch.setattr("crawlers.gzip_members._BLOCK", block)
    reading = read_archive(path, wanted=ours)
    assert list(reading) == expected
    assert (reading.records, reading.offset) == (81, path.stat().st_size)


def test_what_only_looks_like_the_next_member_is_passed(tmp_path: Path) -> None:
    noise = bytes(Random(1).randbytes(200_000))
    segment = Segment().add(body=noise[:100_000] + b"\x1f\x8b\x08" + noise, url="https://xa.test/1")
    segment.add(body=BODIES[0], url="https://bao.vn/2.html")
    reading = read_archive(segment.at(tmp_path / "a.warc.gz"), wanted=ours)
    assert [response.offset for response in reading] == [segment.starts[1]]


def test_damage_in_what_is_not_wanted_is_still_damage(tmp_path: Path) -> None:
    segment = Segment().add(body=BODIES[0]).add(body=BODIES[1], url="https://xa.test/1")
    cut = segment.at(tmp_path / "a.warc.gz", upto=len(segment.data) - 12)
    reading = read_archive(cut, wanted=ours)
    assert next(reading).body == BODIES[0]
    with pytest.raises(ArchiveError, match="dừng giữa"):
        next(reading)


def test_a_redirect_to_another_host_is_followed(tmp_path: Path) -> None:
    segment = Segment()
    moved: Headers = [("Location", "https://moi.test/2.html")]
    segment.add(status="301 Moved", head=moved, url="https://bao.vn/1.html")
    segment.add(body=BODIES[0], url="https://moi.test/2.html")
    segment.add(body=BODIES[1], url="https://moi.test/3.html")
    read = list(read_archive(segment.at(tmp_path / "a.warc.gz"), wanted=ours))
    assert [response.url for response in read] == [
        "https://bao.vn/1.html",
        "https://moi.test/2.html",
    ]


def test_a_body_that_the_archive_cut_says_so(tmp_path: Path) -> None:
    segment = Segment().add(body=BODIES[0], fields=[("WARC-Truncated", "length")])
    (only,) = read_archive(segment.at(tmp_path / "a.warc.gz"))
    assert (only.body, "WARC-Truncated: length" in only.fault) == (BODIES[0], True)


def revisit(segment: Segment, *, date: str = "2025-08-09T16:30:00Z", digest: str = "") -> Segment:
    fields = [
        ("WARC-Profile", "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"),
        ("WARC-Refers-To-Target-URI", "https://bao.vn/1.html"),
        ("WARC-Refers-To-Date", date),
        *([("WARC-Payload-Digest", digest)] if digest else []),
    ]
    return segment.add("revisit", lines("HTTP/1.1 200 OK", HTML), fields=fields)


def test_a_revisit_gives_the_body_that_it_refers_to(tmp_path: Path) -> None:
    packed: Headers = [*HTML, ("Content-Encoding", "gzip")]
    segment = Segment().add(body=gzip.compress(BODIES[0]), head=packed).add(body=BODIES[1])
    path = revisit(segment).at(tmp_path / "a.warc.gz")
    again = list(read_archive(path))[2]
    assert (again.body, again.unchanged, again.status) == (BODIES[0], True, 200)
    (alone,) = read_archive(path, offset=segment.starts[2])
    assert alone == again


@pytest.mark.parametrize("strange", [{"date": "2020-01-01T00:00:00Z"}, {"digest": "sha1:ABC"}])
def test_a_revisit_of_what_the_file_does_not_hold_is_passed_and_counted(
    tmp_path: Path, strange: dict[str, str]
) -> None:
    path = revisit(Segment().add(body=BODIES[0]), **strange).at(tmp_path / "a.warc.gz")
    reading = read_archive(path)
    assert len(list(reading)) == 1
    assert reading.skipped == {"revisit": 1}
