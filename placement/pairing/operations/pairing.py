"""Beginning, changing and ending paired help."""

import datetime as dt
import uuid
from dataclasses import dataclass

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.models import Case
from placement.cases.operations import claim_version
from placement.cases.operations.contacts import seal_text
from placement.cases.operations.opening import require_open
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.notices.neutral import is_neutral
from placement.pairing.links import helper_key
from placement.pairing.models import HelperKind, Pairing
from placement.pairing.operations.linking import withdraw_link
from placement.students.models import Student

LONGEST = dt.timedelta(days=731)
UNDO_WITHIN = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Who helps, how to reach them, what they do and from when to when."""

    kind: HelperKind
    name: str
    plan: str
    starts_on: dt.date
    ends_on: dt.date
    organisation: str = ""
    email: str = ""
    phone: str = ""


def pair_student(
    case: Case, *, actor: Viewer, helper: Helper, batch_id: uuid.UUID | None = None
) -> Pairing:
    """Pair a student with a helper, who gets no account: a link opens what they need.

    `batch_id` is of the act on many that makes it. A link that the helper has opens this student
    too. Raises CaseClosedError, and InvalidValueError for a missing name or plan, a plan that
    names a reason for which students are in the register, or an end that does not fit the start.
    """
    require_open(case)
    uid = uuid.uuid4()
    pairing = Pairing(
        uid=uid,
        case_id=case.id,
        student_id=case.student_id,
        made_by=actor.user_id,
        batch_id=batch_id,
    )
    _fill(pairing, case.student, helper)
    db.session.add(pairing)
    record_event("helper.paired", actor_id=actor.user_id, subject=pairing)
    return pairing


def change_pairing(pairing: Pairing, *, actor: Viewer, helper: Helper, version: int) -> None:
    """Correct who helps, what they do or until when.

    Raises as `pair_student`, and EditConflictError.
    """
    require_open(pairing.case)
    _require_running(pairing)
    claim_version(pairing, expected=version)
    _fill(pairing, pairing.student, helper)
    record_event("helper.changed", actor_id=actor.user_id, subject=pairing)


def end_pairing(pairing: Pairing, *, actor: Viewer, reason: str, version: int) -> None:
    """End paired help with its reason; the helper's link opens nothing any more.

    Raises InvalidValueError without a reason or where it has ended, and EditConflictError.
    """
    _require_running(pairing)
    if len(reason.strip()) < 2:
        raise InvalidValueError("Say in a few words why it ends.", field="reason")
    claim_version(pairing, expected=version)
    pairing.ended_at, pairing.ended_by = clock.now(), actor.user_id
    pairing.end_reason = reason.strip()
    withdraw_link(pairing, actor=actor)
    record_event("helper.ended", actor_id=actor.user_id, subject=pairing)


def take_end_back(pairing: Pairing, *, actor: Viewer) -> None:
    """Take an end back that was a mistake; the helper needs a new link.

    Raises CaseClosedError, and NotAllowedError for somebody else or after half an hour.
    """
    require_open(pairing.case)
    if pairing.ended_at is None:
        return
    if pairing.ended_by != actor.user_id or clock.now() - pairing.ended_at > UNDO_WITHIN:
        raise NotAllowedError(
            "Only who ended it can take that back, within half an hour.",
            remedy="Pair the student with this helper anew.",
        )
    pairing.ended_at, pairing.ended_by, pairing.end_reason = None, None, None
    pairing.version += 1
    record_event("helper.end_taken_back", actor_id=actor.user_id, subject=pairing)


def _fill(pairing: Pairing, student: Student, helper: Helper) -> None:
    name, plan = helper.name.strip(), helper.plan.strip()
    if len(name) < 2 or len(plan) < 2:
        raise InvalidValueError("Say who helps and what they do.")
    if not (is_neutral(plan) and is_neutral(helper.organisation)):
        raise InvalidValueError(
            "The helper reads this: it must not say why the student is helped.",
            remedy="Write only what is to be done.",
            field="plan",
        )
    if not helper.starts_on <= helper.ends_on <= helper.starts_on + LONGEST:
        raise InvalidValueError(
            "The end lies before the start or more than two years after it.", field="ends_on"
        )
    sealed = seal_text(student, name, "pairings.helper", pairing.uid)
    if sealed is not None:
        pairing.helper_sealed = sealed
    pairing.email_sealed = seal_text(student, helper.email, "pairings.email", pairing.uid)
    pairing.phone_sealed = seal_text(student, helper.phone, "pairings.phone", pairing.uid)
    pairing.kind, pairing.plan = helper.kind, plan
    pairing.organisation = helper.organisation.strip()
    pairing.helper_key = helper_key(
        student.university_id,
        name,
        email=helper.email,
        phone=helper.phone,
        else_by=_apart(pairing),
    )
    pairing.starts_on, pairing.ends_on = helper.starts_on, helper.ends_on


def _apart(pairing: Pairing) -> str:
    # Who was entered once for several students is one person, without an address too.
    if pairing.batch_id is None:
        return f"pairing {pairing.uid}"
    return f"batch {pairing.batch_id} {pairing.kind} {pairing.organisation}"


def _require_running(pairing: Pairing) -> None:
    if pairing.ended_at is not None:
        raise InvalidValueError("This paired help has ended.")
