"""`diembao doctor`: each trouble is found, and each finding says what to do."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.settings import Settings
from pipeline import doctor
from pipeline.backup import make_backup
from pipeline.disk import DiskState
from pipeline.doctor import Finding, Grade, examine
from pipeline.opening import watched_outlets
from storage.declared import register_outlet, source_id
from storage.job_runs import end_try, note_slot, start_try
from storage.polls import record_poll
from storage.runs import start_run
from tests.clockwork import TurnedClock, installation, vn
from tests.test_cli import diembao

NOW = vn("2026-07-15 08:00")


def found(home, clock=None, **settings) -> dict[str, list[Finding]]:
    by_subject: dict[str, list[Finding]] = {}

    def read() -> Settings:
        return Settings.model_validate({"crawl": {"outlets": ["vnexpress"]}, **settings})

    for finding in examine(read, home, clock=clock or TurnedClock(NOW), thorough=True):
        by_subject.setdefault(finding.about, []).append(finding)
        assert finding.said
        assert bool(finding.remedy) == (finding.grade is not Grade.OK)
    return by_subject


def worst(findings: list[Finding]) -> Grade:
    order = list(Grade)
    return max((finding.grade for finding in findings), key=order.index)


@pytest.fixture
def context(tmp_path):
    return installation(tmp_path, TurnedClock(NOW))


def test_a_home_that_is_not_there_says_how_to_make_it(tmp_path):
    said = found(tmp_path / "chua-co")
    assert said["quyền"][0].grade is Grade.BAD
    assert "diembao init" in said["quyền"][0].remedy


def test_every_part_is_looked_at(context):
    said = found(context.home)
    assert set(said) == {
        "cấu hình", "quyền", "giờ máy", "mô hình", "cơ sở dữ liệu", "đĩa", "kho lưu trữ",
        "nguồn tin", "lịch", "sao lưu", "cảnh báo",
    }  # fmt: skip


def test_a_format_that_the_monthly_export_does_not_know_is_found_before_its_day(context):
    [finding] = found(context.home, schedule={"export_formats": ["xlsx", "cvs"]})["cấu hình"]
    assert finding.grade is Grade.BAD and "export_formats" in finding.remedy


@pytest.mark.sqlite
def test_a_damaged_database_is_found(context):
    path = context.home / "diembao.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = bytearray(path.read_bytes())
    whole[4096 * 3 : 4096 * 8] = b"x" * (4096 * 5)
    path.write_bytes(whole)
    assert worst(found(context.home)["cơ sở dữ liệu"]) is Grade.BAD


def test_a_database_of_an_older_form_says_how_to_upgrade(context):
    with context.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    [finding] = found(context.home)["cơ sở dữ liệu"]
    assert "diembao init" in finding.said


def test_a_clock_that_is_behind_what_was_written_is_found(context):
    with context.engine.begin() as connection:
        start_run(connection, "crawl", NOW + timedelta(hours=1))
    assert worst(found(context.home)["giờ máy"]) is Grade.BAD
    assert worst(found(context.home, TurnedClock(vn("1999-01-01 00:00")))["giờ máy"]) is Grade.BAD


@pytest.mark.parametrize(("free", "grade"), [(10**9, Grade.BAD), (10**11, Grade.OK)])
def test_a_disk_that_is_nearly_full_is_found(context, monkeypatch, free, grade):
    monkeypatch.setattr(doctor, "disk_state", lambda home: DiskState(free=free, used=10**11))
    assert worst(found(context.home)["đĩa"]) is grade


def test_a_timetable_that_no_longer_runs_is_found(context):
    with context.engine.begin() as connection:
        for job in ("crawl", "digest"):
            note_slot(connection, job, NOW - timedelta(days=9), "known", NOW - timedelta(days=9))
        number = start_try(connection, "tag", NOW, now=NOW, late_seconds=0, pid=1)
        end_try(connection, number, "failed", now=NOW, error="Đĩa đã đầy.")
    said = found(context.home)["lịch"]
    assert "crawl, " in said[0].said and said[0].grade is Grade.BAD
    assert any("--once tag" in finding.remedy for finding in said)


def test_backups_that_are_missing_old_or_on_the_same_disk_are_found(context):
    [missing] = found(context.home)["sao lưu"]
    assert "diembao backup" in missing.remedy
    make_backup(context, context.home / "backups")
    [same_disk] = found(context.home)["sao lưu"]
    assert "cùng đĩa" in same_disk.said
    [old] = found(context.home, TurnedClock(NOW + timedelta(days=3)))["sao lưu"]
    assert "đã cũ" in old.said


def test_the_command_prints_findings_and_fails_on_a_bad_one(tmp_path):
    config = tmp_path / "config.toml"
    config.write_text('[crawl]\noutlets = ["vnexpress"]\n', encoding="utf-8")
    said = diembao("--config", config, "--home", tmp_path / "nha", "doctor")
    assert said.status == 1
    assert "Cách sửa: Chạy “diembao init”." in said.out
    diembao("--config", config, "--home", tmp_path / "nha", "init")
    said = diembao("--config", config, "--home", tmp_path / "nha", "doctor", "--json")
    assert (said.status, json.loads(said.out)["ok"]) == (0, True)
    config.write_text('[crawl]\noutlet = ["vnexpress"]\n', encoding="utf-8")
    said = diembao("--config", config, "--home", tmp_path / "nha", "doctor")
    assert said.status == 1 and "[hỏng] cấu hình" in said.out
    said = diembao("--config", config, "--home", tmp_path / "nha", "doctor", "--send-test")
    assert said.status == 2


@pytest.mark.parametrize(
    ("days", "grade", "said"),
    [(0, Grade.OK, "hỏi lần cuối lúc 15/07/2026 07:00"), (95, Grade.WARNING, "95 ngày trước")],
)
def test_sources_that_were_last_asked_long_ago_are_not_called_well(context, days, grade, said):
    settings = Settings.model_validate({"crawl": {"outlets": ["vnexpress"]}})
    outlet = watched_outlets(settings)["vnexpress"]
    with context.engine.begin() as connection:
        register_outlet(connection, outlet)
        number = source_id(connection, outlet.id, outlet.sources[0])
        record_poll(
            connection, source_id=number, at=NOW - timedelta(hours=1), outcome="ok", items=20
        )
    findings = found(context.home, TurnedClock(NOW + timedelta(days=days)))["nguồn tin"]
    assert any(each.grade is grade and said in each.said for each in findings)
