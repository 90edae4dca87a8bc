"""Writes of snapshots: take, sign, verify; each step by who may, and never back."""

import datetime as dt
import zlib

from placement import clock
from placement.accounts.models import Role, University
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError, PlacementError
from placement.files import StoredFile, store_file
from placement.reference import counting_days
from placement.reports.models import Snapshot, SnapshotState
from placement.reports.queries.readings import begin_reading
from placement.reports.questions import Question, ask
from placement.reports.snapshots.differences import differences
from placement.reports.snapshots.freezing import Version, freeze, narrowed_to
from placement.reports.snapshots.frozen import Counted, Step, at_no_step, seal_of
from placement.reports.snapshots.proofs import intact_content
from placement.reports.snapshots.queries import (
    Content,
    newest_version,
    read_counted,
    replaced_by,
    universities_by_code,
)

FRESH = dt.timedelta(minutes=5)
"""How long a password that was just given speaks for its person."""


class NothingChangedError(PlacementError):
    """The newest version says the same already."""

    code = "nothing_changed"


class NobodyToCountError(PlacementError):
    """Nobody of the class was in the register on the day, as known at the moment."""

    code = "no_register"


class NotFreshError(NotAllowedError):
    """The password was not given, or too long ago."""

    code = "not_fresh"


class OutOfOrderError(PlacementError):
    """The snapshot does not stand at the step before."""

    code = "out_of_order"


def take_snapshot(
    class_year: int,
    as_of: dt.date,
    *,
    university: University | None = None,
    known_at: dt.datetime | None = None,
    taken_by: int | None = None,
    at_step: Step = at_no_step,
) -> Snapshot:
    """Freeze the figures of a class on a day: of a university, or (None) of the province.

    Ends the transaction under way; the caller, under the program's scope, commits the one in
    which it is taken. A version that differs from the newest one corrects it. `at_step` is
    called after some thousand people and after each table, and may raise to stop. Raises
    NothingChangedError, NobodyToCountError, InvalidValueError for a day to come, and
    MomentNotClosedError for a moment that may still change.
    """
    if as_of > clock.today():
        raise InvalidValueError("The day has not come yet.", remedy="Give today or a day before.")
    question = ask(class_year, as_of, known_at=known_at, where=narrowed_to(university))
    reading = begin_reading(question, None)
    people = read_counted(reading, at_step=at_step)
    if not people:
        raise NobodyToCountError(
            "On that day nobody of the class is in the register.",
            remedy="Give another day, class year or moment.",
        )
    number = None if university is None else university.id
    before = newest_version(class_year, as_of, number)
    content = freeze(question, reading, people, Version.after(before), at_step=at_step)
    _refuse_unchanged(before, content)
    version = None if before is None else before.version
    # A transaction that has read for long does not see that its work's lease was renewed.
    db.session.rollback()
    before = newest_version(class_year, as_of, number)
    if version != (None if before is None else before.version):
        raise OutOfOrderError("Another version was taken meanwhile.", remedy="Take it again.")
    return _keep(content, question, reading.known_at, university, before, taken_by)


def take_all(class_year: int, as_of: dt.date, *, known_at: dt.datetime) -> list[Snapshot]:
    """Freeze the province's figures and each university's, all from one reading of history.

    What is there already in any version is left alone. Ends the transaction under way.
    """
    question = ask(class_year, as_of, known_at=known_at)
    reading = begin_reading(question, None)
    everybody = read_counted(reading)
    groups: dict[str, list[Counted]] = {}
    for person in everybody:
        groups.setdefault(person.university, []).append(person)
    universities = universities_by_code()
    taken = []
    for university, people in [(None, everybody)] + [
        (universities[code], groups[code]) for code in sorted(groups)
    ]:
        own = ask(class_year, as_of, known_at=known_at, where=narrowed_to(university))
        number = None if university is None else university.id
        if people and newest_version(class_year, as_of, number) is None:
            content = freeze(own, reading, people, Version.after(None))
            taken.append(_keep(content, own, reading.known_at, university, None, None))
    return taken


def sign_snapshot(snapshot: Snapshot, *, signer: Viewer, confirmed_at: dt.datetime) -> None:
    """Sign a draft: its own university as a whole, or the province for the province's.

    `confirmed_at` is when the signer last gave their password. Raises NotAllowedError,
    NotFreshError, OutOfOrderError and SnapshotBrokenError.
    """
    refuse_other_step(snapshot, SnapshotState.DRAFT)
    _refuse_stranger(snapshot, signer)
    _refuse_stale(confirmed_at)
    intact_content(snapshot)
    snapshot.state = SnapshotState.SIGNED
    snapshot.signed_by, snapshot.signer = signer.user_id, signer.display_name
    snapshot.signed_at = clock.now()
    _tell("snapshot.signed", snapshot, signer.user_id)


