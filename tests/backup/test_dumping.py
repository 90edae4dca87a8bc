"""A dump that fails leaves the last one, and nothing half-written."""

import fcntl
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

# A file system of 64 KB of one's own with the last dump in it, and what is in it at the end.
ON_A_SMALL_DISK = """
mount -t tmpfs -o size=64k small "$1" && cd "$1" && echo last > all.dump && shift
"$@"; code=$?; ls; cat all.dump; exit $code
"""


def leftovers(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_dump_on_a_full_disk_says_so(here, tmp_path):
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine gives no file systems of one's own; the next test stands in")
    before = ("unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, "sh", str(tmp_path))

    done = here.run("db", "dump", "all.dump", before=before)

    assert done.returncode == 1
    assert "pg_dump found no room left on the disk" in done.stderr
    assert done.stdout.split() == ["all.dump", "last"]


@pytest.fixture
def little_room():
    """No file may grow beyond a few blocks; the limit of this process goes to what it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_failed_dump_keeps_the_last_one(here, tmp_path, request):
    file = here.dump(tmp_path / "all.dump")
    before = file.read_bytes()
    request.getfixturevalue("little_room")

    done = here.type("db", "dump", str(file))

    assert done.exit_code == 1
    assert "pg_dump found no room left on the disk" in done.stderr
    assert file.read_bytes() == before
    assert leftovers(tmp_path) == {"all.dump"}


def test_two_dumps_never_write_one_file(here, tmp_path):
    file = tmp_path / "all.dump"
    with (tmp_path / "all.dump.part").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        done = here.type("db", "dump", str(file))

    assert done.exit_code == 1
    assert "Another dump is just being written" in done.stderr
    assert not file.exists()


def test_what_a_killed_dump_left_is_no_hindrance(here, tmp_path):
    (tmp_path / "all.dump.part").write_bytes(b"x" * 1_000_000)

    here.dump(tmp_path / "all.dump")

    assert leftovers(tmp_path) == {"all.dump"}


@pytest.mark.parametrize(
    ("place", "words"),
    [
        pytest.param("nowhere/all.dump", "cannot be written: No such file or directory", id="gone"),
        pytest.param("pipe", "is not a file", id="pipe"),
    ],
)
def test_place_that_cannot_take_a_dump_is_refused(here, tmp_path, place, words):
    if place == "pipe":
        subprocess.run([shutil.which("mkfifo"), tmp_path / place], check=True)

    done = here.type("db", "dump", str(tmp_path / place))

    assert done.exit_code == 1
    assert words in done.stderr
    assert leftovers(tmp_path) <= {"pipe"}
