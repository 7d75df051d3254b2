"""The command `diembao`, called as a person calls it: what it says, what it leaves, how it ends."""

from __future__ import annotations

import io
import json
import socket
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from cli.main import COMMANDS, main
from demo.truth import expected_placements
from domain.clock import VIETNAM
from storage.database import connect, database_url, shown
from tests.fakes import Response, rss, write_warc

ROOT = Path(__file__).parents[1]
PLACEMENTS = 190
JULY = "bao-cao-thang-2026-07_15-06-2026_14-07-2026_toan-quoc"
OUTLET = """
id = "{id}"
name = "Báo {id}"
kind = "press"
level = "national"
domains = [{{ host = "{host}" }}]
sources = [{{ url = "{url}" }}]
"""


@dataclass(frozen=True, kw_only=True)
class Said:
    """This is what a call printed and how it ended."""

    status: int
    out: str
    err: str


def diembao(*arguments: object, stdin: str = "") -> Said:
    """Call the command in this process, through its own door."""
    out, err, typed = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(stdin.encode()))
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        patch.setenv("LANGUAGE", "vi")  # so that it is undone: the command sets it for itself
        patch.setattr(sys, "argv", ["diembao", *map(str, arguments)])
        patch.setattr(sys, "stdin", typed)
        main()
    status = end.value.code
    assert isinstance(status, int)
    return Said(status=status, out=out.getvalue(), err=err.getvalue())


