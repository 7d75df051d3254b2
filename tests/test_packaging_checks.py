"""The files of packaging/ by the rules of those who read them; no container engine is needed.

`make check-packaging` brings the checkers; where one is absent, its test is skipped.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
import yaml

from cli.main import COMMANDS
from tests.clockwork import ROOT
from tests.test_docs import parse

PACKAGING = ROOT / "packaging"
COMPOSE = (PACKAGING / "compose.yaml").read_text(encoding="utf-8")
WORKER = (PACKAGING / "diembao-worker@.service").read_text(encoding="utf-8")


def test_every_service_of_the_compose_file_runs_a_command_of_the_program():
    services = yaml.safe_load(COMPOSE)["services"]
    ours = {name: told["command"] for name, told in services.items() if "build" in told}
    assert {name: parse(command) for name, command in ours.items()} == {
        "web": "serve", "scheduler": "schedule", "worker": "worker",
    }  # fmt: skip
    assert {"serve", "schedule", "worker"} <= set(COMMANDS)
    assert "container_name" not in services["worker"], "it could not be scaled"


def checked(written: str) -> None:
    """Read by the grammar of the specification; what is named must be declared."""
    compose_spec = pytest.importorskip("compose_spec")
    # The grammar knows no anchors: a reader of YAML has put them in their places.
    found = compose_spec.PyCompose.from_json(json.dumps(yaml.safe_load(written)))
    found.validate()
    assert found.to_spec().services.keys() == {"database", "web", "scheduler", "worker"}


def test_the_compose_file_keeps_the_specification():
    checked(COMPOSE)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("restart: unless", "restrt: unless", "restrt"),
        ("condition: service_healthy", "condition: well", "well"),
        ("secrets: [pgpass]", "secrets: [pgpas]", "pgpas"),
        ("- home:/var", "- hom:/var", "hom"),
    ],
)
def test_a_slip_in_the_compose_file_is_found(right, wrong, said):
    assert right in COMPOSE
    with pytest.raises(ValueError, match=said):
        checked(COMPOSE.replace(right, wrong))


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="no hadolint here")
def test_the_container_file_keeps_the_rules_of_hadolint():
    said = subprocess.run(
        ["hadolint", str(PACKAGING / "Containerfile")], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout


def test_a_worker_is_a_service_that_takes_its_name_from_systemd():
    start = re.search(r"^ExecStart=(.+)$", WORKER, re.MULTILINE)
    assert start is not None
    assert parse(start[1].replace("%i", "mot").split()[1:]) == "worker"
    clock = (PACKAGING / "diembao.service").read_text(encoding="utf-8")
    rights = re.compile(r"^(?:Protect|Private|Restrict|NoNew|Lock|Capab|User)\S*$", re.MULTILINE)
    assert rights.findall(WORKER) == rights.findall(clock)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_service_of_a_worker(tmp_path):
    # Its program is not installed here: any other stands for it.
    unit = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", WORKER, flags=re.MULTILINE)
    unit = re.sub(r"^(User|Group|Documentation)=.*\n", "", unit, flags=re.MULTILINE)
    path = tmp_path / "diembao-worker@mot.service"
    path.write_text(unit, encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False
    )
    assert "diembao-worker" not in said.stderr, said.stderr
