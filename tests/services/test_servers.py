"""The embedded servers: made once, used by many processes, never left running."""

import os
import shutil
import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest
import redis

from placement.services import processes, superuser_url
from placement.services.instance import SERVERS
from tests.services.machine import Machine, User, until


def _as_superuser(machine: Machine, statement: str) -> list[tuple[object, ...]]:
    url = superuser_url(machine.instance).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_first_start_makes_database_of_the_owner_with_an_application_role(running):
    assert running.sql("SELECT current_user, current_database()") == [
        ("placement_app", "placement")
    ]
    assert _as_superuser(
        running.machine,
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datlocprovider, datlocale"
        " FROM pg_database WHERE datname = 'placement'",
    ) == [("placement_owner", "UTF8", "b", "C.UTF-8")]
    assert _as_superuser(
        running.machine,
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
        " WHERE rolname LIKE 'placement%' ORDER BY 1",
    ) == [
        ("placement_app", False, False, False, False),
        ("placement_owner", False, False, False, False),
    ]
    assert running.sql("SHOW timezone") == [("Asia/Shanghai",)]
    assert running.sql("SHOW jit") == [("off",)]


def test_application_role_makes_temporary_tables_and_no_lasting_ones(running):
    running.sql("CREATE TEMPORARY TABLE staging (word text)")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        running.sql("CREATE TABLE lasting (word text)")


def test_broker_drops_nothing_and_writes_everything_down(running):
    with running.redis() as client:
        settings = client.config_get("maxmemory-policy", "appendonly")

    assert settings == {"maxmemory-policy": "noeviction", "appendonly": "yes"}


def test_broker_wants_its_password(running):
    port = running.machine.instance.read_state()["servers"]["redis"]["port"]

    with socket.create_connection(("127.0.0.1", port)) as stranger:
        stranger.sendall(b"PING\r\n")
        answer = stranger.recv(100)

    assert answer.startswith(b"-NOAUTH")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux lists its sockets there")
@pytest.mark.parametrize("server", SERVERS)
def test_server_listens_on_this_machine_alone(running, server):
    port = running.machine.instance.read_state()["servers"][server]["port"]

    lines = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()

    words = [line.split() for line in lines.splitlines()]
    listening = [word[1] for word in words if word[3] == "0A" and word[1].endswith(f":{port:04X}")]
    assert listening == [f"0100007F:{port:04X}"]


def test_passwords_are_for_their_owner_alone(running):
    secrets = list(running.machine.folder.rglob("*.password"))

    assert len(secrets) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_database_waits_for_the_disk_unless_it_was_made_for_tests(running, fresh_machine):
    durable = fresh_machine.use(durable=True)

    assert durable.sql("SHOW fsync") == [("on",)]
    assert durable.sql("SHOW synchronous_commit") == [("on",)]
    assert running.sql("SHOW fsync") == [("off",)]


def test_servers_stop_when_the_last_user_has_left_and_keep_the_data(machine):
    first, second = machine.use(), machine.use()
    first.leave()
    assert second.finds_row()
    second.leave()
    until(lambda: not machine.running())

    again = machine.use()
    assert again.finds_row()
    assert again.redis().get("kept") == b"1"
    assert again.answer == first.answer


def test_user_who_was_killed_does_not_keep_the_servers_up(machine):
    user = machine.use()

    user.kill()

    until(lambda: not machine.running())
    assert not machine.folder.joinpath("postgres.pid").exists()
    assert not machine.folder.joinpath("redis.pid").exists()


@pytest.mark.parametrize("server", SERVERS)
def test_killed_server_is_back_with_its_data_at_the_same_place(machine, server):
    user = machine.use()
    user.redis().rpush("waiting", *range(100))

    killed = machine.kill(server)

    until(lambda: machine.pid(server) not in {0, killed}, seconds=10)
    until(user.finds_row, seconds=10)
    assert until(lambda: _length(user), seconds=10) == 100


def _length(user: User) -> int:
    try:
        return int(user.redis().llen("waiting"))
    except redis.ConnectionError:
        return 0


def test_killed_supervisor_is_replaced_and_the_servers_go_on(machine):
    user = machine.use()
    before = [machine.pid(server) for server in SERVERS]

    killed = machine.kill("supervisor")

    until(lambda: machine.pid("supervisor") not in {0, killed}, seconds=10)
    assert user.finds_row()
    assert [machine.pid(server) for server in SERVERS] == before
    adopted = machine.kill("redis")
    until(lambda: machine.pid("redis") not in {0, adopted}, seconds=10)
    user.leave(at_once=True)
    until(lambda: not machine.running())


def test_everything_killed_at_once_comes_back(machine):
    user = machine.use()

    machine.kill_everything()

    until(user.finds_row, seconds=10)


def test_power_cut_loses_nothing(machine):
    user = machine.use()
    user.owner_sql("INSERT INTO kept VALUES ('一人一策')")
    user.redis().set("new", "1")

    user.kill()
    machine.kill_everything()

    again = machine.use()
    assert again.sql("SELECT count(*) FROM kept") == [(2,)]
    assert again.redis().get("new") == b"1"


def test_end_of_the_starters_group_does_not_touch_the_servers(machine):
    starter, other = machine.use(), machine.use()

    os.killpg(starter.process.pid, signal.SIGKILL)

    starter.process.wait(10)
    assert other.sql("SELECT 1") == [(1,)]


def test_processes_that_come_at_once_share_one_supervisor(machine):
    users = [machine.start() for _ in range(4)]

    answers = [user.read().answer for user in users]

    assert all(answer == answers[0] for answer in answers)
    supervisors = [pid for pid in machine.running() if pid == machine.pid("supervisor")]
    assert len(supervisors) == 1


def test_two_instances_stand_side_by_side(machine, made_cluster, place):
    shutil.copytree(made_cluster, place / "other")
    one, two = machine.start(), machine.start(place / "other")
    one.read().owner_sql("DROP TABLE kept")
    two.read()

    one.leave(at_once=True)
    until(lambda: not machine.running())

    assert two.finds_row()
    assert two.answer["database_url"] != one.answer["database_url"]


def test_folder_with_a_long_name_will_do(machine, place):
    folder = place.joinpath(*["毕业生就业困难帮扶台账" * 2] * 3)
    folder.parent.mkdir(parents=True)
    machine.folder.rename(folder)

    user = machine.use(folder)

    assert user.sql("SELECT 1") == [(1,)]


def test_deleted_folder_ends_its_servers(machine):
    machine.use()
    mark = machine.instance.mark
    assert processes.marked(mark)

    shutil.rmtree(machine.folder)

    until(lambda: not processes.marked(mark))
