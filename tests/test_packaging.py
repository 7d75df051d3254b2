"""What an operator installs: the service and the container start what there is, without rights."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests.clockwork import ROOT
from tests.test_docs import parse

PACKAGING = ROOT / "packaging"
UNIT = (PACKAGING / "diembao.service").read_text(encoding="utf-8")
PAGES = (PACKAGING / "diembao-web.service").read_text(encoding="utf-8")
CONTAINER = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_service_starts_the_clock_as_a_user_without_rights():
    start = re.search(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    assert start is not None
    assert parse(start[1].split()[1:]) == "schedule"
    assert "User=diembao" in UNIT and "NoNewPrivileges=yes" in UNIT
    patience = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert patience is not None and int(patience[1]) > 30


def test_the_pages_are_a_service_of_their_own_with_the_same_rights():
    start = re.search(r"^ExecStart=(.+)$", PAGES, re.MULTILINE)
    assert start is not None
    assert parse(start[1].split()[1:]) == "serve"
    rights = re.compile(r"^(?:Protect|Private|Restrict|NoNew|Lock|Capab|User)\S*$", re.MULTILINE)
    assert rights.findall(PAGES) == rights.findall(UNIT)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("written", ["diembao.service", "diembao-web.service"])
def test_systemd_understands_the_service(tmp_path, written):
    # Its program is not installed here: any other stands for it.
    unit = (PACKAGING / written).read_text(encoding="utf-8")
    unit = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit, flags=re.MULTILINE)
    unit = re.sub(r"^(User|Group|Documentation)=.*\n", "", unit, flags=re.MULTILINE)
    path = tmp_path / "diembao.service"
    path.write_text(unit, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert "diembao.service" not in said.stderr, said.stderr


def test_the_container_is_debian_with_one_volume_a_plain_user_and_a_health_check():
    lines = CONTAINER.splitlines()
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM docker.io/library/debian:12-slim"
    ]
    assert [line for line in lines if line.startswith("VOLUME")] == ["VOLUME /var/lib/diembao"]
    assert lines.index("USER 10001") < lines.index('CMD ["schedule"]')
    assert "useradd --system --uid 10001" in CONTAINER
    assert "HEALTHCHECK" in CONTAINER and "/healthz" in CONTAINER
    start = PACKAGING / "start.sh"
    assert start.stat().st_mode & stat.S_IXUSR
    subprocess.run(["sh", "-n", str(start)], check=True)


def test_the_container_copies_files_that_are_there():
    for line in CONTAINER.splitlines():
        if line.startswith("COPY"):
            *names, _ = line.split()[1:]
            assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_commands_of_the_operator_can_be_typed():
    typed = re.findall(r"(?:^ *|`)db ([^`\n#]+)", OPERATING, re.MULTILINE)
    assert len(typed) > 10
    for line in typed:
        words = [str(Path(__file__)) if word.startswith("/") else word for word in line.split()]
        assert parse(words) in COMMANDS
    assert {"backup", "restore", "retention", "doctor", "init"} <= {one.split()[0] for one in typed}
