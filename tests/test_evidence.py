"""The evidence pack: what is in it can be opened, and no byte of it can be changed unseen."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from crawlers.archive_reading import read_archive
from domain.errors import ArchiveError, UsageError
from pipeline.evidence_check import check_pack
from reports.csv import intact
from storage.archive_cutting import record_pieces
from storage.tables import articles
from tests.fakes import Response, rss, write_warc
from tests.homes import copy_home, database_of
from tests.small_press import at
from tests.test_cli import Demo, Installation, demo, house

__all__ = ["demo", "house"]


@pytest.fixture(scope="module")
def pack(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kiem-chung")
    said = demo.house("evidence", "make", "--month", "2026-08", "--out", folder)
    assert said.status == 0, said.err
    (path,) = folder.iterdir()
    return path


def lines(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as held:
        text = held.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_pack_holds_list_pages_figures_and_a_hash_of_every_file(pack):
    with zipfile.ZipFile(pack) as held:
        manifest = json.loads(held.read("manifest.json"))
        told = {each["name"]: each["sha256"] for each in manifest["files"]}
        assert set(told) | {"manifest.json"} == set(held.namelist())
        for name, digest in told.items():
            assert hashlib.sha256(held.read(name)).hexdigest() == digest
    assert manifest["items"] == len(lines(pack, "danh-muc.csv")) > 40
    assert manifest["items_without_page"] == 0


def test_every_article_leads_to_the_page_it_was_read_from(pack, tmp_path):
    with zipfile.ZipFile(pack) as held:
        held.extract("trang-luu.warc.gz", tmp_path)
    found = {each.offset: each for each in read_archive(tmp_path / "trang-luu.warc.gz")}
    captures = lines(pack, "ban-chup.csv")
    assert len(captures) == len(lines(pack, "danh-muc.csv"))
    for line in captures:
        page = found[int(line["Vị trí trong trang-luu.warc.gz"])]
        assert page.url == line["Địa chỉ trang"]
        assert page.sha256 == line["SHA-256 nội dung trang"]
        assert hashlib.sha256(page.body).hexdigest() == page.sha256


def test_a_pack_as_made_is_whole_and_on_record(demo, pack):
    said = demo.house("evidence", "verify", pack)
    assert (said.status, "Nguyên vẹn" in said.out) == (0, True), said.err
    assert "theo sổ xuất của máy này" in said.out
    code = hashlib.sha256(pack.read_bytes()).hexdigest()
    assert code in said.out
    assert demo.house("evidence", "verify", pack, "--sha256", code).status == 0


def test_a_pack_can_be_checked_where_nothing_else_is(house, pack):
    said = house("evidence", "verify", pack)
    assert (said.status, "Không có sổ xuất" in said.out) == (0, True), said.err


def repacked(path: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as held:
        files = {name: held.read(name) for name in held.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return target


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    def apply(files: dict[str, bytes]) -> None:
        files[name] = change(files[name])

    return apply


def exchange_page(files: dict[str, bytes]) -> None:
    """Someone changes a page and tells the manifest so."""
    pages = gzip.decompress(files["trang-luu.warc.gz"]).replace("hành chính".encode(), b"x" * 14)
    packed = b"".join(
        gzip.compress(b"WARC/1.1\r\n" + part) for part in pages.split(b"WARC/1.1\r\n")[1:]
    )
    files["trang-luu.warc.gz"] = packed
    manifest = json.loads(files["manifest.json"])
    for each in manifest["files"]:
        if each["name"] == "trang-luu.warc.gz":
            each |= {"bytes": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    files["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (edit("danh-muc.csv", lambda data: data.replace(b"2026", b"2025", 1)), "đã bị sửa"),
        (edit("so-lieu.json", lambda data: data + b" "), "byte, theo manifest.json"),
        (lambda files: files.pop("ban-chup.csv"), "thiếu tệp"),
        (lambda files: files.update({"them.txt": b"x"}), "tệp lạ"),
        (exchange_page, "trang-luu.warc.gz"),
    ],
    ids=["edited", "longer", "missing", "added", "page exchanged with its hash"],
)
def test_a_changed_pack_is_told(demo, pack, tmp_path, change, said):
    changed = repacked(pack, tmp_path / "goi.zip", change)
    assert said in "\n".join(check_pack(changed).faults)
    told = demo.house("evidence", "verify", changed)
    assert (told.status, "Lấy lại bản gốc" in told.err) == (1, True)


def test_a_pack_rebuilt_whole_is_told_by_its_code(demo, pack, tmp_path):
    rebuilt = repacked(pack, tmp_path / "goi.zip", lambda files: None)
    code = hashlib.sha256(pack.read_bytes()).hexdigest()
    told = demo.house("evidence", "verify", rebuilt, "--sha256", code)
    assert (told.status, "không phải gói đã làm" in told.err) == (1, True)
    assert "không có trong sổ xuất" in demo.house("evidence", "verify", rebuilt).out


@pytest.mark.parametrize("size", [10, 40_000], ids=["no zip", "cut"])
def test_what_is_no_pack_is_named(pack, tmp_path, size):
    path = tmp_path / "goi.zip"
    path.write_bytes(pack.read_bytes()[:size])
    with pytest.raises(UsageError, match="không phải gói kiểm chứng"):
        check_pack(path)


def test_an_article_whose_archive_is_gone_is_named_and_the_rest_is_there(
    demo: Demo, tmp_path: Path
) -> None:  # fmt: skip
    home = tmp_path / "home"
    copy_home(demo.house.home, home)
    segments = sorted((home / "archive").glob("*.warc.gz"))
    segments[0].unlink()
    there = Installation(config=demo.house.config, home=home)
    said = there("evidence", "make", "--month", "2026-08", "--out", tmp_path / "ra")
    assert said.status == 0, said.err
    (path,) = (tmp_path / "ra").iterdir()
    notes = [line["Ghi chú"] for line in lines(path, "ban-chup.csv")]
    assert any("Không cắt được bản ghi" in note for note in notes)
    assert check_pack(path).faults == ()
    assert check_pack(path).without_page == sum(map(bool, notes)) > 0


@pytest.mark.parametrize("column", ["Mã bài", "Địa chỉ"])
def test_an_article_leads_to_its_archived_page(demo, pack, tmp_path, column):
    item = lines(pack, "danh-muc.csv")[0]
    said = demo.house("evidence", "page", item[column], "--out", tmp_path / "trang.html")
    assert said.status == 0, said.err
    assert item["Tít"] in said.out and "Nguyên vẹn" in said.out
    digest = hashlib.sha256((tmp_path / "trang.html").read_bytes()).hexdigest()
    assert digest == item["Mã lưu trữ (SHA-256)"]


@pytest.mark.parametrize(
    "asked", ["B1", f"B{10**30}", "khong-phai-bai", "https://khong.test/co.html"]
)
def test_an_article_that_is_not_there_has_no_page(demo, asked):
    said = demo.house("evidence", "page", asked)
    assert (said.status, f"Không có bài “{asked}”" in said.err) == (2, True)


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_record_is_cut_out_byte_for_byte(tmp_path, is_packed):
    body = rss([("https://a.test/1.html", "Một", "Hai", "")])
    urls = [f"https://a.test/rss-{n}" for n in range(3)]
    packed = write_warc(
        tmp_path / "a.warc.gz",
        [Response(url=url, body=body, at=at("01/07 08:00")) for url in urls],
    )
    path = packed
    if not is_packed:
        path = tmp_path / "a.warc"
        path.write_bytes(gzip.decompress(packed.read_bytes()))
    places = [each.offset for each in read_archive(path)]
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(b"".join(record_pieces(path, places[1])))
    (found,) = read_archive(cut)
    assert (found.url, found.body) == (urls[1], body)


@pytest.mark.parametrize("offset", [7, 10_000_000])
def test_a_place_without_a_record_is_an_error_that_names_it(tmp_path, offset):
    path = write_warc(
        tmp_path / "a.warc.gz",
        [Response(url="https://a.test/rss", body=b"x", at=at("01/07 08:00"))],
    )
    with pytest.raises(ArchiveError, match=f"byte {offset}"):
        list(record_pieces(path, offset))


def made_again(demo: Demo, folder: Path) -> str:
    said = demo.house("evidence", "make", "--month", "2026-08", "--out", folder)
    assert said.status == 0, said.err
    return said.out


def test_equal_data_gives_equal_bytes_and_another_pack_is_left_as_it_is(demo, pack, tmp_path):
    made_again(demo, tmp_path)
    (first,) = tmp_path.iterdir()
    assert first.read_bytes() == pack.read_bytes()
    made_again(demo, tmp_path)
    assert list(tmp_path.iterdir()) == [first]
    first.write_bytes(b"goi khac")
    said = made_again(demo, tmp_path)
    assert first.read_bytes() == b"goi khac" and str(first) in said
    assert first.with_stem(f"{first.stem}_lan-2").read_bytes() == pack.read_bytes()


@pytest.mark.parametrize("code", ["abc", "g" * 64, "0" * 63])
def test_a_code_that_is_none_is_refused_as_such(demo, pack, code):
    said = demo.house("evidence", "verify", pack, "--sha256", code)
    assert said.status == 2
    assert "không phải mã SHA-256" in said.err


def test_damage_to_the_zip_is_told_in_vietnamese(pack, tmp_path):
    with zipfile.ZipFile(pack) as held:
        place = held.getinfo("danh-muc.csv").header_offset
    data = bytearray(pack.read_bytes())
    data[place + 200] ^= 255
    damaged = tmp_path / "hong.zip"
    damaged.write_bytes(data)
    said = "\n".join(check_pack(damaged).faults)
    assert "danh-muc.csv: dữ liệu hỏng" in said
    assert "CRC" not in said and "Error" not in said


HOSTILE = (
    '=HYPERLINK("http://xau.test","bấm")',
    "+84 24 1234 5678",
    "@x",
    "-1+1",
    "mở \u202eđảo\u202c chiều",
    "chữ " * 10_000 + "hết",
)


def test_hostile_headlines_are_inert_and_intact_in_a_pack(demo, pack, tmp_path):
    items = lines(pack, "danh-muc.csv")[: len(HOSTILE)]
    chosen = [int(item["Mã bài"].removeprefix("B")) for item in items]
    home = tmp_path / "home"
    copy_home(demo.house.home, home)
    with database_of(home).begin() as connection:
        for number, words in zip(chosen, HOSTILE, strict=True):
            connection.execute(
                update(articles).where(articles.c.id == number).values(headline=words)
            )
    there = Installation(config=demo.house.config, home=home)
    said = there("evidence", "make", "--month", "2026-08", "--out", tmp_path / "ra")
    assert said.status == 0, said.err
    (path,) = (tmp_path / "ra").iterdir()
    cells = [line["Tít"] for line in lines(path, "danh-muc.csv")]
    found = {words for words in HOSTILE if words in map(intact, cells)}
    assert found == set(HOSTILE)
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]
    assert check_pack(path).faults == ()
