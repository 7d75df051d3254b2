"""The log: one event a line, the same keys for people and machines, files in turn."""

from __future__ import annotations

import json
import logging

import pytest

from domain.errors import StorageError
from domain.settings import LogSettings
from pipeline.logs import set_up_log


@pytest.fixture(autouse=True)
def root_log():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_event_is_one_json_object_a_line(tmp_path):
    set_up_log(LogSettings(format="json", file="log/diembao.log"), tmp_path)
    log = logging.getLogger("pipeline.thu")
    log.info("job ended", extra={"job": "crawl", "error": "hai\ndòng"})
    try:
        raise ValueError("chữ sai")
    except ValueError:
        log.exception("broke")
    lines = (tmp_path / "log" / "diembao.log").read_text(encoding="utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert (first["event"], first["job"], first["error"]) == ("job ended", "crawl", "hai\ndòng")
    assert second["level"] == "ERROR" and "ValueError: chữ sai" in second["exception"]


def test_people_read_a_line_with_what_belongs_to_it(capsys, tmp_path):
    set_up_log(LogSettings(), tmp_path)
    logging.getLogger("pipeline.thu").info("job ended", extra={"job": "crawl"})
    assert "INFO pipeline.thu: job ended job='crawl'" in capsys.readouterr().err


def test_files_take_turns_and_old_ones_go(tmp_path):
    set_up_log(LogSettings(file="a.log", max_mb=0.001, keep=3), tmp_path)
    for number in range(200):
        logging.getLogger("thu").info("sự kiện số %d", number)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.log", "a.log.1", "a.log.2", "a.log.3"]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_says_which_setting_to_mend(tmp_path):
    (tmp_path / "log").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError, match=r"\[log\]"):
        set_up_log(LogSettings(file="log/diembao.log"), tmp_path)


def test_the_pages_write_a_file_of_their_own_beside_that_of_the_clock(tmp_path):
    set_up_log(LogSettings(file="log/diembao.log"), tmp_path, part="web")
    logging.getLogger("thu").info("một trang")
    assert [path.name for path in (tmp_path / "log").iterdir()] == ["diembao.web.log"]
