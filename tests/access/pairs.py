"""Who shares in a plan: a helper with a word of theirs, and the student with their own."""

import uuid
from typing import Any

from placement import clock
from placement.accounts.models import User
from placement.accounts.queries import viewer_of
from placement.cases.models import Action, AnswerKind, Case, SubsidyClaim
from placement.cases.operations import answer_action
from placement.db import db, transaction
from placement.pairing.models import HelperKind
from placement.pairing.operations import note_word, pair_student
from placement.pairing.operations.pairing import Helper
from tests.factories import save


def paired_help(case: Case, counselor: User) -> dict[str, Any]:
    """The numbers of a pairing and of a word, by the names that routes give them."""
    actor, today = viewer_of(counselor), clock.today()
    helper = Helper(
        kind=HelperKind.TEACHER, name="CANARY", plan="CANARY", starts_on=today, ends_on=today
    )
    with transaction():
        pairing = pair_student(case, actor=actor, helper=helper)
        db.session.flush()
        pairing.batch_id = uuid.uuid4()
        word = note_word(pairing, actor=actor, text="CANARY word", helped_on=today)
    return {"pairing_id": pairing.id, "word_id": word.id, "batch_id": pairing.batch_id}


def say_own_word(case: Case, action: Action, user: User) -> None:
    """Let the student ask about a step of the plan and begin with a subsidy."""
    with transaction():
        answer_action(
            action,
            case=case,
            actor=viewer_of(user),
            kind=AnswerKind.QUESTIONED,
            note="CANARY question",
        )
    of_case = {"case_id": case.id, "student_id": case.student_id}
    save(SubsidyClaim(**of_case, subsidy="job_search", changed_by=user.id))