def verify_snapshot(snapshot: Snapshot, *, verifier: Viewer, confirmed_at: dt.datetime) -> None:
    """Verify a signed snapshot for the province; never by the one who signed it.

    Raises as `sign_snapshot` does.
    """
    refuse_other_step(snapshot, SnapshotState.SIGNED)
    if verifier.role is not Role.PROVINCE:
        raise NotAllowedError("Only the province verifies a snapshot.")
    if verifier.user_id == snapshot.signed_by:
        raise NotAllowedError(
            "Who signed a snapshot does not verify it.", remedy="Ask a colleague to verify it."
        )
    _refuse_stale(confirmed_at)
    intact_content(snapshot)
    snapshot.state = SnapshotState.VERIFIED
    snapshot.verified_by, snapshot.verifier = verifier.user_id, verifier.display_name
    snapshot.verified_at = clock.now()
    _tell("snapshot.verified", snapshot, verifier.user_id)


def refuse_other_step(snapshot: Snapshot, step: SnapshotState) -> None:
    """Raise OutOfOrderError for a snapshot that is not at `step`, or was corrected since."""
    if replaced_by(snapshot) is not None:
        raise OutOfOrderError(
            "A newer version has been taken since.", remedy="Go on with that one."
        )
    if snapshot.state is not step:
        raise OutOfOrderError(
            "The snapshot does not stand at that step.",
            remedy="Load the page again to see where it stands.",
        )


def _refuse_unchanged(before: Snapshot | None, content: Content) -> None:
    if before is None:
        return
    old = intact_content(before)
    changed = differences(
        old.figures, content.figures, people_before=old.people, people_after=content.people
    )
    if changed.same_figures and not changed.rules:
        raise NothingChangedError(
            "Nothing has changed since the newest version.", remedy="That version still holds."
        )


def _keep(
    content: Content,
    question: Question,
    known_at: dt.datetime,
    university: University | None,
    before: Snapshot | None,
    taken_by: int | None,
) -> Snapshot:
    snapshot = Snapshot(
        class_year=question.class_year,
        as_of=question.as_of,
        counting_day=counting_days.code_of(question.as_of),
        known_at=known_at,
        university_id=None if university is None else university.id,
        version=1 if before is None else before.version + 1,
        replaces_id=None if before is None else before.id,
        taken_by=taken_by,
        figures_file_id=_stored(content.figures_bytes, "figures", university, taken_by).id,
        people_file_id=_stored(content.people_bytes, "people", university, taken_by).id,
        seal=seal_of(content.figures_bytes, content.people_bytes),
    )
    db.session.add(snapshot)
    db.session.flush()
    _tell("snapshot.taken", snapshot, taken_by)
    return snapshot


def _stored(
    data: bytes, name: str, university: University | None, created_by: int | None
) -> StoredFile:
    return store_file(
        zlib.compress(data),
        name=f"{name}.json",
        content_type="application/zlib",
        purpose="snapshot",
        created_by=created_by,
        university_id=None if university is None else university.id,
    )


def _refuse_stranger(snapshot: Snapshot, signer: Viewer) -> None:
    if snapshot.university_id is None:
        if signer.role is not Role.PROVINCE:
            raise NotAllowedError("The province signs its own snapshot.")
    elif signer.role is not Role.UNIVERSITY or signer.university_id != snapshot.university_id:
        raise NotAllowedError("The university signs its own snapshot.")
    elif signer.colleges:
        raise NotAllowedError(
            "Who looks after some colleges does not sign for the whole university.",
            remedy="Ask an administrator of the whole university to sign.",
        )


def _refuse_stale(confirmed_at: dt.datetime) -> None:
    if clock.now() - confirmed_at > FRESH:
        raise NotFreshError(
            "The password was given more than five minutes ago.", remedy="Give it again."
        )


def _tell(action: str, snapshot: Snapshot, actor_id: int | None) -> None:
    record_event(
        action,
        actor_id=actor_id,
        subject=snapshot,
        details={
            "class_year": snapshot.class_year,
            "as_of": snapshot.as_of.isoformat(),
            "version": snapshot.version,
            "seal": snapshot.seal.hex(),
        },
    )
