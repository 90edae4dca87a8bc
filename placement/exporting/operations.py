"""Files that a worker makes: asked for, fetched, given up."""

import datetime as dt

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import NotAllowedError, NotVisibleError, PlacementError
from placement.exporting.queries import may_still_see, under_way
from placement.files import StoredFile, read_file
from placement.work.models import Work, WorkKind
from placement.work.operations import queue_work

KEPT = dt.timedelta(days=1)
MOST_AT_ONCE = 3


class TooManyFilesError(PlacementError):
    """Others of the same person are being made."""

    code = "too_many_files"
    status = 429


def ask_for_file(address: str, *, actor: Viewer, locale: str) -> Work:
    """Queue the making of the file behind an address of ours, in a language.

    Asked for again while it is being made, it is the same. Raises TooManyFilesError while
    three are being made for one person.
    """
    waiting = db.session.execute(under_way(actor)).scalars().all()
    for work in waiting:
        if work.input == {"address": address, "locale": locale}:
            return work
    if len(waiting) >= MOST_AT_ONCE:
        raise TooManyFilesError(
            "As many files as one may ask for at once are being made for you.",
            remedy="Wait until one of them is done.",
        )
    return queue_work(
        WorkKind.EXPORT, input={"address": address, "locale": locale}, actor_id=actor.user_id
    )


def is_over(file: StoredFile) -> bool:
    """Whether the time is over for which a file is kept."""
    return file.expires_at is not None and file.expires_at <= clock.now()


def fetch_file(work: Work, *, actor: Viewer) -> tuple[StoredFile, bytes]:
    """Hand a made file to whom it was made for, and write that it was fetched.

    Raises NotVisibleError once it is deleted or before it is made, and NotAllowedError when it
    shows somebody whom `actor` may not see any more.
    """
    made = work.result or {}
    file = db.session.get(StoredFile, made.get("file_id", 0))
    if file is None or file.data_key is None or is_over(file):
        raise NotVisibleError("The file was deleted.", remedy="Have it made again.")
    if not may_still_see(actor, made):
        raise NotAllowedError(
            "Whom you look after has changed since the file was made.",
            remedy="Have it made again.",
        )
    record_event(
        "export.fetched",
        actor_id=actor.user_id,
        subject="works",
        subject_id=work.id,
        details={"bytes": file.size},
    )
    return file, read_file(file)
