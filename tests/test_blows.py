"""Each job of the timetable told to stop, some met by a full disk: done the next time, whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.jobs import JOBS
from tests.clockwork import ROOT


def mounts_of_its_own() -> bool:
    """Whether this user may have disks that nobody else sees."""
    tried = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount",
         "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True, check=False,
    )  # fmt: skip
    return tried.returncode == 0


def test_a_job_that_is_told_to_stop_or_has_no_disk_is_done_the_next_time():
    if not mounts_of_its_own():
        pytest.skip("no mount namespaces for this user here")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.blows", "--short"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    struck = {line.split()[0] for line in done.stdout.splitlines() if line.split()[0] in JOBS}
    assert struck == set(JOBS)
    assert "all well" in done.stdout
