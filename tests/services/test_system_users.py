"""Root and ordinary users of the system: whose servers, whose folders."""

import os
import shutil

import pytest

from placement.services import programs
from placement.services.ownership import user_for
from tests.services.machine import until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone changes to another user")


@as_root
def test_root_uses_a_folder_that_the_servers_user_cannot_enter(machine, place):
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    machine.folder.rename(closed / "instance")
    machine.folder = closed / "instance"

    user = machine.use()

    assert user.finds_row()
    assert machine.folder.joinpath("postgres").stat().st_uid == user_for(machine.folder).uid != 0


@as_root
def test_root_copies_programs_that_the_servers_user_cannot_enter(place):
    closed = place / "closed"
    shutil.copytree(programs.valkey_program().parent, closed / "bin")
    closed.chmod(0o700)
    instance = place / "instance"
    instance.mkdir()
    user = user_for(instance / "redis")
    wanted = ("valkey-server",)

    folder = programs.reachable(closed / "bin", wanted, user, instance)

    assert folder == instance / "programs" / "bin"
    assert user.can_reach(folder / "valkey-server")
    first = folder.stat().st_ino
    assert programs.reachable(closed / "bin", wanted, user, instance).stat().st_ino == first
    closed.joinpath("bin", "valkey-server").write_bytes(b"a newer one")
    programs.reachable(closed / "bin", wanted, user, instance)
    assert folder.joinpath("valkey-server").read_bytes() == b"a newer one"


def test_ordinary_user_runs_the_servers_as_themself(ordinary_machine):
    user = ordinary_machine.use()
    user.keep_row()

    killed = ordinary_machine.kill("postgres")

    until(lambda: ordinary_machine.pid("postgres") not in {0, killed}, seconds=10)
    assert until(user.finds_row)
    owner = ordinary_machine.arguments["user"]
    assert ordinary_machine.folder.joinpath("postgres").stat().st_uid == owner


def test_ordinary_user_and_root_use_the_same_folder(ordinary_machine, fresh_machine):
    first = fresh_machine.use(ordinary_machine.folder)
    first.leave(at_once=True)
    until(lambda: not ordinary_machine.running())

    second = ordinary_machine.use()

    assert second.sql("SELECT 1") == [(1,)]


def test_folder_of_somebody_else_is_refused_with_a_remedy(ordinary_machine, machine):
    refusal = ordinary_machine.use(machine.folder).refusal

    assert "belongs to root, and this program runs as nobody" in refusal
    assert "chown -R nobody" in refusal
