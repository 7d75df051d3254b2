"""`diembao schedule`: whoever starts the clock reads when each job will run."""

from __future__ import annotations

import logging

import pytest

import scheduler
from cli.schedule import timetable
from domain.settings import Settings
from tests.test_cli import diembao

ZONE = "(Asia/Ho_Chi_Minh)"


@pytest.fixture(autouse=True)
def root_log():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("schedule", "lines"),
    [
        (
            {},
            [
                f"backup: 01:30 hằng ngày {ZONE}, sao lưu cơ sở dữ liệu, kho lưu trữ và cấu hình",
                f"retention: 02:30 Chủ nhật {ZONE}, "
                "dọn trang thô đã cũ mà không số liệu nào dựa vào",
                f"crawl: 05:30 hằng ngày {ZONE}, thu thập từ mọi nguồn tin",
                f"digest: 07:00 hằng ngày {ZONE}, làm điểm báo trong ngày",
                f"export: 08:00 ngày 15 hằng tháng {ZONE}, xuất báo cáo của tháng vừa khép lại",
                "poll: cứ 10 phút một lần, hỏi những nguồn tin đã đến lượt",
            ],
        ),
        (
            {"crawl": "22:15", "poll_minutes": 0, "audit": ""},
            [
                "audit: không chạy vì audit để trống ở mục [schedule]",
                "poll: không chạy vì poll_minutes = 0 ở mục [schedule]; "
                "nguồn tin chỉ được hỏi lúc 22:15",
            ],
        ),
    ],
)
def test_the_timetable_names_every_job(schedule, lines):
    said = timetable(Settings.model_validate({"schedule": schedule}))
    assert [line for line in said if line in lines] == lines
    assert {line.partition(":")[0] for line in said} == set(scheduler.JOBS)


def test_the_clock_says_what_it_will_do_before_it_starts(tmp_path, monkeypatch):
    config = tmp_path / "config.toml"
    config.write_text('[schedule]\npoll_minutes = 15\n[log]\nlevel = "WARNING"\n', encoding="utf-8")

    def run(clock, say, opening=()):
        for line in opening:
            say(line)

    monkeypatch.setattr(scheduler.Clockwork, "run", run)
    said = diembao("--config", config, "--home", tmp_path / "home", "schedule")
    assert said.status == 0
    assert "poll: cứ 15 phút một lần" in said.out
    assert "crawl: 05:30 hằng ngày" in said.out


def test_a_job_run_by_hand_says_what_came_of_it(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[crawl]\noutlets = ["vnexpress"]\n', encoding="utf-8")
    said = diembao("--config", config, "--home", tmp_path / "home", "schedule", "--once", "measure")
    assert said.status == 0, said.err
    assert "Kỳ: Tháng" in said.out and "0 tin, bài" in said.out
    assert "so-lieu-" in said.out
