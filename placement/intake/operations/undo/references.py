"""What may stand on the rows of an import: every reference to them, blocking or not, with why.

A test walks all foreign keys of the schema, so that a new table cannot be forgotten here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Rows of `table` that refer by `column` to a row of `target` which the import made.

    One of them by a later act keeps the import from being undone and is counted under `name`.
    `live` is an SQL condition on the row `r`: what no longer holds stands on nothing.
    """

    target: str
    table: str
    column: str
    name: str
    live: str = "true"


_NOT_VOID = "r.voided_at IS NULL"
# That the university itself is responsible is what the database does, and stands on nothing.
_TO_A_COUNSELOR = (
    "r.counselor_id IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM imports i WHERE i.id = r.import_id AND i.state = 'undone')"
)
_OF_AN_APPLIED_IMPORT = (
    "EXISTS (SELECT FROM imports i WHERE i.id = r.import_id AND i.state = 'applied')"
)

BLOCKING = (
    Reference("students", "users", "student_id", "accounts", "r.disabled_at IS NULL"),
    Reference("students", "student_versions", "student_id", "changes of students", _NOT_VOID),
    Reference("students", "memberships", "student_id", "categories", _NOT_VOID),
    Reference("students", "standings", "student_id", "standings", _NOT_VOID),
    Reference(
        "students", "assignments", "student_id", "assignments to counselors", _TO_A_COUNSELOR
    ),
    Reference(
        "students", "hand_overs", "student_id", "hand-overs", "r.state IN ('offered', 'accepted')"
    ),
    Reference("students", "cases", "student_id", "cases", _NOT_VOID),
    Reference("students", "expectations", "student_id", "expectations"),
    Reference("students", "barriers", "student_id", "barriers"),
    Reference("students", "goals", "student_id", "goals"),
    Reference("students", "actions", "student_id", "actions"),
    Reference("students", "follow_ups", "student_id", "follow-ups", _NOT_VOID),
    Reference("students", "closings", "student_id", "requests to close"),
    Reference("students", "consents", "student_id", "consents"),
    Reference("students", "action_answers", "student_id", "words to actions"),
    Reference("students", "plan_approvals", "student_id", "plans put before an approver"),
    Reference("students", "subsidy_claims", "student_id", "subsidies applied for"),
    Reference("students", "pairings", "student_id", "paired helpers"),
    Reference("students", "pairing_words", "student_id", "words of helpers", _NOT_VOID),
    Reference("students", "outcomes", "student_id", "outcomes", _NOT_VOID),
    Reference("students", "verifications", "student_id", "verifications", _NOT_VOID),
    Reference("students", "disputes", "student_id", "disputes", _NOT_VOID),
    Reference("students", "evidence", "student_id", "papers of evidence", "r.removed_at IS NULL"),
    Reference("students", "stored_files", "student_id", "files", "r.data_key IS NOT NULL"),
    Reference("students", "wishes", "student_id", "wishes"),
    Reference("students", "posting_responses", "student_id", "answers to postings"),
    Reference("students", "referrals", "student_id", "referrals"),
    Reference("students", "sign_ups", "student_id", "sign-ups for fairs"),
    Reference("students", "fair_results", "student_id", "results at fairs", _NOT_VOID),
    Reference("students", "deliveries", "student_id", "deliveries of notices"),
    Reference("students", "opt_outs", "student_id", "choices about notices"),
    Reference("students", "mail_rhythms", "student_id", "choices about notices"),
    Reference("students", "list_matches", "student_id", "matches of lists", _OF_AN_APPLIED_IMPORT),
    Reference("cases", "expectations", "case_id", "expectations"),
    Reference("cases", "barriers", "case_id", "barriers"),
    Reference("cases", "goals", "case_id", "goals"),
    Reference("cases", "actions", "case_id", "actions"),
    Reference("cases", "follow_ups", "case_id", "follow-ups", _NOT_VOID),
    Reference("cases", "closings", "case_id", "requests to close"),
    Reference("cases", "action_answers", "case_id", "words to actions"),
    Reference("cases", "plan_approvals", "case_id", "plans put before an approver"),
    Reference("cases", "subsidy_claims", "case_id", "subsidies applied for"),
    Reference("cases", "pairings", "case_id", "paired helpers"),
    Reference("outcomes", "verifications", "outcome_id", "verifications", _NOT_VOID),
    Reference("outcomes", "disputes", "outcome_id", "disputes", _NOT_VOID),
    Reference("outcomes", "evidence", "outcome_id", "papers of evidence", "r.removed_at IS NULL"),
    Reference("postings", "posting_responses", "posting_id", "answers to postings"),
    Reference("postings", "referrals", "posting_id", "referrals"),
    Reference("postings", "stand_postings", "posting_id", "stands at fairs"),
    Reference("employers", "postings", "employer_id", "postings", "r.state = 'open'"),
    Reference("employers", "stands", "employer_id", "stands at fairs"),
    Reference("universities", "users", "university_id", "accounts", "r.disabled_at IS NULL"),
    Reference("universities", "students", "university_id", "students", _NOT_VOID),
    Reference("universities", "student_versions", "university_id", "students", _NOT_VOID),
    Reference("universities", "baselines", "university_id", "baselines", _NOT_VOID),
    Reference("universities", "postings", "university_id", "postings", "r.state = 'open'"),
    Reference("universities", "fairs", "university_id", "fairs", "r.cancelled_at IS NULL"),
    Reference("universities", "notices", "university_id", "notices"),
    Reference("universities", "notice_drafts", "university_id", "drafts of notices"),
    Reference("universities", "imports", "university_id", "imports", "r.state = 'applied'"),
    Reference("universities", "snapshots", "university_id", "snapshots"),
    Reference(
        "universities",
        "default_counselors",
        "university_id",
        "default counselors",
        "r.ended_at IS NULL",
    ),
)

