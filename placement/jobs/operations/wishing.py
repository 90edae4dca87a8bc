"""What students want of a job, said by themselves or with their counselor."""

import datetime as dt
from dataclasses import asdict, dataclass

from placement import clock
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.cases.operations import claim_version
from placement.db import db
from placement.errors import EditConflictError
from placement.jobs.models import DeclineReason, PostingResponse, Wish
from placement.jobs.queries import answers_of, wish_of

ASK_DAYS = 14
RAISE_PERCENT = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class WishPlan:
    """What a student wants; columns and units as in the model."""

    places: tuple[str, ...] = ()
    anywhere: bool = False
    salary: int | None = None
    occupations: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    distance_km: int | None = None
    skills: str = ""
    needs: tuple[str, ...] = ()


def change_wishes(student_id: int, plan: WishPlan, *, actor: Viewer, version: int) -> Wish:
    """Write what a student wants; `version` is the one shown, 0 where nothing was said yet.

    Raises EditConflictError if somebody else wrote meanwhile.
    """
    wish = wish_of(student_id)
    if wish is None:
        if version != 0:
            raise EditConflictError("Somebody else changed this in the meantime.")
        wish = Wish(student_id=student_id)
        db.session.add(wish)
    else:
        claim_version(wish, expected=version)
    for name, value in asdict(plan).items():
        setattr(wish, name, list(value) if isinstance(value, tuple) else value)
    wish.updated_at = clock.now()
    record_event("wishes.changed", actor_id=actor.user_id, subject=wish)
    return wish


def pay_to_ask_about(student_id: int, *, today: dt.date) -> int | None:
    """The pay that a student may want to look for from now on, in yuan a month; mostly none.

    After a posting was declined for its pay the student is asked whether to look from a tenth
    above it on. The wish never changes by itself.
    """
    wish = wish_of(student_id)
    for answer in answers_of(student_id):
        if answer.reason is not DeclineReason.SALARY or not _is_fresh(answer, wish, today):
            continue
        pay = answer.posting.salary_max or answer.posting.salary_min
        asked = None if pay is None else -(-pay * RAISE_PERCENT // 10_000) * 100
        if asked is not None and (wish is None or asked > (wish.salary or 0)):
            return asked
    return None


def _is_fresh(answer: PostingResponse, wish: Wish | None, today: dt.date) -> bool:
    recent = clock.day_of(answer.answered_at) > today - dt.timedelta(days=ASK_DAYS)
    return recent and (wish is None or answer.answered_at > wish.updated_at)


def settle_pay(student_id: int, *, actor: Viewer, salary: int | None) -> None:
    """Take the answer to that question: look from `salary` on, or leave the wish as it is."""
    wish = wish_of(student_id)
    if wish is None:
        wish = Wish(student_id=student_id)
        db.session.add(wish)
    if salary is not None:
        wish.salary = salary
        wish.version = (wish.version or 0) + 1
    wish.updated_at = clock.now()
    record_event("wishes.changed", actor_id=actor.user_id, subject=wish)
