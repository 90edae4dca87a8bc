"""F9: the disk under all servers is really full in the middle of sending."""

import subprocess
import sys

import pytest

from tests.faults.arena import ROOT

PEOPLE = 1_200
CANNOT_MOUNT = 3


def test_a_full_disk_loses_nobody_and_leaves_the_database_whole():
    # In a process of its own: it makes an application with servers of its own.
    words = ["F9", "--people", str(PEOPLE), "--times", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.full", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    if done.returncode == CANNOT_MOUNT:
        pytest.skip(f"FULL DISK NOT TRIED: {done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "disk full 1 times" in done.stdout
    assert f"lost 0, sent {PEOPLE}" in done.stdout
