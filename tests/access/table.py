"""Who may enter which page. A route that is not here fails the suite."""

from placement.accounts.models import Role

STUDENT, COUNSELOR, UNIVERSITY, PROVINCE = (
    Role.STUDENT,
    Role.COUNSELOR,
    Role.UNIVERSITY,
    Role.PROVINCE,
)
NOBODY: tuple[Role, ...] = ()
EVERYBODY = (STUDENT, COUNSELOR, UNIVERSITY, PROVINCE)
STAFF = (COUNSELOR, UNIVERSITY, PROVINCE)
HELPERS = (COUNSELOR, UNIVERSITY)
ADMINISTRATORS = (UNIVERSITY, PROVINCE)

PUBLIC = {
    "accounts.activate",
    "accounts.set_language",
    "accounts.sign_in",
    "bootstrap.static",
    "healthz",
    "readyz",
    "static",
}

ACCESS: dict[str, tuple[Role, ...]] = {
    "accounts.create_user": ADMINISTRATORS,
    "accounts.disable_user": ADMINISTRATORS,
    "accounts.new_code": ADMINISTRATORS,
    "accounts.set_password": EVERYBODY,
    "accounts.sign_out": EVERYBODY,
    "cases.adjust_expectations": HELPERS,
    "cases.close_case": HELPERS,
    "cases.create_action": HELPERS,
    "cases.create_barrier": HELPERS,
    "cases.create_follow_up": HELPERS,
    "cases.create_goal": HELPERS,
    "cases.edit_action": HELPERS,
    "cases.edit_barrier": HELPERS,
    "cases.edit_goal": HELPERS,
    "cases.reopen_case": HELPERS,
    "cases.set_next_step": HELPERS,
    "cases.undo_follow_up": HELPERS,
    "desk.audit": (PROVINCE,),
    "desk.home": EVERYBODY,
    "desk.list_students": STAFF,
    "desk.overview": ADMINISTRATORS,
    "desk.put_off_case": (COUNSELOR,),
    "desk.search": STAFF,
    "desk.settings": ADMINISTRATORS,
    "desk.show_case": STAFF,
    "desk.show_student": STAFF,
    "desk.today": (COUNSELOR,),
    "desk.undo_put_off": (COUNSELOR,),
    "outcomes.add_evidence": (STUDENT, *HELPERS),
    "outcomes.create_outcome": HELPERS,
    "outcomes.list_outcomes": HELPERS,
    "outcomes.open_dispute": (STUDENT, *HELPERS),
    "outcomes.reject_outcome": (UNIVERSITY,),
    "outcomes.remove_evidence": (STUDENT, *HELPERS),
    "outcomes.settle_dispute": HELPERS,
    "outcomes.show_evidence": (STUDENT, *STAFF),
    "outcomes.show_outcome": STAFF,
    "outcomes.verify_outcome": (UNIVERSITY,),
    "outcomes.void_outcome": HELPERS,
    "students.reveal_value": STAFF,
}
