"""Runs the parts of the program side by side: starts them, brings them back, ends them all."""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from placement.services.children import (
    Child,
    ForkedChild,
    end_group,
    is_stopped,
    kill_group,
    send_signal,
    start_command,
)
from placement.services.signals import SignalPipe

POLL_SECONDS = 0.1
END_SECONDS = 8.0
LONGEST_PAUSE_SECONDS = 10.0
SETTLED_SECONDS = 30.0
STOPPED_SECONDS = 60.0
MOST_FAILURES = 5
CHECK_SECONDS = 2.0
HEAD_START_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class CommandPart:
    """A part that is a command, with what it adds to the environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForkedPart:
    """A part that is a function, run in a fork of the runner; it returns its exit code.

    The runner must have no threads. `must_restart` is asked every two seconds whether this part
    has to begin anew.
    """

    name: str
    start: Callable[[], int]
    must_restart: Callable[[], bool] = lambda: False


Part = CommandPart | ForkedPart


@dataclass(slots=True)
class _Place:
    """A part with its process, if it has one now."""

    part: Part
    child: Child | None = None
    ready_end: int | None = None
    ready: bool = False
    was_ready: bool = False
    told_to_restart: float | None = None
    stopped: float | None = None
    failures: int = 0
    begun: float = 0.0
    next_start: float = 0.0


def run_parts(
    parts: Sequence[Part],
    *,
    tell: Callable[[str], None],
    on_ready: Callable[[], None] = lambda: None,
    must_restart: Callable[[], bool] = lambda: False,
) -> int:
    """Run the parts until SIGTERM, SIGINT or SIGHUP; return the exit code.

    The first part has a head start of up to four seconds, so that pages come before jobs. A part
    that dies is started again, later each time. `tell` gets one line for every change,
    `on_ready` is called once, when all parts work for the first time; `must_restart` is asked
    every two seconds. A part that is to begin anew has eight seconds to finish; one whose process
    has been stopped for a minute is killed. At the end each part has eight seconds to finish, a
    second signal cuts them short; then its whole process group is killed. The code is 1 when a
    part never worked.
    """
    return _Runner(parts, tell, on_ready, must_restart).run()


class _Runner:
    def __init__(
        self,
        parts: Sequence[Part],
        tell: Callable[[str], None],
        on_ready: Callable[[], None],
        must_restart: Callable[[], bool],
    ) -> None:
        self._places = [_Place(part) for part in parts]
        self._tell = tell
        self._on_ready = on_ready
        self._must_restart = must_restart
        self._next_check = time.monotonic() + CHECK_SECONDS
        self._head_start_until = time.monotonic() + HEAD_START_SECONDS
        self._all_ready = False
        self._given_up = False
        self._signals = SignalPipe([signal.SIGTERM, signal.SIGINT, signal.SIGHUP])

    def run(self) -> int:
        with self._signals:
            try:
                while not self._signals.received and not self._given_up:
                    for place in self._places:
                        self._look_after(place)
                    self._rest()
                    self._check()
            finally:
                self._end()
        return 1 if self._given_up else 0

    def _look_after(self, place: _Place) -> None:
        if place.child is None:
            if time.monotonic() >= place.next_start and not self._gives_way(place):
                self._start(place)
            return
        code = place.child.poll()
        if code is not None:
            self._note_end(place, code)

    def _gives_way(self, place: _Place) -> bool:
        first = self._places[0]
        still_starting = not first.was_ready and not first.failures
        return place is not first and still_starting and time.monotonic() < self._head_start_until

    def _start(self, place: _Place) -> None:
        place.ready_end, ready = os.pipe()
        os.set_blocking(place.ready_end, False)
        if isinstance(place.part, ForkedPart):
            place.child = ForkedChild(place.part.start, ready)
        else:
            place.child = start_command(place.part.command, place.part.environment, ready)
        os.close(ready)
        place.begun = time.monotonic()
        place.ready = False
        place.told_to_restart = place.stopped = None

    def _note_end(self, place: _Place, code: int) -> None:
        name, told, worked = place.part.name, place.told_to_restart is not None, place.ready
        settled = time.monotonic() - place.begun > SETTLED_SECONDS
        if place.child is not None:
            end_group(place.child.pid)
        self._clear(place)
        if told or (worked and settled):
            place.failures = 0
        place.failures += 1
        pause = 0.0 if told else min(0.25 * 2**place.failures, LONGEST_PAUSE_SECONDS)
        place.next_start = time.monotonic() + pause
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if place.failures >= MOST_FAILURES and not place.was_ready:
            self._given_up = True
            self._tell(f"{name}: ended ({how}) {place.failures} times before it ever worked")
        else:
            self._tell(f"{name}: ended ({how}), started again in {pause:g} s")

    def _clear(self, place: _Place) -> None:
        if place.ready_end is not None:
            os.close(place.ready_end)
        place.child = place.ready_end = None
        place.ready = False

    def _rest(self) -> None:
        waiting = {p.ready_end: p for p in self._places if p.ready_end is not None and not p.ready}
        ends = [end for end in waiting if end is not None]
        for end in self._signals.wait(POLL_SECONDS, ends):
            place = waiting[end]
            if os.read(end, 1):
                again = " again" if place.was_ready else ""
                place.ready = place.was_ready = True
                pid = place.child.pid if place.child else 0
                self._tell(f"{place.part.name}: ready{again} (pid {pid})")
            else:
                os.close(end)
                place.ready_end = None
        if not self._all_ready and all(place.ready for place in self._places):
            self._all_ready = True
            self._on_ready()

    def _check(self) -> None:
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + CHECK_SECONDS
        all_anew = self._must_restart()
        for place in self._places:
            if place.child is None:
                continue
            if all_anew or (isinstance(place.part, ForkedPart) and place.part.must_restart()):
                place.told_to_restart = place.told_to_restart or now
                send_signal(place.child.pid, signal.SIGTERM)
            if reason := _why_kill(place, place.child, now):
                self._tell(f"{place.part.name}: {reason}, killed")
                kill_group(place.child)

    def _end(self) -> None:
        running = [place for place in self._places if place.child is not None]
        for place in running:
            if place.child is not None and place.child.poll() is None:
                send_signal(place.child.pid, signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        signals = len(self._signals.received)
        while any(place.child and place.child.poll() is None for place in running):
            if time.monotonic() > deadline or len(self._signals.received) > signals:
                break
            self._signals.wait(POLL_SECONDS)
        for place in running:
            if place.child is not None:
                how = "stopped" if place.child.poll() is not None else "killed"
                kill_group(place.child)
                self._tell(f"{place.part.name}: {how}")
                self._clear(place)


def _why_kill(place: _Place, child: Child, now: float) -> str:
    """Say why a part must be killed; empty for one that may go on."""
    if place.told_to_restart is not None and now - place.told_to_restart > END_SECONDS:
        return f"did not end within {END_SECONDS:g} s"
    place.stopped = (place.stopped or now) if is_stopped(child.pid) else None
    if place.stopped is not None and now - place.stopped > STOPPED_SECONDS:
        return f"stopped for {STOPPED_SECONDS:g} s"
    return ""
