"""`diembao import`, `events` and `plan` as a person calls them: from a file to a linked event."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.plans import read_plans
from tests.test_cli import Said, diembao

OUTLET = """
id = "bao_mot"
name = "Báo Một"
kind = "press"
level = "national"
domains = [{ host = "bao-mot.test" }]
"""
ARTICLES = """Link,Tít,Ngày đăng
https://bao-mot.test/1.html,Bộ Nội vụ công bố Chỉ số cải cách hành chính,15/06/2026 08:30
https://bao-mot.test/2.html,Bài không có ngày,
"""
EVENTS = """Tiêu đề;Cơ quan;Ngày;Số ký hiệu
Công bố Chỉ số cải cách hành chính;Bộ Nội vụ;15/06/2026;123/QĐ-BNV
Họp báo;Bộ Không Có;15/06/2026;
"""


class Desk:
    """This is an officer's folder with a configuration, and the command called in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "outlets").mkdir()
        self.write("outlets/bao_mot.toml", OUTLET)
        self.write("config.toml", '[crawl]\noutlets_folder = "outlets"\n')

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def say(self, *arguments: object) -> Said:
        config, home = self.folder / "config.toml", self.folder / "var"
        return diembao("--config", config, "--home", home, *arguments)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_from_files_to_an_event_that_a_story_reports(desk: Desk) -> None:
    said = desk.say("import", desk.write("bai.csv", ARTICLES))
    assert said.status == 1  # one row is bad, the other went in
    assert "Nhập 1 bài mới, sửa 0; 0 đã có; 1 dòng có lỗi." in said.out
    assert "Dòng 3, cột “Ngày đăng”: để trống" in said.err
    assert "Nhập 0 bài mới, sửa 0; 1 đã có" in desk.say("import", desk.folder / "bai.csv").out

    trial = desk.say("events", "import", desk.write("su-kien.csv", EVENTS), "--dry-run")
    assert "Sẽ thêm 1 sự kiện; 0 đã có trong sổ; 1 dòng có lỗi." in trial.out
    assert desk.say("events", "list").out == "0 sự kiện.\n"
    assert "Còn phải" not in trial.out
    said = desk.say("events", "import", desk.folder / "su-kien.csv")
    assert "duyệt bằng “diembao events confirm”, rồi nối" in said.out
    assert "bằng “diembao events link”" in said.out
    assert "Dòng 2: không ghi loại, coi là văn bản" in said.err
    assert (said.status, "Có phải" in said.err or "Bộ Không Có" in said.err) == (1, True)

    assert desk.say("events", "confirm", 1, "--by", "Lan").out == "Đã duyệt 1 sự kiện.\n"
    address = "https://bao-mot.test/1.html"
    assert desk.say("events", "attach", 1, address, "--by", "Lan").status == 0
    (event,) = json.loads(desk.say("events", "list", "--state", "confirmed", "--json").out)
    assert (event["number"], event["decided_by"], len(event["stories"])) == (
        "123/QĐ-BNV", "Lan", 1,
    )  # fmt: skip
    listed = desk.say("events", "list").out
    assert "15/06/2026 · Bộ Nội vụ · văn bản · đã duyệt (Lan, " in listed
    assert "1 câu chuyện báo chí" in listed
    shown = desk.say("events", "show", 1).out
    assert address in shown
    assert "người duyệt: có nói về sự kiện" in shown
    desk.say("events", "detach", 1, address, "--by", "Hoa")
    assert "chưa thấy báo chí" in desk.say("events", "list").out
    assert desk.say("events", "reject", 1, "--by", "Lan").out == "Đã bỏ 1 sự kiện.\n"


def test_rows_told_twice_in_one_file_are_said(desk: Desk) -> None:
    head, article, _ = ARTICLES.split("\n", 2)
    said = desk.say("import", desk.write("bai.csv", "\n".join([head, article, article])))
    assert "Nhập 1 bài mới, sửa 0; 0 đã có; 1 dòng trùng trong tệp; 0 dòng có lỗi." in said.out
    assert "Dòng 3: trùng với dòng 2 " in said.err
    head, event, _ = EVENTS.split("\n", 2)
    path = desk.write("su-kien.csv", "\n".join([head, event, event]))
    for also, verb in (("--dry-run", "Sẽ thêm"), ("--confirmed-by=Lan", "Đã thêm")):
        said = desk.say("events", "import", path, also)
        told = "1 sự kiện; 0 đã có trong sổ; 1 dòng trùng trong tệp; 0 dòng có lỗi."
        assert f"{verb} {told}" in said.out
        assert "Dòng 3: trùng với dòng 2 " in said.err
    assert "Còn phải nối với báo chí bằng “diembao events link”." in said.out


def test_a_wrong_file_of_decisions_is_not_answered_with_an_option_that_is_not_there(
    desk: Desk,
) -> None:
    desk.say("import", desk.write("bai.csv", ARTICLES))
    said = desk.say("review", "import", desk.folder / "bai.csv", "--by", "Lan")
    assert said.status == 2
    assert "thiếu cột" in said.err and "chọn đúng tệp" in said.err
    assert "--map" not in said.err


