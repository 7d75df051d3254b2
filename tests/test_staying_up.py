"""A night of the real jobs on the demo press, struck twice: nothing lost, nothing doubled."""

from __future__ import annotations

import subprocess
import sys

from tests.clockwork import ROOT


def test_a_night_that_is_struck_twice_is_whole_in_the_end():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.staying_up", "--short", "--seed", "7"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "kills, all well" in done.stdout