HARMLESS = {
    ("students", "recommendations"): "made by the program and made again at any time",
    ("postings", "recommendations"): "made by the program and made again at any time",
    ("students", "tellings"): "every one has its delivery, which is asked",
    ("students", "import_changes"): "what later imports did is looked at row by row",
    ("universities", "reassignments"): "the assignments that it made are looked at one by one",
    ("universities", "stored_files"): "a file says nothing of the university",
    ("universities", "works"): "what a worker did says nothing of the university",
}
"""References that keep no import from being undone, with the reason."""


@dataclass(frozen=True, slots=True)
class Later:
    """A table in which a later row overtakes an earlier one that agrees in `same`."""

    table: str
    name: str
    same: tuple[str, ...] = ("student_id",)
    live: str = "r.voided_at IS NULL"
    ended: str = "o.voided_at IS NOT NULL"


LATER_ROWS = (
    Later("student_versions", "changes of students"),
    Later("standings", "standings"),
    Later("memberships", "categories", ("student_id", "category", "basis", "source")),
    Later(
        "assignments",
        "assignments to counselors",
        live=_TO_A_COUNSELOR,
        ended="o.holds_to IS NOT NULL",
    ),
)

_ENDED_BY_HAND = (
    "r.holds_to IS NOT NULL AND NOT EXISTS (SELECT FROM import_changes c"
    " WHERE c.table_name = 'assignments' AND c.row_id = r.id)"
)
CHANGED_SINCE = {
    "users": ("accounts in use", "r.password_hash IS NOT NULL AND r.disabled_at IS NULL"),
    "cases": ("cases that were worked on", "r.version > 1 AND r.voided_at IS NULL"),
    "outcomes": ("corrected outcomes", "r.version > 1 AND r.voided_at IS NULL"),
    "wishes": ("changed wishes", "r.version > 1"),
    "postings": ("changed postings", "r.version > 1"),
    "assignments": ("assignments that ended", _ENDED_BY_HAND),
}
"""When a row that the import added was changed in place since, and how that is called."""