def test_all_proposals_of_an_agency_are_confirmed_at_once(desk: Desk) -> None:
    rows = [f"Việc số {number};{agency};0{number}/06/2026;" for number, agency in
            ((1, "BNV"), (2, "BTC"), (3, "BNV"), (4, "BNV"))]  # fmt: skip
    text = EVENTS.partition("\n")[0] + "\n" + "\n".join(rows)
    desk.say("events", "import", desk.write("su-kien.csv", text))
    desk.say("events", "reject", 3, "--by", "Lan")
    confirm = ("events", "confirm", "--by", "Lan")
    said = desk.say(*confirm, "--all", "--agency", "BNV", "--to", "03/06/2026")
    assert said.out == "Đã duyệt 1 sự kiện.\n"
    assert desk.say(*confirm, "--all", "--agency", "BNV").out == "Đã duyệt 1 sự kiện.\n"
    kept = json.loads(desk.say("events", "list", "--json").out)
    assert [event["state"] for event in kept] == ["da_duyet", "de_xuat", "da_bo", "da_duyet"]
    for wrong in ((), (1, "--all"), (1, "--agency", "BNV")):
        assert desk.say(*confirm, *wrong).status == 2


def test_asking_for_what_is_not_there(desk: Desk) -> None:
    desk.say("init")
    for arguments, said in (
        (("events", "confirm", 7, "--by", "Lan"), "Không có sự kiện số 7"),
        (("events", "show", 7), "Không có sự kiện số 7"),
        (("events", "list", "--agency", "BNVV"), "Có phải “BNV”?"),
        (("events", "list", "--from", "2/7/2026", "--to", "1/7/2026"), "Đổi chỗ hai ngày"),
        (("import", desk.write("bai.csv", ARTICLES), "--outlet", "bao_mott"), "“bao_mot”"),
        (("import", desk.folder / "bai.csv", "--map", "Tít"), "tên cột=mục"),
    ):
        answer = desk.say(*arguments)
        assert answer.status == 2
        assert said in answer.err


def test_next_years_plan_is_copied_out_and_read_back(desk: Desk) -> None:
    assert "ke-hoach (chưa có)" in desk.say("plan", "list").out
    assert desk.say("plan", "new", "bnv-2027").status == 0
    assert "bnv-2027: chưa rõ số quyết định · chưa kiểm chứng" in desk.say("plan", "list").out
    plan = read_plans(desk.folder / "ke-hoach").get("bnv-2027")
    assert (plan.year, plan.number, plan.decided_on, len(plan.goals)) == (2027, "", None, 5)
    assert (plan.valid_from.year, plan.valid_to.year, plan.targets) == (2027, 2027, {})
    again = desk.say("plan", "new", "bnv-2027")
    assert (again.status, "được giữ nguyên" in again.err) == (2, True)
    shown = desk.say("plan", "show", "bnv-2027").out
    assert "Kế hoạch thông tin, tuyên truyền cải cách hành chính năm 2027" in shown
    assert "(đề xuất, chưa được phê duyệt)" in shown


def test_a_target_is_entered_in_a_copy(desk: Desk) -> None:
    desk.say("plan", "new", "bnv-2026")
    path = desk.folder / "ke-hoach" / "bnv-2026.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# [targets]\n# ", "[targets]\n"), encoding="utf-8")
    assert "1 chỉ tiêu · trong thư mục riêng" in desk.say("plan", "list").out
    assert "(timely.within_72h): 0,6" in desk.say("plan", "show", "bnv-2026").out
    path.write_text(text + "[targets]\ntimely.within_27h = 1\n", encoding="utf-8")
    assert "Có phải “timely.within_72h”?" in desk.say("plan", "list").err
    path.write_text(text.replace("year = 2026", "yaer = 2026"), encoding="utf-8")
    wrong = desk.say("plan", "list")
    assert wrong.status == 2
    assert "bnv-2026.toml" in wrong.err
    assert "“yaer”. Có phải “year”" in wrong.err


def test_the_proposals_are_copied_out_and_approved(desk: Desk) -> None:
    desk.say("plan", "new", "--proposals")
    path = desk.folder / "ke-hoach" / "proposals.toml"
    text = path.read_text(encoding="utf-8").replace("approved = false", "approved = true")
    path.write_text(text, encoding="utf-8")
    assert "by (ai phê duyệt)" in desk.say("plan", "show", "bnv-2026").err
    text = text.replace('by = ""', 'by = "Vụ CCHC"').replace("# on", "on")
    path.write_text(text, encoding="utf-8")
    assert "(Vụ CCHC phê duyệt ngày 15/01/2026)" in desk.say("plan", "show", "bnv-2026").out


@pytest.mark.parametrize("arguments", [(), ("bnv-2027", "--proposals"), ("Kế hoạch",), ("2027",)])
def test_a_copy_needs_one_thing_to_copy(desk: Desk, arguments: tuple[str, ...]) -> None:
    said = desk.say("plan", "new", *arguments)
    assert said.status == 2
    assert not (desk.folder / "ke-hoach").exists()
