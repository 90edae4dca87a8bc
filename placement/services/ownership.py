"""Which user of the system the embedded servers run as, and what that user can reach."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from placement.errors import ServiceUnavailableError

UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user that a server runs as; `switch` is set when this process must change to it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen_arguments(self) -> dict[str, Any]:
        """Arguments that make subprocess start a program as this user."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Tell whether this user may enter or run `path`, by trying it."""
        if not self.switch:
            return os.access(path, os.X_OK)
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, check=False, **self.popen_arguments()).returncode == 0


def user_for(data_folder: Path) -> ServerUser:
    """Choose the user for the server of `data_folder`.

    PostgreSQL refuses to run as root; root therefore changes to the owner of the folder (or of
    the one above while it is missing), else to `nobody`, and creates no user. Everybody else
    runs the server as themself.

    Raises ServiceUnavailableError when the folder belongs to somebody else.
    """
    owner = _owner(data_folder)
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise belongs_to_another(data_folder)
        return ServerUser(_name(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    owner = owner or _owner(data_folder.parent)
    if owner:
        entry = _entry(owner)
        return ServerUser(_name(owner), owner, entry.pw_gid if entry else owner, switch=True)
    try:
        nobody = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        return ServerUser(UNPRIVILEGED, 65534, 65534, switch=True)
    return ServerUser(UNPRIVILEGED, nobody.pw_uid, nobody.pw_gid, switch=True)


def belongs_to_another(path: Path) -> ServiceUnavailableError:
    """Say that `path` belongs to another user of the system, and what can be done about it."""
    closed = _first_closed(path)
    owner = _owner(closed)
    whose = "another user" if owner is None else _name(owner)
    return ServiceUnavailableError(
        f"{closed} belongs to {whose}, and this program runs as {_name(os.geteuid())}.",
        remedy=f"Run it as the user who made the folder, name another folder in "
        f"PLACEMENT_INSTANCE, or hand it over with 'chown -R {_name(os.geteuid())} {closed}' "
        f"while its servers are stopped.",
    )


def make_folder_for(user: ServerUser, folder: Path) -> None:
    """Make `folder` if need be, owned by `user` and closed to everybody else."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if user.switch and _owner(folder) != user.uid:
        _give_tree(folder, user)
    if folder.stat().st_uid == os.geteuid() or user.switch:
        folder.chmod(0o700)


def working_folder_argument(user: ServerUser, folder: Path) -> str:
    """Name `folder` so that a program of `user` with it as working folder finds it.

    Under a folder that is closed to the user (root's home) the full path does not help, while
    the working folder itself can be used; Linux names it without a walk from the top.
    """
    if not user.switch or user.can_reach(folder):
        return str(folder)
    if sys.platform == "linux":
        return "/proc/self/cwd"
    raise ServiceUnavailableError(
        f"The user {user.name}, who must own the database, cannot enter {folder}.",
        remedy="Name a folder that everybody may enter in PLACEMENT_INSTANCE, "
        "or do not run the program as root.",
    )


def give_to_folder_owner(target: int | Path, folder: Path) -> None:
    """Let a file made by root belong to the owner of its folder, who runs the program otherwise."""
    if os.geteuid() == 0:
        there = folder.stat()
        if there.st_uid != 0:
            os.chown(target, there.st_uid, there.st_gid)


def _give_tree(folder: Path, user: ServerUser) -> None:
    try:
        os.chown(folder, user.uid, user.gid)
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                os.chown(Path(parent, name), user.uid, user.gid, follow_symlinks=False)
    except OSError as error:
        raise ServiceUnavailableError(
            f"{folder} cannot be given to the user {user.name}: {error.strerror}.",
            remedy="Run the program as an ordinary user instead of root.",
        ) from error


def _first_closed(path: Path) -> Path:
    """Return the first folder on the way to `path` that this process may not enter, or `path`."""
    for folder in reversed(path.parents):
        if not os.access(folder, os.X_OK):
            return folder
    return path


def _owner(path: Path) -> int | None:
    try:
        return path.stat().st_uid
    except FileNotFoundError:
        return None


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _name(uid: int) -> str:
    entry = _entry(uid)
    return entry.pw_name if entry else str(uid)
