"""Backups: taken while others write, proved, turned over, and equal to the source when restored."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import distinct, func, insert, select, text

from domain.errors import DiembaoError, StorageError, UsageError
from domain.settings import BackupSettings
from pipeline.backup import make_backup, restore
from pipeline.backup_store import backup_name, backups, to_drop
from pipeline.context import Context
from pipeline.index import index
from pipeline.retention import retain
from pipeline.verify import verify
from storage.archive import segments
from storage.database import ADDRESS_VARIABLE, Engine, connect, reading
from storage.forms import init_database, old_form_path
from storage.search import Question, search
from storage.snapshot import table_digests
from storage.tables import bodies, runs
from tests.clockwork import ROOT, TurnedClock, installation, vn
from tests.homes import database_of, has_database
from tests.test_archive import Home
from tests.test_cli import diembao

NOW = vn("2026-07-15 01:30")


@pytest.fixture
def home(tmp_path) -> Home:
    folder = tmp_path / "nha"
    folder.mkdir()
    return Home(folder)


def digests(folder: Path) -> dict[str, str]:
    with reading(database_of(folder)) as connection:
        return table_digests(connection)


def filled(home: Home, count: int = 8) -> Home:
    home.crawl(count)
    home.ingest()
    index(home.context)
    return home


def put_aside(said: str) -> Engine:
    """The database that a restore put aside, as it was told of."""
    return connect(said if said.startswith("postgresql:") else f"sqlite:///{said}")


def at(home: Home, **span: float) -> Context:
    """The installation at a moment after the last night's backup."""
    return replace(home.context, clock=TurnedClock(NOW + timedelta(**span)))


def brought_back(home: Home, packed: Path, place: Path, **options: bool):
    return restore(packed, home.context.settings, place, clock=home.context.clock, **options)


def test_what_is_restored_equals_the_source(home, tmp_path):
    filled(home)
    made = make_backup(home.context, tmp_path / "sao-luu")
    done = brought_back(home, made.path, tmp_path / "moi")
    assert digests(tmp_path / "moi") == digests(home.context.home)
    assert done.segments > 0 and done.set_aside is None
    theirs = sorted(p.name for p in (tmp_path / "moi" / "archive").iterdir())
    assert theirs == sorted(p.name for p in home.archive.iterdir())


def test_a_backup_under_load_holds_whole_transactions_only(home, tmp_path):
    filled(home)
    over = threading.Event()

    def write() -> None:
        engine, number = database_of(home.context.home), 0
        while not over.is_set():
            number += 1
            row = {"started_at": NOW, "state": "done", "pid": number, "counts": {}}
            with engine.begin() as connection:
                connection.execute(insert(runs), [{**row, "kind": kind} for kind in ("a", "b")])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make_backup(home.context, tmp_path / f"sao-luu-{n}").path for n in range(3)]
    finally:
        over.set()
        writer.join()
    for number, packed in enumerate(made):
        place = tmp_path / f"moi-{number}"
        brought_back(home, packed, place)
        with reading(database_of(place)) as database:
            pairs = database.execute(
                select(runs.c.pid, func.count(), func.count(distinct(runs.c.kind)))
                .where(runs.c.kind.in_(["a", "b"]))
                .group_by(runs.c.pid)
            ).all()
        assert {(lines, kinds) for _, lines, kinds in pairs} <= {(2, 2)}


def test_segments_are_copied_once_and_shared(home, tmp_path):
    filled(home)
    folder = tmp_path / "sao-luu"
    first = make_backup(at(home), folder)
    shared = {path.name: path.stat().st_ino for path in (folder / "archive").iterdir()}
    assert shared
    later = make_backup(at(home, minutes=5), folder)
    assert later.path != first.path and len(backups(folder)) >= 1
    assert {p.name: p.stat().st_ino for p in (folder / "archive").iterdir()} == shared


def test_home_with_data_is_not_overwritten_unless_asked_and_then_put_aside(home, tmp_path):
    made = make_backup(filled(home).context, tmp_path / "sao-luu")
    before = digests(home.context.home)
    with home.context.engine.begin() as connection:
        connection.execute(text("DELETE FROM bodies"))
        connection.execute(text("DELETE FROM runs"))
    with pytest.raises(UsageError, match="--replace"):
        brought_back(home, made.path, home.context.home)
    done = brought_back(home, made.path, home.context.home, replace=True)
    assert done.set_aside is not None
    with reading(put_aside(done.set_aside)) as old:
        assert old.scalar(select(func.count()).select_from(bodies)) == 0
    assert digests(home.context.home) == before


