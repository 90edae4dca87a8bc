"""Use of an instance by this process: the lock that keeps its servers up, and the watch over them.

The lock belongs to one process. A forked child closes what it inherited and takes a lock of its
own at once, so that the end of its parent and its own end both count. Threads do not survive a
fork: the child is watched for by nobody until it calls `attach` itself, as `create_app` does in
every web and worker process. A process that forks (the master of web or worker) attaches with
`watch=False`, because forking beside a thread can block the child.
"""

import contextlib
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

from placement.config import Settings
from placement.errors import ServiceUnavailableError
from placement.services import ports, processes
from placement.services.endpoints import (
    Endpoints,
    check_database,
    endpoints_of,
    masked,
    redis_answers,
)
from placement.services.instance import POSTGRES, REDIS, Instance
from placement.services.ownership import belongs_to_another
from placement.services.supervision import (
    SUPERVISOR,
    is_supervised,
    let_supervisor_go,
    start_supervisor,
)
from placement.services.troubles import from_os_error

WATCH_SECONDS = 2.0
LOCK_SECONDS = 30.0
START_SECONDS = 60.0
# The first failures may be the last breath of a killed server, or a port that was just taken.
FAILURES_BEFORE_GIVING_UP = 3
# Recovery after a crash and an upgrade take as long as the data are large.
BUSY_SECONDS = 3600.0
PAUSE_SECONDS = 0.02

log = logging.getLogger(__name__)


class Attachment:
    """The use that one process makes of one instance."""

    def __init__(self, instance: Instance, old_programs: Path | None) -> None:
        self.instance = instance
        self._old_programs = old_programs
        self._lock = instance.users_lock
        self._wanted: set[str] = set()
        self._thread: threading.Thread | None = None
        self._end = threading.Event()

    def use(self, servers: set[str]) -> None:
        """Hold the lock and wait until the servers answer.

        Raises ServiceUnavailableError with the reason when they cannot be started.
        """
        if not self._lock.wait_shared(LOCK_SECONDS):
            raise ServiceUnavailableError(
                f"The servers of {self.instance.folder} are just being stopped.",
                remedy="Try again in a moment.",
            )
        self._wanted |= servers
        self._wait_until_ready(servers)

    def watch(self) -> None:
        """Replace a dead supervisor from now on, in a thread of its own."""
        if self._thread is None:
            self._end.clear()
            self._thread = threading.Thread(target=self._watch, name="services", daemon=True)
            self._thread.start()

    def leave(self, *, at_once: bool) -> None:
        """Give the lock back; `at_once` stops servers that nobody else uses, and waits for it."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._lock.release()
        if at_once:
            let_supervisor_go(self.instance)

    def after_fork(self) -> None:
        """Exchange the parent's lock for one of this child's own."""
        self._lock.forget()
        self._thread = None
        self._end = threading.Event()
        # The parent holds the lock, so that this cannot wait; without it the folder is gone.
        with contextlib.suppress(OSError):
            self._lock.try_shared()

    def _watch(self) -> None:
        while not self._end.wait(WATCH_SECONDS):
            try:
                if not self._lock.still_names_file():
                    return
                self._ask_for_servers()
                if not is_supervised(self.instance):
                    log.warning("the supervisor of the servers has ended and is replaced")
                    start_supervisor(self.instance, self._old_programs)
            except (OSError, ServiceUnavailableError) as error:
                log.warning("the supervisor of the servers cannot be replaced: %s", error)

    def _ask_for_servers(self) -> None:
        for server in self._wanted:
            self.instance.wanted_file(server).touch(mode=0o600)

    def _wait_until_ready(self, servers: set[str]) -> None:
        begun = time.monotonic()
        known = _failures(self.instance.read_state())
        activity = None
        while True:
            self._ask_for_servers()
            if not is_supervised(self.instance):
                start_supervisor(self.instance, self._old_programs)
            state = self.instance.read_state()
            reports = [state.get("servers", {}).get(server, {}) for server in servers]
            if all(map(_answers, reports)):
                return
            _raise_new_trouble(state, servers, known)
            busy = [report["activity"] for report in reports if report.get("activity")]
            if busy and busy[0] != activity:
                activity = busy[0]
                log.info("%s …", activity)
            if time.monotonic() - begun > (BUSY_SECONDS if busy else START_SECONDS):
                raise ServiceUnavailableError(
                    f"The servers of {self.instance.folder} do not answer.",
                    remedy=f"Look into {self.instance.log_file(SUPERVISOR).parent}.",
                )
            time.sleep(PAUSE_SECONDS)


class _Attachments:
    """Those of this process, by the instance's folder."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.by_folder: dict[Path, Attachment] = {}

    def after_fork(self) -> None:
        """Begin anew in a child: the parent's threads, and with them its guard, stay behind."""
        self.guard = threading.Lock()
        for attachment in self.by_folder.values():
            attachment.after_fork()


