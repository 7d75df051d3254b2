"""`diembao outlets` through its own door, against small web servers on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from cli.outlet_notes import STATE_NAMES
from domain.clock import VIETNAM
from domain.codes import SourceState
from domain.settings import read_settings
from pipeline.opening import open_context
from storage.database import reading
from storage.runs import last_runs
from tests.houses import Answer, House
from tests.test_cli import Installation

SHARED = Path(__file__).parents[2] / "shared"
DECLARED = """
id = "{id}"
name = "Báo {id}"
kind = "press"
level = "national"
governing_body = "Cơ quan {id}"
article_url = '-\\d+\\.html$'

[[domains]]
host = "{host}"
"""
SOURCE = """
[[sources]]
url = "{url}"
certainty = "{certainty}"
"""
PARAGRAPH = (
    "Bộ phận một cửa của xã tiếp nhận hồ sơ cả ngày thứ bảy để người dân đi làm xa không phải "
    "nghỉ việc, cán bộ trả kết quả tại nhà cho người già và người khuyết tật. "
)
MOMENT = datetime.now(VIETNAM).replace(microsecond=0) - timedelta(hours=2)


def page(headline: str = "Xã mở cửa bộ phận một cửa ngày thứ bảy", sapo: bool = True) -> Answer:
    lead = '<p class="sapo">Người dân đỡ phải nghỉ việc để nộp hồ sơ ở xã.</p>' if sapo else ""
    paragraphs = f"<p>{PARAGRAPH * 2}</p>" * 4
    text = (
        f'<html><head><title>{headline}</title><meta property="article:published_time" '
        f'content="{MOMENT.isoformat()}"></head><body><article><h1>{headline}</h1>{lead}'
        f"{paragraphs}</article></body></html>"
    )
    return Answer(text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def feed(*links: str) -> Answer:
    items = "".join(
        f"<item><title>Tin {number}</title><link>{link}</link>"
        f"<pubDate>{format_datetime(MOMENT)}</pubDate></item>"
        for number, link in enumerate(links)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    return Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})


def declare(
    folder: Path, outlet_id: str, host: str, *urls: str, certainty: str = "seen working"
) -> None:
    folder.mkdir(exist_ok=True)
    sources = "".join(SOURCE.format(url=url, certainty=certainty) for url in urls)
    (folder / f"{outlet_id}.toml").write_text(
        DECLARED.format(id=outlet_id, host=host) + sources, encoding="utf-8"
    )


LOOPBACK = [f"127.0.0.{number}" for number in range(1, 7)]


def installation(folder: Path) -> Installation:
    config = folder / "config.toml"
    config.write_text(
        f'[crawl]\noutlets_folder = "{folder / "outlets"}"\ndelay_seconds = 0\n'
        f"timeout_seconds = 2\nallow_private_hosts = {json.dumps(LOOPBACK)}\n",
        encoding="utf-8",
    )
    return Installation(config=config, home=folder / "home")


@pytest.fixture
def press(tmp_path: Path) -> Iterator[tuple[Installation, dict[str, House]]]:
    """A healthy outlet, one whose feed is gone, one that declares no list."""
    houses = {"tot": House("127.0.0.1"), "hong": House("127.0.0.2")}
    root = houses["tot"].root
    houses["tot"].answers |= {
        "/rss": feed(f"{root}/mot-cua-101.html", f"{root}/mot-cua-102.html"),
        "/mot-cua-101.html": page(),
        "/mot-cua-102.html": page(),
    }
    folder = tmp_path / "outlets"
    declare(folder, "bao_tot", "127.0.0.1", f"{root}/rss")
    declare(folder, "bao_hong", "127.0.0.2", f"{houses['hong'].root}/rss", certainty="guessed")
    declare(folder, "bao_chua", "127.0.0.3")
    yield installation(tmp_path), houses
    for house in houses.values():
        house.close()


def test_every_state_has_its_words() -> None:
    assert set(STATE_NAMES) == set(SourceState)


def test_the_list_works_without_a_database(press) -> None:
    house, _ = press
    said = house("outlets", "list")
    assert said.status == 0
    assert "Chưa biết tình trạng" in said.err and "diembao init" in said.err
    lines = said.out.splitlines()
    assert (
        "bao_tot: Báo bao_tot · Báo, tạp chí · trung ương · toàn quốc · nguồn: 1 thấy chạy"
        in (lines[2])
    )
    assert "1 đoán" in lines[1] and "chưa có" in lines[0]
    assert lines[-1] == (
        "Cộng: 3 cơ quan; 1 có nguồn thấy chạy; 0 có cách trình bày đã kiểm; 1 chưa có nguồn."
    )
    assert not house.home.exists()


def test_the_list_by_state_needs_what_is_stored(press) -> None:
    house, _ = press
    said = house("outlets", "list", "--state", "failing")
    assert said.status == 1
    assert "diembao init" in said.err


def test_a_doctors_note_for_each_outlet_the_sick_first(press) -> None:
    house, houses = press
    said = house("outlets", "check")
    assert said.status == 0, said.err
    heads = [line for line in said.out.splitlines() if line.startswith("Báo ")]
    assert [head.split("(")[1].split(")")[0] for head in heads] == [
        "bao_hong", "bao_chua", "bao_tot",
    ]  # fmt: skip
    hong, chua, tot = said.out.split("\n\n")[:3]
    assert "không lấy được từ " in hong and "404" in hong
    assert "sửa dòng url trong tệp khai báo bao_hong.toml" in hong
    assert "chưa khai nguồn nào" in chua.casefold()
    assert "bình thường" in tot and "Không cần làm gì." in tot
    assert "“Xã mở cửa bộ phận một cửa ngày thứ bảy”" in tot
    for words in ("tít", "sapo", "thân bài", "giờ đăng"):
        assert words in tot
    assert "thiếu" not in tot
    assert said.out.splitlines()[-1].startswith("Tóm lại: 3 cơ quan: 1 không lấy được, 1 chưa hỏi")
    # one page an outlet is enough to see whether it can be read
    assert sum(path.endswith(".html") for path in houses["tot"].paths()) == 1


def test_what_was_seen_can_be_read_again_without_asking(press) -> None:
    house, houses = press
    assert house("outlets", "check", "bao_tot").status == 0
    asked = len(houses["tot"].asked)
    said = house("outlets", "check", "--stored", "bao_tot", "--json")
    assert said.status == 0, said.err
    assert len(houses["tot"].asked) == asked
    found = json.loads(said.out)
    [health] = found["outlets"]
    assert health["state"] == "ok"
    assert health["sources"][0]["url"].endswith("/rss")
    assert found["pages"]["bao_tot"]["missing"] == []
    assert "Báo bao_tot" in house("outlets", "list", "--state", "ok").out
    assert house("outlets", "list", "--state", "blocked").out.startswith("Cộng: 0 cơ quan")


def test_a_page_that_lost_a_field_is_told_with_what_to_do(press) -> None:
    house, houses = press
    houses["tot"].answers["/mot-cua-101.html"] = page(sapo=False)
    houses["tot"].answers["/mot-cua-102.html"] = page(sapo=False)
    said = house("outlets", "check", "bao_tot")
    assert "thiếu: sapo" in said.out
    assert "diembao outlets record http://127.0.0.1:" in said.out
    assert "1 có bài mới nhất đọc chưa đủ" in said.out

    assert "nguồn bình thường, bài đọc chưa đủ" in said.out
    assert "Không cần làm gì" not in said.out


def test_lists_that_are_well_do_not_hide_that_no_page_comes(press) -> None:
    house, houses = press
    for path in ("/mot-cua-101.html", "/mot-cua-102.html"):
        houses["tot"].answers[path] = Answer(b"busy", 403)
    said = house("outlets", "check", "bao_tot")
    assert "nguồn bình thường, chưa có trang bài" in said.out
    assert "chưa tải được trang bài nào" in said.out
    assert "“diembao crawl --outlet bao_tot”" in said.out
    assert "Không cần làm gì" not in said.out
    assert "1 chưa có trang bài nào" in said.out


def test_of_many_outlets_the_well_are_told_in_a_line(press, tmp_path: Path) -> None:
    house, _ = press
    more = {f"bao_tot_{n}": House(f"127.0.0.{n}") for n in (4, 5, 6)}
    for name, other in more.items():
        other.answers |= {"/rss": feed(f"{other.root}/mot-cua-1.html"), "/mot-cua-1.html": page()}
        declare(
            tmp_path / "outlets", name, name.replace("bao_tot_", "127.0.0."), f"{other.root}/rss"
        )
    said = house("outlets", "check")
    for other in more.values():
        other.close()
    assert said.status == 0, said.err
    assert "Đang hỏi 5 nguồn của 6 cơ quan" in said.err
    lines = said.out.splitlines()
    well = [line for line in lines if ": bình thường. Trả lời lúc" in line]
    assert [line.split("(")[1].split(")")[0] for line in well] == ["bao_tot", *more]
    assert "Chưa khai nguồn (1 cơ quan): bao_chua" in lines
    assert lines[0].startswith("Báo bao_hong (bao_hong): không lấy được")
    assert "máy chủ trả mã 404 (không có trang này)" in said.out
    assert "“diembao outlets check MÃ”" in lines[-2]


def test_the_list_says_what_its_words_ask_for(press) -> None:
    house, _ = press
    *_, guessed, without, generic, _count = house("outlets", "list").out.splitlines()
    assert "“diembao outlets check MÃ”" in guessed
    assert "[[sources]]" in without
    assert "“diembao outlets record ĐỊA_CHỈ”" in generic


def free_port(host: str) -> int:
    with socket.socket() as held:
        held.bind((host, 0))
        return int(held.getsockname()[1])


def test_a_machine_without_network_is_told_so_once(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        host = f"127.0.0.{number}"
        declare(tmp_path / "outlets", f"bao_{number}", host,
                f"http://{host}:{free_port(host)}/rss")  # fmt: skip
    said = installation(tmp_path)("outlets", "check")
    lines = said.out.splitlines()
    assert "nhiều khả năng máy này chưa ra được mạng" in lines[0]
    assert "proxy" in lines[1]
    assert len(lines) == 3
    assert said.status == 1


def test_an_unknown_outlet_is_named_with_what_was_meant(press) -> None:
    house, _ = press
    said = house("outlets", "check", "bao_totx")
    assert said.status == 2
    assert "bao_totx" in said.err and "bao_tot" in said.err


def test_stored_notes_need_a_database(press) -> None:
    house, _ = press
    said = house("outlets", "check", "--stored")
    assert said.status == 1
    assert "diembao init" in said.err


def test_a_page_becomes_a_case(press, tmp_path: Path) -> None:
    house, houses = press
    out = tmp_path / "cases"
    url = f"{houses['tot'].root}/mot-cua-101.html"
    said = house("outlets", "record", url, "--out", out)
    assert said.status == 0, said.err
    assert (out / "bao_tot_mot-cua-101.html").read_bytes() == page().body
    expected = json.loads((out / "bao_tot_mot-cua-101.expected.json").read_text("utf-8"))
    assert expected["url"] == url
    assert expected["headline"] == "Xã mở cửa bộ phận một cửa ngày thứ bảy"
    assert expected["datePublished"] == MOMENT.isoformat()
    assert not house.home.exists()


def test_what_a_person_corrected_is_not_overwritten(press, tmp_path: Path) -> None:
    house, houses = press
    saved = tmp_path / "saved.html"
    saved.write_bytes(page().body)
    arguments = ("outlets", "record", f"{houses['tot'].root}/mot-cua-101.html", "--file", saved,
                 "--out", tmp_path)  # fmt: skip
    assert house(*arguments).status == 0
    expected = tmp_path / "bao_tot_mot-cua-101.expected.json"
    expected.write_text("{}")
    again = house(*arguments)
    assert again.status == 2 and "--out" in again.err
    assert expected.read_text() == "{}"
    assert houses["tot"].asked == []


def test_a_saved_page_that_cannot_be_read_still_makes_a_case(press, tmp_path: Path) -> None:
    house, houses = press
    saved = tmp_path / "saved.html"
    saved.write_bytes(b"<html><title>404</title><body>Not found</body></html>")
    said = house("outlets", "record", f"{houses['tot'].root}/x-9999.html", "--file", saved,
                 "--out", tmp_path)  # fmt: skip
    assert said.status == 0
    assert "Chưa đọc được bài" in said.out and "Điền tay" in said.out
    assert json.loads((tmp_path / "bao_tot_x-9999.expected.json").read_text())["headline"] == ""


@pytest.mark.parametrize(
    ("path", "told"),
    [("/gone-404.html", "404"), ("/mot-cua-103.html", "mã")],
)
def test_a_page_that_does_not_come_leaves_no_case(
    press, tmp_path: Path, path: str, told: str
) -> None:
    house, houses = press
    said = house("outlets", "record", houses["tot"].root + path, "--out", tmp_path / "cases")
    assert said.status == 1
    assert "Không tải được" in said.err and told in said.err
    assert not (tmp_path / "cases").exists()


def test_an_address_of_nobody_is_refused_before_anything_is_asked(press, tmp_path: Path) -> None:
    house, _ = press
    said = house("outlets", "record", "https://bao-la.test/a-1.html", "--out", tmp_path)
    assert said.status == 2
    assert "bao-la.test" in said.err and "khai báo" in said.err


def test_help_is_vietnamese(press) -> None:
    house, _ = press
    for command in ("list", "check", "record"):
        said = house("outlets", command, "--help")
        assert said.status == 0 and "Cách dùng:" in said.out and "OPTIONS" not in said.out
    assert "không có lệnh" in house("outlets", "lisst").err.casefold()


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not beside the project")
def test_a_recorded_page_of_the_real_press_is_read(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[crawl]\n", encoding="utf-8")
    house = Installation(config=config, home=tmp_path / "home")
    case = SHARED / "data" / "pages" / "tuoitre_20260307075519174"
    known = json.loads(Path(f"{case}.expected.json").read_text("utf-8"))
    said = house("outlets", "record", known["url"], "--file", f"{case}.html", "--out", tmp_path)
    assert said.status == 0, said.err
    [written] = tmp_path.glob("tuoitre_*.expected.json")
    read = json.loads(written.read_text("utf-8"))
    assert read["headline"] == known["headline"]
    assert read["authors"] == known["authors"]


def test_an_archive_that_is_gone_is_told_in_its_note(press) -> None:
    house, _ = press
    assert house("outlets", "check", "bao_tot").status == 0
    for path in (house.home / "archive").rglob("*.warc.gz"):
        path.unlink()
    said = house("outlets", "check", "--stored", "bao_tot")
    assert said.status == 0, said.err
    assert "không đọc được" in said.out and ".warc.gz" in said.out


def test_an_outlet_with_one_list_says_why_nothing_is_estimated(press) -> None:
    house, _ = press
    assert house("crawl").status == 0
    said = house("outlets", "completeness", "--month", f"{MOMENT:%Y-%m}")
    assert said.status == 0
    line = next(line for line in said.out.splitlines() if line.startswith("bao_tot"))
    assert "thấy 2 bài; không ước lượng được:" in line


def test_the_nightly_check_is_on_record_and_names_what_is_missing(press) -> None:
    house, houses = press
    for path in ("/mot-cua-101.html", "/mot-cua-102.html"):
        houses["tot"].answers[path] = page(sapo=False)
    assert house("crawl").status == 0
    assert house("schedule", "--once", "self_check").status == 0
    context = open_context(
        read_settings(house.config), house.home, clock=lambda: datetime.now(VIETNAM)
    )
    with reading(context.engine) as connection:
        run = last_runs(connection)[0]
    assert (run.kind, run.state, run.counts["pages"]) == ("self_check", "done", 1)
    assert set(run.counts["in_trouble"]) == {"bao_tot"}
