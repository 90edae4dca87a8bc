"""The wheel: what it carries, and that it works away from the checkout, without a network."""

import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from placement.services.ports import choose_port
from tests.services.machine import clean_environment, until

ROOT = Path(__file__).parent.parent
SLOW_MACHINE_SECONDS = 180.0
FOREIGN = """
from pathlib import Path

Path(__file__).with_name("foreign-was-imported").touch()
raise SystemExit("these are somebody else's tasks")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", folder]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel; the libraries are those of this one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-cache"]
    subprocess.run([*install, "--no-deps", "--python", python, wheel], check=True)
    # Files of paths in that folder are not read, so this checkout is not among them.
    lent = "\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (packages,) = folder.glob("lib/python*/site-packages")
    packages.joinpath("lent.pth").write_text(lent + "\n")
    return python.parent


@pytest.fixture
def beside_foreign_tasks(tmp_path: Path) -> Path:
    """A folder with a `tasks.py` that is not ours."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    folder.joinpath("tasks.py").write_text(FOREIGN)
    return folder


@pytest.fixture
def environment(cluster, process_name, tmp_path: Path) -> dict[str, str]:
    """An empty database on the servers of the run, and a queue of its own."""
    endpoints = cluster.clone(f"placement_wheel_{process_name}")
    named = {name: value for name, value in clean_environment().items() if name != "PYTHONPATH"}
    return named | {
        "PLACEMENT_INSTANCE": str(tmp_path / "instance"),
        "DATABASE_URL": endpoints.database_url,
        "PLACEMENT_MIGRATE_URL": endpoints.migrate_url,
        "REDIS_URL": endpoints.redis_url,
        "PLACEMENT_QUEUE_PREFIX": f"wheel-{process_name}",
    }


def files_below(*folders: str) -> set[str]:
    """What the checkout has there, without what Python leaves behind."""
    return {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_it_carries_both_packages_whole_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as opened:
        carried = {name for name in opened.namelist() if ".dist-info/" not in name}

    templates = {f"placement/{name}" for name in files_below("templates")}
    assert carried == files_below("placement", "tasks") | templates
    assert {name.partition("/")[0] for name in carried} == {"placement", "tasks"}


def test_it_names_no_place_where_it_was_made(wheel):
    told = {str(ROOT), sys.prefix, str(Path.home()) + "/", "pythonhosted", "pypi.org", "file://"}
    with zipfile.ZipFile(wheel) as opened:
        found = {
            (name, word)
            for name in opened.namelist()
            for word in told
            if word.encode() in opened.read(name)
        }

    assert found == set()


def test_run_serves_and_does_jobs_from_it(programs, beside_foreign_tasks, environment, cluster):
    def placement(*words: object) -> list[str]:
        return [str(word) for word in (programs / "placement", *words)]

    place = {"cwd": beside_foreign_tasks, "env": environment}
    subprocess.run(placement("users", "add", "huang", "--role", "province"), check=True, **place)
    port = choose_port(None)
    with (beside_foreign_tasks / "log").open("wb") as log:
        serving = subprocess.Popen(
            placement("run", "--port", port, "--workers", 1), stderr=log, **place
        )
    try:
        until(
            lambda: fetched(port, "/readyz") or serving.poll() is not None,
            seconds=SLOW_MACHINE_SECONDS,
        )
        page = fetched(port, "/sign-in")
        style = fetched(port, "/static/placement.css")
        # The beat asks for it, the worker does it: the account's event gets its seal.
        seals = "SELECT count(*) FROM audit_seals"
        name = environment["DATABASE_URL"].rpartition("/")[2]
        with cluster.connect(name) as connection:
            until(
                lambda: connection.execute(seals).fetchone() != (0,), seconds=SLOW_MACHINE_SECONDS
            )
    finally:
        serving.terminate()
        ended = serving.wait(20)

    assert ended == 0, (beside_foreign_tasks / "log").read_text()
    assert "用户名" in page
    assert "--" in style
    assert not (beside_foreign_tasks / "foreign-was-imported").exists()


def fetched(port: int, path: str) -> str:
    """What the pages answer; nothing while nobody is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.URLError:
        return ""


def test_a_worker_that_would_find_foreign_tasks_says_so(
    programs, beside_foreign_tasks, environment
):
    # Started as a module, Python puts the working folder first.
    done = subprocess.run(
        [programs / "python", "-m", "placement.cli", "worker"],
        cwd=beside_foreign_tasks,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert str(beside_foreign_tasks / "tasks.py") in done.stderr
    assert not (beside_foreign_tasks / "foreign-was-imported").exists()
