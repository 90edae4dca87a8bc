"""Real servers in folders of their own, used by real processes."""

import contextlib
import os
import pwd
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.machine import (
    CHECKOUT,
    MEMORY,
    ROOM_BYTES,
    Machine,
    User,
    clean_environment,
    until,
)


@contextlib.contextmanager
def _open_folder() -> Iterator[Path]:
    """Make a folder that every user may enter, unlike those that pytest makes.

    In memory where there is room: the tests copy many whole clusters.
    """
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    folder = MEMORY if in_memory else None
    with tempfile.TemporaryDirectory(prefix="placement-services-", dir=folder) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def _machine(place: Path) -> Iterator[Machine]:
    machine = Machine(sys.executable, {}, place / "instance", clean_environment())
    try:
        yield machine
    finally:
        machine.clean()


@pytest.fixture(scope="session")
def running() -> Iterator[User]:
    """A user of an instance that the tests look at and leave as it is."""
    with _open_folder() as place, _machine(place) as machine:
        user = machine.use()
        yield user


@pytest.fixture(scope="session")
def made_cluster() -> Iterator[Path]:
    """The folder of an instance after its first start, to be copied: faster than a first start."""
    with _open_folder() as place, _machine(place) as machine:
        user = machine.use()
        user.keep_row()
        with user.redis() as client:
            client.set("kept", "1")
        user.leave(at_once=True)
        until(lambda: not machine.running())
        for name in ("identity.json", "state.json"):
            machine.folder.joinpath("services", name).unlink()
        yield machine.folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may enter."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture
def fresh_machine(place: Path) -> Iterator[Machine]:
    """The machine as the user who runs the tests sees it, without an instance."""
    with _machine(place) as machine:
        yield machine


@pytest.fixture
def machine(fresh_machine: Machine, made_cluster: Path) -> Machine:
    """The same with an instance that was used and stopped before; it holds a row and a key."""
    subprocess.run(["cp", "-a", made_cluster, fresh_machine.folder], check=True)
    return fresh_machine


@pytest.fixture
def ordinary_machine() -> Iterator[Machine]:
    """The machine as a user without rights sees it, when root runs the tests."""
    if os.geteuid() != 0:
        pytest.skip("root alone can become another user; everything else ran as an ordinary one")
    nobody = pwd.getpwnam("nobody")
    arguments = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    python = _python_for(arguments)
    environment = clean_environment()
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), *site.getsitepackages()])
    with _open_folder() as place:
        instance = place / "instance"
        instance.mkdir()
        os.chown(instance, nobody.pw_uid, nobody.pw_gid)
        machine = Machine(python, arguments, instance, environment)
        yield machine
        machine.clean()


def _python_for(arguments: dict[str, Any]) -> str:
    """Find a Python of this version that another user may run and that reads our packages."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (
        sys.executable,
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
    ):
        with contextlib.suppress(OSError):
            command = [python, "-c", "import ssl"]
            if subprocess.run(command, check=False, **arguments).returncode == 0:
                return python
    pytest.skip(f"no Python {version} that the user nobody may run")
