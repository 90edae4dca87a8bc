"""The words of imports, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from placement.intake.columns import label
from placement.intake.matching import REASONS
from placement.intake.models import ImportKind, ImportState, ListKind, MatchDecision, MatchState
from placement.reference import list_kinds
from placement.web.news import sentences

KINDS = {
    ImportKind.STUDENTS: _l("Students"),
    ImportKind.OUTCOMES: _l("Outcomes"),
    ImportKind.LIST: _l("Partner list"),
    ImportKind.WISHES: _l("Wishes for work"),
    ImportKind.POSTINGS: _l("Job postings"),
    ImportKind.BASELINE: _l("Counts of all graduates"),
    ImportKind.UNIVERSITIES: _l("Universities"),
}
WHAT = {
    ImportKind.STUDENTS: _l("One row a graduate of the class. Cases open by themselves."),
    ImportKind.OUTCOMES: _l("Where graduates are, with employer and date."),
    ImportKind.LIST: _l("Who is on a list of another agency is found among the graduates."),
    ImportKind.WISHES: _l("What graduates want of a job: place, pay, occupation."),
    ImportKind.POSTINGS: _l("Jobs of employers, matched with graduates."),
    ImportKind.BASELINE: _l("Graduates and placed by university and level, for comparison."),
    ImportKind.UNIVERSITIES: _l("Code, name, city and kind of the universities."),
}
_STATES = {
    ImportState.CHECKING: (_l("being checked"), "act"),
    ImportState.PREVIEWED: (_l("waits for you to look"), "due"),
    ImportState.APPLYING: (_l("being taken in"), "act"),
    ImportState.APPLIED: (_l("taken in"), "good"),
    ImportState.UNDONE: (_l("taken back"), ""),
    ImportState.REFUSED: (_l("file refused"), "late"),
    ImportState.CANCELLED: (_l("discarded"), ""),
}
OUTCOMES = {
    "created": _l("New"),
    "updated": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "rejected": _l("Wrong"),
    "matched": _l("Matched"),
    "possible": _l("Possible"),
    "not_ours": _l("Not ours"),
    "duplicate": _l("Duplicate"),
    "left": _l("Left the list"),
}
_DECISIONS = {
    MatchDecision.CONFIRMED: (_l("confirmed"), "good"),
    MatchDecision.REFUSED: (_l("not confirmed"), ""),
}
STANDING = {
    "accounts in use": _l("accounts in use"),
    "accounts": _l("accounts"),
    "actions": _l("actions"),
    "answers to postings": _l("answers to postings"),
    "default counselors": _l("default counselors"),
    "assignments that ended": _l("assignments that ended"),
    "assignments to counselors": _l("assignments to counselors"),
    "barriers": _l("barriers"),
    "baselines": _l("counts of all graduates"),
    "cases that were worked on": _l("cases that were worked on"),
    "cases": _l("cases"),
    "categories": _l("categories"),
    "changed postings": _l("changed postings"),
    "changed wishes": _l("changed wishes"),
    "changes of students": _l("changes of students"),
    "choices about notices": _l("choices about notices"),
    "consents": _l("consents"),
    "corrected outcomes": _l("corrected outcomes"),
    "decisions about matches": _l("decisions about matches"),
    "deliveries of notices": _l("deliveries of notices"),
    "disputes": _l("disputes"),
    "expectations": _l("expectations"),
    "drafts of notices": _l("drafts of notices"),
    "fairs": _l("fairs"),
    "files": _l("files"),
    "follow-ups": _l("follow-ups"),
    "goals": _l("goals"),
    "hand-overs": _l("hand-overs"),
    "imports": _l("imports"),
    "matches of lists": _l("matches of lists"),
    "notices": _l("notices"),
    "outcomes": _l("outcomes"),
    "paired helpers": _l("paired helpers"),
    "papers of evidence": _l("papers of evidence"),
    "plans put before an approver": _l("plans put before an approver"),
    "postings": _l("postings"),
    "referrals": _l("referrals"),
    "results at fairs": _l("results at fairs"),
    "requests to close": _l("requests to close"),
    "sign-ups for fairs": _l("sign-ups for fairs"),
    "snapshots": _l("frozen figures"),
    "standings": _l("standings"),
    "stands at fairs": _l("stands at fairs"),
    "students": _l("students"),
    "subsidies applied for": _l("subsidies applied for"),
    "verifications": _l("verifications"),
    "wishes": _l("wishes"),
    "words of helpers": _l("words of helpers"),
    "words to actions": _l("words to actions"),
}
"""What may stand on an import, by the names of `operations.undo`."""


def locale() -> str:
    """The page's language."""
    return str(get_locale() or "en")


def kind_word(kind: ImportKind, list_kind: ListKind | None = None) -> str:
    """What a kind of file is called; a partner list by what its agency says."""
    if list_kind is not None:
        return str(_("Partner list: %(kind)s", kind=list_kinds.name(list_kind.value, locale())))
    return str(KINDS[kind])


def state_word(state: ImportState) -> str:
    """Where an import stands."""
    return str(_STATES[state][0])


def state_tone(state: ImportState) -> str:
    """The tone that the state of an import is shown in."""
    return _STATES[state][1]


def outcome_word(outcome: str) -> str:
    """What became, or would become, of a row."""
    return str(OUTCOMES[outcome])


def decision_word(decision: MatchDecision | None) -> str:
    """What was decided about a row of a list."""
    return str(_("waits") if decision is None else _DECISIONS[decision][0])


def decision_tone(decision: MatchDecision | None) -> str:
    """The tone that a decision is shown in."""
    return "due" if decision is None else _DECISIONS[decision][1]


def standing_word(name: str) -> str:
    """What stands on an import."""
    return str(STANDING.get(name, name))


def column_word(kind: ImportKind, name: str) -> str:
    """What people call a column of a kind of file."""
    return str(_("class year")) if name == "class_year" else label(kind.value, name, locale())


def problem_word(problem: Mapping[str, Any]) -> str:
    """A stored problem or warning in the page's language."""
    values = problem.get("values", {})
    chosen = values.get(locale()) or values.get("en")
    if chosen is None:
        return str(problem.get("message", ""))
    message_id = str(problem["message_id"])
    return str(str(_(message_id)) % chosen)


def problem_words(problems: Iterable[Mapping[str, Any]]) -> list[str]:
    """The problems of a row, each once."""
    return list(dict.fromkeys(problem_word(problem) for problem in problems))


def error_word(error: Mapping[str, Any]) -> str:
    """Why a file was refused, and what its sender can do."""
    if error.get("code") == "failed":
        return str(_("Something went wrong; nothing was changed. Send the file again."))
    texts = (str(error["message"]), str(error.get("remedy") or ""))
    return sentences(*(_(text, **(error.get("values") or {})) for text in texts if text))


def reason_word(reason: str, values: Mapping[str, Any]) -> str:
    """Why a row of a list got its state."""
    if reason == "listed_before" and "row" not in values:
        return str(_("The same person stands in another row."))
    if reason == "several_namesakes" and "count" not in values:
        return str(_("Several students have this name; the list says nothing else."))
    return str(_(REASONS[reason])) % values


def match_word(state: MatchState) -> str:
    """What was found for a row of a list."""
    return outcome_word(state.value)