@pytest.mark.parametrize("hurt", ["cut", "flip", "segment", "foreign"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(home, tmp_path, hurt):
    made = make_backup(filled(home).context, tmp_path / "sao-luu")
    segment = next((tmp_path / "sao-luu" / "archive").glob("*.warc.gz"))
    target = segment if hurt == "segment" else made.path
    whole = target.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "cut": whole[:middle],
        "foreign": b"khong phai ban sao luu",
    }.get(hurt, whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    target.write_bytes(damaged)
    with pytest.raises(StorageError):
        brought_back(home, made.path, tmp_path / "moi")
    assert not has_database(tmp_path / "moi")


def test_a_full_disk_leaves_no_half_backup_under_a_final_name(home, tmp_path, monkeypatch):
    filled(home)
    folder = tmp_path / "sao-luu"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tarfile.TarFile.add", full)
    with pytest.raises(DiembaoError, match="đĩa đã đầy"):
        make_backup(home.context, folder)
    assert backups(folder) == []
    monkeypatch.undo()
    make_backup(home.context, folder)
    assert not [path.name for path in folder.iterdir() if path.name.endswith(".part")]


def test_rotation_keeps_days_weeks_and_months():
    days = [vn("2026-01-01 01:30") + timedelta(days=n) for n in range(200)]
    found = [Path(backup_name(day)) for day in days]
    settings = BackupSettings(keep_daily=7, keep_weekly=5, keep_monthly=12)
    kept = [path for path in found if path not in to_drop(found, settings)]
    assert kept[-7:] == found[-7:]
    assert len(kept) < 7 + 5 + 12
    assert {path.name[8:14] for path in kept} == {f"2026{m:02d}" for m in range(1, 8)}


@pytest.mark.sqlite
def test_an_upgrade_keeps_the_old_form_beside_the_new(tmp_path):
    context = installation(tmp_path, TurnedClock(NOW))
    with context.engine.begin() as connection:
        connection.execute(text("DROP TABLE job_runs"))
        connection.execute(text("DROP TABLE notices"))
        connection.execute(text("DROP TABLE disk_readings"))
        later = [
            name
            for (name,) in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'table'")
            )
            if name in later_tables()
        ]
        for name in later:
            connection.execute(text(f'DROP TABLE "{name}"'))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    database = tmp_path / "diembao.sqlite"
    init_database(connect(f"sqlite:///{database}"))
    old = old_form_path(database, "0004")
    assert old.exists()
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0004",)
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    assert "job_runs" not in names


def later_tables() -> set[str]:
    """Tables that migrations after 0005 make."""
    made = set()
    for path in (ROOT / "storage" / "migrations" / "versions").glob("*.py"):
        if path.name[:4] > "0005":
            words = path.read_text("utf-8").split('create_table(\n        "')[1:]
            words += path.read_text("utf-8").split('create_table("')[1:]
            made |= {word.split('"')[0] for word in words}
    return made


def test_the_commands_back_up_and_restore(home, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    said = diembao(
        "--config", config, "--home", filled(home).context.home, "backup", "--out", tmp_path / "b"
    )
    assert said.status == 0, said.err
    [packed] = backups(tmp_path / "b")
    said = diembao("--config", config, "--home", tmp_path / "moi", "restore", packed)
    assert said.status == 0, said.err
    assert digests(tmp_path / "moi") == digests(home.context.home)


def test_thinned_segments_restore_too(home, tmp_path):
    filled(home)
    retain(at(home, days=500), apply=True)
    made = make_backup(at(home, days=500), tmp_path / "sao-luu")
    brought_back(home, made.path, tmp_path / "moi")
    assert verify(home.context).faults == 0
    assert len(segments(home.archive)) == len(segments(tmp_path / "moi" / "archive"))


def test_a_backup_by_hand_keeps_those_of_its_day_until_the_day_is_over(home, tmp_path):
    folder = tmp_path / "sao-luu"
    filled(home)
    for minutes in (0, 5, 10):
        made = make_backup(at(home, minutes=minutes), folder, keeps_day=True)
        assert made.dropped == ()
    assert len(backups(folder)) == 3
    make_backup(at(home, days=1), folder)
    assert len(backups(folder)) == 2


def test_the_database_put_aside_is_named_by_the_vietnamese_clock(home, tmp_path):
    context = replace(filled(home).context, clock=TurnedClock(NOW.astimezone(UTC)))
    made = make_backup(context, tmp_path / "sao-luu")
    done = restore(made.path, context.settings, context.home, clock=context.clock, replace=True)
    assert done.set_aside is not None
    there = Path(str(put_aside(done.set_aside).url.database)).name
    assert there == f"{Path(str(context.engine.url.database)).name}.20260715T013000"


@pytest.mark.parametrize(
    ("hurt", "said"),
    [
        (lambda whole: whole[: len(whole) // 2], "bị cắt giữa chừng"),
        (lambda whole: b"khong phai ban sao luu", "không phải tệp nén"),
    ],
)
def test_damage_is_told_in_vietnamese(home, tmp_path, hurt, said):
    made = make_backup(filled(home).context, tmp_path / "sao-luu")
    made.path.write_bytes(hurt(made.path.read_bytes()))
    with pytest.raises(StorageError, match=said) as caught:
        brought_back(home, made.path, tmp_path / "moi")
    assert "file" not in str(caught.value)


def test_what_people_gave_is_brought_back_and_nothing_of_it_overwritten(home, tmp_path):
    filled(home)
    scan, own = home.context.home / "attachments" / "ab12.pdf", home.context.own_outlets / "b.toml"
    for path, words in ((scan, "bản quét"), (own, "khai báo")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    made = make_backup(home.context, tmp_path / "sao-luu")
    place = tmp_path / "moi"
    (place / "nguon-rieng").mkdir(parents=True)
    (place / "nguon-rieng" / "b.toml").write_text("đang dùng", encoding="utf-8")
    brought_back(home, made.path, place)
    assert (place / "attachments" / "ab12.pdf").read_text(encoding="utf-8") == "bản quét"
    assert (place / "nguon-rieng" / "b.toml").read_text(encoding="utf-8") == "đang dùng"


@pytest.mark.postgres
def test_what_a_server_backed_up_is_taken_up_by_a_file_and_the_other_way(
    home, tmp_path, monkeypatch, postgres
):  # fmt: skip
    filled(home)
    before = digests(home.context.home)
    elsewhere = "" if home.context.engine.dialect.name == "postgresql" else "so_{home}"
    packed = make_backup(home.context, tmp_path / "sao-luu").path
    monkeypatch.setenv(ADDRESS_VARIABLE, postgres.url(elsewhere) if elsewhere else "")
    place = tmp_path / "moi"
    brought_back(home, packed, place)
    assert database_of(place).dialect.name != home.context.engine.dialect.name
    assert digests(place) == before
    with reading(database_of(place)) as connection:
        assert search(connection, Question(words="thủ tục"), limit=1).total > 0


def test_pages_that_workers_wrote_are_in_the_backup(home, tmp_path):
    filled(home)
    whole = segments(home.archive)[0]
    for name in ("w1", "w2"):
        (home.archive / name).mkdir()
        shutil.copy(whole, home.archive / name / whole.name)
    open_one = home.archive / "w1" / "moi.warc.gz.part"
    open_one.write_bytes(whole.read_bytes()[:100])
    packed = make_backup(at(home, minutes=5), tmp_path / "sao-luu")
    brought_back(home, packed.path, tmp_path / "moi")
    files = {
        folder: {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in (home.archive, tmp_path / "moi" / "archive")
    }
    assert files[home.archive] == files[tmp_path / "moi" / "archive"]


@pytest.mark.postgres
def test_what_a_server_held_is_back_under_its_name_if_the_restore_fails(
    home, tmp_path, monkeypatch, postgres
):  # fmt: skip
    packed = make_backup(filled(home).context, tmp_path / "sao-luu").path
    monkeypatch.setenv(ADDRESS_VARIABLE, postgres.url("hong_{home}"))
    place = tmp_path / "moi"
    brought_back(home, packed, place)
    before = digests(place)

    def away(*_: object) -> None:
        raise StorageError("máy chủ mất điện")

    monkeypatch.setattr("pipeline.backup_target.carry", away)
    with pytest.raises(StorageError, match="mất điện"):
        brought_back(home, packed, place, replace=True)
    assert digests(place) == before


@pytest.mark.postgres
def test_a_server_whose_database_is_open_is_not_replaced(home, tmp_path, monkeypatch, postgres):
    packed = make_backup(filled(home).context, tmp_path / "sao-luu").path
    monkeypatch.setenv(ADDRESS_VARIABLE, postgres.url("mo_{home}"))
    place = tmp_path / "moi"
    brought_back(home, packed, place)
    before = digests(place)
    with (
        reading(database_of(place)) as someone,
        pytest.raises(StorageError, match="Dừng lịch, trang web"),
    ):
        someone.execute(select(runs.c.id))
        brought_back(home, packed, place, replace=True)
    assert digests(place) == before