def in_a_process(*arguments: object) -> Said:
    """Call the installed command, in a process of its own."""
    command = [str(Path(sys.executable).with_name("diembao")), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    return Said(status=done.returncode, out=done.stdout, err=done.stderr)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """This is a configuration and a home folder."""

    config: Path
    home: Path

    def __call__(self, *arguments: object, stdin: str = "") -> Said:
        """Call a command on this installation."""
        return diembao("--config", self.config, "--home", self.home, *arguments, stdin=stdin)


def declare(folder: Path, outlet_id: str, *, host: str = "", url: str = "") -> None:
    folder.mkdir(exist_ok=True)
    host = host or f"{outlet_id}.test"
    text = OUTLET.format(id=outlet_id, host=host, url=url or f"https://{host}/rss")
    (folder / f"{outlet_id}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    """An installation that watches two outlets, with no database yet."""
    for outlet_id in ("bao_mot", "bao_hai"):
        declare(tmp_path / "outlets", outlet_id)
    config = tmp_path / "config.toml"
    config.write_text(f'[crawl]\noutlets_folder = "{tmp_path / "outlets"}"\n', encoding="utf-8")
    return Installation(config=config, home=tmp_path / "home")


@dataclass(frozen=True, kw_only=True)
class Demo:
    """This is a finished demo run: what it said, and its installation."""

    said: Said
    house: Installation


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    said = in_a_process("demo", "--home", folder / "home")
    return Demo(
        said=said, house=Installation(config=ROOT / "demo" / "config.toml", home=folder / "home")
    )


# Help, and what cannot be used


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_vietnamese(command):
    said = diembao(*filter(None, [command]), "--help")
    assert said.status == 0
    assert "Cách dùng: diembao" in said.out
    for english in ("Usage:", "Options", "OPTIONS", "Commands", "ARGS", "required", "default",
                    "INTEGER", "DIRECTORY", "FILE", "LABELLED", "Show "):  # fmt: skip
        assert english not in said.out, english


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Thiếu tên lệnh"),
        (["serch"], "Không có lệnh “serch”. Có phải “search”?"),
        (["search", "--agancy", "BNV"], "Không có tùy chọn '--agancy'. Có phải '--agency'?"),
        (["search", "--agency", "BNW"], "Không có cơ quan “BNW”. Có phải “BNV”?"),
        (["search", "--area", "thu_tu"], "Không có lĩnh vực “thu_tu”. Có phải “thu_tuc”?"),
        (["search", "--outlet", "bao_mott"], "“bao_mott”. Có phải “bao_mot”?"),
        (["search", "--from", "31/02/2026"], "“31/02/2026” không phải ngày"),
        (["search", "--limit", "nhiều"], "'nhiều' không phải số"),
        (["crawl", "--outlet", "bao_mott"], "“bao_mott”. Có phải “bao_mot”?"),
        (["run", "--replay", "khong-co.warc.gz"], "'khong-co.warc.gz' không tồn tại"),
        (["export"], "Thiếu tùy chọn '--month'"),
        (["export", "--month", "2026-13", "--out", "x"], "Tháng “2026-13” viết chưa đúng"),
        (["export", "--month", "2026-07", "--out", "x", "--format", "xlxs"],
         "Không có định dạng “xlxs”. Có phải “xlsx”?"),
        (["export", "--month", "2026-07", "--out", "x", "--format", ","], "chưa nêu định dạng"),
        (["export", "--month", "2026-07", "--out", "x", "--agency", "BNW"], "Có phải “BNV”?"),
        (["export", "--month", "2026-07", "--out", "x", "--window", "thang"],
         "'thang' không thuộc: 'bao-cao', 'lich'"),
        (["digest", "--date", "2026-07-01", "--out", "a.docs"],
         "Không có dạng điểm báo “docs”. Có phải “docx”?"),
        (["schedule", "--once", "craw"], "Không có việc “craw”. Có phải “crawl”?"),
        (["tag", "--in", "-"], "--in và --out phải đi cùng nhau"),
        (["extract", "config.toml", "config.toml", "--url", "https://a.test/"], "--url chỉ dùng"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_unusable_arguments_are_named_with_what_was_meant(house, monkeypatch, arguments, told):
    monkeypatch.chdir(house.config.parent)
    assert house("init").status == 0
    said = house(*arguments)
    assert (said.status, said.out) == (2, "")
    assert told in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "Không có tệp cấu hình"),
        ("[crawl\n", "sai cú pháp TOML"),
        ("[crawl]\ndelay_second = 1\n", "“crawl.delay_second”. Có phải “delay_seconds”?"),
        ("[crawll]\n", "“crawll”. Có phải “crawl”?"),
        ('[crawl]\noutlets = ["bao_mott"]\n', "“bao_mott”. Có phải “bao_mot”?"),
    ],
    ids=["missing", "malformed", "unknown key", "unknown section", "unknown outlet"],
)
def test_a_configuration_that_cannot_be_used_starts_nothing(house, text, told):
    if text is None:
        house.config.unlink()
    else:
        folder = f'outlets_folder = "{house.config.parent / "outlets"}"\n'
        house.config.write_text(text.replace("outlets =", folder + "outlets ="), encoding="utf-8")
    said = house("init")
    assert said.status == 2
    assert told in said.err
    assert not house.home.exists()


# Folders that cannot be used


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--month", "2026-07", "--out", "tep/thang-7"],
        ["digest", "--date", "2026-07-01", "--out", "tep/diem-bao.html"],
    ],
    ids=["export", "digest"],
)
def test_a_folder_that_cannot_be_written_is_named(house, monkeypatch, arguments):
    monkeypatch.chdir(house.config.parent)
    (house.config.parent / "tep").write_text("", encoding="utf-8")
    assert house("init").status == 0
    said = house(*arguments)
    assert said.status == 1
    assert "Không ghi được tep/" in said.err
    assert "thư mục" in said.err.partition("tep/")[2]


def test_a_saved_page_is_read_without_its_address(house):
    said = house("extract", str(ROOT / "tests" / "pages" / "vccorp.html"))
    assert said.status == 0
    article = json.loads(said.out)
    assert article["headline"]
    assert article["canonicalUrl"].startswith("https://")


def test_a_home_that_cannot_be_written_is_named(house, tmp_path):
    (tmp_path / "tep").write_text("", encoding="utf-8")
    below_a_file = Installation(config=house.config, home=tmp_path / "tep" / "home")
    said = below_a_file("init")
    assert said.status == 1
    assert str(below_a_file.home) in said.err
    assert "--home" in said.err


def test_a_home_without_a_database_says_how_to_make_one(house):
    said = house("search", "cải cách")
    assert said.status == 1
    assert "diembao init" in said.err


def test_a_database_of_a_newer_version_is_left_alone(house):
    assert house("init").status == 0
    assert house("init").status == 0
    engine = connect(database_url(house.home, ""))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in (["init"], ["run"], ["search", "cải cách"]):
        said = house(*command)
        assert said.status == 1
        assert "mới hơn" in said.err
        assert shown(engine) in said.err


# Collecting and replaying


def snapshot(outlet: str, first: int, count: int) -> Response:
    items = [
        (
            f"https://{outlet}.test/bai-{n}.html",
            f"Bộ Nội vụ công bố thủ tục hành chính số {n}",
            "Người dân nộp hồ sơ tại bộ phận một cửa.",
            "Wed, 01 Jul 2026 07:00:00 +0700",
        )
        for n in range(first, first + count)
    ]
    at = datetime(2026, 7, 1, 8, first % 60, tzinfo=VIETNAM)
    return Response(url=f"https://{outlet}.test/rss", body=rss(items), at=at)


def test_a_truncated_archive_is_named_and_the_rest_of_it_stored(house, tmp_path):
    whole = write_warc(tmp_path / "du.warc.gz", [snapshot("bao_mot", n * 10, 10) for n in range(3)])
    cut = tmp_path / "thieu.warc.gz"
    cut.write_bytes(whole.read_bytes()[:-40])
    said = house("run", "--replay", cut)
    assert said.status == 1
    assert str(cut) in said.err
    assert "Trong kho: 20 bài" in said.out
    again = house("run", "--replay", whole)
    assert again.status == 0
    assert "10 mới, 20 lặp lại" in again.out
    assert "Trong kho: 30 bài" in again.out


def test_a_replay_tells_what_was_new_repeated_and_malformed_for_machines_too(house, tmp_path):
    no_link = rss([("", "Tin không liên kết", "", "")])
    at = datetime(2026, 7, 1, 9, 0, tzinfo=VIETNAM)
    archive = write_warc(
        tmp_path / "a.warc.gz",
        [
            snapshot("bao_mot", 0, 5),
            snapshot("bao_mot", 2, 5),
            Response(url="https://bao_hai.test/rss", body=no_link, at=at),
        ],
    )
    said = house("run", "--replay", archive, "--json")
    assert said.status == 0
    told = json.loads(said.out)
    assert (told["items"], told["new"], told["repeated"]) == (11, 7, 3)
    assert told["malformed"] == {"no_link": 1}
    assert told["stored"]["articles"] == 7


def test_where_no_outlet_can_be_reached_each_is_told(tmp_path):
    closed = {"bao_kin": free_port(), "bao_vang": free_port()}
    for outlet_id, port in closed.items():
        host = f"127.0.0.1:{port}"
        declare(tmp_path / "outlets", outlet_id, host=host, url=f"http://{host}/rss")
    config = tmp_path / "config.toml"
    config.write_text(
        f'[crawl]\noutlets_folder = "{tmp_path / "outlets"}"\n'
        'delay_seconds = 0\ntimeout_seconds = 3\nallow_private_hosts = ["127.0.0.1"]\n',
        encoding="utf-8",
    )
    said = in_a_process("--config", config, "--home", tmp_path / "home", "run")
    assert said.status == 1
    assert "Không liên lạc được với cơ quan báo chí nào" in said.err
    for outlet_id, port in closed.items():
        assert f"Báo {outlet_id}: 0 trên 1 nguồn tin đọc được" in said.out
        assert f"http://127.0.0.1:{port}/rss: máy chủ từ chối kết nối" in said.out


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize("job", ["tag", "digest"])
def test_a_job_of_the_clock_can_be_run_now(house, job):
    said = house("schedule", "--once", job)
    assert said.status == 0
    assert job in said.out
    assert any((house.home / "reports").glob("diem-bao_*")) == (job == "digest")


# Reading texts


def test_a_bad_line_is_told_and_the_others_are_tagged():
    lines = [
        {"id": "mot", "title": "Bộ Nội vụ cắt giảm thủ tục hành chính tại bộ phận một cửa"},
        "không phải JSON",
        {"title": "thiếu id"},
        {"id": 4, "title": "Đội bóng thắng trận", "text": "", "published_at": "2026-07-01"},
    ]
    typed = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n"
    said = diembao("--config", "khong-can.toml", "tag", "--in", "-", "--out", "-", stdin=typed)
    found = [json.loads(line) for line in said.out.splitlines()]
    assert said.status == 1
    assert [finding["id"] for finding in found] == ["mot", "4"]
    assert set(found[0]) == {
        "id", "relevance", "relevant", "topics", "agencies", "form", "tone", "audience", "aspect",
        "scores",
    }  # fmt: skip
    assert "Dòng 2: không phải JSON" in said.err
    assert "Dòng 3: thiếu “id”" in said.err
    assert [f["topics"] for f in found if not f["relevant"]] == [[]] * sum(
        not f["relevant"] for f in found
    )


def test_a_stream_of_good_lines_ends_well(tmp_path):
    lines = tmp_path / "vao.jsonl"
    lines.write_text('{"id": 1, "title": "Sắp xếp đơn vị hành chính cấp xã"}\n', encoding="utf-8")
    said = diembao("--config", "khong-can.toml", "tag", "--in", lines, "--out", tmp_path / "ra")
    assert (said.status, said.err) == (0, "")
    assert json.loads((tmp_path / "ra").read_text(encoding="utf-8"))["id"] == "1"


PAGE = """<html><head><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-07-01T07:30:00+07:00"></head>
<body><article><h1>{title}</h1>{body}</article></body></html>"""


def test_saved_pages_are_read_in_order_and_a_bad_one_is_told(house, tmp_path):
    body = "<p>Từ hôm nay, người dân nộp hồ sơ tại bất kỳ bộ phận một cửa nào của tỉnh.</p>" * 8
    good, bad = tmp_path / "tot.html", tmp_path / "hong.html"
    good.write_text(PAGE.format(title="Nộp hồ sơ ở đâu cũng được", body=body), encoding="utf-8")
    bad.write_text("<html></html>", encoding="utf-8")
    url = "https://bao_mot.test/bai-1.html"
    said = house("extract", good, "--url", url)
    assert (said.status, said.err) == (0, "")
    article = json.loads(said.out)
    assert set(article) >= {
        "url", "canonicalUrl", "headline", "description", "articleBody", "authors", "section",
        "datePublished", "datePublishedRaw", "datePrecision", "dateOrigin", "extractor",
    }  # fmt: skip
    assert (article["url"], article["headline"]) == (url, "Nộp hồ sơ ở đâu cũng được")
    assert datetime.fromisoformat(article["datePublished"]) == datetime(
        2026, 7, 1, 7, 30, tzinfo=VIETNAM
    )
    broken = house("extract", bad, "--url", url)
    assert (broken.status, broken.out) == (1, "")
    assert str(bad) in broken.err


# The whole job, on the demo press


def test_the_demo_finds_all_that_the_press_printed(demo):
    assert (demo.said.status, demo.said.err) == (0, "")
    assert len(expected_placements()) == PLACEMENTS
    assert f"Tìm thấy {PLACEMENTS} trên {PLACEMENTS}" in demo.said.out
    assert "0 thiếu, 0 thừa" in demo.said.out
    assert "liên lạc được 14 trên 14" in demo.said.out


@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_a_readme_shows_what_the_demo_says(demo, readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    sample = text.partition("```text\n")[2].partition("```")[0]
    said = {line.strip() for line in demo.said.out.splitlines()}
    for line in sample.splitlines():
        assert line.replace("var/demo", str(demo.house.home)) in said


def test_every_file_the_demo_names_is_there(demo):
    named = [
        Path(line) for line in map(str.strip, demo.said.out.splitlines()) if "/reports/" in line
    ]
    assert {path.suffix for path in named} == {".xlsx", ".csv", ".docx", ".html", ".pdf"}
    assert all(path.stat().st_size for path in named)


def test_a_second_demo_adds_nothing(demo):
    listed = demo.house.home / "reports" / f"{JULY}.csv"
    before = listed.read_bytes()
    again = in_a_process("demo", "--home", demo.house.home)
    assert again.status == 0
    assert ": 0 mới, " in again.out
    assert "0 bài mới" in again.out
    assert f"Trong kho: {PLACEMENTS} bài" in again.out
    assert listed.read_bytes() == before


def found(house: Installation, *arguments: object) -> dict:
    said = house("search", *arguments, "--json", "--limit", "1000")
    assert said.status == 0, said.err
    return json.loads(said.out)


def test_search_answers_in_the_shape_that_machines_rely_on(demo):
    answer = found(demo.house, "thủ tục hành chính")
    assert set(answer) == {"total", "articles"}
    assert answer["total"] == len(answer["articles"]) > 0
    assert set(answer["articles"][0]) == {
        "id", "url", "headline", "description", "outlet", "published_at", "first_seen_at",
        "relevant", "topics", "agencies", "content",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("sắp xếp đơn vị hành chính", "sap xep don vi hanh chinh"),
        ("đề án", "de an"),
        ('"một cửa"', '"mot cua"'),
        ("THỦ TỤC", "thủ tục"),
    ],
)
def test_marks_and_capitals_do_not_matter(demo, marked, plain):
    answer = found(demo.house, marked)
    assert answer["total"] > 0
    assert answer == found(demo.house, plain)


def test_the_filters_of_a_search_narrow_it(demo):
    everything = found(demo.house, "")
    assert everything["total"] == PLACEMENTS
    narrowed = [
        (["--outlet", "bao_song_hong"], lambda a: a["outlet"] == "bao_song_hong"),
        (["--area", "thu_tuc"], lambda a: "thu_tuc" in a["topics"]),
        (["--agency", "BNV"], lambda a: "BNV" in {each["id"] for each in a["agencies"]}),
        (["--relevant"], lambda a: a["relevant"]),
    ]
    for arguments, fits in narrowed:
        kept = {a["url"] for a in found(demo.house, "", *arguments)["articles"]}
        assert kept == {a["url"] for a in everything["articles"] if fits(a)}, arguments
        assert 0 < len(kept) < PLACEMENTS


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["x", "--from", "2026-08-01", "--to", "2026-07-01"], "Đổi chỗ hai ngày"),
        (['"chưa đóng'], "thiếu một dấu nháy kép"),
        (["x", "--agency", "Bộ Trời"], "Gõ mã cơ quan"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(demo, asked, said):
    answer = demo.house("search", *asked)
    assert answer.status == 2
    assert said in answer.err


@pytest.mark.parametrize("told", ["bnv", "Bộ Nội vụ", "BỘ NỘI VỤ"])
def test_an_agency_is_known_by_its_name_and_in_any_letters(demo, told):
    asked = json.loads(demo.house("search", "", "--agency", told, "--json").out)
    assert (
        asked["total"]
        == json.loads(demo.house("search", "", "--agency", "BNV", "--json").out)["total"]
    )


def test_a_day_without_an_hour_is_printed_without_one(demo):
    shown = demo.house("search", "cắt giảm 30%").out
    assert " 00:00" not in shown


def test_a_search_for_people_says_how_many_and_where(demo):
    said = demo.house("search", '"một cửa"', "--limit", "1")
    assert said.status == 0
    assert "1 bài mới nhất" in said.out
    assert "http://" in said.out


def test_an_exported_month_opens_in_a_spreadsheet_program(demo, tmp_path):
    said = demo.house("export", "--month", "2026-07", "--format", "xlsx,csv", "--out", tmp_path)
    assert said.status == 0
    assert "Tháng 07/2026 (15/06/2026–14/07/2026)" in said.out
    assert f"Tệp: {tmp_path / JULY}.csv" in said.out
    book = load_workbook(tmp_path / f"{JULY}.xlsx")
    sheet = book["6 Danh mục bài"]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.freeze_panes
    assert sheet.auto_filter.ref == sheet.dimensions
    rows = list(sheet.iter_rows(min_row=2))
    for row in rows:
        address = row[head["Địa chỉ"] - 1]
        assert address.hyperlink.target == address.value
        printed = row[head["Thời gian đăng"] - 1]
        if printed.value is not None:
            assert isinstance(printed.value, datetime)
            assert printed.number_format == "dd/mm/yyyy hh:mm"
    texts = [cell for each in book for row in each.iter_rows() for cell in row]
    assert [cell.coordinate for cell in texts if cell.data_type == "f"] == []
    lines = (tmp_path / f"{JULY}.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) >= len(rows) + 1


def test_the_window_of_a_month_is_chosen_and_named(demo, tmp_path):
    said = demo.house(
        "export", "--month", "2026-07", "--window", "lich", "--agency", "BNV", "--out", tmp_path
    )
    assert said.status == 0
    assert "(01/07/2026–31/07/2026) — Bộ Nội vụ" in said.out
    assert [path.name for path in tmp_path.iterdir()] == [
        "bao-cao-thang-2026-07_01-07-2026_31-07-2026_bo-noi-vu.xlsx"
    ]


@pytest.mark.parametrize("day", ["2026-07-17", "17/07/2026"])
def test_a_digest_is_a_document_or_a_page(demo, tmp_path, day):
    for form in ("docx", "html"):
        path = tmp_path / f"diem-bao.{form}"
        said = demo.house("digest", "--date", day, "--out", path)
        assert said.status == 0
        assert "Điểm báo ngày 17/07/2026: " in said.out
    with ZipFile(tmp_path / "diem-bao.docx") as document:
        assert "Điểm báo" in document.read("word/document.xml").decode()
    assert "Điểm báo ngày" in (tmp_path / "diem-bao.html").read_text(encoding="utf-8")