_mine = _Attachments()
os.register_at_fork(after_in_child=_mine.after_fork)


def attach(settings: Settings, *, durable: bool = True, watch: bool = True) -> Endpoints:
    """Return the URLs of the database and the broker, started if they are embedded.

    A URL of the settings is used as it is, and the database behind it tried; where there is none
    the embedded server is brought up and kept up as long as this process lives. A second call
    in one process costs next to nothing. `durable` false makes a new instance one for tests,
    which does not wait for the disk. `watch` false starts no thread: for processes that fork.

    Raises ServiceUnavailableError saying what to do when a server cannot be had.
    """
    instance = Instance.at(settings.instance)
    embedded = set()
    if settings.database_url:
        check_database(settings.database_url)
    else:
        embedded.add(POSTGRES)
    if not settings.redis_url:
        embedded.add(REDIS)
    elif not redis_answers(settings.redis_url):
        # Jobs are rows: without the broker they are done later, by the sweeper.
        log.warning("nothing answers at %s; jobs wait for it", masked(settings.redis_url))
    if embedded:
        with _mine.guard:
            _attach_to(instance, settings.old_postgres, embedded, durable=durable)
            if watch:
                _mine.by_folder[instance.folder].watch()
    return endpoints_of(instance, settings.database_url, settings.migrate_url, settings.redis_url)


def last_known_endpoints(settings: Settings) -> Endpoints | None:
    """Return the URLs as they are now, without trying them; None while they are not known."""
    try:
        return endpoints_of(
            Instance.at(settings.instance),
            settings.database_url,
            settings.migrate_url,
            settings.redis_url,
        )
    except (OSError, ServiceUnavailableError):
        return None


def detach(instance_folder: Path, *, at_once: bool = False) -> None:
    """End this process's use of an instance before the process itself ends.

    The servers stop two seconds after the last user has left; with `at_once` they do not wait.
    """
    with _mine.guard:
        attachment = _mine.by_folder.pop(Instance.at(instance_folder).folder, None)
        if attachment is not None:
            attachment.leave(at_once=at_once)


def _attach_to(
    instance: Instance, old_programs: Path | None, servers: set[str], *, durable: bool
) -> None:
    known = _mine.by_folder.get(instance.folder)
    attachment = known or Attachment(instance, old_programs)
    try:
        instance.make(durable=durable)
        attachment.use(servers)
    except PermissionError as error:
        raise belongs_to_another(Path(error.filename or instance.folder)) from error
    except OSError as error:
        raise from_os_error("The instance", error, instance.folder) from error
    except ServiceUnavailableError:
        if known is None:
            attachment.leave(at_once=True)
        raise
    _mine.by_folder[instance.folder] = attachment


def _answers(report: dict[str, Any]) -> bool:
    running = processes.found(report.get("pid") or 0, report.get("started") or "")
    return bool(report.get("ready") and running and ports.answers(report["port"]))


def _failures(state: dict[str, Any]) -> dict[str, tuple[object, object]]:
    supervisor = state.get(SUPERVISOR)
    servers = state.get("servers", {})
    return {name: (supervisor, report.get("failures")) for name, report in servers.items()}


def _raise_new_trouble(
    state: dict[str, Any], servers: set[str], known: dict[str, tuple[object, object]]
) -> None:
    now = _failures(state)
    for name in servers & now.keys():
        report = state["servers"][name]
        lasting = report.get("failures_in_a_row", 0) >= FAILURES_BEFORE_GIVING_UP
        if lasting and now[name] != known.get(name):
            raise ServiceUnavailableError(report["message"], remedy=report["remedy"])
